//! Tiles over HTTP: what they hold, their headers, and what nonsense gets.

use fast_mvt::MvtReaderRef;

use crate::running::{Place, Running};
use crate::towns::{LAMP_TOWN, lamps, tile_at};

fn lamp_town() -> (Place, Running) {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(60));
    let town = place.serve(&[]);
    (place, town)
}

#[tokio::test]
async fn a_tile_at_full_zoom_holds_the_features_and_the_fields_of_its_zoom() {
    let (_place, town) = lamp_town();
    let (x, y) = tile_at(116.7002, 35.4500, 15);
    let answer = town.get(&format!("/tiles/street_lamp/15/{x}/{y}")).await;
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/vnd.mapbox-vector-tile");
    let bytes = answer.bytes().await.expect("bytes");
    let tile = MvtReaderRef::new(&bytes).expect("a tile");
    assert_eq!(tile.layer_count(), 1);
    let layer = tile.layers().next().expect("a layer");
    assert_eq!((layer.name(), layer.extent()), ("street_lamp", 4096));
    assert_eq!(layer.feature_count(), 60);
}

#[tokio::test]
async fn an_unchanged_tile_is_not_sent_again() {
    let (_place, town) = lamp_town();
    let (x, y) = tile_at(116.7002, 35.4500, 14);
    let address = format!("{}/tiles/street_lamp/14/{x}/{y}", town.base);
    let client = reqwest::Client::new();
    let first = client.get(&address).send().await.expect("an answer");
    let etag = first.headers()["etag"].to_str().expect("text").to_string();
    assert!(etag.starts_with('"'), "a strong tag: {etag}");
    let again = client.get(&address).header("if-none-match", &etag).send().await.expect("an answer");
    assert_eq!(again.status(), 304);
    assert_eq!(again.headers()["etag"].to_str().expect("text"), etag);
}

#[tokio::test]
async fn tiles_come_packed_as_the_client_asks_and_unpack_to_the_same() {
    let (_place, town) = lamp_town();
    let (x, y) = tile_at(116.7002, 35.4500, 15);
    let path = format!("/tiles/street_lamp/15/{x}/{y}");
    let plain = reqwest::Client::builder().no_gzip().no_brotli().build().expect("a client");
    let plain = plain.get(format!("{}{path}", town.base)).send().await.expect("an answer");
    assert!(plain.headers().get("content-encoding").is_none());
    let plain = plain.bytes().await.expect("bytes");
    for coding in ["gzip", "br"] {
        let raw = reqwest::Client::builder().no_gzip().no_brotli().build().expect("a client");
        let answer =
            raw.get(format!("{}{path}", town.base)).header("accept-encoding", coding).send().await.expect("an answer");
        assert_eq!(answer.headers()["content-encoding"], coding);
        assert!(answer.headers()["vary"].to_str().expect("text").to_lowercase().contains("accept-encoding"));
        let packed = answer.bytes().await.expect("bytes");
        assert!(packed.len() < plain.len());
    }
    // The client that unpacks by itself sees the plain bytes.
    let unpacked = town.get(&path).await.bytes().await.expect("bytes");
    assert_eq!(unpacked, plain);
}

#[tokio::test]
async fn nonsense_is_refused_and_emptiness_is_said() {
    let (_place, town) = lamp_town();
    for (path, status) in [
        ("/tiles/street_lamp/15/0/0", 204),
        ("/tiles/street_lamp/11/0/0", 404),
        ("/tiles/street_lamp/21/0/0", 404),
        ("/tiles/nothing/15/0/0", 404),
        ("/tiles/street_lamp/15/99999999/0", 400),
        ("/tiles/street_lamp/15/x/0", 400),
        ("/tiles/street_lamp/-1/0/0", 400),
        ("/tiles/street_lamp,street_lamp/15/0/0", 400),
        ("/tiles/street_lamp/15/0/0?colour=red", 400),
        ("/tiles/street_lamp/15/99999999999999999999/0", 400),
    ] {
        let answer = town.get(path).await;
        assert_eq!(answer.status(), status, "{path}");
        if status >= 400 {
            assert_eq!(answer.headers()["content-type"], "application/problem+json", "{path}");
        }
    }
}

#[tokio::test]
async fn tile_json_says_what_there_is() {
    let (_place, town) = lamp_town();
    let json = town.json("/tiles/street_lamp").await;
    assert_eq!(json["tilejson"], "3.0.0");
    assert_eq!(json["vector_layers"][0]["fields"]["name"], "灯杆名");
    let b: Vec<f64> = json["bounds"].as_array().expect("bounds").iter().filter_map(|v| v.as_f64()).collect();
    assert!(b[0] <= 116.70 && b[2] >= 116.7048, "{b:?}");
    assert!(json["tiles"][0].as_str().expect("text").starts_with(&town.base));
}

/// A tile as text: a line a feature, places and values as they stand.
fn shown(bytes: &[u8]) -> String {
    let reader = MvtReaderRef::new(bytes).expect("a tile");
    let mut out = String::new();
    for layer in reader.layers() {
        out += &format!("{} v{} extent {} keys {:?}\n", layer.name(), layer.version(), layer.extent(), layer.keys());
        for feature in layer.features() {
            let values = feature.properties_vec().expect("values");
            let values: Vec<String> = values.iter().map(|(k, v)| format!("{k}={v:?}")).collect();
            let geometry = feature.geometry().expect("a geometry");
            out += &format!("  {} {geometry:?} {}\n", feature.id().unwrap_or_default(), values.join(" "));
        }
    }
    out
}

#[tokio::test]
async fn a_tile_of_six_lamps_reads_as_it_always_has() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(6));
    let town = place.serve(&[]);
    let (x, y) = tile_at(116.7002, 35.4500, 15);
    let bytes = town.get(&format!("/tiles/street_lamp/15/{x}/{y}")).await.bytes().await.expect("bytes");
    insta::assert_snapshot!(shown(&bytes));
}
