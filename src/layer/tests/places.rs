//! Spatial predicates against GEOS, and geometries of a filter in other systems and axis orders.

use geo_types::Point;

use super::*;
use crate::geom::Bounds;
use crate::layer::evaluate::relates;
use crate::layer::filter::{Place, SpatialOp};

#[derive(serde::Deserialize)]
struct Pair {
    a: geojson::Geometry,
    b: geojson::Geometry,
    holds: String,
}

#[test]
fn spatial_predicates_agree_with_geos() {
    use SpatialOp::*;
    let pairs: Vec<Pair> =
        serde_json::from_str(include_str!("../../../tests/fixtures/cql2/pairs.json")).expect("pairs");
    assert!(pairs.len() >= 200);
    for (n, pair) in pairs.into_iter().enumerate() {
        let a: Geometry = pair.a.clone().try_into().expect("a geometry");
        let b: Geometry = pair.b.clone().try_into().expect("a geometry");
        for (op, bit) in [Intersects, Disjoint, Equals, Touches, Within, Overlaps, Crosses, Contains]
            .into_iter()
            .zip(pair.holds.chars())
        {
            assert_eq!(relates(op, &a, &b), bit == '1', "pair {n}, {op:?}: {} {}", pair.a, pair.b);
        }
    }
}

fn given(text: &str, crs: Crs) -> Geometry {
    match cql2::parse_text(text, &site(), crs, &|_| true).unwrap_or_else(|e| panic!("{text}: {e:?}")) {
        Filter::Spatial { right: Place::Given(g), .. } => g.geometry.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_place_is_read_in_the_axis_order_of_its_system() {
    // Oracle: PROJ 9.1, 116.75 E 35.45 N is E 477303.581 N 3924546.737 in EPSG:4548.
    for (crs, place, within) in [
        (Crs::Crs84, "116.75 35.45", 0.0),
        (Crs::Epsg4326, "35.45 116.75", 0.0),
        (Crs::Epsg4490, "35.45 116.75", 0.0),
        (Crs::GaussKruger(4548), "3924546.737 477303.581", 1e-8),
        (Crs::GaussKruger(4527), "3924546.737 39477303.581", 1e-8),
        (Crs::Epsg3857, "12996550.5501147 4225203.75218303", 1e-9),
    ] {
        let Geometry::Point(Point(c)) = given(&format!("S_WITHIN(geometry, POINT({place}))"), crs) else {
            panic!("a point")
        };
        assert!((c.x - 116.75).abs() <= within && (c.y - 35.45).abs() <= within, "{crs}: {c:?}");
        let (a, b) = place.split_once(' ').expect("two numbers");
        let json = format!(
            r#"{{"op":"s_within","args":[{{"property":"geometry"}},{{"type":"Point","coordinates":[{a},{b}]}}]}}"#
        );
        let text = cql2::parse_text(&format!("S_WITHIN(geometry, POINT({place}))"), &site(), crs, &|_| true);
        assert_eq!(cql2::parse_json(&json, &site(), crs, &|_| true), text, "{crs}");
    }
}

#[test]
fn a_box_is_read_in_the_axis_order_of_its_system() {
    let bounds = |text: &str, crs| Bounds::of(&given(text, crs)).to_array();
    assert_eq!(bounds("S_WITHIN(geometry, BBOX(116,35,117,36))", Crs::Crs84), [116.0, 35.0, 117.0, 36.0]);
    assert_eq!(bounds("S_WITHIN(geometry, BBOX(35,116,36,117))", Crs::Epsg4490), [116.0, 35.0, 117.0, 36.0]);
    let b = bounds("S_WITHIN(geometry, BBOX(3924546.737,477303.581,3925546.737,478303.581))", Crs::GaussKruger(4548));
    assert!((b[0] - 116.75).abs() < 1e-4 && (b[1] - 35.45).abs() < 1e-4, "{b:?}");
    assert!(b[2] > b[0] + 0.010 && b[3] > b[1] + 0.008, "{b:?}");
}

#[test]
fn a_box_across_the_antimeridian_holds_both_sides_and_not_the_middle() {
    let filter = read("S_INTERSECTS(geometry, BBOX(170,-10,-170,10))").expect("a filter");
    for (lon, inside) in [(175.0, true), (-175.0, true), (180.0, true), (-180.0, true), (0.0, false), (160.0, false)] {
        let row = Site { id: Arc::from("p"), values: vec![], geometry: Some(Point::new(lon, 0.0).into()) };
        assert_eq!(holds(&filter, &row), Some(inside), "{lon}");
    }
}

#[test]
fn a_place_out_of_its_systems_range_names_the_system() {
    let layer = site();
    for (text, crs) in [
        ("S_WITHIN(geometry, POINT(116 35))", Crs::Epsg4326),
        ("S_WITHIN(geometry, POINT(477303 3924546))", Crs::Crs84),
        ("S_WITHIN(geometry, BBOX(35,200,36,300))", Crs::Epsg4490),
        ("S_WITHIN(geometry, POINT(1e300 1e300))", Crs::GaussKruger(4548)),
        ("S_WITHIN(geometry, BBOX(1e12,1e12,1e13,1e13))", Crs::GaussKruger(4548)),
    ] {
        let fault = cql2::parse_text(text, &layer, crs, &|_| true).expect_err(text);
        assert!(fault.what.en.contains(&crs.to_string()), "{text}: {fault:?}");
    }
}
