//! The small parameters of a question: box, time, order, fields.

use super::*;
use crate::geom::Bounds;
use crate::layer::query::Direction;
use crate::layer::question::{bbox, crs, datetime, properties, sortby};

fn boxes(text: &str, crs: Crs) -> Vec<[f64; 4]> {
    bbox(text, crs).unwrap_or_else(|e| panic!("{text}: {e:?}")).into_iter().map(Bounds::to_array).collect()
}

#[test]
fn a_box_keeps_its_numbers_and_turns_its_axes() {
    assert_eq!(boxes("116.7,35.4,116.8,35.5", Crs::Crs84), [[116.7, 35.4, 116.8, 35.5]]);
    assert_eq!(boxes(" 116.7, 35.4, 0, 116.8, 35.5, 100 ", Crs::Crs84), [[116.7, 35.4, 116.8, 35.5]]);
    assert_eq!(boxes("35.4,116.7,35.5,116.8", Crs::Epsg4490), [[116.7, 35.4, 116.8, 35.5]]);
    assert_eq!(boxes("35.4,116.7,0,35.5,116.8,9", Crs::Epsg4326), [[116.7, 35.4, 116.8, 35.5]]);
    assert_eq!(boxes("116.7,35.4,116.7,35.4", Crs::Crs84), [[116.7, 35.4, 116.7, 35.4]]);
    assert_eq!(boxes("170,-10,-170,10", Crs::Crs84), [[170.0, -10.0, 180.0, 10.0], [-180.0, -10.0, -170.0, 10.0]]);
    assert_eq!(boxes("-10,170,10,-170", Crs::Epsg4326), [[170.0, -10.0, 180.0, 10.0], [-180.0, -10.0, -170.0, 10.0]]);
}

#[test]
fn a_projected_box_holds_what_it_held() {
    // Oracle: PROJ 9.1; the corners of the box in each system, and the same corners in degrees.
    let [[west, south, east, north]] =
        boxes("12996550.5501147,4225203.75218303,12997663.745,4226571.0", Crs::Epsg3857)[..]
    else {
        panic!("one box")
    };
    assert!((west - 116.75).abs() < 1e-9 && (south - 35.45).abs() < 1e-9, "{west} {south}");
    assert!((east - 116.76).abs() < 1e-6 && north > south, "{east} {north}");
    let [[west, south, ..]] = boxes("3924546.737,477303.581,3925000,478000", Crs::GaussKruger(4548))[..] else {
        panic!("one box")
    };
    // Meridians converge: the box in degrees is the larger one, by metres.
    assert!(west <= 116.75 && west > 116.7499 && (south - 35.45).abs() < 1e-8, "{west} {south}");
    let [world] = boxes("-30000000,-30000000,30000000,30000000", Crs::Epsg3857)[..] else { panic!("one box") };
    assert!(world[0] >= -180.0 && world[2] <= 180.0 && world[3] < 85.06, "{world:?}");
}

#[test]
fn a_wrong_box_is_refused_with_a_hint_in_its_own_axis_order() {
    for (text, crs) in [
        ("", Crs::Crs84),
        ("1,2,3", Crs::Crs84),
        ("1,2,3,4,5", Crs::Crs84),
        ("a,2,3,4", Crs::Crs84),
        ("1,2,3,NaN", Crs::Crs84),
        ("1,2,3,inf", Crs::Crs84),
        ("0,10,1,5", Crs::Crs84),
        ("0,0,9,1,1,3", Crs::Crs84),
        ("0,0,181,1", Crs::Crs84),
        ("0,-91,1,1", Crs::Crs84),
        ("116.7,35.4,116.8,35.5", Crs::Epsg4490),
        ("1,2,,4", Crs::Crs84),
        ("500000,0,400000,1", Crs::Epsg3857),
        ("1e12,1e12,2e12,2e12", Crs::GaussKruger(4548)),
        ("4000000,500000,3000000,600000", Crs::GaussKruger(4548)),
    ] {
        let fault = bbox(text, crs).expect_err(text);
        assert_eq!(fault.parameter, "bbox");
        // The hint is a box that is taken.
        let example = fault.hint.en.split("bbox=").nth(1).and_then(|e| e.split(' ').next()).expect("an example");
        assert!(bbox(example, crs).is_ok(), "{}", fault.hint.en);
    }
}

/// Rows s14 and s15 of the fixtures have one open end; all other rows have both.
#[test]
fn datetime_keeps_what_meets_it_and_what_has_no_time() {
    let (layer, mut rows) = (site(), rows());
    let (from, to) = (layer.field_index("start_on").expect("from"), layer.field_index("end_on").expect("to"));
    rows.push(Site { id: Arc::from("timeless"), values: vec![Value::Null; layer.fields.len()], geometry: None });
    let day = |v: &Value| v.as_str().map(|s| s.replace('-', "").parse::<u32>().expect("a number"));
    for (text, a, b) in [
        ("2024-03-15", Some(20240315), Some(20240315)),
        ("2024-03-15T12:00:00Z", Some(20240315), Some(20240315)),
        ("2024-03-16T01:00:00+08:00", Some(20240315), Some(20240315)),
        ("2024-03-10/2024-03-12", Some(20240310), Some(20240312)),
        ("2024-03-15T00:00:00Z/2024-03-15", Some(20240315), Some(20240315)),
        ("2024-04-01/..", Some(20240401), None),
        ("2024-04-01/", Some(20240401), None),
        ("../2024-02-20", None, Some(20240220)),
        ("/2024-02-20", None, Some(20240220)),
    ] {
        let filter = datetime(text, &layer, &|_| true).unwrap_or_else(|e| panic!("{text}: {e:?}")).expect("a filter");
        let expected: Vec<String> = rows
            .iter()
            .filter(|r| {
                let starts = day(&r.values[from]).unwrap_or(0) <= b.unwrap_or(u32::MAX);
                starts && day(&r.values[to]).unwrap_or(u32::MAX) >= a.unwrap_or(0)
            })
            .map(|r| r.id.to_string())
            .collect();
        assert!(expected.contains(&"timeless".to_string()));
        assert_eq!(found(&filter, &rows), expected, "{text}");
    }
    for text in [
        "",
        "..",
        "../..",
        "/",
        "yesterday",
        "2024",
        "2024-13-01",
        "2024-03-02/2024-03-01",
        "a/b",
        "2024-01-01/2024-01-02/2024-01-03",
        "2024-03-15T12:00:00Z/2024-03-15T11:00:00Z",
    ] {
        assert_eq!(datetime(text, &layer, &|_| true).expect_err(text).parameter, "datetime");
    }
    assert_eq!(datetime("2024-03-15", &layer, &|f| f != from), Ok(None), "a hidden time is no time");
    let bare = Layer { times: None, ..layer };
    assert_eq!(datetime("2024-03-15", &bare, &|_| true), Ok(None));
}

#[test]
fn order_and_fields_are_named_or_refused() {
    let layer = site();
    let at = |name: &str| layer.field_index(name).expect("a field");
    let all = |_: usize| true;
    assert_eq!(
        sortby("-floors,+name, kind", &layer, &all),
        Ok(vec![(at("floors"), Direction::Down), (at("name"), Direction::Up), (at("kind"), Direction::Up)])
    );
    assert_eq!(properties("name,id,floors,geometry", &layer, &all), Ok(vec![at("name"), at("floors")]));
    let hidden = |f: usize| f != at("phone");
    for text in ["", "nothing", "-nothing", "phone", "name,", "tags", "name,-name", "--name"] {
        let fault = sortby(text, &layer, &hidden).expect_err(text);
        assert_eq!(fault.parameter, "sortby");
        assert!(!fault.hint.en.contains("phone"));
    }
    for text in ["nothing", "phone", "name,phone"] {
        let fault = properties(text, &layer, &hidden).expect_err(text);
        assert_eq!(fault.parameter, "properties");
        assert!(!fault.hint.en.contains("phone"));
    }
}

#[test]
fn a_crs_is_one_of_those_served() {
    assert_eq!(crs("crs", "http://www.opengis.net/def/crs/EPSG/0/4548"), Ok(Crs::GaussKruger(4548)));
    for text in ["", "EPSG:4547", "gcj02", "EPSG:4498", "x".repeat(500).as_str()] {
        let fault = crs("bbox-crs", text).expect_err(text);
        assert_eq!(fault.parameter, "bbox-crs");
        assert!(fault.what.en.len() < 200 && fault.hint.en.contains("4490"));
    }
}
