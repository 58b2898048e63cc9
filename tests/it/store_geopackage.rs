//! What only a GeoPackage file has: what QGIS sees in it, what SQLite lets outsiders do, and files that are none.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use sqlx::{Connection, SqliteConnection};
use townseat::layer::{Edit, Feature, Operation, Origin, Value};
use townseat::store::{self, StoreError};

use super::store_ground::*;

fn spot(id: &str) -> Feature {
    let geometry = geo_types::Point::new(116.5, 35.5).into();
    Feature { fid: 0, id: id.into(), geometry: Some(geometry), values: vec![Value::text("甲")] }
}

fn insert(id: &str) -> Edit {
    Edit::Insert { layer: "spot".into(), feature: spot(id) }
}

fn me() -> Origin {
    Origin { who: "li".into(), by: "edit".into() }
}

async fn sqlite(path: &Path) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    SqliteConnection::connect_with(&options).await.unwrap()
}

fn files(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test]
async fn gdal_sees_titles_words_lists_and_the_reference_system() {
    let ground = Gpkg::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    store.close().await;
    assert_eq!(files(ground.folder()), ["town.gpkg"], "a stopped store is one file");
    let pipe = run("ogrinfo", &["-so", &ground.gdal(), "pipe"]);
    for wanted in [
        "IDENTIFIER=地下管线",
        "DESCRIPTION=一段'管线'",
        "Geometry: Line String",
        "ID[\"EPSG\",4490]",
        "FID Column = fid",
        "id: String (0.0) UNIQUE",
        "kind: String (0.0), domain name=pipe.kind",
        "order: Integer64",
        "diameter_mm: Real",
        "buried: Integer(Boolean)",
        "built_on: Date",
        "seen_at: DateTime",
        "marks: String",
    ] {
        assert!(pipe.contains(wanted), "{wanted} in {pipe}");
    }
    let domain = run("ogrinfo", &["-fielddomain", "pipe.kind", &ground.gdal()]);
    assert!(domain.contains("JS: 给水"), "{domain}");
    let spot = run("ogrinfo", &[&ground.gdal(), "spot"]);
    assert!(spot.contains("Feature Count: 1") && spot.contains("Extent: (116.500000, 35.500000)"), "{spot}");
    assert!(run("ogrinfo", &["-so", &ground.gdal(), "note"]).contains("Geometry: None"));
    assert!(run("ogrinfo", &[&ground.gdal(), "change"]).contains("operation (String) = insert"));
    let words = "SELECT title, description FROM gpkg_data_columns WHERE column_name = 'diameter_mm'";
    let words = run("ogrinfo", &["-q", &ground.gdal(), "-sql", words]);
    assert!(words.contains("= 管径") && words.contains("= Diameter, mm"), "{words}");
}

#[tokio::test]
async fn the_first_multi_geometry_makes_the_column_take_any() {
    let ground = Gpkg::new();
    let store = open(&ground, &town()).await;
    let mut multi = pipe("m", &[(1.0, 2.0), (3.0, 4.0)]);
    let line = geo_types::LineString::from(vec![(1.0, 2.0), (3.0, 4.0)]);
    multi.geometry = Some(geo_types::MultiLineString(vec![line]).into());
    store.write(&[Edit::Insert { layer: "pipe".into(), feature: multi.clone() }], &me()).await.unwrap();
    store.close().await;
    assert!(run("ogrinfo", &["-so", &ground.gdal(), "pipe"]).contains("Geometry: Unknown (any)"));
    let declared = "SELECT type FROM pragma_table_info('pipe') WHERE name = 'geom'";
    let mut conn = sqlite(&ground.file()).await;
    assert_eq!(sqlx::query_scalar::<_, String>(declared).fetch_one(&mut conn).await.unwrap(), "GEOMETRY");
    assert_eq!(sqlx::query_scalar::<_, String>("PRAGMA integrity_check").fetch_one(&mut conn).await.unwrap(), "ok");
    conn.close().await.unwrap();
    let store = open(&ground, &town()).await;
    assert_eq!(read(&*store, town().layer("pipe").unwrap()).await[0].geometry, multi.geometry);
    assert_eq!(store.last_seq().await.unwrap(), 1);
    store.close().await;
}

#[tokio::test]
async fn layers_may_swap_titles_and_a_title_may_be_taken() {
    let ground = Gpkg::new();
    let title = |id: &str| {
        let sql = format!("SELECT identifier FROM gpkg_contents WHERE table_name = '{id}'");
        run("ogrinfo", &["-q", &ground.gdal(), "-sql", &sql])
    };
    open(&ground, &town()).await.close().await;
    // the pipes take the title of the spots: the first come has it, the other gets its id beside it
    let swapped = PIPE.replace("地下管线", "地点");
    open(&ground, &town_with(&swapped)).await.close().await;
    assert!(title("pipe").contains("= 地点\n") && title("spot").contains("= 地点 spot\n"));
    open(&ground, &town()).await.close().await;
    assert!(title("pipe").contains("= 地下管线\n") && title("spot").contains("= 地点\n"));
}

#[tokio::test]
async fn replace_ignore_and_upsert_by_an_outsider_are_logged_as_what_they_do() {
    let ground = Gpkg::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a"), insert("b"), insert("c")], &me()).await.unwrap();
    let mut since = 3;
    type Logged = &'static [(Operation, &'static str, i64)];
    let cases: [(&str, Logged); 9] = [
        ("INSERT OR REPLACE INTO spot (id, name) VALUES ('a', 'new')", &[(Operation::Update, "a", 2)]),
        ("INSERT OR IGNORE INTO spot (id, name) VALUES ('a', 'ignored'), ('d', 'd')", &[(Operation::Insert, "d", 1)]),
        (
            "INSERT INTO spot (id, name) VALUES ('a', 'up') ON CONFLICT (id) DO UPDATE SET name = excluded.name",
            &[(Operation::Update, "a", 3)],
        ),
        // the fid of one and the id of another
        (
            "INSERT OR REPLACE INTO spot (fid, id, name) VALUES (2, 'c', 'both')",
            &[(Operation::Delete, "b", 2), (Operation::Update, "c", 2)],
        ),
        (
            "UPDATE OR REPLACE spot SET id = 'd' WHERE id = 'c'",
            &[(Operation::Delete, "d", 2), (Operation::Delete, "c", 3), (Operation::Insert, "d", 3)],
        ),
        (
            "INSERT OR REPLACE INTO spot (fid, id, geom, name) SELECT fid, id, geom, name FROM spot WHERE id = 'd'; \
          INSERT INTO spot (id) VALUES ('e')",
            &[(Operation::Insert, "e", 1)],
        ),
        (
            "UPDATE spot SET name = name, geom = geom; INSERT INTO spot (id) VALUES ('f')",
            &[(Operation::Insert, "f", 1)],
        ),
        (
            "PRAGMA recursive_triggers = ON; INSERT OR REPLACE INTO spot (id, name) VALUES ('a', 'again'); \
          PRAGMA recursive_triggers = OFF",
            &[(Operation::Delete, "a", 4), (Operation::Insert, "a", 5)],
        ),
        (
            "DELETE FROM spot",
            &[
                (Operation::Delete, "d", 4),
                (Operation::Delete, "e", 2),
                (Operation::Delete, "f", 2),
                (Operation::Delete, "a", 6),
            ],
        ),
    ];
    let mut conn = sqlite(&ground.file()).await;
    for (sql, wanted) in cases {
        sqlx::raw_sql(sql).execute(&mut conn).await.unwrap();
        let log = told(&*store, since).await;
        let log: Vec<_> = log.iter().map(|c| (c.operation, &*c.feature, c.version)).collect();
        assert_eq!(log, wanted, "{sql}");
        since += wanted.len() as i64;
    }
    let replaced = &store.history(town().layer("spot").unwrap(), "a").await.unwrap()[1];
    assert_eq!(replaced.before.as_ref().map(|f| (f.fid, f.values[0].clone())), Some((1, Value::text("甲"))));
    conn.close().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn nobody_rewrites_the_log() {
    let ground = Gpkg::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    let mut conn = sqlite(&ground.file()).await;
    for sql in ["DELETE FROM change", "UPDATE change SET who = 'x'"] {
        assert!(sqlx::raw_sql(sql).execute(&mut conn).await.unwrap_err().to_string().contains("only added to"));
    }
    conn.close().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_spatial_index_of_qgis_is_taken_away_so_that_writing_goes_on() {
    let ground = Gpkg::new();
    let town = town();
    let store = open(&ground, &town).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    ground.sql("SELECT CreateSpatialIndex('spot', 'geom')");
    // at once, without waiting for the store to notice
    store.write(&[insert("b")], &me()).await.unwrap();
    assert!(told(&*store, 2).await.is_empty(), "nothing was missed");
    assert_eq!(read(&*store, town.layer("spot").unwrap()).await.len(), 2);
    store.close().await;
    let left = "SELECT name FROM sqlite_master WHERE name LIKE 'rtree%'";
    assert!(!run("ogrinfo", &["-q", &ground.gdal(), "-sql", left]).contains("rtree"));
}

#[tokio::test]
async fn dropped_triggers_and_tables_are_put_back_with_a_resync() {
    let ground = Gpkg::new();
    let town = town();
    let store = open(&ground, &town).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    let mut conn = sqlite(&ground.file()).await;
    sqlx::raw_sql("DROP TRIGGER townseat_spot_update; UPDATE spot SET name = 'unseen'")
        .execute(&mut conn)
        .await
        .unwrap();
    let log = told(&*store, 1).await;
    assert_eq!((log.len(), log[0].operation, &*log[0].layer), (1, Operation::Resync, "spot"));
    sqlx::raw_sql("UPDATE spot SET name = 'seen'; DROP TABLE note").execute(&mut conn).await.unwrap();
    let log = told(&*store, 2).await;
    assert_eq!(log[0].before.as_ref().unwrap().values[0], Value::text("unseen"));
    assert_eq!((log.len(), log[1].operation, &*log[1].layer), (2, Operation::Resync, "note"));
    conn.close().await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn files_that_are_no_town_are_refused_and_stay_as_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let good = at("good.gpkg");
    let address = |path: &Path| format!("gpkg:{}", path.display());
    let store = store::open(&address(&good), &town()).await.unwrap();
    store.write(&[insert("a")], &me()).await.unwrap();
    store.close().await;
    let bytes = std::fs::read(&good).unwrap();

    std::fs::write(at("text.gpkg"), "no database").unwrap();
    std::fs::write(at("half.gpkg"), &bytes[..bytes.len() / 2]).unwrap();
    let mut scrambled = bytes.clone();
    scrambled[100..].iter_mut().for_each(|b| *b ^= 0x5a);
    std::fs::write(at("scrambled.gpkg"), scrambled).unwrap();
    let mut other = sqlite(&at("other.gpkg")).await;
    sqlx::raw_sql("CREATE TABLE t (a)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    std::fs::write(at("source.geojson"), geojson("{}", r#"{"type":"Point","coordinates":[1,2]}"#)).unwrap();
    run("ogr2ogr", &["-f", "GPKG", at("qgis.gpkg").to_str().unwrap(), at("source.geojson").to_str().unwrap()]);
    std::fs::copy(&good, at("newer.gpkg")).unwrap();
    let mut newer = sqlite(&at("newer.gpkg")).await;
    sqlx::raw_sql("UPDATE townseat_meta SET value = '99' WHERE key = 'format'").execute(&mut newer).await.unwrap();
    newer.close().await.unwrap();
    std::fs::copy(&good, at("frozen.gpkg")).unwrap();
    let mut frozen = std::fs::metadata(at("frozen.gpkg")).unwrap().permissions();
    frozen.set_readonly(true);
    std::fs::set_permissions(at("frozen.gpkg"), frozen).unwrap();

    type Is = fn(&StoreError) -> bool;
    let cases: [(&str, Is); 7] = [
        ("text.gpkg", |e| matches!(e, StoreError::Damaged { .. })),
        ("half.gpkg", |e| matches!(e, StoreError::Damaged { .. })),
        ("scrambled.gpkg", |e| matches!(e, StoreError::Damaged { .. })),
        ("other.gpkg", |e| matches!(e, StoreError::Damaged { .. })),
        ("qgis.gpkg", |e| matches!(e, StoreError::Foreign { .. })),
        ("newer.gpkg", |e| matches!(e, StoreError::Newer { found: 99, .. })),
        ("frozen.gpkg", |e| matches!(e, StoreError::ReadOnly { .. })),
    ];
    for (name, is) in cases {
        let before = std::fs::read(at(name)).unwrap();
        let error = refused(&address(&at(name)), &town()).await;
        assert!(is(&error) && error.to_string().contains(name), "{name}: {error}");
        assert_eq!(std::fs::read(at(name)).unwrap(), before, "{name} is untouched");
    }
    assert!(matches!(refused(&address(folder.path()), &town()).await, StoreError::Folder { .. }));
    assert!(matches!(refused("gpkg:", &town()).await, StoreError::Address(_)));
    let secret = refused("mysql://me:secret@host/db", &town()).await.to_string();
    assert!(secret.contains("mysql") && !secret.contains("host"), "{secret}");
    // an empty file is a place for a new one, and missing folders are made
    std::fs::write(at("empty.gpkg"), "").unwrap();
    for path in [at("empty.gpkg"), at("a/b/new.gpkg")] {
        store::open(&address(&path), &town()).await.unwrap().close().await;
    }
}

#[tokio::test]
async fn a_file_locked_by_another_program_is_told_and_opens_later() {
    let ground = Gpkg::new();
    open(&ground, &town()).await.close().await;
    let mut other = sqlite(&ground.file()).await;
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await.unwrap();
    assert!(matches!(refused(&ground.address(), &town()).await, StoreError::Locked { .. }));
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    open(&ground, &town()).await.close().await;
}

#[tokio::test]
async fn nothing_is_written_into_a_file_that_was_replaced() {
    let ground = Gpkg::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    let copy = ground.folder().join("copy.gpkg");
    store.backup(&copy).await.unwrap();
    std::fs::rename(&copy, ground.file()).unwrap();
    assert!(matches!(store.write(&[insert("b")], &me()).await, Err(StoreError::Replaced { .. })));
    assert!(matches!(store.changed().await, Err(StoreError::Replaced { .. })));
    store.close().await;
}

#[tokio::test]
async fn rows_that_others_forge_in_the_log_break_nothing() {
    let ground = Gpkg::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    ground.sql(
        "INSERT INTO change (layer, feature, version, operation, who, by, at, before) VALUES \
         (x'00ff', x'ff', 'x', x'00', x'01', '', '', x'02'), ('spot', 'a', 'y', 'update', '', '', '', '{'), \
         ('nowhere', 'a', 1, 'delete', '', '', '', '{}'), ('spot', 'a', 2, 'explode', '', '', '', NULL)",
    );
    store.write(&[insert("b")], &me()).await.unwrap();
    let log = store.changes(0, 2).await.unwrap();
    assert_eq!(log.iter().map(|c| c.seq).collect::<Vec<_>>(), [1]);
    assert_eq!(store.changes(1, 2).await.unwrap().iter().map(|c| c.seq).collect::<Vec<_>>(), [4]);
    assert_eq!(store.changes(4, 1).await.unwrap()[0].feature.as_ref(), "b");
    store.close().await;
}

#[tokio::test]
async fn odd_names_of_files_are_only_names() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a?mode=memory", "file:b#c", "100%25 '镇'.gpkg"] {
        let store = store::open(&format!("gpkg:{}", folder.path().join(name).display()), &town()).await.unwrap();
        store.write(&[insert("a")], &me()).await.unwrap();
        store.close().await;
        assert!(folder.path().join(name).is_file(), "{name}");
    }
}

#[tokio::test]
async fn a_backup_of_a_running_store_is_a_whole_store() {
    let ground = Gpkg::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    let copy = ground.folder().join("backups/it's a copy.gpkg");
    store.backup(&copy).await.unwrap();
    store.write(&[insert("b")], &me()).await.unwrap();
    assert!(matches!(store.backup(&copy).await, Err(StoreError::ReadOnly { .. })), "no copy is overwritten");
    store.close().await;
    let copied = store::open(&format!("gpkg:{}", copy.display()), &town()).await.unwrap();
    assert_eq!(read(&*copied, town().layer("spot").unwrap()).await.len(), 1);
    assert_eq!(copied.last_seq().await.unwrap(), 1);
    copied.close().await;
    assert!(store.write(&[insert("c")], &me()).await.is_err(), "a closed store takes nothing");
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let ground = Gpkg::new();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["store_geopackage::writes_until_killed", "--exact", "--ignored", "--nocapture"])
        .env("TOWNSEAT_TEST_STORE", ground.address())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut acknowledged = 0;
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        if let Some(n) = line.unwrap().strip_prefix("acknowledged ") {
            acknowledged = n.parse().unwrap();
            if acknowledged == 25 {
                break;
            }
        }
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(acknowledged, 25);
    let store = open(&ground, &town()).await;
    let there = read(&*store, town().layer("spot").unwrap()).await.len();
    assert!(there >= acknowledged, "{there} of {acknowledged}");
    assert_eq!(store.last_seq().await.unwrap(), there as i64, "the log and the present did not part");
    store.close().await;
}

#[tokio::test]
#[ignore = "the child of what_was_acknowledged_survives_a_kill"]
async fn writes_until_killed() {
    let store = store::open(&std::env::var("TOWNSEAT_TEST_STORE").unwrap(), &town()).await.unwrap();
    for n in 1.. {
        store.write(&[insert(&format!("n{n}"))], &me()).await.unwrap();
        println!("\nacknowledged {n}");
    }
}
