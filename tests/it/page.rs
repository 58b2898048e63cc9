//! The page's files and the pages of the API: media types, tags, policies.

use crate::running::Place;
use crate::towns::{LAMP_TOWN, lamps};

#[tokio::test]
async fn the_page_asks_nobody_else_and_missing_files_are_missing() {
    let place = Place::with_seeds(&LAMP_TOWN);
    let town = place.serve(&[]);
    let page = town.get("/").await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().expect("text").to_string();
    assert!(policy.contains("default-src 'self'") && !policy.contains("unsafe"), "{policy}");
    let html = page.text().await.expect("text");
    assert!(html.contains("lang=\"zh-CN\""));
    assert!(!html.contains("http://") && !html.contains("https://"), "the page names an outside address");
    assert_eq!(town.get("/assets/nothing.js").await.status(), 404);
    assert_eq!(town.get("/../Cargo.toml").await.status(), 404);
}

#[tokio::test]
async fn the_api_answers_people_with_pages_and_programs_with_json() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(12));
    let town = place.serve(&[]);
    let client = reqwest::Client::new();
    for path in [
        "/api",
        "/api/",
        "/api/conformance",
        "/api/collections",
        "/api/collections/street_lamp",
        "/api/collections/street_lamp/schema",
        "/api/collections/street_lamp/queryables",
        "/api/collections/street_lamp/items",
        "/api/collections/street_lamp/items/lamp-1",
    ] {
        let html =
            client.get(format!("{}{path}", town.base)).header("accept", "text/html").send().await.expect("an answer");
        assert_eq!(html.status(), 200, "{path}");
        assert_eq!(html.headers()["content-type"], "text/html; charset=utf-8", "{path}");
        let json = client
            .get(format!("{}{path}", town.base))
            .header("accept", "application/json")
            .send()
            .await
            .expect("an answer");
        assert_eq!(json.status(), 200, "{path}");
        json.json::<serde_json::Value>().await.expect("JSON");
        let odd =
            client.get(format!("{}{path}", town.base)).header("accept", "image/png").send().await.expect("an answer");
        assert_eq!(odd.status(), 406, "{path}");
    }
}
