//! Writes many rows of a layer fast, by COPY. Knows no log.

use sqlx::postgres::PgCopyIn;
use sqlx::{AssertSqlSafe, PgConnection};

use super::{fail, row, table};
use crate::layer::{Feature, Layer};
use crate::store::{StoreError, sql};

/// Bytes gathered before they are sent.
const CHUNK: usize = 1 << 18;

/// A running COPY into a layer's table.
pub struct Copy<'a> {
    layer: &'a Layer,
    with_fid: bool,
    copy: PgCopyIn<&'a mut PgConnection>,
    lines: String,
}

impl<'a> Copy<'a> {
    /// Begins; `with_fid` when features keep their `fid`.
    pub async fn begin(conn: &'a mut PgConnection, layer: &'a Layer, with_fid: bool) -> sqlx::Result<Copy<'a>> {
        let columns = row::copied(layer, with_fid);
        let statement = format!("COPY {} ({columns}) FROM STDIN (FORMAT text)", table::name(&layer.id));
        let copy = conn.copy_in_raw(&statement).await?;
        Ok(Copy { layer, with_fid, copy, lines: String::with_capacity(CHUNK + 4096) })
    }

    /// Adds a feature.
    pub async fn push(&mut self, feature: &Feature) -> Result<(), StoreError> {
        row::copy_line(&mut self.lines, self.layer, feature, self.with_fid)?;
        if self.lines.len() >= CHUNK {
            self.copy.send(self.lines.as_bytes()).await.map_err(|e| taken(self.layer, e))?;
            self.lines.clear();
        }
        Ok(())
    }

    /// Ends it; gives how many rows were written.
    pub async fn finish(mut self) -> Result<u64, StoreError> {
        self.copy.send(self.lines.as_bytes()).await.map_err(|e| taken(self.layer, e))?;
        self.copy.finish().await.map_err(|e| taken(self.layer, e))
    }

    /// Gives it up, so that the connection can be used again.
    pub async fn abort(self) {
        // the transaction is rolled back next, whatever the answer is
        let _ = self.copy.abort("given up").await;
    }
}

/// Copies features into a layer's table.
pub async fn copy(
    conn: &mut PgConnection,
    layer: &Layer,
    features: &[Feature],
    with_fid: bool,
) -> Result<u64, StoreError> {
    let mut copy = Copy::begin(conn, layer, with_fid).await.map_err(|e| fail::of(&layer.id, e))?;
    for feature in features {
        copy.push(feature).await?;
    }
    copy.finish().await
}

fn taken(layer: &Layer, error: sqlx::Error) -> StoreError {
    if fail::is_taken_id(&error) {
        return StoreError::Rejected { what: format!("layer {}: an id stands already, or stands twice", layer.id) };
    }
    fail::of(&format!("import into {}", layer.id), error)
}

/// Gives an id to features without one.
pub async fn name_the_nameless(conn: &mut PgConnection, layer: &str) -> sqlx::Result<()> {
    let table = table::name(layer);
    let id = "substr(replace(gen_random_uuid()::text, '-', ''), 1, 16)";
    table::run(conn, format!("UPDATE {table} SET \"id\" = {id} WHERE \"id\" IS NULL OR \"id\" = ''")).await
}

/// Lets the numbers of new features begin after those that stand.
pub async fn move_sequence(conn: &mut PgConnection, layer: &str) -> sqlx::Result<()> {
    let table = table::name(layer);
    let last = format!("(SELECT coalesce(max(\"fid\"), 0) + 1 FROM {table})");
    let set = format!("SELECT setval(pg_get_serial_sequence({}, 'fid'), {last}, false)", sql::text(&table));
    sqlx::query(AssertSqlSafe(set)).execute(conn).await.map(|_| ())
}
