//! `/api/search`: features by name or number. `/api/at`: what lies at a place. Both over all visible layers.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::Service;
use super::answer::typed_answer;
use super::params::Params;
use super::problem::Problem;
use crate::formats::geojson::write;
use crate::layer::{Layer, Words};
use crate::town::{LayerTown, RowRef};

/// Most features a search gives.
const MOST: usize = 200;
/// Longest text that is searched for, in characters.
const LONGEST: usize = 100;

/// Features whose id or searched fields hold the words, best first, with what matched.
pub async fn search(State(service): State<Service>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &["q", "limit"])?;
    let limit = params.count("limit", 1, MOST, 20)?;
    let q = params.get("q").map(str::trim).unwrap_or_default();
    if q.is_empty() || q.chars().count() > LONGEST {
        return Err(Problem::parameter(
            "q",
            Words {
                zh: "请输入要查找的名称或编号".into(), en: "a name or number to look for is wanted".into()
            },
            Words { zh: format!("1–{LONGEST} 个字"), en: format!("1 to {LONGEST} characters") },
        ));
    }
    let words = crate::town::fold(q);
    let live = &service.live;
    let mut hits: Vec<(u8, Json)> = Vec::new();
    for (index, layer) in live.catalogue.layers().iter().enumerate().filter(|(i, _)| live.public.sees(*i)) {
        let fields: Vec<usize> = live.public.fields(index, layer).filter(|f| layer.fields[*f].search).collect();
        let town = live.town.layer(index);
        for hit in town.search(&words, &fields, limit) {
            let row = town.row(hit.row);
            let field = hit.field.map_or("id", |f| layer.fields[f].id.as_str());
            let properties = json!({
                "layer": layer.id, "id": row.id(), "title": title(layer, &town, hit.row, |f| live.public.sees_field(index, f)),
                "field": field, "text": hit.text,
            });
            hits.push((hit.rank, feature(&row, properties)));
        }
    }
    hits.sort_by_key(|h| h.0);
    let features: Vec<Json> = hits.into_iter().take(limit).map(|h| h.1).collect();
    Ok(typed_answer(GEOJSON, json!({"type": "FeatureCollection", "features": features}).to_string()))
}

/// Everything within `radius_m` metres of a place, nearest first within each layer's drawing order.
pub async fn at(State(service): State<Service>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &["lon", "lat", "radius_m", "limit"])?;
    let missing = |name: &str| {
        Problem::parameter(
            name,
            Words { zh: "缺少该参数".into(), en: "it is missing".into() },
            Words {
                zh: "十进制度，例如 lon=116.72&lat=35.46".into(),
                en: "decimal degrees, such as lon=116.72&lat=35.46".into(),
            },
        )
    };
    let lon = params.number("lon")?.filter(|v| v.abs() <= 180.0).ok_or_else(|| missing("lon"))?;
    let lat = params.number("lat")?.filter(|v| v.abs() <= 85.0).ok_or_else(|| missing("lat"))?;
    let radius = params.number("radius_m")?.unwrap_or(5.0);
    if !(0.0..=500.0).contains(&radius) {
        return Err(Problem::parameter(
            "radius_m",
            Words { zh: "半径应在 0–500 米之间".into(), en: "0 to 500 metres".into() },
            Words { zh: "例如 radius_m=5".into(), en: "such as radius_m=5".into() },
        ));
    }
    let limit = params.count("limit", 1, 500, 100)?;
    let live = &service.live;
    let work = live.catalogue.town.work();
    let mut found: Vec<(f64, Json)> = Vec::new();
    for (index, layer) in live.catalogue.layers().iter().enumerate().filter(|(i, _)| live.public.sees(*i)) {
        let town = live.town.layer(index);
        for near in town.near(lon, lat, radius, work) {
            let row = town.row(near.row);
            let mut properties = serde_json::Map::new();
            for f in live.public.fields(index, layer) {
                properties.insert(layer.fields[f].id.clone(), row.value(f).to_value().to_json(layer.fields[f].kind));
            }
            let mut json = feature(&row, Json::Object(properties));
            json["layer"] = layer.id.as_str().into();
            json["title"] = title(layer, &town, near.row, |f| live.public.sees_field(index, f)).into();
            json["distance_m"] = ((near.distance_m * 1000.0).round() / 1000.0).into();
            found.push((near.distance_m, json));
        }
    }
    found.sort_by(|a, b| a.0.total_cmp(&b.0));
    let features: Vec<Json> = found.into_iter().take(limit).map(|f| f.1).collect();
    Ok(typed_answer(GEOJSON, json!({"type": "FeatureCollection", "features": features}).to_string()))
}

const GEOJSON: &str = "application/geo+json";

fn feature(row: &RowRef<'_>, properties: Json) -> Json {
    let mut text = Vec::new();
    // Writing to memory does not fail; what is written is JSON.
    let written = row.shape().map(|s| write::geometry(&mut text, &s.to_geometry()));
    let geometry = written.and_then(|_| serde_json::from_slice(&text).ok()).unwrap_or(Json::Null);
    json!({"type": "Feature", "id": row.id(), "geometry": geometry, "properties": properties})
}

/// What a feature is called: its label in words, else its id.
fn title(layer: &Layer, town: &LayerTown, row: u32, sees: impl Fn(usize) -> bool) -> String {
    let row = town.row(row);
    let label = layer.label.as_deref().and_then(|l| layer.field_index(l)).filter(|f| sees(*f));
    let text = label.map(|f| {
        let text = row.value(f).to_value().to_text(layer.fields[f].kind);
        layer.fields[f].code_of(&text).map_or(text, |c| c.zh.clone())
    });
    text.filter(|t| !t.is_empty()).unwrap_or_else(|| row.id().to_string())
}
