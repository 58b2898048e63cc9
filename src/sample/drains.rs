//! Drains: which way water runs, how thick a drain must be for it, and how deep it lies.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::curve::{Place, mix};
use super::district::District;
use super::mains::Net;

/// Ends rain drains at the river: the run over each bridge becomes an outfall on either bank.
pub fn outfalls(d: &District, net: &mut Net) -> Vec<usize> {
    let wet = |p: Place| {
        let [u, v] = d.lattice.plan_of(p);
        v.abs() < d.lattice.ground.river_half(u) + 1.5
    };
    // what stands in or over the river goes
    let dry: Vec<bool> = net.nodes.iter().map(|n| !wet(n.place)).collect();
    let mut banks: Vec<(usize, Place)> = Vec::new();
    for r in &net.runs {
        for (stand, other) in [(r.from, r.to), (r.to, r.from)] {
            let (a, b) = (net.nodes[stand].place, net.nodes[other].place);
            let crosses = (1..20).map(|k| mix(a, b, f64::from(k) / 20.0)).find(|p| wet(*p));
            if dry[stand]
                && let Some(edge) = crosses.or((!dry[other]).then_some(b))
            {
                banks.push((stand, mix(edge, a, 0.12)));
            }
        }
    }
    let over: Vec<bool> = net
        .runs
        .iter()
        .map(|r| (0..=20).any(|k| wet(mix(net.nodes[r.from].place, net.nodes[r.to].place, f64::from(k) / 20.0))))
        .collect();
    let mut at = 0;
    net.runs.retain(|_| {
        at += 1;
        !over[at - 1]
    });
    let mut out = Vec::new();
    for (node, place) in banks {
        out.push(net.hang(node, place, "outfall", "outfall", 0.0));
    }
    let kept: Vec<bool> = (0..net.nodes.len()).map(|n| dry.get(n).copied().unwrap_or(true)).collect();
    // numbers move when nodes go: outfalls are found again by their role
    net.keep(|n| kept[n]);
    out.clear();
    out.extend((0..net.nodes.len()).filter(|n| net.nodes[*n].role == "outfall"));
    out
}

/// Turns a net into trees that run down to the roots: ways, diameters and levels. Runs that would close a
/// ring are left out, as drains of two sides of a divide do not meet.
pub fn run_down(d: &District, net: &mut Net, roots: &[usize]) {
    net.keep_joined(roots);
    let roots: Vec<usize> = (0..net.nodes.len()).filter(|n| net.nodes[*n].role == "outfall").collect();
    let joined = net.joined();
    let mut far = vec![f64::INFINITY; net.nodes.len()];
    let mut way: Vec<Option<usize>> = vec![None; net.nodes.len()];
    let mut order = Vec::new();
    let mut heap = BinaryHeap::new();
    for r in &roots {
        far[*r] = 0.0;
        heap.push((Reverse(0i64), *r));
    }
    // lengths in whole millimetres, since a heap wants an order
    let mut done = vec![false; net.nodes.len()];
    while let Some((_, n)) = heap.pop() {
        if std::mem::replace(&mut done[n], true) {
            continue;
        }
        order.push(n);
        for run in &joined[n] {
            let r = &net.runs[*run];
            let other = if r.from == n { r.to } else { r.from };
            let l = far[n] + r.length();
            if l < far[other] {
                far[other] = l;
                way[other] = Some(*run);
                heap.push((Reverse((l * 1000.0) as i64), other));
            }
        }
    }
    let mut carries = vec![0.0; net.runs.len()];
    for n in order.iter().rev() {
        let Some(run) = way[*n] else { continue };
        let above: f64 =
            joined[*n].iter().filter(|r| **r != run && upper(net, **r, *n, &way)).map(|r| carries[*r]).sum();
        carries[run] = above + net.runs[run].length();
    }
    let mut rise = vec![0.0; net.nodes.len()];
    for n in &order {
        let Some(run) = way[*n] else { continue };
        let (bore, slope) = bore(net.kind, carries[run]);
        let r = &mut net.runs[run];
        let down = if r.from == *n { r.to } else { r.from };
        r.diameter = bore;
        r.flow = if r.from == *n { 1 } else { -1 };
        rise[*n] = rise[down] + slope * r.length();
    }
    // each tree as high as its shallowest place allows
    let mut root_of: Vec<usize> = (0..net.nodes.len()).collect();
    for n in &order {
        if let Some(run) = way[*n] {
            let r = &net.runs[run];
            root_of[*n] = root_of[if r.from == *n { r.to } else { r.from }];
        }
    }
    // a drain's crown lies at least so deep; sewers start below cellars
    let cover = if net.kind == "WS" { 1.4 } else { 0.85 };
    let mut base = vec![f64::INFINITY; net.nodes.len()];
    for n in &order {
        let Some(run) = way[*n] else { continue };
        let ground = d.lattice.ground.height(d.lattice.plan_of(net.nodes[*n].place));
        let least = ground - cover - net.runs[run].diameter / 1000.0;
        base[root_of[*n]] = base[root_of[*n]].min(least - rise[*n]);
    }
    for n in 0..net.nodes.len() {
        net.nodes[n].level = base[root_of[n]] + rise[n];
    }
    net.runs.retain(|r| r.diameter > 0.0);
}

/// True when a run brings water to a node from above.
fn upper(net: &Net, run: usize, node: usize, way: &[Option<usize>]) -> bool {
    let r = &net.runs[run];
    let other = if r.from == node { r.to } else { r.from };
    way[other] == Some(run)
}

/// Diameter in millimetres and slope for the length of drains above.
fn bore(kind: &str, carries: f64) -> (f64, f64) {
    let steps: &[(f64, f64, f64)] = if kind == "WS" {
        &[(500.0, 300.0, 0.003), (1500.0, 400.0, 0.002), (4000.0, 500.0, 0.0016), (9000.0, 600.0, 0.0013)]
    } else {
        &[(220.0, 400.0, 0.002), (700.0, 600.0, 0.0014), (1600.0, 800.0, 0.001)]
    };
    let last = if kind == "WS" { (800.0, 0.0010) } else { (1000.0, 0.0009) };
    steps.iter().find(|s| carries < s.0).map_or(last, |s| (s.1, s.2))
}
