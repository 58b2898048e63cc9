//! Pages of features: a page of them as table and drawing, and one with its measures.

use axum::response::Response;

use super::layer::filter_form;
use super::sketch::{Drawn, sketch};
use super::{HOME, LAYERS, Page, esc, grouped, table};
use crate::geom::{Crs, ShapeKind, WorkCrs};
use crate::http::Service;
use crate::http::items::Link;
use crate::layer::{Field, Layer, ValueRef};
use crate::town::{LayerTown, RowRef, Selection};

/// Most features that one drawing holds.
const DRAWN: usize = 500;

/// A value in the user's words, with its unit.
fn shown(field: &Field, value: ValueRef<'_>) -> String {
    let text = value.to_value().to_text(field.kind);
    if text.is_empty() {
        return "—".into();
    }
    if let ValueRef::Bool(b) = value {
        return if b { "是" } else { "否" }.into();
    }
    let words: Vec<&str> = text.split(';').map(|t| field.code_of(t).map_or(t, |c| c.zh.as_str())).collect();
    let unit = field.unit.as_deref().map(|u| format!(" {u}")).unwrap_or_default();
    format!("{}{unit}", words.join("、"))
}

fn item_path(layer: &Layer, row: &RowRef<'_>) -> String {
    let id = percent_encoding::utf8_percent_encode(row.id(), percent_encoding::NON_ALPHANUMERIC);
    format!("/api/collections/{}/items/{id}?f=html", layer.id)
}

/// What a page of features is made from.
pub struct Listing<'a> {
    pub layer: &'a Layer,
    pub town: &'a LayerTown,
    pub found: &'a Selection,
    /// Positions of the fields to show.
    pub fields: &'a [usize],
    /// Links to the same in other forms, to the next page and the one before.
    pub links: &'a [Link],
    /// The condition asked for, as written.
    pub filter: &'a str,
    pub work: WorkCrs,
}

/// `/api/collections/{layer}/items`.
pub fn items(list: &Listing<'_>) -> Response {
    let (layer, found) = (list.layer, list.found);
    let heads: Vec<String> = list.fields.iter().map(|f| esc(&layer.fields[*f].title.zh)).collect();
    let heads: Vec<&str> = std::iter::once("编号").chain(heads.iter().map(String::as_str)).collect();
    let row = |number: &u32| {
        let row = list.town.row(*number);
        let cell = |f: &usize| {
            let field = &layer.fields[*f];
            let number = matches!(row.value(*f), ValueRef::Int(_) | ValueRef::Real(_));
            format!("<td{}>{}</td>", if number { " class=\"num\"" } else { "" }, esc(&shown(field, row.value(*f))))
        };
        let cells: String = list.fields.iter().map(cell).collect();
        format!("<tr><td><a href=\"{}\">{}</a></td>{cells}</tr>", item_path(layer, &row), esc(row.id()))
    };
    let rows: String = found.rows.iter().map(row).collect();
    let drawn: Vec<Drawn<'_>> = found
        .rows
        .iter()
        .take(DRAWN)
        .filter_map(|number| {
            let row = list.town.row(*number);
            Some(Drawn { shape: row.shape()?, href: Some(item_path(layer, &row)), name: row.id().to_string() })
        })
        .collect();
    let link =
        |rel: &str, media: &str| list.links.iter().find(|l| l.rel == rel && (media.is_empty() || l.media == media));
    let turn = |rel: &str, word: &str| match link(rel, "") {
        Some(l) => {
            // The links of the answer lead to GeoJSON unless the request said otherwise.
            let glue = if l.href.contains('?') { '&' } else { '?' };
            let href = if l.href.contains("f=html") { l.href.clone() } else { format!("{}{glue}f=html", l.href) };
            format!("<a rel=\"{rel}\" href=\"{}\">{word}</a>", esc(&href))
        }
        None => format!("<span aria-disabled=\"true\">{word}</span>"),
    };
    let forms: String = [("CSV", "text/csv"), ("Excel", crate::http::answer::Form::Xlsx.media())]
        .iter()
        .filter_map(|(word, media)| {
            link("alternate", media).map(|l| format!(" <a href=\"{}\">{word}</a>", esc(&l.href)))
        })
        .collect();
    let here = format!("/api/collections/{}", layer.id);
    let body = format!(
        "{}<p class=\"turn\"><span>共 {} 条，本页 {} 条</span>{}{}<span class=\"right\">全部下载：{forms}</span></p>{}{}",
        filter_form(layer, list.filter),
        grouped(found.matched),
        found.rows.len(),
        turn("prev", "上一页"),
        turn("next", "下一页"),
        sketch(&drawn, list.work),
        table("要素", &heads, &rows),
    );
    let trail = [HOME, LAYERS, (&format!("{here}?f=html"), layer.title.zh.as_str())];
    let json = link("self", "").map(|l| l.href.replace("f=html", "f=json")).unwrap_or_default();
    Page { title: "要素", beside: "Features", trail: &trail, json: &json, body }.answer()
}

/// One feature.
pub fn item(service: &Service, layer: &Layer, town: &LayerTown, row: u32, fields: &[usize]) -> Response {
    let row = town.row(row);
    let work = service.live.catalogue.town.work();
    let line =
        |word: &str, value: &str| format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", esc(word), esc(value));
    let mut rows: String =
        fields.iter().map(|f| line(&layer.fields[*f].title.zh, &shown(&layer.fields[*f], row.value(*f)))).collect();
    let mut drawing = String::new();
    if let Some(shape) = row.shape() {
        let geometry = shape.to_geometry();
        let (length, area) = (work.length(&geometry), work.area(&geometry));
        rows += &match shape.kind {
            ShapeKind::Line => line("长度", &format!("{length:.2} m")),
            ShapeKind::Polygon => line("面积", &format!("{area:.2} m²")) + &line("周长", &format!("{length:.2} m")),
            ShapeKind::Point => {
                let [lon, lat] = shape.degrees[0];
                let (x, y) = work.project(lon, lat);
                let crs = Crs::GaussKruger(work.0.epsg().unwrap_or_default());
                line("经纬度", &format!("{lon:.8}, {lat:.8}")) + &line("坐标", &format!("{crs} E {x:.3} N {y:.3}"))
            }
        };
        drawing = sketch(&[Drawn { shape, href: None, name: row.id().to_string() }], work);
    }
    let here = format!("/api/collections/{}", layer.id);
    let (collection, list) = (format!("{here}?f=html"), format!("{here}/items?f=html"));
    let trail = [HOME, LAYERS, (&collection, layer.title.zh.as_str()), (&list, "要素")];
    let body = format!("{drawing}<table class=\"one\"><tbody>{rows}</tbody></table>");
    let json = item_path(layer, &row).replace("f=html", "f=json");
    Page { title: row.id(), beside: &layer.title.zh, trail: &trail, json: &json, body }.answer()
}
