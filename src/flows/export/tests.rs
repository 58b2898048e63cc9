//! Exports of a real GeoPackage, read back by GDAL, which shares no code with us.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

use super::*;
use crate::flows::import::tests::Bench;
use crate::layer::Value;

const FEATURES: &str = r#"
{"type":"Feature","id":"=1+2","geometry":{"type":"LineString","coordinates":[[116.71000000000001,35.46],[116.72,35.470000000000006],[116.7300001,35.4]]},"properties":{"kind":"JS","diameter_mm":0.30000000000000004,"holes":9007199254740993,"live":true,"built_on":"2019-05-01","seen_at":"2024-05-01T08:00:00.25Z","owner":"=HYPERLINK(\"http://x\")","tags":["甲","乙;丙"],"state":"a,\"b\"\nc"}}
{"type":"Feature","id":"甲/2","geometry":{"type":"MultiLineString","coordinates":[[[116.71,35.46],[116.72,35.47]],[[116.7,35.4],[116.7,35.41]]]},"properties":{"kind":"WS","diameter_mm":-0.0,"holes":-7,"live":false,"built_on":"1850-12-31","owner":"-SUM(A1)","tags":[],"state":null}}
{"type":"Feature","id":"3","geometry":{"type":"LineString","coordinates":[[116.71,35.46],[116.72,35.47]]},"properties":{"kind":"污水","diameter_mm":1500}}
"#;

async fn bench() -> Bench {
    let bench = Bench::new().await;
    let report = bench.text("pipe", FEATURES).await.unwrap();
    assert_eq!(report.features, 3);
    bench
}

async fn exported(bench: &Bench, name: &str) -> PathBuf {
    let to = bench.path(name);
    let layer = bench.layer("pipe");
    let fields: Vec<usize> = (0..layer.fields.len()).collect();
    assert_eq!(export(&*bench.store, &layer, &fields, &to).await.unwrap(), 3);
    to
}

/// What `ogr2ogr` makes of a file, as GeoJSON with all digits.
fn through_gdal(file: &Path, options: &[&str]) -> Vec<Json> {
    let out = Command::new("ogr2ogr")
        .args(["-f", "GeoJSON", "/vsistdout/"])
        .arg(file)
        .args(["-lco", "COORDINATE_PRECISION=17", "-lco", "SIGNIFICANT_FIGURES=17"])
        .args(options)
        .output()
        .expect("ogr2ogr (Debian: gdal-bin) is needed");
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let read: Json = serde_json::from_slice(&out.stdout).unwrap();
    read["features"].as_array().unwrap().clone()
}

/// The places of a GeoJSON geometry in one run.
fn places(geometry: &Json) -> Vec<f64> {
    match geometry {
        Json::Array(items) => items.iter().flat_map(places).collect(),
        Json::Number(n) => vec![n.as_f64().unwrap()],
        _ => places(&geometry["coordinates"]),
    }
}

#[tokio::test]
async fn gdal_reads_our_geojson_with_the_same_values_and_places() {
    let bench = bench().await;
    for name in ["out.geojson", "out.geojsonl"] {
        let file = exported(&bench, name).await;
        let read = through_gdal(&file, &[]);
        let sent: Vec<Json> = FEATURES.trim().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
        assert_eq!(read.len(), sent.len());
        for (read, sent) in read.iter().zip(&sent) {
            assert_eq!(places(&read["geometry"]), places(&sent["geometry"]));
            assert_eq!(read["geometry"]["type"], sent["geometry"]["type"]);
            // GDAL itself rounds a run of nines or noughts away when it writes a property
            let wide = |j: &Json| j["properties"]["diameter_mm"].as_f64().unwrap();
            assert!((wide(read) - wide(sent)).abs() <= 1e-15);
        }
        // GDAL makes a property of the id when features stand one a line
        let id = |i: usize| read[i].get("id").unwrap_or(&read[i]["properties"]["id"]).clone();
        assert_eq!((id(0), id(1)), ("=1+2".into(), "甲/2".into()));
        assert_eq!(read[0]["properties"]["holes"], 9_007_199_254_740_993i64);
        assert_eq!(read[0]["properties"]["state"], "a,\"b\"\nc");
        assert_eq!(read[0]["properties"]["tags"], serde_json::json!(["甲", "乙;丙"]));
        assert_eq!(read[2]["properties"]["kind"], "WS");
        assert_eq!(read[2]["properties"]["state"], "in_use");
    }
}

#[tokio::test]
async fn gdal_reads_our_csv_with_its_titles_geometry_and_no_formulas() {
    let bench = bench().await;
    let file = exported(&bench, "out.csv").await;
    let bytes = std::fs::read(&file).unwrap();
    assert!(bytes.starts_with(
        "\u{feff}id,管线种类,管径,孔数,带电,建设日期,巡查时间,权属单位,标签,状态,起点号,接入管线,WKT\r\n".as_bytes()
    ));
    let read = through_gdal(&file, &["-oo", "GEOM_POSSIBLE_NAMES=WKT", "-oo", "KEEP_GEOM_COLUMNS=NO"]);
    let sent: Vec<Json> = FEATURES.trim().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    assert_eq!(read.len(), 3);
    for (read, sent) in read.iter().zip(&sent) {
        assert_eq!(places(&read["geometry"]), places(&sent["geometry"]));
    }
    let cell = |row: usize, title: &str| read[row]["properties"][title].as_str().unwrap_or_default().to_string();
    assert_eq!(cell(0, "id"), "'=1+2");
    assert_eq!(cell(0, "管径"), "0.30000000000000004");
    assert_eq!(cell(0, "权属单位"), "'=HYPERLINK(\"http://x\")");
    assert_eq!(cell(1, "权属单位"), "'-SUM(A1)");
    assert_eq!(cell(1, "孔数"), "-7");
    assert_eq!(cell(0, "标签"), "甲;乙;丙");
    assert_eq!(cell(0, "状态"), "a,\"b\"\nc");
}

#[tokio::test]
async fn gdal_reads_our_workbook_with_typed_cells() {
    let bench = bench().await;
    let file = exported(&bench, "out.xlsx").await;
    let read = through_gdal(&file, &["-oo", "HEADERS=DISABLE", "-oo", "FIELD_TYPES=STRING"]);
    let row = |i: usize| -> Vec<String> {
        (1..=13).map(|c| read[i]["properties"][format!("Field{c}")].as_str().unwrap_or_default().to_string()).collect()
    };
    assert_eq!(read.len(), 5);
    assert_eq!(row(0)[0], "pipe pipe");
    assert_eq!(row(1)[..4], ["id", "管线种类", "管径 (mm)", "孔数"]);
    assert_eq!(row(1)[6], "巡查时间 (UTC)");
    let first = row(2);
    assert_eq!(first[0], "=1+2", "a text that looks like a formula stays a text");
    // GDAL writes a text cell's date as it stands and a typed one with slashes
    assert_eq!(first[5], "2019/05/01");
    assert!(first[6].starts_with("2024/05/01 08:00:00"), "{}", first[6]);
    assert_eq!(first[3], "9007199254740993", "a whole number beyond 2^53 is a text, so that it stays exact");
    assert_eq!(row(3)[5], "1850-12-31", "before 1900 a cell knows no date");
    assert_eq!(first[7], "=HYPERLINK(\"http://x\")");
    assert!(row(4)[12].starts_with("LINESTRING (116.71 35.46, 116.72 35.47)"));
    // how the cells are typed stands in the sheet's own file
    let out = bench.path("unpacked");
    let done = Command::new("python3").args(["-m", "zipfile", "-e"]).args([&file, &out]).status().unwrap();
    assert!(done.success());
    let sheet = std::fs::read_to_string(out.join("xl/worksheets/sheet1.xml")).unwrap();
    assert!(sheet.contains(r#"<c r="C5"><v>1500</v></c>"#), "a number is a number");
    assert!(sheet.contains(r#"<c r="E3" t="b"><v>1</v></c>"#), "a truth is a truth");
    assert!(
        sheet.contains("state=\"frozen\"") && !sheet.contains("<f>"),
        "titles stand still, and nothing is a formula"
    );
}

#[tokio::test]
async fn an_export_leaves_out_hidden_fields() {
    let bench = bench().await;
    let layer = bench.layer("pipe");
    for name in ["out.geojson", "out.csv"] {
        let to = bench.path(name);
        export(&*bench.store, &layer, &[0, 2], &to).await.unwrap();
        let text = std::fs::read_to_string(to).unwrap();
        assert!(text.contains("9007199254740993") && !text.contains("HYPERLINK") && !text.contains("owner"));
    }
}

#[tokio::test]
async fn a_failed_export_leaves_the_old_file_and_no_other() {
    let bench = bench().await;
    let old = bench.file("old.dat", "old");
    let layer = bench.layer("pipe");
    let refused = export(&*bench.store, &layer, &[], &old).await.unwrap_err();
    assert!(matches!(&refused, ExportError::Ending { ending, known } if ending == "dat" && known.contains("xlsx")));
    let folder = bench.path("folder.csv");
    std::fs::create_dir(&folder).unwrap();
    let refused = export(&*bench.store, &layer, &[], &folder).await.unwrap_err();
    assert!(matches!(refused, ExportError::File { .. }));
    let refused = export(&*bench.store, &layer, &[], &bench.path("nowhere/out.csv")).await.unwrap_err();
    assert!(refused.to_string().contains("nowhere"));
    // a layer that the store does not have breaks the export half-way
    let mut strange = (*layer).clone();
    strange.id = "strange".into();
    let kept = bench.file("kept.csv", "old");
    assert!(matches!(export(&*bench.store, &strange, &[], &kept).await, Err(ExportError::Store(_))));
    assert_eq!(std::fs::read_to_string(kept).unwrap(), "old");
    assert_eq!(std::fs::read_to_string(old).unwrap(), "old");
    let parts = std::fs::read_dir(bench.path(""))
        .unwrap()
        .filter(|f| f.as_ref().is_ok_and(|f| f.file_name().to_string_lossy().ends_with(".part")));
    assert_eq!(parts.count(), 0);
}

#[tokio::test]
async fn an_export_imports_again_as_it_was() {
    let bench = bench().await;
    let file = exported(&bench, "out.geojson").await;
    let other = Bench::new().await;
    other.import("pipe", &[file], &Default::default()).await.unwrap();
    assert_eq!(other.features("pipe").await, bench.features("pipe").await);
}

/// The way data comes back from a desktop program: GDAL writes what it sees in our GeoPackage.
#[tokio::test]
async fn what_gdal_writes_from_our_store_imports_again_as_it_was() {
    let bench = bench().await;
    let to = bench.path("gdal.geojson");
    let done = Command::new("ogr2ogr")
        .args(["-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=17"])
        .args([&to, &bench.path("town.gpkg")])
        .arg("pipe")
        .status()
        .unwrap();
    assert!(done.success());
    let other = Bench::new().await;
    other.import("pipe", &[to], &Default::default()).await.unwrap();
    let [mine, theirs] = [bench.features("pipe").await, other.features("pipe").await];
    // GDAL writes 0.30000000000000004 as 0.3
    let rounded = |values: &[Value]| -> Vec<Value> {
        let short = |r: f64| Value::Real((r * 1e12).round() / 1e12);
        values.iter().map(|v| if let Value::Real(r) = v { short(*r) } else { v.clone() }).collect()
    };
    for (mine, theirs) in mine.iter().zip(&theirs) {
        assert_eq!((&mine.id, rounded(&mine.values)), (&theirs.id, rounded(&theirs.values)));
    }
    assert_eq!(mine.len(), theirs.len());
}
