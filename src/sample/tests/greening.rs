//! Gaps found by looking at every plant and piece, against those the truth tells.

use std::collections::BTreeSet;

use super::{Json, faults, layer, made, metres, number, text};

/// Measure along a line and signed offset (left positive) of a place, by looking at every segment.
fn project(line: &[[f64; 2]], p: [f64; 2]) -> (f64, f64) {
    let (mut best, mut along) = ((0.0, f64::INFINITY), 0.0);
    for w in line.windows(2) {
        let (dx, dy) = (w[1][0] - w[0][0], w[1][1] - w[0][1]);
        let l = dx.hypot(dy);
        let t = (((p[0] - w[0][0]) * dx + (p[1] - w[0][1]) * dy) / (l * l)).clamp(0.0, 1.0);
        let (fx, fy) = (w[0][0] + t * dx - p[0], w[0][1] + t * dy - p[1]);
        let side = (dx * (p[1] - w[0][1]) - dy * (p[0] - w[0][0])).signum();
        if fx.hypot(fy) < f64::abs(best.1) {
            best = (along + t * l, side * fx.hypot(fy));
        }
        along += l;
    }
    best
}

/// A belt with its axis in metres, and the stretches between its breaks.
type Axis = (&'static Json, Vec<[f64; 2]>, Vec<(f64, f64)>);

fn belts() -> Vec<Axis> {
    let breaks: Vec<(Vec<[f64; 2]>, f64)> =
        layer("belt_break").iter().map(|b| (metres(b), b["properties"]["reach_m"].as_f64().unwrap_or(0.0))).collect();
    let belts = layer("green_belt").iter().map(|b| {
        let axis = metres(b);
        let length: f64 = axis.windows(2).map(|w| (w[1][0] - w[0][0]).hypot(w[1][1] - w[0][1])).sum();
        let mut cuts: Vec<(f64, f64)> = Vec::new();
        for (places, reach) in &breaks {
            let feet: Vec<(f64, f64)> = places.iter().map(|p| project(&axis, *p)).collect();
            // a break lies on the axis it breaks
            if feet.iter().all(|f| f.1.abs() > if places.len() == 1 { 0.3 } else { 1.6 }) {
                continue;
            }
            let low = feet.iter().map(|f| f.0).fold(f64::INFINITY, f64::min);
            let high = feet.iter().map(|f| f.0).fold(f64::NEG_INFINITY, f64::max);
            cuts.push((low - reach, high + reach));
        }
        cuts.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (mut free, mut at) = (Vec::new(), 0.0f64);
        for (a, z) in cuts {
            if a > at {
                free.push((at, a));
            }
            at = at.max(z);
        }
        if length > at {
            free.push((at, length));
        }
        (b, axis, free)
    });
    belts.collect()
}

#[test]
fn plants_are_missing_where_the_truth_says_and_nowhere_else() {
    let plants: Vec<[f64; 2]> =
        layer("plant").iter().filter(|p| text(p, "state") == "alive").map(|p| metres(p)[0]).collect();
    let mut found: Vec<(String, i64, f64, f64, i64)> = Vec::new();
    let mut bare: BTreeSet<(String, i64)> = BTreeSet::new();
    for (belt, axis, free) in belts().into_iter().filter(|b| text(b.0, "model") == "row") {
        let id = belt["id"].as_str().unwrap().to_string();
        let (spacing, rows) = (number(belt, "spacing_m"), number(belt, "rows") as i64);
        let near: Vec<(f64, f64)> = plants.iter().map(|p| project(&axis, *p)).filter(|f| f.1.abs() < 2.0).collect();
        for row in 1..=rows {
            let mine = |off: f64| rows == 1 || (off > 0.0) == (row == 1);
            let mut at: Vec<f64> = near.iter().filter(|f| mine(f.1)).map(|f| f.0).collect();
            at.sort_by(f64::total_cmp);
            if at.is_empty() {
                bare.insert((id.clone(), row));
                continue;
            }
            for (a, z) in &free {
                let inside: Vec<f64> = at.iter().copied().filter(|m| m > a && m < z).collect();
                let ends = [(Some(*a), inside.first().copied()), (inside.last().copied(), Some(*z))];
                for (x, y) in ends {
                    let (Some(x), Some(y)) = (x, y) else { continue };
                    assert!(y - x < 1.5 * spacing, "{id}: {x}–{y} is bare at an end");
                }
                assert!(!inside.is_empty() || z - a < 1.5 * spacing, "{id}: nothing stands in {a}–{z}");
                for w in inside.windows(2) {
                    assert!(w[1] - w[0] > 0.3 * spacing, "{id}: doubled at {}", w[0]);
                    if w[1] - w[0] >= 1.5 * spacing {
                        found.push((id.clone(), row, w[0], w[1], ((w[1] - w[0]) / spacing).round() as i64 - 1));
                    }
                }
            }
        }
    }
    let told: Vec<(String, i64, f64, f64, i64)> = faults("missing_plants")
        .iter()
        .map(|f| {
            let n = |k: &str| f[k].as_f64().unwrap();
            let belt = f["belt"].as_str().unwrap().to_string();
            (belt, n("row") as i64, n("from_m"), n("to_m"), n("plants") as i64)
        })
        .collect();
    assert_eq!(found.len(), told.len());
    for f in &found {
        let same = |t: &&(String, i64, f64, f64, i64)| {
            t.0 == f.0 && t.1 == f.1 && (t.2 - f.2).abs() < 0.05 && (t.3 - f.3).abs() < 0.05 && t.4 == f.4
        };
        assert_eq!(told.iter().filter(same).count(), 1, "{f:?}");
    }
    let told: BTreeSet<(String, i64)> = faults("missing_row")
        .iter()
        .map(|f| (f["belt"].as_str().unwrap().to_string(), f["row"].as_i64().unwrap()))
        .collect();
    assert_eq!(bare, told);
    let total: i64 = found.iter().map(|f| f.4).sum();
    assert_eq!(total as f64, made().truth["figures"]["missing_plants"].as_f64().unwrap());
}

#[test]
fn cover_is_bare_where_the_truth_says_and_nowhere_else() {
    let pieces: Vec<Vec<[f64; 2]>> = layer("planted_piece").iter().map(metres).collect();
    let mut found: Vec<(String, f64, f64)> = Vec::new();
    for (belt, axis, free) in belts().into_iter().filter(|b| text(b.0, "model") == "cover") {
        let mut covered: Vec<(f64, f64)> = Vec::new();
        for ring in &pieces {
            let feet: Vec<(f64, f64)> = ring.iter().map(|p| project(&axis, *p)).collect();
            if feet.iter().all(|f| f.1.abs() < 0.7) {
                let ends = feet.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |e, f| (e.0.min(f.0), e.1.max(f.0)));
                covered.push(ends);
            }
        }
        covered.sort_by(|a, b| a.0.total_cmp(&b.0));
        for (a, z) in free {
            let mut at = a;
            for (x, y) in covered.iter().copied().chain([(z, z)]) {
                if x.min(z) - at >= number(belt, "min_gap_m") {
                    found.push((belt["id"].as_str().unwrap().into(), at, x.min(z)));
                }
                at = at.max(y.min(z));
            }
        }
    }
    let told = faults("uncovered");
    assert_eq!(found.len(), told.len(), "{found:?}");
    for (belt, from, to) in &found {
        let same = |t: &&Json| {
            t["belt"] == belt.as_str()
                && (t["from_m"].as_f64().unwrap() - from).abs() < 0.08
                && (t["to_m"].as_f64().unwrap() - to).abs() < 0.08
        };
        assert_eq!(told.iter().filter(same).count(), 1, "{belt} {from}–{to}");
    }
}
