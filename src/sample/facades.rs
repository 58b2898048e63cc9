//! Facade blocks along the fronts, in all states of progress.

use serde_json::json;

use super::SampleError;
use super::curve::Place;
use super::district::District;
use super::out::{Form, Out, Word};
use super::plan::{Class, Use};
use super::truth::Truth;

const CHECKS: [&str; 8] =
    ["window_guard", "awning", "ac_unit", "roller_shutter", "ruined_wall", "broken_house", "graffiti", "illegal_sign"];

/// Writes a block for every front; one is past its planned end and still under works.
pub fn lay(d: &District, out: &mut Out, truth: &mut Truth) -> Result<(), SampleError> {
    let mut r = d.random("facades");
    let mut late = false;
    for (k, f) in d.fronts.iter().enumerate() {
        let half = d.side_half(f.block, f.side);
        let steps = ((f.to - f.from) / 30.0).ceil().max(1.0) as usize;
        let along = |s: usize| f.from + (f.to - f.from) * s as f64 / steps as f64;
        let row = |inward: f64| -> Vec<Place> {
            (0..=steps).map(|s| d.side_place(f.block, f.side, along(s), inward)).collect()
        };
        let mut ring = row(half + 1.5);
        ring.extend(row(half + 18.0).into_iter().rev());
        let middle = d.side_place(f.block, f.side, (f.from + f.to) / 2.0, 1.0);
        let street = d.net.nearest(middle, |s| s.class != Class::Branch).map_or("", |n| &d.net.streets[n.0].name);
        let kind = match d.blocks[f.block].use_ {
            Use::Core => "core",
            Use::Market => "new",
            _ => "old_estate",
        };
        let (state, start, end, done) = match k % 8 {
            0 | 3 => ("accepted", "2025-03-01", "2025-10-31", Some("2025-10-20")),
            1 => ("done", "2026-03-15", "2026-10-31", Some("2026-10-28")),
            2 if !late => ("works", "2025-12-01", "2026-06-30", None),
            2 | 5 => ("works", "2026-08-01", "2027-04-30", None),
            6 => ("done", "2026-02-20", "2026-09-30", Some("2026-09-18")),
            4 => ("design", "2027-03-01", "2027-09-30", None),
            _ => ("planned", "2027-04-01", "2027-11-30", None),
        };
        let length = f.to - f.from;
        let mut words: Vec<(&str, Word)> = vec![
            ("name", format!("{street}{}号街区", k + 1).into()),
            ("area_kind", kind.into()),
            ("state", state.into()),
            ("households", Word::Int((length / 9.0) as i64)),
            ("facade_m2", Word::Real((length * r.between(8.5, 12.0)).round(), 0)),
            ("planned_start", start.into()),
            ("planned_end", end.into()),
        ];
        words.extend(done.map(|e| ("actual_end", e.into())));
        if matches!(state, "works" | "done" | "accepted") {
            words.push(("unit", r.pick(&d.names.unit.builders).as_str().into()));
        }
        if !matches!(state, "done" | "accepted") {
            let open: Vec<String> = CHECKS.iter().filter(|_| r.chance(0.4)).map(|c| (*c).into()).collect();
            words.push(("checks", Word::List(open)));
        }
        let id = out.put("facade_block", Form::Area(&ring), &words)?;
        if state == "works" && end < super::truth::AS_OF {
            late = true;
            truth.fault("overdue_facade", json!({"facade_block": id, "state": state, "planned_end": end}));
        }
    }
    Ok(())
}
