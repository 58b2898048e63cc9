//! A feature as the change log keeps it: one line of canonical JSON. Knows no database.
//!
//! `{"fid":7,"id":"p-7","geom":"0101…","kind":"JS","diameter_mm":300}`: `fid`, `id`, the geometry as
//! lower-case hex of little-endian WKB, then the fields in catalogue order. The triggers write it;
//! this reads it. A field that the catalogue has gained since is null, one that it has lost is passed over.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::geom::wkb;
use crate::layer::{Feature, Field, FieldType, Layer, Operation, Value, value};

/// Reads an image. What does not fit is kept as text or left null: the log must stay readable
/// whatever an outsider has written. `None` when the text is no JSON object at all.
pub fn read(layer: &Layer, image: &str) -> Option<Feature> {
    let map: Map<String, Json> = serde_json::from_str(image).ok()?;
    Some(Feature {
        fid: map.get("fid").and_then(Json::as_i64).unwrap_or_default(),
        id: Arc::from(map.get("id").and_then(Json::as_str).unwrap_or_default()),
        geometry: map.get("geom").and_then(Json::as_str).and_then(|hex| wkb::decode_hex(hex).ok()),
        values: layer.fields.iter().map(|f| map.get(&f.id).map_or(Value::Null, |j| field_value(f, j))).collect(),
    })
}

/// The operation that a row of the log names; `None`, and a warning, for one of a newer program.
pub fn operation(word: &str) -> Option<Operation> {
    match word {
        "insert" => Some(Operation::Insert),
        "update" => Some(Operation::Update),
        "delete" => Some(Operation::Delete),
        "resync" => Some(Operation::Resync),
        other => {
            tracing::warn!("a row of the change log has the operation '{other}': passed over");
            None
        }
    }
}

fn field_value(field: &Field, json: &Json) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(n) => match n.as_i64() {
            Some(i) => from_integer(field.kind, i),
            None => n.as_f64().map_or(Value::Null, Value::Real),
        },
        Json::String(s) => from_text(field.kind, s),
        other => Value::text(&other.to_string()),
    }
}

/// A whole number of a database as a value of a field.
pub fn from_integer(kind: FieldType, i: i64) -> Value {
    match kind {
        FieldType::Number => Value::Real(i as f64),
        FieldType::Boolean if i == 0 || i == 1 => Value::Bool(i == 1),
        _ => Value::Int(i),
    }
}

/// A text of a database as a value of a field; a moment comes out in its canonical form.
pub fn from_text(kind: FieldType, s: &str) -> Value {
    match kind {
        // GeoPackage's own form, three digits of a second: the common case, so no parsing
        FieldType::DateTime if has_time_form(s, 24) => Value::text(&format!("{}000Z", &s[..23])),
        FieldType::DateTime if !has_time_form(s, 27) => match value::time(s) {
            Some(t) => Value::text(&t),
            None => Value::text(s),
        },
        FieldType::Number if s.ends_with("Infinity") => s.parse().map_or_else(|_| Value::text(s), Value::Real),
        _ => Value::text(s),
    }
}

/// True for `2024-05-01T08:00:00.000Z` with as many characters in all.
fn has_time_form(s: &str, length: usize) -> bool {
    let b = s.as_bytes();
    let digit = |i: usize| b[i].is_ascii_digit();
    b.len() == length
        && (b[4], b[7], b[10], b[13], b[16], b[19], b[length - 1]) == (b'-', b'-', b'T', b':', b':', b'.', b'Z')
        && (0..length - 1).all(|i| matches!(i, 4 | 7 | 10 | 13 | 16 | 19) || digit(i))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_other_programs_become_canonical() {
        for (stored, wanted) in [
            ("2024-05-01T08:00:00.000Z", "2024-05-01T08:00:00.000000Z"),
            ("2024-05-01T16:00:00+08:00", "2024-05-01T08:00:00.000000Z"),
            ("2024-05-01T08:00:00.123456Z", "2024-05-01T08:00:00.123456Z"),
            ("soon", "soon"),
        ] {
            assert_eq!(from_text(FieldType::DateTime, stored), Value::text(wanted));
        }
    }
}
