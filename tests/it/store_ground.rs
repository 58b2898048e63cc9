//! Where the contract of the stores is tried: a GeoPackage in a temporary folder, and the programs of outsiders.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use futures_util::TryStreamExt;
use townseat::layer::{Catalogue, Change, Feature, Layer, Value};
use townseat::store::{self, Store, StoreError};

/// A place for a store, and the ways of an outsider into it.
pub trait Ground: Send + Sync {
    /// What `townseat serve --store` is given.
    fn address(&self) -> String;
    /// What GDAL is given to open the store.
    fn gdal(&self) -> String;
    /// The name by which GDAL knows a layer.
    fn gdal_layer(&self, layer: &str) -> String;
    /// Runs SQL with a program of others.
    fn sql(&self, sql: &str);
    /// The table name of a layer in SQL.
    fn table(&self, layer: &str) -> String;
    /// The images in the log, as their text stands there, in order.
    fn images(&self) -> Vec<String>;
    /// A temporary folder.
    fn folder(&self) -> &Path;
}

/// A GeoPackage in a folder that goes with it.
pub struct Gpkg {
    folder: tempfile::TempDir,
}

impl Gpkg {
    pub fn new() -> Gpkg {
        Gpkg { folder: tempfile::tempdir().unwrap() }
    }

    pub fn file(&self) -> PathBuf {
        self.folder.path().join("town.gpkg")
    }
}

impl Ground for Gpkg {
    fn address(&self) -> String {
        format!("gpkg:{}", self.file().display())
    }

    fn gdal(&self) -> String {
        self.file().display().to_string()
    }

    fn gdal_layer(&self, layer: &str) -> String {
        layer.into()
    }

    fn sql(&self, sql: &str) {
        run("ogrinfo", &["-q", &self.gdal(), "-sql", sql]);
    }

    fn table(&self, layer: &str) -> String {
        format!("\"{layer}\"")
    }

    fn images(&self) -> Vec<String> {
        let sql = "SELECT \"before\" FROM \"change\" WHERE \"before\" IS NOT NULL ORDER BY \"seq\"";
        let text = run("ogrinfo", &["-q", "-ro", &self.gdal(), "-sql", sql]);
        text.lines().filter_map(|l| l.strip_prefix("  before (String) = ")).map(String::from).collect()
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// A PostGIS cluster that lives as long as the tests: it ends when its standard input does.
struct Cluster {
    host: String,
    _script: Child,
}

fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(|| {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgis.sh");
        let mut script = Command::new(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(script.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let host = line.trim().strip_prefix("ready ").expect("a PostGIS cluster: see above what it needs").to_string();
        Cluster { host, _script: script }
    })
}

/// A database of its own in the tests' cluster.
pub struct Postgis {
    folder: tempfile::TempDir,
    pub database: String,
}

impl Postgis {
    pub fn new() -> Postgis {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let database = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
        psql("postgres", &format!("CREATE DATABASE {database}"));
        Postgis { folder: tempfile::tempdir().unwrap(), database }
    }
}

/// Runs SQL with PostgreSQL's own program; what it printed.
pub fn psql(database: &str, sql: &str) -> String {
    psql_as("postgres", database, sql).unwrap_or_else(|e| panic!("{sql}: {e}"))
}

/// The same as another user; what it printed, or why it failed.
pub fn psql_as(user: &str, database: &str, sql: &str) -> Result<String, String> {
    let host = &cluster().host;
    let done = Command::new("psql")
        .args(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", host, "-U", user, "-d", database, "-c", sql])
        .output()
        .unwrap_or_else(|e| panic!("psql is needed (Debian: apt-get install postgresql): {e}"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if done.status.success() { Ok(text(&done.stdout)) } else { Err(text(&done.stderr)) }
}

impl Ground for Postgis {
    fn address(&self) -> String {
        let host = cluster().host.replace('/', "%2F");
        format!("postgres://postgres@localhost/{}?host={host}", self.database)
    }

    fn gdal(&self) -> String {
        format!("PG:host={} dbname={} user=postgres", cluster().host, self.database)
    }

    fn gdal_layer(&self, layer: &str) -> String {
        format!("townseat.{layer}")
    }

    fn sql(&self, sql: &str) {
        psql(&self.database, sql);
    }

    fn table(&self, layer: &str) -> String {
        format!("townseat.\"{layer}\"")
    }

    fn images(&self) -> Vec<String> {
        let sql = "SELECT \"before\" FROM townseat.change WHERE \"before\" IS NOT NULL ORDER BY \"seq\"";
        psql(&self.database, sql).lines().map(String::from).collect()
    }

    fn folder(&self) -> &Path {
        self.folder.path()
    }
}

/// Runs a program of others to its end; what it printed.
pub fn run(program: &str, arguments: &[&str]) -> String {
    let done = Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .unwrap_or_else(|e| panic!("{program} is needed (Debian: apt-get install gdal-bin): {e}"));
    let text = String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && !text.contains("ERROR"), "{program} {arguments:?}: {text}");
    text
}

/// Writes features as GeoJSON and lets `ogr2ogr` put them into a layer.
pub fn ogr2ogr(ground: &dyn Ground, layer: &str, geojson: &str, options: &[&str]) {
    let file = ground.folder().join("outside.geojson");
    std::fs::write(&file, geojson).unwrap();
    let (to, name) = (ground.gdal(), ground.gdal_layer(layer));
    let format = if to.starts_with("PG:") { "PostgreSQL" } else { "GPKG" };
    let mut arguments = vec!["-f", format, &to, file.to_str().unwrap(), "-nln", &name];
    arguments.extend(options);
    run("ogr2ogr", &arguments);
}

/// A GeoJSON collection of one feature.
pub fn geojson(properties: &str, geometry: &str) -> String {
    format!(
        r#"{{"type":"FeatureCollection","features":[{{"type":"Feature","properties":{properties},"geometry":{geometry}}}]}}"#
    )
}

pub async fn open(ground: &dyn Ground, catalogue: &Catalogue) -> Arc<dyn Store> {
    store::open(&ground.address(), catalogue).await.unwrap()
}

pub async fn refused(address: &str, catalogue: &Catalogue) -> StoreError {
    match store::open(address, catalogue).await {
        Ok(store) => panic!("opened: {}", store.describe()),
        Err(e) => e,
    }
}

pub async fn read(store: &dyn Store, layer: &Layer) -> Vec<Feature> {
    store.read(layer).await.unwrap().try_collect().await.unwrap()
}

/// Waits for the store to tell of others' writes, and gives the log rows after `since`.
pub async fn told(store: &dyn Store, since: i64) -> Vec<Change> {
    let wait = tokio::time::timeout(std::time::Duration::from_secs(20), store.changed());
    wait.await.expect("the store tells of a change").unwrap();
    store.changes(since, 1000).await.unwrap()
}

/// The layers that the contract is tried on: every type of field, each kind of geometry, and none.
pub fn town() -> Catalogue {
    town_with(PIPE)
}

/// The same with another layer file for pipes.
pub fn town_with(pipe: &str) -> Catalogue {
    read_town(&[("layers/note.toml", NOTE), ("layers/pipe.toml", pipe), ("layers/spot.toml", SPOT)])
}

/// Only some of its layers.
pub fn town_of(layers: &[&str]) -> Catalogue {
    let all = [("layers/note.toml", NOTE), ("layers/pipe.toml", PIPE), ("layers/spot.toml", SPOT)];
    let some: Vec<_> = all.into_iter().filter(|f| layers.iter().any(|l| f.0 == format!("layers/{l}.toml"))).collect();
    read_town(&some)
}

fn read_town(layers: &[(&str, &str)]) -> Catalogue {
    Catalogue::read([("towns/t.toml", TOWN)].into_iter().chain(layers.iter().copied())).unwrap()
}

pub const TOWN: &str = r#"
id = "t"
title = { zh = "镇", en = "Town" }
office = { zh = "办", en = "Office" }
secrecy = { zh = "内部", en = "internal" }
extent = [116.0, 35.0, 117.0, 36.0]
center = [116.72, 35.46, 15.0]
work_crs = "EPSG:4548"
[[group]]
id = "all"
title = { zh = "全部", en = "All" }
"#;

pub const PIPE: &str = r#"
id = "pipe"
title = { zh = "地下管线", en = "Pipes" }
about = { zh = "一段'管线'", en = "A run of pipe" }
group = "all"
geometry = ["LineString"]
zoom = { min = 13, full = 16 }
[[field]]
id = "kind"
title = { zh = "种类", en = "Kind" }
type = "text"
closed = true
values = [ { code = "JS", zh = "给水", en = "Water" }, { code = "WS", zh = "污水", en = "Sewage" } ]
[[field]]
id = "order"
title = { zh = "次序", en = "Order" }
type = "integer"
[[field]]
id = "diameter_mm"
title = { zh = "管径", en = "Diameter" }
type = "number"
unit = "mm"
[[field]]
id = "buried"
title = { zh = "埋地", en = "Buried" }
type = "boolean"
[[field]]
id = "built_on"
title = { zh = "建设日期", en = "Built on" }
type = "date"
[[field]]
id = "seen_at"
title = { zh = "巡查时间", en = "Seen at" }
type = "datetime"
[[field]]
id = "marks"
title = { zh = "标记", en = "Marks" }
type = "list"
[[field]]
id = "remark"
title = { zh = "备注", en = "Remark" }
type = "text"
"#;

const SPOT: &str = r#"
id = "spot"
title = { zh = "地点", en = "Spot" }
about = { zh = "点或面", en = "A point or an area" }
group = "all"
geometry = ["Point", "Polygon"]
zoom = { min = 13, full = 16 }
[[field]]
id = "name"
title = { zh = "名称", en = "Name" }
type = "text"
"#;

const NOTE: &str = r#"
id = "note"
title = { zh = "批示", en = "Note" }
about = { zh = "没有图形", en = "Without geometry" }
group = "all"
zoom = { min = 13, full = 16 }
[[field]]
id = "text"
title = { zh = "内容", en = "Text" }
type = "text"
"#;

/// A pipe with a value in every field.
pub fn pipe(id: &str, places: &[(f64, f64)]) -> Feature {
    Feature {
        fid: 0,
        id: id.into(),
        geometry: Some(geo_types::LineString::from(places.to_vec()).into()),
        values: vec![
            Value::text("JS"),
            Value::Int(9_007_199_254_740_993),
            Value::Real(0.1 + 0.2),
            Value::Bool(true),
            Value::text("2024-02-29"),
            Value::text("2024-05-01T08:00:00.123456Z"),
            Value::text(r#"["甲","b\"c"]"#),
            Value::text("引号 \" 反斜 \\ 换行 \n 制表 \t 控制 \u{1} 单引 ' 😀"),
        ],
    }
}

/// The image of a feature as the log should hold it: the slow, obvious way.
pub fn image_of(layer: &Layer, feature: &Feature) -> String {
    let mut out = format!("{{\"fid\":{},\"id\":{}", feature.fid, serde_json::to_string(&feature.id).unwrap());
    if !layer.geometry.is_empty() {
        match &feature.geometry {
            Some(g) => out += &format!(",\"geom\":\"{}\"", townseat::geom::wkb::encode_hex(g)),
            None => out += ",\"geom\":null",
        }
    }
    for (field, value) in layer.fields.iter().zip(&feature.values) {
        let json = match value {
            Value::Null => "null".to_string(),
            Value::Bool(b) => b.to_string(),
            Value::Int(i) => i.to_string(),
            Value::Real(r) => r.to_string(),
            Value::Text(t) => serde_json::to_string(t).unwrap(),
        };
        out += &format!(",\"{}\":{json}", field.id);
    }
    out + "}"
}
