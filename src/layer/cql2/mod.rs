//! CQL2 text and JSON into a [`Filter`], held against a layer. OGC 21-065r2.
//!
//! Two readers, one for each encoding, make the same small tree ([`node`]); one binder gives its names,
//! types and places a meaning. No crate reads the text for us: the one at hand takes twice as long for
//! each open bracket more (22 of them, two minutes), loses whole numbers above 2^53, and knows no positions.

mod bind;
mod cursor;
mod fault;
mod geojson;
mod json;
#[cfg(test)]
mod laws;
mod node;
mod operand;
mod ops;
mod place;
mod text;
mod token;
mod when;
mod wkt;

pub use fault::FilterFault;

use super::{Filter, Layer};
use crate::geom::Crs;
use node::Node;

/// Longest filter in bytes.
pub const LONGEST: usize = 64 * 1024;
/// Deepest nesting of brackets and operators; a chain of sums nests with every term.
pub const DEEPEST: usize = 64;

/// What a filter is read against.
struct Reading<'a> {
    layer: &'a Layer,
    /// CRS of the geometries in it, axes in that system's order.
    crs: Crs,
    /// Which fields may be named; others are as unknown as those that are not there.
    sees: &'a dyn Fn(usize) -> bool,
}

/// Reads a filter in the encoding that `filter-lang` names; without it, JSON when it begins with a brace,
/// which no text can.
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
            Err(FilterFault::new(
                None,
                format!("不支持 filter-lang “{other}”"),
                format!("filter-lang '{other}' is not served"),
            )
            .hint("可用 cql2-text 或 cql2-json", "use cql2-text or cql2-json"))
        }
    }
}

/// Reads CQL2 text. `crs` is that of the geometries in it, `sees` tells which fields may be named.
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
/// let fault = cql2::parse_text("year > 1 AND colour = 'red'", &layer, Crs::Crs84, &|_| true).unwrap_err();
/// assert!(fault.what.en.contains("colour"));
/// assert_eq!(fault.at, Some(13));
/// ```
pub fn parse_text(text: &str, layer: &Layer, crs: Crs, sees: &dyn Fn(usize) -> bool) -> Result<Filter, FilterFault> {
    bound(text, text::read, Reading { layer, crs, sees })
}

/// Reads CQL2 JSON. `crs` is that of the geometries in it, `sees` tells which fields may be named.
pub fn parse_json(text: &str, layer: &Layer, crs: Crs, sees: &dyn Fn(usize) -> bool) -> Result<Filter, FilterFault> {
    bound(text, json::read, Reading { layer, crs, sees })
}

fn bound(text: &str, read: fn(&str) -> Result<Node, FilterFault>, reading: Reading<'_>) -> Result<Filter, FilterFault> {
    if text.len() > LONGEST {
        return Err(FilterFault::new(
            None,
            format!("条件长 {} 字节，最多 {LONGEST}", text.len()),
            format!("the condition has {} bytes, at most {LONGEST}", text.len()),
        )
        .hint("请把条件拆短", "make the condition shorter"));
    }
    reading.condition(&read(text)?)
}
