//! Holds a layer's table and triggers against the catalogue, and puts back what is missing.

use std::collections::HashSet;

use sqlx::{AssertSqlSafe, PgConnection, Row};

use super::table::{self, Column, PostGis};
use super::{bulk, fail, triggers};
use crate::geom::{Crs, wkb};
use crate::layer::{Catalogue, Feature, Field, FieldType, Layer, Value};
use crate::store::{StoreError, image, sql};

/// What tells that somebody has changed a table or a trigger, as one number: tables, their columns, their triggers.
pub const FINGERPRINT: &str = "SELECT hashtextextended(coalesce(string_agg(concat_ws(' ', c.oid, c.relname, \
    (SELECT string_agg(concat_ws(' ', a.attname, a.atttypid, a.atttypmod), ',' ORDER BY a.attnum) FROM pg_attribute AS a \
     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped), \
    (SELECT string_agg(concat_ws(' ', t.tgname, t.tgenabled), ',' ORDER BY t.tgname) FROM pg_trigger AS t \
     WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)), ';' ORDER BY c.oid), ''), 0) \
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
    WHERE n.nspname = 'townseat' AND c.relkind IN ('r', 'p')";

/// Brings all layers of a store that is open in line, and logs a resync where edits were missed.
pub async fn mend_all(conn: &mut PgConnection, catalogue: &Catalogue, postgis: &PostGis) -> Result<(), StoreError> {
    for layer in catalogue.layers() {
        let known: Vec<&str> = layer.fields.iter().map(|f| f.id.as_str()).collect();
        match mend(conn, layer, postgis, Some(&known)).await {
            Ok(false) => {}
            Ok(true) => {
                tracing::warn!(layer = %layer.id, "overwritten by another program: put back, resync logged");
                log_resync(conn, layer).await.map_err(|e| fail::of("the store", e))?;
            }
            // one layer in an unknown CRS must not stop the others
            Err(e @ StoreError::Rejected { .. }) => tracing::error!("{e}"),
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

/// Brings one layer in line. True when something was missing that had been there: what happened meanwhile is
/// not in the log. `known` are the fields that the table had; `None` for a layer that is new.
pub async fn mend(
    conn: &mut PgConnection,
    layer: &Layer,
    postgis: &PostGis,
    known: Option<&[&str]>,
) -> Result<bool, StoreError> {
    let db = |e| fail::of(&format!("layer {}", layer.id), e);
    let columns = table::columns(conn, &layer.id).await.map_err(db)?;
    let mut missed = false;
    if columns.is_empty() {
        table::create(conn, layer, postgis).await.map_err(db)?;
        table::comment(conn, layer).await.map_err(db)?;
        missed = known.is_some();
    } else if !is_ours(layer, &columns) {
        take_over(conn, layer, &columns, postgis).await?;
        missed = true;
    } else {
        for field in layer.fields.iter().filter(|f| columns.iter().all(|c| c.name != f.id)) {
            let (table, column) = (table::name(&layer.id), sql::name(&field.id));
            let add = format!("ALTER TABLE {table} ADD COLUMN {column} {}", table::column_type(field));
            table::run(conn, add).await.map_err(db)?;
            missed |= known.is_some_and(|k| k.contains(&field.id.as_str()));
        }
    }
    missed |= put_triggers(conn, layer, postgis).await.map_err(db)? && known.is_some();
    Ok(missed)
}

/// Logs that a layer's past is not known from here on: whoever holds it in memory reads it again.
pub async fn log_resync(conn: &mut PgConnection, layer: &Layer) -> sqlx::Result<()> {
    let log = "SELECT townseat.townseat_log($1, '', 'resync', NULL)";
    sqlx::query(log).bind(layer.id.as_str()).execute(conn).await.map(|_| ())
}

/// True when the table is one that we made: key with its sequence, unique id, geometry in our CRS, columns of our types.
fn is_ours(layer: &Layer, columns: &[Column]) -> bool {
    let column = |name: &str| columns.iter().find(|c| c.name == name);
    let geom = match column("geom") {
        Some(c) => !layer.geometry.is_empty() && c.declared.ends_with("geometry(Geometry,4490)"),
        None => layer.geometry.is_empty(),
    };
    let types = layer.fields.iter().all(|f| column(&f.id).is_none_or(|c| c.declared == table::column_type(f)));
    let key = column("fid").is_some_and(|c| c.key && c.numbered && c.declared == "bigint");
    geom && types && key && column("id").is_some_and(|c| c.unique && c.declared == "text")
}

/// Makes the triggers what they should be; true when one was missing or switched off.
async fn put_triggers(conn: &mut PgConnection, layer: &Layer, postgis: &PostGis) -> sqlx::Result<bool> {
    let table = table::name(&layer.id);
    let sequence: String =
        sqlx::query_scalar("SELECT pg_get_serial_sequence($1, 'fid')").bind(&table).fetch_one(&mut *conn).await?;
    let body = triggers::body(layer, postgis, &sequence);
    let standing: Option<String> = sqlx::query_scalar(
        "SELECT p.prosrc FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace \
         WHERE n.nspname = $1 AND p.proname = $2",
    )
    .bind(table::SCHEMA)
    .bind(triggers::function_name(layer))
    .fetch_optional(&mut *conn)
    .await?;
    if standing.as_deref() != Some(&body) {
        table::run(conn, triggers::function(layer, &body)).await?;
    }
    let names: Vec<String> = sqlx::query_scalar(
        "SELECT tgname::text FROM pg_trigger WHERE tgrelid = $1::regclass AND tgenabled IN ('O', 'A') AND tgname = ANY ($2)",
    )
    .bind(&table)
    .bind(triggers::NAMES.map(String::from).to_vec())
    .fetch_all(&mut *conn)
    .await?;
    if names.len() == triggers::NAMES.len() {
        return Ok(false);
    }
    for name in triggers::NAMES {
        table::run(conn, format!("DROP TRIGGER IF EXISTS {name} ON {table}")).await?;
    }
    bulk::name_the_nameless(conn, &layer.id).await?;
    for statement in triggers::all(layer) {
        table::run(conn, statement).await?;
    }
    Ok(true)
}

/// Rebuilds a table that another program has put in the place of ours, rows and all.
async fn take_over(
    conn: &mut PgConnection,
    layer: &Layer,
    columns: &[Column],
    postgis: &PostGis,
) -> Result<(), StoreError> {
    let db = |e| fail::of(&format!("layer {}", layer.id), e);
    let mut features = foreign_rows(conn, layer, columns, postgis).await?;
    let (mut ids, mut fids) = (HashSet::new(), HashSet::new());
    let mut last = features.iter().map(|f| f.fid).max().unwrap_or_default().max(0);
    for feature in &mut features {
        if !feature.id.is_empty() && !ids.insert(feature.id.clone()) {
            tracing::warn!(layer = %layer.id, id = %feature.id, "an id stands twice in an overwritten table: given a new one");
            feature.id = "".into();
        }
        if feature.fid <= 0 || !fids.insert(feature.fid) {
            last += 1;
            feature.fid = last;
        }
    }
    table::drop(conn, &layer.id).await.map_err(db)?;
    table::create(conn, layer, postgis).await.map_err(db)?;
    table::comment(conn, layer).await.map_err(db)?;
    bulk::copy(conn, layer, &features, true).await?;
    bulk::name_the_nameless(conn, &layer.id).await.map_err(db)?;
    bulk::move_sequence(conn, &layer.id).await.map_err(db)
}

/// Rows of a foreign table as features of the layer, in the storage CRS; columns are found by id or title.
async fn foreign_rows(
    conn: &mut PgConnection,
    layer: &Layer,
    columns: &[Column],
    postgis: &PostGis,
) -> Result<Vec<Feature>, StoreError> {
    let db = |e| fail::of(&format!("layer {}", layer.id), e);
    let text = |found: Option<&Column>, kind: Option<FieldType>| match (found, kind) {
        (None, _) => "NULL::text".to_string(),
        (Some(c), Some(FieldType::DateTime)) if c.declared.starts_with("timestamp") => {
            triggers::time(&format!("t.{}::timestamptz", sql::name(&c.name)))
        }
        (Some(c), _) => format!("t.{}::text", sql::name(&c.name)),
    };
    let key = columns.iter().find(|c| c.key && matches!(c.declared.as_str(), "integer" | "bigint"));
    let mut list = vec![text(key, None)];
    list.push(text(columns.iter().find(|c| c.name.eq_ignore_ascii_case("id") && !c.key), None));
    let geometry = columns.iter().find(|c| c.declared.contains("geometry")).filter(|_| !layer.geometry.is_empty());
    let (binary, srid) = (postgis.name("ST_AsBinary"), postgis.name("ST_SRID"));
    match geometry.map(|c| format!("t.{}", sql::name(&c.name))) {
        Some(g) => list.extend([format!("{binary}({g}, 'NDR')"), format!("{srid}({g})")]),
        None => list.extend(["NULL::bytea".into(), "NULL::int".into()]),
    }
    for (i, field) in layer.fields.iter().enumerate() {
        let found = columns.iter().find(|c| layer.field_by_word(&c.name) == Some(i));
        list.push(text(found, Some(field.kind)));
    }
    let select = format!("SELECT {} FROM {} AS t", list.join(", "), table::name(&layer.id));
    let rows = sqlx::query(AssertSqlSafe(select)).fetch_all(&mut *conn).await.map_err(db)?;
    let mut features = Vec::with_capacity(rows.len());
    let mut crs: Option<(i32, Crs)> = None;
    for row in &rows {
        let cell = |i: usize| row.try_get::<Option<String>, _>(i).ok().flatten();
        let mut geometry = row.try_get::<Option<Vec<u8>>, _>(2).ok().flatten().and_then(|b| wkb::decode(&b).ok());
        if let (Some(_), Ok(Some(srid))) = (&geometry, row.try_get::<Option<i32>, _>(3)) {
            let of = match crs {
                Some((known, crs)) if known == srid => crs,
                _ => crs_of(conn, layer, srid, postgis).await?,
            };
            crs = Some((srid, of));
            geometry = geometry.map(|g| of.geometry_to_storage(g));
        }
        features.push(Feature {
            fid: cell(0).and_then(|t| t.parse().ok()).unwrap_or_default(),
            id: cell(1).unwrap_or_default().into(),
            geometry,
            values: layer.fields.iter().enumerate().map(|(i, f)| foreign_value(f, cell(4 + i))).collect(),
        });
    }
    Ok(features)
}

/// A foreign column's text as a value; null where our column could not hold it.
fn foreign_value(field: &Field, text: Option<String>) -> Value {
    let Some(text) = text else { return Value::Null };
    match field.kind {
        FieldType::Text | FieldType::List => Value::text(&text),
        FieldType::Integer => text.parse().map_or(Value::Null, Value::Int),
        FieldType::Number => text.parse().map_or(Value::Null, Value::Real),
        FieldType::Boolean => match text.as_str() {
            "t" | "true" | "1" => Value::Bool(true),
            "f" | "false" | "0" => Value::Bool(false),
            _ => Value::Null,
        },
        FieldType::Date => text.get(..10).and_then(|d| Value::from_text(d, &plain(field)).ok()).unwrap_or_default(),
        FieldType::DateTime => match image::from_text(field.kind, &text) {
            Value::Text(t) if t.len() == 27 => Value::Text(t),
            _ => Value::Null,
        },
    }
}

/// The field without rules: what stands there is kept, and checked later.
fn plain(field: &Field) -> Field {
    Field { required: false, closed: false, values: vec![], min: None, max: None, ..field.clone() }
}

/// The CRS behind an SRID, if it is one that we can read. It is never guessed.
async fn crs_of(conn: &mut PgConnection, layer: &Layer, srid: i32, postgis: &PostGis) -> Result<Crs, StoreError> {
    let select =
        format!("SELECT auth_name || ':' || auth_srid FROM {} WHERE srid = $1", postgis.name("spatial_ref_sys"));
    let name: Option<Option<String>> = sqlx::query_scalar(AssertSqlSafe(select))
        .bind(srid)
        .fetch_optional(conn)
        .await
        .map_err(|e| fail::of(&format!("layer {}", layer.id), e))?;
    Crs::parse(&name.flatten().unwrap_or_default()).map_err(|e| StoreError::Rejected {
        what: format!("layer {} was overwritten by another program: {e}; overwrite it again in EPSG:4490", layer.id),
    })
}
