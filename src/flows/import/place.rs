//! Brings coordinates of a file to storage, and tells by the size of the numbers which CRS they have.
//!
//! Survey data often has X for north. In every Gauss–Krüger system served, northings and eastings
//! differ in size, so the order is told by the numbers and never by a name.

use geo::{CoordsIter, MapCoords};

use super::super::problem::Problem;
use crate::geom::crs::GAUSS_KRUGER;
use crate::geom::{Crs, Geometry};

/// Metres from the central meridian within which a place of a zone lies: more than half of a 6° zone.
const REACH: f64 = 400_000.0;
/// Northings in metres that China has, with room to spare (15°N to 59°N).
const NORTH: std::ops::RangeInclusive<f64> = 1_650_000.0..=6_550_000.0;

fn is_easting(v: f64, false_easting: f64) -> bool {
    (v - false_easting).abs() <= REACH
}

/// The CRS that two numbers look like, in either order; `None` when they look like none.
///
/// ```
/// use townseat::{flows::import::place::likely, geom::Crs};
/// assert_eq!(likely(477_303.581, 3_924_546.737), Some(Crs::GaussKruger(4548)));
/// assert_eq!(likely(3_924_546.737, 39_477_303.581), Some(Crs::GaussKruger(4527)));
/// assert_eq!(likely(116.7, 35.4), None);
/// ```
pub fn likely(x: f64, y: f64) -> Option<Crs> {
    let gauss = GAUSS_KRUGER.iter().find(|(_, _, easting)| {
        is_easting(x, *easting) && NORTH.contains(&y) || is_easting(y, *easting) && NORTH.contains(&x)
    });
    let mercator = (8.0e6..=1.51e7).contains(&x) && (1.6e6..=7.4e6).contains(&y);
    gauss.map(|(code, ..)| Crs::GaussKruger(*code)).or(mercator.then_some(Crs::Epsg3857))
}

/// A geometry in storage coordinates, and whether northing stood first.
pub fn to_storage(geometry: Geometry, crs: Crs) -> Result<(Geometry, bool), Problem> {
    let not_in = |x, y| Problem::NotInCrs { x, y, crs, likely: likely(x, y).filter(|l| *l != crs) };
    let outside = |geometry: &Geometry, fits: &dyn Fn(f64, f64) -> bool| {
        geometry.coords_iter().find(|c| !fits(c.x, c.y)).map(|c| not_in(c.x, c.y))
    };
    match crs {
        Crs::Crs84 | Crs::Epsg4326 | Crs::Epsg4490 => Ok((geometry, false)),
        Crs::Gcj02 | Crs::Bd09 => {
            // Left as they are, places out of range are told as such by the rules that follow.
            let degrees = |x: f64, y: f64| x.abs() <= 180.0 && y.abs() <= 90.0;
            match outside(&geometry, &degrees) {
                Some(_) => Ok((geometry, false)),
                None => Ok((crs.geometry_to_storage(geometry), false)),
            }
        }
        Crs::Epsg3857 => {
            // The square ends at ±20 037 508 m; numbers as small as degrees are degrees.
            let metres = |x: f64, y: f64| {
                x.abs() <= 20_037_508.343 && y.abs() <= 20_048_967.0 && (x.abs() > 180.0 || y.abs() > 90.0)
            };
            match outside(&geometry, &metres) {
                Some(problem) => Err(problem),
                None => Ok((crs.geometry_to_storage(geometry), false)),
            }
        }
        Crs::GaussKruger(code) => {
            let easting = GAUSS_KRUGER.iter().find(|g| g.0 == code).map_or(500_000.0, |g| g.2);
            let north_first =
                geometry.coords_iter().next().is_some_and(|c| NORTH.contains(&c.x) && is_easting(c.y, easting));
            let geometry = match north_first {
                true => geometry.map_coords(|c| (c.y, c.x).into()),
                false => geometry,
            };
            match outside(&geometry, &|x, y| is_easting(x, easting) && NORTH.contains(&y)) {
                Some(problem) => Err(problem),
                None => Ok((crs.geometry_to_storage(geometry), north_first)),
            }
        }
    }
}
