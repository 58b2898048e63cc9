//! Lines in metres, measured along: points, directions, offsets. Knows no degrees and no layer.

/// A place in local metres, east and north.
pub type Place = [f64; 2];

pub fn add(a: Place, b: Place) -> Place {
    [a[0] + b[0], a[1] + b[1]]
}

pub fn sub(a: Place, b: Place) -> Place {
    [a[0] - b[0], a[1] - b[1]]
}

pub fn scale(a: Place, k: f64) -> Place {
    [a[0] * k, a[1] * k]
}

pub fn dot(a: Place, b: Place) -> f64 {
    a[0] * b[0] + a[1] * b[1]
}

pub fn cross(a: Place, b: Place) -> f64 {
    a[0] * b[1] - a[1] * b[0]
}

pub fn distance(a: Place, b: Place) -> f64 {
    (a[0] - b[0]).hypot(a[1] - b[1])
}

/// The direction turned to the left.
pub fn left(d: Place) -> Place {
    [-d[1], d[0]]
}

/// A vector of length one; zero stays zero.
pub fn unit(v: Place) -> Place {
    let l = v[0].hypot(v[1]);
    if l > 0.0 { [v[0] / l, v[1] / l] } else { v }
}

/// Between two places, 0 to 1.
pub fn mix(a: Place, b: Place, t: f64) -> Place {
    [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
}

/// Twice the signed area of a ring, positive when counter-clockwise.
pub fn doubled_area(ring: &[Place]) -> f64 {
    (0..ring.len()).map(|i| cross(ring[i], ring[(i + 1) % ring.len()])).sum()
}

/// Distance of a place from a segment, and the share of the segment at its foot.
pub fn to_segment(p: Place, a: Place, b: Place) -> (f64, f64) {
    let (ab, ap) = (sub(b, a), sub(p, a));
    let l2 = dot(ab, ab);
    let t = if l2 > 0.0 { (dot(ap, ab) / l2).clamp(0.0, 1.0) } else { 0.0 };
    (distance(p, mix(a, b, t)), t)
}

/// Where two segments cross, as shares of each.
pub fn crossing(a: Place, b: Place, c: Place, d: Place) -> Option<(f64, f64)> {
    let (r, s) = (sub(b, a), sub(d, c));
    let k = cross(r, s);
    if k.abs() < 1e-12 {
        return None;
    }
    let (t, u) = (cross(sub(c, a), s) / k, cross(sub(c, a), r) / k);
    ((0.0..=1.0).contains(&t) && (0.0..=1.0).contains(&u)).then_some((t, u))
}

/// Least distance between two segments.
pub fn apart(a: Place, b: Place, c: Place, d: Place) -> f64 {
    if crossing(a, b, c, d).is_some() {
        return 0.0;
    }
    let ends = [to_segment(a, c, d).0, to_segment(b, c, d).0, to_segment(c, a, b).0, to_segment(d, a, b).0];
    ends.into_iter().fold(f64::INFINITY, f64::min)
}

/// A line of at least two places with its measures.
#[derive(Debug, Clone)]
pub struct Curve {
    places: Vec<Place>,
    measures: Vec<f64>,
    /// Mitred left normals at the places.
    normals: Vec<Place>,
}

impl Curve {
    /// A curve through places; repeated ones are dropped. `None` when fewer than two are left.
    pub fn through(places: impl IntoIterator<Item = Place>) -> Option<Curve> {
        let mut kept: Vec<Place> = Vec::new();
        for p in places {
            if kept.last().is_none_or(|l| distance(*l, p) > 1e-3) {
                kept.push(p);
            }
        }
        if kept.len() < 2 {
            return None;
        }
        let mut measures = vec![0.0];
        for w in kept.windows(2) {
            measures.push(measures[measures.len() - 1] + distance(w[0], w[1]));
        }
        let n = kept.len();
        let normal = |i: usize| left(unit(sub(kept[i + 1], kept[i])));
        let normals = (0..n)
            .map(|i| match i {
                0 => normal(0),
                i if i == n - 1 => normal(n - 2),
                i => {
                    let (a, b) = (normal(i - 1), normal(i));
                    let m = unit(add(a, b));
                    // a mitre longer than twice the offset would shoot out at a sharp bend
                    scale(m, 1.0 / dot(m, a).max(0.5))
                }
            })
            .collect();
        Some(Curve { places: kept, measures, normals })
    }

    pub fn places(&self) -> &[Place] {
        &self.places
    }

    pub fn length(&self) -> f64 {
        self.measures[self.measures.len() - 1]
    }

    fn part(&self, m: f64) -> (usize, f64) {
        let i = self.measures.partition_point(|v| *v <= m).clamp(1, self.places.len() - 1) - 1;
        let l = self.measures[i + 1] - self.measures[i];
        (i, ((m - self.measures[i]) / l).clamp(0.0, 1.0))
    }

    /// The place at a measure, moved to the left by `off` metres along the offset line.
    pub fn beside(&self, m: f64, off: f64) -> Place {
        let (i, t) = self.part(m);
        let n = mix(self.normals[i], self.normals[i + 1], t);
        add(mix(self.places[i], self.places[i + 1], t), scale(n, off))
    }

    /// The place at a measure.
    pub fn at(&self, m: f64) -> Place {
        self.beside(m, 0.0)
    }

    /// The direction at a measure, of length one.
    pub fn direction(&self, m: f64) -> Place {
        let (i, _) = self.part(m);
        unit(sub(self.places[i + 1], self.places[i]))
    }

    /// The places from one measure to another, moved to the left by `off`.
    pub fn offset(&self, from: f64, to: f64, off: f64) -> Vec<Place> {
        let mut out = vec![self.beside(from, off)];
        for i in 0..self.places.len() {
            if self.measures[i] > from + 0.01 && self.measures[i] < to - 0.01 {
                out.push(add(self.places[i], scale(self.normals[i], off)));
            }
        }
        out.push(self.beside(to, off));
        out
    }

    /// A ring between two offsets (left positive), from one measure to another.
    pub fn band(&self, from: f64, to: f64, right: f64, left: f64) -> Vec<Place> {
        let mut ring = self.offset(from, to, right);
        ring.extend(self.offset(from, to, left).into_iter().rev());
        ring
    }

    /// Measure of the foot of a place, and its distance.
    pub fn project(&self, p: Place) -> (f64, f64) {
        let mut best = (0.0, f64::INFINITY);
        for i in 0..self.places.len() - 1 {
            let (d, t) = to_segment(p, self.places[i], self.places[i + 1]);
            if d < best.1 {
                best = (self.measures[i] + t * (self.measures[i + 1] - self.measures[i]), d);
            }
        }
        best
    }
}

/// Douglas–Peucker: the fewest places of a line so that none is further than `tolerance` from it.
pub fn simplified(places: &[Place], tolerance: f64) -> Vec<Place> {
    let n = places.len();
    if n < 3 {
        return places.to_vec();
    }
    let mut keep = vec![false; n];
    (keep[0], keep[n - 1]) = (true, true);
    let mut todo = vec![(0, n - 1)];
    while let Some((a, b)) = todo.pop() {
        let far = (a + 1..b)
            .map(|i| (i, to_segment(places[i], places[a], places[b]).0))
            .fold((a, 0.0), |m, x| if x.1 > m.1 { x } else { m });
        if far.1 > tolerance {
            keep[far.0] = true;
            todo.extend([(a, far.0), (far.0, b)]);
        }
    }
    places.iter().zip(keep).filter_map(|(p, k)| k.then_some(*p)).collect()
}

/// The convex hull, counter-clockwise (Andrew's monotone chain).
pub fn hull(places: &[Place]) -> Vec<Place> {
    let mut p = places.to_vec();
    p.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
    let half = |it: &mut dyn Iterator<Item = &Place>| {
        let mut h: Vec<Place> = Vec::new();
        for q in it {
            while h.len() > 1 && cross(sub(h[h.len() - 1], h[h.len() - 2]), sub(*q, h[h.len() - 1])) <= 1e-9 {
                h.pop();
            }
            h.push(*q);
        }
        h.pop();
        h
    };
    let mut out = half(&mut p.iter());
    out.extend(half(&mut p.iter().rev()));
    out
}
