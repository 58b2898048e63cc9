//! Green belts along the streets with their legitimate breaks: what should stand where.

use super::SampleError;
use super::curve::{Curve, Place, dot, left, simplified, sub};
use super::district::District;
use super::out::{Form, Out, Word};
use super::plan::Class;
use super::random::Random;

/// A belt as written, with the stretches of its axis that are to be planted.
#[derive(Debug, Clone)]
pub struct Belt {
    pub id: String,
    pub street: usize,
    /// 1 for the left of the street, −1 for the right.
    pub side: f64,
    pub row: bool,
    pub spacing: f64,
    pub rows: usize,
    pub species: &'static str,
    pub axis: Curve,
    /// Measures along the axis between the breaks.
    pub free: Vec<(f64, f64)>,
}

/// A break found along a street: its measure there, the sides it counts on, and what it is.
struct Break {
    measure: f64,
    left: bool,
    right: bool,
    reason: &'static str,
    reach: f64,
}

/// A bus platform beside a street.
#[derive(Debug, Clone)]
pub struct Platform {
    pub street: usize,
    pub measure: f64,
    pub side: f64,
}

/// Half the length of a bus platform in metres.
const PLATFORM: f64 = 12.0;

const STREET_TREES: [&str; 6] = ["国槐", "法桐", "白蜡", "栾树", "银杏", "女贞"];

/// Lays the belts of all main and secondary streets.
pub fn lay(d: &District, out: &mut Out) -> Result<(Vec<Belt>, Vec<Platform>), SampleError> {
    let mut r = d.random("belts");
    let (mut belts, mut platforms) = (Vec::new(), Vec::new());
    for street in 0..d.net.streets.len() {
        let s = &d.net.streets[street];
        if s.class == Class::Branch {
            continue;
        }
        let species = STREET_TREES[street % STREET_TREES.len()];
        let spacing = *r.pick(&[6.0, 6.5, 7.0]);
        let main = s.class == Class::Main;
        for (from, to) in spans(d, street) {
            let s = &d.net.streets[street];
            // far out of town poplars stand along the road
            let out_of_town = d.lattice.plan_of(s.line.at((from + to) / 2.0)).map(f64::abs);
            let rural = out_of_town[0] > 1150.0 || out_of_town[1] > 990.0;
            let breaks = breaks(d, street, from, to, main && !rural, &mut r);
            for p in breaks.iter().filter(|b| b.reason == "bus_platform") {
                for side in [1.0, -1.0] {
                    platforms.push(Platform { street, measure: p.measure, side });
                }
            }
            for side in [1.0, -1.0] {
                let river = faces_river(d, street, (from + to) / 2.0, side);
                let (off, rows) = match (river, main) {
                    (true, _) => (side * (d.net.streets[street].half() + 3.0), 2),
                    (_, true) => (side * 9.75, 1),
                    _ => (side * 7.25, 1),
                };
                let words = if river {
                    ("垂柳", 7.0)
                } else if rural {
                    ("毛白杨", 7.0)
                } else {
                    (species, spacing)
                };
                belts.extend(belt(d, out, street, side, (from, to, off), Kind::Row(words.0, words.1, rows), &breaks)?);
                let axis = main && !rural && street != 3;
                if axis {
                    let cover = if r.chance(0.6) { ("大叶黄杨", 1.0) } else { ("麦冬", 2.0) };
                    belts.extend(belt(
                        d,
                        out,
                        street,
                        side,
                        (from, to, side * 7.0),
                        Kind::Cover(cover.0, cover.1),
                        &breaks,
                    )?);
                }
            }
        }
    }
    Ok((belts, platforms))
}

enum Kind {
    /// Species, spacing, rows.
    Row(&'static str, f64, usize),
    /// Species, shortest gap that counts.
    Cover(&'static str, f64),
}

/// Stretches of a street between the junctions with other main and secondary streets, sight triangles off.
fn spans(d: &District, street: usize) -> Vec<(f64, f64)> {
    let s = &d.net.streets[street];
    let mut stops = vec![(0.0, 12.0), (s.line.length(), 12.0)];
    for (m, j) in &s.joints {
        let others = &d.net.junctions[*j].streets;
        if others.iter().any(|o| o.0 != street && d.net.streets[o.0].class != Class::Branch) {
            stops.push((*m, d.net.trim(street, *j) + 9.0));
        }
    }
    stops.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut out = Vec::new();
    for w in stops.windows(2) {
        let (from, to) = (w[0].0 + w[0].1, w[1].0 - w[1].1);
        // no belt stands on a bridge
        let bridge = |m: f64| {
            let [u, v] = d.lattice.plan_of(s.line.at(m));
            v.abs() < d.lattice.ground.river_half(u) + 6.0
        };
        if to - from < 45.0 || (0..=10).any(|k| bridge(from + (to - from) * f64::from(k) / 10.0)) {
            continue;
        }
        out.push((from, to));
    }
    out
}

/// True when the river, not houses, lies on that side of the street.
fn faces_river(d: &District, street: usize, m: f64, side: f64) -> bool {
    let line = &d.net.streets[street].line;
    let [_, v] = d.lattice.plan_of(line.at(m));
    let [_, across] = d.lattice.plan_of(line.beside(m, side * 40.0));
    v.abs() < 150.0 && across.abs() < v.abs() - 25.0
}

fn breaks(d: &District, street: usize, from: f64, to: f64, buses: bool, r: &mut Random) -> Vec<Break> {
    let s = &d.net.streets[street];
    let mut out = Vec::new();
    for (m, j) in s.joints.iter().filter(|j| j.0 > from - 10.0 && j.0 < to + 10.0) {
        for (other, at) in d.net.junctions[*j].streets.iter().filter(|o| o.0 != street) {
            let o = &d.net.streets[*other];
            if o.class != Class::Branch {
                continue;
            }
            let far =
                |t: f64| dot(sub(o.line.at(t.clamp(0.0, o.line.length())), s.line.at(*m)), left(s.line.direction(*m)));
            let (a, b) = (far(at - 12.0), far(at + 12.0));
            let reach = d.net.trim(street, *j) + 3.5;
            out.push(Break { measure: *m, left: a.max(b) > 4.0, right: a.min(b) < -4.0, reason: "crossing", reach });
        }
    }
    for e in d.entrances.iter().filter(|e| e.street == street && e.measure > from && e.measure < to) {
        out.push(Break { measure: e.measure, left: e.side > 0.0, right: e.side < 0.0, reason: "entrance", reach: 4.5 });
    }
    let clear = |out: &[Break], m: f64, by: f64| out.iter().all(|b| (b.measure - m).abs() > b.reach + by);
    if to - from > 200.0 {
        let m = (from + to) / 2.0 + r.around(0.0, 20.0);
        if clear(&out, m, 12.0) {
            out.push(Break { measure: m, left: true, right: true, reason: "zebra", reach: 3.0 });
        }
    }
    if buses && to - from > 150.0 && r.chance(0.75) {
        let m = r.between(from + 40.0, to - 40.0);
        if clear(&out, m, PLATFORM + 4.0) {
            out.push(Break { measure: m, left: true, right: true, reason: "bus_platform", reach: PLATFORM });
        }
    }
    let mut m = from + r.between(30.0, 70.0);
    while m < to - 15.0 {
        if clear(&out, m, 8.0) {
            let hydrant = r.chance(0.7);
            let reason = if hydrant { "hydrant" } else { "box" };
            out.push(Break { measure: m, left: !hydrant, right: true, reason, reach: 1.5 });
        }
        m += r.between(105.0, 150.0);
    }
    out
}

fn belt(
    d: &District,
    out: &mut Out,
    street: usize,
    side: f64,
    (from, to, off): (f64, f64, f64),
    kind: Kind,
    breaks: &[Break],
) -> Result<Option<Belt>, SampleError> {
    let s = &d.net.streets[street];
    let Some(axis) = Curve::through(simplified(&s.line.offset(from, to, off), 0.02)) else { return Ok(None) };
    let keepers = &d.names.unit.keepers;
    let mut words: Vec<(&str, Word)> =
        vec![("street", s.name.as_str().into()), ("side", if side > 0.0 { "left" } else { "right" }.into())];
    let (row, spacing, rows, species) = match kind {
        Kind::Row(species, spacing, rows) => {
            words.extend([
                ("model", "row".into()),
                ("spacing_m", Word::Real(spacing, 2)),
                ("rows", Word::Int(rows as i64)),
            ]);
            (true, spacing, rows, species)
        }
        Kind::Cover(species, least) => {
            words.extend([("model", "cover".into()), ("rows", Word::Int(1)), ("min_gap_m", Word::Real(least, 1))]);
            (false, least, 1, species)
        }
    };
    words.extend([
        ("species", species.into()),
        (
            "grade",
            match s.class {
                Class::Main => "1",
                _ => "2",
            }
            .into(),
        ),
        ("keeper", keepers[street % keepers.len()].as_str().into()),
    ]);
    let id = out.put("green_belt", Form::Line(axis.places()), &words)?;
    let mut cuts: Vec<(f64, f64)> = Vec::new();
    for b in breaks.iter().filter(|b| if side > 0.0 { b.left } else { b.right }) {
        // hydrants and boxes stand in the row of trees only
        if !row && matches!(b.reason, "hydrant" | "box") || rows == 2 && b.reason == "hydrant" {
            continue;
        }
        let (m, _) = axis.project(s.line.beside(b.measure, off));
        if m <= 0.0 || m >= axis.length() {
            continue;
        }
        cuts.push((m - b.reach, m + b.reach));
        if b.reason == "bus_platform" {
            let (a, z) = ((m - b.reach).max(0.0), (m + b.reach).min(axis.length()));
            let ring: Vec<Place> = axis.band(a, z, -1.2, 1.2);
            out.put("belt_break", Form::Area(&ring), &[("reason", b.reason.into())])?;
        } else {
            let reach = (b.reach * 10.0).ceil() / 10.0;
            if let Some(c) = cuts.last_mut() {
                *c = (m - reach, m + reach);
            }
            out.put(
                "belt_break",
                Form::Point(axis.at(m)),
                &[("reason", b.reason.into()), ("reach_m", Word::Real(reach, 1))],
            )?;
            if row && b.reason == "hydrant" {
                let label = format!("{}消火栓{:.0}号", s.name, b.measure / 10.0);
                out.put(
                    "street_item",
                    Form::Point(axis.at(m)),
                    &[("kind", "hydrant".into()), ("label", label.into())],
                )?;
            }
        }
    }
    let free = uncut(axis.length(), cuts);
    Ok(Some(Belt { id, street, side, row, spacing, rows, species, axis, free }))
}

/// What is left of a length when stretches are cut out of it.
fn uncut(length: f64, mut cuts: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut out, mut at) = (Vec::new(), 0.0f64);
    for (a, b) in cuts {
        if a > at {
            out.push((at, a));
        }
        at = at.max(b);
    }
    if length > at {
        out.push((at, length));
    }
    out
}
