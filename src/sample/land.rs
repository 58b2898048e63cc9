//! Fields and parcels, villages, edges and what is protected.

use super::SampleError;
use super::curve::Place;
use super::district::{Compound, District};
use super::ground::CELLS;
use super::guard::Site;
use super::lanes::hamlet;
use super::out::{Form, Out, Word};
use super::plan::Use;
use super::random::Random;

/// Lays parcels, villages and edges; must come before the houses, since it keeps building land free.
pub fn lay(d: &mut District, out: &mut Out) -> Result<(), SampleError> {
    let mut r = d.random("land");
    edges(d, out)?;
    for block in 0..d.blocks.len() {
        let [w, s, e, n] = d.inside(block, 0.0);
        match d.blocks[block].use_ {
            Use::Field => parcels(d, out, block, [w, s, e, n], 165.0, "farmland", &mut r)?,
            Use::Village => village(d, out, block, &mut r)?,
            Use::Idle => idle(d, out, block, &mut r)?,
            Use::Estate | Use::NewEstate | Use::Core if r.chance(0.55) => plot(d, out, block, &mut r)?,
            _ => {}
        }
    }
    channels(d, out)?;
    heritage(d, out, &mut r)
}

fn parcel(out: &mut Out, ring: &[Place], kind: &'static str, name: Option<String>) -> Result<(), SampleError> {
    let mut words = vec![("kind", kind.into())];
    words.extend(name.map(|n| ("name", n.into())));
    out.put("land", Form::Area(ring), &words)?;
    Ok(())
}

/// Cuts a rectangle of a block into parcels with a balk between them.
fn parcels(
    d: &mut District,
    out: &mut Out,
    block: usize,
    edges: [f64; 4],
    size: f64,
    kind: &'static str,
    r: &mut Random,
) -> Result<(), SampleError> {
    let mut todo = vec![edges];
    while let Some([w, s, e, n]) = todo.pop() {
        let (wide, tall) = (e - w, n - s);
        if wide < 12.0 || tall < 12.0 {
            continue;
        }
        if wide.max(tall) < size {
            // here and there a field lies outside the survey, more of them at the window's edge
            let edge = d.lattice.plan_of(d.at(block, (w + e) / 2.0, (s + n) / 2.0));
            let outer = edge[0].abs() > 1440.0 || edge[1].abs() > 1180.0;
            if r.chance(if outer { 0.45 } else { 0.06 }) {
                continue;
            }
            let ring = d.rectangle(block, [w + 1.5, s + 1.5, e - 1.5, n - 1.5]);
            parcel(out, &ring, kind, None)?;
        } else if wide > tall {
            let x = w + wide * r.between(0.36, 0.64);
            todo.extend([[w, s, x, n], [x, s, e, n]]);
        } else {
            let y = s + tall * r.between(0.36, 0.64);
            todo.extend([[w, s, e, y], [w, y, e, n]]);
        }
    }
    Ok(())
}

fn village(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 0.0);
    let ([cx, cy], half) = hamlet(d, block);
    let [vx, vy] = half.map(|v| v + 12.0);
    // fields on the four sides of the village
    for strip in
        [[w, s, e, cy - vy], [w, cy + vy, e, n], [w, cy - vy, cx - vx, cy + vy], [cx + vx, cy - vy, e, cy + vy]]
    {
        parcels(d, out, block, strip, 150.0, "farmland", r)?;
    }
    let name = d.names.village(d.villages);
    let number = d.villages + 1;
    d.villages += 1;
    let ring: Vec<Place> = (0..32)
        .map(|k| {
            let a = f64::from(k) / 32.0 * std::f64::consts::TAU;
            let rim = 1.0 + 0.04 * (3.0 * a).sin();
            let (c, s) = (a.cos(), a.sin());
            // between an ellipse and a rectangle
            let square = (c.abs().powi(6) + s.abs().powi(6)).powf(-1.0 / 6.0);
            d.at(block, cx + vx * square * c * rim * 0.97, cy + vy * square * s * rim * 0.97)
        })
        .collect();
    let households = r.whole(58, 92);
    out.put(
        "village",
        Form::Area(&ring),
        &[
            ("name", name.as_str().into()),
            ("code", format!("{}{:03}", d.names.village_code_prefix, 200 + number).into()),
            ("kind", "village".into()),
            ("households", Word::Int(households)),
            ("residents", Word::Int(households * 3 + r.whole(0, 30))),
        ],
    )?;
    d.compounds.push(Compound { kind: "village", name: format!("{name}村"), ring });
    Ok(())
}

fn idle(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 5.0);
    let (x, y) = (w + (e - w) * r.between(0.45, 0.55), s + (n - s) * r.between(0.45, 0.55));
    for (k, part) in [[w, s, x, y], [x, s, e, y], [w, y, x, n], [x, y, e, n]].into_iter().enumerate() {
        let [w, s, e, n] = part;
        let ring = d.rectangle(block, [w + 2.0, s + 2.0, e - 2.0, n - 2.0]);
        match k {
            0 | 1 => {
                parcel(out, &ring, "idle", Some(format!("{}号闲置地", d.number * 100 + block as u32 * 2 + k as u32)))?
            }
            2 => parcel(out, &ring, "reusable", Some(format!("{}号可盘活用地", d.number * 100 + block as u32)))?,
            _ => parcel(out, &ring, "red_line", Some("禁建区(示例)".into()))?,
        }
    }
    let ring = d.rectangle(block, [w, y - 1.5, e, y + 1.5]);
    parcel(out, &ring, "road_reserve", Some("规划道路预留(示例)".into()))
}

/// A small idle plot inside a quarter: where something could be built.
fn plot(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 22.0);
    for _ in 0..6 {
        let (x, y) = (r.between(w + 20.0, e - 20.0), r.between(s + 20.0, n - 20.0));
        let east = d.blocks[block].east(&d.lattice, x, y);
        let site = Site { middle: d.at(block, x, y), east, width: r.between(26.0, 40.0), depth: r.between(22.0, 34.0) };
        if d.guard.take(site, 1.5) {
            let kind = if r.chance(0.7) { "idle" } else { "reusable" };
            let name = format!("{}号地块", d.number as usize * 100 + d.plots_left.len() + 1);
            d.plots_left.push(site.middle);
            return parcel(out, &site.corners(), kind, Some(name));
        }
    }
    Ok(())
}

/// The seat's edge and the window of the district.
fn edges(d: &mut District, out: &mut Out) -> Result<(), SampleError> {
    let walk = |west: f64, south: f64, east: f64, north: f64| -> Vec<Place> {
        let corners = [[west, south], [east, south], [east, north], [west, north]];
        let sides = (0..4).map(|k| d.lattice.line(corners[k], corners[(k + 1) % 4]));
        sides.flat_map(|s| s[..s.len() - 1].to_vec()).collect()
    };
    let seat = walk(0.78, 0.8, 7.22, 7.2);
    let whole = walk(0.0, 0.0, CELLS as f64, CELLS as f64);
    let title = if d.number == 0 {
        "驻地".to_string()
    } else {
        format!("示例{}片区", super::names::numeral(d.number as usize))
    };
    out.put(
        "boundary",
        Form::Area(&seat),
        &[("name", format!("{title}建成区(示例)").into()), ("kind", "seat".into())],
    )?;
    out.put(
        "boundary",
        Form::Area(&whole),
        &[("name", format!("{title}规划范围(示例)").into()), ("kind", "plan".into())],
    )?;
    Ok(())
}

/// Ditches between the fields, along the lattice of the outer cells.
fn channels(d: &mut District, out: &mut Out) -> Result<(), SampleError> {
    for (from, to) in
        [([0.42, 0.3], [0.42, 2.9]), ([7.6, 4.9], [7.6, 7.7]), ([0.4, 7.9], [3.7, 7.9]), ([4.4, 0.1], [7.7, 0.1])]
    {
        let line = d.lattice.line(from, to);
        d.guard.keep_line(&line, 2.0);
        out.put("water", Form::Line(&line), &[("name", "示例渠".into()), ("kind", "channel".into())])?;
    }
    Ok(())
}

/// Old trees and heritage in the core; their sites stay free.
fn heritage(d: &mut District, out: &mut Out, r: &mut Random) -> Result<(), SampleError> {
    let cores: Vec<usize> = (0..d.blocks.len()).filter(|b| d.blocks[*b].use_ == Use::Core).collect();
    let mut trees = 0;
    for block in cores {
        let [w, s, e, n] = d.inside(block, 30.0);
        for k in 0..3 {
            let (x, y) = (r.between(w, e), r.between(s, n));
            let east = d.blocks[block].east(&d.lattice, x, y);
            let wide = if k == 0 { 26.0 } else { 7.0 };
            let site = Site { middle: d.at(block, x, y), east, width: wide, depth: wide * 0.8 };
            if !d.guard.take(site, 1.0) {
                continue;
            }
            if k == 0 {
                let (kind, word) = *r.pick(&[
                    ("culture_building", "古民居"),
                    ("culture_relic", "旧址"),
                    ("culture_landscape", "牌坊"),
                ]);
                out.put(
                    "protection",
                    Form::Area(&site.corners()),
                    &[
                        ("kind", kind.into()),
                        ("name", format!("{word}{}", d.names.sample_mark).into()),
                        ("reach_m", Word::Real(15.0, 0)),
                        ("unit", d.names.unit.office.as_str().into()),
                    ],
                )?;
            } else {
                trees += 1;
                out.put(
                    "protection",
                    Form::Point(site.middle),
                    &[
                        ("kind", "old_tree".into()),
                        ("name", format!("古槐{}号{}", trees, d.names.sample_mark).into()),
                        ("code", format!("示例古树{:02}-{trees:02}", d.number + 1).into()),
                        ("reach_m", Word::Real(5.0, 0)),
                        ("unit", d.names.unit.green.as_str().into()),
                    ],
                )?;
            }
        }
    }
    Ok(())
}
