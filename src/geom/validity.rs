//! What is wrong with a geometry: faults that stop an import, and warnings that land and are listed.

use geo::Winding;
use geo::line_intersection::{LineIntersection, line_intersection};
use geo_types::{Line, LineString, Polygon};
use rstar::primitives::{GeomWithData, Line as IndexedLine};
use rstar::{AABB, RTree};

use super::{Geometry, WorkCrs};

/// One thing wrong with a geometry.
#[derive(Debug, Clone, PartialEq)]
pub enum GeometryFault {
    /// No coordinates at all.
    Empty,
    /// Longitude or latitude outside ±180, ±90, or not a number.
    OutOfRange { x: f64, y: f64 },
    /// Numbers of a projected system where degrees are wanted.
    Projected { x: f64, y: f64 },
    /// Latitude and longitude look swapped, as seen against the town's extent.
    Swapped { x: f64, y: f64 },
    /// A ring whose last place is not its first.
    OpenRing { ring: usize },
    /// A ring or line with too few places.
    TooShort { places: usize, needed: usize },
    /// A ring that crosses or touches itself, or another ring of its polygon.
    Crossing { x: f64, y: f64 },
    /// A line or ring of no length or area, in metres or square metres.
    Tiny { measure: f64 },
    /// An outer ring wound clockwise or an inner one counter-clockwise (RFC 7946 wants the reverse).
    Winding,
    /// Wholly outside the town's extent.
    OutsideTown,
}

impl GeometryFault {
    /// True for what an import lands and lists, false for what stops it.
    pub fn is_warning(&self) -> bool {
        matches!(self, GeometryFault::Tiny { .. } | GeometryFault::Winding | GeometryFault::OutsideTown)
    }
}

/// Lines and rings below this length (m) or area (m²) count as tiny.
pub const TINY: f64 = 0.01;

/// All faults of a geometry in storage coordinates. `town` is the extent used to tell outside and swapped.
pub fn faults(geometry: &Geometry, work: WorkCrs, town: &super::Bounds) -> Vec<GeometryFault> {
    use geo::CoordsIter;
    if geometry.coords_count() == 0 {
        return vec![GeometryFault::Empty];
    }
    if let Some(c) = geometry.coords_iter().find(|c| !(c.x.abs() <= 180.0 && c.y.abs() <= 90.0)) {
        let (x, y) = (c.x, c.y);
        let swapped = x.abs() <= 90.0 && y.abs() <= 180.0 && town.meets(&point_bounds(y, x));
        return vec![match (swapped, x.abs() > 1000.0 && y.abs() > 1000.0) {
            (true, _) => GeometryFault::Swapped { x, y },
            (_, true) => GeometryFault::Projected { x, y },
            _ => GeometryFault::OutOfRange { x, y },
        }];
    }
    let mut out = Vec::new();
    match geometry {
        Geometry::LineString(l) => line(l, &mut out),
        Geometry::MultiLineString(m) => m.0.iter().for_each(|l| line(l, &mut out)),
        Geometry::Polygon(p) => polygon(p, &mut out),
        Geometry::MultiPolygon(m) => m.0.iter().for_each(|p| polygon(p, &mut out)),
        _ => {}
    }
    if out.iter().any(|f| !f.is_warning()) {
        return out;
    }
    let measure = match geometry {
        Geometry::LineString(_) | Geometry::MultiLineString(_) => Some(work.length(geometry)),
        Geometry::Polygon(_) | Geometry::MultiPolygon(_) => Some(work.area(geometry)),
        _ => None,
    };
    out.extend(measure.filter(|m| m.is_nan() || *m < TINY).map(|measure| GeometryFault::Tiny { measure }));
    if !town.is_empty() && !town.meets(&super::Bounds::of(geometry)) {
        out.push(GeometryFault::OutsideTown);
    }
    out
}

fn point_bounds(x: f64, y: f64) -> super::Bounds {
    super::Bounds { west: x, south: y, east: x, north: y }
}

fn line(l: &LineString<f64>, out: &mut Vec<GeometryFault>) {
    if l.0.len() < 2 {
        out.push(GeometryFault::TooShort { places: l.0.len(), needed: 2 });
    }
}

/// Rings as written in the file, open ones left open, so that [`open_ring`] can see them:
/// `geo_types::Polygon` closes its rings by itself.
pub fn open_ring(ring: &[[f64; 2]]) -> bool {
    ring.first() != ring.last()
}

fn polygon(p: &Polygon<f64>, out: &mut Vec<GeometryFault>) {
    let rings: Vec<&LineString<f64>> = std::iter::once(p.exterior()).chain(p.interiors()).collect();
    if let Some(r) = rings.iter().find(|r| r.0.len() < 4) {
        out.push(GeometryFault::TooShort { places: r.0.len(), needed: 4 });
        return;
    }
    out.extend(crossing(&rings).map(|(x, y)| GeometryFault::Crossing { x, y }));
    let wrong = |(i, r): (usize, &&LineString<f64>)| if i == 0 { r.is_cw() } else { r.is_ccw() };
    if rings.iter().enumerate().any(wrong) {
        out.push(GeometryFault::Winding);
    }
}

type Segment = GeomWithData<IndexedLine<[f64; 2]>, (usize, usize)>;

/// The first place where segments of the rings meet other than at the ends they share.
fn crossing(rings: &[&LineString<f64>]) -> Option<(f64, f64)> {
    let mut segments: Vec<(Line<f64>, usize, usize)> = Vec::new();
    for (r, ring) in rings.iter().enumerate() {
        // Repeated places are no crossing: they make segments of no length.
        for l in ring.lines().filter(|l| l.start != l.end) {
            let at = segments.len();
            segments.push((l, r, at));
        }
    }
    let index: RTree<Segment> = RTree::bulk_load(
        segments
            .iter()
            .map(|(l, r, i)| GeomWithData::new(IndexedLine::new([l.start.x, l.start.y], [l.end.x, l.end.y]), (*r, *i)))
            .collect(),
    );
    let span = |r: usize| {
        let first = segments.iter().position(|s| s.1 == r).unwrap_or(0);
        (first, segments.iter().filter(|s| s.1 == r).count())
    };
    let spans: Vec<(usize, usize)> = (0..rings.len()).map(span).collect();
    for (l, r, i) in &segments {
        let b = AABB::from_corners(
            [l.start.x.min(l.end.x), l.start.y.min(l.end.y)],
            [l.start.x.max(l.end.x), l.start.y.max(l.end.y)],
        );
        for other in index.locate_in_envelope_intersecting(b) {
            let (r2, j) = other.data;
            if j <= *i {
                continue;
            }
            let (first, count) = spans[*r];
            let neighbours = *r == r2 && (j == i + 1 || (*i == first && j == first + count - 1));
            match line_intersection(*l, segments[j].0) {
                None => {}
                Some(LineIntersection::SinglePoint { intersection, .. }) => {
                    // Neighbours share one end; rings of a polygon may touch at a place (OGC 06-103r4, 6.1.11).
                    let touch = *r != r2 && (is_end(l, intersection) || is_end(&segments[j].0, intersection));
                    if !neighbours && !touch {
                        return Some((intersection.x, intersection.y));
                    }
                }
                Some(LineIntersection::Collinear { intersection }) => {
                    return Some((intersection.start.x, intersection.start.y));
                }
            }
        }
    }
    None
}

fn is_end(l: &Line<f64>, c: geo_types::Coord<f64>) -> bool {
    l.start == c || l.end == c
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geom::{Bounds, Crs};
    use geo_types::polygon;

    const TOWN: Bounds = Bounds { west: 116.6, south: 35.4, east: 116.8, north: 35.5 };
    const WORK: WorkCrs = WorkCrs(Crs::GaussKruger(4548));

    #[test]
    fn a_bow_tie_crosses_and_a_square_does_not() {
        let square = polygon![(x: 116.7, y: 35.45), (x: 116.71, y: 35.45), (x: 116.71, y: 35.46), (x: 116.7, y: 35.46)];
        assert_eq!(faults(&square.into(), WORK, &TOWN), vec![]);
        let bow = polygon![(x: 116.7, y: 35.45), (x: 116.71, y: 35.46), (x: 116.71, y: 35.45), (x: 116.7, y: 35.46)];
        assert!(matches!(faults(&bow.into(), WORK, &TOWN)[0], GeometryFault::Crossing { .. }));
    }

    #[test]
    fn projected_and_swapped_numbers_are_told_apart() {
        let at = |x: f64, y: f64| faults(&geo_types::point!(x: x, y: y).into(), WORK, &TOWN);
        assert!(matches!(at(477_303.0, 3_924_546.0)[0], GeometryFault::Projected { .. }));
        assert!(matches!(at(35.45, 116.7)[0], GeometryFault::Swapped { .. }));
        assert!(matches!(at(500.0, 35.0)[0], GeometryFault::OutOfRange { .. }));
        assert_eq!(at(f64::NAN, 35.0).len(), 1);
        assert_eq!(at(120.0, 30.0), vec![GeometryFault::OutsideTown]);
    }
}
