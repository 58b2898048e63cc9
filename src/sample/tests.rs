//! The sample held against the layer files and, by slow and obvious ways, against its own truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use geo::{Area, BooleanOps};
use geo_types::{Coord, LineString, Point, Polygon};
use serde_json::Value as Json;

use super::seeds::catalogue;
use super::*;
use crate::geom::{Crs, Geometry, WorkCrs, validity};
use crate::layer::Value;

/// A sample of scale 1, made once for all tests.
struct Town {
    folder: tempfile::TempDir,
    written: super::Made,
    layers: BTreeMap<String, Vec<Json>>,
    truth: Json,
}

fn made() -> &'static Town {
    static MADE: OnceLock<Town> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let written = make(1, 1, folder.path(), &catalogue()).unwrap();
        let read = |name: &str| -> Json {
            serde_json::from_str(&std::fs::read_to_string(folder.path().join(name)).unwrap()).unwrap()
        };
        let layers = written.layers.iter().map(|(layer, _)| {
            let file = read(&format!("{layer}.geojson"));
            assert_eq!(file["type"], "FeatureCollection");
            assert_eq!(file["note"], "示例数据(非真实)");
            assert!(file["title"].as_str().unwrap().contains("示例数据(非真实)"));
            ((*layer).to_string(), file["features"].as_array().unwrap().clone())
        });
        let layers = layers.collect();
        let truth = read("truth.json");
        Town { folder, written, layers, truth }
    })
}

fn layer(id: &str) -> &'static [Json] {
    &made().layers[id]
}

fn faults(kind: &str) -> &'static [Json] {
    made().truth["faults"][kind].as_array().unwrap()
}

/// The work CRS of the town whose seeds are shipped.
const WORK: WorkCrs = WorkCrs(Crs::GaussKruger(4548));

/// A feature's places in metres; of a polygon its outer ring.
fn metres(feature: &Json) -> Vec<[f64; 2]> {
    let g = &feature["geometry"];
    let c = &g["coordinates"];
    let one = |p: &Json| {
        let (x, y) = WORK.project(p[0].as_f64().unwrap(), p[1].as_f64().unwrap());
        [x, y]
    };
    match g["type"].as_str().unwrap() {
        "Point" => vec![one(c)],
        "LineString" => c.as_array().unwrap().iter().map(one).collect(),
        _ => c[0].as_array().unwrap().iter().map(one).collect(),
    }
}

fn geometry(feature: &Json) -> Option<Geometry> {
    let g = &feature["geometry"];
    if g.is_null() {
        return None;
    }
    let coord = |p: &Json| Coord { x: p[0].as_f64().unwrap(), y: p[1].as_f64().unwrap() };
    let line = |l: &Json| LineString(l.as_array().unwrap().iter().map(coord).collect());
    let c = &g["coordinates"];
    Some(match g["type"].as_str().unwrap() {
        "Point" => Point(coord(c)).into(),
        "LineString" => line(c).into(),
        "Polygon" => {
            let ring = line(&c[0]);
            assert_eq!(ring.0.first(), ring.0.last(), "an open ring in {}", feature["id"]);
            Polygon::new(ring, vec![]).into()
        }
        other => panic!("{other}"),
    })
}

fn text<'a>(feature: &'a Json, field: &str) -> &'a str {
    feature["properties"][field].as_str().unwrap_or_default()
}

fn number(feature: &Json, field: &str) -> f64 {
    feature["properties"][field].as_f64().unwrap()
}

#[test]
#[ignore = "writes a sample where SAMPLE_DIR says, to look at"]
fn a_sample_to_look_at() {
    let dir = std::env::var("SAMPLE_DIR").unwrap();
    let scale = std::env::var("SAMPLE_SCALE").map_or(1, |s| s.parse().unwrap());
    make(scale, 1, Path::new(&dir), &catalogue()).unwrap();
}

#[test]
fn every_feature_fits_its_layer_file() {
    let catalogue = catalogue();
    let town = catalogue.town.bounds();
    assert_eq!(catalogue.town.work(), WORK);
    for layer in catalogue.layers() {
        let features = &made().layers[&layer.id];
        assert!(!features.is_empty(), "{} is empty", layer.id);
        let mut ids = BTreeSet::new();
        for f in features {
            let at = format!("{} {}", layer.id, f["id"]);
            assert!(ids.insert(f["id"].as_str().unwrap()), "{at} stands twice");
            let g = geometry(f);
            assert!(layer.takes(g.as_ref()), "{at}: geometry");
            if let Some(g) = &g {
                assert_eq!(validity::faults(g, WORK, &town), vec![], "{at}");
            }
            let words = f["properties"].as_object().unwrap();
            for (name, json) in words {
                let field = layer.field(name).unwrap_or_else(|| panic!("{at}: no field {name}"));
                let value = Value::from_json(json, field).unwrap_or_else(|e| panic!("{at}.{name}: {e}"));
                assert!(!value.is_null() && !field.is_unlisted(&value), "{at}.{name}: {json}");
            }
            for field in layer.fields.iter().filter(|f| f.required) {
                assert!(words.contains_key(&field.id), "{at}: {} is required", field.id);
            }
        }
    }
}

#[test]
fn scale_one_is_about_twenty_thousand_features_under_eight_megabytes() {
    let all = made().written.features;
    assert!((18_000..24_000).contains(&all), "{all}");
    let size: u64 =
        std::fs::read_dir(made().folder.path()).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum();
    assert!(size < 8_000_000, "{size}");
    for (layer, count) in &made().written.layers {
        assert_eq!(made().layers[*layer].len() as u64, *count, "{layer}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_one_others() {
    let read = |seed: u64| {
        let folder = tempfile::tempdir().unwrap();
        make(1, seed, folder.path(), &catalogue()).unwrap();
        let mut files: Vec<PathBuf> = std::fs::read_dir(folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        files.iter().map(|f| std::fs::read(f).unwrap()).collect::<Vec<_>>()
    };
    let first: Vec<Vec<u8>> = {
        let mut files: Vec<PathBuf> =
            std::fs::read_dir(made().folder.path()).unwrap().map(|e| e.unwrap().path()).collect();
        files.sort();
        files.iter().map(|f| std::fs::read(f).unwrap()).collect()
    };
    assert_eq!(first.len(), 25);
    assert!(first == read(1));
    assert!(first != read(2));
}

#[test]
fn references_lead_somewhere_but_for_the_node_that_was_left_out() {
    let catalogue = catalogue();
    let mut lost = BTreeSet::new();
    for layer in catalogue.layers() {
        for field in layer.fields.iter() {
            let Some((to, at)) = field.refers.as_deref().and_then(|r| r.split_once('.')) else { continue };
            let known: BTreeSet<&str> = made().layers[to]
                .iter()
                .filter_map(|f| if at == "id" { f["id"].as_str() } else { f["properties"][at].as_str() })
                .collect();
            for f in &made().layers[&layer.id] {
                if let Some(v) = f["properties"][&field.id].as_str()
                    && !known.contains(v)
                {
                    lost.insert((v.to_string(), f["id"].as_str().unwrap().to_string()));
                }
            }
        }
    }
    let gone = &faults("missing_node")[0];
    let wanted: BTreeSet<(String, String)> = gone["pipes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (gone["node_no"].as_str().unwrap().to_string(), p.as_str().unwrap().to_string()))
        .collect();
    assert_eq!(lost, wanted);
}

/// Measure along a line and signed offset (left positive) of a place, by looking at every segment.
fn project(line: &[[f64; 2]], p: [f64; 2]) -> (f64, f64) {
    let (mut best, mut along) = ((0.0, f64::INFINITY), 0.0);
    for w in line.windows(2) {
        let (dx, dy) = (w[1][0] - w[0][0], w[1][1] - w[0][1]);
        let l = dx.hypot(dy);
        let t = (((p[0] - w[0][0]) * dx + (p[1] - w[0][1]) * dy) / (l * l)).clamp(0.0, 1.0);
        let (fx, fy) = (w[0][0] + t * dx - p[0], w[0][1] + t * dy - p[1]);
        let side = (dx * (p[1] - w[0][1]) - dy * (p[0] - w[0][0])).signum();
        if fx.hypot(fy) < f64::abs(best.1) {
            best = (along + t * l, side * fx.hypot(fy));
        }
        along += l;
    }
    best
}

/// A belt with its axis in metres, and the stretches between its breaks.
type Axis = (&'static Json, Vec<[f64; 2]>, Vec<(f64, f64)>);

fn belts() -> Vec<Axis> {
    let breaks: Vec<(Vec<[f64; 2]>, f64)> =
        layer("belt_break").iter().map(|b| (metres(b), b["properties"]["reach_m"].as_f64().unwrap_or(0.0))).collect();
    let belts = layer("green_belt").iter().map(|b| {
        let axis = metres(b);
        let length: f64 = axis.windows(2).map(|w| (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1])).sum();
        let mut cuts: Vec<(f64, f64)> = Vec::new();
        for (places, reach) in &breaks {
            let feet: Vec<(f64, f64)> = places.iter().map(|p| project(&axis, *p)).collect();
            // a break lies on the axis it breaks
            if feet.iter().all(|f| f.1.abs() > if places.len() == 1 { 0.3 } else { 1.6 }) {
                continue;
            }
            let low = feet.iter().map(|f| f.0).fold(f64::INFINITY, f64::min);
            let high = feet.iter().map(|f| f.0).fold(f64::NEG_INFINITY, f64::max);
            cuts.push((low - reach, high + reach));
        }
        cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut free, mut at) = (Vec::new(), 0.0f64);
        for (a, z) in cuts {
            if a > at {
                free.push((at, a));
            }
            at = at.max(z);
        }
        if length > at {
            free.push((at, length));
        }
        (b, axis, free)
    });
    belts.collect()
}

#[test]
fn plants_are_missing_where_the_truth_says_and_nowhere_else() {
    let plants: Vec<[f64; 2]> =
        layer("plant").iter().filter(|p| text(p, "state") == "alive").map(|p| metres(p)[0]).collect();
    let mut found: Vec<(String, i64, f64, f64, i64)> = Vec::new();
    let mut bare: BTreeSet<(String, i64)> = BTreeSet::new();
    for (belt, axis, free) in belts().into_iter().filter(|b| text(b.0, "model") == "row") {
        let id = belt["id"].as_str().unwrap().to_string();
        let (spacing, rows) = (number(belt, "spacing_m"), number(belt, "rows") as i64);
        let near: Vec<(f64, f64)> = plants.iter().map(|p| project(&axis, *p)).filter(|f| f.1.abs() < 2.0).collect();
        for row in 1..=rows {
            let mine = |off: f64| rows == 1 || (off > 0.0) == (row == 1);
            let mut at: Vec<f64> = near.iter().filter(|f| mine(f.1)).map(|f| f.0).collect();
            at.sort_by(f64::total_cmp);
            if at.is_empty() {
                bare.insert((id.clone(), row));
                continue;
            }
            for (a, z) in &free {
                let inside: Vec<f64> = at.iter().copied().filter(|m| m > a && m < z).collect();
                let ends = [(Some(*a), inside.first().copied()), (inside.last().copied(), Some(*z))];
                for (x, y) in ends {
                    let (Some(x), Some(y)) = (x, y) else { continue };
                    assert!(y - x < 1.5 * spacing, "{id}: {x}–{y} is bare at an end");
                }
                assert!(!inside.is_empty() || z - a < 1.5 * spacing, "{id}: nothing stands in {a}–{z}");
                for w in inside.windows(2) {
                    assert!(w[1] - w[0] > 0.3 * spacing, "{id}: doubled at {}", w[0]);
                    if w[1] - w[0] >= 1.5 * spacing {
                        found.push((id.clone(), row, w[0], w[1], ((w[1] - w[0]) / spacing).round() as i64 - 1));
                    }
                }
            }
        }
    }
    let told: Vec<(String, i64, f64, f64, i64)> = faults("missing_plants")
        .iter()
        .map(|f| {
            let n = |k: &str| f[k].as_f64().unwrap();
            let belt = f["belt"].as_str().unwrap().to_string();
            (belt, n("row") as i64, n("from_m"), n("to_m"), n("plants") as i64)
        })
        .collect();
    assert_eq!(found.len(), told.len());
    for f in &found {
        let same = |t: &&(String, i64, f64, f64, i64)| {
            t.0 == f.0 && t.1 == f.1 && (t.2 - f.2).abs() < 0.05 && (t.3 - f.3).abs() < 0.05 && t.4 == f.4
        };
        assert_eq!(told.iter().filter(same).count(), 1, "{f:?}");
    }
    let told: BTreeSet<(String, i64)> = faults("missing_row")
        .iter()
        .map(|f| (f["belt"].as_str().unwrap().to_string(), f["row"].as_i64().unwrap()))
        .collect();
    assert_eq!(bare, told);
    let total: i64 = found.iter().map(|f| f.4).sum();
    assert_eq!(total as f64, made().truth["figures"]["missing_plants"].as_f64().unwrap());
}

#[test]
fn cover_is_bare_where_the_truth_says_and_nowhere_else() {
    let pieces: Vec<Vec<[f64; 2]>> = layer("planted_piece").iter().map(metres).collect();
    let mut found: Vec<(String, f64, f64)> = Vec::new();
    for (belt, axis, free) in belts().into_iter().filter(|b| text(b.0, "model") == "cover") {
        let mut covered: Vec<(f64, f64)> = Vec::new();
        for ring in &pieces {
            let feet: Vec<(f64, f64)> = ring.iter().map(|p| project(&axis, *p)).collect();
            if feet.iter().all(|f| f.1.abs() < 0.7) {
                let ends = feet.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |e, f| (e.0.min(f.0), e.1.max(f.0)));
                covered.push(ends);
            }
        }
        covered.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (a, z) in free {
            let mut at = a;
            for (x, y) in covered.iter().copied().chain([(z, z)]) {
                if x.min(z) - at >= number(belt, "min_gap_m") {
                    found.push((belt["id"].as_str().unwrap().into(), at, x.min(z)));
                }
                at = at.max(y.min(z));
            }
        }
    }
    let told = faults("uncovered");
    assert_eq!(found.len(), told.len(), "{found:?}");
    for (belt, from, to) in &found {
        let same = |t: &&Json| {
            t["belt"] == belt.as_str()
                && (t["from_m"].as_f64().unwrap() - from).abs() < 0.08
                && (t["to_m"].as_f64().unwrap() - to).abs() < 0.08
        };
        assert_eq!(told.iter().filter(same).count(), 1, "{belt} {from}–{to}");
    }
}

fn polygon(feature: &Json) -> Polygon<f64> {
    Polygon::new(LineString::from(metres(feature)), vec![])
}

#[test]
fn zones_cover_all_public_areas_once_but_for_the_planted_faults() {
    let areas: Vec<Polygon<f64>> = layer("public_area").iter().map(polygon).collect();
    let all = geo::unary_union(&areas);
    for level in ["路长", "街长"] {
        let zones: Vec<Polygon<f64>> =
            layer("road_chief_zone").iter().filter(|z| text(z, "level") == level).map(polygon).collect();
        let uncovered = all.difference(&geo::unary_union(&zones)).unsigned_area();
        let mut doubled = 0.0;
        for (i, a) in zones.iter().enumerate() {
            for b in &zones[i + 1..] {
                doubled += a.intersection(b).intersection(&all).unsigned_area();
            }
        }
        let told = |kind: &str| -> f64 {
            faults(kind).iter().filter(|f| f["level"] == level).map(|f| f["area_m2"].as_f64().unwrap()).sum()
        };
        assert!(told("zone_uncovered") > 50.0 && told("zone_doubled") > 50.0, "{level}");
        assert!((uncovered - told("zone_uncovered")).abs() < 2.0, "{level}: {uncovered}");
        assert!((doubled - told("zone_doubled")).abs() < 2.0, "{level}: {doubled}");
    }
}

#[test]
fn no_building_stands_on_a_street_in_the_river_or_on_another() {
    let houses: Vec<Polygon<f64>> = layer("building").iter().map(polygon).collect();
    let index: rstar::RTree<rstar::primitives::GeomWithData<rstar::primitives::Rectangle<[f64; 2]>, usize>> =
        rstar::RTree::bulk_load(
            houses.iter().enumerate().map(|(i, h)| rstar::primitives::GeomWithData::new(frame(h), i)).collect(),
        );
    let overlap = |p: &Polygon<f64>, not: Option<usize>| {
        let r = frame(p);
        index
            .locate_in_envelope_intersecting(rstar::AABB::from_corners(r.lower(), r.upper()))
            .filter(|h| Some(h.data) != not)
            .map(|h| (h.data, houses[h.data].intersection(p).unsigned_area()))
            .find(|x| x.1 > 0.5)
    };
    for (i, h) in houses.iter().enumerate() {
        assert_eq!(overlap(h, Some(i)), None, "building {}", layer("building")[i]["id"]);
    }
    for a in layer("public_area").iter().filter(|a| matches!(text(a, "kind"), "road" | "water" | "square")) {
        assert_eq!(overlap(&polygon(a), None), None, "public_area {}", a["id"]);
    }
}

fn frame(p: &Polygon<f64>) -> rstar::primitives::Rectangle<[f64; 2]> {
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for c in p.exterior() {
        low = [low[0].min(c.x), low[1].min(c.y)];
        high = [high[0].max(c.x), high[1].max(c.y)];
    }
    rstar::primitives::Rectangle::from_corners(low, high)
}

#[test]
fn pipes_have_the_planted_faults_and_no_others() {
    let nodes = layer("pipe_node");
    let mut by_number: BTreeMap<&str, Vec<&Json>> = BTreeMap::new();
    nodes.iter().for_each(|n| by_number.entry(text(n, "node_no")).or_default().push(n));
    let twins: Vec<&str> = by_number.iter().filter(|n| n.1.len() > 1).map(|n| *n.0).collect();
    assert_eq!(twins, vec![faults("duplicate_node_no")[0]["node_no"].as_str().unwrap()]);

    let kind_of = |no: &str| by_number.get(no).map(|n| text(n[0], "pipe_kind"));
    let (mut mixed, mut rising, mut used) = (Vec::new(), Vec::new(), BTreeSet::new());
    for p in layer("pipe") {
        let (kind, id) = (text(p, "kind"), p["id"].as_str().unwrap());
        let ends = [("from_node", "start"), ("to_node", "end")];
        for (end, word) in ends {
            let no = text(p, end);
            used.insert(no);
            if kind_of(no).is_some_and(|k| k != kind) {
                mixed.push(id);
            }
            // ground = depth + level, as the node has it
            if let Some([node]) = by_number.get(no).map(|n| &n[..]) {
                let sum = number(p, &format!("{word}_depth_m")) + number(p, &format!("{word}_level_m"));
                assert!((sum - number(node, "ground_level_m")).abs() < 0.0015, "{id} {end}");
                let places = metres(p);
                let place = if word == "start" { places[0] } else { places[places.len() - 1] };
                let at = metres(node)[0];
                assert!((place[0] - at[0]).hypot(place[1] - at[1]) < 0.01, "{id} does not reach {no}");
            }
        }
        assert_ne!(text(p, "from_node"), text(p, "to_node"), "{id}");
        if matches!(kind, "WS" | "YS") {
            let fall = number(p, "start_level_m") - number(p, "end_level_m");
            if fall * if text(p, "flow") == "+" { 1.0 } else { -1.0 } < 0.0 {
                rising.push(id);
            }
        }
        for depth in ["start_depth_m", "end_depth_m"] {
            assert!((0.6..9.0).contains(&number(p, depth)), "{id}: {depth} {}", number(p, depth));
        }
    }
    assert_eq!(mixed, vec![faults("mixed_joint")[0]["pipe"].as_str().unwrap()]);
    assert_eq!(rising, vec![faults("reversed_slope")[0]["pipe"].as_str().unwrap()]);
    let lonely: Vec<&str> = by_number.keys().copied().filter(|n| !used.contains(n)).collect();
    assert_eq!(lonely, Vec::<&str>::new());
    assert!(
        ["JS", "WS", "YS", "RQ", "RL", "DL", "TX"].iter().all(|k| layer("pipe").iter().any(|p| text(p, "kind") == *k))
    );
}

#[test]
fn supplied_networks_hang_together_but_for_the_part_cut_off() {
    for kind in ["JS", "RQ", "RL", "DL", "TX"] {
        let runs: Vec<(&str, &str)> = layer("pipe")
            .iter()
            .filter(|p| text(p, "kind") == kind)
            .map(|p| (text(p, "from_node"), text(p, "to_node")))
            .collect();
        let source =
            layer("pipe_node").iter().find(|n| text(n, "pipe_kind") == kind && text(n, "role") == "source").unwrap();
        let mut reached: BTreeSet<&str> = BTreeSet::from([text(source, "node_no")]);
        // as often as a network has nodes at most: each round reaches at least one more
        loop {
            let before = reached.len();
            for (a, b) in &runs {
                if reached.contains(a) || reached.contains(b) {
                    reached.extend([a, b]);
                }
            }
            if reached.len() == before {
                break;
            }
        }
        let apart: BTreeSet<&str> = runs.iter().flat_map(|r| [r.0, r.1]).filter(|n| !reached.contains(n)).collect();
        let told: BTreeSet<&str> = faults("disconnected")
            .iter()
            .filter(|f| f["kind"] == kind)
            .flat_map(|f| f["node_nos"].as_array().unwrap().iter().filter_map(|n| n.as_str()))
            .collect();
        assert_eq!(apart, told, "{kind}");
    }
}

#[test]
fn what_is_late_and_what_is_missing_is_told() {
    let as_of = made().truth["as_of"].as_str().unwrap();
    let ids =
        |kind: &str, key: &str| -> BTreeSet<&str> { faults(kind).iter().map(|f| f[key].as_str().unwrap()).collect() };
    let late: BTreeSet<&str> = layer("incident")
        .iter()
        .filter(|i| matches!(text(i, "state"), "assigned" | "mending" | "checked") && text(i, "due_on") < as_of)
        .map(|i| i["id"].as_str().unwrap())
        .collect();
    assert_eq!(late, ids("overdue_incident", "incident"));
    let late: BTreeSet<&str> = layer("facade_block")
        .iter()
        .filter(|f| !matches!(text(f, "state"), "done" | "accepted") && text(f, "planned_end") < as_of)
        .map(|f| f["id"].as_str().unwrap())
        .collect();
    assert_eq!(late, ids("overdue_facade", "facade_block"));
    let stands: BTreeSet<&str> = layer("facility")
        .iter()
        .filter(|f| matches!(text(f, "state"), "existing" | "built"))
        .map(|f| text(f, "kind"))
        .collect();
    let missing: BTreeSet<String> = (1..=10).map(|k| k.to_string()).filter(|k| !stands.contains(k.as_str())).collect();
    let told = ids("missing_facility_kind", "kind");
    assert_eq!(missing.iter().map(String::as_str).collect::<BTreeSet<_>>(), told);
}

#[test]
fn districts_meet_without_gap_or_overlap() {
    let folder = tempfile::tempdir().unwrap();
    let written = make(3, 5, folder.path(), &catalogue()).unwrap();
    assert!((50_000..75_000).contains(&written.features), "{}", written.features);
    let file = std::fs::read_to_string(folder.path().join("boundary.geojson")).unwrap();
    let file: Json = serde_json::from_str(&file).unwrap();
    let windows: Vec<Polygon<f64>> =
        file["features"].as_array().unwrap().iter().filter(|f| text(f, "kind") == "plan").map(polygon).collect();
    assert_eq!(windows.len(), 3);
    let sum: f64 = windows.iter().map(|w| w.unsigned_area()).sum();
    let union = geo::unary_union(&windows);
    assert_eq!(union.0.len(), 1, "the windows lie apart");
    assert!((sum - union.unsigned_area()).abs() < 5.0, "{sum} {}", union.unsigned_area());
    assert!(matches!(make(0, 1, folder.path(), &catalogue()), Err(SampleError::Scale(0))));
}
