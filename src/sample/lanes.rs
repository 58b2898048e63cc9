//! Branch streets inside blocks: the crooked lanes of the core, estate roads, village lanes.

use super::curve::Place;
use super::district::{District, Plot};
use super::plan::{Class, Use};
use super::random::Random;

/// Lays the branch streets of all blocks.
pub fn lay(d: &mut District) {
    let mut r = d.random("lanes");
    let (mut lanes, mut roads) = (0, 0);
    for block in 0..d.blocks.len() {
        match d.blocks[block].use_ {
            Use::Core => core(d, block, &mut r, &mut lanes),
            Use::Estate | Use::NewEstate => estate(d, block, &mut r, &mut roads),
            Use::Factory | Use::Market | Use::Treatment => works(d, block, &mut r, &mut roads),
            Use::Village => village(d, block, &mut r, &mut lanes),
            _ => {}
        }
    }
}

/// A smooth crookedness that vanishes at a block's edges.
#[derive(Debug, Clone, Copy)]
struct Crook {
    size: Place,
    phase: [f64; 4],
    reach: f64,
}

impl Crook {
    fn of(size: Place, reach: f64, r: &mut Random) -> Crook {
        Crook { size, phase: std::array::from_fn(|_| r.angle()), reach }
    }

    fn at(&self, x: f64, y: f64) -> Place {
        let edge = x.min(y).min(self.size[0] - x).min(self.size[1] - y);
        let k = self.reach * (edge / 45.0).clamp(0.0, 1.0);
        let [a, b, c, e] = self.phase;
        let dx = (y / 41.0 + a).sin() + 0.7 * (y / 19.0 + x / 47.0 + b).sin();
        let dy = (x / 44.0 + c).sin() + 0.7 * (x / 21.0 + y / 52.0 + e).sin();
        [x + k * dx, y + k * dy]
    }
}

fn street(d: &mut District, block: usize, core: bool, n: &mut usize, width: f64, path: &[Place], crook: Option<Crook>) {
    let mut places = Vec::new();
    for w in path.windows(2) {
        let steps = (super::curve::distance(w[0], w[1]) / 9.0).ceil().max(1.0) as usize;
        for k in 0..=steps {
            let p = super::curve::mix(w[0], w[1], k as f64 / steps as f64);
            let p = crook.map_or(p, |c| c.at(p[0], p[1]));
            places.push(d.at(block, p[0], p[1]));
        }
    }
    let name = d.names.lane(core, *n, d.number);
    *n += 1;
    d.net.add(name, Class::Branch, width, &places);
}

/// Where a lane may end on a block's edge: on the street there, else short of it.
fn reach(d: &District, block: usize, side: usize) -> f64 {
    if d.side_street(block, side).is_some() { 0.0 } else { 14.0 }
}

fn core(d: &mut District, block: usize, r: &mut Random, n: &mut usize) {
    let size = d.blocks[block].size;
    let crook = Crook::of(size, 5.5, r);
    let ends = [reach(d, block, 3), reach(d, block, 0), size[0] - reach(d, block, 1), size[1] - reach(d, block, 2)];
    let mut todo = vec![(ends, 0)];
    while let Some((edges, depth)) = todo.pop() {
        let [w, s, e, north] = edges;
        let (wide, tall) = (e - w, north - s);
        if wide < 96.0 && tall < 74.0 {
            d.plots.push(Plot { block, edges });
            continue;
        }
        let cut = r.between(0.38, 0.62);
        let (a, b, path) = if wide > tall * 1.2 {
            let x = w + wide * cut;
            ([w, s, x, north], [x, s, e, north], [[x, s], [x, north]])
        } else {
            let y = s + tall * cut;
            ([w, s, e, y], [w, y, e, north], [[w, y], [e, y]])
        };
        let width = if depth < 2 { 6.0 } else { 4.0 };
        street(d, block, true, n, width, &path, Some(crook));
        todo.extend([(a, depth + 1), (b, depth + 1)]);
    }
    // plots bend with the lanes: their corners are moved as the lanes are
    for plot in d.plots.iter_mut().filter(|p| p.block == block) {
        let [w, s, e, north] = plot.edges;
        let m = crook.at((w + e) / 2.0, (s + north) / 2.0);
        let shift = [m[0] - (w + e) / 2.0, m[1] - (s + north) / 2.0];
        plot.edges = [w + shift[0], s + shift[1], e + shift[0], north + shift[1]];
    }
}

fn estate(d: &mut District, block: usize, r: &mut Random, n: &mut usize) {
    let [w, h] = d.blocks[block].size;
    let (x, y) = (w * r.between(0.42, 0.58), h * r.between(0.42, 0.58));
    let bend = r.around(0.0, 14.0);
    let south = reach(d, block, 0).max(0.0);
    let north = h - reach(d, block, 2);
    let (west, east) = (reach(d, block, 3), w - reach(d, block, 1));
    let upright: Vec<Place> = (0..=32)
        .map(|k| {
            let t = f64::from(k) / 32.0;
            [x + bend * (t * std::f64::consts::TAU).sin(), south + (north - south) * t]
        })
        .collect();
    street(d, block, false, n, 9.0, &upright, None);
    // the cross road ends on the upright one from either side, a little apart, as estates do
    let on = |yy: f64| x + bend * ((yy - south) / (north - south) * std::f64::consts::TAU).sin();
    let apart = *r.pick(&[0.0, 0.0, 46.0, -46.0]);
    if west == 0.0 {
        street(d, block, false, n, 8.0, &[[west, y], [on(y), y]], None);
    }
    if east < w - 1.0 && west == 0.0 {
        return;
    }
    let y = y + apart;
    street(d, block, false, n, 8.0, &[[on(y), y], [east, y]], None);
}

fn works(d: &mut District, block: usize, r: &mut Random, n: &mut usize) {
    let [w, h] = d.blocks[block].size;
    if d.side_street(block, 3).is_some() || d.side_street(block, 1).is_some() {
        let y = h * r.between(0.45, 0.55);
        let (west, east) = (reach(d, block, 3), w - reach(d, block, 1));
        let mid = [w * 0.5, y + r.around(0.0, 10.0)];
        street(d, block, false, n, 10.0, &[[west, y], mid, [east, y]], None);
    }
}

/// Middle and half sizes of a village, in block metres.
pub fn hamlet(d: &District, block: usize) -> (Place, Place) {
    let mut r = d.random(&format!("hamlet {block}"));
    let [w, h] = d.blocks[block].size;
    let half = [r.between(105.0, 150.0).min(w / 2.0 - 40.0), r.between(82.0, 118.0).min(h / 2.0 - 40.0)];
    let room = [w / 2.0 - half[0] - 30.0, h / 2.0 - half[1] - 30.0].map(|v: f64| v.clamp(0.0, 60.0));
    ([w / 2.0 + r.around(0.0, room[0]), h / 2.0 + r.around(0.0, room[1])], half)
}

/// The main lane runs from the street on the block's side through the village; side lanes leave it.
fn village(d: &mut District, block: usize, r: &mut Random, n: &mut usize) {
    let [w, h] = d.blocks[block].size;
    let ([cx, cy], [vx, vy]) = hamlet(d, block);
    let Some(side) = (0..4).find(|s| d.side_street(block, *s).is_some()) else { return };
    let crook = Crook::of([w, h], 5.0, r);
    let main = match side {
        0 => [[cx, 0.0], [cx, cy + vy - 12.0]],
        1 => [[w, cy], [cx - vx + 12.0, cy]],
        2 => [[cx, h], [cx, cy - vy + 12.0]],
        _ => [[0.0, cy], [cx + vx - 12.0, cy]],
    };
    street(d, block, true, n, 6.0, &main, Some(crook));
    if side % 2 == 0 {
        for y in [cy - vy * 0.6, cy, cy + vy * 0.6] {
            let cut = r.between(0.75, 0.95);
            street(d, block, true, n, 4.5, &[[cx - vx * cut, y], [cx + vx * r.between(0.75, 0.95), y]], Some(crook));
        }
    } else {
        for x in [cx - vx * 0.62, cx, cx + vx * 0.62] {
            let cut = r.between(0.75, 0.92);
            street(d, block, true, n, 4.5, &[[x, cy - vy * cut], [x, cy + vy * r.between(0.75, 0.92)]], Some(crook));
        }
    }
}
