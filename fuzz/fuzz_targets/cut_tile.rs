//! Any shape in any tile: no panic, and nothing beyond the buffer (the writer checks what it is told).
#![no_main]

use std::sync::Arc;

use geo_types::{Coord, Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon};
use libfuzzer_sys::fuzz_target;
use townseat::geom::Shape;
use townseat::layer::ValueRef;
use townseat::tile::cut::{LayerSpec, Source, cut};
use townseat::tile::dirty::Dirty;
use townseat::tile::TileId;

struct Some1(Arc<str>, Shape);

impl Source for Some1 {
    fn len(&self) -> usize {
        1
    }
    fn fid(&self, _: usize) -> i64 {
        1
    }
    fn id(&self, _: usize) -> &Arc<str> {
        &self.0
    }
    fn shape(&self, _: usize) -> Option<&Shape> {
        Some(&self.1)
    }
    fn value(&self, _: usize, _: usize) -> ValueRef<'_> {
        ValueRef::Null
    }
}

fuzz_target!(|data: &[u8]| {
    let [kind, z, full, rest @ ..] = data else { return };
    let places: Vec<Coord> = rest
        .chunks_exact(8)
        .map(|c| {
            let part = |b: &[u8]| f64::from(i32::from_le_bytes([b[0], b[1], b[2], b[3]])) / f64::from(i32::MAX);
            Coord { x: part(&c[..4]) * 180.0, y: part(&c[4..]) * 90.0 }
        })
        .collect();
    let Some(first) = places.first().copied() else { return };
    let (a, b) = places.split_at(places.len() / 2);
    let line = |c: &[Coord]| LineString(c.to_vec());
    let geometry = match kind % 6 {
        0 => Geometry::Point(Point(first)),
        1 => Geometry::LineString(line(&places)),
        2 => Geometry::Polygon(Polygon::new(line(&places), vec![])),
        3 => Geometry::Polygon(Polygon::new(line(a), vec![line(b)])),
        4 => Geometry::MultiLineString(MultiLineString(vec![line(a), line(b)])),
        _ => Geometry::MultiPolygon(MultiPolygon(vec![Polygon::new(line(a), vec![]), Polygon::new(line(b), vec![])])),
    };
    let Some(shape) = Shape::of(&geometry) else { return };
    let z = z % 21;
    let at = shape.world[0].map(|v| (u64::from(v) >> (32 - u32::from(z))) as u32);
    let Some(tile) = TileId::new(z, at[0], at[1]) else { return };
    let mut dirty = Dirty::new(0);
    dirty.touch(None, Some(&shape));
    let bytes = cut(tile, &[(LayerSpec { name: "f", fields: vec![], full: full % 21 }, Some1(Arc::from("f"), shape))]);
    // Whatever shows in a tile, an edit of it must drop the tile.
    assert!(bytes.is_empty() || dirty.touches(tile));
});
