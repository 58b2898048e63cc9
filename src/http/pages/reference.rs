//! The OpenAPI document, to read: addresses by tag, with parameters, answers and schemas.

use axum::response::Response;
use serde_json::Value as Json;

use super::{HOME, Page, esc, table, text};

/// `/api/openapi.html`.
pub fn openapi(document: &Json) -> Response {
    let mut body = String::from(
        "<p class=\"lead\">地址、参数与结果。出错时给出 <code>application/problem+json</code>：原因、位置与建议。</p><nav aria-label=\"分组\"><ul class=\"chips\">",
    );
    let tags: Vec<&Json> = document["tags"].as_array().into_iter().flatten().collect();
    for (n, tag) in tags.iter().enumerate() {
        body += &format!("<li><a href=\"#t{n}\">{}</a></li>", esc(text(tag, "name")));
    }
    body += "</ul></nav>";
    for (n, tag) in tags.iter().enumerate() {
        body += &format!(
            "<h2 id=\"t{n}\">{} <small lang=\"en\">{}</small></h2>",
            esc(text(tag, "name")),
            esc(text(tag, "description"))
        );
        for (path, methods) in document["paths"].as_object().into_iter().flatten() {
            for (method, operation) in methods.as_object().into_iter().flatten() {
                if operation["tags"][0] == tag["name"] {
                    body += &operation_part(document, path, method, operation);
                }
            }
        }
    }
    Page { title: "接口说明", beside: "API reference", trail: &[HOME], json: "/api/openapi.json", body }.answer()
}

/// What a reference of the document points to; anything else is itself.
fn resolved<'a>(document: &'a Json, json: &'a Json) -> &'a Json {
    let target = json["$ref"].as_str().and_then(|r| r.strip_prefix('#')).and_then(|r| document.pointer(r));
    target.unwrap_or(json)
}

fn operation_part(document: &Json, path: &str, method: &str, operation: &Json) -> String {
    let row = |p: &Json| {
        let p = resolved(document, p);
        let required = if p["required"].as_bool() == Some(true) { "必填" } else { "" };
        format!(
            "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{required}</td></tr>",
            esc(text(p, "name")),
            esc(text(p, "description")),
            schema_words(&p["schema"]),
        )
    };
    let parameters: String = operation["parameters"].as_array().into_iter().flatten().map(row).collect();
    let answer = |(status, answer): (&String, &Json)| {
        let answer = resolved(document, answer);
        let media: Vec<String> = answer["content"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(m, _)| format!("<code>{}</code>", esc(m)))
            .collect();
        format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td></tr>",
            esc(status),
            esc(text(answer, "description")),
            media.join("<br>")
        )
    };
    let answers: String = operation["responses"].as_object().into_iter().flatten().map(answer).collect();
    let parameters = match parameters.is_empty() {
        true => String::new(),
        false => table("参数", &["参数", "说明", "取值", ""], &parameters),
    };
    format!(
        "<details><summary><b>{}</b> <code>{}</code> {} <small lang=\"en\">{}</small></summary>{parameters}{}</details>",
        esc(&method.to_uppercase()),
        esc(path),
        esc(text(operation, "summary")),
        esc(text(operation, "description")),
        table("结果", &["状态", "说明", "格式"], &answers),
    )
}

/// Type, bounds, choices and default of a parameter in a few words.
fn schema_words(schema: &Json) -> String {
    let mut words = vec![esc(text(schema, "type"))];
    let list = schema["enum"].as_array().or_else(|| schema["items"]["enum"].as_array());
    if let Some(list) = list {
        let shown: Vec<String> =
            list.iter().take(8).filter_map(Json::as_str).map(|v| format!("<code>{}</code>", esc(v))).collect();
        words.push(format!("{}{}", shown.join(" "), if list.len() > 8 { " …" } else { "" }));
    }
    let bound = |key: &str| schema[key].as_f64().map(|v| v.to_string()).unwrap_or_default();
    if !schema["minimum"].is_null() || !schema["maximum"].is_null() {
        words.push(format!("{}–{}", bound("minimum"), bound("maximum")));
    }
    if let Some(default) = schema.get("default") {
        let default = default.as_str().map_or_else(|| default.to_string(), str::to_string);
        words.push(format!("默认 <code>{}</code>", esc(&default)));
    }
    words.join(" · ")
}
