//! Streets as features, and the public area of the roads: a piece between two junctions, a patch at each.

use super::SampleError;
use super::curve::{Place, distance, hull};
use super::district::{District, EDGE};
use super::ground::WINDOW;
use super::out::{Form, Out, Word};
use super::plan::Class;

/// Writes the streets of a district; their ids are kept for others.
pub fn streets(d: &mut District, out: &mut Out) -> Result<(), SampleError> {
    for s in &d.net.streets {
        let mut words = vec![
            ("name", s.name.as_str().into()),
            ("class", s.class.code().into()),
            ("width_m", Word::Real(s.width, 1)),
            ("start_chainage_m", Word::Int(0)),
        ];
        if s.class != Class::Branch {
            words.push(("belt_wanted", Word::Bool(true)));
        }
        let id = out.put("street", Form::Line(s.line.places()), &words)?;
        d.street_ids.push(id);
    }
    Ok(())
}

/// True for a place on the edge of the district's window.
fn on_edge(d: &District, p: Place) -> bool {
    let [u, v] = d.lattice.plan_of(p);
    u.abs() > WINDOW[0] / 2.0 - 1.0 || v.abs() > WINDOW[1] / 2.0 - 1.0
}

/// Writes the road areas and keeps them for the zones.
pub fn areas(d: &mut District, out: &mut Out) -> Result<(), SampleError> {
    // corners of the arms that reach a junction
    let mut corners: Vec<Vec<Place>> = vec![Vec::new(); d.net.junctions.len()];
    let mut rings: Vec<(String, Vec<Place>)> = Vec::new();
    for (at, s) in d.net.streets.iter().enumerate() {
        let length = s.line.length();
        let mut stops: Vec<(f64, f64, Option<usize>)> = Vec::new();
        let free = |m: f64| !s.joints.iter().any(|j| (j.0 - m).abs() < 0.5);
        for m in [0.0, length] {
            if free(m) {
                stops.push((m, if on_edge(d, s.line.at(m)) { EDGE } else { 0.0 }, None));
            }
        }
        stops.extend(s.joints.iter().map(|(m, j)| (*m, d.net.trim(at, *j), Some(*j))));
        stops.sort_by(|a, b| a.0.total_cmp(&b.0));
        let half = s.half();
        for w in stops.windows(2) {
            let ((m0, t0, j0), (m1, t1, j1)) = (w[0], w[1]);
            // two junctions so near that nothing is left between: each takes its half
            let (a, b) = if m0 + t0 + 1.0 < m1 - t1 { (m0 + t0, m1 - t1) } else { ((m0 + m1) / 2.0, (m0 + m1) / 2.0) };
            for (j, m) in [(j0, a), (j1, b)] {
                corners[j.unwrap_or(0)]
                    .extend(j.iter().flat_map(|_| [s.line.beside(m, half), s.line.beside(m, -half)]));
            }
            if b > a {
                rings.push((s.name.clone(), s.line.band(a, b, -half, half)));
            }
        }
    }
    for (at, c) in corners.iter().enumerate() {
        let mut kept: Vec<Place> = Vec::new();
        for p in c {
            if kept.iter().all(|k| distance(*k, *p) > 0.05) {
                kept.push(*p);
            }
        }
        let ring = hull(&kept);
        if ring.len() > 2 && super::curve::doubled_area(&ring) > 2.0 {
            let names: Vec<&str> =
                d.net.junctions[at].streets.iter().map(|s| d.net.streets[s.0].name.as_str()).collect();
            let name = format!("{}路口", names[..names.len().min(2)].join("与"));
            d.guard.keep_line(&[&ring[..], &ring[..1]].concat(), 0.2);
            rings.push((name, ring));
        }
    }
    for (name, ring) in rings {
        out.put("public_area", Form::Area(&ring), &[("kind", "road".into()), ("name", name.into())])?;
        d.areas.push(ring);
    }
    Ok(())
}
