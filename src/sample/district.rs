//! One district while it is made: its plan, streets and what stands. Districts are made one by one.

use super::curve::{Place, mix};
use super::ground::Lattice;
use super::guard::Guard;
use super::names::Names;
use super::network::Network;
use super::plan::{Block, Class, THROUGH, blocks};
use super::random::Random;

/// The window's edges are kept free of road areas by this many metres, so that no corner leaves the window.
pub const EDGE: f64 = 16.0;

/// Villages around a district.
const VILLAGES: usize = 7;

/// A way into an estate, school or works, from a street.
#[derive(Debug, Clone)]
pub struct Entrance {
    pub street: usize,
    pub measure: f64,
    /// 1 for the left of the street, −1 for the right.
    pub side: f64,
    pub label: String,
}

/// A stretch of building fronts along a street, in the metres of a block's side.
#[derive(Debug, Clone)]
pub struct Front {
    pub block: usize,
    pub side: usize,
    pub from: f64,
    pub to: f64,
}

/// A cell of the old core between lanes, in block metres: west, south, east, north.
#[derive(Debug, Clone)]
pub struct Plot {
    pub block: usize,
    pub edges: [f64; 4],
}

/// What is built on a compound, for those who look after it: name, kind, ring in local metres.
#[derive(Debug, Clone)]
pub struct Compound {
    pub kind: &'static str,
    pub name: String,
    pub ring: Vec<Place>,
}

/// A building as it was written, for what is attached to it.
#[derive(Debug, Clone)]
pub struct House {
    pub middle: Place,
    pub residents: i64,
    pub floors: i64,
    pub kind: &'static str,
}

pub struct District<'a> {
    pub seed: u64,
    pub number: u32,
    pub names: &'a Names,
    pub lattice: Lattice,
    pub blocks: Vec<Block>,
    pub net: Network,
    pub guard: Guard,
    pub entrances: Vec<Entrance>,
    pub fronts: Vec<Front>,
    pub plots: Vec<Plot>,
    pub compounds: Vec<Compound>,
    pub houses: Vec<House>,
    /// Ids of the streets, as written, in the order of the network.
    pub street_ids: Vec<String>,
    /// Rings of the public areas.
    pub areas: Vec<Vec<Place>>,
    /// Pocket parks: name and ring.
    pub pockets: Vec<(String, Vec<Place>)>,
    /// Villages of the whole town so far, this district's included.
    pub villages: usize,
    /// Middles of idle plots inside the quarters.
    pub plots_left: Vec<Place>,
    /// Sites of public toilets.
    pub toilets: Vec<Place>,
}

impl<'a> District<'a> {
    /// A district with its main and secondary streets.
    pub fn plan(seed: u64, number: u32, names: &'a Names) -> District<'a> {
        let lattice = Lattice::of(seed, number);
        let blocks = blocks(seed, number, &lattice);
        let mut net = Network::default();
        for (at, s) in THROUGH.iter().enumerate() {
            let (from, to) = if s.upright {
                ([s.line as f64, s.from as f64], [s.line as f64, s.to as f64])
            } else {
                ([s.from as f64, s.line as f64], [s.to as f64, s.line as f64])
            };
            // the second street on a lattice line is its southern part
            let part = THROUGH[..at].iter().filter(|o| (o.upright, o.line) == (s.upright, s.line)).count();
            let axis = s.from == 0;
            let name = names.street(s.upright, axis, s.line, part, number);
            net.add(name, s.class, s.class.width(), &lattice.line(from, to));
        }
        District {
            seed,
            number,
            names,
            lattice,
            blocks,
            net,
            guard: Guard::default(),
            entrances: Vec::new(),
            fronts: Vec::new(),
            plots: Vec::new(),
            compounds: Vec::new(),
            houses: Vec::new(),
            street_ids: Vec::new(),
            areas: Vec::new(),
            pockets: Vec::new(),
            villages: number as usize * VILLAGES,
            plots_left: Vec::new(),
            toilets: Vec::new(),
        }
    }

    /// A stream of random numbers of this district's own.
    pub fn random(&self, purpose: &str) -> Random {
        Random::of(self.seed, self.number, purpose)
    }

    /// Local metres of a place in a block, given in block metres.
    pub fn at(&self, block: usize, x: f64, y: f64) -> Place {
        self.blocks[block].at(&self.lattice, x, y)
    }

    /// A ring in a block, from block metres of its corners, its sides followed every 40 m or so.
    pub fn ring(&self, block: usize, corners: &[Place]) -> Vec<Place> {
        let mut out = Vec::new();
        for (k, c) in corners.iter().enumerate() {
            let next = corners[(k + 1) % corners.len()];
            let steps = (super::curve::distance(*c, next) / 40.0).ceil().max(1.0) as usize;
            out.extend((0..steps).map(|s| {
                let p = mix(*c, next, s as f64 / steps as f64);
                self.at(block, p[0], p[1])
            }));
        }
        out
    }

    /// A rectangle in a block from west, south, east, north in block metres, as a ring in local metres.
    pub fn rectangle(&self, block: usize, [w, s, e, n]: [f64; 4]) -> Vec<Place> {
        self.ring(block, &[[w, s], [e, s], [e, n], [w, n]])
    }

    /// The part of a block that is left inside its streets: west, south, east, north in block metres.
    pub fn inside(&self, block: usize, margin: f64) -> [f64; 4] {
        let b = &self.blocks[block];
        let half = |side| self.side_half(block, side);
        [half(3) + margin, half(0) + margin, b.size[0] - half(1) - margin, b.size[1] - half(2) - margin]
    }

    /// Half the width of the street along a block's side (0 south, 1 east, 2 north, 3 west); 1 m where there is none.
    pub fn side_half(&self, block: usize, side: usize) -> f64 {
        let b = &self.blocks[block];
        super::plan::street_of_side(b.i, b.j, side).map_or(1.0, |c| c.width() / 2.0)
    }

    /// The class of the street along a block's side, if there is one.
    pub fn side_street(&self, block: usize, side: usize) -> Option<Class> {
        let b = &self.blocks[block];
        super::plan::street_of_side(b.i, b.j, side)
    }

    /// A place on a block's side, `along` metres from its western or southern end and `inward` metres into the block.
    pub fn side_place(&self, block: usize, side: usize, along: f64, inward: f64) -> Place {
        let [w, h] = self.blocks[block].size;
        match side {
            0 => self.at(block, along, inward),
            1 => self.at(block, w - inward, along),
            2 => self.at(block, along, h - inward),
            _ => self.at(block, inward, along),
        }
    }

    /// Length of a block's side in metres.
    pub fn side_length(&self, block: usize, side: usize) -> f64 {
        let [w, h] = self.blocks[block].size;
        if side.is_multiple_of(2) { w } else { h }
    }
}
