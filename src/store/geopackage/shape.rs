//! Holds a layer's table and triggers against the catalogue, and puts back what is missing.
//!
//! Other programs overwrite tables, drop triggers and add spatial indexes; a catalogue gains fields.

use std::collections::{BTreeMap, HashSet};

use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::bulk::{Bulk, rows_at_once};
use super::{fail, row, table, triggers};
use crate::geom::Crs;
use crate::layer::{Feature, Layer};
use crate::store::{StoreError, sql};

/// A column of a table as it stands.
pub struct Column {
    pub name: String,
    pub declared: String,
    pub key: bool,
}

/// Columns of a table; none when there is no such table.
pub async fn columns(conn: &mut SqliteConnection, table: &str) -> sqlx::Result<Vec<Column>> {
    let rows = sqlx::query("SELECT name, type, pk FROM pragma_table_info(?)").bind(table).fetch_all(conn).await?;
    Ok(rows.iter().map(|r| Column { name: r.get(0), declared: r.get(1), key: r.get::<i64, _>(2) == 1 }).collect())
}

/// Brings one layer in line. True when something was missing that had been there: what happened meanwhile is
/// not in the log. `known` are the fields that the table had; `None` for a layer that is new.
pub async fn mend(conn: &mut SqliteConnection, layer: &Layer, known: Option<&[&str]>) -> Result<bool, StoreError> {
    let db = |e| fail::of(&format!("layer {}", layer.id), e);
    let columns = columns(conn, &layer.id).await.map_err(db)?;
    let mut missed = false;
    let mut remade = columns.is_empty();
    if columns.is_empty() {
        table::drop(conn, &layer.id).await.map_err(db)?;
        table::create(conn, layer).await.map_err(db)?;
        missed = known.is_some();
    } else if !is_ours(conn, layer, &columns).await.map_err(db)? {
        take_over(conn, layer, &columns).await?;
        (missed, remade) = (true, true);
    } else {
        for field in &layer.fields {
            if columns.iter().all(|c| c.name != field.id) {
                let (table, column) = (sql::name(&layer.id), sql::name(&field.id));
                let add = format!("ALTER TABLE {table} ADD COLUMN {column} {}", table::column_type(field));
                table::run(conn, add).await.map_err(db)?;
                missed |= known.is_some_and(|k| k.contains(&field.id.as_str()));
            }
        }
        table::drop_index(conn, &layer.id).await.map_err(db)?;
    }
    if remade || !is_registered(conn, layer).await.map_err(db)? {
        table::register(conn, layer).await.map_err(db)?;
    }
    missed |= put_triggers(conn, layer).await.map_err(db)? && known.is_some();
    Ok(missed)
}

/// Logs that a layer's past is not known from here on: whoever holds it in memory reads it again.
pub async fn log_resync(conn: &mut SqliteConnection, layer: &Layer) -> sqlx::Result<()> {
    table::run(conn, triggers::log(layer, "'resync'", "''", "NULL", "WHERE 1")).await
}

/// Drops our triggers of a layer.
pub async fn drop_triggers(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<()> {
    for name in standing_triggers(conn, layer).await?.keys() {
        table::run(conn, format!("DROP TRIGGER {}", sql::name(name))).await?;
    }
    Ok(())
}

/// Makes the triggers what they should be; true when one was missing.
pub async fn put_triggers(conn: &mut SqliteConnection, layer: &Layer) -> sqlx::Result<bool> {
    let standing = standing_triggers(conn, &layer.id).await?;
    let wanted = triggers::all(layer);
    if wanted.len() == standing.len() && wanted.iter().all(|t| standing.get(&t.name) == Some(&t.sql)) {
        return Ok(false);
    }
    drop_triggers(conn, &layer.id).await?;
    table::name_the_nameless(conn, &layer.id).await?;
    let missing = wanted.iter().any(|t| !standing.contains_key(&t.name));
    for trigger in wanted {
        table::run(conn, trigger.sql).await?;
    }
    Ok(missing)
}

async fn standing_triggers(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<BTreeMap<String, String>> {
    let rows = sqlx::query(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? AND name GLOB 'townseat_*'",
    )
    .bind(layer)
    .fetch_all(conn)
    .await?;
    Ok(rows.iter().map(|r| (r.get(0), r.get(1))).collect())
}

/// True when the table is one that we made: key, unique id, geometry in our CRS, columns of our types.
async fn is_ours(conn: &mut SqliteConnection, layer: &Layer, columns: &[Column]) -> sqlx::Result<bool> {
    let column = |name: &str| columns.iter().find(|c| c.name == name);
    let geom = column("geom").is_some() != layer.geometry.is_empty();
    let types = layer.fields.iter().all(|f| column(&f.id).is_none_or(|c| c.declared == table::column_type(f)));
    let key = column("fid").is_some_and(|c| c.key);
    if !(geom && types && key && column("id").is_some()) {
        return Ok(false);
    }
    let unique: Option<i64> = sqlx::query_scalar(
        "SELECT 1 FROM pragma_index_list(?) AS l, pragma_index_info(l.name) AS i WHERE l.\"unique\" = 1 \
         AND l.partial = 0 GROUP BY l.name HAVING count(*) = 1 AND min(i.name) = 'id'",
    )
    .bind(layer.id.as_str())
    .fetch_optional(&mut *conn)
    .await?;
    Ok(unique.is_some() && srs(conn, &layer.id).await?.is_none_or(|s| s.1 == i64::from(table::SRS)))
}

/// The registered geometry column of a table and the number of its CRS.
async fn srs(conn: &mut SqliteConnection, table: &str) -> sqlx::Result<Option<(String, i64)>> {
    let select = "SELECT column_name, srs_id FROM gpkg_geometry_columns WHERE table_name = ?";
    sqlx::query_as(select).bind(table).fetch_optional(conn).await
}

async fn is_registered(conn: &mut SqliteConnection, layer: &Layer) -> sqlx::Result<bool> {
    let contents = sqlx::query("SELECT 1 FROM gpkg_contents WHERE table_name = ? AND data_type = ?")
        .bind(layer.id.as_str())
        .bind(if layer.geometry.is_empty() { "attributes" } else { "features" })
        .fetch_optional(&mut *conn)
        .await?;
    Ok(contents.is_some() && (layer.geometry.is_empty() || srs(conn, &layer.id).await?.is_some()))
}

/// Rebuilds a table that another program has put in the place of ours, rows and all.
async fn take_over(conn: &mut SqliteConnection, layer: &Layer, columns: &[Column]) -> Result<(), StoreError> {
    let db = |e| fail::of(&format!("layer {}", layer.id), e);
    let mut features = foreign_rows(conn, layer, columns).await?;
    let mut seen = HashSet::with_capacity(features.len());
    for feature in &mut features {
        if !feature.id.is_empty() && !seen.insert(feature.id.clone()) {
            tracing::warn!(layer = %layer.id, id = %feature.id, "an id stands twice in an overwritten table: given a new one");
            feature.id = "".into();
        }
    }
    table::drop(conn, &layer.id).await.map_err(db)?;
    table::create(conn, layer).await.map_err(db)?;
    table::register(conn, layer).await.map_err(db)?;
    let mut bulk = Bulk::new(layer, true);
    for chunk in features.chunks(rows_at_once(layer)) {
        bulk.write(conn, chunk).await.map_err(db)?;
    }
    bulk.finish(conn).await.map_err(db)
}

/// Rows of a foreign table as features of the layer, in the storage CRS; columns are found by id or title.
async fn foreign_rows(
    conn: &mut SqliteConnection,
    layer: &Layer,
    columns: &[Column],
) -> Result<Vec<Feature>, StoreError> {
    let db = |e| fail::of(&format!("layer {}", layer.id), e);
    let registered = srs(conn, &layer.id).await.map_err(db)?;
    let quoted = |found: Option<&Column>| found.map_or("NULL".to_string(), |c| format!("t.{}", sql::name(&c.name)));
    let mut list = vec![columns.iter().find(|c| c.key && c.declared == "INTEGER")];
    list.push(columns.iter().find(|c| c.name.eq_ignore_ascii_case("id") && !c.key));
    if !layer.geometry.is_empty() {
        let name = registered.as_ref().map_or("geom", |r| r.0.as_str());
        list.push(columns.iter().find(|c| c.name.eq_ignore_ascii_case(name)));
    }
    list.extend((0..layer.fields.len()).map(|i| columns.iter().find(|c| layer.field_by_word(&c.name) == Some(i))));
    let mut list: Vec<String> = list.into_iter().map(quoted).collect();
    if list[0] == "NULL" {
        list[0] = "t.rowid".into();
    }
    let select = format!("SELECT {} FROM {} AS t ORDER BY 1", list.join(", "), sql::name(&layer.id));
    let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut *conn).await.map_err(db)?;
    let crs = match registered {
        Some((_, srs)) if !layer.geometry.is_empty() && !rows.is_empty() => crs_of(conn, layer, srs).await?,
        _ => Crs::Epsg4490,
    };
    let mut features = Vec::with_capacity(rows.len());
    for row in &rows {
        match row::decode(layer, row) {
            Ok(mut feature) => {
                feature.geometry = feature.geometry.map(|g| crs.geometry_to_storage(g));
                features.push(feature);
            }
            Err(e) => tracing::warn!("left out of an overwritten table: {e}"),
        }
    }
    Ok(features)
}

/// The CRS behind a number of `gpkg_spatial_ref_sys`, if it is one that we can read. It is never guessed.
async fn crs_of(conn: &mut SqliteConnection, layer: &Layer, srs: i64) -> Result<Crs, StoreError> {
    let name: Option<Option<String>> = sqlx::query_scalar(
        "SELECT organization || ':' || organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?",
    )
    .bind(srs)
    .fetch_optional(conn)
    .await
    .map_err(|e| fail::of(&format!("layer {}", layer.id), e))?;
    Crs::parse(&name.flatten().unwrap_or_default()).map_err(|e| StoreError::Rejected {
        what: format!("layer {} was overwritten by another program: {e}; overwrite it again in EPSG:4490", layer.id),
    })
}
