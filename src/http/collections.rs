//! `/api`, `/api/conformance`, `/api/collections[/{layer}[/schema|/queryables]]`: what there is to ask.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use serde_json::{Value as Json, json};

use super::Service;
use super::answer::{Form, base_url, form, json_answer, typed_answer};
use super::pages;
use super::params::Params;
use super::problem::Problem;
use super::schema;
use crate::geom::Crs;
use crate::layer::Layer;

/// What the service holds to, only as far as it is held.
// Features Part 5 is published as Common Part 3 (23-058r2) and has its addresses.
const CONFORMANCE: [&str; 27] = [
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
    "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
    "http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
    "http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
    "http://www.opengis.net/spec/cql2/1.0/conf/cql2-json",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
    "http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
    "http://www.opengis.net/spec/cql2/1.0/conf/case-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/accent-insensitive-comparison",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/basic-spatial-functions-plus",
    "http://www.opengis.net/spec/cql2/1.0/conf/spatial-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/temporal-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/array-functions",
    "http://www.opengis.net/spec/cql2/1.0/conf/property-property",
    "http://www.opengis.net/spec/cql2/1.0/conf/arithmetic",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/schemas",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/advanced-property-roles",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/returnables-and-receivables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/queryables",
    "http://www.opengis.net/spec/ogcapi-common-3/1.0/conf/sortables",
];

pub(super) fn link(href: String, rel: &str, media: &str, title: &str) -> Json {
    json!({"href": href, "rel": rel, "type": media, "title": title})
}

/// `/api`: where everything is.
pub async fn landing(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &["f"])?;
    let form = form(&headers, &params, &[Form::Json, Form::Html])?;
    let base = base_url(&headers);
    let town = &service.live.catalogue.town;
    let body = json!({
        "title": town.title.zh,
        "description": format!("{} · {}", town.office.zh, town.title.en),
        "attribution": if service.live.sample { "示例数据(非真实) / made-up sample data" } else { town.office.zh.as_str() },
        "links": [
            link(format!("{base}/api?f=json"), if form == Form::Json { "self" } else { "alternate" }, "application/json", "本页 JSON"),
            link(format!("{base}/api?f=html"), if form == Form::Html { "self" } else { "alternate" }, "text/html", "本页 HTML"),
            link(format!("{base}/api/openapi.json"), "service-desc", "application/vnd.oai.openapi+json;version=3.0", "OpenAPI 3.0"),
            link(format!("{base}/api/openapi.html"), "service-doc", "text/html", "接口说明"),
            link(format!("{base}/api/conformance"), "conformance", "application/json", "符合的标准"),
            link(format!("{base}/api/collections"), "data", "application/json", "图层"),
        ],
    });
    Ok(match form {
        Form::Html => pages::landing(&service, &body),
        _ => json_answer(&body),
    })
}

/// `/api/conformance`.
pub async fn conformance(RawQuery(query): RawQuery, headers: HeaderMap) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &["f"])?;
    let body = json!({"conformsTo": CONFORMANCE});
    Ok(match form(&headers, &params, &[Form::Json, Form::Html])? {
        Form::Html => pages::conformance(&CONFORMANCE),
        _ => json_answer(&body),
    })
}

/// `/api/collections`.
pub async fn collections(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &["f"])?;
    let form = form(&headers, &params, &[Form::Json, Form::Html])?;
    let base = base_url(&headers);
    let live = &service.live;
    let seen = live.catalogue.layers().iter().enumerate().filter(|(i, _)| live.public.sees(*i));
    let list: Vec<Json> = seen.map(|(i, l)| describe(&service, i, l, &base)).collect();
    let body = json!({
        "links": [
            link(format!("{base}/api/collections"), "self", "application/json", "本页"),
            link(format!("{base}/api/collections?f=html"), "alternate", "text/html", "本页 HTML"),
        ],
        "crs": crs_list(),
        "collections": list,
    });
    Ok(match form {
        Form::Html => pages::collections(&service, &body),
        _ => json_answer(&body),
    })
}

/// `/api/collections/{layer}`.
pub async fn collection(
    State(service): State<Service>,
    Path(layer): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &["f"])?;
    let (index, layer) = layer_of(&service, &layer)?;
    let body = describe(&service, index, layer, &base_url(&headers));
    Ok(match form(&headers, &params, &[Form::Json, Form::Html])? {
        Form::Html => pages::collection(&service, layer, &body),
        _ => json_answer(&body),
    })
}

/// `/api/collections/{layer}/schema` and `/queryables`.
pub async fn layer_schema(
    State(service): State<Service>,
    Path((layer, what)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &["f"])?;
    let (index, layer) = layer_of(&service, &layer)?;
    let id = format!("{}/api/collections/{}/{what}", base_url(&headers), layer.id);
    let sees = |f: usize| service.live.public.sees_field(index, f);
    let body = match what.as_str() {
        "schema" => schema::schema(layer, &id, &sees),
        "queryables" => schema::queryables(layer, &id, &sees),
        "sortables" => schema::sortables(layer, &id, &sees),
        _ => return Err(Problem::not_found("没有这个地址", "there is nothing at this address")),
    };
    Ok(match form(&headers, &params, &[Form::Schema, Form::Html])? {
        Form::Html => pages::schema(layer, &what, &body),
        _ => typed_answer("application/schema+json", body.to_string()),
    })
}

/// The layer of a path, if it is there and may be seen.
pub(super) fn layer_of<'a>(service: &'a Service, id: &str) -> Result<(usize, &'a Layer), Problem> {
    let live = &service.live;
    let index = live.catalogue.index(id).filter(|i| live.public.sees(*i)).ok_or_else(|| {
        let shown: String = id.chars().take(60).collect();
        Problem::not_found(
            format!("没有图层“{shown}”；图层目录见 /api/collections"),
            format!("there is no layer '{shown}'; /api/collections lists them"),
        )
    })?;
    Ok((index, &live.catalogue.layers()[index]))
}

fn crs_list() -> Vec<String> {
    Crs::SERVED.iter().filter_map(|c| c.uri()).collect()
}

fn describe(service: &Service, index: usize, layer: &Layer, base: &str) -> Json {
    let here = format!("{base}/api/collections/{}", layer.id);
    let town = service.live.town.layer(index);
    let bounds = town.bounds();
    let mut links = vec![
        link(here.clone(), "self", "application/json", &layer.title.zh),
        link(format!("{here}?f=html"), "alternate", "text/html", &layer.title.zh),
        link(
            format!("{here}/schema"),
            "http://www.opengis.net/def/rel/ogc/1.0/schema",
            "application/schema+json",
            "字段结构",
        ),
        link(
            format!("{here}/queryables"),
            "http://www.opengis.net/def/rel/ogc/1.0/queryables",
            "application/schema+json",
            "可查询字段",
        ),
        link(
            format!("{here}/sortables"),
            "http://www.opengis.net/def/rel/ogc/1.0/sortables",
            "application/schema+json",
            "可排序字段",
        ),
    ];
    for (f, media, title) in [
        ("json", "application/geo+json", "要素 GeoJSON"),
        ("html", "text/html", "要素网页"),
        ("csv", "text/csv", "要素 CSV"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "要素 Excel"),
    ] {
        links.push(link(format!("{here}/items?f={f}"), "items", media, title));
    }
    if !layer.geometry.is_empty() {
        links.push(link(
            format!("{base}/tiles/{}", layer.id),
            "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector",
            "application/json",
            "矢量瓦片 TileJSON",
        ));
    }
    let mut body = json!({
        "id": layer.id,
        "title": layer.title.zh,
        "description": format!("{}（{}）", layer.about.zh, layer.about.en),
        "itemType": "feature",
        "links": links,
    });
    if !layer.geometry.is_empty() {
        // "#/crs": the list stands once, at the collections (Part 2, 6.2).
        body["crs"] = json!(crs_list());
        body["storageCrs"] = json!(Crs::Epsg4490.uri());
    }
    let mut extent = serde_json::Map::new();
    if !bounds.is_empty() {
        extent.insert("spatial".into(), json!({"bbox": [bounds.to_array()], "crs": Crs::Crs84.uri()}));
    }
    if let Some(interval) = interval(service, index, layer) {
        let trs = "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian";
        extent.insert("temporal".into(), json!({"interval": [interval], "trs": trs}));
    }
    if !extent.is_empty() {
        body["extent"] = Json::Object(extent);
    }
    body
}

/// The first and last moment that a layer's visible time fields tell of; an end is open where a feature's is.
fn interval(service: &Service, index: usize, layer: &Layer) -> Option<[Option<String>; 2]> {
    let times = layer.times.as_ref()?;
    let seen = |name: &str| layer.field_index(name).filter(|f| service.live.public.sees_field(index, *f));
    let from = seen(&times.from)?;
    let to = times.to.as_deref().and_then(seen);
    let town = service.live.town.layer(index);
    let (mut first, mut last, mut open): (Option<String>, Option<String>, bool) = (None, None, false);
    for (_, row) in town.rows() {
        let text = |field: usize| row.value(field).to_value().as_str().map(str::to_string);
        let begins = text(from);
        let ends = to.map_or_else(|| begins.clone(), text);
        open |= begins.is_some() && ends.is_none();
        for value in [begins, ends].into_iter().flatten() {
            // `None` is less than any text, so only the first needs a look.
            first = if first.as_ref().is_none_or(|f| *f > value) { Some(value.clone()) } else { first };
            last = last.max(Some(value));
        }
    }
    let moment = |text: String, end: &str| if text.len() == 10 { format!("{text}T{end}Z") } else { text };
    let last = last.filter(|_| !open);
    Some([Some(moment(first?, "00:00:00")), last.map(|l| moment(l, "23:59:59"))])
}
