//! Rows of a layer's table to features and back. Knows no transaction.

use std::fmt::Write;
use std::sync::Arc;

use sqlx::postgres::{PgArguments, PgRow};
use sqlx::query::Query;
use sqlx::{Postgres, Row};

use super::table::PostGis;
use super::triggers;
use crate::geom::{Geometry, wkb};
use crate::layer::{Feature, FieldType, Layer, Value};
use crate::store::{StoreError, sql};

/// The storage CRS in the form that EWKB holds it.
const SRID: u32 = 4490;

/// The bit of an EWKB type that says that the SRID follows.
const HAS_SRID: u32 = 0x2000_0000;

/// What is selected of a layer's table called `t`, in the order in which [`decode`] takes it.
pub fn columns(layer: &Layer, postgis: &PostGis) -> String {
    let mut list = vec!["t.\"fid\"".to_string(), "t.\"id\"".to_string()];
    if !layer.geometry.is_empty() {
        let (empty, binary) = (postgis.name("ST_IsEmpty"), postgis.name("ST_AsBinary"));
        list.push(format!("CASE WHEN NOT {empty}(t.\"geom\") THEN {binary}(t.\"geom\", 'NDR') END"));
    }
    for field in &layer.fields {
        let column = format!("t.{}", sql::name(&field.id));
        list.push(match field.kind {
            FieldType::Date => format!("to_char({column}, 'YYYY-MM-DD')"),
            FieldType::DateTime => triggers::time(&column),
            _ => column,
        });
    }
    list.join(", ")
}

/// A feature of a row read with [`columns`].
pub fn decode(layer: &Layer, row: &PgRow) -> Result<Feature, StoreError> {
    let fid: i64 = row.try_get(0).unwrap_or_default();
    let broken = |what: String| StoreError::Row { layer: layer.id.clone(), fid, what };
    let wrong = |e: sqlx::Error| broken(e.to_string());
    let id: Option<&str> = row.try_get(1).map_err(wrong)?;
    let mut next = 2;
    let mut geometry = None;
    if !layer.geometry.is_empty() {
        next = 3;
        if let Some(bytes) = row.try_get::<Option<&[u8]>, _>(2).map_err(wrong)? {
            geometry = Some(wkb::decode(bytes).map_err(|e| broken(format!("geometry: {e}")))?);
        }
    }
    let mut values = Vec::with_capacity(layer.fields.len());
    for (i, field) in layer.fields.iter().enumerate() {
        let i = next + i;
        let value = match field.kind {
            FieldType::Integer => row.try_get::<Option<i64>, _>(i).map(|v| v.map(Value::Int)),
            FieldType::Number => row.try_get::<Option<f64>, _>(i).map(|v| v.map(Value::Real)),
            FieldType::Boolean => row.try_get::<Option<bool>, _>(i).map(|v| v.map(Value::Bool)),
            _ => row.try_get::<Option<&str>, _>(i).map(|v| v.map(Value::text)),
        };
        values.push(value.map_err(wrong)?.unwrap_or_default());
    }
    Ok(Feature { fid, id: Arc::from(id.unwrap_or_default()), geometry, values })
}

/// Columns of a layer that are written, and the expression that takes each one's parameter, in the order of [`bind`].
pub fn written(layer: &Layer, postgis: &PostGis) -> Vec<(String, String)> {
    let mut list = Vec::new();
    let mut push = |column: &str, before: &str, after: &str| {
        let parameter = format!("{before}${}{after}", list.len() + 1);
        list.push((sql::name(column), parameter));
    };
    if !layer.geometry.is_empty() {
        push("geom", &format!("{}(", postgis.name("ST_GeomFromWKB")), ", 4490)");
    }
    push("id", "", "");
    for field in &layer.fields {
        match field.kind {
            FieldType::Date => push(&field.id, "", "::text::date"),
            FieldType::DateTime => push(&field.id, "", "::text::timestamptz"),
            _ => push(&field.id, "", ""),
        }
    }
    list
}

/// Binds a feature in the order of [`written`]. A value of a wrong type is refused, as the column would.
pub fn bind<'q>(
    mut query: Query<'q, Postgres, PgArguments>,
    layer: &Layer,
    feature: &Feature,
) -> Result<Query<'q, Postgres, PgArguments>, StoreError> {
    if !layer.geometry.is_empty() {
        query = query.bind(feature.geometry.as_ref().map(wkb::encode));
    }
    query = query.bind(feature.id.to_string());
    for (i, field) in layer.fields.iter().enumerate() {
        let value = feature.values.get(i).unwrap_or(&Value::Null);
        query = match (field.kind, value) {
            (FieldType::Integer, Value::Int(v)) => query.bind(*v),
            (FieldType::Integer, Value::Null) => query.bind(None::<i64>),
            (FieldType::Number, Value::Real(v)) => query.bind(*v),
            (FieldType::Number, Value::Int(v)) => query.bind(*v as f64),
            (FieldType::Number, Value::Null) => query.bind(None::<f64>),
            (FieldType::Boolean, Value::Bool(v)) => query.bind(*v),
            (FieldType::Boolean, Value::Null) => query.bind(None::<bool>),
            (_, Value::Text(t)) if is_text(field.kind) => query.bind(t.to_string()),
            (_, Value::Null) => query.bind(None::<String>),
            _ => return Err(wrong_type(layer, feature, &field.id)),
        };
    }
    Ok(query)
}

fn is_text(kind: FieldType) -> bool {
    matches!(kind, FieldType::Text | FieldType::List | FieldType::Date | FieldType::DateTime)
}

fn wrong_type(layer: &Layer, feature: &Feature, field: &str) -> StoreError {
    StoreError::Rejected { what: format!("{}/{}: the value of '{field}' is of another type", layer.id, feature.id) }
}

/// Columns of a line that [`copy_line`] writes.
pub fn copied(layer: &Layer, with_fid: bool) -> String {
    let fid = with_fid.then_some("fid");
    let geom = (!layer.geometry.is_empty()).then_some("geom");
    sql::names(fid.into_iter().chain(geom).chain(["id"]).chain(layer.fields.iter().map(|f| f.id.as_str())))
}

/// Appends a feature as a line of COPY's text format (postgresql.org/docs/current/sql-copy.html, "Text Format").
pub fn copy_line(out: &mut String, layer: &Layer, feature: &Feature, with_fid: bool) -> Result<(), StoreError> {
    if with_fid {
        let _ = write!(out, "{}\t", feature.fid);
    }
    if !layer.geometry.is_empty() {
        match &feature.geometry {
            Some(geometry) => hex_ewkb(out, geometry),
            None => out.push_str("\\N"),
        }
        out.push('\t');
    }
    escape(out, &feature.id);
    for (i, field) in layer.fields.iter().enumerate() {
        out.push('\t');
        match (field.kind, feature.values.get(i).unwrap_or(&Value::Null)) {
            (_, Value::Null) => out.push_str("\\N"),
            (FieldType::Boolean, Value::Bool(b)) => out.push(if *b { 't' } else { 'f' }),
            (FieldType::Integer | FieldType::Number, Value::Int(v)) => _ = write!(out, "{v}"),
            (FieldType::Number, Value::Real(v)) if v.is_infinite() => {
                out.push_str(if *v > 0.0 { "Infinity" } else { "-Infinity" });
            }
            (FieldType::Number, Value::Real(v)) => _ = write!(out, "{v:e}"),
            (_, Value::Text(t)) if is_text(field.kind) => escape(out, t),
            _ => return Err(wrong_type(layer, feature, &field.id)),
        }
    }
    out.push('\n');
    Ok(())
}

fn escape(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ => out.push(c),
        }
    }
}

/// Hex of EWKB: the WKB with the SRID after its type.
fn hex_ewkb(out: &mut String, geometry: &Geometry) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let bytes = wkb::encode(geometry);
    let (head, places) = bytes.split_at(bytes.len().min(5));
    let mut push = |bytes: &[u8]| {
        for b in bytes {
            out.push(DIGITS[usize::from(b >> 4)] as char);
            out.push(DIGITS[usize::from(b & 15)] as char);
        }
    };
    if let [order, a, b, c, d] = head {
        let kind = u32::from_le_bytes([*a, *b, *c, *d]) | HAS_SRID;
        push(&[*order]);
        push(&kind.to_le_bytes());
        push(&SRID.to_le_bytes());
    }
    push(places);
}
