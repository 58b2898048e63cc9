//! The triggers of a layer's table and the function they call, made from a layer. Knows no connection.
//!
//! The images are letter for letter those of the GeoPackage: see `image.rs` of the room.

use super::table::{self, PostGis};
use crate::layer::{FieldType, Layer};
use crate::store::sql;

/// Names of the triggers that a layer's table has.
pub const NAMES: [&str; 3] = ["townseat_name", "townseat_log", "townseat_truncate"];

/// The function of a layer, which writes its log.
pub fn function_name(layer: &Layer) -> String {
    format!("townseat_of_{}", layer.id)
}

/// The statements that make the triggers.
pub fn all(layer: &Layer) -> Vec<String> {
    let table = table::name(&layer.id);
    let function = table::name(&function_name(layer));
    vec![
        format!(
            "CREATE TRIGGER townseat_name BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW \
             EXECUTE FUNCTION townseat.townseat_name()"
        ),
        format!(
            "CREATE TRIGGER townseat_log AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW \
             EXECUTE FUNCTION {function}()"
        ),
        format!(
            "CREATE TRIGGER townseat_truncate AFTER TRUNCATE ON {table} FOR EACH STATEMENT \
             EXECUTE FUNCTION {function}()"
        ),
    ]
}

/// The statement that makes the function, around its body.
pub fn function(layer: &Layer, body: &str) -> String {
    format!(
        "CREATE OR REPLACE FUNCTION {}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER \
         SET search_path = pg_catalog, pg_temp SET \"TimeZone\" = 'UTC' SET extra_float_digits = 1 AS {}",
        table::name(&function_name(layer)),
        sql::text(body)
    )
}

/// The body of the function. An outsider's own choice of `fid` moves the sequence on, so that no later insert meets it;
/// `sequence` is its name in SQL.
pub fn body(layer: &Layer, postgis: &PostGis, sequence: &str) -> String {
    let (old, new) = (image(layer, "OLD", postgis), image(layer, "NEW", postgis));
    let layer_name = sql::text(&layer.id);
    let sequence_text = sql::text(sequence);
    format!(
        "DECLARE
  was text;
BEGIN
  IF TG_OP = 'INSERT' THEN
    PERFORM townseat.townseat_log({layer_name}, NEW.\"id\", 'insert', NULL);
    IF EXISTS (SELECT 1 FROM {sequence} AS s WHERE NEW.\"fid\" > s.last_value OR NOT s.is_called) THEN
      PERFORM setval({sequence_text}, NEW.\"fid\");
    END IF;
  ELSIF TG_OP = 'DELETE' THEN
    PERFORM townseat.townseat_log({layer_name}, OLD.\"id\", 'delete', {old});
  ELSIF TG_OP = 'TRUNCATE' THEN
    PERFORM townseat.townseat_log({layer_name}, '', 'resync', NULL);
  ELSE
    was := {old};
    IF NEW.\"id\" <> OLD.\"id\" THEN
      PERFORM townseat.townseat_log({layer_name}, OLD.\"id\", 'delete', was);
      PERFORM townseat.townseat_log({layer_name}, NEW.\"id\", 'insert', NULL);
    ELSIF was <> {new} THEN
      PERFORM townseat.townseat_log({layer_name}, OLD.\"id\", 'update', was);
    END IF;
  END IF;
  RETURN NULL;
END"
    )
}

/// An expression for the image of a row; `row` is `OLD` or `NEW`. It is never null.
fn image(layer: &Layer, row: &str, postgis: &PostGis) -> String {
    let mut parts = vec![format!("'{{\"fid\":' || {row}.\"fid\" || ',\"id\":' || {}", json(&format!("{row}.\"id\"")))];
    if !layer.geometry.is_empty() {
        let (empty, binary) = (postgis.name("ST_IsEmpty"), postgis.name("ST_AsBinary"));
        parts.push(format!(
            "',\"geom\":' || coalesce(CASE WHEN NOT {empty}({row}.\"geom\") \
             THEN '\"' || encode({binary}({row}.\"geom\", 'NDR'), 'hex') || '\"' END, 'null')"
        ));
    }
    for field in &layer.fields {
        let column = format!("{row}.{}", sql::name(&field.id));
        let value = match field.kind {
            FieldType::DateTime => json(&time(&column)),
            _ => json(&column),
        };
        parts.push(format!("',\"{}\":' || {value}", field.id));
    }
    parts.push("'}'".into());
    parts.join(" || ")
}

fn json(value: &str) -> String {
    format!("coalesce(to_json({value})::text, 'null')")
}

/// A moment as canonical text, whatever the session's time zone is.
pub fn time(column: &str) -> String {
    format!("to_char({column} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
}
