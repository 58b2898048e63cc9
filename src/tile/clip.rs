//! Clips lines and rings to a tile's reach, in world units.

/// A world place, wide enough to lie outside the world.
pub type P = [i64; 2];

/// A closed box to clip to.
#[derive(Debug, Clone, Copy)]
pub struct Window {
    pub min: P,
    pub max: P,
}

impl Window {
    /// True when the place lies in it, edges included.
    #[inline]
    pub fn holds(&self, p: P) -> bool {
        (0..2).all(|a| p[a] >= self.min[a] && p[a] <= self.max[a])
    }

    /// The part of a segment that lies in the box (Liang and Barsky 1984); `None` when none does.
    /// Ends that lie inside are given back unchanged.
    pub fn segment(&self, a: P, b: P) -> Option<(P, P)> {
        if self.holds(a) && self.holds(b) {
            return Some((a, b));
        }
        let (mut t0, mut t1) = (0.0f64, 1.0f64);
        for axis in 0..2 {
            let d = (b[axis] - a[axis]) as f64;
            for (sign, edge) in [(-1.0, self.min[axis]), (1.0, self.max[axis])] {
                let (p, q) = (sign * d, sign * (edge - a[axis]) as f64);
                if p == 0.0 {
                    if q < 0.0 {
                        return None;
                    }
                } else {
                    let t = q / p;
                    if p < 0.0 { t0 = t0.max(t) } else { t1 = t1.min(t) }
                }
            }
        }
        if t0 > t1 {
            return None;
        }
        let at = |t: f64| -> P {
            [0, 1].map(|i| (a[i] + ((b[i] - a[i]) as f64 * t).round() as i64).clamp(self.min[i], self.max[i]))
        };
        Some((if t0 > 0.0 { at(t0) } else { a }, if t1 < 1.0 { at(t1) } else { b }))
    }

    /// The runs of a line that lie in the box, each handed over as it is found.
    pub fn line(&self, line: &[[u32; 2]], run: &mut Vec<P>, mut emit: impl FnMut(&[P])) {
        run.clear();
        for pair in line.windows(2) {
            let (a, b) = (pair[0].map(i64::from), pair[1].map(i64::from));
            match self.segment(a, b) {
                Some((from, to)) => {
                    if run.last() != Some(&from) {
                        if run.len() > 1 {
                            emit(run);
                        }
                        run.clear();
                        run.push(from);
                    }
                    run.push(to);
                }
                None => {
                    if run.len() > 1 {
                        emit(run);
                    }
                    run.clear();
                }
            }
        }
        if run.len() > 1 {
            emit(run);
        }
    }

    /// A ring clipped to the box (Sutherland and Hodgman 1974), open (its first place not repeated), in `out`.
    /// `spare` is scratch. Both may come out empty.
    pub fn ring(&self, ring: &[[u32; 2]], out: &mut Vec<P>, spare: &mut Vec<P>) {
        out.clear();
        let open = if ring.first() == ring.last() { &ring[..ring.len().saturating_sub(1)] } else { ring };
        out.extend(open.iter().map(|p| p.map(i64::from)));
        for axis in 0..2 {
            for (edge, low) in [(self.min[axis], true), (self.max[axis], false)] {
                std::mem::swap(out, spare);
                out.clear();
                let inside = |p: &P| if low { p[axis] >= edge } else { p[axis] <= edge };
                let Some(mut before) = spare.last().copied() else { return };
                for &p in spare.iter() {
                    if inside(&p) != inside(&before) {
                        out.push(cross(before, p, axis, edge));
                    }
                    if inside(&p) {
                        out.push(p);
                    }
                    before = p;
                }
            }
        }
    }
}

/// Where a segment crosses `axis = edge`; the same from either end.
fn cross(a: P, b: P, axis: usize, edge: i64) -> P {
    let (a, b) = if a <= b { (a, b) } else { (b, a) };
    let t = (edge - a[axis]) as f64 / (b[axis] - a[axis]) as f64;
    let other = 1 - axis;
    let mut p = [0; 2];
    p[axis] = edge;
    p[other] = a[other] + ((b[other] - a[other]) as f64 * t).round() as i64;
    p
}

#[cfg(test)]
mod tests {
    use super::*;

    const W: Window = Window { min: [0, 0], max: [10, 10] };

    #[test]
    fn a_line_that_leaves_and_comes_back_makes_two_runs() {
        let mut runs = Vec::new();
        W.line(&[[1, 5], [20, 5], [20, 7], [1, 7]], &mut Vec::new(), |r| runs.push(r.to_vec()));
        assert_eq!(runs, vec![vec![[1, 5], [10, 5]], vec![[10, 7], [1, 7]]]);
    }

    #[test]
    fn a_ring_around_the_box_becomes_the_box() {
        let (mut out, mut spare) = (Vec::new(), Vec::new());
        let w = Window { min: [10, 10], max: [20, 20] };
        w.ring(&[[0, 0], [30, 0], [30, 30], [0, 30], [0, 0]], &mut out, &mut spare);
        let mut corners = out.clone();
        corners.sort_unstable();
        corners.dedup();
        assert_eq!(corners, vec![[10, 10], [10, 20], [20, 10], [20, 20]]);
    }

    #[test]
    fn a_ring_beside_the_box_leaves_nothing() {
        let (mut out, mut spare) = (Vec::new(), Vec::new());
        W.ring(&[[20, 20], [30, 20], [30, 30], [20, 20]], &mut out, &mut spare);
        assert!(out.is_empty());
    }
}
