//! Opens a PostGIS database: finds out what it is, makes or migrates our schema, and only then lets it be used.

use std::collections::BTreeSet;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::{ConnectOptions, PgConnection};

use super::table::PostGis;
use super::{fail, migrate, shape, table};
use crate::layer::Catalogue;
use crate::store::{StoreError, kept};

/// What the fixed tables look like; raised by one with every file in `migrations/` after the first two.
const FORMAT: i64 = 1;

/// What an address names, for people: no user's password.
pub fn describe(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or("?");
    match options.get_socket() {
        Some(socket) => format!("PostGIS {database} at {}", socket.display()),
        None => format!("PostGIS {database} at {}:{}", options.get_host(), options.get_port()),
    }
}

/// Reads an address; nothing of it is repeated but its beginning.
pub fn options(address: &str) -> Result<PgConnectOptions, StoreError> {
    let options = PgConnectOptions::from_str(address).map_err(|_| StoreError::address(address))?;
    Ok(options.application_name("townseat").disable_statement_logging())
}

/// Connections to a database.
pub async fn connect(options: &PgConnectOptions) -> Result<PgPool, StoreError> {
    let fail = |e| fail::of(&describe(options), e);
    // tried once by itself: the pool would try again and again where nothing listens
    let first = options.connect().await.map_err(fail)?;
    sqlx::Connection::close(first).await.map_err(fail)?;
    PgPoolOptions::new()
        .max_connections(10)
        .acquire_timeout(Duration::from_secs(10))
        .connect_with(options.clone())
        .await
        .map_err(fail)
}

/// Brings the schema in line with the catalogue; tells where PostGIS lives.
pub async fn bring_up(pool: &PgPool, catalogue: &Catalogue, what: &str) -> Result<PostGis, StoreError> {
    let db = |e| fail::of(what, e);
    let mut work = pool.begin().await.map_err(db)?;
    // the lock of the log, before there is a function for it: one server at a time brings up a schema
    let lock = "SET LOCAL lock_timeout = '8s'; SELECT pg_advisory_xact_lock(8391172948721295220)";
    sqlx::raw_sql(lock).execute(&mut *work).await.map_err(db)?;
    let kept = identify(&mut work, what).await?;
    let postgis = find_postgis(&mut work, what).await?;
    let kept = match kept {
        Some(kept) => kept,
        None => {
            make(&mut work, &postgis).await.map_err(db)?;
            String::new()
        }
    };
    bring_in_line(&mut work, catalogue, &kept, &postgis, what).await?;
    work.commit().await.map_err(db)?;
    Ok(postgis)
}

/// The kept catalogue of a town's schema, `None` where there is none or an empty one; anything else is refused.
async fn identify(conn: &mut PgConnection, what: &str) -> Result<Option<String>, StoreError> {
    let db = |e| fail::of(what, e);
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
         WHERE n.nspname = 'townseat' AND c.relkind IN ('r', 'p', 'v', 'm')",
    )
    .fetch_all(&mut *conn)
    .await
    .map_err(db)?;
    if tables.is_empty() {
        return Ok(None);
    }
    match ["townseat_meta", "change"].iter().filter(|t| tables.iter().any(|k| k == *t)).count() {
        2 => {}
        0 => return Err(StoreError::Foreign { what: format!("schema townseat of {what}") }),
        _ => return Err(StoreError::Damaged { what: what.into(), why: "a table of the change log is missing".into() }),
    }
    let format = meta(conn, "format").await.map_err(db)?;
    match format.and_then(|f| f.parse::<i64>().ok()) {
        Some(found) if found > FORMAT => Err(StoreError::Newer { what: what.into(), found, known: FORMAT }),
        Some(_) => Ok(Some(meta(conn, "catalogue").await.map_err(db)?.unwrap_or_default())),
        None => Err(StoreError::Damaged { what: what.into(), why: "its format number is missing".into() }),
    }
}

/// The schema that PostGIS lives in; it is put into the database where that is allowed.
async fn find_postgis(conn: &mut PgConnection, what: &str) -> Result<PostGis, StoreError> {
    let find = "SELECT n.nspname::text FROM pg_extension AS e JOIN pg_namespace AS n ON n.oid = e.extnamespace \
                WHERE e.extname = 'postgis'";
    let db = |e| fail::of(what, e);
    if let Some(schema) = sqlx::query_scalar(find).fetch_optional(&mut *conn).await.map_err(db)? {
        return Ok(PostGis(schema));
    }
    sqlx::raw_sql("CREATE EXTENSION postgis").execute(&mut *conn).await.map_err(|e| StoreError::Rejected {
        what: format!(
            "{what} has no PostGIS ({e}): install it, and have its administrator run CREATE EXTENSION postgis"
        ),
    })?;
    sqlx::query_scalar(find).fetch_one(conn).await.map(PostGis).map_err(db)
}

async fn make(conn: &mut PgConnection, postgis: &PostGis) -> sqlx::Result<()> {
    sqlx::raw_sql("CREATE SCHEMA IF NOT EXISTS townseat").execute(&mut *conn).await?;
    sqlx::raw_sql(include_str!("migrations/1_log.sql")).execute(&mut *conn).await?;
    let schema = crate::store::sql::name(&postgis.0);
    let known = format!("SELECT count(*) FROM {schema}.spatial_ref_sys WHERE srid = 4490");
    let known: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(known)).fetch_one(&mut *conn).await?;
    if known == 0 {
        table::run(conn, include_str!("migrations/2_cgcs2000.sql").replace("{postgis}", &schema)).await?;
    }
    set_meta(conn, "format", &FORMAT.to_string()).await
}

async fn meta(conn: &mut PgConnection, key: &str) -> sqlx::Result<Option<String>> {
    let select = "SELECT \"value\" FROM townseat.townseat_meta WHERE \"key\" = $1";
    sqlx::query_scalar(select).bind(key).fetch_optional(conn).await
}

async fn set_meta(conn: &mut PgConnection, key: &str, value: &str) -> sqlx::Result<()> {
    let set = "INSERT INTO townseat.townseat_meta VALUES ($1, $2) ON CONFLICT (\"key\") DO UPDATE SET \"value\" = excluded.\"value\"";
    sqlx::query(set).bind(key).bind(value).execute(conn).await.map(|_| ())
}

/// Migrates from the kept catalogue to the one given, and mends what other programs have broken.
async fn bring_in_line(
    conn: &mut PgConnection,
    catalogue: &Catalogue,
    kept_json: &str,
    postgis: &PostGis,
    what: &str,
) -> Result<(), StoreError> {
    let db = |e| fail::of(what, e);
    let old = kept::read(kept_json).unwrap_or_default();
    let (questions, steps) = kept::compare(&old, catalogue);
    for question in &questions {
        migrate::ask(conn, question, postgis).await?;
    }
    let mut touched = BTreeSet::new();
    for step in &steps {
        touched.insert(migrate::take(conn, step).await.map_err(db)?);
    }
    for layer in catalogue.layers() {
        let was = old.iter().find(|l| l.id == layer.id).filter(|_| !touched.contains(layer.id.as_str()));
        let known: Option<Vec<&str>> = was.map(|l| l.fields.iter().map(|f| f.id.as_str()).collect());
        if shape::mend(conn, layer, postgis, known.as_deref()).await? {
            tracing::warn!(layer = %layer.id, "another program has changed the table or its triggers: put back, resync logged");
            shape::log_resync(conn, layer).await.map_err(db)?;
        }
    }
    let new_json = kept::write(catalogue);
    if new_json != kept_json {
        for layer in catalogue.layers() {
            table::comment(conn, layer).await.map_err(db)?;
        }
        set_meta(conn, "catalogue", &new_json).await.map_err(db)?;
    }
    Ok(())
}
