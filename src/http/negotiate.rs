//! What form of an answer a client takes: media types, encodings, conditions.

use http::{HeaderMap, header};

/// The weight that an `Accept`-like header gives to a media type or coding, 0 to 1; `*` counts.
fn weight(header: &str, name: &str) -> f32 {
    let mut best: (u8, f32) = (0, 0.0);
    for part in header.split(',') {
        let mut words = part.split(';').map(str::trim);
        let range = words.next().unwrap_or_default();
        let q = words.find_map(|w| w.strip_prefix("q=")).and_then(|q| q.parse().ok()).unwrap_or(1.0);
        let fits = match range.split_once('/') {
            _ if range.eq_ignore_ascii_case(name) => 3,
            Some((kind, "*")) if kind != "*" && name.split_once('/').is_some_and(|(k, _)| k == kind) => 2,
            Some(("*", "*")) => 1,
            None if range == "*" => 1,
            _ => 0,
        };
        if fits > best.0 {
            best = (fits, q);
        }
    }
    best.1
}

fn value(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).and_then(|v| v.to_str().ok())
}

/// The offered media type that the client likes best; the first when it has no wish; `None` when none fits.
pub fn media<'a>(headers: &HeaderMap, offered: &[&'a str]) -> Option<&'a str> {
    let Some(accept) = value(headers, header::ACCEPT) else { return offered.first().copied() };
    let mut best: Option<(&str, f32)> = None;
    for name in offered {
        let w = weight(accept, name);
        if w > 0.0 && best.is_none_or(|b| w > b.1) {
            best = Some((name, w));
        }
    }
    best.map(|b| b.0)
}

/// True when the client takes a content coding such as `gzip`.
pub fn takes_coding(headers: &HeaderMap, coding: &str) -> bool {
    value(headers, header::ACCEPT_ENCODING).is_some_and(|h| weight(h, coding) > 0.0)
}

/// True when `If-None-Match` names the ETag (or `*`): the client has it already.
pub fn has_already(headers: &HeaderMap, etag: &str) -> bool {
    value(headers, header::IF_NONE_MATCH).is_some_and(|h| {
        h.trim() == "*" || h.split(',').any(|t| t.trim().trim_start_matches("W/") == etag.trim_start_matches("W/"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_more_exact_range_outweighs_a_wider_one() {
        let mut h = HeaderMap::new();
        h.insert(header::ACCEPT, "text/html;q=0.8, application/*;q=0.5, */*;q=0.1".parse().unwrap());
        assert_eq!(media(&h, &["application/json", "text/html"]), Some("text/html"));
        h.insert(header::ACCEPT, "image/png".parse().unwrap());
        assert_eq!(media(&h, &["application/json"]), None);
        h.insert(header::ACCEPT_ENCODING, "br;q=0, gzip".parse().unwrap());
        assert!(takes_coding(&h, "gzip") && !takes_coding(&h, "br"));
    }
}
