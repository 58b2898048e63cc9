//! The API as pages to read: plain HTML with a style of our own, no script, no outside asset, Chinese first.

mod features;
mod layer;
mod reference;
mod service;
mod sketch;

use axum::response::Response;
use serde_json::Value as Json;

use super::answer::typed_answer;

pub use features::{Listing, item, items};
pub use layer::{collection, schema};
pub use reference::openapi;
pub use service::{collections, conformance, landing};

/// Text made safe for HTML, in attributes too.
fn esc(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// What a page is made of. Its parts but `body` are plain text.
struct Page<'a> {
    title: &'a str,
    /// The title in English, or another line beside it.
    beside: &'a str,
    /// Where one comes from: addresses and words, outermost first.
    trail: &'a [(&'a str, &'a str)],
    /// The address of the same as JSON.
    json: &'a str,
    body: String,
}

impl Page<'_> {
    fn answer(self) -> Response {
        let trail: String = self
            .trail
            .iter()
            .map(|(href, word)| format!("<li><a href=\"{}\">{}</a></li>", esc(href), esc(word)))
            .collect();
        let json = match self.json {
            "" => String::new(),
            href => format!("<a href=\"{}\">JSON</a>", esc(href)),
        };
        let html = format!(
            "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
             <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
             <title>{title}</title><link rel=\"stylesheet\" href=\"/api/pages.css\"></head>\
             <body><a class=\"skip\" href=\"#main\">跳到正文</a>\
             <header><nav aria-label=\"位置\"><ol>{trail}<li aria-current=\"page\">{title}</li></ol></nav>\
             <span class=\"tools\">{json}<a href=\"/\">地图</a></span></header>\
             <main id=\"main\"><h1>{title} <small lang=\"en\">{beside}</small></h1>{body}</main></body></html>\n",
            title = esc(self.title),
            beside = esc(self.beside),
            body = self.body,
        );
        typed_answer("text/html; charset=utf-8", html)
    }
}

/// The pages' one style.
pub async fn css() -> Response {
    typed_answer("text/css; charset=utf-8", include_str!("pages.css"))
}

const HOME: (&str, &str) = ("/api?f=html", "接口");
const LAYERS: (&str, &str) = ("/api/collections?f=html", "图层");

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_default()
}

/// A table in a frame that scrolls by itself: heads and rows of cells, both already safe HTML.
fn table(caption: &str, heads: &[&str], rows: &str) -> String {
    let heads: String = heads.iter().map(|h| format!("<th scope=\"col\">{h}</th>")).collect();
    format!(
        "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"{0}\"><table><caption>{0}</caption>\
         <thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>",
        esc(caption)
    )
}

/// A whole number with its thousands set apart.
fn grouped(n: usize) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_text_is_taken_for_a_tag() {
        assert_eq!(esc(r#"<a href="x" on='y'>&"#), "&lt;a href=&quot;x&quot; on=&#39;y&#39;&gt;&amp;");
    }

    #[test]
    fn thousands_are_set_apart() {
        let plain = |n| grouped(n).replace('\u{202f}', " ");
        assert_eq!([plain(0), plain(999), plain(1000), plain(1_234_567)], ["0", "999", "1 000", "1 234 567"]);
    }
}
