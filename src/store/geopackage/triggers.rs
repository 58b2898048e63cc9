//! The triggers that write the change log, made from a layer. Knows no connection.
//!
//! They run in whatever program makes an edit, so they are plain SQL: no function that only GDAL or only
//! we have. A feature is known by its text id; a changed id is a feature gone and another one come.

use super::image_sql::{image, wkb};
use crate::layer::{Layer, Operation};
use crate::store::sql;

/// A trigger: its name and the statement that makes it, to the letter as SQLite keeps it.
pub struct Trigger {
    pub name: String,
    pub sql: String,
}

/// All triggers of a layer's table.
pub fn all(layer: &Layer) -> Vec<Trigger> {
    let make = |event: &str, sql: String| {
        let name = format!("townseat_{}_{event}", layer.id);
        Trigger { sql: format!("CREATE TRIGGER {} {sql}", sql::name(&name)), name }
    };
    vec![
        make("before_insert", before_insert(layer)),
        make("insert", after_insert(layer)),
        make("before_update", before_update(layer)),
        make("update", after_update(layer)),
        make("delete", after_delete(layer)),
    ]
}

/// An `INSERT` into the log; `rows` are the `FROM` and `WHERE`, `feature` and `before` expressions over them.
pub fn log(layer: &Layer, operation: &str, feature: &str, before: &str, rows: &str) -> String {
    format!(
        "INSERT INTO \"change\" (\"layer\", \"feature\", \"version\", \"operation\", \"who\", \"by\", \"at\", \"before\") \
         SELECT {layer}, {feature}, 1 + coalesce((SELECT max(\"version\") FROM \"change\" WHERE \"layer\" = {layer} \
         AND \"feature\" = {feature}), 0), {operation}, coalesce((SELECT \"who\" FROM \"townseat_who\"), ''), \
         coalesce((SELECT \"by\" FROM \"townseat_who\"), ''), {NOW}, {before} {rows}",
        layer = sql::text(&layer.id),
    )
}

/// The moment, never before that of the last row. SQLite's clock has three digits of a second; the log six.
pub const NOW: &str = "max(strftime('%Y-%m-%dT%H:%M:%f000Z', 'now'), \
                       coalesce((SELECT \"at\" FROM \"change\" ORDER BY \"seq\" DESC LIMIT 1), ''))";

/// A fresh id for a feature that came without one.
pub const NEW_ID: &str = "lower(hex(randomblob(8)))";

fn operation(o: Operation) -> &'static str {
    match o {
        Operation::Insert => "'insert'",
        Operation::Update => "'update'",
        Operation::Delete => "'delete'",
        Operation::Resync => "'resync'",
    }
}

/// Stows away the rows that an `INSERT OR REPLACE` would push out. What an `OR IGNORE` or an upsert
/// leaves here is harmless: the row still stands.
fn before_insert(layer: &Layer) -> String {
    let table = sql::name(&layer.id);
    format!(
        "BEFORE INSERT ON {table} \
         WHEN EXISTS (SELECT 1 FROM {table} WHERE \"id\" = NEW.\"id\") \
         OR EXISTS (SELECT 1 FROM {table} WHERE \"fid\" = NEW.\"fid\")\nBEGIN\n  {}END",
        stow(layer, "\"id\" = NEW.\"id\" OR \"fid\" = NEW.\"fid\"")
    )
}

/// The same for an `UPDATE OR REPLACE` that takes another row's id or fid.
fn before_update(layer: &Layer) -> String {
    format!(
        "BEFORE UPDATE OF \"fid\", \"id\" ON {} \
         WHEN NEW.\"id\" IS NOT OLD.\"id\" OR NEW.\"fid\" IS NOT OLD.\"fid\"\nBEGIN\n  {}END",
        sql::name(&layer.id),
        stow(layer, "(\"id\" = NEW.\"id\" OR \"fid\" = NEW.\"fid\") AND \"fid\" <> OLD.\"fid\"")
    )
}

fn stow(layer: &Layer, which: &str) -> String {
    format!(
        "DELETE FROM \"townseat_replaced\";\n  INSERT INTO \"townseat_replaced\" (\"layer\", \"fid\", \"id\", \"before\") \
         SELECT {}, t.\"fid\", t.\"id\", {} FROM {} AS t WHERE {which};\n",
        sql::text(&layer.id),
        image(layer, "t"),
        sql::name(&layer.id)
    )
}

/// True for a stowed row of the layer whose going no delete trigger has logged.
fn unlogged(layer: &Layer) -> String {
    format!(
        "r.\"layer\" = {layer} AND coalesce((SELECT \"operation\" FROM \"change\" WHERE \"layer\" = {layer} \
         AND \"feature\" = r.\"id\" ORDER BY \"version\" DESC LIMIT 1), '') <> 'delete'",
        layer = sql::text(&layer.id),
    )
}

/// True for such a row that no longer stands.
fn pushed_out(layer: &Layer) -> String {
    format!(
        "{} AND NOT EXISTS (SELECT 1 FROM {} WHERE \"fid\" = r.\"fid\" AND \"id\" = r.\"id\")",
        unlogged(layer),
        sql::name(&layer.id)
    )
}

fn after_insert(layer: &Layer) -> String {
    let table = sql::name(&layer.id);
    let others = log(
        layer,
        operation(Operation::Delete),
        "r.\"id\"",
        "r.\"before\"",
        &format!(
            "FROM \"townseat_replaced\" AS r WHERE {} \
             AND r.\"id\" IS NOT (SELECT \"id\" FROM {table} WHERE \"fid\" = NEW.\"fid\")",
            pushed_out(layer)
        ),
    );
    let this = log(
        layer,
        "CASE WHEN r.\"id\" IS NULL THEN 'insert' ELSE 'update' END",
        "t.\"id\"",
        "r.\"before\"",
        &format!(
            "FROM {table} AS t LEFT JOIN \"townseat_replaced\" AS r ON r.\"id\" = t.\"id\" AND {} \
             WHERE t.\"fid\" = NEW.\"fid\" AND r.\"before\" IS NOT {}",
            unlogged(layer),
            image(layer, "t")
        ),
    );
    format!(
        "AFTER INSERT ON {table}\nBEGIN\n  \
         UPDATE {table} SET \"id\" = {NEW_ID} WHERE \"fid\" = NEW.\"fid\" AND (\"id\" IS NULL OR \"id\" = '');\n  \
         {others};\n  {this};\n  DELETE FROM \"townseat_replaced\";\nEND"
    )
}

fn after_update(layer: &Layer) -> String {
    let table = sql::name(&layer.id);
    let emptied = "(NEW.\"id\" IS NULL OR NEW.\"id\" = '')";
    let changed = changed(layer);
    let renamed = format!("NOT {emptied} AND NEW.\"id\" <> OLD.\"id\"");
    let before = image(layer, "OLD");
    let replaced = log(
        layer,
        operation(Operation::Delete),
        "r.\"id\"",
        "r.\"before\"",
        &format!("FROM \"townseat_replaced\" AS r WHERE {}", pushed_out(layer)),
    );
    let update = log(
        layer,
        operation(Operation::Update),
        "OLD.\"id\"",
        &before,
        &format!("WHERE NOT ({renamed}) AND ({changed})"),
    );
    let gone = log(layer, operation(Operation::Delete), "OLD.\"id\"", &before, &format!("WHERE {renamed}"));
    let come = log(layer, operation(Operation::Insert), "NEW.\"id\"", "NULL", &format!("WHERE {renamed}"));
    // a row without an id is one that the insert trigger is just about to give one: nothing to log
    format!(
        "AFTER UPDATE ON {table} WHEN OLD.\"id\" <> '' AND (NEW.\"id\" IS NOT OLD.\"id\" OR {changed})\nBEGIN\n  \
         UPDATE {table} SET \"id\" = OLD.\"id\" WHERE \"fid\" = NEW.\"fid\" AND {emptied};\n  \
         {replaced};\n  {update};\n  {gone};\n  {come};\n  DELETE FROM \"townseat_replaced\";\nEND"
    )
}

/// True when anything but the id differs; a geometry that only has another header does not.
fn changed(layer: &Layer) -> String {
    let mut parts = vec!["NEW.\"fid\" <> OLD.\"fid\"".to_string()];
    if !layer.geometry.is_empty() {
        parts.push(format!("(NEW.\"geom\" IS NOT OLD.\"geom\" AND ({}) IS NOT ({}))", wkb("NEW"), wkb("OLD")));
    }
    parts.extend(layer.fields.iter().map(|f| format!("NEW.{0} IS NOT OLD.{0}", sql::name(&f.id))));
    parts.join(" OR ")
}

fn after_delete(layer: &Layer) -> String {
    format!(
        "AFTER DELETE ON {} WHEN OLD.\"id\" <> ''\nBEGIN\n  {};\nEND",
        sql::name(&layer.id),
        log(layer, operation(Operation::Delete), "OLD.\"id\"", &image(layer, "OLD"), "WHERE 1")
    )
}
