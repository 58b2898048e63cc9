//! CQL2 text and JSON into a [`Filter`], held against a layer. OGC 21-065r2.
//!
//! Text is read by the `cql2` crate into CQL2 JSON, which alone is then understood here.

mod geometry;
#[cfg(test)]
mod laws;
mod tree;

use super::{Filter, Layer, Words};
use crate::geom::Crs;

/// A filter that can't be used: what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterFault {
    pub what: Words,
    pub hint: Words,
}

/// Longest filter in bytes.
const LONGEST: usize = 64 * 1024;
/// Deepest nesting of brackets and operators.
const DEEPEST: usize = 64;

/// What a filter is read against.
pub(super) struct Reading<'a> {
    pub layer: &'a Layer,
    /// CRS of the geometries in it, axes in that system's order.
    pub crs: Crs,
    /// Which fields may be named; others are as unknown as those that are not there.
    pub sees: &'a dyn Fn(usize) -> bool,
}

fn fault(zh: impl Into<String>, en: impl Into<String>, hint_zh: &str, hint_en: &str) -> FilterFault {
    FilterFault { what: Words { zh: zh.into(), en: en.into() }, hint: Words { zh: hint_zh.into(), en: hint_en.into() } }
}

/// Reads a filter in the encoding that `filter-lang` names; without it, JSON when it begins with a brace.
pub fn parse(
    text: &str,
    lang: Option<&str>,
    layer: &Layer,
    crs: Crs,
    sees: &dyn Fn(usize) -> bool,
) -> Result<Filter, FilterFault> {
    match lang {
        Some("cql2-text") => parse_text(text, layer, crs, sees),
        Some("cql2-json") => parse_json(text, layer, crs, sees),
        None if text.trim_start().starts_with('{') => parse_json(text, layer, crs, sees),
        None => parse_text(text, layer, crs, sees),
        Some(other) => {
            let other: String = other.chars().take(40).collect();
            let what = format!("filter-lang “{other}”");
            Err(fault(
                format!("不支持 {what}"),
                format!("{what} is not served"),
                "可用 cql2-text 或 cql2-json",
                "use cql2-text or cql2-json",
            ))
        }
    }
}

/// Reads CQL2 text.
///
/// ```
/// # use townseat::{geom::Crs, layer::{Layer, cql2}};
/// # let layer: Layer = toml::from_str(r#"
/// # id = "p"
/// # title = {zh="", en=""}
/// # about = {zh="", en=""}
/// # group = "g"
/// # zoom = {min=1, full=2}
/// # [[field]]
/// # id = "year"
/// # title = {zh="", en=""}
/// # type = "integer"
/// # "#).unwrap();
/// assert!(cql2::parse_text("year >= 1990 AND year < 2000", &layer, Crs::Crs84, &|_| true).is_ok());
/// assert!(cql2::parse_text("colour = 'red'", &layer, Crs::Crs84, &|_| true).unwrap_err().what.en.contains("colour"));
/// ```
pub fn parse_text(text: &str, layer: &Layer, crs: Crs, sees: &dyn Fn(usize) -> bool) -> Result<Filter, FilterFault> {
    guard(text)?;
    let unreadable = |why: String| {
        let why: String = why.lines().take(4).collect::<Vec<_>>().join(" ").chars().take(200).collect();
        fault(
            format!("条件无法读懂：{why}"),
            format!("the condition can't be read: {why}"),
            "例如 kind = 'WS' AND diameter_mm >= 400；文字用单引号",
            "such as kind = 'WS' AND diameter_mm >= 400; texts stand in single quotes",
        )
    };
    let expr = ::cql2::parse_text(text).map_err(|e| unreadable(e.to_string()))?;
    let json = expr.to_value().map_err(|e| unreadable(e.to_string()))?;
    tree::filter(&json, &Reading { layer, crs, sees }, 0)
}

/// Reads CQL2 JSON.
pub fn parse_json(text: &str, layer: &Layer, crs: Crs, sees: &dyn Fn(usize) -> bool) -> Result<Filter, FilterFault> {
    guard(text)?;
    let json = serde_json::from_str(text).map_err(|e| {
        fault(
            format!("条件不是 JSON：{e}"),
            format!("the condition is no JSON: {e}"),
            "请检查括号与引号",
            "look at brackets and quotes",
        )
    })?;
    tree::filter(&json, &Reading { layer, crs, sees }, 0)
}

/// Refuses what a recursive reader would fall over: too long, or nested too deep.
fn guard(text: &str) -> Result<(), FilterFault> {
    let refuse = |zh: String, en: String| Err(fault(zh, en, "请把条件拆短", "make the condition shorter"));
    if text.len() > LONGEST {
        return refuse(
            format!("条件长 {} 字节，最多 {LONGEST}", text.len()),
            format!("the condition has {} bytes, at most {LONGEST}", text.len()),
        );
    }
    let (mut depth, mut deepest, mut run, mut longest_run, mut quoted) = (0usize, 0, 0usize, 0, None);
    for c in text.chars() {
        match (quoted, c) {
            (Some(q), c) if c == q => quoted = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quoted = Some(c),
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
        // A run of signs nests as brackets do.
        run = if c == '-' || c == '+' || c.is_whitespace() { run + usize::from(!c.is_whitespace()) } else { 0 };
        longest_run = longest_run.max(run);
    }
    let nots =
        text.to_ascii_lowercase().split(|c: char| !c.is_alphanumeric()).fold((0usize, 0usize), |(now, most), w| {
            let now = if w == "not" {
                now + 1
            } else if w.is_empty() {
                now
            } else {
                0
            };
            (now, most.max(now))
        });
    if deepest > DEEPEST || longest_run > DEEPEST || nots.1 > DEEPEST {
        return refuse(
            format!("条件嵌套超过 {DEEPEST} 层"),
            format!("the condition is nested more than {DEEPEST} deep"),
        );
    }
    Ok(())
}
