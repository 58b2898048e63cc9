//! Edits and imports, each one transaction. The triggers write the log; an import writes its part of it at once.

use futures_util::{StreamExt, future};
use sqlx::{AssertSqlSafe, SqliteConnection};

use super::bulk::{Bulk, is_multi, rows_at_once};
use super::work::Work;
use super::{fail, log, row, shape, table, triggers};
use crate::geom::Bounds;
use crate::layer::{Catalogue, Edit, Feature, Layer, Origin};
use crate::store::{FeatureStream, StoreError, Written, by, refuse, sql};

/// Applies edits, all or none.
pub async fn edits(
    mut work: Work<'_>,
    catalogue: &Catalogue,
    edits: &[Edit],
    origin: &Origin,
) -> Result<Written, StoreError> {
    let db = |e| fail::of("an edit", e);
    let before = log::last_seq(&mut work).await.map_err(db)?;
    sign(&mut work, &origin.who, by(origin)).await.map_err(db)?;
    let mut fids = Vec::with_capacity(edits.len());
    let mut grown: Vec<(&Layer, Bounds, bool)> = Vec::new();
    for edit in edits {
        let (id, feature) = match edit {
            Edit::Insert { layer, feature } | Edit::Update { layer, feature } => (layer, Some(feature)),
            Edit::Delete { layer, .. } => (layer, None),
        };
        let layer: &Layer = catalogue.layer(id).ok_or_else(|| StoreError::no_layer(id))?;
        fids.push(apply(&mut work, layer, edit).await?);
        let at = grown.iter().position(|g| g.0.id == layer.id).unwrap_or_else(|| {
            grown.push((layer, Bounds::EMPTY, false));
            grown.len() - 1
        });
        if let Some(geometry) = feature.and_then(|f| f.geometry.as_ref()) {
            grown[at].1.join(&Bounds::of(geometry));
            grown[at].2 |= is_multi(geometry);
        }
    }
    for (layer, bounds, multi) in grown {
        if multi {
            table::widen(&mut work, &layer.id).await.map_err(db)?;
        }
        table::touch(&mut work, &layer.id, &bounds).await.map_err(db)?;
    }
    sign(&mut work, "", "").await.map_err(db)?;
    let changes = log::since(&mut work, catalogue, before, i64::MAX).await.map_err(db)?;
    work.commit().await.map_err(db)?;
    Ok(Written { changes, fids })
}

/// Applies one edit; gives the fid of its feature.
async fn apply(conn: &mut SqliteConnection, layer: &Layer, edit: &Edit) -> Result<i64, StoreError> {
    let table = sql::name(&layer.id);
    let conflict =
        |id: &str, what| StoreError::Conflict { layer: layer.id.clone(), id: id.chars().take(80).collect(), what };
    let gone = "it is not there (any more): read again and repeat";
    match edit {
        Edit::Insert { feature, .. } => {
            refuse::zero_bytes(layer, feature)?;
            let columns: Vec<&str> = row::written(layer).collect();
            let marks = vec!["?"; columns.len()].join(", ");
            let insert = format!("INSERT INTO {table} ({}) VALUES ({marks})", sql::names(columns));
            let done = row::bind(sqlx::query(AssertSqlSafe(insert)), layer, feature).execute(conn).await;
            match done {
                Ok(done) => Ok(done.last_insert_rowid()),
                Err(e) if e.as_database_error().is_some_and(|d| d.is_unique_violation()) => {
                    Err(conflict(&feature.id, "this id stands already: choose another"))
                }
                Err(e) => Err(fail::of(&layer.id, e)),
            }
        }
        Edit::Update { feature, .. } => {
            refuse::zero_bytes(layer, feature)?;
            let set: Vec<String> = row::written(layer).map(|c| format!("{} = ?", sql::name(c))).collect();
            let update = format!("UPDATE {table} SET {} WHERE \"id\" = ? RETURNING \"fid\"", set.join(", "));
            let query = row::bind(sqlx::query(AssertSqlSafe(update)), layer, feature).bind(feature.id.clone());
            one_fid(query.fetch_optional(conn).await, layer)?.ok_or_else(|| conflict(&feature.id, gone))
        }
        Edit::Delete { id, .. } => {
            let delete = format!("DELETE FROM {table} WHERE \"id\" = ? RETURNING \"fid\"");
            let query = sqlx::query(AssertSqlSafe(delete)).bind(id.clone());
            one_fid(query.fetch_optional(conn).await, layer)?.ok_or_else(|| conflict(id, gone))
        }
    }
}

fn one_fid(row: sqlx::Result<Option<sqlx::sqlite::SqliteRow>>, layer: &Layer) -> Result<Option<i64>, StoreError> {
    row.map(|r| r.map(|r| sqlx::Row::get(&r, 0))).map_err(|e| fail::of(&layer.id, e))
}

/// Writes who is at work into the table that the triggers ask.
async fn sign(conn: &mut SqliteConnection, who: &str, by: &str) -> sqlx::Result<()> {
    let sign = "INSERT INTO \"townseat_who\" VALUES (1, ?, ?) ON CONFLICT (\"one\") DO UPDATE \
                SET \"who\" = excluded.\"who\", \"by\" = excluded.\"by\"";
    sqlx::query(sign).bind(who).bind(by).execute(conn).await.map(|_| ())
}

/// Writes a stream of new features, all or none.
pub async fn import(
    mut work: Work<'_>,
    layer: &Layer,
    mut features: FeatureStream<'_>,
    origin: &Origin,
    keep: &(dyn Fn() -> bool + Sync),
) -> Result<u64, StoreError> {
    let db = |e| fail::of(&format!("import into {}", layer.id), e);
    let last = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = ?), 0)";
    let last: i64 = sqlx::query_scalar(last).bind(layer.id.as_str()).fetch_one(&mut *work).await.map_err(db)?;
    // the triggers come back in the same transaction: nobody ever sees the table without them
    shape::drop_triggers(&mut work, &layer.id).await.map_err(db)?;
    let mut bulk = Bulk::new(layer, false);
    let mut chunk = next_chunk(layer, &mut features).await?;
    let mut count = 0u64;
    while !chunk.is_empty() {
        count += chunk.len() as u64;
        // the next rows are made while SQLite takes these
        let (done, next) = future::join(bulk.write(&mut work, &chunk), next_chunk(layer, &mut features)).await;
        done.map_err(|e| taken(layer, e))?;
        chunk = next?;
    }
    drop(features);
    if !keep() {
        work.rollback().await.map_err(db)?;
        return Ok(0);
    }
    bulk.finish(&mut work).await.map_err(db)?;
    log_inserts(&mut work, layer, last, origin).await.map_err(db)?;
    shape::put_triggers(&mut work, layer).await.map_err(db)?;
    work.commit().await.map_err(db)?;
    Ok(count)
}

async fn next_chunk(layer: &Layer, features: &mut FeatureStream<'_>) -> Result<Vec<Feature>, StoreError> {
    let most = rows_at_once(layer);
    let mut chunk = Vec::with_capacity(most);
    while chunk.len() < most {
        match features.next().await {
            Some(feature) => {
                refuse::zero_bytes(layer, &feature)?;
                chunk.push(feature);
            }
            None => break,
        }
    }
    Ok(chunk)
}

fn taken(layer: &Layer, error: sqlx::Error) -> StoreError {
    if error.as_database_error().is_some_and(|d| d.is_unique_violation()) {
        return StoreError::Rejected { what: format!("layer {}: an id stands already, or stands twice", layer.id) };
    }
    fail::of(&format!("import into {}", layer.id), error)
}

/// The log rows of an import. When the layer has none yet, every version is 1 and the log's index is made
/// anew afterwards, which is faster than filling it.
async fn log_inserts(conn: &mut SqliteConnection, layer: &Layer, after_fid: i64, origin: &Origin) -> sqlx::Result<()> {
    let empty = sqlx::query("SELECT 1 FROM \"change\" LIMIT 1").fetch_optional(&mut *conn).await?.is_none();
    if empty {
        table::run(conn, "DROP INDEX \"change_feature\"".into()).await?;
    }
    let version = match empty {
        true => "1",
        false => {
            "1 + coalesce((SELECT max(\"version\") FROM \"change\" WHERE \"layer\" = ?1 AND \"feature\" = t.\"id\"), 0)"
        }
    };
    let insert = format!(
        "INSERT INTO \"change\" (\"layer\", \"feature\", \"version\", \"operation\", \"who\", \"by\", \"at\") \
         SELECT ?1, t.\"id\", {version}, 'insert', ?2, ?3, m.\"at\" \
         FROM (SELECT {} AS \"at\") AS m, {} AS t WHERE t.\"fid\" > ?4 ORDER BY t.\"fid\"",
        triggers::NOW,
        sql::name(&layer.id)
    );
    sqlx::query(AssertSqlSafe(insert))
        .bind(layer.id.as_str())
        .bind(origin.who.as_str())
        .bind(by(origin))
        .bind(after_fid)
        .execute(&mut *conn)
        .await?;
    if empty {
        let index = "CREATE INDEX \"change_feature\" ON \"change\" (\"layer\", \"feature\", \"version\")";
        table::run(conn, index.into()).await?;
    }
    Ok(())
}
