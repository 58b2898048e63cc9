//! Which tiles an edit touches: exactly those whose reach meets the old or the new shape.

use super::clip::Window;
use super::grid::TileId;
use crate::geom::world::WorldBox;
use crate::geom::{Shape, ShapeKind};

/// Shapes that were touched, asked tile by tile.
#[derive(Debug, Clone)]
pub struct Dirty {
    from: u8,
    shapes: Vec<(Shape, WorldBox)>,
}

impl Dirty {
    /// Nothing touched yet, in a layer that shows from a zoom on.
    pub fn new(from: u8) -> Dirty {
        Dirty { from, shapes: Vec::new() }
    }

    /// Adds a shape as it was and as it is.
    pub fn touch(&mut self, before: Option<&Shape>, after: Option<&Shape>) {
        for shape in [before, after].into_iter().flatten() {
            self.shapes.push((shape.clone(), shape.world_box()));
        }
    }

    /// True when the tile may hold something else now.
    pub fn touches(&self, tile: TileId) -> bool {
        if tile.z < self.from {
            return false;
        }
        let reach = tile.world_box();
        let (min, max) = tile.reach();
        let window = Window { min, max };
        self.shapes.iter().any(|(shape, b)| b.meets(&reach) && meets(shape, &window))
    }

    /// All tiles touched, from the layer's first zoom to `to`; `None` when there are more than `most`.
    pub fn tiles(&self, to: u8, most: usize) -> Option<Vec<TileId>> {
        let mut out = Vec::new();
        // A child's reach lies in its parent's, so a tile that is not touched has no touched children.
        let mut todo = vec![TileId { z: 0, x: 0, y: 0 }];
        while let Some(tile) = todo.pop() {
            let above = tile.z < self.from;
            let hit = if above { self.touches_above(tile) } else { self.touches(tile) };
            if !hit {
                continue;
            }
            if !above {
                out.push(tile);
                if out.len() > most {
                    return None;
                }
            }
            if tile.z < to {
                todo.extend(tile.children());
            }
        }
        out.sort_unstable();
        Some(out)
    }

    fn touches_above(&self, tile: TileId) -> bool {
        let reach = tile.world_box();
        self.shapes.iter().any(|(_, b)| b.meets(&reach))
    }
}

fn meets(shape: &Shape, window: &Window) -> bool {
    if shape.kind == ShapeKind::Point {
        return shape.world.iter().any(|p| window.holds(p.map(i64::from)));
    }
    let crosses = |ring: usize| {
        shape.world_ring(ring).windows(2).any(|s| window.segment(s[0].map(i64::from), s[1].map(i64::from)).is_some())
    };
    if (0..shape.rings.len()).any(crosses) {
        return true;
    }
    // No edge meets the window: it lies wholly inside or wholly outside the polygon.
    shape.kind == ShapeKind::Polygon && {
        let [x, y] = window.min.map(|v| v as f64 + 0.5);
        let mut inside = false;
        for ring in 0..shape.rings.len() {
            for s in shape.world_ring(ring).windows(2) {
                let (a, b) = (s[0].map(f64::from), s[1].map(f64::from));
                if (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) {
                    inside = !inside;
                }
            }
        }
        inside
    }
}
