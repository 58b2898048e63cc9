//! Any bytes as a file to import: no panic, no endless reading, and faults that tell their place.
#![no_main]

use libfuzzer_sys::fuzz_target;
use townseat::formats::FeatureReader;
use townseat::formats::geojson::read::Reader;

fuzz_target!(|data: &[u8]| {
    let mut reader = Reader::with_limit(data, 1 << 16);
    let mut seen = 0usize;
    while let Some(feature) = reader.next() {
        seen += 1;
        assert!(seen <= data.len() + 1, "more features than bytes");
        if let Ok(feature) = feature {
            assert!(feature.line >= 1 && feature.row >= 1);
        }
    }
});
