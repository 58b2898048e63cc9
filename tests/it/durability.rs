//! What was told as done is there after a stop, a kill, and a move of the program.

use crate::running::Place;
use crate::towns::{LAMP_TOWN, lamps};

#[tokio::test]
async fn an_import_outlives_stop_and_kill_and_leaves_one_file() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(60));
    let town = place.serve(&[]);
    assert_eq!(town.json("/health/ready").await["features"], 60);
    town.kill();
    let town = place.serve(&[]);
    assert_eq!(town.json("/health/ready").await["features"], 60);
    town.stop();
    let left: Vec<String> = std::fs::read_dir(place.folder.path())
        .expect("a folder")
        .map(|e| e.expect("an entry").file_name().to_string_lossy().into_owned())
        .filter(|n| n.starts_with("town.gpkg"))
        .collect();
    assert_eq!(left, ["town.gpkg"]);
}

#[test]
fn a_file_that_is_no_geopackage_is_refused_and_left_alone() {
    let place = Place::with_seeds(&LAMP_TOWN);
    let junk = b"this is no database at all, but long enough to look at: 0123456789 0123456789 0123456789 0123456789"
        .repeat(20);
    std::fs::write(place.file(), &junk).expect("a file");
    let out = place.run(&["check"]);
    assert!(!out.status.success());
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(said.contains("town.gpkg") && said.contains("GeoPackage"), "{said}");
    assert_eq!(std::fs::read(place.file()).expect("a file"), junk);
}

#[test]
fn the_open_door_stays_on_this_machine() {
    let place = Place::with_seeds(&LAMP_TOWN);
    let out = place.run(&["serve", "--open", "--listen", "0.0.0.0:0"]);
    assert!(!out.status.success());
    assert!(String::from_utf8_lossy(&out.stderr).contains("127.0.0.1"));
}

#[tokio::test]
async fn an_open_service_refuses_foreign_names_and_pages() {
    let place = Place::with_seeds(&LAMP_TOWN);
    let town = place.serve(&[]);
    let client = reqwest::Client::new();
    let with =
        |name: &'static str, value: &'static str| client.get(format!("{}/api", town.base)).header(name, value).send();
    assert_eq!(with("host", "evil.example").await.expect("an answer").status(), 403);
    assert_eq!(with("origin", "http://evil.example").await.expect("an answer").status(), 403);
    assert_eq!(town.get("/api").await.status(), 200);
}

#[test]
fn unknown_settings_are_refused() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.write("townseat.toml", "colour = \"red\"\n");
    let out = place.run(&["check"]);
    let said = String::from_utf8_lossy(&out.stderr);
    assert!(!out.status.success() && said.contains("colour"), "{said}");
}
