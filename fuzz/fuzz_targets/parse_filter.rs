//! Any text as a filter, in both encodings: no panic, no overflow.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use townseat::geom::Crs;
use townseat::layer::{Layer, cql2};

static LAYER: LazyLock<Layer> = LazyLock::new(|| {
    toml::from_str(
        r#"
        id = "p"
        title = { zh = "", en = "" }
        about = { zh = "", en = "" }
        group = "g"
        geometry = ["Point"]
        zoom = { min = 1, full = 2 }
        [[field]]
        id = "kind"
        title = { zh = "种类", en = "Kind" }
        type = "text"
        [[field]]
        id = "n"
        title = { zh = "数", en = "N" }
        type = "integer"
        [[field]]
        id = "day"
        title = { zh = "日", en = "Day" }
        type = "date"
        "#,
    )
    .expect("a layer")
});

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let _ = cql2::parse_text(text, &LAYER, Crs::Crs84, &|_| true);
    let _ = cql2::parse_json(text, &LAYER, Crs::Crs84, &|_| true);
});
