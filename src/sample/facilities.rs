//! The ten facilities: which stand, which are planned, and which the town has not got.

use super::SampleError;
use super::belts::Platform;
use super::curve::Place;
use super::district::{Compound, District};
use super::guard::Site;
use super::out::{Form, Out, Word};
use super::plan::Use;
use super::truth::Truth;

/// Keeps sites for public toilets free; must come before the houses.
pub fn reserve(d: &mut District, out: &mut Out) -> Result<(), SampleError> {
    let mut r = d.random("toilets");
    for block in 0..d.blocks.len() {
        let likely = match d.blocks[block].use_ {
            Use::Core | Use::Market | Use::Civic => 0.75,
            Use::Estate | Use::School => 0.3,
            _ => 0.0,
        };
        if !r.chance(likely) {
            continue;
        }
        let side = r.whole(0, 3) as usize;
        let Some(class) = d.side_street(block, side) else { continue };
        let along = d.side_length(block, side) * r.between(0.25, 0.75);
        let at = |along: f64| d.side_place(block, side, along, class.width() / 2.0 + 8.0);
        let east = super::curve::unit(super::curve::sub(at(along + 4.0), at(along)));
        let site = Site { middle: at(along), east, width: 10.0, depth: 7.0 };
        if d.guard.take(site, 0.5) {
            out.put(
                "building",
                Form::Area(&site.corners()),
                &[
                    ("floors", Word::Int(1)),
                    ("use", "public".into()),
                    ("name", format!("公共厕所{}", d.names.sample_mark).into()),
                ],
            )?;
            d.toilets.push(site.middle);
        }
    }
    Ok(())
}

/// One facility to be written.
struct Row<'a> {
    kind: &'a str,
    name: String,
    state: &'a str,
    unit: &'a str,
    /// Capacity, planned finish, progress in percent, investment planned and done in ten thousand yuan.
    figures: (Option<f64>, &'a str, Option<f64>, f64, f64),
}

fn put(out: &mut Out, truth: &mut Truth, form: Form, row: Row) -> Result<(), SampleError> {
    if matches!(row.state, "existing" | "built") {
        truth.stands(row.kind);
    }
    let (capacity, finish, progress, plan, done) = row.figures;
    let mut words: Vec<(&str, Word)> = vec![
        ("kind", row.kind.into()),
        ("name", row.name.into()),
        ("state", row.state.into()),
        ("lead_unit", row.unit.into()),
    ];
    words.extend(capacity.map(|c| ("capacity", Word::Real(c, 0))));
    if !finish.is_empty() {
        words.push(("planned_finish", finish.into()));
    }
    words.extend(progress.map(|p| ("progress_pct", Word::Real(p, 0))));
    if plan > 0.0 {
        words.extend([("invest_plan", Word::Real(plan, 1)), ("invest_done", Word::Real(done, 1))]);
    }
    out.put("facility", form, &words)?;
    Ok(())
}

/// Writes the facilities of a district. The seat has no elderly care at all, and its commercial centre and
/// model street are not finished.
pub fn lay(d: &District, out: &mut Out, platforms: &[Platform], truth: &mut Truth) -> Result<(), SampleError> {
    let mark = &d.names.sample_mark;
    let u = &d.names.unit;
    let compound = |kind: &str| d.compounds.iter().find(|c| c.kind == kind);
    let middle = |c: &Compound| -> Place {
        let n = c.ring.len() as f64;
        c.ring.iter().fold([0.0, 0.0], |m, p| [m[0] + p[0] / n, m[1] + p[1] / n])
    };
    if let Some(site) = d.plots_left.first() {
        let name = format!("综合商业中心{mark}");
        put(
            out,
            truth,
            Form::Point(*site),
            Row {
                kind: "1",
                name,
                state: "planned",
                unit: &u.trade,
                figures: (Some(6000.0), "2027-10-31", Some(0.0), 2600.0, 0.0),
            },
        )?;
    }
    if let Some(c) = compound("office") {
        let name = format!("便民服务中心{mark}");
        put(
            out,
            truth,
            Form::Point(middle(c)),
            Row { kind: "2", name, state: "existing", unit: &u.office, figures: (Some(1200.0), "", None, 0.0, 0.0) },
        )?;
    }
    if let Some(c) = compound("square") {
        let name = c.name.clone();
        put(
            out,
            truth,
            Form::Area(&c.ring),
            Row {
                kind: "3",
                name,
                state: "built",
                unit: &u.build,
                figures: (Some(3000.0), "2025-09-30", Some(100.0), 860.0, 842.5),
            },
        )?;
    }
    if d.number > 0
        && let Some(c) = compound("estate")
    {
        let name = format!("养老服务站{mark}");
        put(
            out,
            truth,
            Form::Point(middle(c)),
            Row { kind: "4", name, state: "existing", unit: &u.civil, figures: (Some(60.0), "", None, 0.0, 0.0) },
        )?;
    }
    let model = &d.net.streets[1];
    let length = model.line.length();
    put(
        out,
        truth,
        Form::Line(&model.line.offset(length * 0.36, length * 0.62, 0.0)),
        Row {
            kind: "5",
            name: format!("{}示范段", model.name),
            state: "building",
            unit: &u.build,
            figures: (None, "2027-06-30", Some(55.0), 1350.0, 720.0),
        },
    )?;
    if let Some(c) = compound("market") {
        let name = c.name.clone();
        put(
            out,
            truth,
            Form::Point(middle(c)),
            Row { kind: "6", name, state: "existing", unit: &u.trade, figures: (Some(180.0), "", None, 0.0, 0.0) },
        )?;
    }
    for (k, p) in platforms.iter().enumerate() {
        let s = &d.net.streets[p.street];
        let name = format!("{}公交站亭{}", s.name, k + 1);
        let state = if k % 7 == 3 { "planned" } else { "existing" };
        let finish = if state == "planned" { "2027-05-31" } else { "" };
        put(
            out,
            truth,
            Form::Point(s.line.beside(p.measure, p.side * 9.75)),
            Row { kind: "7", name, state, unit: &u.transport, figures: (None, finish, None, 0.0, 0.0) },
        )?;
    }
    for (k, p) in d.toilets.iter().enumerate() {
        let name = format!("公共厕所{}{mark}", super::names::numeral(k + 1));
        let (state, finish) = match k % 6 {
            2 => ("building", "2027-01-31"),
            4 => ("closed", ""),
            _ => ("existing", ""),
        };
        let progress = (state == "building").then_some(70.0);
        put(
            out,
            truth,
            Form::Point(*p),
            Row { kind: "8", name, state, unit: &u.build, figures: (Some(12.0), finish, progress, 0.0, 0.0) },
        )?;
    }
    if let Some(block) = d.blocks.iter().position(|b| b.use_ == Use::Treatment) {
        let [w, s, e, n] = d.inside(block, 10.0);
        let at = d.at(block, w + (e - w) * 0.35, s + (n - s) * 0.24);
        let name = format!("污水处理站{mark}");
        put(
            out,
            truth,
            Form::Point(at),
            Row { kind: "9", name, state: "existing", unit: &u.build, figures: (Some(5000.0), "", None, 0.0, 0.0) },
        )?;
    }
    for (k, (name, ring)) in d.pockets.iter().enumerate() {
        let (state, finish, progress) = match k % 5 {
            3 => ("building", "2027-04-30", Some(40.0)),
            4 => ("built", "2026-05-31", Some(100.0)),
            _ => ("existing", "", None),
        };
        let plan = if progress.is_some() { 38.0 } else { 0.0 };
        let done = progress.map_or(0.0, |p: f64| plan * p / 100.0);
        put(
            out,
            truth,
            Form::Area(ring),
            Row {
                kind: "10",
                name: name.clone(),
                state,
                unit: &u.green,
                figures: (None, finish, progress, plan, done),
            },
        )?;
    }
    Ok(())
}
