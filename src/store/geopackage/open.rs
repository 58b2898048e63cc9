//! Opens a GeoPackage file: finds out what it is, makes or migrates it, and only then lets it be used.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};

use super::look::{Found, look};
use super::{fail, migrate, row, shape, table};
use crate::layer::Catalogue;
use crate::store::{StoreError, kept};

/// What the fixed tables look like; raised by one with every file in `migrations/` after the first two.
const FORMAT: i64 = 1;

/// How long a lock of another program is waited for while the store is open: a desktop's save takes seconds.
const PATIENCE: Duration = Duration::from_secs(8);

/// How long it is waited for when the store is opened: somebody sits in front of it.
const PATIENCE_AT_OPEN: Duration = Duration::from_secs(2);

/// 'GPKG', and the ids that GeoPackage 1.0 and 1.1 used.
const APPLICATION_IDS: [i64; 3] = [1_196_444_487, 1_196_437_808, 1_196_437_809];

/// Opens or makes a file and brings it in line with the catalogue; gives the one connection that writes.
pub async fn open(path: &Path, catalogue: &Catalogue) -> Result<SqliteConnection, StoreError> {
    let what = path.display().to_string();
    let db = |e| fail::of(&what, e);
    let found = look(path)?;
    let options = options(path).create_if_missing(found == Found::Nothing).busy_timeout(PATIENCE_AT_OPEN);
    let mut conn = options.pragma("cache_size", "-65536").connect().await.map_err(db)?;
    // the journal mode is left alone until the file is known to be ours
    let mut work = conn.begin_with("BEGIN IMMEDIATE").await.map_err(db)?;
    let kept = match identify(&mut work, &what).await? {
        Some(kept) => kept,
        None => {
            make(&mut work).await.map_err(db)?;
            String::new()
        }
    };
    bring_in_line(&mut work, catalogue, &kept, &what).await?;
    work.commit().await.map_err(db)?;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode = WAL").fetch_one(&mut conn).await.map_err(db)?;
    if mode != "wal" {
        return Err(StoreError::Locked { what });
    }
    let settle = format!("PRAGMA synchronous = FULL; PRAGMA busy_timeout = {}", PATIENCE.as_millis());
    sqlx::raw_sql(AssertSqlSafe(settle)).execute(&mut conn).await.map_err(db)?;
    Ok(conn)
}

/// The whole path: SQLite takes some short names, such as `:memory:` and `file:…`, for more than a file.
pub fn absolute(path: &Path) -> Result<PathBuf, StoreError> {
    let fail = |e: std::io::Error| StoreError::ReadOnly { what: path.display().to_string(), why: e.to_string() };
    std::path::absolute(path).map_err(fail)
}

/// Connections that read beside the one that writes; each sees the last commit at its begin.
pub fn readers(path: &Path) -> SqlitePool {
    let options = options(path).pragma("query_only", "ON").row_buffer_size(1024);
    SqlitePoolOptions::new().max_connections(8).connect_lazy_with(options)
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE).disable_statement_logging()
}

/// The kept catalogue of a town's file, `None` for an empty file; anything else is refused.
async fn identify(conn: &mut SqliteConnection, what: &str) -> Result<Option<String>, StoreError> {
    let db = |e| fail::of(what, e);
    let number = async |conn: &mut SqliteConnection, sql: &'static str| -> sqlx::Result<i64> {
        sqlx::query_scalar(sql).fetch_one(conn).await
    };
    let application = number(conn, "PRAGMA application_id").await.map_err(db)?;
    let tables = number(conn, "SELECT count(*) FROM sqlite_master").await.map_err(db)?;
    if application == 0 && tables == 0 {
        return Ok(None);
    }
    if !APPLICATION_IDS.contains(&application) {
        return Err(StoreError::Damaged { what: what.into(), why: "it is an SQLite file of another kind".into() });
    }
    let ours = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name IN ('townseat_meta', 'townseat_who', \
                'townseat_replaced', 'change')";
    match number(conn, ours).await.map_err(db)? {
        4 => {}
        0 => return Err(StoreError::Foreign { what: what.into() }),
        _ => return Err(StoreError::Damaged { what: what.into(), why: "a table of the change log is missing".into() }),
    }
    let format: Option<String> = meta(conn, "format").await.map_err(db)?;
    match format.and_then(|f| f.parse::<i64>().ok()) {
        Some(found) if found > FORMAT => Err(StoreError::Newer { what: what.into(), found, known: FORMAT }),
        Some(_) => Ok(Some(meta(conn, "catalogue").await.map_err(db)?.unwrap_or_default())),
        None => Err(StoreError::Damaged { what: what.into(), why: "its format number is missing".into() }),
    }
}

async fn meta(conn: &mut SqliteConnection, key: &str) -> sqlx::Result<Option<String>> {
    let select = "SELECT \"value\" FROM \"townseat_meta\" WHERE \"key\" = ?";
    sqlx::query_scalar(select).bind(key).fetch_optional(conn).await
}

async fn set_meta(conn: &mut SqliteConnection, key: &str, value: &str) -> sqlx::Result<()> {
    let set = "INSERT OR REPLACE INTO \"townseat_meta\" VALUES (?, ?)";
    sqlx::query(set).bind(key).bind(value).execute(conn).await.map(|_| ())
}

async fn make(conn: &mut SqliteConnection) -> sqlx::Result<()> {
    for file in [include_str!("migrations/1_geopackage.sql"), include_str!("migrations/2_log.sql")] {
        sqlx::raw_sql(file).execute(&mut *conn).await?;
    }
    set_meta(conn, "format", &FORMAT.to_string()).await
}

/// Migrates from the kept catalogue to the one given, and mends what other programs have broken.
async fn bring_in_line(
    conn: &mut SqliteConnection,
    catalogue: &Catalogue,
    kept_json: &str,
    what: &str,
) -> Result<(), StoreError> {
    let db = |e| fail::of(what, e);
    let old = kept::read(kept_json).unwrap_or_default();
    let (questions, steps) = kept::compare(&old, catalogue);
    for question in &questions {
        migrate::ask(conn, question).await?;
    }
    let mut touched = BTreeSet::new();
    for step in &steps {
        touched.insert(migrate::take(conn, step).await.map_err(db)?);
    }
    for layer in catalogue.layers() {
        let was = old.iter().find(|l| l.id == layer.id).filter(|_| !touched.contains(layer.id.as_str()));
        let known: Option<Vec<&str>> = was.map(|l| l.fields.iter().map(|f| f.id.as_str()).collect());
        if shape::mend(conn, layer, known.as_deref()).await? {
            tracing::warn!(layer = %layer.id, "another program has changed the table or its triggers: put back, resync logged");
            shape::log_resync(conn, layer).await.map_err(db)?;
        }
    }
    let new_json = kept::write(catalogue);
    if new_json != kept_json {
        for layer in catalogue.layers() {
            table::untitle(conn, &layer.id).await.map_err(db)?;
        }
        for layer in catalogue.layers() {
            table::register(conn, layer).await.map_err(db)?;
        }
        set_meta(conn, "catalogue", &new_json).await.map_err(db)?;
    }
    Ok(())
}

/// Writes a whole copy while others read and write; the file must not be there yet.
pub async fn copy(readers: &SqlitePool, to: &Path) -> Result<(), StoreError> {
    let to = absolute(to)?;
    let what = to.display().to_string();
    if std::fs::metadata(&to).is_ok_and(|m| m.len() > 0 || m.is_dir()) {
        return Err(StoreError::ReadOnly { what, why: "it is there already".into() });
    }
    look(&to)?;
    let db = |e| fail::of(&what, e);
    let mut conn = readers.acquire().await.map_err(db)?;
    // writing a file is writing to SQLite, though not to this one
    sqlx::raw_sql("PRAGMA query_only = OFF").execute(&mut *conn).await.map_err(db)?;
    let into = format!("VACUUM INTO {}", crate::store::sql::text(&what));
    let done = sqlx::raw_sql(AssertSqlSafe(into)).execute(&mut *conn).await.map_err(db);
    sqlx::raw_sql("PRAGMA query_only = ON").execute(&mut *conn).await.map_err(db)?;
    done?;
    // on disk before it is told to be done
    std::fs::File::open(&to).and_then(|f| f.sync_all()).map_err(|e| StoreError::ReadOnly { what, why: e.to_string() })
}

/// Leaves one file: no write-ahead log beside it, unless another program still has it open.
pub async fn close(mut conn: SqliteConnection) {
    for pragma in ["PRAGMA wal_checkpoint(TRUNCATE)", "PRAGMA journal_mode = DELETE"] {
        if let Err(e) = sqlx::raw_sql(pragma).execute(&mut conn).await {
            tracing::info!("left with its write-ahead log, another program has it open: {e}");
        }
    }
    if let Err(e) = conn.close().await {
        tracing::warn!("the store did not close well: {e}");
    }
}

/// Selects the columns of a layer that [`row::decode`] takes.
pub fn select(layer: &crate::layer::Layer, rest: &str) -> AssertSqlSafe<String> {
    AssertSqlSafe(format!("SELECT {} FROM {} AS t {rest}", row::columns(layer), crate::store::sql::name(&layer.id)))
}
