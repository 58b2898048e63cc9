//! Buildings of all quarters, as footprints with floors, use and residents; dwellings and shops here.

use super::SampleError;
use super::curve::{Place, add, left, scale};
use super::district::{Compound, District, Front, House};
use super::guard::Site;
use super::halls;
use super::lanes::hamlet;
use super::out::{Form, Out, Word};
use super::plan::{Class, Use};
use super::random::Random;

/// Builds all blocks of a district, fronts along the streets first.
pub fn build(d: &mut District, out: &mut Out) -> Result<(), SampleError> {
    let mut r = d.random("houses");
    for block in 0..d.blocks.len() {
        match d.blocks[block].use_ {
            Use::Core => fronts(d, out, block, 1.0, &mut r)?,
            Use::Market => fronts(d, out, block, 0.9, &mut r)?,
            Use::Estate => fronts(d, out, block, 0.6, &mut r)?,
            _ => {}
        }
    }
    for plot in 0..d.plots.len() {
        courtyards(d, out, plot, &mut r)?;
    }
    for block in 0..d.blocks.len() {
        match d.blocks[block].use_ {
            Use::Estate => slabs(d, out, block, false, &mut r)?,
            Use::NewEstate => slabs(d, out, block, true, &mut r)?,
            Use::Factory => halls::sheds(d, out, block, &mut r)?,
            Use::Market => halls::market(d, out, block, &mut r)?,
            Use::School => halls::school(d, out, block)?,
            Use::Civic => halls::civic(d, out, block)?,
            Use::Treatment => halls::treatment(d, out, block)?,
            Use::Village => village(d, out, block, &mut r)?,
            _ => {}
        }
    }
    Ok(())
}

/// What a building is besides its site: floors, use and how many live in it.
pub struct Kind(pub i64, pub &'static str, pub i64);

fn put(
    d: &mut District,
    out: &mut Out,
    ring: &[Place],
    site: &Site,
    kind: Kind,
    name: Option<&str>,
) -> Result<(), SampleError> {
    let Kind(floors, use_, residents) = kind;
    let mut words = vec![("floors", Word::Int(floors)), ("use", use_.into())];
    if residents > 0 {
        words.push(("residents", Word::Int(residents)));
    }
    words.extend(name.map(|n| ("name", n.into())));
    out.put("building", Form::Area(ring), &words)?;
    d.houses.push(House { middle: site.middle, residents, floors, kind: use_ });
    Ok(())
}

/// Builds a plain rectangle where it is free.
pub fn place(
    d: &mut District,
    out: &mut Out,
    site: Site,
    gap: f64,
    kind: Kind,
    name: Option<&str>,
) -> Result<bool, SampleError> {
    let free = d.guard.take(site, gap);
    if free {
        put(d, out, &site.corners(), &site, kind, name)?;
    }
    Ok(free)
}

/// Rows of shop houses along a block's streets.
fn fronts(d: &mut District, out: &mut Out, block: usize, chance: f64, r: &mut Random) -> Result<(), SampleError> {
    for side in 0..4 {
        let Some(class) = d.side_street(block, side).filter(|c| *c != Class::Branch) else { continue };
        if !r.chance(chance) {
            continue;
        }
        let half = class.width() / 2.0;
        let length = d.side_length(block, side);
        let (mut at, end) = (half + 14.0, length - half - 14.0);
        let mut begun: Option<f64> = None;
        let depth = r.between(10.0, 13.0);
        while at < end {
            let width = r.between(8.5, 14.0);
            let along = at + width / 2.0;
            let middle = d.side_place(block, side, along, half + 3.5 + depth / 2.0);
            let ahead = d.side_place(block, side, along + 4.0, half + 3.5 + depth / 2.0);
            let east = super::curve::unit(super::curve::sub(ahead, middle));
            let tall = r.whole(2, if class == Class::Main { 4 } else { 3 });
            let kind = if r.chance(0.6) { Kind(tall, "mixed", r.whole(2, 5)) } else { Kind(tall, "commercial", 0) };
            let site = Site { middle, east, width: width - 0.3, depth };
            let built = along < end - 4.0 && place(d, out, site, 0.05, kind, None)?;
            match (built, begun) {
                (true, None) => begun = Some(at),
                (false, Some(from)) => {
                    end_front(d, block, side, from, at);
                    begun = None;
                }
                _ => {}
            }
            at += width + if r.chance(0.08) { 5.0 } else { 0.0 };
        }
        if let Some(from) = begun {
            end_front(d, block, side, from, at.min(end));
        }
    }
    Ok(())
}

fn end_front(d: &mut District, block: usize, side: usize, from: f64, to: f64) {
    if to - from > 40.0 {
        d.fronts.push(Front { block, side, from, to });
    }
}

/// Outline of a courtyard house: the main house in the north, wings to the south.
fn courtyard(site: &Site, wings: (bool, bool)) -> Vec<Place> {
    let (w, d) = (site.width / 2.0, site.depth / 2.0);
    let (main, wing) = (5.6, 3.4);
    let mut ring = Vec::new();
    if wings.0 {
        ring.extend([[-w, -d], [-w + wing, -d], [-w + wing, d - main]]);
    } else {
        ring.push([-w, d - main]);
    }
    if wings.1 {
        ring.extend([[w - wing, d - main], [w - wing, -d], [w, -d]]);
    } else {
        ring.push([w, d - main]);
    }
    ring.extend([[w, d], [-w, d]]);
    ring.into_iter().map(|p| site.at(p[0], p[1])).collect()
}

fn house(d: &mut District, out: &mut Out, site: Site, gap: f64, r: &mut Random) -> Result<bool, SampleError> {
    if !d.guard.take(site, gap) {
        return Ok(false);
    }
    let wings = *r.pick(&[(true, true), (true, true), (true, false), (false, true), (false, false)]);
    let ring = courtyard(&site, wings);
    let floors = if r.chance(0.3) { 2 } else { 1 };
    put(d, out, &ring, &site, Kind(floors, "residential", r.whole(1, 5)), None)?;
    Ok(true)
}

/// Rows of courtyard houses in a plot between lanes; a house that does not fit is tried smaller and moved on.
fn courtyards(d: &mut District, out: &mut Out, plot: usize, r: &mut Random) -> Result<(), SampleError> {
    let p = d.plots[plot].clone();
    let [w, s, e, n] = p.edges;
    let rows = ((n - s - 3.0) / 16.5).floor().max(1.0) as usize;
    let pitch = (n - s - 3.0) / rows as f64;
    for row in 0..rows {
        let mut x = w + 1.5;
        while x < e - 8.0 {
            let wide = r.between(11.0, 15.5);
            let deep = (pitch - r.between(1.6, 4.5)).min(16.0);
            let turn = r.around(0.0, 0.05);
            let mut built = 0.0;
            for (width, depth, up) in [
                (wide, deep, 0.0),
                (wide, deep * 0.85, 1.5),
                (wide, deep * 0.85, -1.5),
                (9.0, 10.0, 0.0),
                (9.0, 9.5, 2.5),
                (9.0, 9.5, -2.5),
            ] {
                let y = s + 1.5 + pitch * (row as f64 + 0.5) + up;
                let middle = d.at(p.block, x + width / 2.0, y);
                let east = d.blocks[p.block].east(&d.lattice, x + width / 2.0, y);
                let east = super::curve::unit(add(east, scale(left(east), turn)));
                if house(d, out, Site { middle, east, width: width - 0.8, depth }, 0.35, r)? {
                    built = width;
                    break;
                }
            }
            x += if built > 0.0 { built } else { 2.5 };
        }
    }
    Ok(())
}

/// An estate: rows of slabs facing south, or towers where it is new.
fn slabs(d: &mut District, out: &mut Out, block: usize, new: bool, r: &mut Random) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 9.0);
    let east = d.blocks[block].east(&d.lattice, (w + e) / 2.0, (s + n) / 2.0);
    let (width, depth) = if new { (r.between(34.0, 42.0), 15.0) } else { (r.between(46.0, 60.0), 12.0) };
    let pitch = if new { r.between(38.0, 43.0) } else { r.between(25.0, 28.0) };
    let floors = if new { 0 } else { r.whole(5, 6) };
    let rows = ((n - s) / pitch).floor() as usize;
    for row in 0..rows {
        let y = s + (n - s) * (row as f64 + 0.5) / rows as f64;
        let mut x = w + width / 2.0 + if new && row % 2 == 1 { 16.0 } else { 0.0 };
        while x < e - width / 2.0 + 1.0 {
            let site = Site { middle: d.at(block, x, y), east, width, depth };
            let tall = if new { r.whole(8, 18) } else { floors };
            let homes = (width / 11.0).floor() as i64 * tall;
            let kind = Kind(tall, "residential", homes * 26 / 10 + r.whole(-6, 6));
            if d.guard.take(site, 3.0) {
                let ring = if new { tower(&site) } else { slab(&site, r) };
                put(d, out, &ring, &site, kind, None)?;
                x += width + if new { r.between(9.0, 16.0) } else { r.between(7.0, 10.0) };
            } else {
                x += 3.0;
            }
        }
    }
    let n_before = d.compounds.iter().filter(|c| c.kind == "estate").count();
    let name = d.names.estate(d.number as usize * 20 + n_before);
    let ring = d.rectangle(block, d.inside(block, 3.0));
    d.compounds.push(Compound { kind: "estate", name, ring });
    Ok(())
}

/// A slab with its stair cores stepping out to the north.
fn slab(site: &Site, r: &mut Random) -> Vec<Place> {
    let (w, d) = (site.width / 2.0, site.depth / 2.0);
    let units = (site.width / 18.0).round().max(2.0);
    let step = if r.chance(0.7) { 1.2 } else { 0.0 };
    let mut ring = vec![[-w, -d], [w, -d], [w, d - step]];
    if step > 0.0 {
        for k in (0..units as i64).rev() {
            let x = -w + site.width * (k as f64 + 0.5) / units;
            ring.extend([[x + 2.5, d - step], [x + 2.5, d], [x - 2.5, d], [x - 2.5, d - step]]);
        }
    }
    ring.push([-w, d - step]);
    ring.into_iter().map(|p| site.at(p[0], p[1])).collect()
}

/// A tower: two wings with a core set back.
fn tower(site: &Site) -> Vec<Place> {
    let (w, d) = (site.width / 2.0, site.depth / 2.0);
    let k = w * 0.28;
    [
        [-w, -d],
        [-k, -d],
        [-k, -d + 2.5],
        [k, -d + 2.5],
        [k, -d],
        [w, -d],
        [w, d - 3.0],
        [k, d - 3.0],
        [k, d],
        [-k, d],
        [-k, d - 3.0],
        [-w, d - 3.0],
    ]
    .into_iter()
    .map(|p| site.at(p[0], p[1]))
    .collect()
}

/// A village: rows of courtyard houses inside a crooked outline.
fn village(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let ([cx, cy], [vx, vy]) = hamlet(d, block);
    let phase = [r.angle(), r.angle()];
    let mut y = cy - vy;
    while y < cy + vy {
        let mut x = cx - vx + r.between(0.0, 8.0);
        while x < cx + vx {
            let width = r.between(12.5, 16.0);
            let (mx, my) = (x + width / 2.0, y + r.around(0.0, 1.0));
            let (ex, ey) = ((mx - cx) / vx, (my - cy) / vy);
            let angle = ey.atan2(ex);
            let rim = 0.88 + 0.09 * (2.0 * angle + phase[0]).sin() + 0.07 * (3.0 * angle + phase[1]).sin();
            if ex.hypot(ey) < rim && r.chance(0.95) {
                let east = d.blocks[block].east(&d.lattice, mx, my);
                let site = Site { middle: d.at(block, mx, my), east, width: width - 1.2, depth: r.between(12.5, 15.0) };
                house(d, out, site, 0.8, r)?;
            }
            x += width;
        }
        y += 18.5;
    }
    Ok(())
}
