//! Squares, parks, pocket parks and the river's banks: open ground with its trees and lawns.

use super::SampleError;
use super::curve::{Place, add, distance, left, mix, scale, sub, unit};
use super::district::District;
use super::guard::Site;
use super::out::{Form, Out, Word};
use super::plan::Use;
use super::random::Random;

/// Species of parks and squares.
const TREES: [&str; 8] = ["国槐", "银杏", "栾树", "垂柳", "樱花", "紫叶李", "女贞", "白蜡"];

/// Lays all open ground of a district; must come before the houses.
pub fn lay(d: &mut District, out: &mut Out) -> Result<(), SampleError> {
    let mut r = d.random("greens");
    river(d, out, &mut r)?;
    for block in 0..d.blocks.len() {
        match d.blocks[block].use_ {
            Use::Park => park(d, out, block, &mut r)?,
            Use::Civic => square(d, out, block, &mut r)?,
            Use::River => bank(d, out, block, &mut r)?,
            Use::Estate | Use::NewEstate | Use::Market => pocket(d, out, block, &mut r)?,
            Use::School => field(d, out, block)?,
            _ => {}
        }
    }
    Ok(())
}

fn public(
    d: &mut District,
    out: &mut Out,
    kind: &'static str,
    name: &str,
    ring: Vec<Place>,
) -> Result<(), SampleError> {
    out.put("public_area", Form::Area(&ring), &[("kind", kind.into()), ("name", name.into())])?;
    d.areas.push(ring);
    Ok(())
}

/// One tree that belongs to no belt.
fn tree(out: &mut Out, p: Place, species: &str, r: &mut Random) -> Result<(), SampleError> {
    let trunk = r.between(8.0, 30.0);
    out.put(
        "plant",
        Form::Point(p),
        &[
            ("species", species.into()),
            ("state", "alive".into()),
            ("trunk_cm", Word::Real(trunk, 0)),
            ("crown_m", Word::Real(trunk * 0.16 + 0.8, 1)),
        ],
    )?;
    Ok(())
}

fn piece(out: &mut Out, ring: &[Place], kind: &'static str, species: &str) -> Result<(), SampleError> {
    out.put("planted_piece", Form::Area(ring), &[("kind", kind.into()), ("species", species.into())])?;
    Ok(())
}

/// A rounded ring around a place.
fn blob(middle: Place, radius: Place, turn: f64, r: &mut Random) -> Vec<Place> {
    let phase = [r.angle(), r.angle()];
    let steps = 18;
    (0..steps)
        .map(|k| {
            let a = f64::from(k) / f64::from(steps) * std::f64::consts::TAU;
            let rim = 1.0 + 0.12 * (2.0 * a + phase[0]).sin() + 0.07 * (3.0 * a + phase[1]).sin();
            let (x, y) = (radius[0] * rim * a.cos(), radius[1] * rim * a.sin());
            [middle[0] + x * turn.cos() - y * turn.sin(), middle[1] + x * turn.sin() + y * turn.cos()]
        })
        .collect()
}

/// The river's bed and banks across the window.
fn river(d: &mut District, out: &mut Out, r: &mut Random) -> Result<(), SampleError> {
    let ground = d.lattice.ground.clone();
    let name = d.names.river(ground.row()).to_string();
    let us: Vec<f64> = (0..=128).map(|k| -1600.0 + 25.0 * f64::from(k)).collect();
    let line =
        |side: f64| -> Vec<Place> { us.iter().map(|u| ground.place([*u, side * ground.river_half(*u)])).collect() };
    let (south, north) = (line(-1.0), line(1.0));
    let middle: Vec<Place> = us.iter().map(|u| ground.place([*u, 0.0])).collect();
    for w in us.windows(2) {
        let half = ground.river_half(w[0]).max(ground.river_half(w[1])) + 3.0;
        d.guard.keep_line(&[ground.place([w[0], 0.0]), ground.place([w[1], 0.0])], half);
    }
    let ring: Vec<Place> = south.iter().chain(north.iter().rev()).copied().collect();
    let code = format!("示例{:02}", d.number + 1);
    out.put(
        "water",
        Form::Area(&ring),
        &[("name", name.as_str().into()), ("kind", "river".into()), ("code", code.into())],
    )?;
    for (side, places) in [("南岸", &south), ("北岸", &north)] {
        out.put("water", Form::Line(places), &[("name", format!("{name}{side}").into()), ("kind", "bank".into())])?;
    }
    // the public area ends short of the window's edge, where the zones of the next district begin
    let inner = 1..us.len() - 1;
    let ring: Vec<Place> = inner.clone().map(|k| south[k]).chain(inner.rev().map(|k| north[k])).collect();
    public(d, out, "water", &name, ring)?;
    let reach = Word::Real(50.0, 0);
    let unit = d.names.unit.office.clone();
    out.put(
        "protection",
        Form::Line(&middle),
        &[
            ("kind", "river".into()),
            ("name", name.as_str().into()),
            ("code", format!("示例河{:02}", d.number + 1).into()),
            ("reach_m", reach),
            ("unit", unit.into()),
        ],
    )?;
    // a few reed beds in the widest bends
    for _ in 0..3 {
        let u = r.between(-1300.0, 1300.0);
        let p = ground.place([u, (ground.river_half(u) + 9.0) * if r.chance(0.5) { 1.0 } else { -1.0 }]);
        if d.guard.is_clear(p, 1.0) {
            piece(out, &blob(p, [12.0, 4.0], 0.0, r), "ground_cover", "麦冬")?;
        }
    }
    Ok(())
}

/// Free ground between a bank road and the river: a green on either side of each cell.
fn bank(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let (i, j) = (d.blocks[block].i as f64, d.blocks[block].j as f64);
    for north in [true, false] {
        let b = if north { j + 1.0 } else { j };
        let sign = if north { 1.0 } else { -1.0 };
        let (mut outer, mut inner, mut lawn, mut path) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        // clear of the bridges on either side, meeting the next green where there is none
        let west = i + if d.side_street(block, 3).is_some() { 0.06 } else { 0.0 };
        let east = i + if d.side_street(block, 1).is_some() { 0.94 } else { 1.0 };
        let wave = [r.angle(), r.between(7.0, 15.0)];
        for k in 0..=24 {
            let a = west + (east - west) * f64::from(k) / 24.0;
            let [u, v] = d.lattice.plan(a, b);
            let water = d.lattice.ground.river_half(u) + 5.0;
            // the bank road's half width and the willow rows beside it
            let edge = v - sign * 18.0;
            if sign * edge < water + 6.0 {
                continue;
            }
            outer.push(d.lattice.ground.place([u, edge]));
            inner.push(d.lattice.ground.place([u, sign * water]));
            lawn.push(d.lattice.ground.place([u, sign * (water + 3.0)]));
            let rim = 0.4 + 0.22 * (u / wave[1].mul_add(3.0, 12.0) + wave[0]).sin();
            path.push(d.lattice.ground.place([u, sign * (water + 3.0 + (sign * edge - water - 3.0) * rim)]));
        }
        if outer.len() < 4 {
            continue;
        }
        let ring: Vec<Place> = outer.iter().chain(inner.iter().rev()).copied().collect();
        let name = format!("{}滨河绿地{}", d.names.river(d.lattice.ground.row()), if north { "北" } else { "南" });
        public(d, out, "green", &name, ring)?;
        let n = outer.len();
        let strip: Vec<Place> = lawn[1..n - 1].iter().chain(path[1..n - 1].iter().rev()).copied().collect();
        piece(out, &strip, "ground_cover", "高羊茅")?;
        for k in 0..n - 1 {
            for _ in 0..r.whole(0, 3) {
                let t = r.unit();
                let p = mix(mix(inner[k], inner[k + 1], t), mix(outer[k], outer[k + 1], t), r.between(0.5, 0.9));
                let species: &str = if r.chance(0.5) { "垂柳" } else { TREES[r.whole(0, 7) as usize] };
                tree(out, p, species, r)?;
            }
        }
    }
    Ok(())
}

fn park(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 2.5);
    let ring = d.rectangle(block, [w, s, e, n]);
    let name =
        format!("示例{}公园", super::names::numeral(d.number as usize * 2 + usize::from(d.blocks[block].j < 4) + 1));
    public(d, out, "green", &name, ring)?;
    let (cx, cy) = ((w + e) / 2.0, (s + n) / 2.0);
    let pond = blob(d.at(block, cx + 20.0, cy - 10.0), [62.0, 40.0], r.between(-0.4, 0.4), r);
    out.put("water", Form::Area(&pond), &[("name", format!("{name}湖").into()), ("kind", "pond".into())])?;
    for (fx, fy, rx, ry) in
        [(0.2, 0.25, 42.0, 26.0), (0.2, 0.75, 46.0, 30.0), (0.82, 0.8, 40.0, 24.0), (0.82, 0.2, 44.0, 26.0)]
    {
        let p = d.at(block, w + (e - w) * fx, s + (n - s) * fy);
        piece(out, &blob(p, [rx, ry], r.around(0.0, 0.4), r), "ground_cover", "高羊茅")?;
    }
    for (fx, fy) in [(0.5, 0.9), (0.38, 0.12), (0.62, 0.1)] {
        let p = d.at(block, w + (e - w) * fx, s + (n - s) * fy);
        piece(out, &blob(p, [14.0, 8.0], 0.0, r), "shrub", "月季")?;
    }
    for _ in 0..260 {
        let p = d.at(block, r.between(w + 10.0, e - 10.0), r.between(s + 10.0, n - 10.0));
        // trees stand in groups, and none in the pond
        let grove = ((p[0] / 38.0).sin() + (p[1] / 33.0).cos()) > -0.3;
        let wet = pond.iter().any(|q| distance(*q, p) < 8.0) || inside(&pond, p);
        if grove && !wet {
            let species = *r.pick(&TREES);
            tree(out, p, species, r)?;
        }
    }
    d.compounds.push(super::district::Compound { kind: "park", name, ring: d.rectangle(block, [w, s, e, n]) });
    Ok(())
}

/// True when a place is inside a ring (even–odd).
pub fn inside(ring: &[Place], p: Place) -> bool {
    let mut odd = false;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0] + (p[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0]) {
            odd = !odd;
        }
    }
    odd
}

fn square(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 3.0);
    let (e, n) = (w + (e - w) * 0.62, s + (n - s) * 0.5);
    let name = format!("文化广场{}", d.names.sample_mark);
    let ring = d.rectangle(block, [w, s, e, n]);
    public(d, out, "square", &name, ring.clone())?;
    let (cx, cy) = ((w + e) / 2.0, (s + n) / 2.0);
    let east = d.blocks[block].east(&d.lattice, cx, cy);
    // the ring is a little askew against any rectangle
    d.guard.keep_line(&[&ring[..], &ring[..1]].concat(), 1.0);
    d.guard.keep(Site { middle: d.at(block, cx, cy), east, width: e - w, depth: n - s });
    for (fx, fy) in [(0.22, 0.25), (0.78, 0.25), (0.22, 0.75), (0.78, 0.75)] {
        let (x, y) = (w + (e - w) * fx, s + (n - s) * fy);
        let bed = d.rectangle(block, [x - 18.0, y - 9.0, x + 18.0, y + 9.0]);
        let species = *r.pick(&["月季", "红叶石楠", "金叶女贞"]);
        piece(out, &bed, "shrub", species)?;
    }
    let (mut x, step) = (w + 10.0, 7.0);
    while x < e - 8.0 {
        for y in [s + 10.0, n - 7.0] {
            tree(out, d.at(block, x, y), "银杏", r)?;
        }
        x += step;
    }
    d.compounds.push(super::district::Compound { kind: "square", name, ring });
    Ok(())
}

/// A pocket park in a corner of a block.
fn pocket(d: &mut District, out: &mut Out, block: usize, r: &mut Random) -> Result<(), SampleError> {
    if r.chance(0.25) {
        return Ok(());
    }
    let [w, s, e, n] = d.inside(block, 3.0);
    let (wide, deep) = (r.between(34.0, 48.0), r.between(24.0, 32.0));
    let x = if r.chance(0.5) { w + wide / 2.0 } else { e - wide / 2.0 };
    let y = if r.chance(0.5) { s + deep / 2.0 } else { n - deep / 2.0 };
    let east = d.blocks[block].east(&d.lattice, x, y);
    let site = Site { middle: d.at(block, x, y), east, width: wide, depth: deep };
    if !d.guard.take(site, 1.0) {
        return Ok(());
    }
    let name = format!("街头绿地{}{}", super::names::numeral(d.pockets.len() + 1), d.names.sample_mark);
    let ring = site.corners().to_vec();
    public(d, out, "green", &name, ring.clone())?;
    piece(out, &blob(site.at(-wide * 0.2, 0.0), [wide * 0.2, deep * 0.3], 0.0, r), "ground_cover", "麦冬")?;
    for _ in 0..9 {
        let p = site.at(r.around(0.0, wide / 2.0 - 4.0), r.around(0.0, deep / 2.0 - 4.0));
        let species = *r.pick(&TREES);
        tree(out, p, species, r)?;
    }
    d.pockets.push((name, ring));
    Ok(())
}

/// A school's running track: a lawn with straight sides and round ends.
fn field(d: &mut District, out: &mut Out, block: usize) -> Result<(), SampleError> {
    let [w, s, e, n] = d.inside(block, 10.0);
    let middle = d.at(block, w + (e - w) * 0.27, s + (n - s) * 0.42);
    let long = ((n - s) * 0.62).min(150.0);
    let east = d.blocks[block].east(&d.lattice, w + (e - w) * 0.27, s + (n - s) * 0.42);
    let site = Site { middle, east, width: 74.0, depth: long };
    if !d.guard.take(site, 2.0) {
        return Ok(());
    }
    let up = left(unit(east));
    let (radius, straight) = (30.0, long / 2.0 - 36.0);
    let mut ring = Vec::new();
    for (sign, start) in [(1.0, 0.0), (-1.0, std::f64::consts::PI)] {
        for k in 0..=10 {
            let a = start + std::f64::consts::PI * f64::from(k) / 10.0;
            let p = add(scale(east, radius * a.cos()), scale(up, radius * a.sin() + sign * straight));
            ring.push(add(middle, p));
        }
    }
    let ring: Vec<Place> = ring.into_iter().map(|p| add(middle, scale(sub(p, middle), 0.97))).collect();
    piece(out, &ring, "ground_cover", "高羊茅")
}
