//! The files that features come in and go out as. Knows no store, no town, no network.
//!
//! A format is one folder and one line in [`FORMATS`]; imports, exports and HTTP answers find it there.

use std::io::{self, Read, Write};

use crate::geom::{Crs, Geometry};
use crate::layer::{Layer, ValueRef};

pub mod csv;
pub mod fault;
pub mod geojson;
pub mod source;
pub mod wkt;
pub mod xlsx;

pub use fault::{ReadFault, ReadProblem};

/// Every format, the one of the fewest surprises first.
pub static FORMATS: &[&dyn Format] = &[&geojson::GeoJson, &geojson::GeoJsonLines, &csv::Csv, &xlsx::Xlsx];

/// A kind of file.
pub trait Format: Sync {
    /// Its name, as in `f=` of a query.
    fn name(&self) -> &'static str;

    /// Endings of its files, without the dot, the usual one first.
    fn endings(&self) -> &'static [&'static str];

    /// The media type of an answer in it.
    fn media_type(&self) -> &'static str;

    /// True when the first bytes of a file look like it.
    fn recognises(&self, _head: &[u8]) -> bool {
        false
    }

    /// True when it can be imported.
    fn can_read(&self) -> bool {
        false
    }

    /// True when it can be exported.
    fn can_write(&self) -> bool {
        false
    }

    /// Reads features off a stream; `None` when it can't be imported.
    fn reader<'a>(&self, _input: Box<dyn Read + Send + 'a>) -> Option<Box<dyn FeatureReader + 'a>> {
        None
    }

    /// Writes features of a layer; `fields` are the positions of the visible ones, in order.
    /// `None` when it can't be exported.
    fn writer<'a>(
        &self,
        _layer: &'a Layer,
        _fields: &'a [usize],
        _out: Box<dyn Write + Send + 'a>,
    ) -> Option<Box<dyn FeatureWriter + 'a>> {
        None
    }
}

/// The format of a file that can be read: by its ending, else by its first bytes.
pub fn to_read(ending: Option<&str>, head: &[u8]) -> Option<&'static dyn Format> {
    let readable = || FORMATS.iter().copied().filter(|f| f.can_read());
    readable().find(|f| ending.is_some_and(|e| has_ending(*f, e))).or_else(|| readable().find(|f| f.recognises(head)))
}

/// The format of a file to be written, by its ending.
pub fn to_write(ending: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|f| f.can_write() && has_ending(*f, ending))
}

/// A format by name, as `f=` gives it.
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    FORMATS.iter().copied().find(|f| f.name() == name)
}

fn has_ending(format: &dyn Format, ending: &str) -> bool {
    format.endings().iter().any(|e| e.eq_ignore_ascii_case(ending))
}

/// Gives the features of a file one by one.
pub trait FeatureReader {
    /// The next feature; a fault that ends the file is followed by `None`.
    fn next(&mut self) -> Option<Result<RawFeature, ReadFault>>;

    /// The CRS that the file itself names, known by the time its first feature is read.
    fn crs(&self) -> Option<Crs>;
}

/// A feature as its file has it, not yet held against any layer.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RawFeature {
    /// Line of the file where it begins, from 1.
    pub line: u64,
    /// Which feature of the file, from 1.
    pub row: u64,
    pub id: Option<String>,
    /// True when an id was there but is unusable; [`RawFeature::problems`] tells why.
    pub bad_id: bool,
    /// In the file's own coordinates, easting or longitude first unless the file swaps them.
    pub geometry: Option<Geometry>,
    /// True when a geometry was there but could not be built; [`RawFeature::problems`] tells why.
    pub broken_geometry: bool,
    /// Names and values in the file's order.
    pub properties: Vec<(String, serde_json::Value)>,
    /// What is wrong with it before any layer is asked.
    pub problems: Vec<ReadProblem>,
    /// True when it has heights or measures, which are dropped.
    pub has_heights: bool,
}

/// A feature on its way out.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    pub id: &'a str,
    /// In the coordinates and axis order it is to be written in.
    pub geometry: Option<&'a Geometry>,
    /// One a visible field, in the order of the writer's `fields`.
    pub values: &'a [ValueRef<'a>],
}

/// Takes features one by one and writes them.
pub trait FeatureWriter: Send {
    /// Writes one feature.
    fn write(&mut self, row: &Row<'_>) -> io::Result<()>;

    /// Writes what comes after the last one and hands everything to the stream below.
    fn finish(self: Box<Self>) -> io::Result<()>;
}

/// Writes all features of an iterator; gives how many.
pub fn write_all<'a>(
    mut writer: Box<dyn FeatureWriter + '_>,
    rows: impl IntoIterator<Item = Row<'a>>,
) -> io::Result<u64> {
    let mut count = 0;
    for row in rows {
        writer.write(&row)?;
        count += 1;
    }
    writer.finish()?;
    Ok(count)
}

/// The values of a feature's visible fields, in order, for a [`Row`].
pub fn visible<'a>(values: &'a [crate::layer::Value], fields: &[usize]) -> Vec<ValueRef<'a>> {
    fields.iter().map(|f| values.get(*f).map_or(ValueRef::Null, |v| v.borrow())).collect()
}

/// Text of a stranger made fit for a message: at most 60 characters, nothing that moves a cursor.
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    for (i, c) in text.chars().enumerate() {
        if i == 60 {
            out.push('…');
            break;
        }
        if is_hidden(c) {
            out.extend(c.escape_unicode());
        } else {
            out.push(c);
        }
    }
    out
}

/// True for control characters and those that turn the direction of writing.
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
