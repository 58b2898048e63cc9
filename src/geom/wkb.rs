//! Well-known binary and the GeoPackage blob, through geozero.

use geozero::wkb::{FromWkb, WkbDialect};
use geozero::{CoordDimensions, ToWkb};

use super::{Bounds, Geometry};

/// Bytes that are no geometry we hold.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a geometry: {0}")]
pub struct WkbError(pub String);

/// ISO WKB, little endian, two dimensions.
pub fn encode(geometry: &Geometry) -> Vec<u8> {
    geometry.to_wkb(CoordDimensions::xy()).expect("writing to memory does not fail")
}

/// Reads ISO WKB or EWKB; heights and measures are passed over.
pub fn decode(mut bytes: &[u8]) -> Result<Geometry, WkbError> {
    // The reader makes room for as many places as the bytes promise: a broken promise would take all memory.
    if measure(bytes, 0).is_none() {
        return Err(WkbError("cut short, or counts that do not fit".into()));
    }
    Geometry::from_wkb(&mut bytes, WkbDialect::Ewkb).map_err(|e| WkbError(e.to_string()))
}

/// Deepest nesting of collections that is read.
const DEEPEST: usize = 8;

/// How many bytes a geometry takes, going by its counts; `None` when the bytes end before.
fn measure(bytes: &[u8], depth: usize) -> Option<usize> {
    let little = *bytes.first()? == 1;
    let number = |at: usize| -> Option<u32> {
        let word: [u8; 4] = bytes.get(at..at.checked_add(4)?)?.try_into().ok()?;
        Some(if little { u32::from_le_bytes(word) } else { u32::from_be_bytes(word) })
    };
    let kind = number(1)?;
    // ISO counts heights and measures in thousands, EWKB in high bits, with an SRID after the kind.
    let iso = (kind & 0xffff) / 1000;
    let high = |bit: u32| usize::from(kind & bit != 0);
    let dimensions = 2 + high(0x8000_0000) + high(0x4000_0000) + [0, 1, 1, 2].get(iso as usize).copied()?;
    let place = 8 * dimensions;
    let mut at = 5 + 4 * high(0x2000_0000);
    match (kind & 0xffff) % 1000 {
        1 => at += place,
        2 => at += 4 + (number(at)? as usize).checked_mul(place)?,
        3 => {
            let rings = number(at)?;
            at += 4;
            for _ in 0..rings {
                at = at.checked_add(4 + (number(at)? as usize).checked_mul(place)?)?;
            }
        }
        4..=7 if depth < DEEPEST => {
            let parts = number(at)?;
            at += 4;
            for _ in 0..parts {
                at += measure(bytes.get(at..)?, depth + 1)?;
            }
        }
        _ => return None,
    }
    (at <= bytes.len()).then_some(at)
}

/// A GeoPackage blob: header with envelope (none for a point), SRS id, then WKB.
pub fn encode_gpkg(geometry: &Geometry, srs_id: i32) -> Vec<u8> {
    let body = encode(geometry);
    let point = matches!(geometry, Geometry::Point(_));
    let mut out = Vec::with_capacity(body.len() + 40);
    out.extend_from_slice(b"GP\0");
    out.push(if point { 0b0000_0001 } else { 0b0000_0011 });
    out.extend_from_slice(&srs_id.to_le_bytes());
    if !point {
        let b = Bounds::of(geometry);
        for v in [b.west, b.east, b.south, b.north] {
            out.extend_from_slice(&v.to_le_bytes());
        }
    }
    out.extend_from_slice(&body);
    out
}

/// Reads a GeoPackage blob; `None` for an empty geometry.
pub fn decode_gpkg(blob: &[u8]) -> Result<Option<Geometry>, WkbError> {
    let flags = match blob {
        [b'G', b'P', _, flags, ..] => *flags,
        _ => return Err(WkbError("no GeoPackage header".into())),
    };
    let envelope = match (flags >> 1) & 7 {
        0 => 0,
        1 => 32,
        2 | 3 => 48,
        4 => 64,
        other => return Err(WkbError(format!("envelope kind {other} is not defined"))),
    };
    if flags & 0b1_0000 != 0 {
        return Ok(None);
    }
    let body = blob.get(8 + envelope..).ok_or_else(|| WkbError("cut short".into()))?;
    decode(body).map(Some)
}

/// Lower-case hex of ISO WKB, as the change log keeps it.
pub fn encode_hex(geometry: &Geometry) -> String {
    encode(geometry).iter().map(|b| format!("{b:02x}")).collect()
}

/// Reads hex of WKB in either case.
pub fn decode_hex(hex: &str) -> Result<Geometry, WkbError> {
    let bytes: Option<Vec<u8>> =
        (0..hex.len()).step_by(2).map(|i| hex.get(i..i + 2).and_then(|p| u8::from_str_radix(p, 16).ok())).collect();
    decode(&bytes.ok_or_else(|| WkbError("not hexadecimal".into()))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo_types::{line_string, point};

    #[test]
    fn blobs_and_hex_give_back_what_went_in() {
        for g in [
            Geometry::Point(point!(x: 116.723_456_78, y: 35.1)),
            Geometry::LineString(line_string![(x: 0.1, y: 0.2), (x: 0.3, y: 0.7)]),
        ] {
            assert_eq!(decode_gpkg(&encode_gpkg(&g, 4490)), Ok(Some(g.clone())));
            assert_eq!(decode_hex(&encode_hex(&g)), Ok(g));
        }
        assert!(decode_gpkg(b"GP").is_err());
        assert!(decode(&[1, 2, 0, 0, 0, 255, 255, 255, 255]).is_err());
    }
}
