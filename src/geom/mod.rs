//! Places and measures: CRS, lengths, validity, WKB. Pure; knows no layer, no store, no town.

pub mod crs;
pub mod gcj;
pub mod measure;
pub mod shape;
pub mod validity;
pub mod wkb;
pub mod world;

pub use crs::Crs;
pub use measure::WorkCrs;
pub use shape::{Shape, ShapeKind};

/// A geometry in storage coordinates: CGCS2000 longitude and latitude in degrees (EPSG:4490).
pub type Geometry = geo_types::Geometry<f64>;

/// Longitude/latitude bounds in degrees: west, south, east, north.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Bounds {
    pub west: f64,
    pub south: f64,
    pub east: f64,
    pub north: f64,
}

impl Bounds {
    /// The bounds that hold nothing; growing them by a point gives that point.
    pub const EMPTY: Bounds =
        Bounds { west: f64::INFINITY, south: f64::INFINITY, east: f64::NEG_INFINITY, north: f64::NEG_INFINITY };

    /// True when nothing has been put in.
    pub fn is_empty(&self) -> bool {
        self.west > self.east || self.south > self.north
    }

    /// Grows the bounds to hold one place.
    pub fn grow(&mut self, lon: f64, lat: f64) {
        self.west = self.west.min(lon);
        self.south = self.south.min(lat);
        self.east = self.east.max(lon);
        self.north = self.north.max(lat);
    }

    /// Grows the bounds to hold other bounds.
    pub fn join(&mut self, other: &Bounds) {
        if !other.is_empty() {
            self.grow(other.west, other.south);
            self.grow(other.east, other.north);
        }
    }

    /// True when the two share at least a point.
    pub fn meets(&self, other: &Bounds) -> bool {
        self.west <= other.east && other.west <= self.east && self.south <= other.north && other.south <= self.north
    }

    /// The bounds of a geometry; empty for one without coordinates.
    pub fn of(geometry: &Geometry) -> Bounds {
        use geo::CoordsIter;
        let mut bounds = Bounds::EMPTY;
        geometry.coords_iter().for_each(|c| bounds.grow(c.x, c.y));
        bounds
    }

    /// West, south, east, north as GeoJSON writes a bbox.
    pub fn to_array(self) -> [f64; 4] {
        [self.west, self.south, self.east, self.north]
    }
}
