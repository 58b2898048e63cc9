//! A layer's table and its words in the GeoPackage's own tables. Knows no triggers and no rows.

use sqlx::{AssertSqlSafe, Row, SqliteConnection};

use super::triggers::NEW_ID;
use crate::geom::Bounds;
use crate::layer::{Field, FieldType, GeometryKind, Layer};
use crate::store::sql;

/// The storage CRS, CGCS2000 longitude/latitude.
pub const SRS: i32 = 4490;

/// The column type of a field, as GeoPackage names it.
pub fn column_type(field: &Field) -> &'static str {
    match field.kind {
        FieldType::Text | FieldType::List => "TEXT",
        FieldType::Integer => "INTEGER",
        FieldType::Number => "REAL",
        FieldType::Boolean => "BOOLEAN",
        FieldType::Date => "DATE",
        FieldType::DateTime => "DATETIME",
    }
}

/// The geometry type of a layer's column: its only kind, or any. A Multi geometry in it makes it any.
pub fn geometry_type(layer: &Layer) -> &'static str {
    match layer.geometry.as_slice() {
        [GeometryKind::Point] => "POINT",
        [GeometryKind::LineString] => "LINESTRING",
        [GeometryKind::Polygon] => "POLYGON",
        _ => "GEOMETRY",
    }
}

/// Makes an empty table for a layer. Nothing is `NOT NULL` but the key: an outsider's edit is taken,
/// logged and then checked, not thrown away.
pub async fn create(conn: &mut SqliteConnection, layer: &Layer) -> sqlx::Result<()> {
    let mut columns = vec!["\"fid\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL".to_string()];
    if !layer.geometry.is_empty() {
        columns.push(format!("\"geom\" {}", geometry_type(layer)));
    }
    columns.push("\"id\" TEXT UNIQUE".into());
    columns.extend(layer.fields.iter().map(|f| format!("{} {}", sql::name(&f.id), column_type(f))));
    run(conn, format!("CREATE TABLE {} ({})", sql::name(&layer.id), columns.join(", "))).await
}

/// Drops a layer's table and all that the GeoPackage says about it, another program's spatial index too.
pub async fn drop(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<()> {
    drop_index(conn, layer).await?;
    forget(conn, layer).await?;
    run(conn, format!("DROP TABLE IF EXISTS {}", sql::name(layer))).await
}

/// Takes away a spatial index: its triggers call functions that only GDAL has, so nobody else could write.
pub async fn drop_index(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<()> {
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ? AND lower(name) GLOB 'rtree_*'",
    )
    .bind(layer)
    .fetch_all(&mut *conn)
    .await?;
    for name in names {
        run(conn, format!("DROP TRIGGER {}", sql::name(&name))).await?;
    }
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE 'CREATE VIRTUAL TABLE%' \
         AND substr(lower(name), 1, length(?1) + 7) = 'rtree_' || ?1 || '_'",
    )
    .bind(layer)
    .fetch_all(&mut *conn)
    .await?;
    for name in tables {
        run(conn, format!("DROP TABLE {}", sql::name(&name))).await?;
    }
    bound(conn, "DELETE FROM gpkg_extensions WHERE table_name = ? AND extension_name = 'gpkg_rtree_index'", layer).await
}

async fn forget(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<()> {
    for sql in [
        "DELETE FROM gpkg_geometry_columns WHERE table_name = ?",
        "DELETE FROM gpkg_extensions WHERE table_name = ?",
        "DELETE FROM gpkg_data_columns WHERE table_name = ?",
        "DELETE FROM gpkg_contents WHERE table_name = ?",
    ] {
        bound(conn, sql, layer).await?;
    }
    forget_count(conn, layer).await
}

/// Forgets GDAL's note of how many features a table has, where it has made one: only its own triggers keep it right.
pub async fn forget_count(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<()> {
    let there = "SELECT 1 FROM sqlite_master WHERE name = 'gpkg_ogr_contents'";
    match sqlx::query(there).fetch_optional(&mut *conn).await? {
        Some(_) => bound(conn, "DELETE FROM gpkg_ogr_contents WHERE table_name = ?", layer).await,
        None => Ok(()),
    }
}

/// Writes a layer's titles, field words and code lists where desktop programs look for them; what is known of
/// its extent stays.
pub async fn register(conn: &mut SqliteConnection, layer: &Layer) -> sqlx::Result<()> {
    let spatial = !layer.geometry.is_empty();
    // an identifier is unique in the file, and another layer or another program may have taken the title
    let taken = sqlx::query("SELECT 1 FROM gpkg_contents WHERE identifier = ? AND table_name <> ?")
        .bind(layer.title.zh.as_str())
        .bind(layer.id.as_str())
        .fetch_optional(&mut *conn)
        .await?;
    let title = if taken.is_some() { format!("{} {}", layer.title.zh, layer.id) } else { layer.title.zh.clone() };
    sqlx::query(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (table_name) DO UPDATE SET data_type = excluded.data_type, identifier = excluded.identifier, \
         description = excluded.description, srs_id = excluded.srs_id",
    )
    .bind(layer.id.as_str())
    .bind(if spatial { "features" } else { "attributes" })
    .bind(title)
    .bind(layer.about.zh.as_str())
    .bind(spatial.then_some(SRS))
    .execute(&mut *conn)
    .await?;
    if spatial {
        // the declared type of the column tells whether a Multi geometry has made it any
        let declared = declared_geometry(conn, &layer.id).await?;
        let kind = if declared.eq_ignore_ascii_case(geometry_type(layer)) { geometry_type(layer) } else { "GEOMETRY" };
        sqlx::query("INSERT OR REPLACE INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)")
            .bind(layer.id.as_str())
            .bind(kind)
            .bind(SRS)
            .execute(&mut *conn)
            .await?;
        if kind != declared {
            redeclare(conn, &layer.id, &declared, kind).await?;
        }
    } else {
        bound(conn, "DELETE FROM gpkg_geometry_columns WHERE table_name = ?", &layer.id).await?;
    }
    register_fields(conn, layer).await
}

/// Gives up the titles of layers, so that they can be given out anew in any order.
pub async fn untitle(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<()> {
    bound(conn, "UPDATE gpkg_contents SET identifier = table_name WHERE table_name = ?", layer).await
}

async fn register_fields(conn: &mut SqliteConnection, layer: &Layer) -> sqlx::Result<()> {
    bound(conn, "DELETE FROM gpkg_data_columns WHERE table_name = ?", &layer.id).await?;
    for field in &layer.fields {
        let list = format!("{}.{}", layer.id, field.id);
        bound(conn, "DELETE FROM gpkg_data_column_constraints WHERE constraint_name = ?", &list).await?;
        let closed = field.closed && field.kind == FieldType::Text && !field.values.is_empty();
        let unit = field.unit.as_ref().map(|u| format!(", {u}")).unwrap_or_default();
        sqlx::query("INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)")
            .bind(layer.id.as_str())
            .bind(field.id.as_str())
            .bind(field.id.as_str())
            .bind(field.title.zh.as_str())
            .bind(format!("{}{unit}", field.title.en))
            .bind(closed.then_some(list.as_str()))
            .execute(&mut *conn)
            .await?;
        for code in field.values.iter().filter(|_| closed) {
            sqlx::query(
                "INSERT OR IGNORE INTO gpkg_data_column_constraints (constraint_name, constraint_type, value, \
                 description) VALUES (?, 'enum', ?, ?)",
            )
            .bind(list.as_str())
            .bind(code.code.as_str())
            .bind(code.zh.as_str())
            .execute(&mut *conn)
            .await?;
        }
    }
    Ok(())
}

/// Notes that a layer was written: the moment, and the extent grown by what came.
pub async fn touch(conn: &mut SqliteConnection, layer: &str, grown: &Bounds) -> sqlx::Result<()> {
    let edge = |v: f64| (!grown.is_empty()).then_some(v);
    sqlx::query(
        "UPDATE gpkg_contents SET last_change = strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), \
         min_x = min(coalesce(min_x, ?2), coalesce(?2, min_x)), min_y = min(coalesce(min_y, ?3), coalesce(?3, min_y)), \
         max_x = max(coalesce(max_x, ?4), coalesce(?4, max_x)), max_y = max(coalesce(max_y, ?5), coalesce(?5, max_y)) \
         WHERE table_name = ?1",
    )
    .bind(layer)
    .bind(edge(grown.west))
    .bind(edge(grown.south))
    .bind(edge(grown.east))
    .bind(edge(grown.north))
    .execute(conn)
    .await?;
    Ok(())
}

/// Gives an id to features without one.
pub async fn name_the_nameless(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<()> {
    let table = sql::name(layer);
    run(conn, format!("UPDATE {table} SET \"id\" = {NEW_ID} WHERE \"id\" IS NULL OR \"id\" = ''")).await
}

/// Lets the geometry column hold any type, when the first Multi geometry comes.
pub async fn widen(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<()> {
    let declared = declared_geometry(conn, layer).await?;
    if declared != "GEOMETRY" {
        bound(conn, "UPDATE gpkg_geometry_columns SET geometry_type_name = 'GEOMETRY' WHERE table_name = ?", layer)
            .await?;
        redeclare(conn, layer, &declared, "GEOMETRY").await?;
    }
    Ok(())
}

async fn declared_geometry(conn: &mut SqliteConnection, layer: &str) -> sqlx::Result<String> {
    let row = sqlx::query("SELECT type FROM pragma_table_info(?) WHERE name = 'geom'").bind(layer);
    Ok(row.fetch_optional(conn).await?.map(|r| r.get(0)).unwrap_or_default())
}

/// Changes the declared type of the geometry column, which GeoPackage wants equal to the registered one. SQLite
/// has no statement for it; this is the way its manual gives for changes that do not touch stored rows
/// (lang_altertable, "Making Other Kinds Of Table Schema Changes").
async fn redeclare(conn: &mut SqliteConnection, layer: &str, from: &str, to: &str) -> sqlx::Result<()> {
    let version: i64 = sqlx::query_scalar("PRAGMA schema_version").fetch_one(&mut *conn).await?;
    run(conn, "PRAGMA writable_schema = ON".into()).await?;
    let done = sqlx::query("UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ?")
        .bind(format!("\"geom\" {from}"))
        .bind(format!("\"geom\" {to}"))
        .bind(layer)
        .execute(&mut *conn)
        .await;
    let bumped = run(conn, format!("PRAGMA schema_version = {}", version + 1)).await;
    run(conn, "PRAGMA writable_schema = OFF".into()).await?;
    done.and(bumped)
}

/// Runs a statement made of quoted names.
pub async fn run(conn: &mut SqliteConnection, sql: String) -> sqlx::Result<()> {
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await.map(drop_result)
}

async fn bound(conn: &mut SqliteConnection, sql: &'static str, value: &str) -> sqlx::Result<()> {
    sqlx::query(sql).bind(value).execute(conn).await.map(drop_result)
}

fn drop_result<T>(_: T) {}
