//! Pages of the service as a whole: where everything is, what it holds to, which layers there are.

use axum::response::Response;
use serde_json::Value as Json;

use super::{HOME, Page, esc, grouped, table, text};
use crate::http::Service;

/// `/api`.
pub fn landing(service: &Service, body: &Json) -> Response {
    let live = &service.live;
    let seen: Vec<usize> = (0..live.catalogue.layers().len()).filter(|i| live.public.sees(*i)).collect();
    let features: usize = seen.iter().map(|i| live.town.layer(*i).len()).sum();
    let card = |href: &str, title: &str, about: &str| {
        format!("<li><a href=\"{href}\"><b>{title}</b><span>{about}</span></a></li>")
    };
    let cards = [
        card("/api/collections?f=html", "图层", &format!("{} 个图层，{} 个要素", seen.len(), grouped(features))),
        card("/api/openapi.html", "接口说明", "每个地址、参数与结果"),
        card("/api/conformance?f=html", "符合的标准", "OGC API Features、CQL2"),
        card("/api/openapi.json", "OpenAPI 3.0", "给程序读的接口文档"),
        card("/styles/light.json", "地图样式", "MapLibre 样式文件"),
    ]
    .concat();
    let body = format!(
        "<p class=\"lead\">{}</p><p class=\"note\">{}</p><ul class=\"cards\">{cards}</ul>\
         <h2>在 QGIS 中打开</h2><p>图层 › 添加图层 › 添加 WFS / OGC API Features 图层，地址填写本页地址（以 <code>/api</code> 结尾）。</p>",
        esc(text(body, "description")),
        esc(text(body, "attribution")),
    );
    let title = &live.catalogue.town.title;
    Page { title: &title.zh, beside: &title.en, trail: &[], json: "/api?f=json", body }.answer()
}

/// `/api/conformance`.
pub fn conformance(classes: &[&str]) -> Response {
    let list: String = classes.iter().map(|c| format!("<li><code>{}</code></li>", esc(c))).collect();
    let body = format!("<ul class=\"plain\">{list}</ul>");
    Page { title: "符合的标准", beside: "Conformance", trail: &[HOME], json: "/api/conformance?f=json", body }.answer()
}

/// `/api/collections`.
pub fn collections(service: &Service, body: &Json) -> Response {
    let live = &service.live;
    let mut out = String::new();
    for group in &live.catalogue.town.groups {
        let row = |c: &Json| {
            let id = text(c, "id");
            let index = live.catalogue.index(id).filter(|i| live.catalogue.layers()[*i].group == group.id)?;
            let layer = &live.catalogue.layers()[index];
            Some(format!(
                "<tr><td><a href=\"/api/collections/{0}?f=html\">{1}</a></td><td lang=\"en\">{2}</td><td><code>{0}</code></td>\
                 <td>{3}</td><td class=\"num\">{4}</td></tr>",
                esc(id),
                esc(&layer.title.zh),
                esc(&layer.title.en),
                esc(&layer.about.zh),
                grouped(live.town.layer(index).len()),
            ))
        };
        let rows: String = body["collections"].as_array().into_iter().flatten().filter_map(row).collect();
        if !rows.is_empty() {
            out += &format!("<h2>{} <small lang=\"en\">{}</small></h2>", esc(&group.title.zh), esc(&group.title.en));
            out += &table(&group.title.zh, &["图层", "Layer", "代号", "说明", "要素数"], &rows);
        }
    }
    Page { title: "图层", beside: "Layers", trail: &[HOME], json: "/api/collections?f=json", body: out }.answer()
}
