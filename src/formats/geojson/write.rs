//! GeoJSON onto a stream, member by member in the order of RFC 7946's examples, numbers in the
//! shortest form that reads back the same. Rings are written as they are held. Knows no layer rules.

use std::io::{self, Write};

use geo_types::{Coord, Polygon};
use serde_json::Value as Json;

use crate::formats::{FeatureWriter, Row};
use crate::geom::Geometry;
use crate::layer::{FieldType, Layer, ValueRef};

/// Members of an object beside those that GeoJSON defines: name and value.
pub type Members = Vec<(String, Json)>;

/// Writes a FeatureCollection.
pub struct Collection<'a, W> {
    layer: &'a Layer,
    fields: &'a [usize],
    out: W,
    /// Members written before the features.
    before: Members,
    /// Members written behind the features.
    pub behind: Members,
    count: u64,
}

impl<'a, W: Write> Collection<'a, W> {
    /// Begins a collection; `before` are members to stand between `type` and `features`.
    pub fn new(layer: &'a Layer, fields: &'a [usize], out: W, before: Members) -> Self {
        Collection { layer, fields, out, before, behind: Vec::new(), count: 0 }
    }

    /// Writes one feature, with members of its own behind `properties`.
    pub fn feature(&mut self, row: &Row<'_>, own: &Members) -> io::Result<()> {
        self.begin()?;
        if self.count > 0 {
            self.out.write_all(b",\n")?;
        }
        self.count += 1;
        feature(&mut self.out, self.layer, self.fields, row, own)
    }

    fn begin(&mut self) -> io::Result<()> {
        if self.count > 0 {
            return Ok(());
        }
        self.out.write_all(b"{\"type\":\"FeatureCollection\"")?;
        members(&mut self.out, &self.before)?;
        self.out.write_all(b",\"features\":[\n")
    }

    /// Ends the collection; the stream below is given back.
    pub fn end(mut self) -> io::Result<W> {
        self.begin()?;
        self.out.write_all(b"\n]")?;
        members(&mut self.out, &self.behind)?;
        self.out.write_all(b"}\n")?;
        self.out.flush()?;
        Ok(self.out)
    }
}

impl<W: Write + Send> FeatureWriter for Collection<'_, W> {
    fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        self.feature(row, &Vec::new())
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        self.end().map(drop)
    }
}

/// Writes features one a line.
pub struct Lines<'a, W> {
    layer: &'a Layer,
    fields: &'a [usize],
    out: W,
}

impl<'a, W: Write> Lines<'a, W> {
    /// Begins; nothing is written yet.
    pub fn new(layer: &'a Layer, fields: &'a [usize], out: W) -> Self {
        Lines { layer, fields, out }
    }
}

impl<W: Write + Send> FeatureWriter for Lines<'_, W> {
    fn write(&mut self, row: &Row<'_>) -> io::Result<()> {
        feature(&mut self.out, self.layer, self.fields, row, &Vec::new())?;
        self.out.write_all(b"\n")
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.out.flush()
    }
}

/// Writes one Feature in one line: type, id, geometry, properties, then members of its own.
pub fn feature(out: &mut impl Write, layer: &Layer, fields: &[usize], row: &Row<'_>, own: &Members) -> io::Result<()> {
    out.write_all(b"{\"type\":\"Feature\",\"id\":")?;
    json(out, row.id)?;
    out.write_all(b",\"geometry\":")?;
    match row.geometry {
        Some(g) => geometry(out, g)?,
        None => out.write_all(b"null")?,
    }
    out.write_all(b",\"properties\":{")?;
    let mut first = true;
    for (field, value) in fields.iter().filter_map(|f| layer.fields.get(*f)).zip(row.values) {
        if !std::mem::take(&mut first) {
            out.write_all(b",")?;
        }
        json(out, &field.id)?;
        out.write_all(b":")?;
        put_value(out, *value, field.kind)?;
    }
    out.write_all(b"}")?;
    members(out, own)?;
    out.write_all(b"}")
}

fn put_value(out: &mut impl Write, value: ValueRef<'_>, kind: FieldType) -> io::Result<()> {
    match value {
        ValueRef::Null => out.write_all(b"null"),
        ValueRef::Bool(b) => out.write_all(if b { b"true" } else { b"false" }),
        ValueRef::Int(i) => json(out, &i),
        ValueRef::Real(r) => json(out, &r),
        // A list is held as the JSON it is written as.
        ValueRef::Text(t) if kind == FieldType::List && serde_json::from_str::<Vec<String>>(t).is_ok() => {
            out.write_all(t.as_bytes())
        }
        ValueRef::Text(t) => json(out, &**t),
    }
}

fn json(out: &mut impl Write, value: &(impl serde::Serialize + ?Sized)) -> io::Result<()> {
    serde_json::to_writer(out, value).map_err(io::Error::from)
}

fn members(out: &mut impl Write, list: &Members) -> io::Result<()> {
    for (name, value) in list {
        out.write_all(b",")?;
        json(out, name)?;
        out.write_all(b":")?;
        json(out, value)?;
    }
    Ok(())
}

/// Writes a geometry object, coordinates in the order they are held in; null for collections,
/// which layers do not hold.
pub fn geometry(out: &mut impl Write, geometry: &Geometry) -> io::Result<()> {
    let kind = match geometry {
        Geometry::Point(_) => "Point",
        Geometry::LineString(_) => "LineString",
        Geometry::Polygon(_) => "Polygon",
        Geometry::MultiPoint(_) => "MultiPoint",
        Geometry::MultiLineString(_) => "MultiLineString",
        Geometry::MultiPolygon(_) => "MultiPolygon",
        _ => return out.write_all(b"null"),
    };
    write!(out, "{{\"type\":\"{kind}\",\"coordinates\":")?;
    match geometry {
        Geometry::Point(p) => place(out, &p.0)?,
        Geometry::LineString(l) => list(out, &l.0, place)?,
        Geometry::Polygon(p) => polygon(out, p)?,
        Geometry::MultiPoint(m) => list(out, &m.0, |out, p| place(out, &p.0))?,
        Geometry::MultiLineString(m) => list(out, &m.0, |out, l| list(out, &l.0, place))?,
        Geometry::MultiPolygon(m) => list(out, &m.0, polygon)?,
        _ => {}
    }
    out.write_all(b"}")
}

fn list<W: Write, T>(out: &mut W, items: &[T], mut one: impl FnMut(&mut W, &T) -> io::Result<()>) -> io::Result<()> {
    out.write_all(b"[")?;
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.write_all(b",")?;
        }
        one(out, item)?;
    }
    out.write_all(b"]")
}

fn place<W: Write>(out: &mut W, c: &Coord) -> io::Result<()> {
    out.write_all(b"[")?;
    json(out, &c.x)?;
    out.write_all(b",")?;
    json(out, &c.y)?;
    out.write_all(b"]")
}

fn polygon<W: Write>(out: &mut W, p: &Polygon) -> io::Result<()> {
    let rings: Vec<_> = std::iter::once(p.exterior()).chain(p.interiors()).filter(|r| !r.0.is_empty()).collect();
    list(out, &rings, |out, ring| list(out, &ring.0, place))
}
