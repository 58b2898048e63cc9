//! Each operator of CQL2 in both encodings, against the rows PostGIS found for the same in SQL.

use super::*;

#[derive(serde::Deserialize)]
struct Vector {
    name: String,
    text: String,
    json: serde_json::Value,
    ids: Vec<String>,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("../../../tests/fixtures/cql2/vectors.json")).expect("vectors")
}

/// All texts and JSON of the vectors, for mutation.
pub fn sources() -> Vec<String> {
    vectors().into_iter().flat_map(|v| [v.text, v.json.to_string()]).collect()
}

#[test]
fn every_expression_finds_in_both_encodings_what_postgis_found() {
    let (layer, rows) = (site(), rows());
    for v in vectors() {
        let text = read(&v.text).unwrap_or_else(|e| panic!("{}: {} {e:?}", v.name, v.text));
        let json = cql2::parse_json(&v.json.to_string(), &layer, Crs::Crs84, &|_| true)
            .unwrap_or_else(|e| panic!("{}: {} {e:?}", v.name, v.json));
        assert_eq!(text, json, "{}: the encodings differ", v.name);
        assert_eq!(found(&text, &rows), v.ids, "{}: {}", v.name, v.text);
        let negated = Filter::Not(Box::new(text.clone()));
        let unknown = Filter::IsUnknown(Box::new(text));
        let total = found(&negated, &rows).len() + found(&unknown, &rows).len() + v.ids.len();
        assert_eq!(total, rows.len(), "{}: true, false and unknown are all there is", v.name);
    }
}

#[test]
fn every_operator_of_the_standard_stands_in_the_list() {
    let all = vectors().iter().map(|v| v.json.to_string()).collect::<String>();
    let ops = [
        "and",
        "or",
        "not",
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "like",
        "between",
        "in",
        "isNull",
        "casei",
        "accenti",
        "+",
        "-",
        "*",
        "/",
        "%",
        "div",
        "^",
        "s_intersects",
        "s_disjoint",
        "s_equals",
        "s_touches",
        "s_within",
        "s_overlaps",
        "s_crosses",
        "s_contains",
        "t_after",
        "t_before",
        "t_contains",
        "t_disjoint",
        "t_during",
        "t_equals",
        "t_finishedBy",
        "t_finishes",
        "t_intersects",
        "t_meets",
        "t_metBy",
        "t_overlappedBy",
        "t_overlaps",
        "t_startedBy",
        "t_starts",
        "a_contains",
        "a_containedBy",
        "a_equals",
        "a_overlaps",
    ];
    for op in ops {
        assert!(all.contains(&format!("\"op\":\"{op}\"")), "{op} is not tried");
    }
}

#[test]
fn what_a_filter_reaches_holds_all_that_it_finds() {
    let rows = rows();
    for v in vectors() {
        let filter = read(&v.text).expect("a filter");
        let Some(reach) = filter.reach() else { continue };
        for row in rows.iter().filter(|r| v.ids.contains(&r.id.to_string())) {
            assert!(row.bounds().is_some_and(|b| b.meets(&reach)), "{}: {} lies beyond", v.name, row.id);
        }
    }
    assert!(read("S_WITHIN(geometry, BBOX(116,35,117,36)) AND floors = 1").expect("a filter").reach().is_some());
    assert_eq!(read("S_WITHIN(geometry, BBOX(116,35,117,36)) OR floors = 1").expect("a filter").reach(), None);
    assert_eq!(read("NOT S_WITHIN(geometry, BBOX(116,35,117,36))").expect("a filter").reach(), None);
    assert_eq!(read("S_DISJOINT(geometry, BBOX(116,35,117,36))").expect("a filter").reach(), None);
}
