//! Asks the questions and takes the steps of a changed catalogue. Knows PostgreSQL's way; what is asked is in `kept.rs`.

use futures_util::TryStreamExt;
use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::fail;
use super::table::{self, PostGis};
use crate::layer::GeometryKind;
use crate::store::kept::{self, Against, Question, Step};
use crate::store::{StoreError, sql};

/// Refuses when data stands against a change.
pub async fn ask(conn: &mut PgConnection, question: &Question, postgis: &PostGis) -> Result<(), StoreError> {
    let db = |e| fail::of(&format!("layer {}", question.layer), e);
    let columns = table::columns(conn, &question.layer).await.map_err(db)?;
    let there = |c: &str| columns.iter().any(|k| k.name == c);
    let table = table::name(&question.layer);
    let count = |condition: &str| format!("SELECT count(*) FROM {table} AS t WHERE {condition}");
    let select = match &question.against {
        _ if columns.is_empty() => return Ok(()),
        Against::Rows { column: Some(c), .. } | Against::Codes { column: c, .. } if !there(c) => return Ok(()),
        Against::Geometry(_) if !there("geom") => return Ok(()),
        Against::Rows { condition, .. } => count(condition),
        Against::Geometry(kinds) => {
            let list: Vec<String> = kinds.iter().flat_map(|k| postgis_kinds(*k)).map(sql::text).collect();
            count(&format!("{}(t.\"geom\") NOT IN ({})", postgis.name("GeometryType"), list.join(", ")))
        }
        Against::Codes { column, known } => {
            let against = codes_against(conn, &table, &sql::name(column), known).await.map_err(db)?;
            return question.refuse_if(against);
        }
    };
    question.refuse_if(sqlx::query_scalar(AssertSqlSafe(select)).fetch_one(conn).await.map_err(db)?)
}

/// What PostGIS's `GeometryType` calls a kind and its Multi.
fn postgis_kinds(kind: GeometryKind) -> [&'static str; 2] {
    match kind {
        GeometryKind::Point => ["POINT", "MULTIPOINT"],
        GeometryKind::LineString => ["LINESTRING", "MULTILINESTRING"],
        GeometryKind::Polygon => ["POLYGON", "MULTIPOLYGON"],
    }
}

async fn codes_against(conn: &mut PgConnection, table: &str, column: &str, known: &[String]) -> sqlx::Result<i64> {
    let select = format!("SELECT {column} FROM {table} WHERE {column} IS NOT NULL");
    let mut rows = sqlx::query(AssertSqlSafe(select)).fetch(conn);
    let mut count = 0;
    while let Some(row) = rows.try_next().await? {
        count += i64::from(!kept::knows(known, row.try_get(0)?));
    }
    Ok(count)
}

/// Takes a step; gives the layer it touched. What is to be made anew is made when the shape is held to the catalogue.
pub async fn take<'s>(conn: &mut PgConnection, step: &'s Step) -> sqlx::Result<&'s str> {
    match step {
        Step::DropTable { layer } | Step::Remake { layer } => {
            table::drop(conn, layer).await?;
            Ok(layer)
        }
        Step::DropColumn { layer, column } => {
            if table::columns(conn, layer).await?.iter().any(|c| c.name == *column) {
                let drop = format!("ALTER TABLE {} DROP COLUMN {} CASCADE", table::name(layer), sql::name(column));
                table::run(conn, drop).await?;
            }
            Ok(layer)
        }
    }
}
