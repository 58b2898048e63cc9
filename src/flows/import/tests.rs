//! Imports into a real GeoPackage: what lands, what is refused, and that a refusal changes nothing.

use std::path::Path;
use std::sync::{Arc, Mutex};

use futures_util::TryStreamExt;

use super::*;
use crate::layer::{Catalogue, Feature, Value};
use crate::store;

/// A town of the tests' own, near the sample, with layers that no seed has.
pub fn catalogue() -> Catalogue {
    let town = r#"
        id = "test"
        title = { zh = "示例镇", en = "Test town" }
        office = { zh = "示例办事处", en = "Test office" }
        secrecy = { zh = "内部", en = "internal" }
        extent = [116.60, 35.38, 116.84, 35.54]
        center = [116.72, 35.46, 15.0]
        work_crs = "EPSG:4548"
        [[group]]
        id = "all"
        title = { zh = "全部", en = "All" }
    "#;
    let layer = |id: &str, geometry: &str, fields: &str| {
        format!(
            "id = \"{id}\"\ntitle = {{ zh = \"{id}\", en = \"{id}\" }}\nabout = {{ zh = \"\", en = \"\" }}\n\
             group = \"all\"\ngeometry = [{geometry}]\nzoom = {{ min = 13, full = 16 }}\n{fields}"
        )
    };
    let field = |id: &str, zh: &str, kind: &str, more: &str| {
        format!("[[field]]\nid = \"{id}\"\ntitle = {{ zh = \"{zh}\", en = \"{id}\" }}\ntype = \"{kind}\"\n{more}\n")
    };
    let kinds = r#"values = [{ code = "JS", zh = "给水", en = "Water" }, { code = "WS", zh = "污水", en = "Sewage" }]"#;
    let owners = r#"values = [{ code = "water", zh = "供水公司", en = "Water works" }]"#;
    let pipe = [
        field("kind", "管线种类", "text", &format!("required = true\nclosed = true\n{kinds}")),
        field("diameter_mm", "管径", "number", "min = 0\nmax = 10000\nunit = \"mm\""),
        field("holes", "孔数", "integer", ""),
        field("live", "带电", "boolean", ""),
        field("built_on", "建设日期", "date", ""),
        field("seen_at", "巡查时间", "datetime", ""),
        field("owner", "权属单位", "text", owners),
        field("tags", "标签", "list", ""),
        field("state", "状态", "text", "default = \"in_use\""),
        field("from_node", "起点号", "text", "refers = \"node.node_no\""),
        field("joins", "接入管线", "text", "refers = \"pipe.id\""),
    ]
    .concat();
    let files = [
        ("towns/test.toml", town.to_string()),
        ("layers/pipe.toml", layer("pipe", "\"LineString\"", &pipe)),
        ("layers/node.toml", layer("node", "\"Point\"", &field("node_no", "点号", "text", "required = true"))),
        ("layers/zone.toml", layer("zone", "\"Polygon\"", &field("level", "级别", "text", "required = true"))),
        ("layers/note.toml", layer("note", "", &field("text", "内容", "text", ""))),
    ];
    Catalogue::read(files.iter().map(|(f, t)| (*f, t.as_str()))).expect("a catalogue")
}

/// A store in a folder of its own, and files to import beside it.
pub struct Bench {
    folder: tempfile::TempDir,
    pub catalogue: Catalogue,
    pub store: Arc<dyn Store>,
}

impl Bench {
    pub async fn new() -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let catalogue = catalogue();
        let address = format!("gpkg:{}", folder.path().join("town.gpkg").display());
        let store = store::open(&address, &catalogue).await.unwrap();
        Bench { folder, catalogue, store }
    }

    pub fn layer(&self, id: &str) -> Arc<Layer> {
        self.catalogue.layer(id).unwrap().clone()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    pub async fn import(
        &self,
        layer: &str,
        files: &[PathBuf],
        options: &ImportOptions,
    ) -> Result<ImportReport, ImportError> {
        import(&*self.store, &self.catalogue, &self.layer(layer), files, options, Arc::new(|_| {})).await
    }

    pub async fn text(&self, layer: &str, text: &str) -> Result<ImportReport, ImportError> {
        self.import(layer, &[self.file("in.geojson", text)], &ImportOptions::default()).await
    }

    async fn mapped(&self, layer: &str, text: &str, map: &str) -> Result<ImportReport, ImportError> {
        let mapping = Mapping::read(map, &self.layer(layer)).unwrap();
        let options = ImportOptions { mapping, ..ImportOptions::default() };
        self.import(layer, &[self.file("in.geojson", text)], &options).await
    }

    async fn with_crs(&self, layer: &str, text: &str, crs: &str) -> Result<ImportReport, ImportError> {
        let options = ImportOptions { crs: Some(Crs::parse(crs).unwrap()), ..ImportOptions::default() };
        self.import(layer, &[self.file("in.geojson", text)], &options).await
    }

    pub async fn features(&self, layer: &str) -> Vec<Feature> {
        self.store.read(&self.layer(layer)).await.unwrap().try_collect().await.unwrap()
    }

    /// Everything the store holds: what must not change.
    async fn all(&self) -> (i64, Vec<Vec<Feature>>) {
        let mut out = Vec::new();
        for layer in self.catalogue.layers() {
            out.push(self.features(&layer.id).await);
        }
        (self.store.last_seq().await.unwrap(), out)
    }
}

fn faults(done: Result<ImportReport, ImportError>) -> FaultList {
    match done {
        Err(ImportError::Faults(report)) => report.faults,
        other => panic!("faults are expected: {other:?}"),
    }
}

fn rules(list: &FaultList) -> Vec<&'static str> {
    list.list.iter().map(|f| f.rule).collect()
}

/// `rule line row field`, as the table of fixtures writes it.
fn sketch(list: &FaultList) -> String {
    let one = |f: &crate::layer::Fault| {
        let p = &f.place;
        let numbers = [p.line.map(|n| n.to_string()), p.row.map(|n| n.to_string()), p.field.clone()];
        [Some(f.rule.to_string())].into_iter().chain(numbers).flatten().collect::<Vec<_>>().join(" ")
    };
    list.list.iter().map(one).collect::<Vec<_>>().join("; ")
}

fn line(id: &str, properties: &str) -> String {
    placed(id, "[[116.71,35.46],[116.72,35.47]]", properties)
}

fn placed(id: &str, coordinates: &str, properties: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":"{id}","geometry":{{"type":"LineString","coordinates":{coordinates}}},"properties":{{"kind":"JS"{properties}}}}}"#
    )
}

fn node(id: &str, coordinates: &str) -> String {
    format!(
        r#"{{"type":"Feature","id":"{id}","geometry":{{"type":"Point","coordinates":{coordinates}}},"properties":{{"node_no":"{id}"}}}}"#
    )
}

#[tokio::test]
async fn every_broken_file_is_refused_at_its_place_and_changes_nothing() {
    let bench = Bench::new().await;
    bench.text("node", &node("N0", "[116.7,35.45]")).await.unwrap();
    let before = bench.all().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    let table = std::fs::read_to_string(folder.join("README.md")).unwrap();
    let mut seen = vec!["README.md".to_string()];
    for row in table.lines().filter(|l| l.starts_with("| ") && !l.starts_with("| File")) {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let [file, layer, expected, why] = cells[..] else { panic!("four cells: {row}") };
        assert!(!why.is_empty(), "{file} has no why");
        let done = bench.import(layer, &[folder.join(file)], &ImportOptions::default()).await;
        let found = faults(done);
        assert_eq!(sketch(&found), expected, "{file}: {:#?}", found.list);
        for fault in &found.list {
            assert_eq!(fault.place.file.as_deref(), Some(file));
            let words = [&fault.what.zh, &fault.what.en, &fault.hint.zh, &fault.hint.en];
            assert!(words.iter().all(|w| !w.is_empty()), "{fault:?}");
            assert!(!fault.line().contains(|c: char| c.is_control()), "{fault:?}");
        }
        assert_eq!(bench.all().await, before, "{file} changed the store");
        seen.push(file.into());
    }
    let mut there: Vec<String> =
        std::fs::read_dir(&folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    there.sort();
    seen.sort();
    assert_eq!(seen, there, "every fixture stands in the table once");
}

#[tokio::test]
async fn metres_without_a_crs_are_refused_with_the_likely_one() {
    let bench = Bench::new().await;
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import");
    for code in [4548, 4527, 4498] {
        let file = folder.join(format!("projected_{code}.geojson"));
        let found = faults(bench.import("pipe", &[file], &ImportOptions::default()).await);
        let hint = &found.list[0].hint;
        assert!(
            hint.en.contains(&format!("--crs EPSG:{code}")) && hint.zh.contains(&format!("EPSG:{code}")),
            "{hint:?}"
        );
    }
}

#[tokio::test]
async fn a_file_lands_whole_with_its_ids_values_and_places() {
    let bench = Bench::new().await;
    let properties = r#","diameter_mm":300,"holes":4,"live":true,"built_on":"2019-05-01","seen_at":"2024-05-01T08:00:00+08:00","owner":"供水公司","tags":["a","b"],"state":null"#;
    let text = format!("{}\n{}\n", line("P/1 '\\\"../", properties), line("P2", ""));
    let report = bench.text("pipe", &text).await.unwrap();
    assert_eq!((report.features, report.warnings.total()), (2, 0), "{:?}", report.warnings);
    let [one, two] = &bench.features("pipe").await[..] else { panic!("two features") };
    assert_eq!(&*one.id, "P/1 '\"../");
    let expected = geo_types::LineString::from(vec![(116.71, 35.46), (116.72, 35.47)]);
    assert_eq!(one.geometry, Some(expected.into()));
    let expected = [
        Value::text("JS"),
        Value::Real(300.0),
        Value::Int(4),
        Value::Bool(true),
        Value::text("2019-05-01"),
        Value::text("2024-05-01T00:00:00.000000Z"),
        Value::text("water"),
        Value::text(r#"["a","b"]"#),
        Value::Null,
        Value::Null,
        Value::Null,
    ];
    assert_eq!(one.values, expected);
    // a field that is not named at all takes its default, one that is null stays null
    assert_eq!(two.values[8], Value::text("in_use"));
}

#[tokio::test]
async fn words_of_either_language_become_codes() {
    let bench = Bench::new().await;
    let feature = |id: &str, kind: &str| line(id, "").replace("\"JS\"", kind);
    let text = [feature("1", "\"污水\""), feature("2", "\"sewage\""), feature("3", "\"WS\"")].join("\n");
    bench.text("pipe", &text).await.unwrap();
    assert!(bench.features("pipe").await.iter().all(|f| f.values[0] == Value::text("WS")));
}

#[tokio::test]
async fn a_title_names_its_field() {
    let bench = Bench::new().await;
    bench.text("pipe", &line("P1", r#","管径":300,"HOLES":2"#)).await.unwrap();
    let values = &bench.features("pipe").await[0].values;
    assert_eq!((&values[1], &values[2]), (&Value::Real(300.0), &Value::Int(2)));
}

#[tokio::test]
async fn the_property_id_is_the_id_where_the_feature_has_none_or_the_same() {
    let bench = Bench::new().await;
    let none = line("X", r#","id":"A1""#).replace(r#""id":"X","#, "");
    let text = format!("{none}\n{}\n{}", line("A2", r#","id":"A2""#), line("3", r#","id":3"#));
    bench.text("pipe", &text).await.unwrap();
    let ids: Vec<_> = bench.features("pipe").await.into_iter().map(|f| f.id.to_string()).collect();
    assert_eq!(ids, ["A1", "A2", "3"]);
}

#[tokio::test]
async fn a_feature_without_id_gets_the_same_one_each_time_and_no_other_feature_has_it() {
    let nameless = line("X", "").replace(r#""id":"X","#, "");
    let text = format!("{nameless}\n{nameless}\n{nameless}");
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = Bench::new().await;
        bench.text("pipe", &text).await.unwrap();
        let ids: Vec<_> = bench.features("pipe").await.into_iter().map(|f| f.id.to_string()).collect();
        assert!(ids[0] != ids[1] && ids[1] != ids[2] && ids[0].starts_with("pipe-1-"), "{ids:?}");
        // the same file again is told, since it would double every feature
        assert_eq!(rules(&faults(bench.text("pipe", &text).await)), ["duplicate-id"; 3]);
        runs.push(ids);
    }
    assert_eq!(runs[0], runs[1]);
}

#[tokio::test]
async fn an_id_of_the_store_is_refused() {
    let bench = Bench::new().await;
    bench.text("pipe", &line("P1", "")).await.unwrap();
    let before = bench.all().await;
    let found = faults(bench.text("pipe", &format!("{}\n{}", line("P2", ""), line("P1", ""))).await);
    assert_eq!(sketch(&found), "duplicate-id 2 2");
    assert!(found.list[0].what.en.contains("in the store"));
    assert_eq!(bench.all().await, before);
}

#[tokio::test]
async fn several_files_are_one_transaction() {
    let bench = Bench::new().await;
    let good = bench.file("good.geojson", line("P1", ""));
    let bad = bench.file("bad.geojson", line("P1", ",\"holes\":1.5"));
    let missing = bench.folder.path().join("missing.geojson");
    let folder = bench.folder.path().to_path_buf();
    let before = bench.all().await;
    let done = bench.import("pipe", &[good.clone(), bad, missing, folder], &ImportOptions::default()).await;
    let found = faults(done);
    assert_eq!(rules(&found), ["wrong-type", "duplicate-id", "unreadable-file", "unreadable-file"]);
    let what: Vec<&str> = found.list[1..].iter().map(|f| f.what.en.as_str()).collect();
    assert!(what[0].contains("good.geojson, line 1"), "{what:?}");
    assert!(what[1].contains("no such file") && what[2].contains("directory"), "{what:?}");
    assert_eq!(bench.all().await, before);
    let more = bench.file("more.geojson", line("P2", ""));
    let report = bench.import("pipe", &[good, more], &ImportOptions::default()).await.unwrap();
    assert_eq!(report.features, 2);
    assert_eq!(bench.store.changes(0, 10).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_dry_run_tells_everything_and_writes_nothing() {
    let bench = Bench::new().await;
    let before = bench.all().await;
    let options = ImportOptions { dry_run: true, ..ImportOptions::default() };
    let file = bench.file("in.geojson", format!("{}\n{}", line("P1", ",\"owner\":\"谁\""), line("P2", "")));
    let report = bench.import("pipe", &[file], &options).await.unwrap();
    assert_eq!((report.features, report.dry_run), (2, true));
    assert_eq!(rules(&report.warnings), ["unlisted-value"]);
    assert_eq!(bench.all().await, before);
}

#[tokio::test]
async fn warnings_land_and_are_told() {
    let bench = Bench::new().await;
    bench.text("node", &node("N1", "[116.7,35.45]")).await.unwrap();
    let text = [
        placed("P1", "[[116.71,35.46,40],[116.72,35.47,41]]", r#","from_node":"N1","owner":"谁""#),
        placed("P2", "[[113.1,23.1],[113.2,23.2]]", r#","from_node":"N2""#),
        placed("P3", "[[116.71,35.46],[116.71,35.46]]", r#","joins":"P4""#),
        placed("P4", "[[116.71,35.46,1],[116.71,35.47,2]]", r#","joins":"P9""#),
    ];
    let report = bench.text("pipe", &text.join("\n")).await.unwrap();
    assert_eq!(report.features, 4);
    let expected = "heights-dropped 1 1; unlisted-value 1 1 owner; outside-extent 2 2; \
                    missing-reference 2 2 from_node; tiny 3 3; missing-reference 4 4 joins";
    assert_eq!(sketch(&report.warnings), expected);
    assert!(report.warnings.list.iter().all(|w| w.warning));
    let ring = r#"{"type":"Feature","id":"Z1","geometry":{"type":"Polygon","coordinates":[[[116.71,35.46],[116.71,35.47],[116.72,35.47],[116.71,35.46]]]},"properties":{"level":"路长"}}"#;
    let report = bench.text("zone", ring).await.unwrap();
    assert_eq!(sketch(&report.warnings), "ring-winding 1 1");
    let Some(crate::geom::Geometry::Polygon(kept)) = &bench.features("zone").await[0].geometry else { panic!() };
    assert_eq!(kept.exterior().0[1], (116.71, 35.47).into(), "the ring is kept as drawn");
    assert_eq!(
        rules(&bench.text("note", r#"{"type":"FeatureCollection","features":[]}"#).await.unwrap().warnings),
        ["no-features"]
    );
}

#[tokio::test]
async fn many_faults_are_counted_and_the_first_are_listed() {
    let bench = Bench::new().await;
    let mut text: String = (0..1500).map(|i| line(&i.to_string(), ",\"holes\":\"x\"") + "\n").collect();
    text.push_str(&line("last", ",\"diameter_mm\":-1"));
    let found = faults(bench.text("pipe", &text).await);
    assert_eq!((found.list.len(), found.more, found.total()), (251, 1250, 1501));
    assert_eq!(found.rules.get("wrong-type"), Some(&1500));
    assert_eq!(found.list[250].place.line, Some(1501), "a rule broken everywhere does not hide the others");
}

/// Places of 116.75 E 35.45 N as GDAL gives them.
#[tokio::test]
async fn metres_with_a_crs_land_where_they_belong_and_the_log_says_so() {
    for (crs, coordinates) in [
        ("EPSG:4548", "[477303.581,3924546.737]"),
        ("EPSG:4548", "[3924546.737,477303.581]"),
        ("EPSG:4527", "[39477303.581,3924546.737]"),
        ("EPSG:4498", "[3924546.737,20477303.581]"),
        ("EPSG:3857", "[12996550.5501,4225203.7522]"),
    ] {
        let bench = Bench::new().await;
        let report = bench.with_crs("node", &node("N1", coordinates), crs).await.unwrap();
        let Some(crate::geom::Geometry::Point(at)) = bench.features("node").await[0].geometry else { panic!() };
        let off = ((at.x() - 116.75).hypot(at.y() - 35.45)) * 111_000.0;
        assert!(off < 0.005, "{crs} {coordinates}: {off} m");
        let swapped = coordinates.starts_with("[3924");
        assert_eq!(rules(&report.warnings), if swapped { vec!["north-first"] } else { vec![] });
        let by = bench.store.changes(0, 1).await.unwrap()[0].by.clone();
        assert_eq!(by, format!("import in.geojson crs {crs}"));
    }
}

#[tokio::test]
async fn the_crs_of_the_file_is_taken_and_the_one_asked_for_stands_over_it() {
    let bench = Bench::new().await;
    let collection = |crs: &str, feature: &str| {
        format!(
            r#"{{"type":"FeatureCollection","crs":{{"type":"name","properties":{{"name":"{crs}"}}}},"features":[{feature}]}}"#
        )
    };
    bench
        .text("node", &collection("urn:ogc:def:crs:EPSG::4548", &node("N1", "[477303.581,3924546.737]")))
        .await
        .unwrap();
    assert_eq!(bench.store.changes(0, 1).await.unwrap()[0].by, "import in.geojson crs EPSG:4548");
    // Beijing 54 by name, but the user knows better
    let text = collection("EPSG:2435", &node("N2", "[477303.581,3924546.737]"));
    bench.with_crs("node", &text, "EPSG:4548").await.unwrap();
    let text = collection("urn:ogc:def:crs:OGC:1.3:CRS84", &node("N3", "[116.756,35.4498]"));
    let report = bench.with_crs("node", &text, "gcj02").await.unwrap();
    assert_eq!(rules(&report.warnings), ["other-crs"]);
    for feature in bench.features("node").await {
        let Some(crate::geom::Geometry::Point(at)) = feature.geometry else { panic!() };
        let off = ((at.x() - 116.75).hypot(at.y() - 35.45)) * 111_000.0;
        assert!(off < 100.0, "{}: {off} m", feature.id);
    }
}

#[tokio::test]
async fn a_wrong_crs_is_refused_with_the_likely_one() {
    let bench = Bench::new().await;
    for (crs, coordinates, likely) in [
        ("EPSG:4548", "[39477303.581,3924546.737]", Some("EPSG:4527")),
        ("EPSG:4527", "[477303.581,3924546.737]", Some("EPSG:4548")),
        ("EPSG:4548", "[116.75,35.45]", None),
        ("EPSG:3857", "[116.75,35.45]", None),
    ] {
        let found = faults(bench.with_crs("node", &node("N1", coordinates), crs).await);
        assert_eq!(rules(&found), ["not-in-crs"], "{crs} {coordinates}");
        assert!(likely.is_none_or(|l| found.list[0].hint.en.contains(l)), "{:?}", found.list[0].hint);
    }
    let found = faults(bench.with_crs("node", &node("N1", "[477303.581,3924546.737]"), "gcj02").await);
    assert_eq!(rules(&found), ["projected-without-crs"]);
}

#[tokio::test]
async fn a_mapping_names_fields_values_and_ids_and_drops_the_rest() {
    let bench = Bench::new().await;
    let map = r#"
        id = "编号"
        drop = ["OBJECTID", "备注"]
        [fields]
        "口径" = "diameter_mm"
        "类" = "管线种类"
        [values.kind]
        "给水管" = "JS"
        "2" = "WS"
        [values.diameter_mm]
        "DN300" = 300
    "#;
    let feature = |kind: &str, id: &str| {
        format!(
            r#"{{"type":"Feature","id":9,"geometry":{{"type":"LineString","coordinates":[[116.71,35.46],[116.72,35.47]]}},"properties":{{"编号":"{id}","类":{kind},"口径":"DN300","OBJECTID":1,"备注":{{"a":[]}}}}}}"#
        )
    };
    let text = format!("{}\n{}", feature("\"给水管\"", "甲1"), feature("2", "甲2"));
    bench.mapped("pipe", &text, map).await.unwrap();
    let features = bench.features("pipe").await;
    assert_eq!(features.iter().map(|f| &*f.id).collect::<Vec<_>>(), ["甲1", "甲2"]);
    assert_eq!(features[0].values[..2], [Value::text("JS"), Value::Real(300.0)]);
    assert_eq!(features[1].values[0], Value::text("WS"));
}

#[test]
fn a_mapping_with_unknown_names_is_refused() {
    let catalogue = catalogue();
    let layer = catalogue.layer("pipe").unwrap();
    for (map, why) in [
        ("colour = 1", "colour"),
        ("[fields]\n\"a\" = \"nothing\"", "nothing"),
        ("[values.nothing]\n\"a\" = \"b\"", "nothing"),
        ("[values.kind]\n\"a\" = [1]", "a"),
        ("drop = [\"a\"]\n[fields]\n\"a\" = \"kind\"", "a"),
        ("drop = [", "TOML"),
    ] {
        let refused = Mapping::read(map, layer).unwrap_err();
        assert!(refused.to_string().contains(why), "{refused}");
    }
}

#[tokio::test]
async fn progress_ends_at_the_size_of_the_files() {
    let bench = Bench::new().await;
    let text: String = (0..5000).map(|i| line(&i.to_string(), "") + "\n").collect();
    let file = bench.file("in.geojson", &text);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let ears = heard.clone();
    let on_progress: OnProgress = Arc::new(move |p| ears.lock().unwrap().push(p));
    let options = ImportOptions::default();
    import(&*bench.store, &bench.catalogue, &bench.layer("pipe"), &[file], &options, on_progress).await.unwrap();
    let heard = heard.lock().unwrap();
    let size = text.len() as u64;
    assert!(heard.len() > 3 && heard.windows(2).all(|w| w[0].bytes <= w[1].bytes));
    assert_eq!(heard.last().map(|p| (p.bytes, p.total)), Some((size, size)));
}

#[tokio::test]
async fn a_line_above_the_limit_is_refused() {
    let bench = Bench::new().await;
    let long = "x".repeat(crate::formats::geojson::read::FEATURE_LIMIT);
    let text = format!("{}\n{}\n", line("P1", ""), line("P2", &format!(",\"owner\":\"{long}\"")));
    let found = faults(bench.text("pipe", &text).await);
    assert_eq!(sketch(&found), "too-large 2 2");
    assert!(found.list[0].what.en.contains("64 MiB"));
    assert!(bench.features("pipe").await.is_empty());
}

#[tokio::test]
async fn what_was_imported_comes_back_in_a_check() {
    let bench = Bench::new().await;
    bench
        .text("pipe", &placed("P1", "[[113.1,23.1],[113.2,23.2]]", r#","from_node":"N2","owner":"谁""#))
        .await
        .unwrap();
    let found = crate::flows::check::check(&*bench.store, &bench.catalogue, None).await.unwrap();
    assert_eq!(rules(&found), ["outside-extent", "unlisted-value", "missing-reference"]);
    assert!(found.list.iter().all(|f| f.warning && f.place.feature.as_deref() == Some("P1")));
    let only = bench.layer("node");
    assert!(crate::flows::check::check(&*bench.store, &bench.catalogue, Some(&only)).await.unwrap().is_empty());
}

#[test]
fn an_id_is_plain_text_of_bounded_length() {
    let is_bad = |id: &str| crate::flows::rules::id(id).is_some();
    for good in ["1", "../'\"; DROP TABLE pipe", &"管".repeat(200), "a b"] {
        assert!(!is_bad(good), "{good}");
    }
    for bad in ["", "  ", "a\0", "a\u{1b}[31m", "\u{202e}gnp", "a\nb", &"管".repeat(201)] {
        assert!(is_bad(bad), "{bad:?}");
    }
}
