//! Writes a table: one row of Chinese titles, one row a feature, RFC 4180 with a byte order mark so
//! that spreadsheets read it as UTF-8. Values are codes, as in every answer.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::formats::{FeatureWriter, Row, wkt};
use crate::layer::{FieldType, Layer};

/// Title of the id column.
pub const ID: &str = "id";
/// Title of the geometry column.
pub const GEOMETRY: &str = "WKT";

/// Writes CSV.
pub struct Table<'a, W: Write> {
    layer: &'a Layer,
    fields: &'a [usize],
    /// Taken by the first row, since the mark goes before it.
    out: Option<W>,
    rows: Option<::csv::Writer<W>>,
}

impl<'a, W: Write> Table<'a, W> {
    /// Begins a table; nothing is written before its first row or end.
    pub fn new(layer: &'a Layer, fields: &'a [usize], out: W) -> Self {
        Table { layer, fields, out: Some(out), rows: None }
    }

    fn rows(&mut self) -> io::Result<&mut ::csv::Writer<W>> {
        if let Some(mut out) = self.out.take() {
            out.write_all(b"\xef\xbb\xbf")?;
            let mut rows = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(out);
            rows.write_record(titles(self.layer, self.fields).iter().map(|t| guarded(t).into_owned()))?;
            self.rows = Some(rows);
        }
        self.rows.as_mut().ok_or_else(|| io::Error::other("the table could not be begun"))
    }
}

impl<W: Write + Send> FeatureWriter for Table<'_, W> {
    fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        let (layer, fields) = (self.layer, self.fields);
        let rows = self.rows()?;
        rows.write_field(&*guarded(row.id))?;
        for (field, value) in fields.iter().filter_map(|f| layer.fields.get(*f)).zip(row.values) {
            let text = value.to_value().to_text(field.kind);
            match field.kind {
                FieldType::Integer | FieldType::Number => rows.write_field(text)?,
                _ => rows.write_field(&*guarded(&text))?,
            }
        }
        rows.write_field(row.geometry.map(wkt::text).unwrap_or_default())?;
        rows.write_record(None::<&[u8]>)?;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.rows()?.flush()
    }
}

/// The row of titles: id, the fields' Chinese titles, the geometry. A title that stands twice, or is
/// none, has its field's id behind it.
pub fn titles(layer: &Layer, fields: &[usize]) -> Vec<String> {
    let fields = || fields.iter().filter_map(|f| layer.fields.get(*f));
    let title = |f: &crate::layer::Field| match f.title.zh.as_str() {
        "" => f.id.clone(),
        zh if fields().filter(|o| o.title.zh == zh).count() > 1 || zh == ID || zh == GEOMETRY => {
            format!("{zh} ({})", f.id)
        }
        zh => zh.to_string(),
    };
    let mut out = vec![ID.to_string()];
    out.extend(fields().map(title));
    out.push(GEOMETRY.into());
    out
}

/// Text that a spreadsheet would run as a formula, with an apostrophe before it (OWASP, CSV injection).
pub fn guarded(text: &str) -> Cow<'_, str> {
    match text.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => Cow::Owned(format!("'{text}")),
        _ => Cow::Borrowed(text),
    }
}
