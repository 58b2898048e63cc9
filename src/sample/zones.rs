//! Zones of two levels that tile a district's window, with a hole and a double planted in each level.

use geo::{Area, BooleanOps};
use geo_types::{LineString, MultiPolygon, Polygon};
use serde_json::json;

use super::SampleError;
use super::curve::{Place, cross, distance, scale, sub, unit};
use super::district::District;
use super::ground::CELLS;
use super::out::{Form, Out};
use super::truth::Truth;

/// A zone as written.
#[derive(Debug, Clone)]
pub struct Zone {
    pub id: String,
    pub level: &'static str,
    pub ring: Vec<Place>,
}

/// A rectangle of the lattice that a zone covers, in 16ths of a cell.
type Cut = [usize; 4];

/// Steps a cell along a zone's edge.
const STEPS: usize = 16;

/// Writes the zones of both levels and plants their faults.
pub fn lay(d: &District, out: &mut Out, truth: &mut Truth) -> Result<Vec<Zone>, SampleError> {
    let mut zones = Vec::new();
    // street chiefs: borders on the centre lines, so that two sides of a street have two of them
    let columns = [0, 2, 3, 4, 5, 6, 8];
    let mut cuts: Vec<Cut> = Vec::new();
    for rows in [[0, 2], [2, 3], [4, 5], [5, 6], [6, 8]] {
        cuts.extend(columns.windows(2).map(|c| [c[0] * STEPS, rows[0] * STEPS, c[1] * STEPS, rows[1] * STEPS]));
    }
    for c in [[0, 4], [4, 8]] {
        cuts.push([c[0] * STEPS, 3 * STEPS, c[1] * STEPS, 4 * STEPS]);
    }
    level(d, out, "街长", &cuts, [15, 18], truth, &mut zones)?;
    // road chiefs: borders through the middle of the blocks, so that each main road has one
    let thirds = [0, 2 * STEPS + STEPS / 2, 5 * STEPS + STEPS / 2, CELLS * STEPS];
    let mut cuts: Vec<Cut> = Vec::new();
    for r in thirds.windows(2) {
        cuts.extend(thirds.windows(2).map(|c| [c[0], r[0], c[1], r[1]]));
    }
    level(d, out, "路长", &cuts, [3, 8], truth, &mut zones)?;
    Ok(zones)
}

/// Writes the zones of one level; the zone `dent` leaves a hole, `bulge` reaches into its neighbour. The two
/// must not touch, or one would cover the hole of the other.
fn level(
    d: &District,
    out: &mut Out,
    level: &'static str,
    cuts: &[Cut],
    [dent, bulge]: [usize; 2],
    truth: &mut Truth,
    zones: &mut Vec<Zone>,
) -> Result<(), SampleError> {
    let mut r = d.random(level);
    for (k, cut) in cuts.iter().enumerate() {
        let mut ring = ring(d, *cut);
        let changed = if k == dent || k == bulge { dented(d, &mut ring, k == bulge) } else { None };
        let number = super::names::numeral(k + 1);
        let part =
            if d.number == 0 { String::new() } else { format!("{}片", super::names::numeral(d.number as usize)) };
        let name = format!("{part}{number}号{level}责任区{}", d.names.sample_mark);
        let id = out.put(
            "road_chief_zone",
            Form::Area(&ring),
            &[
                ("name", name.into()),
                ("level", level.into()),
                ("chief", format!("{part}{number}号{level}").into()),
                ("unit", r.pick(&d.names.unit.duty).as_str().into()),
                ("phone", format!("0537-0000{:03}", (k * 7 + 11) % 1000).into()),
            ],
        )?;
        if let Some((bulge, shape, area)) = changed {
            let fault = if bulge { "zone_doubled" } else { "zone_uncovered" };
            let place = out.degrees(centre(&shape));
            truth.fault(
                fault,
                json!({"level": level, "zone": id, "area_m2": (area * 10.0).round() / 10.0, "near": place}),
            );
        }
        zones.push(Zone { id, level, ring });
    }
    Ok(())
}

/// The ring of a lattice rectangle; its places lie at whole 16ths, so that neighbours share them.
fn ring(d: &District, [west, south, east, north]: Cut) -> Vec<Place> {
    let at = |a: usize, b: usize| d.lattice.at(a as f64 / STEPS as f64, b as f64 / STEPS as f64);
    let mut out = Vec::new();
    out.extend((west..east).step_by(2).map(|a| at(a, south)));
    out.extend((south..north).step_by(2).map(|b| at(east, b)));
    out.extend((west..east).rev().step_by(2).map(|a| at(a + 1, north)));
    out.extend((south..north).rev().step_by(2).map(|b| at(west, b + 1)));
    out
}

/// Moves one place of a zone's edge 40 m in (or out, when it bulges), where that uncovers or doubles most
/// public area. Tells the changed shape and the public area in it.
fn dented(d: &District, ring: &mut [Place], bulge: bool) -> Option<(bool, Vec<Place>, f64)> {
    let n = ring.len();
    let mut best: Option<(f64, usize, Place)> = None;
    for k in 0..n {
        let (a, b, c) = (ring[(k + n - 1) % n], ring[k], ring[(k + 1) % n]);
        let corner = cross(unit(sub(b, a)), unit(sub(c, b))).abs() > 0.2;
        // the faults of a district stay inside it
        if corner || d.lattice.plan_of(b).iter().any(|v| v.abs() > 1150.0) {
            continue;
        }
        let inward = super::curve::left(unit(sub(c, a)));
        let to = super::curve::add(b, scale(inward, if bulge { -40.0 } else { 40.0 }));
        let area = public_area(d, &[a, b, c, to]);
        if best.is_none_or(|x| area > x.0) {
            best = Some((area, k, to));
        }
    }
    let (area, k, to) = best.filter(|b| b.0 > 50.0)?;
    let shape = vec![ring[(k + n - 1) % n], ring[k], ring[(k + 1) % n], to];
    ring[k] = to;
    Some((bulge, shape, area))
}

/// Square metres of public area inside a ring.
fn public_area(d: &District, ring: &[Place]) -> f64 {
    let polygon = |r: &[Place]| Polygon::new(LineString::from(r.to_vec()), vec![]);
    let middle = centre(ring);
    let near: Vec<Polygon<f64>> =
        d.areas.iter().filter(|a| a.iter().any(|p| distance(*p, middle) < 700.0)).map(|a| polygon(a)).collect();
    let all: MultiPolygon<f64> = geo::unary_union(&near);
    polygon(ring).intersection(&all).unsigned_area()
}

fn centre(ring: &[Place]) -> Place {
    let n = ring.len() as f64;
    ring.iter().fold([0.0, 0.0], |m, p| [m[0] + p[0] / n, m[1] + p[1] / n])
}
