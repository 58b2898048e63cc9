//! The plan of a seat: which lattice lines are streets, and what each block is used for.

use super::curve::{Place, distance, sub, unit};
use super::ground::{CELLS, Lattice};
use super::random::Random;

/// Class of a street, as the layer file codes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Main,
    Secondary,
    Branch,
}

impl Class {
    pub fn code(self) -> &'static str {
        match self {
            Class::Main => "main",
            Class::Secondary => "secondary",
            Class::Branch => "branch",
        }
    }

    /// Width between the red lines in metres; lanes are narrower than a branch street.
    pub fn width(self) -> f64 {
        match self {
            Class::Main => 32.0,
            Class::Secondary => 22.0,
            Class::Branch => 10.0,
        }
    }
}

/// A lattice line that is a street: along `a` = or `b` = `line`, between two whole lattice numbers.
#[derive(Debug, Clone, Copy)]
pub struct Through {
    pub upright: bool,
    pub line: usize,
    pub from: usize,
    pub to: usize,
    pub class: Class,
}

const fn t(upright: bool, line: usize, from: usize, to: usize, class: Class) -> Through {
    Through { upright, line, from, to, class }
}

/// Main and secondary streets. Three bridge the river between lines 3 and 4; two reach the window's edge.
pub const THROUGH: [Through; 17] = [
    t(true, 4, 0, 8, Class::Main),
    t(false, 5, 0, 8, Class::Main),
    t(true, 2, 1, 7, Class::Secondary),
    t(true, 6, 2, 6, Class::Main),
    t(true, 1, 4, 6, Class::Secondary),
    t(true, 3, 4, 7, Class::Secondary),
    t(true, 3, 1, 3, Class::Secondary),
    t(true, 5, 4, 7, Class::Secondary),
    t(true, 5, 1, 3, Class::Secondary),
    t(true, 7, 1, 3, Class::Secondary),
    t(true, 7, 4, 6, Class::Secondary),
    t(false, 1, 2, 7, Class::Secondary),
    t(false, 2, 2, 7, Class::Main),
    t(false, 3, 1, 7, Class::Secondary),
    t(false, 4, 1, 7, Class::Secondary),
    t(false, 6, 1, 7, Class::Secondary),
    t(false, 7, 2, 5, Class::Secondary),
];

/// What a block is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Old core: narrow lanes and courtyard houses.
    Core,
    /// Slab blocks of the nineties and after.
    Estate,
    /// Towers and slabs of the last ten years.
    NewEstate,
    Factory,
    Market,
    School,
    /// Square with the office, the service centre and the health centre.
    Civic,
    Park,
    /// The strip along the river.
    River,
    Treatment,
    Idle,
    Village,
    Field,
}

/// Uses of the cells, north row first, west first.
const USES: [[char; 8]; 8] = [
    ['f', 'f', 'v', 'f', 'v', 'f', 'f', 'f'],
    ['f', 'f', 'n', 's', 'e', 'i', 'f', 'f'],
    ['v', 'e', 'c', 'c', 'g', 'e', 'n', 'f'],
    ['f', 'p', 'c', 'c', 'm', 'e', 's', 'v'],
    ['f', 'r', 'r', 'r', 'r', 'r', 'r', 'f'],
    ['f', 'i', 'n', 'n', 'p', 'w', 'w', 'v'],
    ['f', 'f', 'e', 's', 'n', 'w', 't', 'f'],
    ['f', 'f', 'v', 'f', 'f', 'v', 'f', 'f'],
];

/// A block: a cell of the lattice with its use and size.
#[derive(Debug, Clone)]
pub struct Block {
    pub i: usize,
    pub j: usize,
    pub use_: Use,
    /// Width and height in metres along the cell's middle lines.
    pub size: Place,
}

impl Block {
    /// Local metres of a place in the block, in metres from its south-west corner.
    pub fn at(&self, lattice: &Lattice, x: f64, y: f64) -> Place {
        lattice.at(self.i as f64 + x / self.size[0], self.j as f64 + y / self.size[1])
    }

    /// The direction of growing `x` at a place.
    pub fn east(&self, lattice: &Lattice, x: f64, y: f64) -> Place {
        unit(sub(self.at(lattice, x + 4.0, y), self.at(lattice, x - 4.0, y)))
    }
}

/// All cells of a district. Districts other than the seat are mirrored and have some uses changed.
pub fn blocks(seed: u64, district: u32, lattice: &Lattice) -> Vec<Block> {
    let mut r = Random::of(seed, district, "uses");
    let (mirror, swap) = if district == 0 { (false, false) } else { (r.chance(0.5), r.chance(0.5)) };
    let mut out = Vec::new();
    for i in 0..CELLS {
        for j in 0..CELLS {
            let column = if mirror && (1..7).contains(&i) { 7 - i } else { i };
            let mut use_ = match USES[7 - j][column] {
                'c' => Use::Core,
                'e' => Use::Estate,
                'n' => Use::NewEstate,
                'w' => Use::Factory,
                'm' => Use::Market,
                's' => Use::School,
                'g' => Use::Civic,
                'p' => Use::Park,
                'r' => Use::River,
                't' => Use::Treatment,
                'i' => Use::Idle,
                'v' => Use::Village,
                _ => Use::Field,
            };
            if swap && district > 0 {
                use_ = match use_ {
                    Use::Estate if r.chance(0.3) => Use::Core,
                    Use::NewEstate if r.chance(0.4) => Use::Estate,
                    Use::Core if r.chance(0.4) => Use::Estate,
                    other => other,
                };
            }
            let (a, b) = (i as f64, j as f64);
            let size = [
                distance(lattice.at(a, b + 0.5), lattice.at(a + 1.0, b + 0.5)),
                distance(lattice.at(a + 0.5, b), lattice.at(a + 0.5, b + 1.0)),
            ];
            out.push(Block { i, j, use_, size });
        }
    }
    out
}

/// The street along one side of a cell, if there is one. Sides: 0 south, 1 east, 2 north, 3 west.
pub fn street_of_side(i: usize, j: usize, side: usize) -> Option<Class> {
    let (upright, line, at) = match side {
        0 => (false, j, i),
        1 => (true, i + 1, j),
        2 => (false, j + 1, i),
        _ => (true, i, j),
    };
    THROUGH.iter().find(|s| s.upright == upright && s.line == line && s.from <= at && at < s.to).map(|s| s.class)
}
