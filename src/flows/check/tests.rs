//! A check of a real GeoPackage into which others have written past the service.

use sqlx::Connection;

use super::*;
use crate::flows::import::tests::Bench;

fn sketch(list: &FaultList) -> Vec<String> {
    let one = |f: &crate::layer::Fault| {
        let p = &f.place;
        format!(
            "{} {} {}{}",
            f.rule,
            p.layer.as_deref().unwrap_or_default(),
            p.feature.as_deref().unwrap_or_default(),
            p.field.as_ref().map(|f| format!(" {f}")).unwrap_or_default()
        )
    };
    list.list.iter().map(one).collect()
}

/// Runs SQL as a desktop program would.
async fn outside(bench: &Bench, sql: &str) {
    let address = format!("sqlite://{}", bench.path("town.gpkg").display());
    let mut database = sqlx::SqliteConnection::connect(&address).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_string())).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
}

#[tokio::test]
async fn what_others_wrote_past_the_service_is_told_feature_by_feature() {
    let bench = Bench::new().await;
    let pipe = |id: &str| {
        format!(
            r#"{{"type":"Feature","id":"{id}","geometry":{{"type":"LineString","coordinates":[[116.71,35.46],[116.72,35.47]]}},"properties":{{"kind":"JS","diameter_mm":300}}}}"#
        )
    };
    let text: Vec<String> = (1..=9).map(|i| pipe(&format!("P{i}"))).collect();
    bench.text("pipe", &text.join("\n")).await.unwrap();
    assert!(check(&*bench.store, &bench.catalogue, None).await.unwrap().is_empty());
    outside(
        &bench,
        "UPDATE pipe SET kind = 'XX' WHERE id = 'P1';
         UPDATE pipe SET kind = NULL WHERE id = 'P2';
         UPDATE pipe SET diameter_mm = 'wide' WHERE id = 'P3';
         UPDATE pipe SET diameter_mm = -1 WHERE id = 'P4';
         UPDATE pipe SET built_on = 'spring' WHERE id = 'P5';
         UPDATE pipe SET geom = NULL WHERE id = 'P6';
         UPDATE pipe SET joins = 'P99' WHERE id = 'P7';
         UPDATE pipe SET joins = 'P1' WHERE id = 'P8';
         UPDATE pipe SET geom = x'00' WHERE id = 'P9';",
    )
    .await;
    let found = check(&*bench.store, &bench.catalogue, None).await.unwrap();
    let expected = [
        "unknown-code pipe P1 kind",
        "missing-value pipe P2 kind",
        "wrong-type pipe P3 diameter_mm",
        "out-of-range-value pipe P4 diameter_mm",
        "wrong-type pipe P5 built_on",
        "wrong-kind pipe P6",
        "missing-reference pipe P7 joins",
        "broken-row pipe fid 9",
    ];
    assert_eq!(sketch(&found), expected);
}
