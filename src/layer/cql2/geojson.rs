//! GeoJSON geometries inside CQL2 JSON, as written: axes are turned and places looked at later.

use geo_types::{Coord, GeometryCollection, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::Value as Json;

use super::DEEPEST;
use super::fault::{FilterFault, Found};
use super::place;
use crate::geom::Geometry;

/// Reads a geometry object.
pub fn read(json: &Json, depth: usize) -> Found<Geometry> {
    if depth > DEEPEST {
        return Err(FilterFault::deep(None));
    }
    let coordinates = &json["coordinates"];
    Ok(match json["type"].as_str().unwrap_or_default() {
        "Point" => Geometry::Point(Point(coord(coordinates)?)),
        "LineString" => Geometry::LineString(line(coordinates)?),
        "Polygon" => Geometry::Polygon(polygon(coordinates)?),
        "MultiPoint" => Geometry::MultiPoint(MultiPoint(each(coordinates, |c| coord(c).map(Point))?)),
        "MultiLineString" => Geometry::MultiLineString(MultiLineString(each(coordinates, line)?)),
        "MultiPolygon" => Geometry::MultiPolygon(MultiPolygon(each(coordinates, polygon)?)),
        "GeometryCollection" => {
            Geometry::GeometryCollection(GeometryCollection(each(&json["geometries"], |g| read(g, depth + 1))?))
        }
        _ => return Err(unreadable()),
    })
}

fn unreadable() -> FilterFault {
    FilterFault::new(None, "GeoJSON 几何无法读懂", "a GeoJSON geometry can't be read").hint(
        r#"例如 {"type":"Point","coordinates":[116.72,35.46]}"#,
        r#"such as {"type":"Point","coordinates":[116.72,35.46]}"#,
    )
}

fn each<T>(json: &Json, one: impl Fn(&Json) -> Found<T>) -> Found<Vec<T>> {
    let parts: Vec<T> = json.as_array().ok_or_else(unreadable)?.iter().map(one).collect::<Found<_>>()?;
    if parts.is_empty() { Err(unreadable()) } else { Ok(parts) }
}

fn coord(json: &Json) -> Found<Coord> {
    match (json.get(0).and_then(Json::as_f64), json.get(1).and_then(Json::as_f64)) {
        (Some(x), Some(y)) => Ok(Coord { x, y }),
        _ => Err(unreadable()),
    }
}

fn line(json: &Json) -> Found<LineString> {
    place::line(None, each(json, coord)?)
}

fn polygon(json: &Json) -> Found<Polygon> {
    place::polygon(None, each(json, |ring| each(ring, coord))?)
}
