//! `/styles/{name}.json`: MapLibre styles made from the catalogue.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use http::HeaderMap;

use super::Service;
use super::answer::{base_url, json_answer};
use super::params::Params;
use super::problem::Problem;
use crate::flows::draw_style::{Theme, style as draw};

/// The style of a theme: `light.json` or `dark.json`.
pub async fn style(
    State(service): State<Service>,
    Path(name): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    Params::read(query.as_deref(), &[])?;
    let theme = match name.as_str() {
        "light.json" => Theme::Light,
        "dark.json" => Theme::Dark,
        _ => {
            return Err(Problem::not_found(
                "没有这个样式；可用 light.json、dark.json",
                "there is no such style; light.json and dark.json are served",
            ));
        }
    };
    let live = &service.live;
    Ok(json_answer(&draw(&live.catalogue, &live.public, theme, &base_url(&headers))))
}
