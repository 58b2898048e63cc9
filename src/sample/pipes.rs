//! The pipes of a district: seven kinds with their sources, hydrants and customers, written as surveyed.

use super::SampleError;
use super::belts::Belt;
use super::curve::{Place, add, apart, distance, dot, left, scale, sub, unit};
use super::district::District;
use super::drains;
use super::mains::{Net, Run};
use super::out::{Form, Out, Word};
use super::pipe_faults::{self, Twist};
use super::plan::Use;
use super::random::Random;
use super::truth::Truth;

/// Lays and writes all networks of a district.
pub fn lay(d: &District, out: &mut Out, belts: &[Belt], truth: &mut Truth) -> Result<(), SampleError> {
    let mut r = d.random("pipes");
    let mut nets: Vec<Net> = Vec::new();
    let mut services: Vec<[Place; 2]> = Vec::new();
    for kind in ["JS", "YS", "WS", "RQ", "RL", "DL", "TX"] {
        let mut net = Net::lay(d, kind);
        match kind {
            "YS" => {
                let roots = drains::outfalls(d, &mut net);
                drains::run_down(d, &mut net, &roots);
            }
            "WS" => {
                let root = root(d, &mut net, Use::Treatment, "outfall", "treatment", 800.0);
                drains::run_down(d, &mut net, &root);
            }
            "JS" => supplied(d, &mut net, [1.3, 6.6], "waterworks", 500.0),
            "RQ" => supplied(d, &mut net, [6.9, 6.4], "regulator", 250.0),
            "RL" => supplied(d, &mut net, [6.4, 2.4], "heat_station", 400.0),
            "DL" => supplied(d, &mut net, [0.9, 2.6], "substation", 0.0),
            _ => supplied(d, &mut net, [4.4, 5.3], "exchange", 0.0),
        }
        if net.runs.is_empty() {
            continue;
        }
        if kind == "JS" {
            hydrants(&mut net, belts, d);
        }
        if matches!(kind, "JS" | "RQ" | "RL" | "DL") {
            customers(d, &mut net, &mut services, &mut r);
        }
        if !net.drains() {
            lie(d, &mut net, &mut r);
            bores(d, &mut net);
        }
        nets.push(net);
    }
    let twists = pipe_faults::plant(d, &mut nets, &mut r);
    nets.iter_mut().for_each(Net::name_fittings);
    write(d, out, &nets, &twists, &mut r, truth)
}

/// Hangs a root node in the block of a use on the nearest node of the net.
fn root(d: &District, net: &mut Net, use_: Use, role: &'static str, what: &'static str, bore: f64) -> Vec<usize> {
    let block = d.blocks.iter().position(|b| b.use_ == use_).unwrap_or(0);
    let [w, s, e, n] = d.inside(block, 10.0);
    let place = d.at(block, w + (e - w) * 0.08, s + (n - s) * 0.4);
    let Some(near) = net.nearest(place, "manhole") else { return Vec::new() };
    vec![net.hang(near, place, role, what, bore)]
}

/// Hangs a source near a lattice place and keeps what it reaches.
fn supplied(d: &District, net: &mut Net, lattice: Place, what: &'static str, bore: f64) {
    let wanted = d.lattice.at(lattice[0], lattice[1]);
    let Some(near) = net.nearest(wanted, "junction") else { return };
    // straight out of the street, so that the link lies along no other pipe
    let at = net.nodes[near].place;
    let Some(run) = net.runs.iter().find(|r| r.from == near || r.to == near) else { return };
    let out = left(unit(sub(run.path[1], run.path[0])));
    let side = if dot(out, sub(wanted, at)) < 0.0 { -1.0 } else { 1.0 };
    let place = add(at, scale(out, side * 24.0));
    let source = net.hang(near, place, "source", what, bore);
    net.keep_joined(&[source]);
}

/// A hydrant wherever a belt has been broken for one.
fn hydrants(net: &mut Net, belts: &[Belt], d: &District) {
    let mut free: Vec<bool> = vec![true; net.nodes.len()];
    for belt in belts.iter().filter(|b| b.row && b.rows == 1 && b.side < 0.0) {
        for pair in belt.free.windows(2) {
            let (a, b) = (pair[0].1, pair[1].0);
            if (b - a - 3.0).abs() > 0.2 {
                continue;
            }
            let place = belt.axis.at((a + b) / 2.0);
            let half = d.net.streets[belt.street].half();
            let near =
                (0..free.len()).filter(|n| free[*n] && net.nodes[*n].role == "junction" && net.nodes[*n].hub.is_none());
            let near = near
                .min_by(|x, y| distance(net.nodes[*x].place, place).total_cmp(&distance(net.nodes[*y].place, place)));
            // a main's node is moved to stand opposite, where one is near enough along the street
            if let Some(n) = near.filter(|n| distance(net.nodes[*n].place, place) < half + 26.0) {
                free[n] = false;
                slide(net, n, place);
                net.hang(n, place, "hydrant", "hydrant", 100.0);
            }
        }
    }
}

/// Moves a node between two runs of one line to the foot of a place on that line.
fn slide(net: &mut Net, node: usize, to: Place) {
    let runs: Vec<usize> =
        (0..net.runs.len()).filter(|r| net.runs[*r].from == node || net.runs[*r].to == node).collect();
    let [a, b] = runs[..] else { return };
    let (before, after) = if net.runs[a].to == node && net.runs[b].from == node { (a, b) } else { return };
    let mut path = net.runs[before].path.clone();
    path.extend(net.runs[after].path.iter().skip(1));
    let Some(line) = super::curve::Curve::through(path) else { return };
    let (m, _) = line.project(to);
    if m < 3.0 || m > line.length() - 3.0 {
        return;
    }
    net.nodes[node].place = line.at(m);
    net.runs[before].path = line.offset(0.0, m, 0.0);
    net.runs[after].path = line.offset(m, line.length(), 0.0);
}

/// Services to buildings near the mains; none beside a service of another kind.
fn customers(d: &District, net: &mut Net, services: &mut Vec<[Place; 2]>, r: &mut Random) {
    let (chance, reach, bore) = match net.kind {
        "JS" => (0.62, 42.0, 80.0),
        "RQ" => (0.4, 36.0, 63.0),
        "RL" => (0.7, 60.0, 150.0),
        _ => (0.3, 36.0, 0.0),
    };
    let mut taken = vec![false; d.houses.len()];
    for n in 0..net.nodes.len() {
        if net.nodes[n].role != "junction" || net.nodes[n].hub.is_some() || !r.chance(chance) {
            continue;
        }
        let at = net.nodes[n].place;
        let near = (0..d.houses.len()).filter(|h| !taken[*h] && d.houses[*h].kind != "agricultural");
        let near = near.map(|h| (h, distance(d.houses[h].middle, at))).min_by(|a, b| a.1.total_cmp(&b.1));
        let Some((house, far)) = near.filter(|x| x.1 < reach && x.1 > 6.0) else { continue };
        let h = &d.houses[house];
        let place = add(h.middle, scale(sub(at, h.middle), (4.0 / far).min(0.5)));
        if services.iter().any(|s| apart(s[0], s[1], at, place) < 2.5) {
            continue;
        }
        services.push([at, place]);
        taken[house] = true;
        let what = if net.kind == "DL" { "transformer" } else { "customer" };
        let c = net.hang(n, place, "customer", what, bore);
        if net.kind == "JS" {
            // 120 litres a head and day; a shop or works draws as thirty people
            let heads = if h.residents > 0 { h.residents as f64 } else { 30.0 * h.floors as f64 };
            net.nodes[c].demand = (heads * 120.0 / 86_400.0 * 1000.0).round() / 1000.0;
        }
    }
}

/// Levels of pressure pipes and cables: a depth a kind, a little uneven.
fn lie(d: &District, net: &mut Net, r: &mut Random) {
    let depth = match net.kind {
        "JS" => 1.25,
        "RQ" => 1.1,
        "RL" => 1.5,
        "DL" => 0.9,
        _ => 0.85,
    };
    for n in &mut net.nodes {
        n.level = d.lattice.ground.height(d.lattice.plan_of(n.place)) - depth - r.around(0.0, 0.12);
    }
}

/// Bores of pressure pipes by the class of their street.
fn bores(d: &District, net: &mut Net) {
    for run in net.runs.iter_mut().filter(|r| r.diameter == 0.0) {
        let width = d.net.streets[run.street].width;
        let class = if width > 30.0 {
            0
        } else if width > 20.0 {
            1
        } else {
            2
        };
        run.diameter = match net.kind {
            "JS" => [300.0, 200.0, 110.0][class],
            "RQ" => [200.0, 160.0, 110.0][class],
            "RL" => 300.0,
            "DL" => 150.0,
            _ => 110.0,
        };
    }
}

/// Writes nodes and runs; what the planted faults twist is written twisted.
fn write(
    d: &District,
    out: &mut Out,
    nets: &[Net],
    twists: &[Twist],
    r: &mut Random,
    truth: &mut Truth,
) -> Result<(), SampleError> {
    let mut all: Vec<Vec<String>> = Vec::new();
    for net in nets {
        all.push((0..net.nodes.len()).map(|n| number(d, net.kind, n)).collect());
    }
    pipe_faults::renumber(twists, &mut all);
    let mut node_ids: Vec<Vec<Option<String>>> = Vec::new();
    let mut run_ids: Vec<Vec<String>> = Vec::new();
    for (k, net) in nets.iter().enumerate() {
        let mut ids = Vec::new();
        for (n, node) in net.nodes.iter().enumerate() {
            if pipe_faults::is_dropped(twists, k, n) {
                ids.push(None);
                continue;
            }
            let ground = millis(d.lattice.ground.height(d.lattice.plan_of(node.place)));
            let mut words: Vec<(&str, Word)> = vec![
                ("node_no", all[k][n].as_str().into()),
                ("pipe_kind", net.kind.into()),
                ("kind", node.what.into()),
                ("role", node.role.into()),
                ("ground_level_m", Word::Real(ground, 3)),
                ("depth_m", Word::Real(ground - millis(node.level), 3)),
            ];
            if node.role == "valve" {
                words.push(("operable", Word::Bool(!r.chance(0.04))));
            }
            if node.demand > 0.0 {
                words.push(("base_demand", Word::Real(node.demand, 3)));
            }
            if node.what == "waterworks" {
                words.push(("head_m", Word::Real(ground + 28.0, 1)));
            }
            ids.push(Some(out.put("pipe_node", Form::Point(node.place), &words)?));
        }
        node_ids.push(ids);
        let mut ids = Vec::new();
        for (at, run) in net.runs.iter().enumerate() {
            ids.push(pipe(d, out, (k, net), (at, run), &all[k], twists, r)?);
        }
        run_ids.push(ids);
    }
    let mixed = pipe_faults::mixed_joints(d, out, nets, twists, &all)?;
    pipe_faults::tell(nets, twists, &all, &node_ids, &run_ids, &mixed, truth);
    Ok(())
}

/// The number of a node: kind, district and order.
fn number(d: &District, kind: &str, n: usize) -> String {
    format!("{kind}{}{:04}", d.number + 1, n + 1)
}

fn pipe(
    d: &District,
    out: &mut Out,
    (k, net): (usize, &Net),
    (at, run): (usize, &Run),
    numbers: &[String],
    twists: &[Twist],
    r: &mut Random,
) -> Result<String, SampleError> {
    let (a, b) = (&net.nodes[run.from], &net.nodes[run.to]);
    let ground = |p: Place| millis(d.lattice.ground.height(d.lattice.plan_of(p)));
    let (mut from, mut to) = (millis(a.level), millis(b.level));
    if pipe_faults::is_reversed(twists, k, at) {
        std::mem::swap(&mut from, &mut to);
    }
    let thin = run.diameter < 200.0;
    let (material, burying, pressure) = match net.kind {
        "JS" => (if thin { "PE" } else { "QM" }, "ZM", None),
        "YS" => ("T", "ZM", Some("gravity")),
        "WS" => (if run.diameter <= 300.0 { "PVC" } else { "T" }, "ZM", Some("gravity")),
        "RQ" => (if thin { "PE" } else { "G" }, "ZM", Some(if thin { "low" } else { "medium" })),
        "RL" => ("G", "GG", None),
        "DL" => ("TZ", "GM", Some("10kV")),
        _ => ("GX", "GM", None),
    };
    let measured = r.chance(0.85);
    let year = 1996 + r.whole(0, 27);
    let mut words: Vec<(&str, Word)> = vec![
        ("kind", net.kind.into()),
        ("material", material.into()),
        ("burying", burying.into()),
        ("diameter_mm", Word::Real(run.diameter, 0)),
        ("start_depth_m", Word::Real(ground(a.place) - from, 3)),
        ("end_depth_m", Word::Real(ground(b.place) - to, 3)),
        ("start_level_m", Word::Real(from, 3)),
        ("end_level_m", Word::Real(to, 3)),
    ];
    if run.flow != 0 {
        words.push(("flow", if run.flow > 0 { "+" } else { "-" }.into()));
    }
    words.extend(pressure.map(|p| ("pressure", p.into())));
    words.extend(d.names.owner.get(net.kind).map(|o| ("owner", o.as_str().into())));
    words.extend([
        ("built_on", format!("{year}-{:02}-01", r.whole(3, 11)).into()),
        ("state", if net.kind == "TX" && r.chance(0.02) { "empty" } else { "in_use" }.into()),
        ("quality", if measured { "measured" } else { "inferred" }.into()),
        ("from_node", numbers[run.from].as_str().into()),
        ("to_node", numbers[run.to].as_str().into()),
    ]);
    out.put("pipe", Form::Line(&run.path), &words)
}

/// To the millimetre, as levels are written.
pub fn millis(v: f64) -> f64 {
    (v * 1000.0).round() / 1000.0
}
