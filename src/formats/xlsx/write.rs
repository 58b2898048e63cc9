//! Writes a workbook: the layer's title, a frozen row of titles with units, one row a feature.
//! Numbers, truths and dates are typed cells; texts are never formulas. The sheet is held in memory
//! until it is finished, some 50 bytes a cell.

use std::io::{self, Write};

use rust_xlsxwriter::{ExcelDateTime, Format as Look, FormatAlign, Workbook, Worksheet, XlsxError};

use crate::formats::{FeatureWriter, Row, csv, wkt};
use crate::layer::{Field, FieldType, Layer, ValueRef};

/// Most characters of a cell, and most rows of a sheet (Excel's limits).
const CELL: usize = 32_767;
const ROWS: u32 = 1_048_576;
/// The first row below title and header.
const FIRST: u32 = 2;
/// Whole numbers above it are not exact in a cell: they are written as text.
const EXACT: u64 = 1 << 53;

/// Writes a workbook.
pub struct Sheet<'a, W> {
    fields: Vec<&'a Field>,
    out: W,
    book: Workbook,
    sheet: Worksheet,
    next: u32,
    date: Look,
    moment: Look,
    begun: io::Result<()>,
}

impl<'a, W: Write + Send> Sheet<'a, W> {
    /// Begins a workbook; bytes are written when it is finished.
    pub fn new(layer: &'a Layer, fields: &'a [usize], out: W) -> Self {
        let mut sheet = Worksheet::new();
        let begun = head(&mut sheet, layer, fields).map_err(failed);
        Sheet {
            fields: fields.iter().filter_map(|f| layer.fields.get(*f)).collect(),
            out,
            book: Workbook::new(),
            sheet,
            next: FIRST,
            date: Look::new().set_num_format("yyyy-mm-dd"),
            moment: Look::new().set_num_format("yyyy-mm-dd hh:mm:ss"),
            begun,
        }
    }

    fn cell(&mut self, column: u16, value: ValueRef<'_>, kind: FieldType) -> Result<(), XlsxError> {
        let (row, sheet) = (self.next, &mut self.sheet);
        match value {
            ValueRef::Null => return Ok(()),
            ValueRef::Bool(b) => sheet.write_boolean(row, column, b)?,
            ValueRef::Int(i) if i.unsigned_abs() <= EXACT => sheet.write_number(row, column, i as f64)?,
            ValueRef::Real(r) if r.is_finite() => sheet.write_number(row, column, r)?,
            ValueRef::Text(t) => match (kind, moment(t, kind)) {
                (FieldType::Date, Some(at)) => sheet.write_datetime_with_format(row, column, at, &self.date)?,
                (FieldType::DateTime, Some(at)) => sheet.write_datetime_with_format(row, column, at, &self.moment)?,
                _ => sheet.write_string(row, column, fitted(value.to_value().to_text(kind)))?,
            },
            other => sheet.write_string(row, column, other.to_value().to_text(kind))?,
        };
        Ok(())
    }
}

impl<W: Write + Send> FeatureWriter for Sheet<'_, W> {
    fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        std::mem::replace(&mut self.begun, Ok(()))?;
        if self.next >= ROWS {
            return Err(io::Error::other("a sheet holds at most 1,048,574 features; export to CSV or GeoJSON instead"));
        }
        self.sheet.write_string(self.next, 0, fitted(row.id.into())).map_err(failed)?;
        let kinds: Vec<FieldType> = self.fields.iter().map(|f| f.kind).collect();
        for (column, (value, kind)) in row.values.iter().zip(&kinds).enumerate() {
            self.cell(column as u16 + 1, *value, *kind).map_err(failed)?;
        }
        if let Some(geometry) = row.geometry {
            let text = wkt::text(geometry);
            let text = if text.len() > CELL { "（图形过长，请导出 GeoJSON）".into() } else { text };
            self.sheet.write_string(self.next, kinds.len() as u16 + 1, text).map_err(failed)?;
        }
        self.next += 1;
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.begun?;
        let last = self.next.max(FIRST) - 1;
        self.sheet.autofilter(FIRST - 1, 0, last, self.fields.len() as u16 + 1).map_err(failed)?;
        self.book.push_worksheet(self.sheet);
        self.book.save_to_writer(&mut self.out).map_err(failed)?;
        self.out.flush()
    }
}

fn head(sheet: &mut Worksheet, layer: &Layer, fields: &[usize]) -> Result<(), XlsxError> {
    sheet.set_name(sheet_name(&layer.title.zh, &layer.id))?;
    let title = Look::new().set_bold().set_font_size(14);
    sheet.write_string_with_format(0, 0, format!("{} {}", layer.title.zh, layer.title.en), &title)?;
    let bold = Look::new().set_bold().set_text_wrap().set_align(FormatAlign::Top).set_background_color(0x00E7_ECEF);
    let units = std::iter::once(None)
        .chain(fields.iter().filter_map(|f| layer.fields.get(*f)).map(unit))
        .chain(std::iter::once(None));
    for (column, (name, unit)) in csv::write::titles(layer, fields).into_iter().zip(units).enumerate() {
        let name = unit.map_or(name.clone(), |u| format!("{name} ({u})"));
        let width = name.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<u32>() + 4;
        sheet.write_string_with_format(FIRST - 1, column as u16, name, &bold)?;
        sheet.set_column_width(column as u16, f64::from(width.clamp(10, 40)))?;
    }
    sheet.set_freeze_panes(FIRST, 0)?;
    Ok(())
}

/// A cell has no time zone, so a moment's header names it.
fn unit(field: &Field) -> Option<String> {
    match field.kind {
        FieldType::DateTime => Some("UTC".into()),
        _ => field.unit.clone(),
    }
}

/// A sheet's name: at most 31 characters, none of `[]:*?/\`, no apostrophe at its ends.
fn sheet_name(title: &str, id: &str) -> String {
    let plain: String = title.chars().filter(|c| !"[]:*?/\\'".contains(*c) && !c.is_control()).take(31).collect();
    if plain.trim().is_empty() { id.chars().take(31).collect() } else { plain }
}

/// Canonical date or time text as a cell's moment; `None` before 1900, which cells don't know.
fn moment(text: &str, kind: FieldType) -> Option<ExcelDateTime> {
    let at: jiff::civil::DateTime = match kind {
        FieldType::Date => text.parse::<jiff::civil::Date>().ok()?.at(0, 0, 0, 0),
        FieldType::DateTime => jiff::tz::TimeZone::UTC.to_datetime(text.parse().ok()?),
        _ => return None,
    };
    let second = f64::from(at.second()) + f64::from(at.subsec_nanosecond()) / 1e9;
    let year = u16::try_from(at.year()).ok().filter(|y| *y >= 1900)?;
    ExcelDateTime::from_ymd(year, at.month() as u8, at.day() as u8)
        .and_then(|d| d.and_hms(at.hour() as u16, at.minute() as u8, second))
        .ok()
}

/// Text cut to what a cell holds, the cut marked.
fn fitted(text: String) -> String {
    if text.len() <= CELL {
        return text;
    }
    // Excel counts UTF-16 units
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > CELL - 1
    });
    end.map_or(text.clone(), |(i, _)| format!("{}…", &text[..i]))
}

fn failed(e: XlsxError) -> io::Error {
    io::Error::other(e.to_string())
}
