//! The API as pages to read: plain HTML with a style of our own, no outside asset, Chinese first.

use axum::response::Response;
use serde_json::Value as Json;

use super::Service;
use super::answer::typed_answer;
use super::items::Link;
use crate::geom::Crs;
use crate::layer::{Field, Layer, ValueRef};
use crate::town::{LayerTown, RowRef, Selection};

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

fn page(title: &str, trail: &[(&str, &str)], body: &str) -> Response {
    let trail: String =
        trail.iter().map(|(href, word)| format!("<a href=\"{}\">{}</a> › ", esc(href), esc(word))).collect();
    let html = format!(
        "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\
         <title>{title}</title><link rel=\"stylesheet\" href=\"/api/pages.css\"></head>\
         <body><header><nav aria-label=\"位置\">{trail}<b>{title}</b></nav><a class=\"map\" href=\"/\">地图 Map</a></header>\
         <main><h1>{title}</h1>{body}</main></body></html>",
        title = esc(title),
    );
    typed_answer("text/html; charset=utf-8", html)
}

/// The pages' one style.
pub async fn css() -> Response {
    typed_answer("text/css; charset=utf-8", include_str!("pages.css"))
}

const HOME: (&str, &str) = ("/api", "接口");
const LAYERS: (&str, &str) = ("/api/collections", "图层");

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json[key].as_str().unwrap_or_default()
}

fn links(json: &Json) -> String {
    let one = |l: &Json| {
        format!(
            "<li><a href=\"{}\">{}</a> <small>{} · {}</small></li>",
            esc(text(l, "href")),
            esc(text(l, "title")),
            esc(text(l, "rel")),
            esc(text(l, "type"))
        )
    };
    let list: String = json["links"].as_array().into_iter().flatten().map(one).collect();
    format!("<ul class=\"links\">{list}</ul>")
}

/// `/api`.
pub fn landing(service: &Service, body: &Json) -> Response {
    let live = &service.live;
    let rows: usize = live.town.len();
    let about = format!(
        "<p>{}</p><p class=\"note\">{}</p><p>{} 个图层，{rows} 个要素。 <span lang=\"en\">{} layers, {rows} features.</span></p>",
        esc(text(body, "description")),
        esc(text(body, "attribution")),
        live.catalogue.layers().len(),
        live.catalogue.layers().len(),
    );
    page(text(body, "title"), &[], &(about + &links(body)))
}

/// `/api/conformance`.
pub fn conformance(classes: &[&str]) -> Response {
    let list: String = classes.iter().map(|c| format!("<li><code>{}</code></li>", esc(c))).collect();
    page("符合的标准", &[HOME], &format!("<ul>{list}</ul>"))
}

/// `/api/collections`.
pub fn collections(service: &Service, body: &Json) -> Response {
    let live = &service.live;
    let row = |c: &Json| {
        let id = text(c, "id");
        let count = live.catalogue.index(id).map_or(0, |i| live.town.layer(i).len());
        format!(
            "<tr><td><a href=\"/api/collections/{0}\">{1}</a></td><td><code>{0}</code></td><td>{2}</td><td class=\"num\">{count}</td></tr>",
            esc(id),
            esc(text(c, "title")),
            esc(text(c, "description")),
        )
    };
    let rows: String = body["collections"].as_array().into_iter().flatten().map(row).collect();
    let table = format!(
        "<table><thead><tr><th>图层</th><th>代号</th><th>说明</th><th>要素数</th></tr></thead><tbody>{rows}</tbody></table>"
    );
    page("图层", &[HOME], &table)
}

/// `/api/collections/{layer}`.
pub fn collection(service: &Service, layer: &Layer, body: &Json) -> Response {
    let count = service.live.catalogue.index(&layer.id).map_or(0, |i| service.live.town.layer(i).len());
    let index = service.live.catalogue.index(&layer.id).unwrap_or_default();
    let seen = service.live.public.fields(index, layer);
    let fields: String = seen.map(|f| field_row(&layer.fields[f])).collect();
    let table = format!(
        "<p>{}</p><p>{count} 个要素 · <a href=\"/api/collections/{}/items?f=html\">浏览要素</a></p>\
         <h2>字段</h2><table><thead><tr><th>字段</th><th>代号</th><th>类型</th><th>单位</th><th>取值</th></tr></thead><tbody>{fields}</tbody></table><h2>链接</h2>",
        esc(text(body, "description")),
        esc(&layer.id),
    );
    page(&layer.title.zh, &[HOME, LAYERS], &(table + &links(body)))
}

fn field_row(f: &Field) -> String {
    let codes: Vec<String> = f.values.iter().map(|c| format!("{} {}", c.code, c.zh)).collect();
    format!(
        "<tr><td>{}</td><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td></tr>",
        esc(&f.title.zh),
        esc(&f.id),
        f.kind.wanted(),
        esc(f.unit.as_deref().unwrap_or("")),
        esc(&codes.join("、")),
    )
}

/// A schema, as text to read.
pub fn schema(layer: &Layer, what: &str, body: &Json) -> Response {
    let pretty = serde_json::to_string_pretty(body).unwrap_or_default();
    let here = format!("/api/collections/{}", layer.id);
    page(what, &[HOME, LAYERS, (&here, &layer.title.zh)], &format!("<pre>{}</pre>", esc(&pretty)))
}

/// A value in the user's words, with its unit.
fn shown(field: &Field, value: ValueRef<'_>) -> String {
    let text = value.to_value().to_text(field.kind);
    if text.is_empty() {
        return "—".into();
    }
    let words: Vec<&str> = text.split(';').map(|t| field.code_of(t).map_or(t, |c| c.zh.as_str())).collect();
    let unit = field.unit.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
    format!("{}{unit}", words.join("、"))
}

/// `/api/collections/{layer}/items`.
pub fn items(layer: &Layer, town: &LayerTown, found: &Selection, fields: &[usize], pages: &[Link]) -> Response {
    let heads: String = fields.iter().map(|f| format!("<th>{}</th>", esc(&layer.fields[*f].title.zh))).collect();
    let row = |number: &u32| {
        let row = town.row(*number);
        let cells: String =
            fields.iter().map(|f| format!("<td>{}</td>", esc(&shown(&layer.fields[*f], row.value(*f))))).collect();
        format!("<tr><td><a href=\"{}\">{}</a></td>{cells}</tr>", item_path(layer, &row), esc(row.id()))
    };
    let rows: String = found.rows.iter().map(row).collect();
    let word = |rel: &str| match rel {
        "next" => Some("下一页"),
        "prev" => Some("上一页"),
        _ => None,
    };
    let turn: String = pages
        .iter()
        .filter_map(|l| word(l.rel).map(|w| format!("<a rel=\"{}\" href=\"{}\">{w}</a> ", l.rel, esc(&l.href))))
        .collect();
    let body = format!(
        "<p>共 {} 条，本页 {} 条。{turn}</p><div class=\"wide\"><table><thead><tr><th>编号</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>",
        found.matched,
        found.rows.len(),
    );
    let here = format!("/api/collections/{}", layer.id);
    page("要素", &[HOME, LAYERS, (&here, &layer.title.zh)], &body)
}

fn item_path(layer: &Layer, row: &RowRef<'_>) -> String {
    let id = percent_encoding::utf8_percent_encode(row.id(), percent_encoding::NON_ALPHANUMERIC);
    format!("/api/collections/{}/items/{id}?f=html", layer.id)
}

/// One feature.
pub fn item(service: &Service, layer: &Layer, town: &LayerTown, row: u32, fields: &[usize]) -> Response {
    let row = town.row(row);
    let work = service.live.catalogue.town.work();
    let mut rows: String = fields
        .iter()
        .map(|f| {
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td></tr>",
                esc(&layer.fields[*f].title.zh),
                esc(&shown(&layer.fields[*f], row.value(*f)))
            )
        })
        .collect();
    if let Some(shape) = row.shape() {
        let geometry = shape.to_geometry();
        let (length, area) = (work.length(&geometry), work.area(&geometry));
        let mut put = |word: &str, value: f64, unit: &str| {
            rows += &format!("<tr><th scope=\"row\">{word}</th><td>{value:.2} {unit}</td></tr>");
        };
        match shape.kind {
            crate::geom::ShapeKind::Line => put("长度", length, "m"),
            crate::geom::ShapeKind::Polygon => {
                put("面积", area, "m²");
                put("周长", length, "m");
            }
            crate::geom::ShapeKind::Point => {
                let [lon, lat] = shape.degrees[0];
                let (x, y) = work.project(lon, lat);
                rows += &format!(
                    "<tr><th scope=\"row\">位置</th><td>{lon:.8}, {lat:.8} · {} E {x:.3} N {y:.3}</td></tr>",
                    Crs::GaussKruger(work.0.epsg().unwrap_or_default())
                );
            }
        }
    }
    let here = format!("/api/collections/{}", layer.id);
    page(
        row.id(),
        &[HOME, LAYERS, (&here, &layer.title.zh)],
        &format!("<table class=\"one\"><tbody>{rows}</tbody></table>"),
    )
}

/// The OpenAPI document, to read.
pub fn openapi(document: &Json) -> Response {
    let mut body = String::from("<p><a href=\"/api/openapi.json\">OpenAPI 3.0 JSON</a></p>");
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            let row = |p: &Json| {
                let required = if p["required"].as_bool() == Some(true) { "必填" } else { "" };
                format!(
                    "<tr><td><code>{}</code></td><td>{}</td><td>{required}</td></tr>",
                    esc(text(p, "name")),
                    esc(text(p, "description"))
                )
            };
            let rows: String = operation["parameters"].as_array().into_iter().flatten().map(row).collect();
            let table = if rows.is_empty() {
                String::new()
            } else {
                format!(
                    "<table><thead><tr><th>参数</th><th>说明</th><th></th></tr></thead><tbody>{rows}</tbody></table>"
                )
            };
            body += &format!(
                "<details><summary><b>{}</b> <code>{}</code> {} <small lang=\"en\">{}</small></summary>{table}</details>",
                esc(&method.to_uppercase()),
                esc(path),
                esc(text(operation, "summary")),
                esc(text(operation, "description")),
            );
        }
    }
    page("接口说明", &[HOME], &body)
}
