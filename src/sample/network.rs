//! Streets as lines with measures, and the junctions where they meet.

use super::curve::{Curve, Place, apart, crossing, distance};
use super::plan::Class;

/// A street of a district.
#[derive(Debug, Clone)]
pub struct Street {
    pub name: String,
    pub class: Class,
    /// Between the red lines, in metres.
    pub width: f64,
    pub line: Curve,
    /// Measures where other streets meet it, and which junction is there, in order.
    pub joints: Vec<(f64, usize)>,
}

impl Street {
    pub fn half(&self) -> f64 {
        self.width / 2.0
    }
}

/// Where streets meet: each street through it with the measure there.
#[derive(Debug, Clone)]
pub struct Junction {
    pub place: Place,
    pub streets: Vec<(usize, f64)>,
}

/// The streets of a district.
#[derive(Debug, Clone, Default)]
pub struct Network {
    pub streets: Vec<Street>,
    pub junctions: Vec<Junction>,
}

/// How near a street's end must come to another to meet it.
const REACH: f64 = 1.0;

impl Network {
    /// Adds a street through places in local metres; a line without length is left out.
    pub fn add(&mut self, name: String, class: Class, width: f64, places: &[Place]) -> Option<usize> {
        let line = Curve::through(super::curve::simplified(places, 0.04))?;
        self.streets.push(Street { name, class, width, line, joints: Vec::new() });
        Some(self.streets.len() - 1)
    }

    /// The nearest street to a place among those that `of` allows: index, measure, distance.
    pub fn nearest(&self, p: Place, of: impl Fn(&Street) -> bool) -> Option<(usize, f64, f64)> {
        let all = self.streets.iter().enumerate().filter(|(_, s)| of(s));
        all.map(|(i, s)| (i, s.line.project(p))).min_by(|a, b| a.1.1.total_cmp(&b.1.1)).map(|(i, (m, d))| (i, m, d))
    }

    /// Finds the junctions: where a street ends on another, and where two cross.
    pub fn join(&mut self) {
        let boxes: Vec<[f64; 4]> = self.streets.iter().map(|s| bounds(s.line.places())).collect();
        let meets = |a: &[f64; 4], b: &[f64; 4]| {
            a[0] <= b[2] + REACH && b[0] <= a[2] + REACH && a[1] <= b[3] + REACH && b[1] <= a[3] + REACH
        };
        let mut found: Vec<(Place, usize, f64, usize, f64)> = Vec::new();
        for a in 0..self.streets.len() {
            for b in a + 1..self.streets.len() {
                if !meets(&boxes[a], &boxes[b]) {
                    continue;
                }
                let (la, lb) = (&self.streets[a].line, &self.streets[b].line);
                for m in [0.0, la.length()] {
                    let (at, d) = lb.project(la.at(m));
                    if d < REACH {
                        found.push((la.at(m), a, m, b, at));
                    }
                }
                for m in [0.0, lb.length()] {
                    let (at, d) = la.project(lb.at(m));
                    if d < REACH {
                        found.push((lb.at(m), a, at, b, m));
                    }
                }
                for p in crossings(la, lb) {
                    found.push((p, a, la.project(p).0, b, lb.project(p).0));
                }
            }
        }
        for (p, a, ma, b, mb) in found {
            let at = match self.junctions.iter().position(|j| distance(j.place, p) < 2.0 * REACH) {
                Some(at) => at,
                None => {
                    self.junctions.push(Junction { place: p, streets: Vec::new() });
                    self.junctions.len() - 1
                }
            };
            for (s, m) in [(a, ma), (b, mb)] {
                if !self.junctions[at].streets.iter().any(|x| x.0 == s) {
                    self.junctions[at].streets.push((s, m));
                    self.streets[s].joints.push((m, at));
                }
            }
        }
        for s in &mut self.streets {
            s.joints.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
    }

    /// How far from a junction's middle a street is still the junction: the width of what crosses it.
    pub fn trim(&self, street: usize, junction: usize) -> f64 {
        let j = &self.junctions[junction];
        let Some((_, here)) = j.streets.iter().find(|x| x.0 == street) else { return 0.0 };
        let me = &self.streets[street];
        let d = me.line.direction(*here);
        let mut trim: f64 = 0.0;
        for (other, m) in j.streets.iter().filter(|x| x.0 != street) {
            let o = &self.streets[*other];
            let e = o.line.direction(*m);
            let sine = super::curve::cross(d, e).abs().max(0.35);
            let cosine = super::curve::dot(d, e).abs();
            trim = trim.max((o.half() + me.half() * cosine) / sine + 0.3);
        }
        trim.min(45.0)
    }
}

fn bounds(places: &[Place]) -> [f64; 4] {
    places.iter().fold([f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY], |b, p| {
        [b[0].min(p[0]), b[1].min(p[1]), b[2].max(p[0]), b[3].max(p[1])]
    })
}

/// Places where two lines cross within their segments.
fn crossings(a: &Curve, b: &Curve) -> Vec<Place> {
    let mut out = Vec::new();
    for s in a.places().windows(2) {
        for r in b.places().windows(2) {
            if bounds(s)[0] > bounds(r)[2] || bounds(r)[0] > bounds(s)[2] || apart(s[0], s[1], r[0], r[1]) > 0.0 {
                continue;
            }
            if let Some((t, _)) = crossing(s[0], s[1], r[0], r[1]) {
                out.push(super::curve::mix(s[0], s[1], t));
            }
        }
    }
    out
}
