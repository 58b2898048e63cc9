//! The SQL that writes a row as its image in the change log. Plain SQLite, so that it also runs in
//! the desktop program that makes an edit; knows no connection.

use crate::layer::{FieldType, Layer};
use crate::store::sql;

/// An expression for the image of a row; `row` is `OLD`, `NEW` or a table's alias. It never fails and is never null.
pub fn image(layer: &Layer, row: &str) -> String {
    let mut parts = vec![format!("'{{\"fid\":' || {row}.\"fid\" || ',\"id\":' || json_quote({row}.\"id\")")];
    if !layer.geometry.is_empty() {
        parts.push(format!("',\"geom\":' || {}", quoted_wkb(row)));
    }
    for field in &layer.fields {
        parts.push(format!(
            "',\"{}\":' || {}",
            field.id,
            value(&format!("{row}.{}", sql::name(&field.id)), field.kind)
        ));
    }
    parts.push("'}'".into());
    parts.join(" || ")
}

/// The WKB of a row's geometry without the GeoPackage header, as a blob; null where there is none.
/// The length of the header comes from the envelope bits of its flags (GeoPackage, clause 2.1.3).
pub fn wkb(row: &str) -> String {
    let geom = format!("{row}.\"geom\"");
    let flags = format!("hex(substr({geom}, 4, 1))");
    format!(
        "CASE WHEN typeof({geom}) <> 'blob' OR hex(substr({geom}, 1, 2)) <> '4750' \
         OR substr({flags}, 1, 1) IN ('1','3','5','7','9','B','D','F') THEN NULL \
         ELSE substr({geom}, CASE substr({flags}, 2, 1) WHEN '0' THEN 9 WHEN '1' THEN 9 WHEN '2' THEN 41 \
         WHEN '3' THEN 41 WHEN '8' THEN 73 WHEN '9' THEN 73 ELSE 57 END) END"
    )
}

fn quoted_wkb(row: &str) -> String {
    // hex(NULL) is an empty text
    format!("coalesce('\"' || nullif(lower(hex({})), '') || '\"', 'null')", wkb(row))
}

/// An expression for a column as JSON. SQLite lets any column hold any type: what is there is written.
fn value(column: &str, kind: FieldType) -> String {
    let blob = format!("'\"' || hex({column}) || '\"'");
    let quoted = format!("json_quote({column})");
    let (text, integer, real) = match kind {
        // a TEXT column turns numbers into text as they come
        FieldType::Text | FieldType::List => {
            return format!("CASE typeof({column}) WHEN 'text' THEN {quoted} WHEN 'null' THEN 'null' ELSE {blob} END");
        }
        FieldType::Number => (quoted, format!("CAST({column} AS TEXT)"), real(column)),
        FieldType::Boolean => {
            let words = format!("CASE {column} WHEN 0 THEN 'false' WHEN 1 THEN 'true' ELSE CAST({column} AS TEXT) END");
            (quoted, words, format!("printf('%!.17g', {column})"))
        }
        // the GeoPackage form of a moment has three digits of a second, the log six
        FieldType::DateTime => {
            let moment = format!(
                "json_quote(CASE WHEN {column} GLOB '????-??-??T??:??:??.???Z' \
                 THEN substr({column}, 1, 23) || '000Z' ELSE {column} END)"
            );
            (moment, format!("CAST({column} AS TEXT)"), format!("printf('%!.17g', {column})"))
        }
        FieldType::Integer | FieldType::Date => {
            (quoted, format!("CAST({column} AS TEXT)"), format!("printf('%!.17g', {column})"))
        }
    };
    format!(
        "CASE typeof({column}) WHEN 'null' THEN 'null' WHEN 'text' THEN {text} WHEN 'integer' THEN {integer} \
         WHEN 'real' THEN {real} ELSE {blob} END"
    )
}

/// An expression for a real number in the fewest digits that give it back.
///
/// SQLite's own reading of decimals errs in the last bit now and then, and differs from version to version.
/// So a candidate of 15 or 16 digits is tried by dividing its digits, a whole number up to 2^53, by a power of
/// ten up to 10^22: both are exact and IEEE division rounds right (Clinger, 1990). Digits above 2^53 lie closer
/// together than reals do, so the nearest always gives back; and so do seventeen digits.
fn real(column: &str) -> String {
    let gives_back = |s: &str| {
        let digits = format!("CAST(replace({s}, '.', '') AS INTEGER)");
        let decimals = format!("CASE instr({s}, '.') WHEN 0 THEN 0 ELSE length({s}) - instr({s}, '.') END");
        format!(
            "CASE WHEN instr({s}, 'e') THEN CAST({s} AS REAL) = {column} \
             ELSE abs({digits}) > 9007199254740992 \
             OR CAST({digits} AS REAL) / CAST('1e' || ({decimals}) AS REAL) = {column} END"
        )
    };
    format!(
        "(SELECT CASE WHEN abs({column}) > 1.7976931348623157e308 \
         THEN CASE WHEN {column} > 0 THEN '\"Infinity\"' ELSE '\"-Infinity\"' END \
         WHEN {} THEN s15 WHEN {} THEN s16 ELSE printf('%!.17g', {column}) END \
         FROM (SELECT printf('%.15g', {column}) AS s15, printf('%.16g', {column}) AS s16))",
        gives_back("s15"),
        gives_back("s16")
    )
}
