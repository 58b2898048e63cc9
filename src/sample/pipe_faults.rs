//! Faults planted in the pipe networks, each once a district, and what the truth says of them.

use serde_json::json;

use super::SampleError;
use super::curve::{Place, add, apart, distance, scale, sub, unit};
use super::district::District;
use super::mains::Net;
use super::out::{Form, Out, Word};
use super::pipes::millis;
use super::random::Random;
use super::truth::Truth;

/// A fault to be planted; nets, nodes and runs by number.
#[derive(Debug, Clone)]
pub enum Twist {
    /// A node is given the number of another.
    SameNumber { net: usize, node: usize, as_of: usize },
    /// A node is left out of the node table.
    Missing { net: usize, node: usize },
    /// A drain's levels rise along its flow.
    Reversed { net: usize, run: usize },
    /// A drain of one kind runs into a manhole of the other.
    Mixed { upper: usize, from: usize, lower: usize, to: usize },
    /// A cable was laid too near a water main; its nodes have been moved already.
    TooNear { net: usize, runs: Vec<usize>, other: usize },
    /// Nodes that no run joins to the source any more.
    Apart { net: usize, nodes: Vec<usize> },
}

/// Chooses and plants faults in the networks.
pub fn plant(_d: &District, nets: &mut [Net], r: &mut Random) -> Vec<Twist> {
    let at = |nets: &[Net], kind: &str| nets.iter().position(|n| n.kind == kind);
    let mut out = Vec::new();
    if let (Some(tx), Some(js)) = (at(nets, "TX"), at(nets, "JS")) {
        out.extend(too_near(nets, tx, js, r));
        out.extend(cut_off(nets, js, r));
    }
    if let Some(rq) = at(nets, "RQ") {
        let ends = dead_ends(&nets[rq], "junction");
        if ends.len() > 3 {
            out.push(Twist::SameNumber { net: rq, node: ends[ends.len() - 1], as_of: ends[0] });
        }
    }
    if let Some(ws) = at(nets, "WS") {
        let joined = nets[ws].joined();
        let plain: Vec<usize> =
            (0..nets[ws].nodes.len()).filter(|n| nets[ws].nodes[*n].hub.is_none() && joined[*n].len() == 2).collect();
        if plain.len() > 20 {
            let gone = plain[r.whole(5, plain.len() as i64 / 2) as usize];
            out.push(Twist::Missing { net: ws, node: gone });
            let far = |run: &usize| nets[ws].runs[*run].from != gone && nets[ws].runs[*run].to != gone;
            let steep = |run: &usize| {
                let x = &nets[ws].runs[*run];
                (nets[ws].nodes[x.from].level - nets[ws].nodes[x.to].level).abs() > 0.05
            };
            let runs: Vec<usize> = (0..nets[ws].runs.len()).filter(far).filter(steep).collect();
            if !runs.is_empty() {
                out.push(Twist::Reversed { net: ws, run: *r.pick(&runs) });
            }
            if let Some(ys) = at(nets, "YS") {
                out.extend(mixed(nets, ws, ys, gone));
            }
        }
    }
    out
}

fn dead_ends(net: &Net, role: &str) -> Vec<usize> {
    let joined = net.joined();
    (0..net.nodes.len()).filter(|n| joined[*n].len() == 1 && net.nodes[*n].role == role).collect()
}

/// The sewer and rain manholes nearest to each other, 2 to 25 m apart; the higher runs into the lower.
fn mixed(nets: &[Net], sewer: usize, rain: usize, not: usize) -> Option<Twist> {
    let mut best: Option<(f64, usize, usize)> = None;
    for (s, a) in nets[sewer].nodes.iter().enumerate().filter(|n| n.0 != not && n.1.role == "manhole") {
        for (r, b) in nets[rain].nodes.iter().enumerate().filter(|n| n.1.role == "manhole") {
            let d = distance(a.place, b.place);
            if d > 2.0 && d < 25.0 && (a.level - b.level).abs() > 0.1 && best.is_none_or(|x| d < x.0) {
                best = Some((d, s, r));
            }
        }
    }
    let (_, s, r) = best?;
    Some(if nets[sewer].nodes[s].level > nets[rain].nodes[r].level {
        Twist::Mixed { upper: sewer, from: s, lower: rain, to: r }
    } else {
        Twist::Mixed { upper: rain, from: r, lower: sewer, to: s }
    })
}

/// Moves two neighbouring nodes of a cable to 0.45 m from the axis of the main beside them.
fn too_near(nets: &mut [Net], cable: usize, main: usize, r: &mut Random) -> Option<Twist> {
    let joined = nets[cable].joined();
    let plain = |n: usize| {
        nets[cable].nodes[n].hub.is_none() && joined[n].len() == 2 && nets[cable].nodes[n].role == "junction"
    };
    let foot = |p: Place| {
        let mut best = (f64::INFINITY, p);
        for run in nets[main].runs.iter().filter(|r| r.diameter >= 200.0) {
            for w in run.path.windows(2) {
                let (d, t) = super::curve::to_segment(p, w[0], w[1]);
                if d < best.0 && t > 0.0 && t < 1.0 {
                    best = (d, super::curve::mix(w[0], w[1], t));
                }
            }
        }
        best
    };
    let pairs: Vec<(usize, usize)> = nets[cable]
        .runs
        .iter()
        .filter(|run| plain(run.from) && plain(run.to) && run.path.len() == 2)
        .filter(|run| foot(run.path[0]).0 < 2.5 && foot(run.path[1]).0 < 2.5)
        .map(|run| (run.from, run.to))
        .collect();
    if pairs.is_empty() {
        return None;
    }
    let (a, b) = *r.pick(&pairs);
    let moved: Vec<(usize, Place)> = [a, b]
        .into_iter()
        .map(|n| {
            let p = nets[cable].nodes[n].place;
            let (_, f) = foot(p);
            (n, add(f, scale(unit(sub(p, f)), 0.45)))
        })
        .collect();
    for (n, place) in moved {
        nets[cable].nodes[n].place = place;
        for run in &mut nets[cable].runs {
            let last = run.path.len() - 1;
            if run.from == n {
                run.path[0] = place;
            }
            if run.to == n {
                run.path[last] = place;
            }
        }
    }
    let runs = (0..nets[cable].runs.len()).filter(|i| {
        let run = &nets[cable].runs[*i];
        [run.from, run.to].iter().any(|n| *n == a || *n == b)
    });
    Some(Twist::TooNear { net: cable, runs: runs.collect(), other: main })
}

/// Takes one run out of the net so that what lies beyond hangs on nothing.
fn cut_off(nets: &mut [Net], net: usize, r: &mut Random) -> Option<Twist> {
    let source = nets[net].nodes.iter().position(|n| n.role == "source")?;
    let mut found = Vec::new();
    for run in 0..nets[net].runs.len() {
        let beyond = beyond(&nets[net], run, source);
        if (3..=8).contains(&beyond.len()) {
            found.push((run, beyond));
        }
    }
    if found.is_empty() {
        return None;
    }
    let (run, nodes) = found[r.whole(0, found.len() as i64 - 1) as usize].clone();
    nets[net].runs.remove(run);
    Some(Twist::Apart { net, nodes })
}

/// Nodes that hang on the source by one run only; looked for from its ends, and given up beyond ten nodes.
fn beyond(net: &Net, run: usize, source: usize) -> Vec<usize> {
    for start in [net.runs[run].from, net.runs[run].to] {
        let (mut seen, mut todo) = (vec![start], vec![start]);
        while let Some(n) = todo.pop() {
            let next = net.runs.iter().enumerate().filter(|(i, r)| *i != run && (r.from == n || r.to == n));
            for other in next.map(|(_, r)| if r.from == n { r.to } else { r.from }) {
                if !seen.contains(&other) {
                    seen.push(other);
                    todo.push(other);
                }
            }
            if seen.len() > 10 {
                break;
            }
        }
        if seen.len() <= 10 && !seen.contains(&source) {
            return seen;
        }
    }
    Vec::new()
}

/// Gives twins the number of the other.
pub fn renumber(twists: &[Twist], numbers: &mut [Vec<String>]) {
    for t in twists {
        if let Twist::SameNumber { net, node, as_of } = t {
            numbers[*net][*node] = numbers[*net][*as_of].clone();
        }
    }
}

pub fn is_dropped(twists: &[Twist], net: usize, node: usize) -> bool {
    twists.iter().any(|t| matches!(t, Twist::Missing { net: k, node: n } if (*k, *n) == (net, node)))
}

pub fn is_reversed(twists: &[Twist], net: usize, run: usize) -> bool {
    twists.iter().any(|t| matches!(t, Twist::Reversed { net: k, run: n } if (*k, *n) == (net, run)))
}

/// Writes the drains that run into those of the other kind; their ids.
pub fn mixed_joints(
    d: &District,
    out: &mut Out,
    nets: &[Net],
    twists: &[Twist],
    numbers: &[Vec<String>],
) -> Result<Vec<String>, SampleError> {
    let mut ids = Vec::new();
    for t in twists {
        let Twist::Mixed { upper, from, lower, to } = t else { continue };
        let (a, b) = (&nets[*upper].nodes[*from], &nets[*lower].nodes[*to]);
        let ground = |p: Place| millis(d.lattice.ground.height(d.lattice.plan_of(p)));
        let (high, low) = (millis(a.level), millis(b.level));
        ids.push(out.put(
            "pipe",
            Form::Line(&[a.place, b.place]),
            &[
                ("kind", nets[*upper].kind.into()),
                ("material", "PVC".into()),
                ("burying", "ZM".into()),
                ("diameter_mm", Word::Real(300.0, 0)),
                ("start_depth_m", Word::Real(ground(a.place) - high, 3)),
                ("end_depth_m", Word::Real(ground(b.place) - low, 3)),
                ("start_level_m", Word::Real(high, 3)),
                ("end_level_m", Word::Real(low, 3)),
                ("flow", "+".into()),
                ("pressure", "gravity".into()),
                ("state", "in_use".into()),
                ("quality", "inferred".into()),
                ("from_node", numbers[*upper][*from].as_str().into()),
                ("to_node", numbers[*lower][*to].as_str().into()),
            ],
        )?);
    }
    Ok(ids)
}

/// Puts the planted faults into the truth, by the ids they were written with.
pub fn tell(
    nets: &[Net],
    twists: &[Twist],
    numbers: &[Vec<String>],
    node_ids: &[Vec<Option<String>>],
    run_ids: &[Vec<String>],
    mixed: &[String],
    truth: &mut Truth,
) {
    let mut mixed = mixed.iter();
    for t in twists {
        match t {
            Twist::SameNumber { net, node, as_of } => truth.fault("duplicate_node_no", json!({
                "kind": nets[*net].kind, "node_no": numbers[*net][*node],
                "nodes": [node_ids[*net][*as_of], node_ids[*net][*node]],
            })),
            Twist::Missing { net, node } => {
                let pipes: Vec<&String> = runs_at(&nets[*net], *node).map(|r| &run_ids[*net][r]).collect();
                truth.fault("missing_node", json!({
                    "kind": nets[*net].kind, "node_no": numbers[*net][*node], "pipes": pipes,
                }));
            }
            Twist::Reversed { net, run } => truth.fault("reversed_slope", json!({
                "kind": nets[*net].kind, "pipe": run_ids[*net][*run],
            })),
            Twist::Mixed { upper, from, lower, to } => truth.fault("mixed_joint", json!({
                "node_no": numbers[*lower][*to], "node": node_ids[*lower][*to], "from_node_no": numbers[*upper][*from],
                "pipe": mixed.next(),
            })),
            Twist::TooNear { net, runs, other } => {
                for run in runs {
                    let a = &nets[*net].runs[*run];
                    for (k, b) in nets[*other].runs.iter().enumerate() {
                        // services cross the cable, which is no matter of distance in plan
                        let axes = nearest(&a.path, &b.path);
                        let clear = axes - (a.diameter + b.diameter) / 2000.0;
                        if clear < 1.0 && axes > 0.0 && b.diameter >= 200.0 {
                            truth.fault("clearance", json!({
                                "a": run_ids[*net][*run], "b": run_ids[*other][k], "a_kind": nets[*net].kind,
                                "b_kind": nets[*other].kind, "distance_m": (clear.max(0.0) * 1000.0).round() / 1000.0,
                                "required_m": 1.0,
                            }));
                        }
                    }
                }
            }
            Twist::Apart { net, nodes } => {
                let no: Vec<&String> = nodes.iter().map(|n| &numbers[*net][*n]).collect();
                let mut pipes: Vec<&String> =
                    nodes.iter().flat_map(|n| runs_at(&nets[*net], *n)).map(|r| &run_ids[*net][r]).collect();
                pipes.sort();
                pipes.dedup();
                truth.fault("disconnected", json!({"kind": nets[*net].kind, "node_nos": no, "pipes": pipes}));
            }
        }
    }
}

fn runs_at(net: &Net, node: usize) -> impl Iterator<Item = usize> {
    (0..net.runs.len()).filter(move |r| net.runs[*r].from == node || net.runs[*r].to == node)
}

/// Least distance between two lines.
fn nearest(a: &[Place], b: &[Place]) -> f64 {
    let mut best = f64::INFINITY;
    for s in a.windows(2) {
        for t in b.windows(2) {
            best = best.min(apart(s[0], s[1], t[0], t[1]));
        }
    }
    best
}
