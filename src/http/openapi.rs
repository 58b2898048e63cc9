//! The OpenAPI 3.0 document, made from the catalogue: it says what is answered, nothing else.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use serde_json::{Map, Value as Json, json};

use super::Service;
use super::answer::{base_url, typed_answer};
use super::pages;
use super::params::Params;
use super::problem::Problem;
use super::schema;
use crate::flows::live::Live;
use crate::layer::Layer;

const MEDIA: &str = "application/vnd.oai.openapi+json;version=3.0";

/// `/api/openapi.json`.
pub async fn document(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &["f"])?;
    Ok(typed_answer(MEDIA, describe(&service.live, &base_url(&headers)).to_string()))
}

/// `/api/openapi.html`: the same, to read.
pub async fn page(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &["f"])?;
    Ok(pages::openapi(&describe(&service.live, &base_url(&headers))))
}

/// The document for the layers that everybody sees.
pub fn describe(live: &Live, base: &str) -> Json {
    let mut paths = Map::new();
    let mut put = |path: &str, operation: Json| _ = paths.insert(path.into(), json!({"get": operation}));
    let f = |list: &[&str]| json!({"name": "f", "in": "query", "description": "格式 / form", "schema": {"type": "string", "enum": list}});
    put(
        "/api",
        get(
            "landing",
            "服务首页",
            "Landing page",
            vec![f(&["json", "html"])],
            "application/json",
            reference("Landing"),
        ),
    );
    put(
        "/api/conformance",
        get(
            "conformance",
            "符合的标准",
            "Conformance classes",
            vec![f(&["json", "html"])],
            "application/json",
            reference("Conformance"),
        ),
    );
    put(
        "/api/collections",
        get(
            "collections",
            "图层目录",
            "Layers",
            vec![f(&["json", "html"])],
            "application/json",
            reference("Collections"),
        ),
    );
    put(
        "/api/search",
        get(
            "search",
            "按名称或编号查找",
            "Features by name or number",
            vec![
                query(
                    "q",
                    "名称或编号的任意部分 / any part of a name or number",
                    true,
                    json!({"type": "string", "minLength": 1, "maxLength": 100}),
                ),
                query("limit", "最多几条 / how many", false, json!({"type": "integer", "minimum": 1, "default": 20})),
            ],
            "application/geo+json",
            reference("FeatureCollection"),
        ),
    );
    put(
        "/api/at",
        get(
            "at",
            "某处有什么",
            "What lies at a place",
            vec![
                query("lon", "经度 / longitude", true, json!({"type": "number", "minimum": -180, "maximum": 180})),
                query("lat", "纬度 / latitude", true, json!({"type": "number", "minimum": -85, "maximum": 85})),
                query(
                    "radius_m",
                    "半径（米）/ metres around",
                    false,
                    json!({"type": "number", "minimum": 0, "maximum": 500, "default": 5}),
                ),
                query("limit", "最多几条 / how many", false, json!({"type": "integer", "minimum": 1, "default": 100})),
            ],
            "application/geo+json",
            reference("FeatureCollection"),
        ),
    );
    put(
        "/api/catalogue",
        get(
            "catalogue",
            "图层、字段与用语",
            "Layers, fields and words",
            vec![],
            "application/json",
            json!({"type": "object"}),
        ),
    );
    put(
        "/api/figures",
        get(
            "figures",
            "首页数字",
            "Living figures",
            vec![],
            "application/json",
            json!({"type": "array", "items": {"type": "object"}}),
        ),
    );
    put(
        "/api/changes",
        get(
            "changes",
            "变更推送",
            "Server-sent events of changes",
            vec![query(
                "since",
                "从此序号之后开始 / start after this seq",
                false,
                json!({"type": "integer", "minimum": 0}),
            )],
            "text/event-stream",
            json!({"type": "string"}),
        ),
    );
    let mut schemas = common_schemas();
    let seen = live.catalogue.layers().iter().enumerate().filter(|(i, _)| live.public.sees(*i));
    for (index, layer) in seen {
        let sees = |field: usize| live.public.sees_field(index, field);
        let here = format!("/api/collections/{}", layer.id);
        let zh = &layer.title.zh;
        let en = &layer.title.en;
        let id = &layer.id;
        put(
            &here,
            get(
                &format!("{id}.collection"),
                zh,
                en,
                vec![f(&["json", "html"])],
                "application/json",
                reference("Collection"),
            ),
        );
        for what in ["schema", "queryables", "sortables"] {
            put(
                &format!("{here}/{what}"),
                get(
                    &format!("{id}.{what}"),
                    &format!("{zh}：{what}"),
                    &format!("{en}: {what}"),
                    vec![f(&["json", "html"])],
                    "application/schema+json",
                    json!({"type": "object"}),
                ),
            );
        }
        put(
            &format!("{here}/items"),
            get(
                &format!("{id}.items"),
                &format!("{zh}：要素"),
                &format!("{en}: features"),
                item_parameters(layer, &sees),
                "application/geo+json",
                reference(&format!("{id}_collection")),
            ),
        );
        let feature_id = json!({"name": "featureId", "in": "path", "required": true, "description": "要素编号 / feature id", "schema": {"type": "string"}});
        put(
            &format!("{here}/items/{{featureId}}"),
            get(
                &format!("{id}.item"),
                &format!("{zh}：单个要素"),
                &format!("{en}: one feature"),
                vec![feature_id, crs("crs"), f(&["json", "html"])],
                "application/geo+json",
                reference(id),
            ),
        );
        let properties: Map<String, Json> = layer
            .fields
            .iter()
            .enumerate()
            .filter(|(i, _)| sees(*i))
            .map(|(_, f)| (f.id.clone(), nullable(schema::property(f, layer))))
            .collect();
        schemas.insert(id.clone(), json!({"allOf": [reference("Feature"), {"type": "object", "properties": {"properties": {"type": "object", "properties": properties}}}]}));
        schemas.insert(format!("{id}_collection"), json!({"allOf": [reference("FeatureCollection"), {"type": "object", "properties": {"features": {"type": "array", "items": reference(id)}}}]}));
        if !layer.geometry.is_empty() {
            put(
                &format!("/tiles/{id}"),
                get(
                    &format!("{id}.tilejson"),
                    &format!("{zh}：TileJSON"),
                    &format!("{en}: TileJSON"),
                    vec![],
                    "application/json",
                    reference("TileJson"),
                ),
            );
            let part = |name: &str| json!({"name": name, "in": "path", "required": true, "schema": {"type": "integer", "minimum": 0}});
            let mut tile = get(
                &format!("{id}.tile"),
                &format!("{zh}：矢量瓦片"),
                &format!("{en}: vector tile"),
                vec![part("z"), part("x"), part("y")],
                "application/vnd.mapbox-vector-tile",
                json!({"type": "string", "format": "binary"}),
            );
            tile["responses"]["204"] = json!({"description": "空瓦片 / nothing there"});
            put(&format!("/tiles/{id}/{{z}}/{{x}}/{{y}}"), tile);
        }
    }
    let town = &live.catalogue.town;
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": town.title.zh,
            "description": format!("{} · {}", town.title.en, town.office.zh),
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": if base.is_empty() { "/" } else { base }}],
        "paths": paths,
        "components": {"schemas": schemas, "responses": {"Problem": {
            "description": "出错：原因、位置与建议 / what, where, what next",
            "content": {"application/problem+json": {"schema": reference("Problem")}},
        }}},
    })
}

fn reference(name: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

/// OpenAPI 3.0 has no type list: a value that may be absent is said to be nullable, and its list with it.
fn nullable(mut property: Json) -> Json {
    property["nullable"] = true.into();
    if let Some(list) = property.get_mut("enum").and_then(Json::as_array_mut) {
        list.push(Json::Null);
    }
    property
}

fn query(name: &str, description: &str, required: bool, schema: Json) -> Json {
    json!({"name": name, "in": "query", "required": required, "description": description, "schema": schema})
}

fn crs(name: &str) -> Json {
    let list: Vec<String> = crate::geom::Crs::SERVED.iter().filter_map(|c| c.uri()).collect();
    query(name, "坐标系 / CRS", false, json!({"type": "string", "format": "uri", "default": list[0], "enum": list}))
}

fn item_parameters(layer: &Layer, sees: &dyn Fn(usize) -> bool) -> Vec<Json> {
    let list = |name: &str, description: &str, items: Json| {
        let mut p = query(name, description, false, json!({"type": "array", "items": items}));
        p["style"] = "form".into();
        p["explode"] = false.into();
        p
    };
    let mut bbox = list("bbox", "范围 / west,south,east,north", json!({"type": "number"}));
    bbox["schema"]["oneOf"] = json!([{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}]);
    let mut out = vec![
        bbox,
        crs("bbox-crs"),
        query("datetime", "时刻或时段 / instant or interval", false, json!({"type": "string"})),
        query("filter", "CQL2 条件 / CQL2 condition", false, json!({"type": "string"})),
        query(
            "filter-lang",
            "条件的写法 / its encoding",
            false,
            json!({"type": "string", "enum": ["cql2-text", "cql2-json"], "default": "cql2-text"}),
        ),
        crs("filter-crs"),
        crs("crs"),
        list("sortby", "排序 / sort keys, -a for descending", json!({"type": "string"})),
        list("properties", "只给这些字段 / only these fields", json!({"type": "string"})),
        query(
            "limit",
            "每页几条 / page size",
            false,
            json!({"type": "integer", "minimum": 1, "maximum": 10000, "default": 10}),
        ),
        query(
            "offset",
            "跳过几条 / matches to pass over",
            false,
            json!({"type": "integer", "minimum": 0, "default": 0}),
        ),
        query("skipGeometry", "不要几何 / leave geometry out", false, json!({"type": "boolean", "default": false})),
        query("f", "格式 / form", false, json!({"type": "string", "enum": ["json", "html", "csv", "xlsx"]})),
    ];
    for (_, field) in layer.fields.iter().enumerate().filter(|(i, _)| sees(*i)) {
        let mut schema = schema::property(field, layer);
        if let Some(o) = schema.as_object_mut() {
            o.retain(|k, _| matches!(k.as_str(), "type" | "format" | "enum" | "items"));
        }
        out.push(query(&field.id, &format!("{} = …", field.title.zh), false, schema));
    }
    out
}

fn get(id: &str, zh: &str, en: &str, parameters: Vec<Json>, media: &str, schema: Json) -> Json {
    let mut content = Map::new();
    content.insert(media.into(), json!({"schema": schema}));
    let fault = json!({"$ref": "#/components/responses/Problem"});
    json!({
        "operationId": id,
        "summary": zh,
        "description": en,
        "parameters": parameters,
        "responses": {
            "200": {"description": zh, "content": content},
            "400": fault, "404": fault, "406": fault, "500": fault,
        },
    })
}

fn common_schemas() -> Map<String, Json> {
    let text = json!({"type": "string"});
    let link = json!({"type": "object", "required": ["href", "rel"], "properties": {"href": text, "rel": text, "type": text, "title": text}});
    let links = json!({"type": "array", "items": reference("Link")});
    let words = json!({"type": "object", "properties": {"zh": text, "en": text}});
    let all = json!({
        "Link": link,
        "Landing": {"type": "object", "required": ["links"], "properties": {"title": text, "description": text, "attribution": text, "links": links}},
        "Conformance": {"type": "object", "required": ["conformsTo"], "properties": {"conformsTo": {"type": "array", "items": text}}},
        "Collection": {"type": "object", "required": ["id", "links"], "properties": {"id": text, "title": text, "description": text, "itemType": text, "extent": {"type": "object"}, "crs": {"type": "array", "items": text}, "storageCrs": text, "links": links}},
        "Collections": {"type": "object", "required": ["links", "collections"], "properties": {"links": links, "crs": {"type": "array", "items": text}, "collections": {"type": "array", "items": reference("Collection")}}},
        "Geometry": {"type": "object", "required": ["type", "coordinates"], "properties": {"type": {"type": "string", "enum": ["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]}, "coordinates": {"type": "array", "items": {}}}},
        "Feature": {"type": "object", "required": ["type", "id", "geometry", "properties"], "properties": {"type": {"type": "string", "enum": ["Feature"]}, "id": text, "geometry": {"nullable": true, "allOf": [reference("Geometry")]}, "properties": {"type": "object", "nullable": true}, "links": links}},
        "FeatureCollection": {"type": "object", "required": ["type", "features"], "properties": {"type": {"type": "string", "enum": ["FeatureCollection"]}, "features": {"type": "array", "items": reference("Feature")}, "numberMatched": {"type": "integer"}, "numberReturned": {"type": "integer"}, "timeStamp": {"type": "string", "format": "date-time"}, "links": links}},
        "TileJson": {"type": "object", "required": ["tilejson", "tiles", "vector_layers"], "properties": {"tilejson": text, "tiles": {"type": "array", "items": text}, "vector_layers": {"type": "array", "items": {"type": "object"}}}},
        "Problem": {"type": "object", "required": ["type", "title", "status", "detail"], "properties": {"type": text, "title": text, "status": {"type": "integer"}, "detail": text, "hint": text, "parameter": text, "en": words, "faults": {"type": "array", "items": {"type": "object"}}}},
    });
    let mut all = all.as_object().cloned().unwrap_or_default();
    all["Problem"]["properties"]["en"] = json!({"type": "object"});
    all
}
