//! Whether the service lives and is ready, and its measurements.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::json;

use super::Service;

/// 200 as long as the process answers.
pub async fn live() -> Response {
    json_answer(&json!({"status": "live"}))
}

/// 200 once the town is in memory, which it is before the first answer.
pub async fn ready(State(service): State<Service>) -> Response {
    let live = &service.live;
    json_answer(&json!({"status": "ready", "features": live.town.len(), "seq": live.town.seq()}))
}

/// Measurements in the Prometheus text format.
pub async fn metrics(State(service): State<Service>) -> Response {
    let live = &service.live;
    for (i, layer) in live.catalogue.layers().iter().enumerate() {
        metrics::gauge!("townseat_features", "layer" => layer.id.clone()).set(live.town.layer(i).len() as f64);
    }
    metrics::gauge!("townseat_tile_cache_bytes").set(live.tiles.bytes() as f64);
    metrics::gauge!("townseat_seq").set(live.town.seq() as f64);
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], service.metrics.render()).into_response()
}

fn json_answer(body: &serde_json::Value) -> Response {
    ([(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")], body.to_string())
        .into_response()
}
