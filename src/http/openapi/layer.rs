//! The paths of one layer, and the schema of its features.

use serde_json::{Map, Value as Json, json};

use super::operation::{Operation, form, list, path, query};
use super::{Paths, schema_ref};
use crate::http::schema;
use crate::layer::{Field, FieldType, GeometryKind, Layer};

/// Adds the paths of a layer, of whose fields those at `seen` are visible.
pub fn put(layer: &Layer, seen: &[usize], tag: &str, paths: &mut Paths, schemas: &mut Map<String, Json>) {
    let (id, zh, en) = (&layer.id, &layer.title.zh, &layer.title.en);
    let here = format!("/api/collections/{id}");
    let new = |what: &str, zh_what: &str, en_what: &str| {
        Operation::new(&format!("{id}.{what}"), tag, &format!("{zh}：{zh_what}"), &format!("{en}: {en_what}"))
    };
    let fields = || seen.iter().map(|f| &layer.fields[*f]);
    let mut add = |path: String, operation: Operation| _ = paths.insert(path, operation.done());

    add(
        here.clone(),
        new("collection", "图层", "the layer")
            .takes([form(&["json", "html"])])
            .gives("application/json", schema_ref("Collection"))
            .gives_html()
            .fails(&["400", "404", "406"]),
    );
    for (what, zh, en) in [
        ("schema", "字段结构", "what a feature holds"),
        ("queryables", "可查询字段", "what filters may name"),
        ("sortables", "可排序字段", "what sortby may name"),
    ] {
        let operation = new(what, zh, en)
            .takes([form(&["json", "html"])])
            .gives("application/schema+json", schema_ref("JsonSchema"))
            .gives_html();
        add(format!("{here}/{what}"), operation.fails(&["400", "404", "406"]));
    }

    let names: Vec<&str> = fields().map(|f| f.id.as_str()).collect();
    let sortable = fields().filter(|f| f.kind != FieldType::List);
    let keys: Vec<String> = sortable.flat_map(|f| [f.id.clone(), format!("+{}", f.id), format!("-{}", f.id)]).collect();
    let mut own = Vec::new();
    if !keys.is_empty() {
        let schema = json!({"type": "array", "minItems": 1, "items": {"type": "string", "enum": keys}});
        own.push(list("sortby", "排序，- 为降序 / sort keys, - for descending", schema));
    }
    if !names.is_empty() {
        let schema = json!({"type": "array", "items": {"type": "string", "enum": names}});
        own.push(list("properties", "只给这些字段 / only these fields", schema));
    }
    own.extend(fields().filter(|f| !crate::http::items::KNOWN.contains(&f.id.as_str())).map(equals));
    let collection = format!("{id}_collection");
    let sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    add(
        format!("{here}/items"),
        new("items", "要素", "features")
            .takes_common(&[
                "bbox",
                "bbox-crs",
                "datetime",
                "filter",
                "filter-lang",
                "filter-crs",
                "crs",
                "limit",
                "offset",
                "skipGeometry",
            ])
            .takes([form(&["json", "html", "csv", "xlsx"])])
            .takes(own)
            .gives("application/geo+json", schema_ref(&collection))
            .gives_html()
            .gives("text/csv", json!({"type": "string"}))
            .gives(sheet, json!({"type": "string", "format": "binary"}))
            .tells(&["Content-Crs"])
            .fails(&["400", "404", "406"]),
    );
    add(
        format!("{here}/items/{{featureId}}"),
        new("item", "单个要素", "one feature")
            .takes([path("featureId", "要素编号 / feature id", json!({"type": "string"}))])
            .takes_common(&["crs"])
            .takes([form(&["json", "html"])])
            .gives("application/geo+json", schema_ref(id))
            .gives_html()
            .tells(&["ETag", "Content-Crs"])
            .or("304", "没有变化 / not changed")
            .fails(&["400", "404", "406"]),
    );

    let properties: Map<String, Json> =
        fields().map(|f| (f.id.clone(), nullable(schema::property(f, layer)))).collect();
    schemas.insert(
        id.clone(),
        json!({
            "type": "object", "title": zh, "required": ["type", "id", "geometry", "properties"],
            "properties": {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": {"type": "string"},
                "geometry": geometry(layer),
                "properties": {"type": "object", "properties": properties, "additionalProperties": false},
                "links": {"type": "array", "items": schema_ref("Link")},
            },
        }),
    );
    let features = json!({"type": "object", "properties": {"features": {"type": "array", "items": schema_ref(id)}}});
    schemas.insert(collection, json!({"allOf": [schema_ref("FeatureCollection"), features]}));
}

/// `kind=WS`: features whose field has that value.
fn equals(field: &Field) -> Json {
    let schema = match field.kind {
        // A value may be given by its code or by its word in either language.
        FieldType::Text | FieldType::List => json!({"type": "string"}),
        FieldType::Integer => json!({"type": "integer"}),
        FieldType::Number => json!({"type": "number"}),
        FieldType::Boolean => json!({"type": "boolean"}),
        FieldType::Date => json!({"type": "string", "format": "date"}),
        FieldType::DateTime => json!({"type": "string", "format": "date-time"}),
    };
    let codes: Vec<String> = field.values.iter().take(12).map(|c| format!("{} {}", c.code, c.zh)).collect();
    let more = if field.values.len() > codes.len() { "、…" } else { "" };
    let codes = if codes.is_empty() { String::new() } else { format!("（{}{more}）", codes.join("、")) };
    query(&field.id, &format!("{} 等于{codes} / {} equals", field.title.zh, field.title.en), false, schema)
}

/// OpenAPI 3.0 has no type list: a value that may be absent is said to be nullable, and its list with it.
fn nullable(mut property: Json) -> Json {
    property["nullable"] = true.into();
    if let Some(list) = property.get_mut("enum").and_then(Json::as_array_mut) {
        list.push(Json::Null);
    }
    property
}

/// The geometries that a layer's features have; null where they have none, or where it is left out.
fn geometry(layer: &Layer) -> Json {
    let kinds = layer.geometry.iter().flat_map(|k| match k {
        GeometryKind::Point => ["Point", "MultiPoint"],
        GeometryKind::LineString => ["LineString", "MultiLineString"],
        GeometryKind::Polygon => ["Polygon", "MultiPolygon"],
    });
    json!({"oneOf": kinds.chain(["Nothing"]).map(schema_ref).collect::<Vec<_>>()})
}
