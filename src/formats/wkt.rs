//! Well-known text of a geometry, for tables. Two dimensions, shortest numbers that read back the same.

use std::fmt::Write;

use geo_types::{Coord, LineString, Polygon};

use crate::geom::Geometry;

/// The text as OGC 06-103r4 section 7 writes it; an empty one for kinds that layers do not hold.
///
/// ```
/// use townseat::formats::wkt;
/// assert_eq!(wkt::text(&geo_types::point!(x: 116.72, y: 35.0).into()), "POINT (116.72 35)");
/// ```
pub fn text(geometry: &Geometry) -> String {
    let mut out = String::new();
    match geometry {
        Geometry::Point(p) => {
            out.push_str("POINT ");
            places(&mut out, &[p.0]);
        }
        Geometry::LineString(l) => {
            out.push_str("LINESTRING ");
            places(&mut out, &l.0);
        }
        Geometry::Polygon(p) => {
            out.push_str("POLYGON ");
            polygon(&mut out, p);
        }
        Geometry::MultiPoint(m) => {
            out.push_str("MULTIPOINT ");
            list(&mut out, &m.0, |out, p| places(out, &[p.0]));
        }
        Geometry::MultiLineString(m) => {
            out.push_str("MULTILINESTRING ");
            list(&mut out, &m.0, |out, l| places(out, &l.0));
        }
        Geometry::MultiPolygon(m) => {
            out.push_str("MULTIPOLYGON ");
            list(&mut out, &m.0, polygon);
        }
        _ => {}
    }
    out
}

fn list<T>(out: &mut String, items: &[T], mut one: impl FnMut(&mut String, &T)) {
    if items.is_empty() {
        out.push_str("EMPTY");
        return;
    }
    out.push('(');
    for (i, item) in items.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        one(out, item);
    }
    out.push(')');
}

fn places(out: &mut String, run: &[Coord]) {
    // Writing to a text does not fail.
    list(out, run, |out, c| _ = write!(out, "{} {}", c.x, c.y));
}

fn polygon(out: &mut String, p: &Polygon) {
    let rings: Vec<&LineString> = match p.exterior().0.is_empty() {
        true => Vec::new(),
        false => std::iter::once(p.exterior()).chain(p.interiors()).collect(),
    };
    list(out, &rings, |out, r| places(out, &r.0));
}
