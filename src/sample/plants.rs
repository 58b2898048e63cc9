//! Plants and pieces along the belts, and the gaps planted among them.

use serde_json::json;

use super::SampleError;
use super::belts::Belt;
use super::curve::Place;
use super::district::District;
use super::out::{Form, Out, Word};
use super::random::Random;
use super::truth::Truth;

/// A gap as planted: which belt, from the standing plant before to the one after, and how many are missing.
#[derive(Debug, Clone)]
pub struct Gap {
    pub belt: usize,
    pub from: f64,
    pub to: f64,
    pub plants: usize,
}

/// Plants all belts of a district and tells the gaps.
pub fn plant(d: &District, out: &mut Out, belts: &[Belt], truth: &mut Truth) -> Result<Vec<Gap>, SampleError> {
    let mut r = d.random("plants");
    let mut gaps = Vec::new();
    // one belt without any plant, one of two rows that has but one
    let long = |b: &&Belt| b.axis.length() > 90.0;
    let bare = belts.iter().filter(|b| b.row && b.rows == 1).filter(long).nth(17).map(|b| b.id.clone());
    let single = belts.iter().filter(|b| b.rows == 2).filter(long).nth(2).map(|b| b.id.clone());
    for (at, belt) in belts.iter().enumerate() {
        if !belt.row {
            pieces(d, out, belt, &mut r, truth)?;
            continue;
        }
        for row in 0..belt.rows {
            let off = if belt.rows == 1 { 0.0 } else { 1.5 - 3.0 * row as f64 };
            let whole = bare.as_ref() == Some(&belt.id) || (row == 1 && single.as_ref() == Some(&belt.id));
            if whole {
                let eligible: f64 = belt.free.iter().map(|f| f.1 - f.0).sum();
                let count: usize = belt.free.iter().map(|f| stand(*f, belt.spacing).len()).sum();
                truth.fault(
                    "missing_row",
                    json!({
                        "belt": belt.id, "street": d.net.streets[belt.street].name, "row": row + 1, "rows": belt.rows,
                        "offset_m": off, "eligible_m": cents(eligible), "plants_at_spacing": count,
                    }),
                );
                continue;
            }
            row_of(d, out, (at, belt), off, &mut r, &mut gaps, truth)?;
        }
    }
    Ok(gaps)
}

/// Measures of plants in a free stretch: at even steps, the rest shared between its two ends.
fn stand((from, to): (f64, f64), spacing: f64) -> Vec<f64> {
    let usable = to - from - 0.6;
    if usable < 0.0 {
        return Vec::new();
    }
    let n = (usable / spacing).floor();
    let margin = (to - from - n * spacing) / 2.0;
    (0..=n as usize).map(|k| from + margin + k as f64 * spacing).collect()
}

fn row_of(
    d: &District,
    out: &mut Out,
    (at, belt): (usize, &Belt),
    off: f64,
    r: &mut Random,
    gaps: &mut Vec<Gap>,
    truth: &mut Truth,
) -> Result<(), SampleError> {
    let age = r.whole(4, 22);
    let mut left = if r.chance(0.42) { r.whole(1, 2) } else { 0 };
    for stretch in &belt.free {
        let places = stand(*stretch, belt.spacing);
        let n = places.len();
        let mut measures: Vec<f64> = places.iter().map(|m| m + r.around(0.0, 0.12)).collect();
        for m in &mut measures {
            *m = cents(*m);
        }
        // which stand, which are dead or pits, which are not there at all
        let mut state: Vec<Option<&'static str>> = vec![Some("alive"); n];
        if left > 0 && n >= 9 && r.chance(0.7) {
            left -= 1;
            let count = (*r.pick(&[1usize, 1, 2, 2, 3, 4, 6])).min(n - 5);
            let first = r.whole(2, (n - 2 - count) as i64 - 1) as usize;
            let cause = *r.pick(&["absent", "absent", "absent", "dead", "empty_pit"]);
            for s in &mut state[first..first + count] {
                *s = if cause == "absent" { None } else { Some(cause) };
            }
            let gap = Gap { belt: at, from: measures[first - 1], to: measures[first + count], plants: count };
            truth.fault(
                "missing_plants",
                json!({
                    "belt": belt.id, "street": d.net.streets[belt.street].name,
                    "side": if belt.side > 0.0 { "left" } else { "right" },
                    "row": if off < 0.0 { 2 } else { 1 }, "from_m": gap.from, "to_m": gap.to,
                    "plants": count, "cause": cause,
                }),
            );
            truth.count("missing_plants", count as f64);
            gaps.push(gap);
        }
        for (m, state) in measures.iter().zip(state) {
            let Some(state) = state else { continue };
            let p = belt.axis.beside(*m, off + r.around(0.0, 0.08));
            let mut words = vec![("species", belt.species.into()), ("state", state.into())];
            if state != "empty_pit" {
                let trunk = (6.0 + age as f64 * 1.1 + r.around(0.0, 2.5)).round();
                let year = 2026 - age - r.whole(0, 1);
                words.push(("planted_on", format!("{year}-{:02}-{:02}", r.whole(2, 4), r.whole(1, 28)).into()));
                words.push(("trunk_cm", Word::Real(trunk, 0)));
                words.push(("crown_m", Word::Real(1.0 + trunk * 0.17, 1)));
            }
            out.put("plant", Form::Point(p), &words)?;
        }
    }
    Ok(())
}

/// Pieces of hedge or ground cover along an axis, touching end to end, and stretches left bare.
fn pieces(d: &District, out: &mut Out, belt: &Belt, r: &mut Random, truth: &mut Truth) -> Result<(), SampleError> {
    let hedge = belt.spacing < 1.5;
    let mut left = if r.chance(0.4) { 1 } else { 0 };
    for (from, to) in belt.free.iter().copied() {
        if to - from < 1.0 {
            continue;
        }
        let mut at = cents(from + 0.005);
        let end = cents(to - 0.005);
        while at < end - 0.2 {
            let mut next = cents(at + r.between(24.0, 46.0));
            if end - next < 8.0 {
                next = end;
            }
            let ring: Vec<Place> = belt.axis.band(at, next, -0.6, 0.6);
            let kind = if hedge { "hedge" } else { "ground_cover" };
            out.put("planted_piece", Form::Area(&ring), &[("kind", kind.into()), ("species", belt.species.into())])?;
            at = next;
            if left > 0 && end - at > 40.0 && r.chance(0.4) {
                left -= 1;
                let bare = cents(r.between(3.0, 14.0));
                let to = cents(at + bare);
                truth.fault(
                    "uncovered",
                    json!({
                        "belt": belt.id, "street": d.net.streets[belt.street].name,
                        "side": if belt.side > 0.0 { "left" } else { "right" },
                        "from_m": at, "to_m": to, "length_m": bare, "min_gap_m": belt.spacing,
                    }),
                );
                truth.count("uncovered_m", bare);
                at = to;
            }
        }
    }
    Ok(())
}

/// To the centimetre.
fn cents(v: f64) -> f64 {
    (v * 100.0).round() / 100.0
}

/// Tasks for some of the gaps, and tasks already done where plants stand again.
pub fn tasks(d: &District, out: &mut Out, belts: &[Belt], gaps: &[Gap]) -> Result<(), SampleError> {
    let mut r = d.random("tasks");
    let keepers = &d.names.unit.keepers;
    for (k, gap) in gaps.iter().enumerate().filter(|g| g.0 % 3 == 0) {
        let state = if k % 2 == 0 { "assigned" } else { "open" };
        task(d, out, &belts[gap.belt], (gap.from, gap.to), gap.plants, state, keepers, &mut r)?;
    }
    for (k, belt) in belts.iter().filter(|b| b.row && b.rows == 1).step_by(19).enumerate() {
        let Some(f) = belt.free.iter().find(|f| f.1 - f.0 > 30.0) else { continue };
        let state = if k % 2 == 0 { "verified" } else { "planted" };
        task(d, out, belt, (cents(f.0 + 8.0), cents(f.0 + 8.0 + 2.0 * belt.spacing)), 1, state, keepers, &mut r)?;
    }
    Ok(())
}

#[allow(clippy::too_many_arguments)]
fn task(
    d: &District,
    out: &mut Out,
    belt: &Belt,
    (from, to): (f64, f64),
    plants: usize,
    state: &'static str,
    keepers: &[String],
    r: &mut Random,
) -> Result<(), SampleError> {
    let street = &d.net.streets[belt.street];
    let observed = r.chance(0.4);
    let mut words: Vec<(&str, Word)> = vec![
        ("belt", belt.id.as_str().into()),
        ("street", street.name.as_str().into()),
        ("side", if belt.side > 0.0 { "left" } else { "right" }.into()),
        ("source", if observed { "observed" } else { "computed" }.into()),
        ("plants", Word::Int(plants as i64)),
        ("state", state.into()),
        ("found_on", format!("2026-{:02}-{:02}", r.whole(8, 9), r.whole(1, 28)).into()),
    ];
    if observed {
        words.push(("accuracy_m", Word::Real(r.between(3.0, 9.0), 1)));
        words.push(("landmark", format!("路灯{}号杆向东{} m", r.whole(3, 40), r.whole(2, 9)).into()));
    }
    if state != "open" {
        words.push(("assignee", r.pick(keepers).as_str().into()));
        words.push(("due_on", "2027-03-31".into()));
    }
    if matches!(state, "planted" | "verified") {
        words.push(("planted_on", format!("2026-10-{:02}", r.whole(8, 28)).into()));
    }
    if state == "verified" {
        words.push(("verified_on", format!("2026-11-{:02}", r.whole(2, 12)).into()));
    }
    out.put("gap_task", Form::Line(&belt.axis.offset(from, to, 0.0)), &words)?;
    Ok(())
}
