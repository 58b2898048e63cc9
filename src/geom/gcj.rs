//! The shifts of Chinese web maps: GCJ-02 and BD-09 to and from true longitude/latitude, in degrees.
//!
//! The forward formula is the one in common use (Krasovsky 1940 ellipsoid); the inverse iterates it.
//! Close to the place of the sample it moves points by about 505 m east and 26 m south.

use std::f64::consts::PI;

const A: f64 = 6_378_245.0;
const EE: f64 = 0.006_693_421_622_965_943;
const BD_PI: f64 = PI * 3000.0 / 180.0;

fn shift(lon: f64, lat: f64) -> (f64, f64) {
    let (x, y) = (lon - 105.0, lat - 35.0);
    let wave = (20.0 * (6.0 * x * PI).sin() + 20.0 * (2.0 * x * PI).sin()) * 2.0 / 3.0;
    let mut dlat = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * x.abs().sqrt() + wave;
    dlat += (20.0 * (y * PI).sin() + 40.0 * (y / 3.0 * PI).sin()) * 2.0 / 3.0;
    dlat += (160.0 * (y / 12.0 * PI).sin() + 320.0 * (y * PI / 30.0).sin()) * 2.0 / 3.0;
    let mut dlon = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * x.abs().sqrt() + wave;
    dlon += (20.0 * (x * PI).sin() + 40.0 * (x / 3.0 * PI).sin()) * 2.0 / 3.0;
    dlon += (150.0 * (x / 12.0 * PI).sin() + 300.0 * (x / 30.0 * PI).sin()) * 2.0 / 3.0;
    let s = lat.to_radians().sin();
    let m = 1.0 - EE * s * s;
    let root = m.sqrt();
    (dlon * 180.0 / (A / root * lat.to_radians().cos() * PI), dlat * 180.0 / ((A * (1.0 - EE)) / (m * root) * PI))
}

/// True longitude/latitude to GCJ-02.
pub fn wgs_to_gcj(lon: f64, lat: f64) -> (f64, f64) {
    let (dx, dy) = shift(lon, lat);
    (lon + dx, lat + dy)
}

/// GCJ-02 to true longitude/latitude by iteration; five rounds leave less than a micrometre.
pub fn gcj_to_wgs(x: f64, y: f64) -> (f64, f64) {
    let (mut lon, mut lat) = (x, y);
    for _ in 0..5 {
        let (gx, gy) = wgs_to_gcj(lon, lat);
        lon -= gx - x;
        lat -= gy - y;
    }
    (lon, lat)
}

/// GCJ-02 to BD-09.
pub fn gcj_to_bd(x: f64, y: f64) -> (f64, f64) {
    let z = x.hypot(y) + 0.000_02 * (y * BD_PI).sin();
    let t = y.atan2(x) + 0.000_003 * (x * BD_PI).cos();
    (z * t.cos() + 0.0065, z * t.sin() + 0.006)
}

/// BD-09 to GCJ-02, iterated so that it undoes [`gcj_to_bd`].
pub fn bd_to_gcj(x: f64, y: f64) -> (f64, f64) {
    let (mut u, mut v) = (x - 0.0065, y - 0.006);
    for _ in 0..5 {
        let (bx, by) = gcj_to_bd(u, v);
        u -= bx - x;
        v -= by - y;
    }
    (u, v)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shift_near_the_sample_is_what_was_published() {
        let (x, y) = wgs_to_gcj(116.75, 35.45);
        let east = (x - 116.75).to_radians() * 6_378_137.0 * 35.45f64.to_radians().cos();
        let north = (y - 35.45).to_radians() * 6_371_000.0;
        assert!((east - 505.0).abs() < 15.0 && (north + 26.0).abs() < 15.0, "{east} {north}");
    }

    #[test]
    fn both_shifts_are_undone() {
        let (x, y) = wgs_to_gcj(116.72, 35.46);
        let (lon, lat) = gcj_to_wgs(x, y);
        assert!((lon - 116.72).abs() < 1e-11 && (lat - 35.46).abs() < 1e-11);
        let (bx, by) = gcj_to_bd(x, y);
        let (u, v) = bd_to_gcj(bx, by);
        assert!((u - x).abs() < 1e-11 && (v - y).abs() < 1e-11);
    }
}
