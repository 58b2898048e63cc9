//! JSON Schemas of a layer (2020-12): what a feature holds, what can be asked, what can be sorted by.
//! OGC API Features Part 3 (queryables) and Part 5 (schemas, roles: OGC 23-058r2).

use serde_json::{Map, Value as Json, json};

use crate::layer::{Field, FieldType, GeometryKind, Layer};

const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The schema of a feature's properties, geometry among them by its role.
pub fn schema(layer: &Layer, id: &str, sees: &dyn Fn(usize) -> bool) -> Json {
    let mut properties = Map::new();
    properties.insert("id".into(), json!({"type": "string", "title": "编号", "x-ogc-role": "id", "readOnly": true}));
    if let Some(geometry) = geometry(layer) {
        properties.insert("geometry".into(), geometry);
    }
    let seen = || layer.fields.iter().enumerate().filter(|(i, _)| sees(*i)).map(|(_, f)| f);
    for field in seen() {
        properties.insert(field.id.clone(), property(field, layer));
    }
    let required: Vec<&str> = seen().filter(|f| f.required).map(|f| f.id.as_str()).collect();
    let mut out = whole(layer, id, properties);
    out["additionalProperties"] = false.into();
    if !required.is_empty() {
        out["required"] = json!(required);
    }
    out
}

/// What filters may name.
pub fn queryables(layer: &Layer, id: &str, sees: &dyn Fn(usize) -> bool) -> Json {
    let mut properties = Map::new();
    properties.insert("id".into(), json!({"type": "string", "title": "编号", "x-ogc-role": "id"}));
    if let Some(geometry) = geometry(layer) {
        properties.insert("geometry".into(), geometry);
    }
    for (_, field) in layer.fields.iter().enumerate().filter(|(i, _)| sees(*i)) {
        properties.insert(field.id.clone(), property(field, layer));
    }
    let mut out = whole(layer, id, properties);
    out["additionalProperties"] = false.into();
    out
}

/// What `sortby` may name.
pub fn sortables(layer: &Layer, id: &str, sees: &dyn Fn(usize) -> bool) -> Json {
    let sorted = layer.fields.iter().enumerate().filter(|(i, f)| sees(*i) && f.kind != FieldType::List);
    let properties = sorted.map(|(_, f)| (f.id.clone(), property(f, layer))).collect();
    let mut out = whole(layer, id, properties);
    out["additionalProperties"] = false.into();
    out
}

fn whole(layer: &Layer, id: &str, properties: Map<String, Json>) -> Json {
    json!({
        "$schema": DIALECT,
        "$id": id,
        "type": "object",
        "title": layer.title.zh,
        "description": format!("{}（{}）", layer.about.zh, layer.about.en),
        "properties": properties,
    })
}

fn geometry(layer: &Layer) -> Option<Json> {
    let format = match layer.geometry[..] {
        [] => return None,
        [GeometryKind::Point] => "geometry-point-or-multipoint",
        [GeometryKind::LineString] => "geometry-linestring-or-multilinestring",
        [GeometryKind::Polygon] => "geometry-polygon-or-multipolygon",
        _ => "geometry-any",
    };
    Some(json!({"title": "几何", "x-ogc-role": "primary-geometry", "format": format}))
}

/// The UCUM code (case sensitive) of a unit as people write it.
fn ucum(unit: &str) -> Option<String> {
    if unit == "°C" {
        return Some("Cel".into());
    }
    let code: String = unit
        .chars()
        .map(|c| match c {
            '²' => '2',
            '³' => '3',
            '·' => '.',
            c => c,
        })
        .collect();
    (code.is_ascii() && !code.contains(' ')).then_some(code)
}

/// The schema of one field's values.
pub fn property(field: &Field, layer: &Layer) -> Json {
    let (kind, format) = match field.kind {
        FieldType::Text => ("string", None),
        FieldType::Integer => ("integer", Some("int64")),
        FieldType::Number => ("number", Some("double")),
        FieldType::Boolean => ("boolean", None),
        FieldType::Date => ("string", Some("date")),
        FieldType::DateTime => ("string", Some("date-time")),
        FieldType::List => ("array", None),
    };
    let mut out = json!({"type": kind, "title": field.title.zh, "description": field.title.en});
    let mut put = |key: &str, value: Json| _ = out.as_object_mut().map(|o| o.insert(key.into(), value));
    if let Some(format) = format {
        put("format", format.into());
    }
    if let Some(unit) = &field.unit {
        // Units that UCUM does not know (株, 万元) are told in Chinese, and said to be.
        match ucum(unit) {
            Some(code) => put("x-ogc-unit", code.into()),
            None => {
                put("x-ogc-unit", unit.as_str().into());
                put("x-ogc-unitLang", "zh".into());
            }
        }
    }
    if let Some(min) = field.min {
        put("minimum", min.into());
    }
    if let Some(max) = field.max {
        put("maximum", max.into());
    }
    let codes: Vec<&str> = field.values.iter().map(|c| c.code.as_str()).collect();
    let listed = field.closed && !codes.is_empty();
    match field.kind {
        FieldType::List if listed => put("items", json!({"type": "string", "enum": codes})),
        FieldType::List => put("items", json!({"type": "string"})),
        _ if listed => put("enum", json!(codes)),
        _ => {}
    }
    if !codes.is_empty() {
        // Words for the codes; for an open list also what is known of it.
        let words: Map<String, Json> =
            field.values.iter().map(|c| (c.code.clone(), json!({"zh": c.zh, "en": c.en}))).collect();
        put("x-townseat-codes", Json::Object(words));
    }
    if field.default.is_some() {
        put("default", field.default_value().to_json(field.kind));
    }
    if let Some(times) = &layer.times {
        if times.from == field.id {
            put("x-ogc-role", if times.to.is_some() { "primary-interval-start" } else { "primary-instant" }.into());
        } else if times.to.as_deref() == Some(&field.id) {
            put("x-ogc-role", "primary-interval-end".into());
        }
    }
    out
}
