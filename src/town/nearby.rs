//! What lies at a place: features within a distance in metres, nearest first.

use geo::{Distance, Euclidean};
use geo_types::Point;

use super::layer_town::LayerTown;
use crate::geom::world::WorldBox;
use crate::geom::{Bounds, WorkCrs};

/// A feature near a place.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    pub row: u32,
    /// Metres in the work CRS; 0 inside a polygon.
    pub distance_m: f64,
}

impl LayerTown {
    /// Features within `radius_m` metres of a place in degrees, nearest first.
    pub fn near(&self, lon: f64, lat: f64, radius_m: f64, work: WorkCrs) -> Vec<Near> {
        let (x, y) = work.project(lon, lat);
        // The projected square's corners, a hand's breadth wider, bound the circle in degrees.
        let r = radius_m * 1.01 + 0.1;
        let mut b = Bounds::EMPTY;
        for (dx, dy) in [(-r, -r), (-r, r), (r, -r), (r, r)] {
            let (lon, lat) = work.unproject(x + dx, y + dy);
            b.grow(lon, lat);
        }
        let place = Point::new(x, y);
        let mut out: Vec<Near> = self
            .rows_in(&WorldBox::of_bounds(&b).grown(1))
            .into_iter()
            .filter_map(|row| {
                let shape = self.row(row).shape()?;
                let distance_m =
                    Euclidean.distance(&geo_types::Geometry::Point(place), &work.geometry(&shape.to_geometry()));
                (distance_m <= radius_m).then_some(Near { row, distance_m })
            })
            .collect();
        out.sort_by(|a, b| a.distance_m.total_cmp(&b.distance_m).then(a.row.cmp(&b.row)));
        out
    }
}
