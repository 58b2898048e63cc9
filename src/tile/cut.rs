//! Cuts one tile: features of each layer, clipped, rounded, thinned below the full zoom, written.

use std::sync::Arc;

use super::clip::{P, Window};
use super::encode::{Geometry, LayerWriter};
use super::grid::{BUFFER, EXTENT, TileId};
use super::simplify::{self, U};
use super::thin::{Cells, MOST_BYTES, Measure};
use crate::geom::{Shape, ShapeKind};
use crate::layer::ValueRef;

/// One layer's features that may be in the tile: an index has chosen them by their box.
pub trait Source {
    /// How many.
    fn len(&self) -> usize;
    /// True when there are none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }
    /// The number in tiles, unique in the layer.
    fn fid(&self, at: usize) -> i64;
    /// The text id.
    fn id(&self, at: usize) -> &Arc<str>;
    /// The shape; `None` where the feature has none.
    fn shape(&self, at: usize) -> Option<&Shape>;
    /// The value of a field by its position in the layer.
    fn value(&self, at: usize, field: usize) -> ValueRef<'_>;
}

/// How a layer is written.
pub struct LayerSpec<'a> {
    pub name: &'a str,
    /// Positions and names of the fields that the tile carries.
    pub fields: Vec<(usize, &'a str)>,
    /// First zoom at which nothing is left out.
    pub full: u8,
}

/// Cuts a tile from layers in the order given. Empty when nothing lies in it.
pub fn cut<S: Source>(tile: TileId, layers: &[(LayerSpec<'_>, S)]) -> Vec<u8> {
    let mut measure = Measure::FIRST;
    loop {
        let mut out = Vec::with_capacity(16_384);
        for (spec, source) in layers {
            cut_layer(tile, spec, source, measure, &mut out);
        }
        let may_thin = layers.iter().any(|(spec, _)| tile.z < spec.full);
        if out.len() <= MOST_BYTES || !may_thin || measure.least > EXTENT as f64 {
            return out;
        }
        measure = measure.harder();
    }
}

/// Scratch space of a cut, used again for each feature.
#[derive(Default)]
struct Bench {
    run: Vec<P>,
    spare: Vec<P>,
    units: Vec<U>,
    keep: Vec<bool>,
}

fn cut_layer<S: Source>(tile: TileId, spec: &LayerSpec<'_>, source: &S, measure: Measure, out: &mut Vec<u8>) {
    let (min, max) = tile.reach();
    let window = Window { min, max };
    let thin = (tile.z < spec.full).then_some(measure);
    let mut writer = LayerWriter::new(spec.name, spec.fields.iter().map(|f| f.1));
    let mut bench = Bench::default();
    let mut cells = Cells::default();
    let mut geometry = Geometry::default();
    for at in 0..source.len() {
        let Some(shape) = source.shape(at) else { continue };
        geometry.clear();
        match shape.kind {
            ShapeKind::Point => points(tile, &window, shape, thin, &mut cells, &mut bench, &mut geometry),
            ShapeKind::Line => lines(tile, &window, shape, thin, &mut bench, &mut geometry),
            ShapeKind::Polygon => polygons(tile, &window, shape, thin, &mut bench, &mut geometry),
        }
        if !geometry.is_empty() {
            writer
                .feature(source.fid(at), source.id(at), shape.kind, &geometry, |f| source.value(at, spec.fields[f].0));
        }
    }
    writer.finish(out);
}

fn points(
    tile: TileId,
    window: &Window,
    shape: &Shape,
    thin: Option<Measure>,
    cells: &mut Cells,
    bench: &mut Bench,
    out: &mut Geometry,
) {
    bench.units.clear();
    let inside = shape.world.iter().map(|p| p.map(i64::from)).filter(|p| window.holds(*p));
    bench.units.extend(inside.map(|p| tile.unit(p)));
    if let Some(m) = thin {
        bench.units.retain(|p| cells.is_first(*p, m.cell));
    }
    if !bench.units.is_empty() {
        out.points(&bench.units);
    }
}

fn lines(tile: TileId, window: &Window, shape: &Shape, thin: Option<Measure>, bench: &mut Bench, out: &mut Geometry) {
    let Bench { run, units, keep, .. } = bench;
    let mut draw = |places: &mut dyn Iterator<Item = P>, whole: bool| {
        units.clear();
        units.extend(places.map(|p| tile.unit(p)));
        simplify::without_repeats(units);
        if let Some(m) = thin {
            // A run cut off by the tile's edge is part of something larger and stays.
            if whole && across(units) < m.least {
                return;
            }
            simplify::line(units, m.tolerance, keep);
        }
        if units.len() > 1 {
            out.line(units);
        }
    };
    for ring in 0..shape.rings.len() {
        let line = shape.world_ring(ring);
        if line.iter().all(|p| window.holds(p.map(i64::from))) {
            draw(&mut line.iter().map(|p| p.map(i64::from)), true);
        } else {
            window.line(line, run, |part| draw(&mut part.iter().copied(), false));
        }
    }
}

fn polygons(
    tile: TileId,
    window: &Window,
    shape: &Shape,
    thin: Option<Measure>,
    bench: &mut Bench,
    out: &mut Geometry,
) {
    let Bench { run, spare, units, keep } = bench;
    for part in 0..shape.parts.len() {
        for (number, ring) in shape.part(part).enumerate() {
            let ring = shape.world_ring(ring);
            units.clear();
            if ring.iter().all(|p| window.holds(p.map(i64::from))) {
                units.extend(ring.iter().map(|p| tile.unit(p.map(i64::from))));
            } else {
                window.ring(ring, run, spare);
                units.extend(run.iter().map(|p| tile.unit(*p)));
            }
            simplify::clean_ring(units);
            if let Some(m) = thin {
                if across(units) < m.least {
                    units.clear();
                }
                simplify::ring(units, m.tolerance, keep);
                simplify::clean_ring(units);
            }
            let area = simplify::double_area(units);
            if units.len() < 3 || area == 0 {
                if number == 0 {
                    // Without its outer ring there is nothing to cut holes into.
                    break;
                }
                continue;
            }
            // Outer rings run clockwise on screen, holes against it (specification 4.3.4.4).
            if (area > 0) != (number == 0) {
                units.reverse();
            }
            out.ring(units);
        }
    }
}

/// The longer side of the box around places, in units.
fn across(units: &[U]) -> f64 {
    let side = |axis: usize| {
        let values = || units.iter().map(|u| u[axis]);
        values().max().unwrap_or(0) - values().min().unwrap_or(0)
    };
    f64::from(side(0).max(side(1)))
}

/// How far from a tile's own area its content may reach, in units; clipped content never goes further.
pub const REACH: std::ops::RangeInclusive<i64> = -BUFFER..=EXTENT + BUFFER;
