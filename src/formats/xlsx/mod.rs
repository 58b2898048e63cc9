//! Excel workbooks out, for people. Knows no layer rules.

use std::io::Write;

use super::{FeatureWriter, Format};
use crate::layer::Layer;

pub mod write;

/// A workbook of one sheet, with typed cells.
pub struct Xlsx;

impl Format for Xlsx {
    fn name(&self) -> &'static str {
        "xlsx"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["xlsx"]
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
        Some(Box::new(write::Sheet::new(layer, fields, out)))
    }
}
