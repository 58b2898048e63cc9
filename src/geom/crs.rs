//! The coordinate systems that the service reads and writes, by name and by number.
//!
//! Storage is CGCS2000 longitude/latitude (EPSG:4490), at map accuracy equal to WGS 84
//! (EPSG:4326, CRS84). Parameters of the Gauss–Krüger systems are those of the EPSG registry.

use std::fmt;
use std::sync::OnceLock;

use geo::MapCoords;
use proj4rs::Proj;

use super::{Bounds, Geometry, gcj};

/// A coordinate system that data may come in or go out as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Crs {
    /// OGC CRS84: WGS 84, longitude first.
    Crs84,
    /// EPSG:4326: WGS 84, latitude first where the standard's axis order counts.
    Epsg4326,
    /// EPSG:4490: CGCS2000, latitude first where the standard's axis order counts.
    Epsg4490,
    /// EPSG:3857: Web Mercator, easting first. Never measured in.
    Epsg3857,
    /// A CGCS2000 Gauss–Krüger system; its EPSG code is one of [`GAUSS_KRUGER`].
    GaussKruger(u16),
    /// GCJ-02, the shifted longitude/latitude of Chinese web maps.
    Gcj02,
    /// BD-09, the doubly shifted longitude/latitude of one of them.
    Bd09,
}

/// CGCS2000 Gauss–Krüger systems read and written: EPSG code, central meridian, false easting in metres.
pub const GAUSS_KRUGER: [(u16, f64, f64); 4] =
    [(4548, 117.0, 500_000.0), (4527, 117.0, 39_500_000.0), (4509, 117.0, 500_000.0), (4498, 117.0, 20_500_000.0)];

/// Why a coordinate system is refused, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("coordinate system '{name}' is not served: {hint}")]
pub struct UnknownCrs {
    pub name: String,
    pub hint: &'static str,
}

impl Crs {
    /// All systems that OGC answers may be asked in, the storage system first after CRS84.
    pub const SERVED: [Crs; 7] = [
        Crs::Crs84,
        Crs::Epsg4490,
        Crs::Epsg4326,
        Crs::Epsg3857,
        Crs::GaussKruger(4548),
        Crs::GaussKruger(4527),
        Crs::GaussKruger(4509),
    ];

    /// Reads a name: `EPSG:4548`, `4548`, an OGC URI or URN, `CRS84`, `gcj02`, `bd09`.
    ///
    /// ```
    /// use townseat::geom::Crs;
    /// assert_eq!(Crs::parse("http://www.opengis.net/def/crs/EPSG/0/4490"), Ok(Crs::Epsg4490));
    /// assert_eq!(Crs::parse("epsg:4548"), Ok(Crs::GaussKruger(4548)));
    /// assert!(Crs::parse("EPSG:4547").unwrap_err().hint.contains("114"));
    /// ```
    pub fn parse(name: &str) -> Result<Crs, UnknownCrs> {
        let lower = name.trim().to_ascii_lowercase();
        let refuse = |hint| Err(UnknownCrs { name: name.trim().chars().take(80).collect(), hint });
        match lower.as_str() {
            "gcj02" | "gcj-02" => return Ok(Crs::Gcj02),
            "bd09" | "bd-09" => return Ok(Crs::Bd09),
            "crs84" | "ogc:crs84" | "urn:ogc:def:crs:ogc:1.3:crs84" | "urn:ogc:def:crs:ogc::crs84" => {
                return Ok(Crs::Crs84);
            }
            _ => {}
        }
        let rest = lower.trim_start_matches('[').trim_end_matches(']');
        let rest = rest
            .strip_prefix("http://www.opengis.net/def/crs/")
            .or_else(|| rest.strip_prefix("https://www.opengis.net/def/crs/"))
            .unwrap_or(rest);
        if matches!(rest, "ogc/1.3/crs84" | "ogc/0/crs84") {
            return Ok(Crs::Crs84);
        }
        let number = ["epsg/0/", "urn:ogc:def:crs:epsg::", "epsg:", ""]
            .iter()
            .find_map(|prefix| rest.strip_prefix(prefix))
            .and_then(|digits| digits.parse::<u32>().ok());
        match number {
            Some(4326) => Ok(Crs::Epsg4326),
            Some(4490) => Ok(Crs::Epsg4490),
            Some(3857) | Some(900_913) => Ok(Crs::Epsg3857),
            Some(n) if GAUSS_KRUGER.iter().any(|g| u32::from(g.0) == n) => Ok(Crs::GaussKruger(n as u16)),
            Some(4508) => refuse("its central meridian is 111°E, two zones west; 4548 is the system of 117°E"),
            Some(4547) => refuse("its central meridian is 114°E, a zone west; 4548 is the system of 117°E"),
            Some(4214 | 2431..=2442 | 21413..=21483) => {
                refuse("Beijing 54 needs official parameters; have the data transformed to CGCS2000 first")
            }
            Some(4610 | 2327..=2390) => {
                refuse("Xi'an 80 needs official parameters; have the data transformed to CGCS2000 first")
            }
            _ => {
                refuse("served are CRS84, EPSG:4490, 4326, 3857, 4548, 4527, 4509, 4498, and gcj02 and bd09 on import")
            }
        }
    }

    /// The URI that OGC API answers name it by; shifted systems have none.
    pub fn uri(self) -> Option<String> {
        Some(match self {
            Crs::Crs84 => "http://www.opengis.net/def/crs/OGC/1.3/CRS84".into(),
            other => format!("http://www.opengis.net/def/crs/EPSG/0/{}", other.epsg()?),
        })
    }

    /// The EPSG code, where there is one.
    pub fn epsg(self) -> Option<u16> {
        match self {
            Crs::Epsg4326 => Some(4326),
            Crs::Epsg4490 => Some(4490),
            Crs::Epsg3857 => Some(3857),
            Crs::GaussKruger(code) => Some(code),
            Crs::Crs84 | Crs::Gcj02 | Crs::Bd09 => None,
        }
    }

    /// True when an OGC answer or bbox in this system puts latitude (or northing) first, as the
    /// EPSG registry orders its axes. Files are always read and written easting first.
    pub fn north_first(self) -> bool {
        matches!(self, Crs::Epsg4326 | Crs::Epsg4490 | Crs::GaussKruger(_))
    }

    /// True when its coordinates are storage coordinates as they stand.
    pub fn is_storage(self) -> bool {
        matches!(self, Crs::Crs84 | Crs::Epsg4326 | Crs::Epsg4490)
    }

    /// True when coordinates are metres.
    pub fn is_projected(self) -> bool {
        matches!(self, Crs::Epsg3857 | Crs::GaussKruger(_))
    }

    /// One place to storage longitude and latitude in degrees; `x` is easting or longitude.
    /// A place outside the system's range gives NaN.
    pub fn to_storage(self, x: f64, y: f64) -> (f64, f64) {
        match self {
            Crs::Crs84 | Crs::Epsg4326 | Crs::Epsg4490 => (x, y),
            Crs::Gcj02 => gcj::gcj_to_wgs(x, y),
            Crs::Bd09 => {
                let (x, y) = gcj::bd_to_gcj(x, y);
                gcj::gcj_to_wgs(x, y)
            }
            Crs::Epsg3857 => {
                let r = 6_378_137.0;
                ((x / r).to_degrees(), (2.0 * (y / r).exp().atan() - std::f64::consts::FRAC_PI_2).to_degrees())
            }
            Crs::GaussKruger(code) => {
                let mut place = (x, y, 0.0);
                match proj4rs::transform::transform(projection(code), geographic(), &mut place) {
                    Ok(()) => (place.0.to_degrees(), place.1.to_degrees()),
                    Err(_) => (f64::NAN, f64::NAN),
                }
            }
        }
    }

    /// One storage place into this system, easting or longitude first. Inverse of [`Crs::to_storage`].
    ///
    /// ```
    /// use townseat::geom::Crs;
    /// let (e, n) = Crs::GaussKruger(4548).from_storage(116.75, 35.45);
    /// assert!((e - 477303.581).abs() < 0.001 && (n - 3924546.737).abs() < 0.001);
    /// ```
    pub fn from_storage(self, lon: f64, lat: f64) -> (f64, f64) {
        match self {
            Crs::Crs84 | Crs::Epsg4326 | Crs::Epsg4490 => (lon, lat),
            Crs::Gcj02 => gcj::wgs_to_gcj(lon, lat),
            Crs::Bd09 => {
                let (x, y) = gcj::wgs_to_gcj(lon, lat);
                gcj::gcj_to_bd(x, y)
            }
            Crs::Epsg3857 => {
                let r = 6_378_137.0;
                (r * lon.to_radians(), r * (std::f64::consts::FRAC_PI_4 + lat.to_radians() / 2.0).tan().ln())
            }
            Crs::GaussKruger(code) => {
                let mut place = (lon.to_radians(), lat.to_radians(), 0.0);
                match proj4rs::transform::transform(geographic(), projection(code), &mut place) {
                    Ok(()) => (place.0, place.1),
                    Err(_) => (f64::NAN, f64::NAN),
                }
            }
        }
    }

    /// A geometry to storage coordinates. Coordinates that need no change are left untouched, to the bit.
    pub fn geometry_to_storage(self, geometry: Geometry) -> Geometry {
        match self {
            Crs::Crs84 | Crs::Epsg4326 | Crs::Epsg4490 => geometry,
            _ => geometry.map_coords(|c| self.to_storage(c.x, c.y).into()),
        }
    }

    /// A storage geometry into this system; with `ogc_axes` in the order of the EPSG registry.
    pub fn geometry_from_storage(self, geometry: &Geometry, ogc_axes: bool) -> Geometry {
        let swap = ogc_axes && self.north_first();
        geometry.map_coords(|c| {
            let (x, y) = self.from_storage(c.x, c.y);
            if swap { (y, x).into() } else { (x, y).into() }
        })
    }

    /// Bounds given in this system (easting first) to storage bounds that hold them; edges are
    /// followed at eleven places each, since a straight edge is curved in the other system.
    pub fn bounds_to_storage(self, b: &Bounds) -> Bounds {
        let mut out = Bounds::EMPTY;
        for i in 0..=10 {
            let t = f64::from(i) / 10.0;
            let (x, y) = (b.west + t * (b.east - b.west), b.south + t * (b.north - b.south));
            for (x, y) in [(x, b.south), (x, b.north), (b.west, y), (b.east, y)] {
                let (lon, lat) = self.to_storage(x, y);
                out.grow(lon, lat);
            }
        }
        out
    }
}

impl fmt::Display for Crs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Crs::Crs84 => f.write_str("CRS84"),
            Crs::Gcj02 => f.write_str("GCJ-02"),
            Crs::Bd09 => f.write_str("BD-09"),
            other => write!(f, "EPSG:{}", other.epsg().unwrap_or_default()),
        }
    }
}

fn geographic() -> &'static Proj {
    static LONLAT: OnceLock<Proj> = OnceLock::new();
    LONLAT.get_or_init(|| Proj::from_proj_string("+proj=longlat +ellps=GRS80 +no_defs").expect("a known projection"))
}

fn projection(code: u16) -> &'static Proj {
    static SYSTEMS: OnceLock<Vec<(u16, Proj)>> = OnceLock::new();
    let systems = SYSTEMS.get_or_init(|| {
        GAUSS_KRUGER
            .iter()
            .map(|(code, meridian, easting)| {
                // CGCS2000's flattening differs from GRS80's in the tenth digit; its own numbers are used.
                let words = format!(
                    "+proj=etmerc +lat_0=0 +lon_0={meridian} +k=1 +x_0={easting} +y_0=0 +a=6378137 +rf=298.257222101 +units=m +no_defs"
                );
                (*code, Proj::from_proj_string(&words).expect("a known projection"))
            })
            .collect()
    });
    &systems.iter().find(|(c, _)| *c == code).expect("a Gauss–Krüger code of the table").1
}
