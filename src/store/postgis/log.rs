//! Reads the change log. Knows no layer table.

use std::sync::Arc;

use sqlx::postgres::PgRow;
use sqlx::{PgConnection, Row};

use crate::layer::{Catalogue, Change};
use crate::store::image;

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT \"seq\", \"layer\", \"feature\", \"version\", \"operation\", \"who\", \"by\", \"at\", \"before\" ",
            "FROM townseat.change ",
            $rest
        )
    };
}

/// Rows after a seq, at most `limit`.
pub async fn since(conn: &mut PgConnection, catalogue: &Catalogue, seq: i64, limit: i64) -> sqlx::Result<Vec<Change>> {
    const SQL: &str = select!("WHERE \"seq\" > $1 ORDER BY \"seq\" LIMIT $2");
    let mut seq = seq;
    loop {
        let rows = sqlx::query(SQL).bind(seq).bind(limit.max(0)).fetch_all(&mut *conn).await?;
        let changes: Vec<Change> = rows.iter().filter_map(|r| decode(catalogue, r)).collect();
        match rows.last() {
            // nothing that can be read: what comes after them may be
            Some(last) if changes.is_empty() => seq = last.try_get("seq")?,
            _ => return Ok(changes),
        }
    }
}

/// Rows of one feature.
pub async fn of_feature(
    conn: &mut PgConnection,
    catalogue: &Catalogue,
    layer: &str,
    id: &str,
) -> sqlx::Result<Vec<Change>> {
    let sql = select!("WHERE \"layer\" = $1 AND \"feature\" = $2 ORDER BY \"version\"");
    let rows = sqlx::query(sql).bind(layer).bind(id).fetch_all(conn).await?;
    Ok(rows.iter().filter_map(|r| decode(catalogue, r)).collect())
}

/// The last seq; 0 for an empty log.
pub async fn last_seq(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT coalesce(max(\"seq\"), 0) FROM townseat.change").fetch_one(conn).await
}

/// A row as a change; one that is none, by whatever program, is told and passed over.
fn decode(catalogue: &Catalogue, row: &PgRow) -> Option<Change> {
    let told = |e: &sqlx::Error| tracing::warn!("a row of the change log is unreadable: {e}");
    try_decode(catalogue, row).inspect_err(told).ok().flatten()
}

fn try_decode(catalogue: &Catalogue, row: &PgRow) -> sqlx::Result<Option<Change>> {
    let Some(operation) = image::operation(row.try_get("operation")?) else { return Ok(None) };
    let layer: &str = row.try_get("layer")?;
    let before: Option<&str> = row.try_get("before")?;
    Ok(Some(Change {
        seq: row.try_get("seq")?,
        before: before.and_then(|b| image::read(catalogue.layer(layer)?, b)),
        layer: Arc::from(layer),
        feature: Arc::from(row.try_get::<&str, _>("feature")?),
        version: row.try_get("version")?,
        operation,
        who: row.try_get("who")?,
        by: row.try_get("by")?,
        at: row.try_get("at")?,
    }))
}
