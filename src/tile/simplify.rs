//! Leaves out what can't be seen: repeated places, spikes, and bends smaller than a tolerance.

/// A place in tile units.
pub type U = [i32; 2];

/// Drops places that repeat the one before.
pub fn without_repeats(line: &mut Vec<U>) {
    line.dedup();
}

/// Makes an open ring of distinct places without spikes (out and back along the same way).
pub fn clean_ring(ring: &mut Vec<U>) {
    ring.dedup();
    while ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    let mut at = 0;
    while ring.len() >= 3 && at < ring.len() {
        let n = ring.len();
        let (before, after) = (ring[(at + n - 1) % n], ring[(at + 1) % n]);
        if before == after {
            // The way goes to `at` and straight back: both the spike and the repeat go.
            ring.remove(at);
            let n = ring.len();
            let twin = at % n;
            ring.remove(twin);
            at = at.saturating_sub(2);
        } else {
            at += 1;
        }
    }
}

/// Douglas and Peucker 1973: keeps the ends and whatever lies further than `tolerance` units off.
pub fn line(line: &mut Vec<U>, tolerance: f64, keep: &mut Vec<bool>) {
    if line.len() < 3 {
        return;
    }
    keep.clear();
    keep.resize(line.len(), false);
    keep[0] = true;
    keep[line.len() - 1] = true;
    let mut todo = vec![(0, line.len() - 1)];
    while let Some((from, to)) = todo.pop() {
        let far =
            (from + 1..to).map(|i| (distance2(line[i], line[from], line[to]), i)).max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((d, at)) = far
            && d > tolerance * tolerance
        {
            keep[at] = true;
            todo.push((from, at));
            todo.push((at, to));
        }
    }
    let mut at = 0;
    line.retain(|_| {
        at += 1;
        keep[at - 1]
    });
}

/// The same for an open ring, held at its first place and the one furthest from it.
pub fn ring(ring: &mut Vec<U>, tolerance: f64, keep: &mut Vec<bool>) {
    if ring.len() < 5 {
        return;
    }
    let first = ring[0];
    let far = |p: &U| (i64::from(p[0] - first[0])).pow(2) + (i64::from(p[1] - first[1])).pow(2);
    let Some(split) = (1..ring.len()).max_by_key(|i| far(&ring[*i])) else { return };
    let mut second: Vec<U> = ring[split..].to_vec();
    second.push(first);
    ring.truncate(split + 1);
    line(ring, tolerance, keep);
    line(&mut second, tolerance, keep);
    ring.extend_from_slice(&second[1..second.len() - 1]);
}

/// Twice the signed area of an open ring in tile units; positive runs clockwise on screen (y down).
pub fn double_area(ring: &[U]) -> i64 {
    let mut sum = 0;
    for i in 0..ring.len() {
        let (a, b) = (ring[i], ring[(i + 1) % ring.len()]);
        sum += i64::from(a[0]) * i64::from(b[1]) - i64::from(b[0]) * i64::from(a[1]);
    }
    sum
}

fn distance2(p: U, a: U, b: U) -> f64 {
    let (px, py) = (f64::from(p[0] - a[0]), f64::from(p[1] - a[1]));
    let (dx, dy) = (f64::from(b[0] - a[0]), f64::from(b[1] - a[1]));
    let long = dx * dx + dy * dy;
    let t = if long == 0.0 { 0.0 } else { ((px * dx + py * dy) / long).clamp(0.0, 1.0) };
    (px - t * dx).powi(2) + (py - t * dy).powi(2)
}
