//! What many operations share: parameters, headers, faults, and the schemas of common answers.

use serde_json::{Map, Value as Json, json};

use super::operation::{list, query};
use super::schema_ref;
use crate::geom::Crs;
use crate::http::items::{MOST, PAGE};

/// Parameters by name; each stands under the name that it has in the query.
pub fn parameters() -> Map<String, Json> {
    let crs = |name: &str, description: &str| {
        let served: Vec<String> = Crs::SERVED.iter().filter_map(|c| c.uri()).collect();
        query(
            name,
            description,
            false,
            json!({"type": "string", "format": "uri", "default": served[0], "enum": served}),
        )
    };
    let whole = |least: usize, default: usize| json!({"type": "integer", "minimum": least, "default": default});
    let mut limit = whole(1, PAGE);
    limit["maximum"] = MOST.into();
    let bbox = json!({
        "type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6,
        "example": [116.70, 35.44, 116.74, 35.47],
    });
    let all = [
        list(
            "bbox",
            "范围：西,南,东,北（bbox-crs 的轴序；可带高程） / west,south,east,north, or six with heights",
            bbox,
        ),
        crs("bbox-crs", "bbox 的坐标系 / CRS of bbox"),
        query(
            "datetime",
            "时刻或时段；没有时间的要素都算 / an instant or interval; features without a time stay in",
            false,
            json!({"type": "string", "example": "2024-01-01/.."}),
        ),
        query(
            "filter",
            "条件，CQL2（OGC 21-065r2）；字段见 queryables，取值可写代码或中英文词 / a CQL2 condition over the queryables",
            false,
            json!({"type": "string", "maxLength": crate::layer::cql2::LONGEST}),
        ),
        query(
            "filter-lang",
            "条件的写法 / encoding of filter",
            false,
            json!({"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}),
        ),
        crs("filter-crs", "条件中几何的坐标系 / CRS of geometries in filter"),
        crs("crs", "结果的坐标系 / CRS of the answer"),
        query("limit", "每页几条 / features of a page", false, limit),
        query(
            "offset",
            "跳过几条；翻页请跟随 next 链接 / matches to pass over; follow the next links",
            false,
            whole(0, 0),
        ),
        query("skipGeometry", "不要几何 / leave geometry out", false, json!({"type": "boolean", "default": false})),
    ];
    all.into_iter().map(|p| (p["name"].as_str().unwrap_or_default().to_string(), p)).collect()
}

/// Headers of answers.
pub fn headers() -> Json {
    json!({
        "ETag": {"description": "内容的强标记，配合 If-None-Match / strong tag of the content", "schema": {"type": "string"}},
        "Content-Crs": {"description": "结果的坐标系 / CRS of the answer, in angle brackets", "schema": {"type": "string"}},
    })
}

/// Faults by status.
pub fn responses() -> Json {
    let fault = |zh_en: &str| json!({"description": zh_en, "content": {"application/problem+json": {"schema": schema_ref("Problem")}}});
    json!({
        "400": fault("参数有误 / a parameter is wrong"),
        "404": fault("未找到 / not found"),
        "406": fault("没有可接受的格式 / no acceptable form"),
        "500": fault("内部错误 / internal fault"),
    })
}

/// Schemas of common answers.
pub fn schemas() -> Map<String, Json> {
    let text = json!({"type": "string"});
    let texts = json!({"type": "array", "items": text});
    let links = json!({"type": "array", "items": schema_ref("Link")});
    let words = json!({
        "type": "object", "required": ["title", "detail"],
        "properties": {"title": text, "detail": text, "hint": text},
    });
    let pair = json!({"type": "object", "required": ["zh", "en"], "properties": {"zh": text, "en": text}});
    let schemas = json!({
        "Link": {
            "type": "object", "required": ["href", "rel"],
            "properties": {"href": text, "rel": text, "type": text, "title": text},
        },
        "Landing": {
            "type": "object", "required": ["title", "links"],
            "properties": {"title": text, "description": text, "attribution": text, "links": links},
        },
        "Conformance": {"type": "object", "required": ["conformsTo"], "properties": {"conformsTo": texts}},
        "Extent": {
            "type": "object",
            "properties": {
                "spatial": {
                    "type": "object", "required": ["bbox"],
                    "properties": {
                        "bbox": {"type": "array", "minItems": 1, "items": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 6}},
                        "crs": text,
                    },
                },
                "temporal": {
                    "type": "object", "required": ["interval"],
                    "properties": {
                        "interval": {"type": "array", "minItems": 1, "items": {"type": "array", "minItems": 2, "maxItems": 2, "items": {"type": "string", "nullable": true}}},
                        "trs": text,
                    },
                },
            },
        },
        "Collection": {
            "type": "object", "required": ["id", "title", "links"],
            "properties": {
                "id": text, "title": text, "description": text, "itemType": {"type": "string", "enum": ["feature"]},
                "extent": schema_ref("Extent"), "crs": texts, "storageCrs": text, "links": links,
            },
        },
        "Collections": {
            "type": "object", "required": ["links", "collections"],
            "properties": {
                "links": links, "crs": texts,
                "collections": {"type": "array", "items": schema_ref("Collection")},
            },
        },
        "Feature": {
            "type": "object", "required": ["type", "id", "geometry", "properties"],
            "properties": {
                "type": {"type": "string", "enum": ["Feature"]},
                "id": text,
                "geometry": {"oneOf": [schema_ref("Geometry"), schema_ref("Nothing")]},
                "properties": {"type": "object", "nullable": true},
                "links": links,
            },
        },
        "FeatureCollection": {
            "type": "object", "required": ["type", "features"],
            "properties": {
                "type": {"type": "string", "enum": ["FeatureCollection"]},
                "features": {"type": "array", "items": schema_ref("Feature")},
                "numberMatched": {"type": "integer", "minimum": 0},
                "numberReturned": {"type": "integer", "minimum": 0},
                "timeStamp": {"type": "string", "format": "date-time"},
                "links": links,
            },
        },
        "JsonSchema": {
            "type": "object", "required": ["$schema", "$id", "type", "properties"],
            "properties": {
                "$schema": text, "$id": text, "type": {"type": "string", "enum": ["object"]}, "title": text,
                "description": text, "properties": {"type": "object"}, "required": texts, "additionalProperties": {"type": "boolean"},
            },
        },
        "TileJson": {
            "type": "object", "required": ["tilejson", "tiles", "vector_layers"],
            "properties": {
                "tilejson": {"type": "string", "enum": ["3.0.0"]}, "tiles": texts, "name": text, "attribution": text,
                "minzoom": {"type": "integer"}, "maxzoom": {"type": "integer"},
                "bounds": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
                "center": {"type": "array", "items": {"type": "number"}, "minItems": 3, "maxItems": 3},
                "vector_layers": {"type": "array", "items": {"type": "object", "required": ["id", "fields"], "properties": {"id": text, "fields": {"type": "object", "additionalProperties": text}}}},
            },
        },
        "Words": pair,
        "Fault": {
            "type": "object", "required": ["rule", "warning", "what", "hint"],
            "properties": {
                "file": text, "line": {"type": "integer"}, "row": {"type": "integer"}, "layer": text, "feature": text, "field": text,
                "rule": text, "warning": {"type": "boolean"}, "what": schema_ref("Words"), "hint": schema_ref("Words"),
            },
        },
        "Problem": {
            "type": "object", "required": ["type", "title", "status", "detail", "en"],
            "properties": {
                "type": text, "title": text, "status": {"type": "integer"}, "detail": text, "hint": text,
                "parameter": text, "position": {"type": "integer", "description": "参数值中的第几个字，从 0 起 / character of the value, from 0"},
                "en": words, "faults": {"type": "array", "items": schema_ref("Fault")},
            },
        },
    });
    let mut out = schemas.as_object().cloned().unwrap_or_default();
    out.extend(geometries());
    out
}

/// GeoJSON geometries by kind, and any of them.
fn geometries() -> Map<String, Json> {
    let place = json!({"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2});
    let many = |of: &Json, least: usize| json!({"type": "array", "items": of, "minItems": least});
    let (line, ring) = (many(&place, 2), many(&place, 4));
    let polygon = many(&ring, 1);
    let kinds = [
        ("Point", place.clone()),
        ("MultiPoint", many(&place, 1)),
        ("LineString", line.clone()),
        ("MultiLineString", many(&line, 1)),
        ("Polygon", polygon.clone()),
        ("MultiPolygon", many(&polygon, 1)),
    ];
    let mut out = Map::new();
    out.insert("Geometry".into(), json!({"oneOf": kinds.iter().map(|(name, _)| schema_ref(name)).collect::<Vec<_>>()}));
    for (name, coordinates) in kinds {
        let kind = json!({
            "type": "object", "required": ["type", "coordinates"],
            "properties": {"type": {"type": "string", "enum": [name]}, "coordinates": coordinates},
        });
        out.insert(name.into(), kind);
    }
    // OpenAPI 3.0 lets null through only beside a type; as a choice of its own it is this.
    out.insert("Nothing".into(), json!({"type": "object", "nullable": true, "enum": [null]}));
    out
}
