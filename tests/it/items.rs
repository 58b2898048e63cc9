//! Features over HTTP, against counts that the made data fixes.

use crate::running::{Place, Running};
use crate::towns::{LAMP_TOWN, lamps};

fn lamp_town() -> (Place, Running) {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(250));
    let town = place.serve(&[]);
    (place, town)
}

const ITEMS: &str = "/api/collections/street_lamp/items";

#[tokio::test]
async fn pages_joined_are_the_whole_unpaged() {
    let (_place, town) = lamp_town();
    for query in ["", "&sortby=-watts", "&filter=bulb%3D%27led%27", "&bbox=116.70,35.45,116.7021,35.4503"] {
        let whole = town.json(&format!("{ITEMS}?limit=1000{query}")).await;
        let whole: Vec<&str> =
            whole["features"].as_array().expect("features").iter().filter_map(|f| f["id"].as_str()).collect();
        let mut joined: Vec<String> = Vec::new();
        let mut next = Some(format!("{}{ITEMS}?limit=7{query}", town.base));
        while let Some(address) = next {
            let page: serde_json::Value = reqwest::get(&address).await.expect("an answer").json().await.expect("JSON");
            assert_eq!(page["numberMatched"].as_u64(), Some(whole.len() as u64), "{address}");
            joined.extend(
                page["features"]
                    .as_array()
                    .expect("features")
                    .iter()
                    .filter_map(|f| f["id"].as_str().map(String::from)),
            );
            let links = page["links"].as_array().expect("links");
            next = links.iter().find(|l| l["rel"] == "next").and_then(|l| l["href"].as_str().map(String::from));
        }
        assert!(whole.len() > 20, "{query} finds {}", whole.len());
        assert_eq!(joined, whole, "{query}");
    }
}

#[tokio::test]
async fn filters_find_what_the_made_data_holds() {
    let (_place, town) = lamp_town();
    // Of 250 lamps every third from 0 is a sodium one: 84. Lamp i has 10 + i watts.
    for (filter, count) in [
        ("bulb = 'hps'", 84),
        ("bulb = '高压钠灯'", 84),
        ("bulb <> 'hps'", 166),
        ("watts BETWEEN 20 AND 29", 10),
        ("watts > 100 AND bulb = 'led'", 106),
        ("NOT (watts > 100)", 91),
        ("name LIKE '灯1_号'", 10),
        ("name IN ('灯1号','灯2号','灯9999号')", 2),
        ("watts IS NULL", 0),
        ("watts + 1 = 12", 1),
        ("S_INTERSECTS(geometry, BBOX(116.6999, 35.4499, 116.70015, 35.45015))", 4),
    ] {
        let encoded: String =
            percent_encoding::utf8_percent_encode(filter, percent_encoding::NON_ALPHANUMERIC).to_string();
        let found = town.json(&format!("{ITEMS}?limit=1&filter={encoded}")).await;
        assert_eq!(found["numberMatched"], count, "{filter}");
    }
    let found = town.json(&format!("{ITEMS}?bulb=hps&watts=10")).await;
    assert_eq!(found["numberMatched"], 1);
}

#[tokio::test]
async fn a_wrong_question_names_the_parameter_and_a_way_out() {
    let (_place, town) = lamp_town();
    for (query, parameter) in [
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=0,10,1,5", "bbox"),
        ("limit=0", "limit"),
        ("limit=-1", "limit"),
        ("limit=x", "limit"),
        ("crs=EPSG%3A4547", "crs"),
        ("bbox=1,2,3,4&bbox-crs=nothing", "bbox-crs"),
        ("datetime=yesterday", "datetime"),
        ("filter=bulb%20%3D", "filter"),
        ("filter=nothing%20%3D%201", "filter"),
        ("filter=watts%20%3D%20%27x%27", "filter"),
        ("sortby=nothing", "sortby"),
        ("properties=nothing", "properties"),
        ("f=shapefile", "f"),
        ("colour=red", "colour"),
        ("limit=1&limit=2", "limit"),
    ] {
        let answer = town.get(&format!("{ITEMS}?{query}")).await;
        assert_eq!(answer.status(), 400, "{query}");
        let body: serde_json::Value = answer.json().await.expect("JSON");
        assert_eq!(body["parameter"], parameter, "{query}: {body}");
        assert!(body["hint"].as_str().is_some_and(|h| !h.is_empty()), "{query}: {body}");
    }
}

#[tokio::test]
async fn answers_come_in_the_crs_asked_for_with_axes_in_its_order() {
    let (_place, town) = lamp_town();
    // Oracle: PROJ 9.1 (gdaltransform), OGC:CRS84 to EPSG:3857, 4548 and 4527 of 116.70, 35.45.
    for (crs, x, y) in [
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", 116.70, 35.45),
        ("http://www.opengis.net/def/crs/EPSG/0/4490", 35.45, 116.70),
        ("http://www.opengis.net/def/crs/EPSG/0/4326", 35.45, 116.70),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", 12_990_984.575_575, 4_225_203.752_183),
        ("http://www.opengis.net/def/crs/EPSG/0/4548", 3_924_559.373_054, 472_764.284_442),
        ("http://www.opengis.net/def/crs/EPSG/0/4527", 3_924_559.373_054, 39_472_764.284_442),
    ] {
        let answer = town.get(&format!("{ITEMS}/lamp-0?crs={crs}")).await;
        assert_eq!(answer.headers()["content-crs"], format!("<{crs}>"));
        let body: serde_json::Value = answer.json().await.expect("JSON");
        let at = &body["geometry"]["coordinates"];
        let (gx, gy) = (at[0].as_f64().expect("x"), at[1].as_f64().expect("y"));
        let near = if x > 1_000.0 { 1e-3 } else { 1e-9 };
        assert!((gx - x).abs() < near && (gy - y).abs() < near, "{crs}: {gx} {gy}");
    }
}

#[tokio::test]
async fn tables_open_in_office_programs() {
    let (_place, town) = lamp_town();
    let csv = town.get(&format!("{ITEMS}?f=csv")).await.bytes().await.expect("bytes");
    assert_eq!(&csv[..3], b"\xef\xbb\xbf", "a byte order mark, so that Excel reads it as UTF-8");
    let text = String::from_utf8_lossy(&csv[3..]).into_owned();
    assert_eq!(text.lines().count(), 251);
    assert!(text.lines().next().expect("a head").contains("灯杆名"));
    let xlsx = town.get(&format!("{ITEMS}?f=xlsx")).await.bytes().await.expect("bytes");
    assert_eq!(&xlsx[..2], b"PK");
}

#[tokio::test]
async fn a_feature_keeps_its_tag_until_it_changes() {
    let (_place, town) = lamp_town();
    let first = town.get(&format!("{ITEMS}/lamp-3")).await;
    let tag = first.headers()["etag"].to_str().expect("text").to_string();
    let client = reqwest::Client::new();
    let again = client
        .get(format!("{}{ITEMS}/lamp-3", town.base))
        .header("if-none-match", &tag)
        .send()
        .await
        .expect("an answer");
    assert_eq!(again.status(), 304);
    assert_eq!(town.get(&format!("{ITEMS}/lamp-9999")).await.status(), 404);
}
