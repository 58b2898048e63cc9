//! Comma-separated tables out, for people and spreadsheets. Knows no layer rules.

use std::io::Write;

use super::{FeatureWriter, Format};
use crate::layer::Layer;

pub mod write;

/// UTF-8 with byte order mark, one row of titles, the geometry last as WKT.
pub struct Csv;

impl Format for Csv {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["csv"]
    }

    fn media_type(&self) -> &'static str {
        "text/csv; charset=utf-8"
    }

    fn can_write(&self) -> bool {
        true
    }

    fn writer<'a>(
        &self,
        layer: &'a Layer,
        fields: &'a [usize],
        out: Box<dyn Write + Send + 'a>,
    ) -> Option<Box<dyn FeatureWriter + 'a>> {
        Some(Box::new(write::Table::new(layer, fields, out)))
    }
}
