//! What stands along the streets: lamps, poles, house numbers, crossings, entrances, bins, platforms, signs.

use super::SampleError;
use super::belts::Platform;
use super::curve::{Place, add, left, scale, unit};
use super::district::District;
use super::out::{Form, Out};
use super::plan::Class;

fn item(out: &mut Out, kind: &'static str, p: Place, label: String) -> Result<(), SampleError> {
    let mut words = vec![("kind", kind.into())];
    if !label.is_empty() {
        words.push(("label", label.into()));
    }
    out.put("street_item", Form::Point(p), &words)?;
    Ok(())
}

/// Places the items of a district.
pub fn lay(d: &District, out: &mut Out, platforms: &[Platform]) -> Result<(), SampleError> {
    let mut r = d.random("items");
    let mut number = 0;
    for (at, s) in d.net.streets.iter().enumerate() {
        let clear = |m: f64| s.joints.iter().all(|j| (j.0 - m).abs() > d.net.trim(at, j.1) + 2.0);
        let branch = s.class == Class::Branch;
        let (step, off) = match s.class {
            Class::Main => (34.0, 8.9),
            Class::Secondary => (36.0, 6.4),
            Class::Branch => (46.0, s.half() - 0.6),
        };
        let (mut m, mut side) = (14.0 + r.between(0.0, 6.0), 1.0);
        let (mut k, mut poles) = (0, 0);
        while m < s.line.length() - 8.0 {
            if clear(m) {
                if branch {
                    poles += 1;
                    item(out, "pole", s.line.beside(m, off), format!("{}{poles}号杆", s.name))?;
                } else {
                    for side in if s.class == Class::Main { vec![1.0, -1.0] } else { vec![side] } {
                        number += 1;
                        item(
                            out,
                            "lamp",
                            s.line.beside(m, side * off),
                            format!("路灯{}号杆", d.number * 10_000 + number),
                        )?;
                    }
                }
            }
            k += 1;
            if !branch && k % 3 == 0 && clear(m + 6.0) {
                item(out, "bin", s.line.beside(m + 6.0, -side * (s.half() - 1.5)), String::new())?;
            }
            side = -side;
            m += step;
        }
    }
    for j in &d.net.junctions {
        let big: Vec<&(usize, f64)> = j.streets.iter().filter(|s| d.net.streets[s.0].class != Class::Branch).collect();
        if let [a, b, ..] = big[..] {
            let (sa, sb) = (&d.net.streets[a.0], &d.net.streets[b.0]);
            item(out, "crossing", j.place, format!("{}与{}路口", sa.name, sb.name))?;
            let (da, db) = (sa.line.direction(a.1), sb.line.direction(b.1));
            let corner = add(scale(unit(left(da)), sa.half() - 2.0), scale(unit(left(db)), sb.half() - 2.0));
            item(out, "sign", add(j.place, corner), format!("{}路名牌", sa.name))?;
        }
    }
    for e in &d.entrances {
        let s = &d.net.streets[e.street];
        item(out, "entrance", s.line.beside(e.measure, e.side * s.half()), format!("{}{}", s.name, e.label))?;
    }
    for p in platforms {
        let s = &d.net.streets[p.street];
        let name = format!("{}{}站", s.name, super::names::numeral((p.measure / 100.0) as usize));
        item(out, "bus_platform", s.line.beside(p.measure, p.side * 9.75), name)?;
    }
    for f in &d.fronts {
        let half = d.side_half(f.block, f.side);
        let mut along = f.from + 6.0;
        while along < f.to {
            let p = d.side_place(f.block, f.side, along, half + 3.0);
            if let Some((street, m, _)) =
                d.net.nearest(d.side_place(f.block, f.side, along, 1.0), |s| s.class != Class::Branch)
            {
                let odd = matches!(f.side, 0 | 3);
                let no = (m / 12.0) as i64 * 2 + i64::from(odd);
                item(out, "house_number", p, format!("{}{no}号", d.net.streets[street].name))?;
            }
            along += 26.0;
        }
    }
    Ok(())
}
