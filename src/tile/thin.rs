//! What a tile below a layer's full zoom leaves out: what is too small to see, and points too close to tell apart.

use rustc_hash::FxHashSet;

use super::simplify::U;

/// How hard a tile is thinned; doubled until it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Measure {
    /// Lines shorter and rings smaller across than this many units are left out.
    pub least: f64,
    /// One point is kept to a cell of this many units.
    pub cell: i32,
    /// Bends flatter than this many units are straightened.
    pub tolerance: f64,
}

impl Measure {
    /// What is left out before anything is too large: half a pixel (a 512-pixel tile has 8 units to one).
    pub const FIRST: Measure = Measure { least: 4.0, cell: 24, tolerance: 1.0 };

    /// Twice as hard.
    pub fn harder(self) -> Measure {
        Measure { least: self.least * 2.0, cell: self.cell * 2, tolerance: self.tolerance * 1.5 }
    }
}

/// A tile shall not be larger than this many bytes where it may be thinned.
pub const MOST_BYTES: usize = 480_000;

/// Which cells of a tile hold a point already.
#[derive(Default)]
pub struct Cells(FxHashSet<(i32, i32)>);

impl Cells {
    /// True for the first point of a cell.
    pub fn is_first(&mut self, p: U, cell: i32) -> bool {
        self.0.insert((p[0].div_euclid(cell), p[1].div_euclid(cell)))
    }
}
