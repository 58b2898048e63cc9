//! Edits and imports, each one transaction. The triggers write the log; an import writes its part of it at once.

use futures_util::StreamExt;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::bulk::{self, Copy};
use super::table::{self, PostGis};
use super::work::Work;
use super::{fail, log, row};
use crate::layer::{Catalogue, Edit, Feature, Layer, Origin};
use crate::store::{FeatureStream, StoreError, Written, by, refuse};

/// Applies edits, all or none.
pub async fn edits(
    mut work: Work<'_>,
    catalogue: &Catalogue,
    postgis: &PostGis,
    edits: &[Edit],
    origin: &Origin,
) -> Result<Written, StoreError> {
    let db = |e| fail::of("an edit", e);
    let before = log::last_seq(&mut work).await.map_err(db)?;
    work.sign(&origin.who, by(origin)).await.map_err(db)?;
    let mut fids = Vec::with_capacity(edits.len());
    for edit in edits {
        let id = match edit {
            Edit::Insert { layer, .. } | Edit::Update { layer, .. } | Edit::Delete { layer, .. } => layer,
        };
        let layer = catalogue.layer(id).ok_or_else(|| StoreError::no_layer(id))?;
        fids.push(apply(&mut work, layer, postgis, edit).await?);
    }
    let changes = log::since(&mut work, catalogue, before, i64::MAX).await.map_err(db)?;
    work.commit().await.map_err(db)?;
    Ok(Written { changes, fids })
}

/// Applies one edit; gives the fid of its feature.
async fn apply(conn: &mut PgConnection, layer: &Layer, postgis: &PostGis, edit: &Edit) -> Result<i64, StoreError> {
    let table = table::name(&layer.id);
    let gone = "it is not there (any more): read again and repeat";
    let written = row::written(layer, postgis);
    let (id, sql, feature) = match edit {
        Edit::Insert { feature, .. } => {
            let (columns, values): (Vec<_>, Vec<_>) = written.into_iter().unzip();
            let (columns, values) = (columns.join(", "), values.join(", "));
            (&feature.id, format!("INSERT INTO {table} ({columns}) VALUES ({values}) RETURNING \"fid\""), Some(feature))
        }
        Edit::Update { feature, .. } => {
            let set: Vec<String> = written.iter().map(|(column, value)| format!("{column} = {value}")).collect();
            let (set, id) = (set.join(", "), written.len() + 1);
            (&feature.id, format!("UPDATE {table} SET {set} WHERE \"id\" = ${id} RETURNING \"fid\""), Some(feature))
        }
        Edit::Delete { id, .. } => (id, format!("DELETE FROM {table} WHERE \"id\" = $1 RETURNING \"fid\""), None),
    };
    let mut query = sqlx::query(AssertSqlSafe(sql));
    if let Some(feature) = feature {
        refuse::zero_bytes(layer, feature)?;
        query = row::bind(query, layer, feature)?;
    }
    if !matches!(edit, Edit::Insert { .. }) {
        query = query.bind(id.to_string());
    }
    let conflict = |what| StoreError::Conflict { layer: layer.id.clone(), id: id.chars().take(80).collect(), what };
    match query.fetch_optional(conn).await {
        Ok(Some(row)) => Ok(row.get(0)),
        Ok(None) => Err(conflict(gone)),
        Err(e) if fail::is_taken_id(&e) => Err(conflict("this id stands already: choose another")),
        Err(e) => Err(fail::of(&layer.id, e)),
    }
}

/// Writes a stream of new features, all or none.
pub async fn import(
    mut work: Work<'_>,
    layer: &Layer,
    features: FeatureStream<'_>,
    origin: &Origin,
    keep: &(dyn Fn() -> bool + Sync),
) -> Result<u64, StoreError> {
    let db = |e| fail::of(&format!("import into {}", layer.id), e);
    let table = table::name(&layer.id);
    // it locks the table against other writers until the end, and is undone with the rest
    table::run(&mut work, format!("ALTER TABLE {table} DISABLE TRIGGER townseat_log")).await.map_err(db)?;
    bulk::move_sequence(&mut work, &layer.id).await.map_err(db)?;
    let mut copy = Copy::begin(&mut work, layer, false).await.map_err(db)?;
    if let Err(e) = push_all(&mut copy, layer, features).await {
        copy.abort().await;
        return Err(e);
    }
    let count = copy.finish().await?;
    if !keep() {
        work.rollback().await.map_err(db)?;
        return Ok(0);
    }
    log_inserts(&mut work, layer, origin).await.map_err(db)?;
    table::run(&mut work, format!("ALTER TABLE {table} ENABLE TRIGGER townseat_log")).await.map_err(db)?;
    work.commit().await.map_err(db)?;
    Ok(count)
}

async fn push_all(copy: &mut Copy<'_>, layer: &Layer, mut features: FeatureStream<'_>) -> Result<(), StoreError> {
    while let Some(feature) = features.next().await {
        let feature: Feature = feature;
        refuse::zero_bytes(layer, &feature)?;
        copy.push(&feature).await?;
    }
    Ok(())
}

/// The log rows of an import: those of the rows that this transaction has written.
async fn log_inserts(conn: &mut PgConnection, layer: &Layer, origin: &Origin) -> sqlx::Result<()> {
    let empty: bool =
        sqlx::query_scalar("SELECT NOT EXISTS (SELECT 1 FROM townseat.change)").fetch_one(&mut *conn).await?;
    if empty {
        table::run(conn, "DROP INDEX townseat.change_feature".into()).await?;
    }
    let version = match empty {
        true => "1",
        false => {
            "1 + coalesce((SELECT max(c.\"version\") FROM townseat.change AS c WHERE c.\"layer\" = $1 \
             AND c.\"feature\" = s.\"id\"), 0)"
        }
    };
    let insert = format!(
        "INSERT INTO townseat.change (\"seq\", \"layer\", \"feature\", \"version\", \"operation\", \"who\", \"by\", \"at\") \
         SELECT nextval('townseat.change_seq'), $1, s.\"id\", {version}, 'insert', $2, $3, m.\"at\" \
         FROM (SELECT townseat.townseat_now() AS \"at\" OFFSET 0) AS m, \
         (SELECT t.\"id\" FROM {} AS t WHERE t.xmin = pg_current_xact_id()::xid ORDER BY t.\"fid\") AS s",
        table::name(&layer.id)
    );
    sqlx::query(AssertSqlSafe(insert))
        .bind(layer.id.as_str())
        .bind(origin.who.as_str())
        .bind(by(origin))
        .execute(&mut *conn)
        .await?;
    if empty {
        let index = "CREATE INDEX change_feature ON townseat.change (\"layer\", \"feature\", \"version\")";
        table::run(conn, index.into()).await?;
    }
    sqlx::query("SELECT pg_notify('townseat', '')").execute(conn).await.map(|_| ())
}
