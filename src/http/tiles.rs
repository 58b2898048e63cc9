//! `/tiles/{layers}`: TileJSON 3.0; `/tiles/{layers}/{z}/{x}/{y}`: Mapbox Vector Tiles 2.1.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::{Map, json};

use super::Service;
use super::answer::{base_url, json_answer};
use super::negotiate;
use super::params::Params;
use super::problem::Problem;
use crate::flows::serve_tile::serve_tile;
use crate::geom::Bounds;
use crate::layer::Words;
use crate::layer::catalogue::MAX_ZOOM;
use crate::tile::{Encoding, TileId};

/// The media type of a tile.
const MVT: &str = "application/vnd.mapbox-vector-tile";

/// Positions of the layers that a path names, in its order.
fn layers_of(service: &Service, names: &str) -> Result<Arc<[usize]>, Problem> {
    let live = &service.live;
    let mut out: Vec<usize> = Vec::with_capacity(8);
    for name in names.split(',') {
        let seen = live.catalogue.index(name).filter(|i| live.public.sees(*i));
        let index = seen.filter(|i| !live.catalogue.layers()[*i].geometry.is_empty()).ok_or_else(|| {
            let shown: String = name.chars().take(60).collect();
            Problem::not_found(
                format!("没有可切瓦片的图层“{shown}”；图层目录见 /api/collections"),
                format!("there is no layer '{shown}' with tiles; /api/collections lists the layers"),
            )
        })?;
        if out.contains(&index) {
            return Err(Problem::parameter(
                "layers",
                Words { zh: format!("图层“{name}”写了两次"), en: format!("layer '{name}' stands twice") },
                Words { zh: "每个图层只写一次".into(), en: "name each layer once".into() },
            ));
        }
        out.push(index);
    }
    Ok(out.into())
}

/// What tiles there are of some layers.
pub async fn tile_json(
    State(service): State<Service>,
    Path(names): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &[])?;
    let layers = layers_of(&service, &names)?;
    let live = &service.live;
    let town = &live.catalogue.town;
    let mut bounds = Bounds::EMPTY;
    let mut vector_layers = Vec::new();
    for index in layers.iter() {
        let layer = &live.catalogue.layers()[*index];
        bounds.join(&live.town.layer(*index).bounds());
        let carried = live.public.fields(*index, layer).filter(|f| layer.fields[*f].tile_zoom.is_some());
        let mut fields: Map<String, serde_json::Value> =
            carried.map(|f| (layer.fields[f].id.clone(), layer.fields[f].title.zh.clone().into())).collect();
        fields.insert("id".into(), "编号".into());
        vector_layers.push(json!({
            "id": layer.id, "description": layer.title.zh, "minzoom": layer.zoom.min, "maxzoom": MAX_ZOOM, "fields": fields,
        }));
    }
    let first = layers.iter().map(|i| live.catalogue.layers()[*i].zoom.min).min().unwrap_or(0);
    if bounds.is_empty() {
        bounds = town.bounds();
    }
    Ok(json_answer(&json!({
        "tilejson": "3.0.0",
        "name": town.title.zh,
        "attribution": if live.sample { "示例数据(非真实)" } else { town.office.zh.as_str() },
        "tiles": [format!("{}/tiles/{names}/{{z}}/{{x}}/{{y}}", base_url(&headers))],
        "minzoom": first,
        "maxzoom": MAX_ZOOM,
        "bounds": bounds.to_array(),
        "center": town.center,
        "vector_layers": vector_layers,
    })))
}

/// One tile, packed as the client asks.
pub async fn tile(
    State(service): State<Service>,
    Path((names, z, x, y)): Path<(String, String, String, String)>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &[])?;
    let layers = layers_of(&service, &names)?;
    let tile = tile_of(&z, &x, &y)?;
    let first = layers.iter().map(|i| service.live.catalogue.layers()[*i].zoom.min).min().unwrap_or(0);
    if tile.z < first {
        return Err(Problem::not_found(
            format!("这些图层从第 {first} 级开始有瓦片"),
            format!("these layers have tiles from zoom {first} on"),
        ));
    }
    let encoding = encoding(&headers);
    let kept = serve_tile(&service.live, &service.live.public, &layers, tile, encoding);
    let mut response = if negotiate::has_already(&headers, &kept.etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else if kept.bytes.is_empty() {
        StatusCode::NO_CONTENT.into_response()
    } else {
        Body::from(kept.bytes.clone()).into_response()
    };
    let h = response.headers_mut();
    if !kept.bytes.is_empty() {
        h.insert(header::CONTENT_TYPE, HeaderValue::from_static(MVT));
        if let Some(coding) = encoding.coding() {
            h.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
        }
    }
    if let Ok(etag) = HeaderValue::from_str(&kept.etag) {
        h.insert(header::ETAG, etag);
    }
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    h.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    Ok(response)
}

/// The best packing that the client takes: what is kept packed costs nothing to send.
fn encoding(headers: &HeaderMap) -> Encoding {
    match () {
        () if negotiate::takes_coding(headers, "br") => Encoding::Brotli,
        () if negotiate::takes_coding(headers, "gzip") => Encoding::Gzip,
        () => Encoding::Identity,
    }
}

fn tile_of(z: &str, x: &str, y: &str) -> Result<TileId, Problem> {
    let number = |name: &'static str, text: &str| {
        text.parse::<u64>().map_err(|_| {
            let shown: String = text.chars().take(40).collect();
            Problem::parameter(
                name,
                Words { zh: format!("“{shown}”不是瓦片编号"), en: format!("'{shown}' is no tile number") },
                Words {
                    zh: "地址形如 /tiles/pipe/15/27005/12939".into(),
                    en: "as in /tiles/pipe/15/27005/12939".into(),
                },
            )
        })
    };
    // A file ending after the row, as some clients write it, is let pass.
    let y = y.strip_suffix(".mvt").or_else(|| y.strip_suffix(".pbf")).unwrap_or(y);
    let (z, x, y) = (number("z", z)?, number("x", x)?, number("y", y)?);
    if z > u64::from(MAX_ZOOM) {
        return Err(Problem::not_found(format!("瓦片最大到第 {MAX_ZOOM} 级"), format!("tiles end at zoom {MAX_ZOOM}")));
    }
    let narrow = |v: u64| u32::try_from(v).ok();
    narrow(x).zip(narrow(y)).and_then(|(x, y)| TileId::new(z as u8, x, y)).ok_or_else(|| {
        let last = (1u64 << z) - 1;
        Problem::parameter(
            if x > last { "x" } else { "y" },
            Words {
                zh: format!("第 {z} 级的行列号为 0–{last}"),
                en: format!("at zoom {z} columns and rows run from 0 to {last}"),
            },
            Words { zh: "请检查行列号".into(), en: "look at column and row again".into() },
        )
    })
}
