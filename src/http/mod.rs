//! The service over HTTP, one file a resource. Knows flows and their results; no SQL, no tile bytes' making.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::{HeaderName, HeaderValue, StatusCode, header};
use metrics_exporter_prometheus::PrometheusHandle;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

use crate::flows::live::Live;

mod answer;
mod assets;
mod catalogue;
mod changes;
mod collections;
mod guard;
mod health;
mod items;
mod negotiate;
pub mod openapi;
mod pages;
mod params;
pub mod problem;
mod schema;
mod search;
mod styles;
mod tiles;

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    pub live: Arc<Live>,
    pub metrics: PrometheusHandle,
    /// True when only this machine's own user may come, without signing in.
    pub open: bool,
}

/// The whole service as a router, apart from any socket.
pub fn router(service: Service) -> Router {
    // Tiles keep their packed bytes and pass no packing layer.
    let tiles = Router::new()
        .route("/tiles/{layers}", get(tiles::tile_json))
        .route("/tiles/{layers}/{z}/{x}/{y}", get(tiles::tile));
    let events = Router::new().route("/api/changes", get(changes::changes));
    let rest = Router::new()
        .route("/api", get(collections::landing))
        .route("/api/", get(collections::landing))
        .route("/api/pages.css", get(pages::css))
        .route("/api/openapi.json", get(openapi::document))
        .route("/api/openapi.html", get(openapi::page))
        .route("/api/conformance", get(collections::conformance))
        .route("/api/collections", get(collections::collections))
        .route("/api/collections/{layer}", get(collections::collection))
        .route("/api/collections/{layer}/{what}", get(collections::layer_schema))
        .route("/api/collections/{layer}/items", get(items::items))
        .route("/api/collections/{layer}/items/{id}", get(items::item))
        .route("/api/catalogue", get(catalogue::catalogue))
        .route("/api/figures", get(catalogue::living_figures))
        .route("/api/search", get(search::search))
        .route("/api/at", get(search::at))
        .route("/styles/{name}", get(styles::style))
        .route("/health/live", get(health::live))
        .route("/health/ready", get(health::ready))
        .route("/metrics", get(health::metrics))
        .layer(CompressionLayer::new().gzip(true).br(true))
        .layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST));
    tiles
        .merge(events)
        .merge(rest)
        .fallback(get(assets::asset).fallback(assets::asset))
        .method_not_allowed_fallback(|| async { problem::Problem::method() })
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            problem::Problem::internal(&"a handler panicked").into_response()
        }))
        .layer(middleware::from_fn_with_state(service.clone(), around))
        .with_state(service)
}

/// Longest time that an answer may take; the feed and the tiles have no such bound.
const LONGEST: Duration = Duration::from_secs(60);

/// The headers that every answer carries: the page runs what we wrote and asks nobody else.
const HEADERS: [(HeaderName, HeaderValue); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("same-origin")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN")),
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
        ),
    ),
];

/// Guards the door, and puts the common headers on what comes out.
async fn around(State(service): State<Service>, request: Request, next: Next) -> Response {
    let mut response = match guard::check(&service, &request) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    };
    for (name, value) in HEADERS {
        response.headers_mut().insert(name, value);
    }
    response
}
