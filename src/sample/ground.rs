//! The lie of the land that all districts share: rivers, heights, and where a place of the plan falls.
//! Plan metres `u` run along the river and `v` away from it; the plan bends with the river.

use super::curve::{Place, add, mix, scale, sub};
use super::random::Random;

/// Width and height of a district's window in plan metres; windows tile the plan.
pub const WINDOW: Place = [3200.0, 2600.0];

/// Where districts stand and how their plans are bent. Column and row of a window; the seat is 0, 0.
#[derive(Debug, Clone)]
pub struct Ground {
    column: i64,
    row: i64,
    /// Phases of the row's river.
    waves: [f64; 3],
}

/// How far from its river a plan is bent, in metres.
const BENT: f64 = 1200.0;

/// The turn of the whole town against north.
const TURN: f64 = -0.075;

impl Ground {
    /// The ground of the district with this number; districts stand in rings around the seat.
    pub fn of(seed: u64, district: u32) -> Ground {
        let (column, row) = ring_place(district);
        let mut r = Random::of(seed, (row + 1000) as u32, "river");
        Ground { column, row, waves: [r.angle(), r.angle(), r.angle()] }
    }

    /// Row of the window, which has a river of its own.
    pub fn row(&self) -> i64 {
        self.row
    }

    /// How far the river swings north at a `u` of this window.
    fn swing(&self, u: f64) -> f64 {
        let u = u + self.column as f64 * WINDOW[0];
        let [a, b, c] = self.waves;
        78.0 * (u / 430.0 + a).sin() + 34.0 * (u / 190.0 + b).sin() + 40.0 * (u / 1100.0 + c).sin()
    }

    /// Half the river's width at a `u` of this window.
    pub fn river_half(&self, u: f64) -> f64 {
        let u = u + self.column as f64 * WINDOW[0];
        21.0 + 4.0 * (u / 260.0 + self.waves[2]).sin() + 2.5 * (u / 97.0).sin()
    }

    /// Local metres of a place of this window's plan.
    pub fn place(&self, plan: Place) -> Place {
        let [u, v] = plan;
        let fade = (1.0 - (v / BENT).powi(2)).max(0.0).powi(3);
        let x = u + self.column as f64 * WINDOW[0];
        let y = v + self.row as f64 * WINDOW[1] + self.swing(u) * fade;
        let (s, c) = TURN.sin_cos();
        [x * c - y * s, x * s + y * c]
    }

    /// Height of the ground in metres at a place of this window's plan: it falls to the river and to the east.
    pub fn height(&self, plan: Place) -> f64 {
        let [u, v] = plan;
        let far = (v.abs() - 30.0).max(0.0);
        39.2 + 0.0011 * far.min(1100.0) - 0.00035 * u + 0.12 * (u / 310.0).sin() * (v / 270.0).cos()
    }
}

/// Column and row of a district: the seat, then ring by ring around it.
fn ring_place(district: u32) -> (i64, i64) {
    let (mut column, mut row, mut step, mut left) = (0i64, 0i64, 1i64, i64::from(district));
    // a square spiral: east, north, west, south, each leg one longer every second turn
    let mut turn = 0;
    while left > 0 {
        let go = step.min(left);
        match turn % 4 {
            0 => column += go,
            1 => row += go,
            2 => column -= go,
            _ => row -= go,
        }
        left -= go;
        turn += 1;
        if turn % 2 == 0 {
            step += 1;
        }
    }
    (column, row)
}

/// Cells of the plan's lattice in each direction.
pub const CELLS: usize = 8;

/// A lattice laid over a window: whole numbers are where streets run, between them lie the blocks.
#[derive(Debug, Clone)]
pub struct Lattice {
    pub ground: Ground,
    nodes: Vec<Vec<Place>>,
}

/// Where lattice lines stand in plan metres; at a window's edge they stay there, so that windows meet.
const ACROSS: [f64; 9] = [-1600.0, -1110.0, -745.0, -370.0, 0.0, 370.0, 745.0, 1110.0, 1600.0];
const ALONG: [f64; 9] = [-1300.0, -790.0, -440.0, -112.0, 112.0, 420.0, 700.0, 960.0, 1300.0];

impl Lattice {
    pub fn of(seed: u64, district: u32) -> Lattice {
        let ground = Ground::of(seed, district);
        let mut r = Random::of(seed, district, "lattice");
        let phase: [f64; 4] = std::array::from_fn(|_| r.angle());
        // lines stand at uneven distances; those along the river's banks stay
        let inner = |k: usize| k > 0 && k < CELLS;
        let across: Vec<f64> =
            (0..=CELLS).map(|i| ACROSS[i] + if inner(i) { r.around(0.0, 42.0) } else { 0.0 }).collect();
        let loose = |j: usize| inner(j) && j != 3 && j != 4;
        let along: Vec<f64> =
            (0..=CELLS).map(|j| ALONG[j] + if loose(j) { r.around(0.0, 34.0) } else { 0.0 }).collect();
        let nodes = (0..=CELLS)
            .map(|i| {
                (0..=CELLS)
                    .map(|j| {
                        let (u, v) = (across[i], along[j]);
                        let edge = i == 0 || j == 0 || i == CELLS || j == CELLS;
                        if edge {
                            return [u, v];
                        }
                        // long swings make streets bow, jitter keeps blocks from being alike
                        let bank = j == 3 || j == 4;
                        let (du, dv) = (r.around(0.0, 26.0), r.around(0.0, 26.0));
                        let lean = 0.10 * v * (u / 900.0 + phase[3]).sin();
                        let u2 =
                            u + 74.0 * (v / 470.0 + phase[0]).sin() + 30.0 * (u / 400.0 + phase[1]).cos() + lean + du;
                        let dv = if bank { dv * 0.25 } else { dv + 58.0 * (u / 560.0 + phase[2] + v / 900.0).sin() };
                        [u2, v + dv]
                    })
                    .collect()
            })
            .collect();
        Lattice { ground, nodes }
    }

    /// Plan metres of lattice coordinates, each 0 to [`CELLS`]: a smooth surface through the nodes
    /// (bicubic Catmull–Rom, with the nodes beyond the edge mirrored).
    pub fn plan(&self, a: f64, b: f64) -> Place {
        let (i, s) = cell(a);
        let (j, t) = cell(b);
        let column = |i: i64| {
            let node = |j: i64| self.node(i, j);
            spline([node(j - 1), node(j), node(j + 1), node(j + 2)], t)
        };
        spline([column(i - 1), column(i), column(i + 1), column(i + 2)], s)
    }

    /// Local metres of lattice coordinates.
    pub fn at(&self, a: f64, b: f64) -> Place {
        self.ground.place(self.plan(a, b))
    }

    /// Local metres of the lattice line between two lattice places, at steps of a 16th of a cell.
    pub fn line(&self, from: Place, to: Place) -> Vec<Place> {
        let steps = (16.0 * (to[0] - from[0]).abs().max((to[1] - from[1]).abs())).round().max(1.0) as usize;
        (0..=steps)
            .map(|k| {
                let p = mix(from, to, k as f64 / steps as f64);
                self.at(p[0], p[1])
            })
            .collect()
    }

    /// Plan metres of local metres, by Newton's method on the ground's bend alone; good to a centimetre.
    pub fn plan_of(&self, p: Place) -> Place {
        let (s, c) = TURN.sin_cos();
        let (x, y) = (p[0] * c + p[1] * s, p[1] * c - p[0] * s);
        let u = x - self.ground.column as f64 * WINDOW[0];
        let v0 = y - self.ground.row as f64 * WINDOW[1];
        let mut v = v0;
        for _ in 0..25 {
            v = v0 - self.ground.swing(u) * (1.0 - (v / BENT).powi(2)).max(0.0).powi(3);
        }
        [u, v]
    }

    fn node(&self, i: i64, j: i64) -> Place {
        let last = CELLS as i64;
        let mirror = |k: i64| {
            if k < 0 {
                -k
            } else if k > last {
                2 * last - k
            } else {
                k
            }
        };
        let (ii, jj) = (mirror(i), mirror(j));
        let p = self.nodes[ii as usize][jj as usize];
        // beyond the edge: as far on the other side of the edge's node as the mirrored one is on this
        let (ei, ej) = (i.clamp(0, last), j.clamp(0, last));
        if (ei, ej) == (i, j) {
            return p;
        }
        sub(scale(self.nodes[ei as usize][ej as usize], 2.0), p)
    }
}

fn cell(a: f64) -> (i64, f64) {
    let i = (a.floor() as i64).clamp(0, CELLS as i64 - 1);
    (i, a - i as f64)
}

fn spline(p: [Place; 4], t: f64) -> Place {
    let [a, b, c, d] = p;
    let (t2, t3) = (t * t, t * t * t);
    let w = [-0.5 * t + t2 - 0.5 * t3, 1.0 - 2.5 * t2 + 1.5 * t3, 0.5 * t + 2.0 * t2 - 1.5 * t3, -0.5 * t2 + 0.5 * t3];
    add(add(scale(a, w[0]), scale(b, w[1])), add(scale(c, w[2]), scale(d, w[3])))
}
