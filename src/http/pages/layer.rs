//! Pages of one layer: what it is, its fields, its schemas.

use axum::response::Response;
use serde_json::Value as Json;

use super::{HOME, LAYERS, Page, esc, grouped, table, text};
use crate::http::Service;
use crate::layer::{Field, FieldType, Layer};

/// `/api/collections/{layer}`.
pub fn collection(service: &Service, layer: &Layer, body: &Json) -> Response {
    let live = &service.live;
    let index = live.catalogue.index(&layer.id).unwrap_or_default();
    let town = live.town.layer(index);
    let here = format!("/api/collections/{}", layer.id);
    let fields: String = live.public.fields(index, layer).map(|f| field_row(&layer.fields[f])).collect();
    let extent = body["extent"]["spatial"]["bbox"][0].as_array().map(|b| {
        let numbers: Vec<String> = b.iter().filter_map(Json::as_f64).map(|v| format!("{v:.5}")).collect();
        format!("<dt>范围</dt><dd>{}</dd>", numbers.join("，"))
    });
    let interval = body["extent"]["temporal"]["interval"][0].as_array().map(|ends| {
        let ends: Vec<&str> = ends.iter().map(|e| e.as_str().map_or("…", |e| &e[..e.len().min(10)])).collect();
        format!("<dt>时间</dt><dd>{}</dd>", esc(&ends.join(" 至 ")))
    });
    let links = body["links"].as_array().into_iter().flatten();
    let downloads: String = links
        .filter(|l| text(l, "rel") == "items" && text(l, "type") != "text/html")
        .map(|l| format!("<li><a href=\"{}\">{}</a></li>", esc(text(l, "href")), esc(text(l, "title"))))
        .collect();
    let tiles = match layer.geometry.is_empty() {
        true => String::new(),
        false => format!("<li><a href=\"/tiles/{}\">矢量瓦片 TileJSON</a></li>", layer.id),
    };
    let page = format!(
        "<p class=\"lead\">{about} <span lang=\"en\">{about_en}</span></p>\
         <dl><dt>要素</dt><dd>{count}</dd><dt>代号</dt><dd><code>{id}</code></dd>{extent}{interval}</dl>\
         <p><a class=\"go\" href=\"{here}/items?f=html\">浏览要素</a></p>{form}\
         <h2>字段</h2>{fields}\
         <h2>下载与接口</h2><ul class=\"plain\">{downloads}{tiles}\
         <li><a href=\"{here}/schema?f=html\">字段结构</a></li><li><a href=\"{here}/queryables?f=html\">可查询字段</a></li>\
         <li><a href=\"{here}/sortables?f=html\">可排序字段</a></li></ul>",
        about = esc(&layer.about.zh),
        about_en = esc(&layer.about.en),
        count = grouped(town.len()),
        id = layer.id,
        extent = extent.unwrap_or_default(),
        interval = interval.unwrap_or_default(),
        form = filter_form(layer, ""),
        fields = table("字段", &["字段", "Field", "代号", "类型", "单位", "取值"], &fields),
    );
    let json = format!("{here}?f=json");
    Page { title: &layer.title.zh, beside: &layer.title.en, trail: &[HOME, LAYERS], json: &json, body: page }.answer()
}

/// A line to write a condition into.
pub fn filter_form(layer: &Layer, filter: &str) -> String {
    let example = layer.fields.iter().find_map(|f| match f.kind {
        FieldType::Text => f.values.first().map(|c| format!("{} = '{}'", f.id, c.zh)),
        FieldType::Integer | FieldType::Number => Some(format!("{} > 0", f.id)),
        _ => None,
    });
    format!(
        "<form action=\"/api/collections/{}/items\"><label for=\"filter\">条件（CQL2）</label>\
         <input type=\"hidden\" name=\"f\" value=\"html\">\
         <input id=\"filter\" name=\"filter\" required maxlength=\"4000\" spellcheck=\"false\" value=\"{}\" placeholder=\"{}\">\
         <button>查询</button></form>",
        layer.id,
        esc(filter),
        esc(&example.unwrap_or_else(|| "id LIKE '%1%'".into())),
    )
}

fn kind_word(kind: FieldType) -> &'static str {
    match kind {
        FieldType::Text => "文字",
        FieldType::Integer => "整数",
        FieldType::Number => "数字",
        FieldType::Boolean => "是/否",
        FieldType::Date => "日期",
        FieldType::DateTime => "时刻",
        FieldType::List => "列表",
    }
}

fn field_row(f: &Field) -> String {
    let codes: Vec<String> = f
        .values
        .iter()
        .map(|c| match c.code == c.zh {
            true => esc(&c.zh),
            false => format!("{} <code>{}</code>", esc(&c.zh), esc(&c.code)),
        })
        .collect();
    format!(
        "<tr><td>{}</td><td lang=\"en\">{}</td><td><code>{}</code></td><td>{}{}</td><td>{}</td><td>{}</td></tr>",
        esc(&f.title.zh),
        esc(&f.title.en),
        esc(&f.id),
        kind_word(f.kind),
        if f.required { "，必填" } else { "" },
        esc(f.unit.as_deref().unwrap_or("")),
        codes.join("、"),
    )
}

/// `/schema`, `/queryables`, `/sortables`.
pub fn schema(layer: &Layer, what: &str, body: &Json) -> Response {
    let here = format!("/api/collections/{}", layer.id);
    let title = match what {
        "queryables" => "可查询字段",
        "sortables" => "可排序字段",
        _ => "字段结构",
    };
    let row = |(name, p): (&String, &Json)| {
        let format = p["format"].as_str().map(|f| format!(" · {f}")).unwrap_or_default();
        format!(
            "<tr><td>{}</td><td><code>{}</code></td><td>{}{}</td><td>{}</td><td>{}</td></tr>",
            esc(text(p, "title")),
            esc(name),
            esc(text(p, "type")),
            esc(&format),
            esc(text(p, "x-ogc-unit")),
            esc(text(p, "x-ogc-role")),
        )
    };
    let rows: String = body["properties"].as_object().into_iter().flatten().map(row).collect();
    let pretty = serde_json::to_string_pretty(body).unwrap_or_default();
    let page = format!(
        "{}<h2>JSON Schema</h2><pre tabindex=\"0\">{}</pre>",
        table(title, &["字段", "代号", "类型", "单位", "角色"], &rows),
        esc(&pretty)
    );
    let json = format!("{here}/{what}?f=json");
    let trail = [HOME, LAYERS, (&format!("{here}?f=html"), layer.title.zh.as_str())];
    Page { title, beside: what, trail: &trail, json: &json, body: page }.answer()
}
