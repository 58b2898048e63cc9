//! What a wrong filter is told: what, where, and a way out; the same for what is hidden and what is not there.

use super::*;

/// The fault of a text, with the place it names.
fn fault(text: &str) -> cql2::FilterFault {
    match read(text) {
        Ok(f) => panic!("{text} was read as {f:?}"),
        Err(e) => e,
    }
}

#[test]
fn a_wrong_text_is_told_what_and_where() {
    for (text, at, what) in [
        ("", None, "empty"),
        ("   ", None, "empty"),
        ("floors =", Some(8), "the end"),
        ("floors 3", Some(7), "number 3"),
        ("floors = 3 kind = 'WS'", Some(11), "kind"),
        ("floors = 3 AND", Some(14), "the end"),
        ("(floors = 3", Some(11), "')' is wanted"),
        ("floors = 3)", Some(10), "')'"),
        ("name = 'open", Some(7), "quote"),
        ("\"name = 3", Some(0), "quote"),
        ("name ~ 'x'", Some(5), "~"),
        ("name = 'x'; DROP TABLE site", Some(10), ";"),
        ("floors = 3 = 3", Some(11), "="),
        ("floors = 12abc", Some(9), "12"),
        ("floors = 1e999", Some(9), "too large"),
        ("floors = NULL", Some(9), "NULL"),
        ("floors IS 3", Some(10), "NULL"),
        ("floors IN 3", Some(10), "("),
        ("floors BETWEEN 1, 2", Some(16), "AND"),
        ("nothing = 3", Some(0), "nothing"),
        ("floors = 3 AND nothing = 3", Some(15), "nothing"),
        ("floors = 'three'", Some(9), "can't be compared"),
        ("name = 3", Some(7), "can't be compared"),
        ("name = floors", Some(7), "can't be compared"),
        ("floors BETWEEN 1 AND 'x'", Some(21), "can't be compared"),
        ("floors IN (1, 'x')", Some(14), "can't be compared"),
        ("active = 1", Some(9), "can't be compared"),
        ("built_on = 3", Some(11), "can't be compared"),
        ("built_on = 'soon'", Some(11), "soon"),
        ("built_on = DATE('2024-02-30')", Some(11), "2024-02-30"),
        ("found_at = TIMESTAMP('2024-05-01')", Some(11), "2024-05-01"),
        ("built_on = DATE(2024)", Some(11), "DATE"),
        ("name + 1 = 2", Some(0), "a number is wanted"),
        ("floors + 'x' = 2", Some(9), "a number is wanted"),
        ("floors LIKE '1%'", Some(0), "a text is wanted"),
        ("name LIKE 3", Some(10), "LIKE"),
        ("name LIKE name", Some(10), "LIKE"),
        ("CASEI(floors) = 'x'", Some(6), "a text is wanted"),
        ("tags = 'old'", Some(0), "list"),
        ("A_CONTAINS(name, ('x'))", Some(11), "a list is wanted"),
        ("floors", Some(0), "true or false"),
        ("'x'", Some(0), "no condition"),
        ("floors + 1", Some(0), "no condition"),
        ("geometry", Some(0), "no condition"),
        ("geometry = POINT(1 2)", Some(0), "geometry"),
        ("floors = 3 AND 'x'", Some(15), "no condition"),
        ("buffer(geometry, 3) = 3", Some(0), "BUFFER"),
        ("S_NEAR(geometry, POINT(1 2))", Some(0), "S_NEAR"),
        ("S_INTERSECTS(geometry)", Some(0), "S_INTERSECTS"),
        ("S_INTERSECTS(geometry, 'x')", Some(23), "no geometry"),
        ("S_INTERSECTS(floors, POINT(1 2))", Some(13), "no geometry"),
        ("S_INTERSECTS(shape, POINT(1 2))", Some(13), "shape"),
        ("S_INTERSECTS(geometry, POINT(1))", Some(30), "')'"),
        ("S_INTERSECTS(geometry, POINT EMPTY)", Some(29), "EMPTY"),
        ("S_INTERSECTS(geometry, POINT(500 2))", Some(23), "range"),
        ("S_INTERSECTS(geometry, LINESTRING(1 2))", Some(33), "two places"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 0,1 1,0 1)))", Some(30), "the last one like the first"),
        ("S_INTERSECTS(geometry, POLYGON((0 0,1 1,1 0,0 1,0 0)))", Some(23), "crosses itself"),
        ("S_INTERSECTS(geometry, BBOX(1,2,3))", Some(23), "BBOX"),
        ("S_INTERSECTS(geometry, BBOX(1,5,3,4))", Some(23), "south"),
        ("T_AFTER(floors, DATE('2024-01-01'))", Some(8), "no date"),
        ("T_AFTER(built_on, 3)", Some(18), "no date"),
        ("T_DURING(built_on, INTERVAL('2024-05-01','2024-04-01'))", Some(19), "before it begins"),
        ("T_DURING(built_on, INTERVAL('2024-05-01'))", Some(19), "INTERVAL"),
        ("2 ^ 3 ^ 2 = 64", Some(6), "^"),
        ("floors = 3 and and", Some(15), "and"),
    ] {
        let fault = fault(text);
        assert!(fault.what.en.contains(what), "{text}: {fault:?}");
        assert_eq!(fault.at, at, "{text}: {fault:?}");
        assert!(!fault.hint.en.is_empty() && !fault.hint.zh.is_empty() && !fault.what.zh.is_empty(), "{text}");
    }
}

#[test]
fn wrong_json_is_told_what() {
    for (json, what) in [
        ("", "no JSON"),
        ("{", "no JSON"),
        ("null", "null"),
        ("3", "no condition"),
        ("\"x\"", "no condition"),
        ("[]", "no condition"),
        ("{}", "can't stand here"),
        (r#"{"op":"and","args":[true]}"#, "AND"),
        (r#"{"op":"not","args":[true,true]}"#, "NOT"),
        (r#"{"op":"=","args":[{"property":"floors"}]}"#, "'='"),
        (r#"{"op":"=","args":[{"property":"floors"},null]}"#, "null"),
        (r#"{"op":"=","args":[{"property":"floors"},{"date":3}]}"#, "can't stand here"),
        (r#"{"op":"in","args":[{"property":"floors"},3]}"#, "IN"),
        (r#"{"op":"like","args":[{"property":"name"},3]}"#, "LIKE"),
        (r#"{"op":"nothing","args":[]}"#, "NOTHING"),
        (r#"{"property":"floors"}"#, "true or false"),
        (r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Point","coordinates":[]}]}"#, "GeoJSON"),
        (r#"{"op":"s_within","args":[{"property":"geometry"},{"type":"Circle","coordinates":[1,2]}]}"#, "GeoJSON"),
        (r#"{"op":"s_within","args":[{"property":"geometry"},{"bbox":[1,2,3]}]}"#, "can't stand here"),
        (r#"{"op":"t_after","args":[{"property":"built_on"},{"interval":["2024-01-01"]}]}"#, "can't stand here"),
    ] {
        let fault = cql2::parse_json(json, &site(), Crs::Crs84, &|_| true).expect_err(json);
        assert!(fault.what.en.contains(what), "{json}: {fault:?}");
    }
}

#[test]
fn a_hidden_field_is_told_in_the_same_words_as_one_that_is_not_there() {
    let layer = site();
    let phone = layer.field_index("phone").expect("a field");
    let told = |text: &str| cql2::parse_text(text, &layer, Crs::Crs84, &|f| f != phone).expect_err(text);
    for pattern in [
        "NAME = 'x'",
        "NAME = 3",
        "\"NAME\" IS NULL",
        "CASEI(NAME) = 'x'",
        "T_AFTER(NAME, DATE('2024-01-01'))",
        "A_CONTAINS(NAME, ('x'))",
        "S_WITHIN(NAME, POINT(1 2))",
        "NAME LIKE 'x'",
        "NAME IN ('x')",
        "NAME",
        "NAME + 1 = 2",
    ] {
        for hidden in ["phone", "电话", "Phone"] {
            let absent = "qwert".chars().take(hidden.chars().count()).collect::<String>();
            let mut a = told(&pattern.replace("NAME", hidden));
            let mut b = told(&pattern.replace("NAME", &absent));
            for f in [&mut a, &mut b] {
                f.what.en = f.what.en.replace(hidden, "…").replace(&absent, "…");
                f.what.zh = f.what.zh.replace(hidden, "…").replace(&absent, "…");
            }
            assert_eq!(a, b, "{pattern}");
            assert!(!a.hint.en.contains("phone") && !a.hint.zh.contains("电话"), "{a:?}");
            assert!(a.hint.en.contains("diameter_mm") && a.hint.zh.contains("管径"), "{a:?}");
        }
    }
    assert!(read("phone = '1001'").is_ok());
}

#[test]
fn wide_signs_of_a_chinese_keyboard_get_a_hint() {
    for (text, meant) in
        [("floors ＝ 3", "="), ("（floors = 3)", "("), ("name = ‘x’", "'"), ("kind IN ('a'，'b')", ",")]
    {
        let fault = fault(text);
        assert!(fault.hint.en.contains(&format!("write {meant} ")), "{text}: {fault:?}");
    }
}

#[test]
fn depth_and_length_have_an_end_and_no_stack_does() {
    let many = 20_000;
    for text in [
        "(".repeat(many),
        format!("{}floors = 3{}", "(".repeat(many), ")".repeat(many)),
        format!("{}floors = 3", "NOT ".repeat(15_000)),
        format!("floors = {}3", "-".repeat(many)),
        format!("floors = 1{}", " + 1".repeat(10_000)),
        format!("floors = 2{}", " * 2".repeat(10_000)),
        format!("{}name) = 'x'", "CASEI(".repeat(9_000)),
        format!("S_WITHIN(geometry, {}", "GEOMETRYCOLLECTION(".repeat(3_000)),
        format!("A_EQUALS(tags, {}", "((1,2),".repeat(9_000)),
        format!("floors IN {}", "(floors IN ".repeat(5_000)),
        "[".repeat(many),
        format!("floors BETWEEN {}", "1 BETWEEN ".repeat(5_000)),
    ] {
        let fault = fault(&text);
        assert!(["nested", "expected", "wanted"].iter().any(|w| fault.what.en.contains(w)), "{fault:?}");
    }
    for json in [
        "[".repeat(many),
        format!("{}true{}", r#"{"op":"not","args":["#.repeat(2_000), "]}".repeat(2_000)),
        format!("{}true{}", r#"{"op":"not","args":["#.repeat(70), "]}".repeat(70)),
        format!("{}1{}", r#"{"op":"+","args":[1,"#.repeat(900), "]}".repeat(900)),
    ] {
        assert!(cql2::parse_json(&json, &site(), Crs::Crs84, &|_| true).is_err());
    }
    let long = format!("name = '{}'", "x".repeat(cql2::LONGEST));
    assert!(fault(&long).what.en.contains("bytes"));
    // Side by side is no depth.
    let wide = vec!["floors = 3"; 4_000].join(" OR ");
    assert!(read(&wide).is_ok());
    let nested = format!("{}floors = 3{}", "(".repeat(60), ")".repeat(60));
    assert!(read(&nested).is_ok());
}
