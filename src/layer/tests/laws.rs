//! The readers never panic, whatever they are given, and both stay within their bounds.

use proptest::prelude::*;

use super::*;

fn both(text: &str) {
    let layer = site();
    for crs in [Crs::Crs84, Crs::GaussKruger(4548)] {
        let filters = [cql2::parse_text(text, &layer, crs, &|_| true), cql2::parse_json(text, &layer, crs, &|f| f > 2)];
        for filter in filters.into_iter().flatten() {
            for row in rows().iter().take(4) {
                let _ = holds(&filter, row);
            }
            let _ = (filter.reach(), filter.only_field());
        }
    }
}

/// Bits of the language in any order.
fn jumble() -> impl Strategy<Value = String> {
    let bits = [
        "floors",
        "name",
        "tags",
        "geometry",
        "built_on",
        "active",
        "管径",
        "\"名称\"",
        "'x'",
        "'2024-01-01'",
        "3",
        "-2.5",
        "1e3",
        "=",
        "<>",
        "<",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "^",
        "div",
        "(",
        ")",
        ",",
        "[",
        "]",
        "AND",
        "OR",
        "NOT",
        "LIKE",
        "IN",
        "BETWEEN",
        "IS",
        "NULL",
        "TRUE",
        "CASEI(",
        "ACCENTI(",
        "DATE(",
        "TIMESTAMP(",
        "INTERVAL(",
        "BBOX(",
        "POINT(",
        "POLYGON((",
        "MULTIPOINT",
        "GEOMETRYCOLLECTION(",
        "S_WITHIN(",
        "T_DURING(",
        "A_OVERLAPS(",
        "'..'",
        "'",
        "\"",
        "\\'",
    ];
    prop::collection::vec(prop::sample::select(bits.to_vec()), 0..24).prop_map(|b| b.join(" "))
}

/// A sound expression with a few characters taken out, put in or doubled.
fn mutated() -> impl Strategy<Value = String> {
    let edits = prop::collection::vec((0..3u8, any::<prop::sample::Index>(), any::<char>()), 1..6);
    (prop::sample::select(super::vectors::sources()), edits).prop_map(|(source, edits)| {
        let mut chars: Vec<char> = source.chars().collect();
        for (how, at, c) in edits {
            let at = at.index(chars.len().max(1)).min(chars.len());
            match how {
                0 if at < chars.len() => _ = chars.remove(at),
                1 if at < chars.len() => chars.insert(at, chars[at]),
                _ => chars.insert(at, c),
            }
        }
        chars.into_iter().collect()
    })
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just(serde_json::json!(null)),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        "[a-z.]{0,6}".prop_map(Into::into),
        prop::sample::select(vec!["floors", "name", "geometry", "built_on", "tags"])
            .prop_map(|p| serde_json::json!({"property": p})),
    ];
    let ops = vec![
        "and", "not", "=", "<", "like", "in", "between", "isNull", "casei", "+", "s_within", "t_during", "a_equals",
    ];
    leaf.prop_recursive(5, 40, 4, move |inner| {
        let list = prop::collection::vec(inner, 0..4);
        prop_oneof![
            (prop::sample::select(ops.clone()), list.clone())
                .prop_map(|(op, args)| serde_json::json!({"op": op, "args": args})),
            list.clone().prop_map(|l| serde_json::json!({"interval": l})),
            list.clone().prop_map(|l| serde_json::json!({"bbox": l})),
            list.clone().prop_map(|l| serde_json::json!({"type": "Polygon", "coordinates": [l]})),
            list.prop_map(Into::into),
        ]
    })
    .prop_map(|v| v.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_text_makes_the_readers_panic(text in ".{0,200}") {
        both(&text);
    }

    #[test]
    fn no_jumble_of_the_language_makes_the_readers_panic(text in jumble()) {
        both(&text);
    }

    #[test]
    fn no_mutation_of_a_sound_expression_makes_the_readers_panic(text in mutated()) {
        both(&text);
    }

    #[test]
    fn no_json_makes_the_readers_panic(text in json()) {
        both(&text);
    }
}
