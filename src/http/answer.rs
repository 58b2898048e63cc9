//! The common forms of an answer, and which of them a client gets.

use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderValue, header};
use serde_json::Value as Json;

use super::negotiate;
use super::params::Params;
use super::problem::Problem;
use crate::layer::Words;

/// A form that an answer may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    Json,
    GeoJson,
    Schema,
    Html,
    Csv,
    Xlsx,
}

impl Form {
    /// Name in `f=`.
    pub fn name(self) -> &'static str {
        match self {
            Form::Json | Form::GeoJson | Form::Schema => "json",
            Form::Html => "html",
            Form::Csv => "csv",
            Form::Xlsx => "xlsx",
        }
    }

    /// Media type.
    pub fn media(self) -> &'static str {
        match self {
            Form::Json => "application/json",
            Form::GeoJson => "application/geo+json",
            Form::Schema => "application/schema+json",
            Form::Html => "text/html",
            Form::Csv => "text/csv",
            Form::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// The form asked for by `f=`, else by `Accept`, else the first offered.
pub fn form(headers: &HeaderMap, params: &Params, offered: &[Form]) -> Result<Form, Problem> {
    let names = || offered.iter().map(|f| f.name()).collect::<Vec<_>>().join(", ");
    match params.get("f") {
        Some(name) => offered.iter().copied().find(|f| f.name() == name || f.media() == name).ok_or_else(|| {
            Problem::parameter(
                "f",
                Words { zh: format!("不支持的格式“{name}”"), en: format!("form '{name}' is not offered") },
                Words { zh: format!("可用：{}", names()), en: format!("offered are {}", names()) },
            )
        }),
        None => {
            // A JSON reader also takes the special kinds of JSON.
            let media: Vec<&str> = offered.iter().map(|f| f.media()).chain(["application/json"]).collect();
            let at = negotiate::media(headers, &media).and_then(|m| media.iter().position(|o| *o == m));
            let at = at.ok_or_else(|| Problem::not_acceptable(&media[..offered.len()].join(", ")))?;
            Ok(offered.get(at).copied().unwrap_or(offered[0]))
        }
    }
}

/// Scheme and host that the client used, for links.
pub fn base_url(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|v| v.to_str().ok());
    let plain = |s: &&str| s.len() < 256 && s.chars().all(|c| c.is_ascii_alphanumeric() || ".:-[]".contains(c));
    let scheme = text("x-forwarded-proto").filter(|s| matches!(*s, "http" | "https")).unwrap_or("http");
    match text("x-forwarded-host").or_else(|| text("host")).filter(plain) {
        Some(host) => format!("{scheme}://{host}"),
        None => String::new(),
    }
}

/// JSON that may change with the next edit: checked again each time.
pub fn json_answer(body: &Json) -> Response {
    typed_answer("application/json", body.to_string())
}

/// Any body with its media type, checked again each time.
pub fn typed_answer(media: &'static str, body: impl Into<axum::body::Body>) -> Response {
    let mut response = body.into().into_response();
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    h.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Encoding"));
    response
}
