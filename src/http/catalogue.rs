//! `/api/catalogue`: the town, its groups and layers, as the map page wants them. `/api/figures`: the living figures.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use serde_json::{Value as Json, json};

use super::Service;
use super::answer::json_answer;
use super::params::Params;
use super::problem::Problem;
use crate::flows::figures;

/// Every visible layer with its file's content, count and bounds.
pub async fn catalogue(State(service): State<Service>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &[])?;
    let live = &service.live;
    let mut layers = Vec::new();
    for (index, layer) in live.catalogue.layers().iter().enumerate().filter(|(i, _)| live.public.sees(*i)) {
        let mut json = serde_json::to_value(&**layer).map_err(|e| Problem::internal(&e))?;
        let seen: Vec<usize> = live.public.fields(index, layer).collect();
        if let Some(fields) = json["field"].as_array_mut() {
            let mut at = 0;
            fields.retain(|_| {
                at += 1;
                seen.contains(&(at - 1))
            });
        }
        let town = live.town.layer(index);
        let bounds = town.bounds();
        json["count"] = town.len().into();
        json["bounds"] = if bounds.is_empty() { Json::Null } else { json!(bounds.to_array()) };
        layers.push(json);
    }
    let town = &live.catalogue.town;
    Ok(json_answer(&json!({
        "town": town,
        "sample": live.sample,
        "seq": live.town.seq(),
        "groups": town.groups,
        "layers": layers,
    })))
}

/// The figures of the first screen.
pub async fn living_figures(State(service): State<Service>, RawQuery(query): RawQuery) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &[])?;
    let figures = figures::figures(&service.live);
    Ok(json_answer(&serde_json::to_value(figures).map_err(|e| Problem::internal(&e))?))
}
