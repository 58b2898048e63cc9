//! Geometries and boxes of a filter into storage coordinates: axes, CRS, range, closed and simple rings.

use geo::MapCoords;
use geo_types::{Coord, LineString, MultiPolygon, Polygon, Rect};

use super::Reading;
use super::fault::{FilterFault, Found};
use crate::geom::validity::{self, GeometryFault};
use crate::geom::{Bounds, Crs, Geometry, WorkCrs};

/// A line of at least two places.
pub fn line(at: Option<usize>, places: Vec<Coord>) -> Found<LineString> {
    if places.len() < 2 {
        return Err(wrong(at, "一条线至少要两个点", "a line has two places at least"));
    }
    Ok(LineString(places))
}

/// A polygon of closed rings, the outer one first.
pub fn polygon(at: Option<usize>, rings: Vec<Vec<Coord>>) -> Found<Polygon> {
    let mut closed = Vec::with_capacity(rings.len());
    for ring in rings {
        if ring.len() < 4 || ring.first() != ring.last() {
            return Err(wrong(
                at,
                "面的环至少要四个点，且首尾相同",
                "a ring has four places at least, the last one like the first",
            ));
        }
        closed.push(LineString(ring));
    }
    let mut rings = closed.into_iter();
    let outer = rings.next().ok_or_else(|| wrong(at, "面没有环", "a polygon has a ring at least"))?;
    Ok(Polygon::new(outer, rings.collect()))
}

fn wrong(at: Option<usize>, zh: &str, en: &str) -> FilterFault {
    FilterFault::new(at, format!("几何有误：{zh}"), format!("a geometry is wrong: {en}")).hint(
        "例如 S_INTERSECTS(geometry, POLYGON((116.7 35.4,116.8 35.4,116.8 35.5,116.7 35.4)))",
        "such as S_INTERSECTS(geometry, POLYGON((116.7 35.4,116.8 35.4,116.8 35.5,116.7 35.4)))",
    )
}

/// Parts along each edge of a box that is not a box in storage coordinates.
const STEPS: u32 = 16;

impl Reading<'_> {
    /// A geometry as written into storage coordinates.
    pub(super) fn stored(&self, at: Option<usize>, written: &Geometry) -> Found<Geometry> {
        let turned =
            if self.crs.north_first() { written.map_coords(|c| Coord { x: c.y, y: c.x }) } else { written.clone() };
        let stored = self.crs.geometry_to_storage(turned);
        // Tiny and the town's extent are no matter here, so neither the work CRS nor an extent counts.
        let faults = validity::faults(&stored, WorkCrs(Crs::GaussKruger(4548)), &Bounds::EMPTY);
        match faults.iter().find(|f| !f.is_warning()) {
            None => Ok(stored),
            Some(GeometryFault::Crossing { .. }) => Err(wrong(at, "环自相交", "a ring crosses itself")),
            Some(GeometryFault::Empty | GeometryFault::TooShort { .. } | GeometryFault::OpenRing { .. }) => {
                Err(wrong(at, "点太少", "it has too few places"))
            }
            Some(_) => Err(self.out_of_range(at)),
        }
    }

    /// A box as written into storage coordinates: one box, or two where it crosses the antimeridian.
    pub(super) fn boxed(&self, at: Option<usize>, [a, b, c, d]: [f64; 4]) -> Found<Geometry> {
        let (west, south, east, north) = if self.crs.north_first() { (b, a, d, c) } else { (a, b, c, d) };
        if south > north {
            return Err(wrong(at, "BBOX 的南界大于北界", "the south of the box lies north of its north"));
        }
        let rect = |west: f64, east: f64| Rect::new((west, south), (east, north)).to_polygon();
        if self.crs.is_projected() {
            if west > east {
                return Err(wrong(at, "BBOX 的西界大于东界", "the west of the box lies east of its east"));
            }
            let corners = [(west, south), (east, south), (east, north), (west, north), (west, south)];
            let along = corners.windows(2).flat_map(|pair| {
                let ((x1, y1), (x2, y2)) = (pair[0], pair[1]);
                (0..STEPS).map(move |i| {
                    let t = f64::from(i) / f64::from(STEPS);
                    (x1 + t * (x2 - x1), y1 + t * (y2 - y1))
                })
            });
            let stored: Vec<(f64, f64)> = along.map(|(x, y)| self.crs.to_storage(x, y)).collect();
            if stored.iter().any(|(x, y)| !(x.abs() <= 180.0 && y.abs() <= 90.0)) {
                return Err(self.out_of_range(at));
            }
            return Ok(Polygon::new(LineString::from(stored), vec![]).into());
        }
        if ![west, east].iter().all(|x| x.abs() <= 180.0) || ![south, north].iter().all(|y| y.abs() <= 90.0) {
            return Err(self.out_of_range(at));
        }
        if west > east {
            return Ok(MultiPolygon(vec![rect(west, 180.0), rect(-180.0, east)]).into());
        }
        Ok(rect(west, east).into())
    }

    fn out_of_range(&self, at: Option<usize>) -> FilterFault {
        let crs = self.crs;
        let order = if crs.north_first() { ("先北后东", "north first") } else { ("先东后北", "east first") };
        wrong(at, &format!("坐标超出 {crs} 的范围"), &format!("its coordinates are out of the range of {crs}")).hint(
            format!("坐标系由 filter-crs 指定，现为 {crs}，{}", order.0),
            format!("filter-crs names the CRS, now {crs}, {}", order.1),
        )
    }
}
