//! The OpenAPI 3.0 document, made from the catalogue: it says what is answered, nothing else.

mod layer;
mod operation;
mod parts;
mod service;

use axum::extract::{RawQuery, State};
use axum::response::Response;
use http::HeaderMap;
use serde_json::{Map, Value as Json, json};

use super::Service;
use super::answer::{base_url, typed_answer};
use super::pages;
use super::params::Params;
use super::problem::Problem;
use crate::flows::live::Live;

const MEDIA: &str = "application/vnd.oai.openapi+json;version=3.0";

/// `/api/openapi.json`.
pub async fn document(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &[])?;
    Ok(typed_answer(MEDIA, describe(&service.live, &base_url(&headers)).to_string()))
}

/// `/api/openapi.html`: the same, to read.
pub async fn page(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &[])?;
    Ok(pages::openapi(&describe(&service.live, &base_url(&headers))))
}

/// The document for the layers and fields that everybody sees.
pub fn describe(live: &Live, base: &str) -> Json {
    let town = &live.catalogue.town;
    let mut paths = service::paths();
    let mut schemas = parts::schemas();
    let mut tags = vec![json!({"name": service::TAG, "description": "What there is, and where to find it"})];
    // Layers in the order of the layer tree.
    for group in &town.groups {
        let before = paths.len();
        for (index, layer) in live.catalogue.layers().iter().enumerate() {
            if layer.group == group.id && live.public.sees(index) {
                let seen: Vec<usize> = live.public.fields(index, layer).collect();
                layer::put(layer, &seen, &group.title.zh, &mut paths, &mut schemas);
            }
        }
        if paths.len() > before {
            tags.push(json!({"name": group.title.zh, "description": group.title.en}));
        }
    }
    json!({
        "openapi": "3.0.3",
        "info": {
            "title": town.title.zh,
            "description": format!("{} · {}", town.title.en, town.office.zh),
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": if base.is_empty() { "/" } else { base }}],
        "tags": tags,
        "paths": paths,
        "components": {
            "parameters": parts::parameters(),
            "headers": parts::headers(),
            "responses": parts::responses(),
            "schemas": schemas,
        },
    })
}

/// A reference to one of the common schemas, or to that of a layer's features.
fn schema_ref(name: &str) -> Json {
    json!({"$ref": format!("#/components/schemas/{name}")})
}

type Paths = Map<String, Json>;
