//! WKT geometries inside CQL2 text, as written: axes are turned and places looked at later.

use geo_types::{Coord, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::cursor::Parser;
use super::fault::Found;
use super::place::{line, polygon};
use super::token::Token;
use crate::geom::Geometry;

const TAGS: [&str; 7] =
    ["point", "linestring", "polygon", "multipoint", "multilinestring", "multipolygon", "geometrycollection"];

/// True when a name with what follows it begins a geometry; `point` alone is a property.
pub fn starts(name: &str, next: Option<&Token>) -> bool {
    let follows = match next {
        Some(Token::Sign("(")) => true,
        Some(Token::Name(n)) => ["z", "m", "zm", "empty"].contains(&n.to_ascii_lowercase().as_str()),
        _ => false,
    };
    follows && TAGS.contains(&name)
}

/// Reads a geometry; the parser stands on its tag.
pub fn read(p: &mut Parser<'_>) -> Found<Geometry> {
    let tag = match p.peek() {
        Some(Token::Name(n)) => n.to_ascii_lowercase(),
        _ => return Err(p.unexpected()),
    };
    if !TAGS.contains(&tag.as_str()) {
        return Err(p.unexpected());
    }
    p.step();
    let _ = p.word("z") || p.word("m") || p.word("zm");
    Ok(match tag.as_str() {
        "point" => Geometry::Point(Point(bracketed_place(p)?)),
        "linestring" => Geometry::LineString(line_text(p)?),
        "polygon" => Geometry::Polygon(polygon_text(p)?),
        "multipoint" => Geometry::MultiPoint(MultiPoint(each(p, |p| {
            // Both `MULTIPOINT((1 2),(3 4))` and `MULTIPOINT(1 2,3 4)` are met.
            let bare = !matches!(p.peek(), Some(Token::Sign("(")));
            Ok(Point(if bare { place(p)? } else { bracketed_place(p)? }))
        })?)),
        "multilinestring" => Geometry::MultiLineString(MultiLineString(each(p, line_text)?)),
        "multipolygon" => Geometry::MultiPolygon(MultiPolygon(each(p, polygon_text)?)),
        _ => Geometry::GeometryCollection(GeometryCollection(each(p, |p| p.deeper(read))?)),
    })
}

/// Parts in brackets, parted by commas, at least one.
fn each<T>(p: &mut Parser<'_>, one: impl Fn(&mut Parser<'_>) -> Found<T>) -> Found<Vec<T>> {
    p.expect("(")?;
    let mut parts = vec![one(p)?];
    while p.sign(",") {
        parts.push(one(p)?);
    }
    p.expect(")")?;
    Ok(parts)
}

fn number(p: &mut Parser<'_>) -> Found<f64> {
    let minus = p.sign("-");
    if !minus {
        p.sign("+");
    }
    let v = match p.peek() {
        Some(Token::Int(i)) => *i as f64,
        Some(Token::Real(r)) => *r,
        _ => {
            return Err(p
                .unexpected()
                .hint("坐标写作 x y，例如 POINT(116.72 35.46)", "a place is x y, as in POINT(116.72 35.46)"));
        }
    };
    p.step();
    Ok(if minus { -v } else { v })
}

/// Two numbers, and up to two more (height, measure) that are passed over.
fn place(p: &mut Parser<'_>) -> Found<Coord> {
    let (x, y) = (number(p)?, number(p)?);
    for _ in 0..2 {
        if matches!(p.peek(), Some(Token::Int(_) | Token::Real(_) | Token::Sign("-" | "+"))) {
            number(p)?;
        }
    }
    Ok(Coord { x, y })
}

fn bracketed_place(p: &mut Parser<'_>) -> Found<Coord> {
    p.expect("(")?;
    let at = place(p)?;
    p.expect(")")?;
    Ok(at)
}

fn line_text(p: &mut Parser<'_>) -> Found<LineString> {
    let at = p.at();
    line(at, each(p, place)?)
}

fn polygon_text(p: &mut Parser<'_>) -> Found<Polygon> {
    let at = p.at();
    polygon(at, each(p, |p| each(p, place))?)
}
