//! The world square of Web Mercator as unsigned 32-bit integers, x east and y south: 2^32 to the
//! world, about 9 mm at the equator. What tiles are cut from; never measured in.

/// Latitude where the Mercator square ends, in degrees.
pub const MAX_LATITUDE: f64 = 85.051_128_779_806_59;

const SIZE: f64 = 4_294_967_296.0;

/// Storage longitude/latitude in degrees to world integers, rounded to the nearest.
pub fn from_lonlat(lon: f64, lat: f64) -> [u32; 2] {
    let lat = lat.clamp(-MAX_LATITUDE, MAX_LATITUDE).to_radians();
    let x = (lon + 180.0) / 360.0;
    let y = 0.5 - (std::f64::consts::FRAC_PI_4 + lat / 2.0).tan().ln() / (2.0 * std::f64::consts::PI);
    [(x * SIZE).round().clamp(0.0, SIZE - 1.0) as u32, (y * SIZE).round().clamp(0.0, SIZE - 1.0) as u32]
}

/// World coordinates (which may be fractional) back to longitude/latitude in degrees.
pub fn to_lonlat(x: f64, y: f64) -> (f64, f64) {
    let lon = x / SIZE * 360.0 - 180.0;
    let lat = (std::f64::consts::PI * (1.0 - 2.0 * y / SIZE)).sinh().atan().to_degrees();
    (lon, lat)
}

/// A rectangle of the world square, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorldBox {
    pub min: [u32; 2],
    pub max: [u32; 2],
}

impl WorldBox {
    /// The box that holds nothing.
    pub const EMPTY: WorldBox = WorldBox { min: [u32::MAX; 2], max: [0; 2] };

    /// The smallest box around places; [`WorldBox::EMPTY`] for none.
    pub fn around(places: &[[u32; 2]]) -> WorldBox {
        let mut out = WorldBox::EMPTY;
        for [x, y] in places {
            out.min = [out.min[0].min(*x), out.min[1].min(*y)];
            out.max = [out.max[0].max(*x), out.max[1].max(*y)];
        }
        out
    }

    /// True for the box that holds nothing.
    pub fn is_empty(&self) -> bool {
        self.min[0] > self.max[0]
    }

    /// The box grown by a margin on every side, kept inside the world.
    pub fn grown(&self, by: u32) -> WorldBox {
        WorldBox { min: self.min.map(|v| v.saturating_sub(by)), max: self.max.map(|v| v.saturating_add(by)) }
    }

    /// True when the two share a place.
    pub fn meets(&self, other: &WorldBox) -> bool {
        (0..2).all(|a| self.min[a] <= other.max[a] && other.min[a] <= self.max[a])
    }

    /// Bounds in degrees to the world box that holds them.
    pub fn of_bounds(b: &super::Bounds) -> WorldBox {
        let [x0, y0] = from_lonlat(b.west, b.north);
        let [x1, y1] = from_lonlat(b.east, b.south);
        WorldBox { min: [x0, y0], max: [x1, y1] }
    }
}
