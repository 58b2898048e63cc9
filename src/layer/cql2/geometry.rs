//! Geometries inside a filter: GeoJSON objects and boxes, into storage coordinates.

use geo_types::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};
use serde_json::Value as Json;

use crate::geom::{Bounds, Crs, Geometry, world::MAX_LATITUDE};

/// A GeoJSON geometry with axes in the order of its CRS; `None` when it is none or out of range.
pub fn geojson(json: &Json, crs: Crs) -> Option<Geometry> {
    let coordinates = &json["coordinates"];
    let geometry = match json["type"].as_str()? {
        "Point" => Geometry::Point(Point(place(coordinates, crs)?)),
        "LineString" => Geometry::LineString(line(coordinates, crs)?),
        "Polygon" => Geometry::Polygon(polygon(coordinates, crs)?),
        "MultiPoint" => Geometry::MultiPoint(MultiPoint(each(coordinates, |c| place(c, crs).map(Point))?)),
        "MultiLineString" => Geometry::MultiLineString(MultiLineString(each(coordinates, |c| line(c, crs))?)),
        "MultiPolygon" => Geometry::MultiPolygon(MultiPolygon(each(coordinates, |c| polygon(c, crs))?)),
        "GeometryCollection" => {
            Geometry::GeometryCollection(geo_types::GeometryCollection(each(&json["geometries"], |g| geojson(g, crs))?))
        }
        _ => return None,
    };
    Some(geometry)
}

/// A box `[x1, y1, x2, y2]` (or with heights, six numbers), as a polygon.
pub fn bbox(json: &Json, crs: Crs) -> Option<Geometry> {
    let n: Vec<f64> = json.as_array()?.iter().map(Json::as_f64).collect::<Option<_>>()?;
    let (a, b) = match n[..] {
        [x1, y1, x2, y2] => ((x1, y1), (x2, y2)),
        [x1, y1, _, x2, y2, _] => ((x1, y1), (x2, y2)),
        _ => return None,
    };
    let turn = |(x, y): (f64, f64)| if crs.north_first() { (y, x) } else { (x, y) };
    let ((x1, y1), (x2, y2)) = (turn(a), turn(b));
    let given = Bounds { west: x1.min(x2), south: y1.min(y2), east: x1.max(x2), north: y1.max(y2) };
    let b = if crs.is_storage() { given } else { crs.bounds_to_storage(&given) };
    let inside = b.west.is_finite() && b.north.is_finite() && b.south >= -90.0 && b.north <= 90.0;
    inside.then(|| {
        geo_types::Rect::new((b.west, b.south.max(-MAX_LATITUDE)), (b.east, b.north.min(MAX_LATITUDE)))
            .to_polygon()
            .into()
    })
}

fn each<T>(json: &Json, one: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    json.as_array()?.iter().map(one).collect()
}

fn place(json: &Json, crs: Crs) -> Option<Coord> {
    let (a, b) = (json.get(0)?.as_f64()?, json.get(1)?.as_f64()?);
    let (x, y) = if crs.north_first() { (b, a) } else { (a, b) };
    let (x, y) = crs.to_storage(x, y);
    (x.abs() <= 180.0 && y.abs() <= 90.0).then_some(Coord { x, y })
}

fn line(json: &Json, crs: Crs) -> Option<LineString> {
    let places = each(json, |c| place(c, crs))?;
    (places.len() > 1).then_some(LineString(places))
}

fn polygon(json: &Json, crs: Crs) -> Option<Polygon> {
    let mut rings = each(json, |c| line(c, crs))?.into_iter();
    Some(Polygon::new(rings.next()?, rings.collect()))
}
