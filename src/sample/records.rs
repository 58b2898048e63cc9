//! What is done and said in the town: works, incidents, places looked after, targets, instructions.

use serde_json::json;

use super::SampleError;
use super::district::District;
use super::greens::inside;
use super::out::{Form, Out, Word};
use super::plan::Class;
use super::truth::{AS_OF, Truth};
use super::zones::Zone;

/// A work to be written: name, kind, state, start, planned end, actual end.
type Work<'a> = (&'a str, &'a str, &'a str, &'a str, &'a str, &'a str);

/// Writes works, each pair on a street of its own; two pairs are in the wrong order.
pub fn works(d: &District, out: &mut Out, truth: &mut Truth) -> Result<(), SampleError> {
    let mut r = d.random("works");
    let streets: Vec<usize> = (0..d.net.streets.len()).filter(|s| d.net.streets[*s].class != Class::Branch).collect();
    let mut put = |out: &mut Out, street: usize, area: bool, w: Work| -> Result<String, SampleError> {
        let s = &d.net.streets[street];
        let (a, b) = (s.line.length() * 0.3, s.line.length() * 0.7);
        let (name, kind, state, start, end, actual) = w;
        let mut words: Vec<(&str, Word)> = vec![
            ("name", format!("{}{name}", s.name).into()),
            ("kind", kind.into()),
            ("state", state.into()),
            ("start_on", start.into()),
            ("end_on", end.into()),
        ];
        if !actual.is_empty() {
            words.push(("actual_end", actual.into()));
        }
        words.push(("unit", r.pick(&d.names.unit.builders).as_str().into()));
        words.push(("budget", Word::Real(r.between(60.0, 900.0), 1)));
        if area {
            let half = s.half() - 1.0;
            out.put("work", Form::Area(&s.line.band(a, b, -half, half)), &words)
        } else {
            out.put("work", Form::Line(&s.line.offset(a, b, -3.0)), &words)
        }
    };
    let [s0, s1, s2, s3, s4, s5, s6] = [2, 4, 5, 7, 10, 13, 14].map(|k| streets[k % streets.len()]);
    let deep = put(out, s0, false, ("雨污分流", "underground", "running", "2026-09-01", "2027-03-31", ""))?;
    let top = put(out, s0, true, ("路面改造", "road", "planned", "2026-12-20", "2027-05-31", ""))?;
    truth.fault(
        "surface_before_underground",
        json!({"surface": top, "underground": deep, "surface_start": "2026-12-20", "underground_end": "2027-03-31"}),
    );
    let top = put(out, s1, true, ("路面大修", "road", "done", "2025-04-01", "2025-09-30", "2025-09-22"))?;
    let deep = put(out, s1, false, ("燃气管道更新", "underground", "planned", "2027-04-01", "2027-07-31", ""))?;
    truth.fault(
        "dig_after_surface",
        json!({"surface": top, "underground": deep, "surface_end": "2025-09-22", "underground_start": "2027-04-01"}),
    );
    put(out, s2, false, ("供水管网改造", "underground", "done", "2025-03-01", "2025-08-31", "2025-08-26"))?;
    put(out, s2, true, ("路面恢复", "road", "done", "2025-10-08", "2026-03-31", "2026-03-20"))?;
    put(out, s3, false, ("弱电入地", "underground", "running", "2026-08-15", "2027-01-31", ""))?;
    put(out, s4, true, ("绿化提升", "greening", "running", "2026-10-10", "2027-03-20", ""))?;
    put(out, s5, true, ("立面改造", "facade", "running", "2026-07-01", "2027-02-28", ""))?;
    put(out, s6, true, ("人行道翻修", "road", "planned", "2027-03-01", "2027-06-30", ""))?;
    put(out, s6, false, ("污水支管", "underground", "running", "2026-10-01", "2027-01-20", ""))?;
    Ok(())
}

/// Kinds with their code of the standard; empty where it has none.
const KINDS: [(&str, &str); 15] = [
    ("vendor", "05-01"),
    ("shop_outside", "05-04"),
    ("car_parking", "05-05"),
    ("bike_parking", "05-06"),
    ("scrap_car", "01-07"),
    ("small_ad", "02-01"),
    ("illegal_billboard", "02-02"),
    ("road_ad", "02-03"),
    ("broken_sign", "02-05"),
    ("illegal_building", "01-01"),
    ("litter", "01-02"),
    ("dirty_road", "01-04"),
    ("dirty_green", "01-06"),
    ("dirty_facade", "01-13"),
    ("misconduct", ""),
];

/// Writes incidents along the streets; a few are overdue.
pub fn incidents(d: &District, out: &mut Out, zones: &[Zone], truth: &mut Truth) -> Result<(), SampleError> {
    let mut r = d.random("incidents");
    let late = [3usize, 17, 31, 44];
    for k in 0..64usize {
        let at = r.whole(0, d.net.streets.len() as i64 - 1) as usize;
        let s = &d.net.streets[at];
        let m = s.line.length() * r.between(0.1, 0.9);
        let place = s.line.beside(m, s.half() * 0.8 * if r.chance(0.5) { 1.0 } else { -1.0 });
        let (kind, code) = *r.pick(&KINDS);
        let overdue = late.contains(&k);
        let month = if overdue { r.whole(8, 9) } else { r.whole(4, 10) };
        let day = r.whole(1, 20);
        let (state, due) = if overdue {
            (if k % 2 == 0 { "assigned" } else { "mending" }, format!("2026-{month:02}-{:02}", day + 7))
        } else {
            match k % 8 {
                0 => ("assigned", "2027-06-30".into()),
                1 => ("mending", "2027-06-30".into()),
                2 => ("checked", "2027-06-30".into()),
                7 if k % 16 == 7 => ("rejected", String::new()),
                _ => ("closed", format!("2026-{month:02}-{:02}", day + 7)),
            }
        };
        let source = *r.pick(&["patrol", "patrol", "12345", "visitor", "higher"]);
        let mut words: Vec<(&str, Word)> = vec![
            ("kind", kind.into()),
            ("state", state.into()),
            ("found_at", format!("2026-{month:02}-{day:02}T{:02}:{:02}:00Z", r.whole(0, 9), r.whole(0, 59)).into()),
            ("source", source.into()),
            ("place", format!("{}{:.0} m 处", s.name, m).into()),
        ];
        if code.is_empty() {
            words.push(("standard", "local".into()));
        } else {
            words.extend([("code", code.into()), ("standard", "GB/T 30428.2-2013".into())]);
        }
        if !due.is_empty() {
            words.push(("due_on", due.as_str().into()));
        }
        if state == "closed" {
            words.push((
                "closed_at",
                format!("2026-{month:02}-{:02}T{:02}:30:00Z", day + r.whole(1, 6), r.whole(0, 9)).into(),
            ));
        }
        if let Some(z) = zones.iter().find(|z| z.level == "街长" && inside(&z.ring, place)) {
            words.push(("zone", z.id.as_str().into()));
        }
        let id = out.put("incident", Form::Point(place), &words)?;
        let open = matches!(state, "assigned" | "mending" | "checked");
        if open && !due.is_empty() && due.as_str() < AS_OF {
            truth.fault("overdue_incident", json!({"incident": id, "state": state, "due_on": due}));
        }
    }
    Ok(())
}

/// Writes the places that the clean-up looks after.
pub fn places(d: &District, out: &mut Out) -> Result<(), SampleError> {
    let mut r = d.random("places");
    let mut put = |out: &mut Out, form: Form, kind: &str, name: &str| -> Result<(), SampleError> {
        let signed = *r.pick(&["signed", "signed", "signed", "unsigned", "expired"]);
        out.put(
            "managed_place",
            form,
            &[
                ("kind", kind.into()),
                ("name", name.into()),
                ("unit", r.pick(&d.names.unit.duty).as_str().into()),
                ("agreement", signed.into()),
                ("inspected_on", format!("2026-{:02}-{:02}", r.whole(9, 10), r.whole(1, 28)).into()),
                ("score", Word::Real(r.between(68.0, 99.0), 0)),
            ],
        )?;
        Ok(())
    };
    for c in &d.compounds {
        if matches!(c.kind, "estate" | "school" | "market" | "office" | "hospital" | "village") {
            put(out, Form::Area(&c.ring), c.kind, &c.name)?;
        }
    }
    for (k, h) in d.houses.iter().filter(|h| h.kind == "commercial").step_by(9).take(24).enumerate() {
        put(out, Form::Point(h.middle), "shop", &format!("示例商铺{}号", k + 1))?;
    }
    for (k, h) in d.houses.iter().filter(|h| h.kind == "residential" && h.floors < 3).step_by(61).take(16).enumerate() {
        put(out, Form::Point(h.middle), "courtyard", &format!("示例庭院{}号", k + 1))?;
    }
    for (k, p) in d.plots_left.iter().take(2).enumerate() {
        put(out, Form::Point(*p), "building_site", &format!("示例工地{}号", k + 1))?;
    }
    Ok(())
}

/// Targets of the year and a few instructions; of the town, not of a district.
pub fn sayings(d: &District, out: &mut Out) -> Result<(), SampleError> {
    let u = &d.names.unit;
    for (measure, unit, number, lead) in [
        ("facilities_built", "项", 8.0, &u.office),
        ("facade_m2", "m²", 30_000.0, &u.build),
        ("plants_replanted", "株", 260.0, &u.green),
        ("pipe_m_renewed", "m", 4_200.0, &u.build),
        ("incidents_closed", "%", 95.0, &u.order),
        ("green_m2", "m²", 12_000.0, &u.green),
    ] {
        out.put(
            "target",
            Form::None,
            &[
                ("year", Word::Int(2026)),
                ("measure", measure.into()),
                ("unit", unit.into()),
                ("number", Word::Real(number, 0)),
                ("lead_unit", lead.as_str().into()),
            ],
        )?;
    }
    let said = [
        (
            "先完成地下管线，再铺路面，两项工程的工期要对上。",
            "instruction",
            &u.build,
            "2026-10-20",
            "2026-12-10",
            "",
            false,
            "work",
            "e1",
            "",
        ),
        (
            "养老服务设施尽快选址，方案本月上会。",
            "instruction",
            &u.civil,
            "2026-10-26",
            "2026-11-30",
            "",
            false,
            "",
            "",
            "ten_facilities",
        ),
        (
            "春季补植前核对管线安全距离。",
            "instruction",
            &u.green,
            "2026-09-15",
            "2027-02-28",
            "已列入补植清单。",
            false,
            "green_belt",
            "g1",
            "",
        ),
        (
            "超期未完工的街区请说明原因。",
            "instruction",
            &u.build,
            "2026-08-05",
            "2026-08-20",
            "材料供应延误，已调整工期。",
            true,
            "facade_block",
            "f3",
            "",
        ),
        (
            "文化广场夜间照明不足，居民建议增设路灯。",
            "remark",
            &u.office,
            "2026-07-11",
            "2026-09-01",
            "已增设。",
            true,
            "facility",
            "x3",
            "",
        ),
    ];
    for (text, kind, unit, given, due, reply, closed, layer, feature, figure) in said {
        let mut words: Vec<(&str, Word)> = vec![
            ("text", text.into()),
            ("kind", kind.into()),
            ("unit", unit.as_str().into()),
            ("given_on", given.into()),
            ("due", due.into()),
            ("closed", Word::Bool(closed)),
        ];
        for (name, value) in [("reply", reply), ("layer", layer), ("feature", feature), ("figure", figure)] {
            if !value.is_empty() {
                words.push((name, value.into()));
            }
        }
        out.put("instruction", Form::None, &words)?;
    }
    Ok(())
}
