//! Asks the questions and takes the steps of a changed catalogue. Knows SQLite's way; what is asked is in `kept.rs`.

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::{fail, shape, table};
use crate::geom::wkb;
use crate::layer::GeometryKind;
use crate::store::kept::{self, Against, Question, Step};
use crate::store::{StoreError, sql};

/// Refuses when data stands against a change.
pub async fn ask(conn: &mut SqliteConnection, question: &Question) -> Result<(), StoreError> {
    let db = |e| fail::of(&format!("layer {}", question.layer), e);
    let columns = shape::columns(conn, &question.layer).await.map_err(db)?;
    let there = |c: &str| columns.iter().any(|k| k.name == c);
    let table = sql::name(&question.layer);
    let against = match &question.against {
        _ if columns.is_empty() => 0,
        Against::Rows { column: Some(c), .. } | Against::Codes { column: c, .. } if !there(c) => 0,
        Against::Rows { condition, .. } => {
            let count = format!("SELECT count(*) FROM {table} AS t WHERE {condition}");
            sqlx::query_scalar(AssertSqlSafe(count)).fetch_one(conn).await.map_err(db)?
        }
        Against::Geometry(kinds) => {
            let select = format!("SELECT \"geom\" FROM {table} WHERE \"geom\" IS NOT NULL");
            count_rows(conn, select, |blob: Vec<u8>| {
                let geometry = wkb::decode_gpkg(&blob).ok().flatten();
                geometry.is_some_and(|g| GeometryKind::of(&g).is_none_or(|k| !kinds.contains(&k)))
            })
            .await
            .map_err(db)?
        }
        Against::Codes { column, known } => {
            let column = sql::name(column);
            let select = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
            count_rows(conn, select, |text: String| !kept::knows(known, &text)).await.map_err(db)?
        }
    };
    question.refuse_if(against)
}

async fn count_rows<T>(
    conn: &mut SqliteConnection,
    select: String,
    stands_against: impl Fn(T) -> bool,
) -> sqlx::Result<i64>
where
    T: for<'r> sqlx::Decode<'r, sqlx::Sqlite> + sqlx::Type<sqlx::Sqlite>,
{
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(conn);
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        count += i64::from(stands_against(row.try_get_unchecked(0)?));
    }
    Ok(count)
}

/// Takes a step; gives the layer it touched. What is to be made anew is made when the shape is held to the catalogue.
pub async fn take<'s>(conn: &mut SqliteConnection, step: &'s Step) -> sqlx::Result<&'s str> {
    match step {
        Step::DropTable { layer } | Step::Remake { layer } => {
            table::drop(conn, layer).await?;
            Ok(layer)
        }
        Step::DropColumn { layer, column } => {
            // a column that a trigger names can't be dropped
            shape::drop_triggers(conn, layer).await?;
            if shape::columns(conn, layer).await?.iter().any(|c| c.name == *column) {
                let drop = format!("ALTER TABLE {} DROP COLUMN {}", sql::name(layer), sql::name(column));
                table::run(conn, drop).await?;
            }
            Ok(layer)
        }
    }
}
