//! What the reader finds in files, good and bad. Expected values are counted by hand or found by a
//! whole-file parse with serde_json.

use std::io::{self, Read};

use geo_types::line_string;
use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::read::Reader;
use crate::formats::{FeatureReader, RawFeature, ReadFault, ReadProblem};
use crate::geom::Crs;

/// A stream that gives its bytes in pieces of the given sizes, over and over.
struct Pieces<'a> {
    bytes: &'a [u8],
    sizes: &'a [usize],
    turn: usize,
}

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let size = self.sizes[self.turn % self.sizes.len()].clamp(1, buffer.len()).min(self.bytes.len());
        self.turn += 1;
        buffer[..size].copy_from_slice(&self.bytes[..size]);
        self.bytes = &self.bytes[size..];
        Ok(size)
    }
}

type Found = Vec<Result<RawFeature, ReadFault>>;

fn read_in(bytes: &[u8], sizes: &[usize]) -> Found {
    let mut reader = Reader::new(Pieces { bytes, sizes, turn: 0 });
    std::iter::from_fn(|| reader.next()).collect()
}

fn read(text: impl AsRef<[u8]>) -> Found {
    read_in(text.as_ref(), &[usize::MAX])
}

/// The one fault of a file: line, row and problem.
fn fault(text: impl AsRef<[u8]>) -> (Option<u64>, Option<u64>, ReadProblem) {
    let mut faults: Vec<ReadFault> = read(text).into_iter().filter_map(Result::err).collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    let fault = faults.remove(0);
    (fault.line, fault.row, fault.problem)
}

fn rule(text: impl AsRef<[u8]>) -> (Option<u64>, Option<u64>, &'static str) {
    let (line, row, problem) = fault(text);
    (line, row, problem.rule())
}

fn point(id: u64) -> String {
    format!(
        r#"{{"type":"Feature","id":{id},"geometry":{{"type":"Point","coordinates":[116.7,35.4]}},"properties":{{"n":{id}}}}}"#
    )
}

/// Rules of the problems of the only feature.
fn problems(feature: &str) -> Vec<&'static str> {
    let found = read(feature);
    assert_eq!(found.len(), 1, "{found:?}");
    found[0].as_ref().unwrap().problems.iter().map(ReadProblem::rule).collect()
}

fn with_geometry(geometry: &str) -> String {
    format!(r#"{{"type":"Feature","geometry":{geometry},"properties":null}}"#)
}

#[test]
fn the_same_features_are_found_in_every_kind_of_file() {
    let [a, b] = [point(1), point(2)];
    let kinds = [
        format!(r#"{{"type":"FeatureCollection","features":[{a},{b}]}}"#),
        format!(r#"{{"features" : [ {a} , {b} ] , "name":"]}}","type":"FeatureCollection"}}"#),
        format!(r#"{{"f":{{"features":[]}},"\u0066eatures":[{a},{b}],"type":"FeatureCollection"}}"#),
        format!("\u{feff}{a}\n{b}\n"),
        format!("\u{1e}{a}\n\u{1e}{b}\n"),
        format!("{a}{b}"),
        format!("{a}\r\n\r\n{b}"),
    ];
    for kind in kinds {
        let found: Vec<RawFeature> = read(&kind).into_iter().map(|f| f.expect(&kind)).collect();
        let ids: Vec<_> = found.iter().map(|f| (f.row, f.id.as_deref())).collect();
        assert_eq!(ids, [(1, Some("1")), (2, Some("2"))], "{kind}");
        assert!(found.iter().all(|f| f.problems.is_empty() && f.geometry.is_some()));
        assert_eq!(found[1].properties, [("n".to_string(), json!(2))]);
    }
}

#[test]
fn a_bare_geometry_is_a_feature_without_id_and_properties() {
    let found = read(r#"{"type":"Point","coordinates":[116.7,35.4]}"#);
    let feature = found[0].as_ref().unwrap();
    assert_eq!((feature.id.as_deref(), feature.properties.len(), feature.row), (None, 0, 1));
    assert_eq!(feature.geometry, Some(geo_types::point!(x: 116.7, y: 35.4).into()));
}

#[test]
fn a_feature_knows_the_line_it_begins_in() {
    let text = format!("{{\n\"type\":\"FeatureCollection\",\n\"features\":[\n{},\n\n{}\n]}}", point(1), point(2));
    let lines: Vec<u64> = read(text).into_iter().map(|f| f.unwrap().line).collect();
    assert_eq!(lines, [4, 6]);
}

#[test]
fn an_id_may_be_text_or_number_and_null_is_none() {
    let id = |id: &str| {
        let found = read(format!(r#"{{"type":"Feature","id":{id},"geometry":null,"properties":{{}}}}"#));
        let feature = found.into_iter().next().unwrap().unwrap();
        (feature.id, feature.problems.first().map(ReadProblem::rule))
    };
    let good = |s: &str| (Some(s.to_string()), None);
    assert_eq!(id("7"), good("7"));
    assert_eq!(id("7.0"), good("7"));
    assert_eq!(id("18446744073709551615"), good("18446744073709551615"));
    assert_eq!(id(r#""../'\"; DROP TABLE pipe""#), good("../'\"; DROP TABLE pipe"));
    assert_eq!(id("null"), (None, None));
    for bad in ["[]", "true", "{}"] {
        assert_eq!(id(bad), (None, Some("bad-id")), "{bad}");
    }
}

#[test]
fn numbers_keep_every_bit() {
    let found = read(with_geometry(r#"{"type":"Point","coordinates":[116.72345678901234,35.400000000000006]}"#));
    let expected = geo_types::point!(x: 116.723_456_789_012_34, y: 35.400_000_000_000_006).into();
    assert_eq!(found[0].as_ref().unwrap().geometry, Some(expected));
}

#[test]
fn an_open_ring_is_seen_and_a_closed_one_passes() {
    let polygon = |rings: &str| problems(&with_geometry(&format!(r#"{{"type":"Polygon","coordinates":{rings}}}"#)));
    assert_eq!(polygon("[[[0,0],[1,0],[1,1],[0,0]]]"), [""; 0]);
    assert_eq!(polygon("[[[0,0],[1,0],[1,1],[0,1]]]"), ["open-ring"]);
    // heights do not close a ring, nor open it
    assert_eq!(polygon("[[[0,0,1],[1,0,1],[1,1,1],[0,0,2]]]"), [""; 0]);
    let two = r#"{"type":"MultiPolygon","coordinates":[[[[0,0],[1,0],[1,1],[0,0]]],[[[0,0],[1,0],[1,1],[2,2]]]]}"#;
    let found = read(with_geometry(two));
    assert_eq!(found[0].as_ref().unwrap().problems, [ReadProblem::OpenRing { ring: 2 }]);
}

#[test]
fn coordinates_of_the_wrong_nesting_are_refused() {
    for geometry in [
        r#"{"type":"Point","coordinates":[[116,35]]}"#,
        r#"{"type":"Point","coordinates":[116]}"#,
        r#"{"type":"Point","coordinates":["116","35"]}"#,
        r#"{"type":"Point","coordinates":[116,null]}"#,
        r#"{"type":"Point","coordinates":{"x":116,"y":35}}"#,
        r#"{"type":"Point"}"#,
        r#"{"type":"LineString","coordinates":[116,35]}"#,
        r#"{"type":"LineString","coordinates":[[116,35],[[116,36]]]}"#,
        r#"{"type":"Polygon","coordinates":[[116,35],[116,36],[117,36],[116,35]]}"#,
        r#"{"type":"Circle","coordinates":[116,35]}"#,
        r#"{"coordinates":[116,35]}"#,
        r#""POINT (116 35)""#,
        "[116,35]",
    ] {
        assert_eq!(problems(&with_geometry(geometry)), ["wrong-shape"], "{geometry}");
    }
}

#[test]
fn heights_are_dropped_and_told() {
    let found = read(with_geometry(r#"{"type":"LineString","coordinates":[[116,35,40.5],[117,36]]}"#));
    let feature = found[0].as_ref().unwrap();
    assert!(feature.has_heights && feature.problems.is_empty());
    assert_eq!(feature.geometry, Some(line_string![(x: 116., y: 35.), (x: 117., y: 36.)].into()));
}

#[test]
fn names_that_stand_twice_are_refused() {
    let feature = |members: &str| format!(r#"{{"type":"Feature",{members}}}"#);
    for members in [
        r#""geometry":null,"properties":{"a":1,"a":2}"#,
        r#""geometry":null,"properties":{},"id":1,"id":2"#,
        r#""geometry":null,"geometry":null,"properties":{}"#,
        r#""geometry":null,"properties":{"a":1,"\u0061":2}"#,
        r#""geometry":{"type":"Point","coordinates":[1,2],"coordinates":[3,4]},"properties":{}"#,
    ] {
        assert_eq!(problems(&feature(members)), ["duplicate-member"], "{members}");
    }
    assert_eq!(
        rule(r#"{"type":"FeatureCollection","features":[],"features":[]}"#),
        (Some(1), None, "duplicate-member")
    );
    assert_eq!(rule(r#"{"type":"FeatureCollection","a":1,"crs":null,"crs":null,"features":[]}"#).2, "duplicate-member");
}

#[test]
fn the_crs_of_old_files_is_honoured() {
    let crs = |member: &str| {
        let text = format!(r#"{{"type":"FeatureCollection",{member}"features":[{}]}}"#, point(1));
        let mut reader = Reader::new(text.as_bytes());
        let first = reader.next().unwrap().map(|_| ()).map_err(|f| f.problem.rule());
        (first, reader.crs())
    };
    let named = |name: &str| crs(&format!(r#""crs":{{"type":"name","properties":{{"name":"{name}"}}}},"#));
    assert_eq!(crs(""), (Ok(()), None));
    assert_eq!(crs(r#""crs":null,"#), (Ok(()), None));
    assert_eq!(named("urn:ogc:def:crs:EPSG::4548"), (Ok(()), Some(Crs::GaussKruger(4548))));
    assert_eq!(named("urn:ogc:def:crs:OGC:1.3:CRS84"), (Ok(()), Some(Crs::Crs84)));
    assert_eq!(named("EPSG:2435").0, Err("unknown-crs"));
    assert_eq!(crs(r#""crs":{"type":"link","properties":{"href":"http://example.com/crs"}},"#).0, Err("unknown-crs"));
    let late = format!(
        r#"{{"type":"FeatureCollection","features":[{}],"crs":{{"type":"name","properties":{{"name":"EPSG:4548"}}}}}}"#,
        point(1)
    );
    assert_eq!(rule(late), (Some(1), None, "late-crs"));
}

#[test]
fn broken_files_are_told_with_line_and_row() {
    let [a, b] = [point(1), point(2)];
    assert_eq!(rule(""), (None, None, "empty-file"));
    assert_eq!(rule(" \n\u{1e}\n"), (None, None, "empty-file"));
    assert_eq!(rule("\u{feff}"), (None, None, "empty-file"));
    assert_eq!(rule(b"\xff\xfe{\0}\0"), (None, None, "wrong-encoding"));
    assert_eq!(rule(b"\0{\0}"), (None, None, "wrong-encoding"));
    assert_eq!(rule(b"\x1f\x8b\x08\0"), (None, None, "packed-file"));
    assert_eq!(rule(b"PK\x03\x04\x14\0"), (None, None, "packed-file"));
    assert_eq!(rule("[1,2]"), (Some(1), None, "not-geojson"));
    assert_eq!(rule("name,kind\n1,JS\n"), (Some(1), None, "broken-json"));
    assert_eq!(rule(r#"{"type":"Topology","arcs":[]}"#), (Some(1), Some(1), "not-geojson"));
    assert_eq!(rule("{}"), (Some(1), Some(1), "not-geojson"));
    assert_eq!(rule(r#"{"features":[]}"#), (Some(1), None, "not-geojson"));
    assert_eq!(rule(r#"{"type":"Feature","features":[]}"#), (Some(1), None, "not-geojson"));
    assert_eq!(rule(r#"{"type":"FeatureCollection"}"#), (Some(1), Some(1), "not-geojson"));
    // a GBK file: 管线 as GBK bytes
    let gbk = [b"{\"type\":\"Feature\",\n\"id\":\"".as_slice(), &[0xb9, 0xdc, 0xcf, 0xdf], b"\"}"].concat();
    assert_eq!(rule(gbk), (Some(2), Some(1), "wrong-encoding"));
    // cut inside a feature, between features, and inside the head
    let cut = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{a},\n{}", &b[..40]);
    assert_eq!(rule(cut), (Some(3), Some(2), "cut-short"));
    assert_eq!(rule(format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{a},\n")), (Some(3), None, "cut-short"));
    assert_eq!(rule("{\"type\":\"FeatureCollection\",\n\"na"), (Some(2), None, "cut-short"));
    assert_eq!(rule(format!("{a}\n{}", &b[..30])), (Some(2), Some(2), "cut-short"));
    // a comma missing, a comma too many, garbage behind
    assert_eq!(rule(format!("{{\"type\":\"FeatureCollection\",\"features\":[{a}\n{b}]}}")).2, "broken-json");
    assert_eq!(
        rule(format!("{{\"type\":\"FeatureCollection\",\"features\":[{a},\n]}}")),
        (Some(2), None, "broken-json")
    );
    assert_eq!(rule(format!("{{\"type\":\"FeatureCollection\",\"features\":[{a}]}}\n]")).2, "broken-json");
    assert_eq!(
        rule(format!("{{\"type\":\"FeatureCollection\",\"features\":[{a}\n,7]}}")),
        (Some(2), Some(2), "not-geojson")
    );
}

#[test]
fn a_bad_line_does_not_hide_the_next() {
    let text = format!("{}\n{{\"type\":\"Feature\",}}\nnonsense\n{}\n", point(1), point(2));
    let found: Vec<_> =
        read(text).into_iter().map(|f| f.map(|f| (f.line, f.row)).map_err(|e| (e.line, e.row))).collect();
    assert_eq!(found, [Ok((1, 1)), Err((Some(2), Some(2))), Err((Some(3), Some(3))), Ok((4, 4))]);
}

#[test]
fn a_record_cut_short_does_not_hide_the_next() {
    let text = format!("\u{1e}{}\n\u{1e}{}\u{1e}{}\n", point(1), &point(2)[..50], point(3));
    let found: Vec<_> =
        read(text).into_iter().map(|f| f.map(|f| f.row).map_err(|e| (e.row, e.problem.rule()))).collect();
    assert_eq!(found, [Ok(1), Err((Some(2), "cut-short")), Ok(3)]);
}

#[test]
fn an_unclosed_brace_is_told_where_the_parser_stumbles() {
    let text = format!("{}\n{}\n{}\n", point(1), &point(2)[..point(2).len() - 1], point(3));
    assert_eq!(rule(text), (Some(3), Some(2), "broken-json"));
}

#[test]
fn what_json_does_not_know_is_named() {
    let (line, row, problem) = fault(with_geometry("{\"type\":\"Point\",\n\"coordinates\":[NaN,35]}"));
    assert_eq!((line, row), (Some(2), Some(1)));
    assert!(matches!(&problem, ReadProblem::BrokenJson { what, near } if what.contains("NaN") && near.contains("NaN")));
    assert_eq!(rule(with_geometry(r#"{"type":"Point","coordinates":[1e999,35]}"#)).2, "broken-json");
}

#[test]
fn a_nesting_bomb_is_refused_in_every_place() {
    let bomb = "[".repeat(100_000);
    assert_eq!(rule(format!(r#"{{"type":"Feature","a":{bomb}"#)).2, "too-deep");
    assert_eq!(rule(format!(r#"{{"type":"FeatureCollection","features":[{bomb}"#)).2, "too-deep");
    assert_eq!(rule(with_geometry(&format!(r#"{{"type":"Point","coordinates":{bomb}"#))).2, "too-deep");
    let deep = format!("{}{}", "[".repeat(90), "]".repeat(90));
    assert_eq!(problems(&with_geometry(&format!(r#"{{"type":"Polygon","coordinates":{deep}}}"#))), ["wrong-shape"]);
}

#[test]
fn a_feature_above_the_limit_is_refused_without_being_held() {
    let limit = 4096;
    let rule_of = |text: &str| {
        let mut reader = Reader::with_limit(text.as_bytes(), limit);
        let fault = std::iter::from_fn(|| reader.next()).find_map(Result::err).expect("a fault");
        (fault.line, fault.row, fault.problem)
    };
    let long = "x".repeat(100_000);
    let too_large = ReadProblem::TooLarge { limit };
    let text = format!("{}\n{{\"type\":\"Feature\",\"a\":\"{long}\"}}", point(1));
    assert_eq!(rule_of(&text), (Some(2), Some(2), too_large.clone()));
    let text = format!("{{\"type\":\"FeatureCollection\",\"features\":[\n{{\"a\":\"{long}\"}}]}}");
    assert_eq!(rule_of(&text), (Some(2), Some(1), too_large.clone()));
    let text = format!("{{\"type\":\"FeatureCollection\",\"name\":\"{long}\"}}");
    assert_eq!(rule_of(&text), (Some(1), None, too_large.clone()));
    assert_eq!(rule_of(&format!("{{{}", " ".repeat(100_000))).2, too_large);
    // white space between features is not held
    let spaced = format!("{}{}{}", point(1), " ".repeat(100_000), point(2));
    let mut reader = Reader::with_limit(spaced.as_bytes(), limit);
    assert_eq!(std::iter::from_fn(|| reader.next()).filter(Result::is_ok).count(), 2);
}

#[test]
fn members_of_the_wrong_kind_are_told() {
    assert_eq!(problems(r#"{"type":"Feature","properties":{}}"#), ["not-geojson"]);
    assert_eq!(problems(r#"{"type":"Feature","geometry":null}"#), [""; 0]);
    assert_eq!(problems(r#"{"type":"Feature","geometry":null,"properties":[1]}"#), ["not-geojson"]);
    assert_eq!(problems(r#"{"type":"Feature","geometry":7,"properties":{}}"#), ["wrong-shape"]);
}

#[test]
fn both_endings_of_a_register_entry_find_their_reader() {
    for ending in ["geojson", "json", "GEOJSONL", "ndjson"] {
        assert!(crate::formats::to_read(Some(ending), b"").is_some(), "{ending}");
    }
    assert_eq!(crate::formats::to_read(Some("dat"), b"\xef\xbb\xbf\n {").map(|f| f.name()), Some("geojson"));
    assert_eq!(crate::formats::to_read(None, b"\x1e{").map(|f| f.name()), Some("geojson"));
    assert!(crate::formats::to_read(Some("shp"), b"\x00\x00\x27\x0a").is_none());
}

/// JSON that is often GeoJSON, sometimes nearly.
fn anything() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<f64>().prop_filter("finite", |v| v.is_finite()).prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        "[\"\\\\{}\\[\\]\u{1e}\n管a:, ]{0,8}".prop_map(Json::from),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            prop::collection::vec(("(type|features|geometry|properties|id|crs|[a-c\"{]{0,3})", inner), 0..5)
                .prop_map(|m| Json::Object(m.into_iter().collect())),
        ]
    })
}

fn features() -> impl Strategy<Value = Vec<Json>> {
    let feature = (
        any::<u32>(),
        -180.0..180.0f64,
        -90.0..90.0f64,
        prop::collection::vec(("[a-z\"\\\\{]{1,4}", anything()), 0..4),
    )
        .prop_map(|(id, x, y, properties)| {
            let properties: serde_json::Map<String, Json> = properties.into_iter().collect();
            json!({"type":"Feature","id":id,"geometry":{"type":"Point","coordinates":[x,y]},"properties":properties})
        });
    prop::collection::vec(feature, 0..6)
}

/// The features as one text, in one of the kinds of files; `pretty` over several lines.
fn file_of(features: &[Json], kind: u8, pretty: bool) -> String {
    let text = |j: &Json| if pretty { serde_json::to_string_pretty(j) } else { serde_json::to_string(j) }.unwrap();
    match kind % 4 {
        0 => text(&json!({"type":"FeatureCollection","name":"a\"]}","features":features})),
        1 => text(&json!({"features":features,"x":[{"features":[1]}],"type":"FeatureCollection"})),
        2 => features.iter().map(|f| format!("{}\n", serde_json::to_string(f).unwrap())).collect(),
        _ => features.iter().map(|f| format!("\u{1e}{}\n", text(f))).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The oracle: serde_json holds each feature whole.
    #[test]
    fn every_feature_is_found_however_the_bytes_come(
        features in features(),
        kind in any::<u8>(),
        pretty in any::<bool>(),
        sizes in prop::collection::vec(1usize..40, 1..6),
    ) {
        let text = file_of(&features, kind, pretty);
        let found = read_in(text.as_bytes(), &sizes);
        if features.is_empty() && kind % 4 >= 2 {
            prop_assert_eq!(found.len(), 1);
            return Ok(());
        }
        prop_assert_eq!(found.len(), features.len());
        for (i, (found, feature)) in found.into_iter().zip(&features).enumerate() {
            let found = found.map_err(|e| TestCaseError::fail(format!("{e:?}")))?;
            prop_assert_eq!(found.row, i as u64 + 1);
            prop_assert_eq!(found.id, Some(feature["id"].to_string()));
            let properties: serde_json::Map<String, Json> = found.properties.into_iter().collect();
            prop_assert_eq!(&Json::Object(properties), &feature["properties"]);
            let at = feature["geometry"]["coordinates"].as_array().unwrap();
            let expected = geo_types::Point::new(at[0].as_f64().unwrap(), at[1].as_f64().unwrap());
            prop_assert_eq!(found.geometry, Some(expected.into()));
        }
    }

    #[test]
    fn any_bytes_give_an_answer_and_the_same_one_however_they_come(
        bytes in prop::collection::vec(prop_oneof![
            any::<u8>(), prop::sample::select(b"{}[]\",:\\\x1e \n0truefalsn".to_vec())
        ], 0..200),
        size in 1usize..9,
    ) {
        prop_assert_eq!(read_in(&bytes, &[size]), read(&bytes));
    }

    /// A mutated file is read to its end, alike in all pieces; and what serde_json takes for one
    /// FeatureCollection has as many features here.
    #[test]
    fn a_mutated_file_gives_an_answer(
        features in features(),
        kind in any::<u8>(),
        places in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..4),
        size in 1usize..50,
    ) {
        let mut bytes = file_of(&features, kind, false).into_bytes();
        for (place, byte, how) in places {
            if bytes.is_empty() { break; }
            let at = place.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => { bytes.remove(at); }
                _ => bytes.truncate(at),
            }
        }
        let found = read_in(&bytes, &[size]);
        prop_assert_eq!(&found, &read(&bytes));
        if let Ok(whole) = serde_json::from_slice::<Json>(&bytes)
            && whole["type"] == "FeatureCollection" && whole["features"].is_array()
        {
            let rows = found.iter().filter(|f| match f { Ok(_) => true, Err(e) => e.row.is_some() }).count();
            // serde_json takes the last of two members of one name, the reader refuses the second
            let twice = found.iter().any(|f| matches!(f, Err(ReadFault { problem: ReadProblem::Twice { .. }, .. })));
            prop_assert!(twice || rows == whole["features"].as_array().unwrap().len());
        }
    }

    #[test]
    fn any_json_gives_an_answer(json in anything()) {
        let text = serde_json::to_string(&json).unwrap();
        let found = read(&text);
        prop_assert!(found.iter().all(|f| f.as_ref().map_or_else(|e| !e.problem.rule().is_empty(), |_| true)));
        for fault in found.into_iter().filter_map(Result::err) {
            prop_assert!(!fault.problem.what().zh.is_empty() && !fault.problem.hint().en.is_empty());
        }
    }
}
