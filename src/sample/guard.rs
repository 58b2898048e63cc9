//! What already stands, so that nothing is built on a street, in the river or on another house.

use std::collections::BTreeMap;

use super::curve::{Place, add, apart, cross, distance, dot, left, scale, sub};

/// A rectangle with a direction: middle, direction of its width, width, depth. Metres.
#[derive(Debug, Clone, Copy)]
pub struct Site {
    pub middle: Place,
    pub east: Place,
    pub width: f64,
    pub depth: f64,
}

impl Site {
    /// A place in the site's own metres from its middle.
    pub fn at(&self, x: f64, y: f64) -> Place {
        add(self.middle, add(scale(self.east, x), scale(left(self.east), y)))
    }

    /// Corners counter-clockwise from the south-west.
    pub fn corners(&self) -> [Place; 4] {
        let (w, d) = (self.width / 2.0, self.depth / 2.0);
        [self.at(-w, -d), self.at(w, -d), self.at(w, d), self.at(-w, d)]
    }

    fn radius(&self) -> f64 {
        self.width.hypot(self.depth) / 2.0
    }

    fn holds(&self, p: Place) -> bool {
        let d = sub(p, self.middle);
        dot(d, self.east).abs() <= self.width / 2.0 && cross(self.east, d).abs() <= self.depth / 2.0
    }
}

/// Side of the squares that things are filed under, in metres.
const SQUARE: f64 = 50.0;

/// Streets, waters and sites that must be kept clear of.
#[derive(Debug, Default)]
pub struct Guard {
    /// Segments with the half width to keep free.
    lines: Vec<(Place, Place, f64)>,
    sites: Vec<Site>,
    line_squares: BTreeMap<(i64, i64), Vec<usize>>,
    site_squares: BTreeMap<(i64, i64), Vec<usize>>,
}

impl Guard {
    /// Keeps a line's width free.
    pub fn keep_line(&mut self, places: &[Place], half: f64) {
        for w in places.windows(2) {
            let at = self.lines.len();
            self.lines.push((w[0], w[1], half));
            let reach = half + 1.0;
            let low = [w[0][0].min(w[1][0]) - reach, w[0][1].min(w[1][1]) - reach];
            let high = [w[0][0].max(w[1][0]) + reach, w[0][1].max(w[1][1]) + reach];
            for s in squares(low, high) {
                self.line_squares.entry(s).or_default().push(at);
            }
        }
    }

    /// Keeps a site free.
    pub fn keep(&mut self, site: Site) {
        let at = self.sites.len();
        self.sites.push(site);
        for s in around(site.middle, site.radius()) {
            self.site_squares.entry(s).or_default().push(at);
        }
    }

    /// Takes a site if it is free with `gap` metres around it.
    pub fn take(&mut self, site: Site, gap: f64) -> bool {
        let free = self.is_free(&site, gap);
        if free {
            self.keep(site);
        }
        free
    }

    /// True when nothing kept comes nearer than `gap` to the site.
    pub fn is_free(&self, site: &Site, gap: f64) -> bool {
        let corners = site.corners();
        let sides = |i: usize| (corners[i], corners[(i + 1) % 4]);
        for square in around(site.middle, site.radius() + gap) {
            for at in self.line_squares.get(&square).into_iter().flatten() {
                let (a, b, half) = self.lines[*at];
                if site.holds(a) || (0..4).any(|i| apart(sides(i).0, sides(i).1, a, b) < half + gap) {
                    return false;
                }
            }
            for at in self.site_squares.get(&square).into_iter().flatten() {
                let other = &self.sites[*at];
                if distance(other.middle, site.middle) < other.radius() + site.radius() + gap
                    && !parted(site, other, gap)
                {
                    return false;
                }
            }
        }
        true
    }

    /// True when a place is `gap` clear of everything kept.
    pub fn is_clear(&self, p: Place, gap: f64) -> bool {
        self.is_free(&Site { middle: p, east: [1.0, 0.0], width: 0.02, depth: 0.02 }, gap)
    }
}

/// Separating axes: true when a line parallel to a side parts the two by at least `gap`.
fn parted(a: &Site, b: &Site, gap: f64) -> bool {
    [a.east, left(a.east), b.east, left(b.east)].into_iter().any(|axis| {
        let span = |s: &Site| {
            let half = dot(s.east, axis).abs() * s.width / 2.0 + dot(left(s.east), axis).abs() * s.depth / 2.0;
            let m = dot(s.middle, axis);
            (m - half, m + half)
        };
        let ((a0, a1), (b0, b1)) = (span(a), span(b));
        a0 > b1 + gap || b0 > a1 + gap
    })
}

fn around(p: Place, r: f64) -> impl Iterator<Item = (i64, i64)> {
    squares([p[0] - r, p[1] - r], [p[0] + r, p[1] + r])
}

fn squares(low: Place, high: Place) -> impl Iterator<Item = (i64, i64)> {
    let at = |v: f64| (v / SQUARE).floor() as i64;
    let (x0, x1, y0, y1) = (at(low[0]), at(high[0]), at(low[1]), at(high[1]));
    (x0..=x1).flat_map(move |x| (y0..=y1).map(move |y| (x, y)))
}
