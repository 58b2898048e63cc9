//! Three-valued logic, arithmetic at its edges, and time.

use super::*;

/// Conditions that are true, false and unknown for row s05 (its diameter and `active` are null).
const TRUE: &str = "floors = 3";
const FALSE: &str = "floors = 4";
const UNKNOWN: &str = "diameter_mm > 0";

fn on(text: &str) -> Option<bool> {
    let row = rows().into_iter().find(|r| &*r.id == "s05").expect("the row");
    holds(&read(text).unwrap_or_else(|e| panic!("{text}: {e:?}")), &row)
}

#[test]
fn the_truth_tables_are_those_of_sql() {
    let (t, f, u) = (Some(true), Some(false), None);
    let values = [(TRUE, t), (FALSE, f), (UNKNOWN, u)];
    let and = [[t, f, u], [f, f, f], [u, f, u]];
    let or = [[t, t, t], [t, f, u], [t, u, u]];
    for (i, (a, _)) in values.iter().enumerate() {
        for (j, (b, _)) in values.iter().enumerate() {
            assert_eq!(on(&format!("{a} AND {b}")), and[i][j], "{a} AND {b}");
            assert_eq!(on(&format!("{a} OR {b}")), or[i][j], "{a} OR {b}");
        }
    }
    for (a, not) in [(TRUE, f), (FALSE, t), (UNKNOWN, u)] {
        assert_eq!(on(&format!("NOT ({a})")), not);
    }
    for (text, held) in [
        ("diameter_mm = diameter_mm", u),
        ("diameter_mm <> 3", u),
        ("diameter_mm IN (1, 2)", u),
        ("floors IN (3, diameter_mm)", t),
        ("floors IN (4, diameter_mm)", u),
        ("floors NOT IN (4, diameter_mm)", u),
        ("floors BETWEEN 4 AND diameter_mm", f),
        ("floors BETWEEN 3 AND diameter_mm", u),
        ("active", u),
        ("NOT active", u),
        ("active IS NULL", t),
        ("(diameter_mm > 0) IS NULL", t),
        ("(floors > 0) IS NULL", f),
    ] {
        assert_eq!(on(text), held, "{text}");
    }
}

#[test]
fn what_has_no_number_is_unknown() {
    for text in [
        "1 / 0 > 0",
        "1 DIV 0 > 0",
        "1 % 0 > 0",
        "0 / 0 = 0",
        "(0 - 8) ^ 0.5 > 0",
        "10 ^ 400 > 0",
        "1 / (floors - 3) > 0",
        "diameter_mm + 1 > 0",
    ] {
        assert_eq!(on(text), None, "{text}");
    }
}

#[test]
fn whole_numbers_stay_whole_and_overflow_into_reals() {
    for (text, held) in [
        ("9007199254740993 - 1 = 9007199254740992", true),
        ("9007199254740993 = 9007199254740992", false),
        ("9223372036854775807 + 1 > 9223372036854775806", true),
        ("7 DIV 2 = 3", true),
        ("(0 - 7) DIV 2 = -3", true),
        ("7 / 2 = 3.5", true),
        ("-7 % 3 = -1", true),
        ("7.5 % 2 = 1.5", true),
        ("2 ^ 10 = 1024", true),
        ("2 + 3 * 4 - 6 / 3 = 12", true),
        ("-2 ^ 2 = 4", true),
    ] {
        assert_eq!(on(text), Some(held), "{text}");
    }
}

/// Every relation of two intervals whose ends lie on 1 to 4, by the definitions with whole numbers.
#[test]
fn temporal_operators_agree_with_whole_numbers() {
    type Test = fn(i32, i32, i32, i32) -> bool;
    let table: [(&str, Test); 15] = [
        ("T_AFTER", |s, _, _, f| s > f),
        ("T_BEFORE", |_, e, t, _| e < t),
        ("T_CONTAINS", |s, e, t, f| s < t && e > f),
        ("T_DISJOINT", |s, e, t, f| e < t || s > f),
        ("T_DURING", |s, e, t, f| s > t && e < f),
        ("T_EQUALS", |s, e, t, f| s == t && e == f),
        ("T_FINISHEDBY", |s, e, t, f| s < t && e == f),
        ("T_FINISHES", |s, e, t, f| s > t && e == f),
        ("T_INTERSECTS", |s, e, t, f| s <= f && e >= t),
        ("T_MEETS", |_, e, t, _| e == t),
        ("T_METBY", |s, _, _, f| s == f),
        ("T_OVERLAPPEDBY", |s, e, t, f| s > t && s < f && e > f),
        ("T_OVERLAPS", |s, e, t, f| s < t && e > t && e < f),
        ("T_STARTEDBY", |s, e, t, f| s == t && e > f),
        ("T_STARTS", |s, e, t, f| s == t && e < f),
    ];
    let date = |n: i32| match n {
        0 | 5 => "..".to_string(),
        n => format!("2024-01-0{n}"),
    };
    let time = |n: i32| match n {
        0 | 5 => "..".to_string(),
        n => format!("2024-01-01T0{n}:00:00Z"),
    };
    let intervals: Vec<(i32, i32)> = (0..=4).flat_map(|a| (a.max(1)..=5).map(move |b| (a, b))).collect();
    for (name, holds) in table {
        for &(s, e) in &intervals {
            for &(t, f) in &intervals {
                for word in [&date as &dyn Fn(i32) -> String, &time] {
                    let text =
                        format!("{name}(INTERVAL('{}','{}'),INTERVAL('{}','{}'))", word(s), word(e), word(t), word(f));
                    assert_eq!(on(&text), Some(holds(s, e, t, f)), "{text}");
                }
            }
        }
    }
}
