//! What the filter reader holds to: every operator of the standard, truth tables, and no input that breaks it.

use std::borrow::Cow;
use std::sync::Arc;

use proptest::prelude::*;

use super::{parse_json, parse_text};
use crate::geom::{Crs, Geometry};
use crate::layer::evaluate::{Row, holds};
use crate::layer::filter::Fold;
use crate::layer::pattern::Pattern;
use crate::layer::{Layer, Value, ValueRef};

fn layer() -> Layer {
    toml::from_str(
        r#"
        id = "thing"
        title = { zh = "物", en = "Thing" }
        about = { zh = "", en = "" }
        group = "g"
        geometry = ["Polygon"]
        zoom = { min = 10, full = 12 }
        [[field]]
        id = "name"
        title = { zh = "名称", en = "Name" }
        type = "text"
        [[field]]
        id = "kind"
        title = { zh = "种类", en = "Kind" }
        type = "text"
        values = [{ code = "WS", zh = "污水", en = "Sewage" }, { code = "YS", zh = "雨水", en = "Rain" }]
        [[field]]
        id = "n"
        title = { zh = "数", en = "Number" }
        type = "integer"
        [[field]]
        id = "size"
        title = { zh = "大小", en = "Size" }
        type = "number"
        [[field]]
        id = "open"
        title = { zh = "开", en = "Open" }
        type = "boolean"
        [[field]]
        id = "day"
        title = { zh = "日", en = "Day" }
        type = "date"
        [[field]]
        id = "at"
        title = { zh = "时", en = "At" }
        type = "datetime"
        [[field]]
        id = "tags"
        title = { zh = "标", en = "Tags" }
        type = "list"
    "#,
    )
    .expect("a layer")
}

struct One(Arc<str>, Vec<Value>, Geometry);

impl Row for One {
    fn id(&self) -> &Arc<str> {
        &self.0
    }
    fn value(&self, field: usize) -> ValueRef<'_> {
        self.1[field].borrow()
    }
    fn geometry(&self) -> Option<Cow<'_, Geometry>> {
        Some(Cow::Borrowed(&self.2))
    }
}

/// A unit square from 1,1 to 2,2 with known values; `size` is null.
fn one() -> One {
    let text = Value::text;
    let values = vec![
        text("Ürümqi 路"),
        text("WS"),
        Value::Int(7),
        Value::Null,
        Value::Bool(true),
        text("2024-05-10"),
        text("2024-05-10T08:00:00.000000Z"),
        text(r#"["a","b"]"#),
    ];
    let square = geo_types::Rect::new((1.0, 1.0), (2.0, 2.0)).to_polygon();
    One(Arc::from("f-1"), values, square.into())
}

fn says(text: &str) -> Option<bool> {
    let filter = parse_text(text, &layer(), Crs::Crs84, &|_| true).unwrap_or_else(|e| panic!("{text}: {e:?}"));
    holds(&filter, &one())
}

#[test]
fn every_operator_of_the_standard_means_what_it_says() {
    let (yes, no, unknown) = (Some(true), Some(false), None);
    for (text, expected) in [
        ("n = 7", yes),
        ("7 = n", yes),
        ("n <> 7", no),
        ("n < 8 AND n <= 7 AND n > 6 AND n >= 7", yes),
        ("8 > n", yes),
        ("n = 7.0", yes),
        ("name = 'x'", no),
        ("kind = 'WS'", yes),
        ("kind = '污水'", yes),
        ("kind = 'Sewage'", yes),
        ("\"种类\" = 'YS'", no),
        ("id = 'f-1'", yes),
        ("name LIKE 'Ür%'", yes),
        ("name LIKE '_r_mqi %'", yes),
        ("name NOT LIKE '%路'", no),
        ("CASEI(name) LIKE CASEI('üR%')", yes),
        ("ACCENTI(name) = ACCENTI('Urumqi 路')", yes),
        ("CASEI(ACCENTI(name)) = CASEI(ACCENTI('URUMQI 路'))", yes),
        ("n IN (1, 7)", yes),
        ("n NOT IN (1, 7)", no),
        ("kind IN ('雨水', '污水')", yes),
        ("n BETWEEN 7 AND 9", yes),
        ("n NOT BETWEEN 7 AND 9", no),
        ("size IS NULL", yes),
        ("name IS NOT NULL", yes),
        ("size = 1", unknown),
        ("NOT size = 1", unknown),
        ("size = 1 OR n = 7", yes),
        ("size = 1 AND n = 7", unknown),
        ("size = 1 AND n = 8", no),
        ("size IN (1, 2)", unknown),
        ("size BETWEEN 1 AND 2", unknown),
        ("open", yes),
        ("open = TRUE", yes),
        ("NOT open", no),
        ("n + 1 = 8", yes),
        ("n - 1 = 6", yes),
        ("n * 2 = 14", yes),
        ("n / 2 = 3.5", yes),
        ("n % 4 = 3", yes),
        ("n DIV 2 = 3", yes),
        ("n ^ 2 = 49", yes),
        ("n / 0 = 1", unknown),
        ("-n = -7", yes),
        ("(n + 1) * 2 = 16", yes),
        ("n + 1 * 2 = 9", yes),
        ("day = DATE('2024-05-10')", yes),
        ("day > DATE('2024-05-09') AND day < DATE('2024-05-11')", yes),
        ("at = TIMESTAMP('2024-05-10T16:00:00+08:00')", yes),
        ("T_AFTER(day, DATE('2024-05-09'))", yes),
        ("T_BEFORE(day, DATE('2024-05-09'))", no),
        ("T_DURING(day, INTERVAL('2024-05-01', '2024-05-31'))", yes),
        ("T_DURING(INTERVAL(day, day), INTERVAL('..', '2024-05-31'))", yes),
        ("T_INTERSECTS(day, INTERVAL('2024-05-10', '..'))", yes),
        ("T_DISJOINT(day, INTERVAL('2024-05-11', '..'))", yes),
        ("T_EQUALS(day, DATE('2024-05-10'))", yes),
        ("T_CONTAINS(INTERVAL('2024-01-01','2024-12-31'), day)", yes),
        ("T_STARTS(INTERVAL(day, day), INTERVAL('2024-05-10','2024-05-31'))", yes),
        ("T_FINISHES(INTERVAL(day, day), INTERVAL('2024-05-01','2024-05-10'))", yes),
        ("T_STARTEDBY(INTERVAL('2024-05-10','2024-05-31'), day)", yes),
        ("T_FINISHEDBY(INTERVAL('2024-05-01','2024-05-10'), day)", yes),
        ("T_MEETS(at, at)", yes),
        ("T_METBY(at, at)", yes),
        ("T_OVERLAPS(INTERVAL('2024-05-01','2024-05-20'), INTERVAL('2024-05-10','2024-05-31'))", yes),
        ("T_OVERLAPPEDBY(INTERVAL('2024-05-10','2024-05-31'), INTERVAL('2024-05-01','2024-05-20'))", yes),
        ("A_EQUALS(tags, ('b', 'a'))", yes),
        ("A_CONTAINS(tags, ('a'))", yes),
        ("A_CONTAINEDBY(tags, ('a', 'b', 'c'))", yes),
        ("A_OVERLAPS(tags, ('c', 'd'))", no),
        ("S_INTERSECTS(geometry, POINT(1.5 1.5))", yes),
        ("S_INTERSECTS(geometry, BBOX(0, 0, 1, 1))", yes),
        ("S_DISJOINT(geometry, POINT(3 3))", yes),
        ("S_WITHIN(geometry, POLYGON((0 0, 3 0, 3 3, 0 3, 0 0)))", yes),
        ("S_CONTAINS(geometry, POINT(1.5 1.5))", yes),
        ("S_TOUCHES(geometry, POINT(1 1))", yes),
        ("S_CROSSES(LINESTRING(0 0, 3 3), geometry)", yes),
        ("S_OVERLAPS(geometry, BBOX(1.5, 1.5, 3, 3))", yes),
        ("S_EQUALS(geometry, POLYGON((1 1, 2 1, 2 2, 1 2, 1 1)))", yes),
        ("name = 'it''s'", no),
    ] {
        assert_eq!(says(text), expected, "{text}");
    }
}

#[test]
fn text_and_json_say_the_same() {
    for (text, json) in [
        (
            "n = 7 AND kind = '污水'",
            r#"{"op":"and","args":[{"op":"=","args":[{"property":"n"},7]},{"op":"=","args":[{"property":"kind"},"污水"]}]}"#,
        ),
        ("name LIKE 'a%'", r#"{"op":"like","args":[{"property":"name"},"a%"]}"#),
        ("n BETWEEN 1 AND 2", r#"{"op":"between","args":[{"property":"n"},1,2]}"#),
        ("n IN (1,2)", r#"{"op":"in","args":[{"property":"n"},[1,2]]}"#),
        ("size IS NULL", r#"{"op":"isNull","args":[{"property":"size"}]}"#),
        ("day = DATE('2024-05-10')", r#"{"op":"=","args":[{"property":"day"},{"date":"2024-05-10"}]}"#),
        (
            "S_INTERSECTS(geometry, POINT(1 2))",
            r#"{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,2]}]}"#,
        ),
    ] {
        let (layer, all) = (layer(), |_| true);
        let from_text = parse_text(text, &layer, Crs::Crs84, &all).expect("a filter");
        let from_json = parse_json(json, &layer, Crs::Crs84, &all).expect("a filter");
        assert_eq!(from_text, from_json, "{text}");
    }
}

#[test]
fn what_cannot_be_meant_is_refused_with_a_way_out() {
    let deep = format!("{}n = 1{}", "(".repeat(5000), ")".repeat(5000));
    let nots = format!("{} n = 1", "NOT ".repeat(5000));
    let minus = format!("n = {}1", "-".repeat(5000));
    let long = format!("name = '{}'", "x".repeat(70_000));
    for text in [
        "",
        "n =",
        "colour = 'red'",
        "n = 'x'",
        "name = 7",
        "name + 1 = 2",
        "day = 'yesterday'",
        "FOO(n) = 1",
        "S_INTERSECTS(geometry, POINT(500 1))",
        "S_INTERSECTS(name, POINT(1 1))",
        "n",
        "n = 1 garbage",
        "T_AFTER(n, DATE('2024-01-01'))",
        &deep,
        &nots,
        &minus,
        &long,
    ] {
        let fault = parse_text(text, &layer(), Crs::Crs84, &|_| true);
        let fault = fault.expect_err(&text.chars().take(40).collect::<String>());
        assert!(!fault.what.zh.is_empty() && !fault.hint.zh.is_empty() && !fault.hint.en.is_empty());
    }
}

#[test]
fn a_hidden_field_is_as_unknown_as_one_that_is_not_there() {
    let layer = layer();
    let hidden = |f: usize| f != 2;
    let a = parse_text("n = 7", &layer, Crs::Crs84, &hidden).expect_err("hidden");
    let b = parse_text("m = 7", &layer, Crs::Crs84, &hidden).expect_err("not there");
    assert_eq!(a.what.en.replace("'n'", "'m'"), b.what.en);
    assert_eq!(a.hint, b.hint);
}

#[test]
fn geometries_follow_the_axes_of_their_crs() {
    let layer = layer();
    for (crs, text) in [
        (Crs::Crs84, "S_WITHIN(geometry, BBOX(0, 0, 3, 3)) AND S_INTERSECTS(geometry, POINT(1.9 1.1))"),
        (Crs::Epsg4490, "S_INTERSECTS(geometry, POINT(1.1 1.9)) AND S_INTERSECTS(geometry, BBOX(1, 1.5, 1.2, 2))"),
        (Crs::Epsg3857, "S_INTERSECTS(geometry, POINT(166980 166980))"),
    ] {
        let filter = parse_text(text, &layer, crs, &|_| true).expect("a filter");
        assert_eq!(holds(&filter, &one()), Some(true), "{text}");
    }
}

/// `LIKE` by trying every way.
fn slow_like(text: &[char], pattern: &[char]) -> bool {
    match pattern {
        [] => text.is_empty(),
        ['%', rest @ ..] => (0..=text.len()).any(|n| slow_like(&text[n..], rest)),
        ['\\', c, rest @ ..] => text.first() == Some(c) && slow_like(&text[1..], rest),
        ['_', rest @ ..] => !text.is_empty() && slow_like(&text[1..], rest),
        [c, rest @ ..] => text.first() == Some(c) && slow_like(&text[1..], rest),
    }
}

proptest! {
    #[test]
    fn like_agrees_with_trying_every_way(text in "[ab]{0,8}", pattern in "[ab%_]{0,8}") {
        let chars = |s: &str| s.chars().collect::<Vec<_>>();
        prop_assert_eq!(Pattern::new(&pattern, Fold::default()).fits(&text), slow_like(&chars(&text), &chars(&pattern)));
    }

    #[test]
    fn no_text_breaks_the_reader(text in "\\PC{0,60}") {
        let _ = parse_text(&text, &layer(), Crs::Crs84, &|_| true);
        let _ = parse_json(&text, &layer(), Crs::Crs84, &|_| true);
    }

    #[test]
    fn no_muddle_of_words_breaks_the_reader(words in prop::collection::vec(prop::sample::select(vec![
        "n", "name", "=", "<>", "AND", "OR", "NOT", "(", ")", "'x'", "7", "-", "IN", "LIKE", "BETWEEN", "IS", "NULL",
        ",", "DATE('2024-01-01')", "S_INTERSECTS", "POINT(1 1)", "BBOX(0,0,1,1)", "T_AFTER", "INTERVAL", "CASEI", "%", "^",
    ]), 0..14)) {
        if let Ok(filter) = parse_text(&words.join(" "), &layer(), Crs::Crs84, &|_| true) {
            holds(&filter, &one());
        }
    }
}
