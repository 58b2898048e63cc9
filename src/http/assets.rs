//! The map page and its files, carried in the binary, packed when it was built.

use axum::body::Body;
use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use rust_embed::RustEmbed;

use super::negotiate;
use super::problem::Problem;

#[derive(RustEmbed)]
#[folder = "web/dist"]
#[allow_missing = true]
struct Page;

/// Addresses that the page answers by itself; all else that is no file is a 404.
const PAGES: [&str; 3] = ["", "field", "field/"];

/// Serves `/` and the page's files.
pub async fn asset(request: Request) -> Response {
    if !matches!(*request.method(), http::Method::GET | http::Method::HEAD) {
        return Problem::method().into_response();
    }
    let path = request.uri().path().trim_start_matches('/');
    let name = if PAGES.contains(&path) { "index.html" } else { path };
    match file(name, request.headers()) {
        Some(response) => response,
        None if name == "index.html" => Problem::not_found(
            "此程序未带地图页面：请用 make build 构建",
            "this program was built without the map page: build it with make build",
        )
        .into_response(),
        None => Problem::not_found("没有这个地址", "there is nothing at this address").into_response(),
    }
}

fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    if name.ends_with(".br") || name.ends_with(".gz") {
        return None;
    }
    let plain = Page::get(name)?;
    let packed = [("br", "br"), ("gzip", "gz")].iter().find_map(|(coding, ending)| {
        negotiate::takes_coding(headers, coding)
            .then(|| Page::get(&format!("{name}.{ending}")))
            .flatten()
            .map(|f| (*coding, f))
    });
    let hash: String = plain.metadata.sha256_hash().iter().take(12).map(|b| format!("{b:02x}")).collect();
    let coding = packed.as_ref().map(|p| p.0);
    let etag = format!("\"{hash}{}\"", coding.map(|c| format!("-{c}")).unwrap_or_default());
    // Files under assets/ carry a hash of their content in their name.
    let lasting = name.starts_with("assets/");
    let cache = if lasting { "public, max-age=31536000, immutable" } else { "no-cache" };
    let mut response = if negotiate::has_already(headers, &etag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let data = packed.map_or(plain.data, |p| p.1.data);
        Body::from(Bytes::from(data.into_owned())).into_response()
    };
    let h = response.headers_mut();
    let kind = mime_guess::from_path(name).first_or_octet_stream();
    let kind = if kind.type_() == "text" { format!("{kind}; charset=utf-8") } else { kind.to_string() };
    h.insert(header::CONTENT_TYPE, HeaderValue::from_str(&kind).ok()?);
    h.insert(header::ETAG, HeaderValue::from_str(&etag).ok()?);
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    h.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    if let Some(coding) = coding {
        h.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    Some(response)
}
