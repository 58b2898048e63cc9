//! A layer is one file: the code has never heard of it, and everything is there.

use crate::running::{Place, ogrinfo};
use crate::towns::{LAMP_TOWN, lamps};

#[tokio::test]
async fn a_layer_the_code_has_never_heard_of_gets_everything_from_its_file() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(60));
    let town = place.serve(&[]);

    let catalogue = town.json("/api/catalogue").await;
    let entry = &catalogue["layers"][0];
    assert_eq!(entry["id"], "street_lamp");
    assert_eq!(entry["title"]["zh"], "智慧路灯");
    assert_eq!(entry["field"][1]["values"][1]["zh"], "高压钠灯");
    assert_eq!(entry["count"], 60);

    let schema = town.json("/api/collections/street_lamp/schema").await;
    assert_eq!(schema["properties"]["watts"]["x-ogc-unit"], "W");
    assert_eq!(schema["properties"]["bulb"]["enum"], serde_json::json!(["led", "hps"]));
    assert_eq!(schema["required"], serde_json::json!(["name"]));

    let tiles = town.json("/tiles/street_lamp").await;
    assert_eq!(tiles["vector_layers"][0]["id"], "street_lamp");
    assert_eq!(tiles["minzoom"], 12);

    let style = town.json("/styles/light.json").await;
    let drawn = style["layers"].as_array().expect("layers").iter().any(|l| l["source-layer"] == "street_lamp");
    assert!(drawn, "the style draws the layer");

    let openapi = town.json("/api/openapi.json").await;
    assert!(openapi["paths"].get("/api/collections/street_lamp/items").is_some());

    let found = town.json("/api/search?q=%E7%81%AF7%E5%8F%B7").await;
    assert_eq!(found["features"][0]["properties"]["id"], "lamp-7");

    let (count, said) = ogrinfo(&["town.gpkg", "street_lamp"], place.folder.path());
    assert_eq!(count, 60);
    assert!(said.contains("4490"), "{said}");
}

#[test]
fn a_value_outside_the_file_s_list_stops_the_import_whole() {
    let place = Place::with_seeds(&LAMP_TOWN);
    let text = lamps(3).replace(r#""bulb":"led","watts":12"#, r#""bulb":"candle","watts":12"#);
    let file = place.write("lamps.geojson", text);
    let out = place.run(&["import", &file.display().to_string(), "--layer", "street_lamp"]);
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(!out.status.success());
    assert!(said.contains("candle") && said.contains("bulb") && said.contains("row 3"), "{said}");
    let listed = place.must(&["export", "--layer", "street_lamp", "--to", "out.geojson"]);
    assert!(listed.starts_with("0 features"), "{listed}");
}
