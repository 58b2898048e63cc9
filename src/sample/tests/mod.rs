//! The sample held against the layer files and, by slow and obvious ways, against its own truth.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::OnceLock;

use geo_types::{Coord, LineString, Point, Polygon};
use serde_json::Value as Json;

use super::seeds::catalogue;
use super::*;
use crate::geom::{Crs, Geometry, WorkCrs, validity};
use crate::layer::Value;

mod greening;
mod ground;
mod networks;

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
fn the_sample_in_geodata_is_what_the_program_makes() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("geodata/huangtun");
    for entry in std::fs::read_dir(made().folder.path()).unwrap() {
        let (path, name) = entry.map(|e| (e.path(), e.file_name())).unwrap();
        let same = std::fs::read(&path).unwrap() == std::fs::read(kept.join(&name)).unwrap();
        assert!(same, "{name:?} differs; run: townseat sample --scale 1 --seed 1 --to geodata/huangtun");
    }
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
