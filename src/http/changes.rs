//! `/api/changes`: what changes, as server-sent events, from a seq on without a hole.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{RawQuery, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{self, Stream, StreamExt};
use http::HeaderMap;
use tokio::sync::broadcast::error::RecvError;

use super::Service;
use super::params::Params;
use super::problem::Problem;
use crate::flows::feed::{self, TilesTouched};

/// Streams events; `since` (or `Last-Event-ID`, which browsers send on coming back) starts after that seq,
/// without it the stream starts now.
pub async fn changes(
    State(service): State<Service>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let params = Params::read(query.as_deref(), &["since"])?;
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<i64>().ok());
    let since = match params.get("since") {
        Some(_) => Some(params.count("since", 0, i64::MAX as usize, 0)? as i64),
        None => None,
    };
    let live = &service.live;
    let (past, receiver) = match last.or(since) {
        Some(seq) => live.feed.since(seq, live.started),
        None => (Some(vec![]), live.feed.listen()),
    };
    // Further back than what is kept: each layer once, whole.
    let past = past.unwrap_or_else(|| {
        let whole = |l: &Arc<crate::layer::Layer>| {
            Arc::new(feed::Event {
                seq: live.town.seq(),
                layer: Arc::from(l.id.as_str()),
                features: vec![],
                tiles: TilesTouched::All { all: true },
            })
        };
        live.catalogue.layers().iter().map(whole).collect()
    });
    let events = stream::iter(past).chain(follow(receiver)).map(|e| Ok::<_, Infallible>(event(&e)));
    let mut response = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))).into_response();
    response.headers_mut().insert("x-accel-buffering", http::HeaderValue::from_static("no"));
    Ok(response)
}

fn event(e: &feed::Event) -> Event {
    Event::default().id(e.seq.to_string()).data(serde_json::to_string(e).unwrap_or_default())
}

/// What comes; a listener too slow to keep up is let go, and comes back by `Last-Event-ID`.
fn follow(receiver: tokio::sync::broadcast::Receiver<Arc<feed::Event>>) -> impl Stream<Item = Arc<feed::Event>> {
    stream::unfold(receiver, |mut receiver| async move {
        match receiver.recv().await {
            Ok(e) => Some((e, receiver)),
            Err(RecvError::Lagged(_) | RecvError::Closed) => None,
        }
    })
}
