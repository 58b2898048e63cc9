//! Programs that people use already: GDAL reads our collections, tiles and store, counted against the source.

use crate::running::{Place, ogrinfo};
use crate::towns::{LAMP_TOWN, lamps, tile_at};

#[tokio::test(flavor = "multi_thread")]
async fn gdal_counts_what_was_imported_in_collections_tiles_and_store() {
    let place = Place::with_seeds(&LAMP_TOWN);
    place.import("street_lamp", "lamps.geojson", &lamps(260));
    let town = place.serve(&[]);
    let folder = place.folder.path();

    let (count, said) = ogrinfo(&[&format!("OAPIF:{}/api", town.base), "street_lamp"], folder);
    assert_eq!(count, 260);
    assert!(["name: String", "bulb: String", "watts: Integer"].iter().all(|f| said.contains(f)), "{said}");

    let (x, y) = tile_at(116.7002, 35.4502, 15);
    let tile = town.get(&format!("/tiles/street_lamp/15/{x}/{y}")).await.bytes().await.expect("bytes");
    place.write("t.mvt", &tile);
    let (count, _) = ogrinfo(
        &["-oo", &format!("X={x}"), "-oo", &format!("Y={y}"), "-oo", "Z=15", "MVT:t.mvt", "street_lamp"],
        folder,
    );
    assert_eq!(count, 260);

    town.stop();
    let (count, _) = ogrinfo(&["town.gpkg", "street_lamp"], folder);
    assert_eq!(count, 260);
}
