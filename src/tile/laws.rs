//! Laws of the cutter, on random shapes, read back with a reader that we did not write.

use std::sync::Arc;

use fast_mvt::MvtReaderRef;
use geo_types::{Coord, Geometry as G, LineString, Point, Polygon};
use proptest::prelude::*;

use super::cut::{LayerSpec, REACH, Source, cut};
use super::dirty::Dirty;
use super::grid::TileId;
use crate::geom::{Geometry, Shape, world};
use crate::layer::{Value, ValueRef};

/// Shapes with the box search of a town done the slow, obvious way.
#[derive(Clone)]
struct Plain {
    ids: Vec<Arc<str>>,
    shapes: Vec<Shape>,
    note: Value,
}

impl Plain {
    fn new(shapes: Vec<Shape>) -> Plain {
        let ids = (0..shapes.len()).map(|i| Arc::from(format!("f{i}"))).collect();
        Plain { ids, shapes, note: Value::text("一样的话") }
    }
}

impl Source for Plain {
    fn len(&self) -> usize {
        self.shapes.len()
    }
    fn fid(&self, at: usize) -> i64 {
        at as i64 + 1
    }
    fn id(&self, at: usize) -> &Arc<str> {
        &self.ids[at]
    }
    fn shape(&self, at: usize) -> Option<&Shape> {
        Some(&self.shapes[at])
    }
    fn value(&self, _: usize, _: usize) -> ValueRef<'_> {
        self.note.borrow()
    }
}

fn cut_one(tile: TileId, shapes: &Plain, full: u8) -> Vec<u8> {
    cut(tile, &[(LayerSpec { name: "laws", fields: vec![(0, "note")], full }, shapes.clone())])
}

/// A place within about a kilometre of the sample's middle.
fn place() -> impl Strategy<Value = Coord> {
    (0..2_000_000i64, 0..2_000_000i64)
        .prop_map(|(x, y)| Coord { x: 116.715 + x as f64 * 5e-9, y: 35.455 + y as f64 * 5e-9 })
}

fn point() -> impl Strategy<Value = Geometry> {
    place().prop_map(|c| G::Point(Point(c)))
}

fn line() -> impl Strategy<Value = Geometry> {
    prop::collection::vec(place(), 2..12).prop_map(|c| G::LineString(LineString(c)))
}

/// A star-shaped ring around a place: it never crosses itself.
fn area() -> impl Strategy<Value = Geometry> {
    (place(), prop::collection::vec(0.2..1.0f64, 5..14), 1e-6..3e-3f64).prop_map(|(c, spokes, size)| {
        let n = spokes.len() as f64;
        let at = |(i, r): (usize, &f64)| {
            let a = std::f64::consts::TAU * i as f64 / n;
            Coord { x: c.x + size * r * a.cos(), y: c.y + size * r * a.sin() }
        };
        G::Polygon(Polygon::new(LineString(spokes.iter().enumerate().map(at).collect()), vec![]))
    })
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![point(), line(), area()].prop_map(|g| Shape::of(&g).expect("not empty"))
}

fn tile_of(p: [u32; 2], z: u8) -> TileId {
    let size = 32 - u32::from(z);
    TileId::new(z, (u64::from(p[0]) >> size) as u32, (u64::from(p[1]) >> size) as u32).expect("in the world")
}

/// Absolute units of all vertices that a decoded tile holds.
fn vertices(bytes: &[u8], tile: TileId) -> Vec<[i64; 2]> {
    let mut out = Vec::new();
    if bytes.is_empty() {
        return out;
    }
    let reader = MvtReaderRef::new(bytes).expect("a tile");
    for feature in reader.layers().flat_map(|l| l.features()) {
        let mut at = [0i64, 0];
        let mut commands = feature.geometry_commands().iter();
        while let Some(c) = commands.next() {
            for _ in 0..if c & 7 == 7 { 0 } else { c >> 3 } {
                for axis in &mut at {
                    let v = i64::from(*commands.next().expect("a parameter"));
                    *axis += (v >> 1) ^ -(v & 1);
                }
                out.push([at[0] + i64::from(tile.x) * 4096, at[1] + i64::from(tile.y) * 4096]);
            }
        }
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_reaches_beyond_the_buffer(shapes in prop::collection::vec(shape(), 1..12), z in 11u8..=20) {
        let tile = tile_of(shapes[0].world[0], z);
        let bytes = cut_one(tile, &Plain::new(shapes), 0);
        for v in vertices(&bytes, tile) {
            let (x, y) = (v[0] - i64::from(tile.x) * 4096, v[1] - i64::from(tile.y) * 4096);
            prop_assert!(REACH.contains(&x) && REACH.contains(&y), "{x} {y}");
        }
    }

    #[test]
    fn neighbours_put_a_vertex_that_both_hold_at_the_same_place(g in line(), z in 13u8..=18) {
        let shape = Shape::of(&g).expect("not empty");
        let left = tile_of(shape.world[0], z);
        let right = TileId::new(z, left.x + 1, left.y).expect("in the world");
        let plain = Plain::new(vec![shape.clone()]);
        let (a, b) = (vertices(&cut_one(left, &plain, 0), left), vertices(&cut_one(right, &plain, 0), right));
        let held = |t: TileId, p: &[u32; 2]| {
            let (min, max) = t.reach();
            // A tip that pokes less than a unit into the reach is a line of no length, which is not drawn.
            let margin = 2i64 << t.shift();
            (0..2).all(|i| i64::from(p[i]) > min[i] + margin && i64::from(p[i]) < max[i] - margin)
        };
        for p in shape.world.iter().filter(|p| held(left, p) && held(right, p)) {
            let half = (1i64 << left.shift()) >> 1;
            let at = p.map(|v| (i64::from(v) + half) >> left.shift());
            prop_assert!(a.contains(&at) && b.contains(&at), "{at:?} is not in both");
        }
    }

    #[test]
    fn at_full_zoom_every_point_in_reach_is_there_once(points in prop::collection::vec(point(), 1..80), z in 12u8..=18) {
        let shapes: Vec<Shape> = points.iter().map(|g| Shape::of(g).expect("not empty")).collect();
        let tile = tile_of(shapes[0].world[0], z);
        let (min, max) = tile.reach();
        let expected: Vec<u64> = shapes.iter().enumerate()
            .filter(|(_, s)| (0..2).all(|i| i64::from(s.world[0][i]) >= min[i] && i64::from(s.world[0][i]) <= max[i]))
            .map(|(i, _)| i as u64 + 1)
            .collect();
        let bytes = cut_one(tile, &Plain::new(shapes), z);
        let reader = MvtReaderRef::new(&bytes).expect("a tile");
        let ids: Vec<u64> = reader.layers().flat_map(|l| l.features()).filter_map(|f| f.id()).collect();
        prop_assert_eq!(ids, expected);
    }

    #[test]
    fn rings_are_wound_right_and_hold_an_area(areas in prop::collection::vec(area(), 1..10), z in 10u8..=20) {
        let shapes: Vec<Shape> = areas.iter().map(|g| Shape::of(g).expect("not empty")).collect();
        let tile = tile_of(shapes[0].world[0], z);
        let bytes = cut_one(tile, &Plain::new(shapes), 0);
        if !bytes.is_empty() {
            let reader = MvtReaderRef::new(&bytes).expect("a tile");
            for layer in reader.layers() {
                prop_assert_eq!(layer.version(), 2);
                prop_assert_eq!(layer.extent(), 4096);
                let mut ids: Vec<u64> = layer.features().filter_map(|f| f.id()).collect();
                ids.sort_unstable();
                ids.dedup();
                prop_assert_eq!(ids.len(), layer.feature_count());
            }
            for feature in reader.layers().flat_map(|l| l.features()) {
                let tile_vertices = ring_areas(feature.geometry_commands());
                prop_assert!(!tile_vertices.is_empty());
                prop_assert!(tile_vertices.iter().all(|a| *a > 0), "{tile_vertices:?}");
            }
        }
    }

    #[test]
    fn every_tile_whose_bytes_an_edit_changes_is_among_the_dropped(
        shapes in prop::collection::vec(shape(), 1..10), moved in shape(), full in 10u8..=18,
    ) {
        let before = Plain::new(shapes);
        let mut after = before.clone();
        let old = std::mem::replace(&mut after.shapes[0], moved);
        let mut dirty = Dirty::new(0);
        dirty.touch(Some(&old), Some(&after.shapes[0]));
        let listed = dirty.tiles(17, usize::MAX).expect("any number");
        for z in 10..=17u8 {
            let near = |d: f64| world::from_lonlat(116.715 + d, 35.465 - d);
            let (first, last) = (tile_of(near(-0.004), z), tile_of(near(0.014), z));
            for x in first.x..=last.x {
                for y in first.y..=last.y {
                    let tile = TileId::new(z, x, y).expect("in the world");
                    prop_assert_eq!(listed.contains(&tile), dirty.touches(tile));
                    if !dirty.touches(tile) {
                        prop_assert_eq!(cut_one(tile, &before, full), cut_one(tile, &after, full), "{:?}", tile);
                    }
                }
            }
        }
    }

    #[test]
    fn at_the_last_zoom_units_are_the_world_s_own(g in point()) {
        let shape = Shape::of(&g).expect("not empty");
        let tile = tile_of(shape.world[0], 20);
        let found = vertices(&cut_one(tile, &Plain::new(vec![shape.clone()]), 0), tile);
        prop_assert_eq!(found, vec![shape.world[0].map(i64::from)]);
    }
}

/// Doubled areas of the rings of a feature; positive is an outer ring.
fn ring_areas(commands: &[u32]) -> Vec<i64> {
    let (mut out, mut ring, mut at) = (Vec::new(), Vec::<[i64; 2]>::new(), [0i64, 0]);
    let mut commands = commands.iter();
    while let Some(c) = commands.next() {
        if c & 7 == 7 {
            let sum = (0..ring.len()).map(|i| {
                let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
                a[0] * b[1] - b[0] * a[1]
            });
            out.push(sum.sum());
            ring.clear();
            continue;
        }
        for _ in 0..c >> 3 {
            for axis in &mut at {
                let v = i64::from(*commands.next().expect("a parameter"));
                *axis += (v >> 1) ^ -(v & 1);
            }
            ring.push(at);
        }
    }
    out
}

#[test]
fn a_dense_low_zoom_tile_is_thinned_until_it_fits_and_stays_recognisable() {
    let shapes: Vec<Shape> = (0..60_000u32)
        .map(|i| {
            let c = Coord { x: 116.70 + f64::from(i % 300) * 1e-4, y: 35.44 + f64::from(i / 300) * 1e-4 };
            let ring = LineString(vec![c, Coord { x: c.x + 6e-5, y: c.y }, Coord { x: c.x + 6e-5, y: c.y + 6e-5 }]);
            Shape::of(&G::Polygon(Polygon::new(ring, vec![]))).expect("not empty")
        })
        .collect();
    let tile = tile_of(shapes[30_150].world[0], 13);
    let bytes = cut_one(tile, &Plain::new(shapes.clone()), 16);
    assert!(bytes.len() <= 500_000, "{}", bytes.len());
    let whole = cut_one(tile, &Plain::new(shapes), 13);
    assert!(whole.len() > 500_000, "at full zoom nothing is left out: {}", whole.len());
}
