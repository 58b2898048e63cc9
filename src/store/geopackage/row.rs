//! Rows of a layer's table to features and back. Knows no transaction.

use std::sync::Arc;

use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqliteRow, SqliteValueRef};
use sqlx::{Decode, Row, Sqlite, TypeInfo, ValueRef};

use super::table::SRS;
use crate::geom::wkb;
use crate::layer::{Feature, FieldType, Layer, Value};
use crate::store::{StoreError, image, sql};

/// Columns of a layer that are read, in the order in which [`decode`] takes them.
pub fn columns(layer: &Layer) -> String {
    sql::names(["fid", "id"].into_iter().chain(written(layer).filter(|c| *c != "id")))
}

/// Columns of a layer that are written, in the order in which [`bind`] gives them.
pub fn written(layer: &Layer) -> impl Iterator<Item = &str> {
    let geom = (!layer.geometry.is_empty()).then_some("geom");
    geom.into_iter().chain(["id"]).chain(layer.fields.iter().map(|f| f.id.as_str()))
}

/// A feature of a row read with [`columns`]. A value of a wrong type stays what it is, for the checks to find.
pub fn decode(layer: &Layer, row: &SqliteRow) -> Result<Feature, StoreError> {
    let fid: i64 = row.try_get_unchecked(0).unwrap_or_default();
    let broken = |what: String| StoreError::Row { layer: layer.id.clone(), fid, what };
    let raw = |i: usize| row.try_get_raw(i).map_err(|e| broken(e.to_string()));
    let id = Arc::from(&*text(raw(1)?));
    let mut next = 2;
    let geometry = if layer.geometry.is_empty() {
        None
    } else {
        next = 3;
        let value = raw(2)?;
        if value.is_null() {
            None
        } else {
            wkb::decode_gpkg(bytes(value)).map_err(|e| broken(format!("geometry: {e}")))?
        }
    };
    let mut values = Vec::with_capacity(layer.fields.len());
    for (i, field) in layer.fields.iter().enumerate() {
        values.push(value(field.kind, raw(next + i)?));
    }
    Ok(Feature { fid, id, geometry, values })
}

fn value(kind: FieldType, raw: SqliteValueRef<'_>) -> Value {
    if raw.is_null() {
        return Value::Null;
    }
    match raw.type_info().name() {
        "INTEGER" => <i64 as Decode<Sqlite>>::decode(raw).map_or(Value::Null, |i| image::from_integer(kind, i)),
        "REAL" => <f64 as Decode<Sqlite>>::decode(raw).map_or(Value::Null, Value::Real),
        "TEXT" => image::from_text(kind, &text(raw)),
        _ => Value::text(&bytes(raw).iter().map(|b| format!("{b:02X}")).collect::<String>()),
    }
}

fn bytes(raw: SqliteValueRef<'_>) -> &[u8] {
    <&[u8] as Decode<Sqlite>>::decode(raw).unwrap_or_default()
}

fn text(raw: SqliteValueRef<'_>) -> std::borrow::Cow<'_, str> {
    // another program may have stored a text in another encoding
    String::from_utf8_lossy(bytes(raw))
}

/// Binds a feature in the order of [`written`].
pub fn bind<'q>(
    mut query: Query<'q, Sqlite, SqliteArguments>,
    layer: &Layer,
    feature: &Feature,
) -> Query<'q, Sqlite, SqliteArguments> {
    if !layer.geometry.is_empty() {
        query = query.bind(feature.geometry.as_ref().map(|g| wkb::encode_gpkg(g, SRS)));
    }
    query = query.bind(Some(feature.id.clone()).filter(|id| !id.is_empty()));
    for (i, field) in layer.fields.iter().enumerate() {
        query = match feature.values.get(i) {
            None | Some(Value::Null) => query.bind(None::<i64>),
            Some(Value::Bool(b)) => query.bind(*b),
            Some(Value::Int(i)) => query.bind(*i),
            Some(Value::Real(r)) => query.bind(*r),
            Some(Value::Text(t)) if field.kind == FieldType::DateTime => query.bind(stored_time(t)),
            Some(Value::Text(t)) => query.bind(t.clone()),
        };
    }
    query
}

/// GeoPackage writes a moment with three digits of a second; finer ones keep theirs.
fn stored_time(t: &Arc<str>) -> Arc<str> {
    match t.strip_suffix("000Z") {
        Some(short) if t.len() == 27 => Arc::from(format!("{short}Z")),
        _ => t.clone(),
    }
}
