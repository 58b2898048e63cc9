//! Lengths and areas in the town's work CRS, in metres and square metres. Never in Web Mercator.

use geo::{Area, Euclidean, Length, MapCoords};

use super::{Crs, Geometry};

/// The projected system in which a town measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorkCrs(pub Crs);

impl WorkCrs {
    /// Storage degrees to metres, easting first.
    pub fn project(self, lon: f64, lat: f64) -> (f64, f64) {
        self.0.from_storage(lon, lat)
    }

    /// Metres to storage degrees.
    pub fn unproject(self, x: f64, y: f64) -> (f64, f64) {
        self.0.to_storage(x, y)
    }

    /// A storage geometry in metres.
    pub fn geometry(self, geometry: &Geometry) -> Geometry {
        self.0.geometry_from_storage(geometry, false)
    }

    /// Length of lines, or of a polygon's rings, in metres; 0 for points.
    ///
    /// ```
    /// use geo_types::line_string;
    /// use townseat::geom::{Crs, WorkCrs};
    /// let work = WorkCrs(Crs::GaussKruger(4548));
    /// let a = work.unproject(477_000.0, 3_924_000.0);
    /// let b = work.unproject(477_300.0, 3_924_400.0);
    /// let line = line_string![(x: a.0, y: a.1), (x: b.0, y: b.1)].into();
    /// assert!((work.length(&line) - 500.0).abs() < 1e-6);
    /// ```
    pub fn length(self, geometry: &Geometry) -> f64 {
        match self.geometry(geometry) {
            Geometry::LineString(l) => Euclidean.length(&l),
            Geometry::MultiLineString(m) => Euclidean.length(&m),
            Geometry::Polygon(p) => rings(&p),
            Geometry::MultiPolygon(m) => m.iter().map(rings).sum(),
            _ => 0.0,
        }
    }

    /// Area of polygons in square metres; 0 for points and lines.
    pub fn area(self, geometry: &Geometry) -> f64 {
        geometry.map_coords(|c| self.project(c.x, c.y).into()).unsigned_area()
    }
}

fn rings(p: &geo_types::Polygon<f64>) -> f64 {
    std::iter::once(p.exterior()).chain(p.interiors()).map(|r| Euclidean.length(r)).sum()
}
