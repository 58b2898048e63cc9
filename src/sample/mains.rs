//! Pipe networks under the streets, one a kind: where runs lie and how they hang together.

use std::collections::BTreeMap;

use super::curve::{Curve, Place, add, cross, distance, dot, left, scale, simplified};
use super::district::District;
use super::network::Street;
use super::plan::Class;

/// A node of a network while it is made.
#[derive(Debug, Clone)]
pub struct Node {
    pub place: Place,
    /// Codes of `pipe_node`.
    pub role: &'static str,
    pub what: &'static str,
    /// Height of the pipe's invert at the node, once it is known.
    pub level: f64,
    /// Share of the demand it draws, litres a second; 0 where nobody draws.
    pub demand: f64,
    /// The junction it is the hub of.
    pub hub: Option<usize>,
}

/// A run between two nodes, in the direction its street is drawn.
#[derive(Debug, Clone)]
pub struct Run {
    pub from: usize,
    pub to: usize,
    pub path: Vec<Place>,
    pub street: usize,
    pub diameter: f64,
    /// −1, 1 or 0: against the drawing, along it, unknown.
    pub flow: i8,
}

impl Run {
    pub fn length(&self) -> f64 {
        self.path.windows(2).map(|w| distance(w[0], w[1])).sum()
    }
}

/// A network of one kind.
#[derive(Debug, Clone)]
pub struct Net {
    pub kind: &'static str,
    pub nodes: Vec<Node>,
    pub runs: Vec<Run>,
}

/// How a kind lies under a street: metres left of the centre line; `None` where the street has none.
pub fn offset(kind: &str, street: &Street) -> Option<f64> {
    Some(match (street.class, kind) {
        (Class::Main, "JS") => -11.6,
        (Class::Main, "TX") => -13.5,
        (Class::Main, "WS") => -4.5,
        (Class::Main, "YS") => 2.0,
        (Class::Main, "RL") => 4.6,
        (Class::Main, "RQ") => 11.4,
        (Class::Main, "DL") => 12.6,
        (Class::Secondary, "JS") => -9.0,
        (Class::Secondary, "TX") => -10.6,
        (Class::Secondary, "WS") => -3.0,
        (Class::Secondary, "YS") => 1.0,
        (Class::Secondary, "RQ") => 8.7,
        (Class::Secondary, "DL") => 9.7,
        (Class::Branch, "WS") => -1.2,
        (Class::Branch, "JS") if street.width >= 6.0 => 1.2,
        (Class::Branch, "RQ") if street.width >= 9.0 => -3.2,
        (Class::Branch, "DL") if street.width >= 9.0 => 3.2,
        _ => return None,
    })
}

/// The longest run of a kind; a survey doubts runs over 75 m.
fn longest(kind: &str) -> f64 {
    match kind {
        "WS" | "YS" => 58.0,
        _ => 74.0,
    }
}

impl Net {
    /// Lays a kind under all streets that have it.
    pub fn lay(d: &District, kind: &'static str) -> Net {
        let mut net = Net { kind, nodes: Vec::new(), runs: Vec::new() };
        let mut hubs: BTreeMap<usize, usize> = BTreeMap::new();
        for street in 0..d.net.streets.len() {
            let s = &d.net.streets[street];
            let Some(off) = offset(kind, s) else { continue };
            let mut stops: Vec<(f64, Option<usize>)> = Vec::new();
            for (m, j) in &s.joints {
                let shared = d.net.junctions[*j]
                    .streets
                    .iter()
                    .any(|o| o.0 != street && offset(kind, &d.net.streets[o.0]).is_some());
                if shared {
                    stops.push((*m, Some(*j)));
                }
            }
            for m in [0.0, s.line.length()] {
                if !stops.iter().any(|x| (x.0 - m).abs() < 3.0) {
                    stops.push((m, None));
                }
            }
            stops.sort_by(|a, b| a.0.total_cmp(&b.0));
            for w in stops.windows(2) {
                let ends = [net.stop(d, street, off, w[0], &mut hubs), net.stop(d, street, off, w[1], &mut hubs)];
                net.between(d, street, off, (w[0].0, w[1].0), ends);
            }
        }
        net
    }

    fn add(&mut self, place: Place, role: &'static str, what: &'static str, hub: Option<usize>) -> usize {
        self.nodes.push(Node { place, role, what, level: 0.0, demand: 0.0, hub });
        self.nodes.len() - 1
    }

    /// The node at a stop of a street: the hub of a junction, shared by the streets there, or an end of its own.
    fn stop(
        &mut self,
        d: &District,
        street: usize,
        off: f64,
        (m, junction): (f64, Option<usize>),
        hubs: &mut BTreeMap<usize, usize>,
    ) -> usize {
        let line = &d.net.streets[street].line;
        let Some(j) = junction else {
            // short of the end, so that a dead end lies in its street
            let m = m.clamp(4.0f64.min(line.length() / 2.0), (line.length() - 4.0).max(line.length() / 2.0));
            return self.add(line.beside(m, off), self.plain().0, self.plain().1, None);
        };
        if let Some(known) = hubs.get(&j) {
            return *known;
        }
        let place = hub_place(d, self.kind, j).unwrap_or_else(|| line.beside(m, off));
        let (role, what) = self.plain();
        let node = self.add(place, role, what, Some(j));
        hubs.insert(j, node);
        node
    }

    /// True for kinds that run downhill.
    pub fn drains(&self) -> bool {
        matches!(self.kind, "WS" | "YS")
    }

    /// Role and kind of an ordinary node.
    fn plain(&self) -> (&'static str, &'static str) {
        match self.kind {
            "WS" | "YS" => ("manhole", "manhole"),
            "DL" | "TX" => ("junction", "handhole"),
            _ => ("junction", "survey_point"),
        }
    }

    /// Runs along a street between two nodes already there.
    fn between(&mut self, d: &District, street: usize, off: f64, (from, to): (f64, f64), ends: [usize; 2]) {
        let line = &d.net.streets[street].line;
        let (a, b) = (self.nodes[ends[0]].place, self.nodes[ends[1]].place);
        let (ma, mb) = (line.project(a).0.max(from - 30.0), line.project(b).0.min(to + 30.0));
        if ends[0] == ends[1] || mb - ma < 2.0 {
            return;
        }
        let mut places = vec![a];
        if mb - ma > 8.0 {
            places.extend(line.offset(ma + 3.0, mb - 3.0, off));
        }
        places.push(b);
        let Some(path) = Curve::through(places) else { return };
        let length = path.length();
        let mut stops: Vec<(f64, &'static str, &'static str)> = Vec::new();
        let (role, what) = self.plain();
        let n = (length / longest(self.kind)).ceil().max(1.0);
        stops.extend((1..n as usize).map(|k| (length * k as f64 / n, role, what)));
        if matches!(self.kind, "JS" | "RQ" | "RL") && length > 55.0 && d.net.streets[street].width >= 8.0 {
            for (end, m) in [(ends[0], 7.0), (ends[1], length - 7.0)] {
                if self.nodes[end].hub.is_some() {
                    stops.push((m, "valve", "valve_chamber"));
                }
            }
        }
        stops.sort_by(|x, y| x.0.total_cmp(&y.0));
        let mut before = (0.0, ends[0]);
        for (m, role, what) in stops.into_iter().chain([(length, "", "")]) {
            let at = if role.is_empty() { ends[1] } else { self.add(path.at(m), role, what, None) };
            let part = simplified(&path.offset(before.0, m, 0.0), 0.08);
            self.runs.push(Run { from: before.1, to: at, path: part, street, diameter: 0.0, flow: 0 });
            before = (m, at);
        }
    }

    /// A node joined to the net by a run of its own; the run's street is that of the node it hangs on.
    pub fn hang(&mut self, on: usize, place: Place, role: &'static str, what: &'static str, diameter: f64) -> usize {
        let street = self.runs.iter().find(|r| r.from == on || r.to == on).map_or(0, |r| r.street);
        let at = self.add(place, role, what, None);
        let path = vec![self.nodes[on].place, place];
        self.runs.push(Run { from: on, to: at, path, street, diameter, flow: 0 });
        at
    }

    /// The node nearest to a place among those of a role.
    pub fn nearest(&self, p: Place, role: &str) -> Option<usize> {
        let all = (0..self.nodes.len()).filter(|n| self.nodes[*n].role == role);
        all.min_by(|a, b| distance(self.nodes[*a].place, p).total_cmp(&distance(self.nodes[*b].place, p)))
    }

    /// Runs at each node.
    pub fn joined(&self) -> Vec<Vec<usize>> {
        let mut at = vec![Vec::new(); self.nodes.len()];
        for (i, r) in self.runs.iter().enumerate() {
            at[r.from].push(i);
            at[r.to].push(i);
        }
        at
    }

    /// Names the plain nodes of pressure pipes by the runs that meet there.
    pub fn name_fittings(&mut self) {
        let joined = self.joined();
        for (n, node) in self.nodes.iter_mut().enumerate().filter(|n| n.1.what == "survey_point") {
            node.what = match joined[n].len() {
                0 | 1 => "cap",
                2 => "survey_point",
                3 => "tee",
                _ => "cross",
            };
        }
    }

    /// Keeps only what hangs together with some nodes.
    pub fn keep_joined(&mut self, with: &[usize]) {
        let joined = self.joined();
        let mut seen = vec![false; self.nodes.len()];
        let mut todo = with.to_vec();
        while let Some(n) = todo.pop() {
            if !std::mem::replace(&mut seen[n], true) {
                todo.extend(
                    joined[n]
                        .iter()
                        .map(|r| if self.runs[*r].from == n { self.runs[*r].to } else { self.runs[*r].from }),
                );
            }
        }
        self.keep(|n| seen[n]);
    }

    /// Keeps the nodes that a test names, and the runs between them.
    pub fn keep(&mut self, wanted: impl Fn(usize) -> bool) {
        let mut number = vec![usize::MAX; self.nodes.len()];
        let mut kept = Vec::new();
        for (n, node) in self.nodes.iter().enumerate() {
            if wanted(n) {
                number[n] = kept.len();
                kept.push(node.clone());
            }
        }
        self.nodes = kept;
        self.runs.retain(|r| number[r.from] != usize::MAX && number[r.to] != usize::MAX);
        for r in &mut self.runs {
            (r.from, r.to) = (number[r.from], number[r.to]);
        }
    }
}

/// Where the offset lines of two streets with the kind cross at a junction.
fn hub_place(d: &District, kind: &str, junction: usize) -> Option<Place> {
    let j = &d.net.junctions[junction];
    let with: Vec<(Place, f64)> = j
        .streets
        .iter()
        .filter_map(|(s, m)| {
            let street = &d.net.streets[*s];
            Some((street.line.direction(*m), offset(kind, street)?))
        })
        .collect();
    let [(da, oa), (db, ob), ..] = with[..] else { return None };
    let (na, nb) = (left(da), left(db));
    let k = cross(na, nb);
    if k.abs() < 0.4 {
        return Some(add(j.place, scale(na, oa)));
    }
    // dot(na, p) = oa and dot(nb, p) = ob
    let p = [(oa * nb[1] - ob * na[1]) / k, (ob * na[0] - oa * nb[0]) / k];
    debug_assert!((dot(na, p) - oa).abs() < 1e-6);
    Some(add(j.place, p))
}
