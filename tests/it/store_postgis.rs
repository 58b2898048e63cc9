//! What only a PostGIS store has: other roles, other transactions, connections that are lost.

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

#[tokio::test]
async fn an_outsider_is_known_by_the_database_user_and_needs_no_right_to_the_log() {
    let ground = Postgis::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    let role = ground.database.clone() + "_planner";
    ground.sql(&format!(
        "CREATE ROLE {role} LOGIN; GRANT USAGE ON SCHEMA townseat TO {role}; \
         GRANT SELECT, INSERT, UPDATE, DELETE ON townseat.spot TO {role}"
    ));
    let as_role = |sql: &str| psql_as(&role, &ground.database, sql);
    as_role("SET townseat.by = 'edit'; SET townseat.who = 'li'; UPDATE townseat.spot SET name = 'b'; INSERT INTO townseat.spot (name) VALUES ('c')").unwrap();
    let log = told(&*store, 1).await;
    assert_eq!(log.iter().map(|c| c.operation).collect::<Vec<_>>(), [Operation::Update, Operation::Insert]);
    assert!(log.iter().all(|c| c.who == role && c.is_outside()), "{log:?}");
    assert_eq!(log[1].feature.len(), 16, "an id was given");
    for sql in [
        "INSERT INTO townseat.change SELECT * FROM townseat.change",
        "DELETE FROM townseat.change",
        "SELECT townseat.townseat_log('spot', 'a', 'delete', NULL)",
    ] {
        assert!(as_role(sql).unwrap_err().contains("permission denied"));
    }
    let own = store.history(town().layer("spot").unwrap(), "a").await.unwrap();
    assert_eq!((own[0].who.as_str(), own[0].by.as_str()), ("li", "edit"));
    store.close().await;
}

#[tokio::test]
async fn nobody_rewrites_the_log() {
    let ground = Postgis::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    for sql in ["DELETE FROM townseat.change", "UPDATE townseat.change SET who = 'x'", "TRUNCATE townseat.change"] {
        assert!(psql_as("postgres", &ground.database, sql).unwrap_err().contains("only added to"), "{sql}");
    }
    store.close().await;
}

#[tokio::test]
async fn a_truncated_table_and_dropped_or_silenced_triggers_are_a_resync() {
    let ground = Postgis::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    ground.sql("TRUNCATE townseat.spot");
    let log = told(&*store, 1).await;
    assert_eq!((log.len(), log[0].operation, &*log[0].layer), (1, Operation::Resync, "spot"));
    ground.sql(
        "ALTER TABLE townseat.spot DISABLE TRIGGER townseat_log; INSERT INTO townseat.spot (id) VALUES ('unseen')",
    );
    let log = told(&*store, 2).await;
    assert_eq!((log.len(), log[0].operation), (1, Operation::Resync));
    // at once: a write does not wait for the store to notice
    ground.sql("DROP TRIGGER townseat_log ON townseat.spot");
    store.write(&[insert("b")], &me()).await.unwrap();
    ground.sql("ALTER TABLE townseat.spot DROP COLUMN name; DROP TABLE townseat.note");
    let log = told(&*store, 3).await;
    let log: Vec<_> = log.iter().map(|c| (c.operation, &*c.layer, &*c.feature)).collect();
    assert!(log.starts_with(&[(Operation::Resync, "spot", ""), (Operation::Insert, "spot", "b")]), "{log:?}");
    let log = if log.len() == 2 { told(&*store, 5).await.len() + 2 } else { log.len() };
    assert_eq!(log, 4, "the column and the table");
    ground.sql("UPDATE townseat.spot SET name = 'seen' WHERE id = 'b'");
    assert_eq!(told(&*store, 7).await[0].operation, Operation::Update);
    store.close().await;
}

#[tokio::test]
async fn numbers_that_an_outsider_chose_are_not_given_out_again() {
    let ground = Postgis::new();
    let town = town();
    let store = open(&ground, &town).await;
    ground.sql("INSERT INTO townseat.spot (fid, id) VALUES (1, 'one'), (7, 'seven'), (3, 'three')");
    let written = store.write(&[insert("a"), insert("b")], &me()).await.unwrap();
    assert_eq!(written.fids, [8, 9]);
    let features = futures_util::StreamExt::boxed(futures_util::stream::iter([spot("c"), spot("")]));
    assert_eq!(store.import(town.layer("spot").unwrap(), features, &me(), &|| true).await.unwrap(), 2);
    let stored = read(&*store, town.layer("spot").unwrap()).await;
    assert_eq!(stored.iter().map(|f| f.fid).collect::<Vec<_>>(), [1, 3, 7, 8, 9, 10, 11]);
    assert!(stored.iter().all(|f| !f.id.is_empty()));
    store.close().await;
}

#[tokio::test]
async fn an_edit_is_heard_after_all_connections_were_lost() {
    let ground = Postgis::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a")], &me()).await.unwrap();
    let waiting = tokio::spawn({
        let store = store.clone();
        // a lost connection may be told once; the next wait finds a new one
        async move {
            if store.changed().await.is_err() {
                store.changed().await.unwrap()
            }
        }
    });
    let kill = format!(
        "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = '{}' \
         AND application_name = 'townseat'",
        ground.database
    );
    psql("postgres", &kill);
    ground.sql("UPDATE townseat.spot SET name = 'b'");
    tokio::time::timeout(std::time::Duration::from_secs(20), waiting).await.unwrap().unwrap();
    assert_eq!(store.changes(1, 10).await.unwrap()[0].operation, Operation::Update);
    store.close().await;
}

#[tokio::test]
async fn an_outsiders_open_transaction_keeps_the_order_of_the_log() {
    let ground = Postgis::new();
    let store = open(&ground, &town()).await;
    store.write(&[insert("a"), insert("b")], &me()).await.unwrap();
    let options: sqlx::postgres::PgConnectOptions = ground.address().parse().unwrap();
    let mut outsider = <sqlx::PgConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
    let run = async |c: &mut sqlx::PgConnection, sql: &'static str| sqlx::raw_sql(sql).execute(c).await.unwrap();
    run(&mut outsider, "BEGIN ISOLATION LEVEL REPEATABLE READ; UPDATE townseat.spot SET name = 'x' WHERE id = 'a'")
        .await;
    let writing = tokio::spawn({
        let store = store.clone();
        async move { store.write(&[Edit::Delete { layer: "spot".into(), id: "b".into() }], &me()).await.unwrap() }
    });
    // our write waits for the lock of the log; only then does the outsider go on
    let waits = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = \
                 (SELECT oid FROM pg_database WHERE datname = current_database())";
    while psql(&ground.database, waits).trim() == "0" {
        tokio::task::yield_now().await;
    }
    run(&mut outsider, "UPDATE townseat.spot SET name = 'y' WHERE id = 'a'; COMMIT").await;
    let written = writing.await.unwrap();
    let log = store.changes(2, 10).await.unwrap();
    assert_eq!(log.iter().map(|c| &*c.feature).collect::<Vec<_>>(), ["a", "a", "b"]);
    assert_eq!(log.last(), written.changes.last());
    assert!(log.windows(2).all(|w| w[0].seq < w[1].seq && w[0].at <= w[1].at));
    store.close().await;
}

#[tokio::test]
async fn databases_that_hold_no_town_are_refused_without_telling_a_password() {
    let ground = Postgis::new();
    ground.sql("CREATE SCHEMA townseat; CREATE TABLE townseat.street (a int)");
    assert!(matches!(refused(&ground.address(), &town()).await, StoreError::Foreign { .. }));
    ground.sql("DROP SCHEMA townseat CASCADE");
    open(&ground, &town()).await.close().await;
    ground.sql("UPDATE townseat.townseat_meta SET value = '99' WHERE key = 'format'");
    assert!(matches!(refused(&ground.address(), &town()).await, StoreError::Newer { found: 99, .. }));
    for address in
        ["postgres://me:geheim@127.0.0.1:1/x", "postgres://me:geheim@no.such.host.invalid/x", "postgres://%%%"]
    {
        let error = refused(address, &town()).await.to_string();
        assert!(!error.contains("geheim"), "{error}");
    }
}

#[tokio::test]
async fn bad_geometry_is_the_edits_fault_and_changes_nothing() {
    let ground = Postgis::new();
    let store = open(&ground, &town()).await;
    let mut open_ring = spot("ring");
    let ring = geo_types::LineString::from(vec![(0.0, 0.0), (1.0, 0.0)]);
    open_ring.geometry = Some(geo_types::Polygon::new(ring, vec![]).into());
    let edits = [insert("a"), Edit::Insert { layer: "spot".into(), feature: open_ring }];
    assert!(matches!(store.write(&edits, &me()).await, Err(StoreError::Rejected { .. })));
    assert_eq!(store.last_seq().await.unwrap(), 0);
    assert!(store.backup(ground.folder()).await.unwrap_err().to_string().contains("pg_dump"));
    store.close().await;
    assert!(store::open(&ground.address(), &town()).await.is_ok());
}
