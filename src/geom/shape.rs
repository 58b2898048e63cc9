//! A geometry flattened for reading fast: one run of places, and where its parts and rings end.

use geo_types::{Coord, LineString, MultiLineString, MultiPoint, MultiPolygon, Point, Polygon};

use super::{Geometry, world};

/// What a shape is made of. Multi geometries share the kind of their parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum ShapeKind {
    Point = 1,
    Line = 2,
    Polygon = 3,
}

/// A geometry as flat runs, with exact degrees and world integers side by side.
///
/// `rings` are end indices into the places, one a point run, line or ring; `parts` are end indices
/// into `rings`, one a point run, line or polygon (whose first ring is the outer one). `multi` tells
/// a single part from a Multi geometry of one part. Degrees are the source's f64, untouched.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    pub kind: ShapeKind,
    pub multi: bool,
    pub degrees: Box<[[f64; 2]]>,
    pub world: Box<[[u32; 2]]>,
    pub rings: Box<[u32]>,
    pub parts: Box<[u32]>,
}

impl Shape {
    /// Flattens a geometry; `None` for collections and empty geometries, which layers do not hold.
    pub fn of(geometry: &Geometry) -> Option<Shape> {
        let mut flat = Flat::default();
        let (kind, multi) = match geometry {
            Geometry::Point(p) => (ShapeKind::Point, flat.part([&[p.0][..]])),
            Geometry::LineString(l) => (ShapeKind::Line, flat.part([&l.0[..]])),
            Geometry::Polygon(p) => (ShapeKind::Polygon, flat.polygon(p)),
            Geometry::MultiPoint(m) => {
                let run: Vec<Coord> = m.0.iter().map(|p| p.0).collect();
                flat.part([&run[..]]);
                (ShapeKind::Point, true)
            }
            Geometry::MultiLineString(m) => {
                m.0.iter().for_each(|l| _ = flat.part([&l.0[..]]));
                (ShapeKind::Line, true)
            }
            Geometry::MultiPolygon(m) => {
                m.0.iter().for_each(|p| _ = flat.polygon(p));
                (ShapeKind::Polygon, true)
            }
            _ => return None,
        };
        if flat.degrees.is_empty() {
            return None;
        }
        let world = flat.degrees.iter().map(|d| world::from_lonlat(d[0], d[1])).collect();
        Some(Shape {
            kind,
            multi,
            degrees: flat.degrees.into(),
            world,
            rings: flat.rings.into(),
            parts: flat.parts.into(),
        })
    }

    /// The geometry again, equal to the one it was made of.
    pub fn to_geometry(&self) -> Geometry {
        let line = |ring: usize| -> LineString<f64> {
            LineString(self.ring(ring).iter().map(|d| Coord { x: d[0], y: d[1] }).collect())
        };
        let polygon = |part: usize| {
            let rings = self.part(part);
            Polygon::new(line(rings.start), rings.skip(1).map(line).collect())
        };
        let count = self.parts.len();
        match (self.kind, self.multi) {
            (ShapeKind::Point, false) => Geometry::Point(Point(line(0).0[0])),
            (ShapeKind::Point, true) => Geometry::MultiPoint(MultiPoint(line(0).0.into_iter().map(Point).collect())),
            (ShapeKind::Line, false) => Geometry::LineString(line(0)),
            (ShapeKind::Line, true) => Geometry::MultiLineString(MultiLineString((0..count).map(line).collect())),
            (ShapeKind::Polygon, false) => Geometry::Polygon(polygon(0)),
            (ShapeKind::Polygon, true) => Geometry::MultiPolygon(MultiPolygon((0..count).map(polygon).collect())),
        }
    }

    /// The ring numbers of one part.
    pub fn part(&self, part: usize) -> std::ops::Range<usize> {
        let start = if part == 0 { 0 } else { self.parts[part - 1] as usize };
        start..self.parts[part] as usize
    }

    /// The places of one ring, in degrees.
    pub fn ring(&self, ring: usize) -> &[[f64; 2]] {
        &self.degrees[self.span(ring)]
    }

    /// The places of one ring, in world integers.
    pub fn world_ring(&self, ring: usize) -> &[[u32; 2]] {
        &self.world[self.span(ring)]
    }

    fn span(&self, ring: usize) -> std::ops::Range<usize> {
        let start = if ring == 0 { 0 } else { self.rings[ring - 1] as usize };
        start..self.rings[ring] as usize
    }

    /// The box around it in world integers.
    pub fn world_box(&self) -> world::WorldBox {
        world::WorldBox::around(&self.world)
    }

    /// The box around it in degrees.
    pub fn bounds(&self) -> super::Bounds {
        let mut b = super::Bounds::EMPTY;
        self.degrees.iter().for_each(|d| b.grow(d[0], d[1]));
        b
    }
}

#[derive(Default)]
struct Flat {
    degrees: Vec<[f64; 2]>,
    rings: Vec<u32>,
    parts: Vec<u32>,
}

impl Flat {
    /// Adds one part; gives `false`, the `multi` of a single one.
    fn part<'a>(&mut self, rings: impl IntoIterator<Item = &'a [Coord]>) -> bool {
        for ring in rings {
            self.degrees.extend(ring.iter().map(|c| [c.x, c.y]));
            self.rings.push(self.degrees.len() as u32);
        }
        self.parts.push(self.rings.len() as u32);
        false
    }

    fn polygon(&mut self, p: &Polygon<f64>) -> bool {
        self.part(std::iter::once(p.exterior()).chain(p.interiors()).map(|r| &r.0[..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, polygon};

    #[test]
    fn a_shape_gives_back_the_geometry_it_was_made_of() {
        let hole = polygon!(exterior: [(x: 0., y: 0.), (x: 9., y: 0.), (x: 9., y: 9.)],
                            interiors: [[(x: 5., y: 1.), (x: 6., y: 1.), (x: 6., y: 2.)]]);
        let line = line_string![(x: 116.1, y: 35.2), (x: 116.3, y: 35.4)];
        for g in [
            Geometry::Point(Point::new(116.72, 35.46)),
            Geometry::MultiPoint(MultiPoint(vec![Point::new(1., 2.), Point::new(3., 4.)])),
            Geometry::LineString(line.clone()),
            Geometry::MultiLineString(MultiLineString(vec![line.clone(), line])),
            Geometry::Polygon(hole.clone()),
            Geometry::MultiPolygon(MultiPolygon(vec![hole.clone(), hole])),
        ] {
            assert_eq!(Shape::of(&g).map(|s| s.to_geometry()), Some(g));
        }
    }
}
