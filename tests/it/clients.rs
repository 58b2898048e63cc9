//! Programs that people use already: GDAL reads our collections, tiles and store, counted against the source.

use serde_json::Value as Json;

use crate::running::{Place, tool};
use crate::towns::{LAMP_TOWN, lamps};

fn ogr(words: &[&str], place: &Place) -> Json {
    let out = tool("ogrinfo", &[&["-json", "-ro", "-so"], words].concat(), place.folder.path());
    serde_json::from_slice(&out.stdout)
        .unwrap_or_else(|_| panic!("{words:?}: {}", String::from_utf8_lossy(&out.stderr)))
}

#[tokio::test(flavor = "multi_thread")]
async fn gdal_counts_what_was_imported_in_collections_tiles_and_store() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(260));
    let town = place.serve(&[]);

    let collection = ogr(&[&format!("OAPIF:{}/api", town.base), "street_lamp"], &place);
    assert_eq!(collection["layers"][0]["featureCount"], 260);
    let names: Vec<&str> = collection["layers"][0]["fields"]
        .as_array()
        .expect("fields")
        .iter()
        .filter_map(|f| f["name"].as_str())
        .collect();
    assert!(["name", "bulb", "watts"].iter().all(|n| names.contains(n)), "{names:?}");

    // 116.70, 35.45 lies in 15/27005/12939 by the published formula.
    let tile = town.get("/tiles/street_lamp/15/27005/12939").await.bytes().await.expect("bytes");
    place.write("t.mvt", &tile);
    let read = tool(
        "ogrinfo",
        &["-json", "-ro", "-so", "-oo", "X=27005", "-oo", "Y=12939", "-oo", "Z=15", "t.mvt", "street_lamp"],
        place.folder.path(),
    );
    let read: Json = serde_json::from_slice(&read.stdout).expect("JSON");
    assert_eq!(read["layers"][0]["featureCount"], 260);

    town.stop();
    let store = ogr(&["town.gpkg", "street_lamp"], &place);
    assert_eq!(store["layers"][0]["featureCount"], 260);
}
