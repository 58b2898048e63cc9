//! GeoJSON in and out: FeatureCollections, features one a line, text sequences. Knows no layer rules.

use std::io::{Read, Write};

use super::{FeatureReader, FeatureWriter, Format};
use crate::layer::Layer;

pub mod members;
pub mod parse;
pub mod read;
pub mod scan;
pub mod shape;
pub mod split;
#[cfg(test)]
mod tests;
pub mod write;

/// A FeatureCollection (RFC 7946).
pub struct GeoJson;

/// Features one a line, without and with record separators (RFC 8142).
pub struct GeoJsonLines;

/// All three kinds begin alike; the reader tells them apart.
fn looks_like_json(head: &[u8]) -> bool {
    let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
    head.iter().copied().find(|b| !b.is_ascii_whitespace()).is_some_and(|b| matches!(b, b'{' | split::RECORD))
}

impl Format for GeoJson {
    fn name(&self) -> &'static str {
        "geojson"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["geojson", "json"]
    }

    fn media_type(&self) -> &'static str {
        "application/geo+json"
    }

    fn recognises(&self, head: &[u8]) -> bool {
        looks_like_json(head)
    }

    fn can_read(&self) -> bool {
        true
    }

    fn can_write(&self) -> bool {
        true
    }

    fn reader<'a>(&self, input: Box<dyn Read + Send + 'a>) -> Option<Box<dyn FeatureReader + 'a>> {
        Some(Box::new(read::Reader::new(input)))
    }

    fn writer<'a>(
        &self,
        layer: &'a Layer,
        fields: &'a [usize],
        out: Box<dyn Write + Send + 'a>,
    ) -> Option<Box<dyn FeatureWriter + 'a>> {
        Some(Box::new(write::Collection::new(layer, fields, out, Vec::new())))
    }
}

impl Format for GeoJsonLines {
    fn name(&self) -> &'static str {
        "geojsonl"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["geojsonl", "ndjson", "jsonl", "geojsons", "ndgeojson"]
    }

    fn media_type(&self) -> &'static str {
        "application/geo+json-seq"
    }

    fn can_read(&self) -> bool {
        true
    }

    fn can_write(&self) -> bool {
        true
    }

    fn reader<'a>(&self, input: Box<dyn Read + Send + 'a>) -> Option<Box<dyn FeatureReader + 'a>> {
        GeoJson.reader(input)
    }

    fn writer<'a>(
        &self,
        layer: &'a Layer,
        fields: &'a [usize],
        out: Box<dyn Write + Send + 'a>,
    ) -> Option<Box<dyn FeatureWriter + 'a>> {
        Some(Box::new(write::Lines::new(layer, fields, out)))
    }
}
