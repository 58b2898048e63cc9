//! Buildings of all quarters, as footprints with floors, use and residents.

use super::SampleError;
use super::curve::{Place, add, left, scale};
use super::district::{Compound, District, Front, House};
use super::guard::Site;
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
            Use::Factory => sheds(d, out, block, &mut r)?,
            Use::Market => market(d, out, block, &mut r)?,
            Use::School => school(d, out, block)?,
            Use::Civic => civic(d, out, block)?,
            Use::Treatment => treatment(d, out, block)?,
            Use::Village => village(d, out, block, &mut r)?,
            _ => {}
        }
    }
    Ok(())
}

/// What a building is besides its site: floors, use and how many live in it.
struct Kind(i64, &'static str, i64);

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
fn place(
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

fn sheds(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 12.0);
    let east = d.blocks[block].east(&d.lattice, (w + e) / 2.0, (s + n) / 2.0);
    let mut y = s;
    while y < n - 20.0 {
        let depth = r.between(24.0, 48.0);
        let mut x = w;
        while x < e - 24.0 {
            let width = r.between(42.0, 105.0).min(e - x);
            let office = width < 46.0;
            let site = Site {
                middle: d.at(block, x + width / 2.0, y + depth / 2.0),
                east,
                width: width - 2.0,
                depth: if office { 14.0 } else { depth },
            };
            let use_ = if office { "office" } else { *r.pick(&["industrial", "industrial", "storage"]) };
            place(d, out, site, 4.0, Kind(if office { 4 } else { 1 }, use_, 0), None)?;
            x += width + r.between(8.0, 22.0);
        }
        y += depth + r.between(10.0, 18.0);
    }
    let count = d.compounds.iter().filter(|c| c.kind == "factory").count();
    let name = d.names.factory(d.number as usize * 6 + count);
    let ring = d.rectangle(block, d.inside(block, 3.0));
    d.compounds.push(Compound { kind: "factory", name, ring });
    Ok(())
}

/// Lays sites given in block metres from the block's inside, as shares of it and metres.
fn lay(
    d: &mut District,
    out: &mut Out,
    block: usize,
    sites: &[(f64, f64, f64, f64, i64, &'static str, &str)],
) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 10.0);
    for (fx, fy, width, depth, floors, use_, name) in sites {
        let (x, y) = (w + (e - w) * fx, s + (n - s) * fy);
        let east = d.blocks[block].east(&d.lattice, x, y);
        let site = Site { middle: d.at(block, x, y), east, width: *width, depth: *depth };
        let name = (!name.is_empty()).then(|| format!("{name}{}", d.names.sample_mark));
        place(d, out, site, 2.0, Kind(*floors, use_, 0), name.as_deref())?;
    }
    Ok(())
}

fn market(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    lay(
        d,
        out,
        block,
        &[
            (0.27, 0.74, 84.0, 46.0, 1, "commercial", "农贸市场"),
            (0.74, 0.74, 70.0, 40.0, 2, "commercial", "商贸城"),
            (0.74, 0.24, 66.0, 22.0, 5, "commercial", ""),
        ],
    )?;
    let [w, s, e, n] = d.inside(block, 24.0);
    let mut y = s + 8.0;
    while y < s + (n - s) * 0.42 {
        let mut x = w + 20.0;
        while x < w + (e - w) * 0.5 {
            let site = Site {
                middle: d.at(block, x, y),
                east: d.blocks[block].east(&d.lattice, x, y),
                width: 36.0,
                depth: 8.0,
            };
            place(d, out, site, 2.0, Kind(1, if r.chance(0.8) { "commercial" } else { "storage" }, 0), None)?;
            x += 42.0;
        }
        y += 17.0;
    }
    let ring = d.rectangle(block, d.inside(block, 3.0));
    let name = format!("农贸市场{}", d.names.sample_mark);
    d.compounds.push(Compound { kind: "market", name, ring });
    Ok(())
}

fn school(d: &mut District, out: &mut Out, block: usize) -> Result<(), SampleError> {
    lay(
        d,
        out,
        block,
        &[
            (0.72, 0.80, 72.0, 13.0, 4, "school", "教学楼"),
            (0.72, 0.62, 72.0, 13.0, 4, "school", ""),
            (0.72, 0.44, 72.0, 13.0, 4, "school", "实验楼"),
            (0.92, 0.62, 12.0, 60.0, 3, "school", ""),
            (0.70, 0.20, 50.0, 24.0, 2, "school", "食堂"),
            (0.12, 0.90, 40.0, 12.0, 5, "school", "宿舍"),
            (0.34, 0.90, 44.0, 12.0, 5, "school", ""),
        ],
    )?;
    let ring = d.rectangle(block, d.inside(block, 3.0));
    let name = format!("示例{}学校", super::names::numeral(block + 1));
    d.compounds.push(Compound { kind: "school", name, ring });
    Ok(())
}

fn civic(d: &mut District, out: &mut Out, block: usize) -> Result<(), SampleError> {
    lay(
        d,
        out,
        block,
        &[
            (0.30, 0.86, 88.0, 18.0, 5, "office", "街道办事处"),
            (0.08, 0.70, 16.0, 56.0, 3, "office", ""),
            (0.56, 0.70, 16.0, 56.0, 3, "public", "便民服务中心"),
            (0.82, 0.80, 60.0, 20.0, 5, "medical", "卫生院"),
            (0.82, 0.62, 46.0, 14.0, 3, "medical", ""),
            (0.84, 0.18, 62.0, 30.0, 3, "public", "文化站"),
            (0.84, 0.40, 50.0, 16.0, 4, "office", ""),
        ],
    )?;
    let [w, s, e, n] = d.inside(block, 3.0);
    let name = format!("街道办事处{}", d.names.sample_mark);
    let ring = d.rectangle(block, [w, s + (n - s) * 0.56, w + (e - w) * 0.64, n]);
    d.compounds.push(Compound { kind: "office", name, ring });
    let ring = d.rectangle(block, [w + (e - w) * 0.68, s + (n - s) * 0.54, e, n]);
    let name = format!("卫生院{}", d.names.sample_mark);
    d.compounds.push(Compound { kind: "hospital", name, ring });
    Ok(())
}

fn treatment(d: &mut District, out: &mut Out, block: usize) -> Result<(), SampleError> {
    lay(
        d,
        out,
        block,
        &[
            (0.20, 0.22, 40.0, 16.0, 2, "public", "污水处理站"),
            (0.48, 0.25, 44.0, 30.0, 1, "industrial", ""),
            (0.75, 0.25, 30.0, 30.0, 1, "industrial", ""),
            (0.25, 0.75, 70.0, 34.0, 1, "storage", ""),
            (0.70, 0.75, 80.0, 34.0, 1, "industrial", ""),
        ],
    )
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
