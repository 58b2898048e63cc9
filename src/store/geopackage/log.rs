//! Reads the change log. Knows no layer table.

use std::sync::Arc;

use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use crate::layer::{Catalogue, Change};
use crate::store::image;

const SELECT: &str = "SELECT \"seq\", \"layer\", \"feature\", \"version\", \"operation\", \"who\", \"by\", \"at\", \
                      \"before\" FROM \"change\"";

/// Rows after a seq, at most `limit`.
pub async fn since(
    conn: &mut SqliteConnection,
    catalogue: &Catalogue,
    seq: i64,
    limit: i64,
) -> sqlx::Result<Vec<Change>> {
    let sql = sqlx::AssertSqlSafe(format!("{SELECT} WHERE \"seq\" > ? ORDER BY \"seq\" LIMIT ?"));
    let rows = sqlx::query(sql).bind(seq).bind(limit.max(0)).fetch_all(conn).await?;
    Ok(rows.iter().filter_map(|r| decode(catalogue, r)).collect())
}

/// Rows of one feature.
pub async fn of_feature(
    conn: &mut SqliteConnection,
    catalogue: &Catalogue,
    layer: &str,
    id: &str,
) -> sqlx::Result<Vec<Change>> {
    let sql = sqlx::AssertSqlSafe(format!("{SELECT} WHERE \"layer\" = ? AND \"feature\" = ? ORDER BY \"version\""));
    let rows = sqlx::query(sql).bind(layer).bind(id).fetch_all(conn).await?;
    Ok(rows.iter().filter_map(|r| decode(catalogue, r)).collect())
}

/// The last seq; 0 for an empty log.
pub async fn last_seq(conn: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("SELECT coalesce(max(\"seq\"), 0) FROM \"change\"").fetch_one(conn).await
}

fn decode(catalogue: &Catalogue, row: &SqliteRow) -> Option<Change> {
    let operation = image::operation(row.get("operation"))?;
    let layer: &str = row.get("layer");
    let before: Option<&str> = row.get("before");
    Some(Change {
        seq: row.get("seq"),
        before: before.and_then(|b| image::read(catalogue.layer(layer)?, b)),
        layer: Arc::from(layer),
        feature: Arc::from(row.get::<&str, _>("feature")),
        version: row.get("version"),
        operation,
        who: row.get("who"),
        by: row.get("by"),
        at: row.get("at"),
    })
}
