//! Zones, buildings and windows: what must cover, and what must not overlap.

use geo::{Area, BooleanOps};
use geo_types::{LineString, Polygon};

use super::{Json, SampleError, catalogue, faults, layer, make, metres, text};

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
