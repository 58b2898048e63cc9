//! Edits made past the service, with real tools, are on the map while it runs.

use std::time::Duration;

use futures_util::StreamExt;

use crate::running::{Place, tool};
use crate::store_ground::{Ground, Postgis};
use crate::towns::{LAMP_TOWN, lamps};

/// Waits for one event of the feed.
async fn event(
    stream: &mut (impl futures_util::Stream<Item = reqwest::Result<bytes::Bytes>> + Unpin),
) -> serde_json::Value {
    let mut text = String::new();
    loop {
        let chunk = tokio::time::timeout(Duration::from_secs(20), stream.next()).await.expect("an event comes");
        text += &String::from_utf8_lossy(&chunk.expect("the stream goes on").expect("bytes"));
        if let Some(data) = text.lines().find_map(|l| l.strip_prefix("data:"))
            && text.ends_with("\n\n")
        {
            return serde_json::from_str(data.trim()).expect("JSON");
        }
    }
}

#[tokio::test]
async fn an_edit_made_with_ogr2ogr_is_on_the_map_while_the_service_runs() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(60));
    let town = place.serve(&[]);
    let items = "/api/collections/street_lamp/items";
    assert_eq!(town.json(&format!("{items}?limit=1")).await["numberMatched"], 60);
    let mut feed = town.get("/api/changes").await.bytes_stream();

    let more = lamps(61).replace("\"lamp-60\"", "\"lamp-new\"");
    let one: serde_json::Value = serde_json::from_str(&more).expect("JSON");
    let feature = &one["features"][60];
    let text = serde_json::json!({"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"id": "lamp-new", "name": "外来灯", "bulb": "led", "watts": 7}, "geometry": feature["geometry"]}]});
    place.write("one.geojson", text.to_string());
    let out = tool("ogr2ogr", &["-append", "-nln", "street_lamp", "town.gpkg", "one.geojson"], place.folder.path());
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));

    let heard = event(&mut feed).await;
    assert_eq!(heard["layer"], "street_lamp");
    assert_eq!(heard["features"], serde_json::json!(["lamp-new"]));
    assert!(heard["tiles"].as_array().is_some_and(|t| t.len() >= 9), "{heard}");
    assert_eq!(town.json(&format!("{items}/lamp-new")).await["properties"]["name"], "外来灯");
    assert_eq!(town.json(&format!("{items}?limit=1")).await["numberMatched"], 61);

    let out = tool(
        "ogrinfo",
        &["town.gpkg", "-q", "-sql", "DELETE FROM street_lamp WHERE id = 'lamp-new'"],
        place.folder.path(),
    );
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let heard = event(&mut feed).await;
    assert_eq!(heard["features"], serde_json::json!(["lamp-new"]));
    assert_eq!(town.get(&format!("{items}/lamp-new")).await.status(), 404);
}

#[tokio::test]
async fn an_edit_made_in_postgis_is_on_the_map_while_the_service_runs() {
    let ground = Postgis::new();
    let place = Place::with_seeds(&LAMP_TOWN).over(&ground.address());
    place.import("street_lamp", "lamps.geojson", &lamps(60));
    let town = place.serve(&[]);
    let items = "/api/collections/street_lamp/items";
    assert_eq!(town.json(&format!("{items}?limit=1")).await["numberMatched"], 60);
    let mut feed = town.get("/api/changes").await.bytes_stream();
    ground.sql(&format!("UPDATE {} SET name = '外改灯' WHERE id = 'lamp-7'", ground.table("street_lamp")));
    let heard = event(&mut feed).await;
    assert_eq!(heard["features"], serde_json::json!(["lamp-7"]));
    assert_eq!(town.json(&format!("{items}/lamp-7")).await["properties"]["name"], "外改灯");
    town.stop();
    let again = place.serve(&[]);
    assert_eq!(again.json(&format!("{items}/lamp-7")).await["properties"]["name"], "外改灯");
}
