//! The default store: a GeoPackage file that QGIS opens as it is. One connection writes, several read.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use sqlx::sqlite::SqlitePool;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use tokio::sync::Mutex;

use look::FileId;
use work::Work;

use super::{FeatureStream, Store, StoreError, Written};
use crate::layer::{Catalogue, Change, Edit, Feature, Layer, Origin};

mod bulk;
mod fail;
mod image_sql;
mod log;
mod look;
mod migrate;
mod open;
mod row;
mod shape;
mod table;
mod triggers;
mod work;
mod write;

/// How often the file is looked at for what others have written.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// Features read in one go.
const BATCH: i64 = 1024;

/// A GeoPackage file.
pub struct GeoPackage {
    path: PathBuf,
    /// The file that was opened; another may take its place.
    file: FileId,
    catalogue: Catalogue,
    writer: Mutex<Option<Writer>>,
    readers: SqlitePool,
    /// The last seq of the log that the caller knows of: given back by a write, or told by `changed`.
    told: AtomicI64,
}

/// The connection that writes, and what it last saw of others.
struct Writer {
    conn: SqliteConnection,
    /// Moves when another connection commits, never by our own writes (sqlite.org/pragma.html#pragma_data_version).
    data_version: i64,
    /// Moves when a table or trigger is made or dropped by anybody.
    schema_version: i64,
}

impl GeoPackage {
    /// Opens a file, or makes it, and brings its tables and triggers in line with the catalogue.
    pub async fn open(path: &Path, catalogue: &Catalogue) -> Result<GeoPackage, StoreError> {
        let path = open::absolute(path)?;
        let conn = open::open(&path, catalogue).await?;
        let mut writer = Writer { conn, data_version: 0, schema_version: 0 };
        let db = |e| fail::of(&path.display().to_string(), e);
        writer.data_version = writer.pragma("PRAGMA data_version").await.map_err(db)?;
        writer.schema_version = writer.pragma("PRAGMA schema_version").await.map_err(db)?;
        let told = log::last_seq(&mut writer.conn).await.map_err(db)?;
        let file = FileId::of(&path).map_err(|e| db(e.into()))?;
        Ok(GeoPackage {
            file,
            readers: open::readers(&path),
            path: path.clone(),
            catalogue: catalogue.clone(),
            writer: Mutex::new(Some(writer)),
            told: AtomicI64::new(told),
        })
    }

    fn db(&self, error: sqlx::Error) -> StoreError {
        match error {
            sqlx::Error::PoolClosed => StoreError::closed(),
            other => fail::of(&self.path.display().to_string(), other),
        }
    }

    /// Refuses to write into a file that has no name any more.
    fn still_there(&self) -> Result<(), StoreError> {
        match FileId::of(&self.path) {
            Ok(file) if file == self.file => Ok(()),
            _ => Err(StoreError::Replaced { what: self.path.display().to_string() }),
        }
    }

    async fn reader(&self) -> Result<Transaction<'static, Sqlite>, StoreError> {
        self.readers.begin().await.map_err(|e| self.db(e))
    }

    /// The layer as this store was opened with it.
    fn layer(&self, layer: &Layer) -> Result<&Arc<Layer>, StoreError> {
        self.catalogue.layer(&layer.id).ok_or_else(|| StoreError::no_layer(&layer.id))
    }

    /// True when somebody else has written since the last look, or a write of our own was never reported back.
    async fn look(&self) -> Result<bool, StoreError> {
        let mut writer = self.writer.lock().await;
        let writer = writer.as_mut().ok_or_else(StoreError::closed)?;
        self.still_there()?;
        let seen = writer.pragma("PRAGMA data_version").await.map_err(|e| self.db(e))?;
        writer.mend(&self.catalogue).await?;
        let last = log::last_seq(&mut writer.conn).await.map_err(|e| self.db(e))?;
        let moved = seen != writer.data_version || last > self.told.load(Ordering::Acquire);
        writer.data_version = seen;
        self.told.fetch_max(last, Ordering::AcqRel);
        Ok(moved)
    }
}

impl Writer {
    async fn pragma(&mut self, pragma: &'static str) -> sqlx::Result<i64> {
        sqlx::query_scalar(pragma).fetch_one(&mut self.conn).await
    }

    /// Puts back what another program has dropped since the last look.
    async fn mend(&mut self, catalogue: &Catalogue) -> Result<(), StoreError> {
        let db = |e| fail::of("the store", e);
        if self.pragma("PRAGMA schema_version").await.map_err(db)? != self.schema_version {
            let Writer { conn, schema_version, .. } = self;
            let work = Work::begin(conn, schema_version, catalogue).await?;
            work.commit().await.map_err(db)?;
        }
        Ok(())
    }
}

#[async_trait]
impl Store for GeoPackage {
    fn describe(&self) -> String {
        format!("GeoPackage {}", self.path.display())
    }

    async fn read(&self, layer: &Layer) -> Result<BoxStream<'_, Result<Feature, StoreError>>, StoreError> {
        let layer = self.layer(layer)?.clone();
        let reader = self.reader().await?;
        let select = open::select(&layer, "WHERE \"fid\" > ? ORDER BY \"fid\" LIMIT ?");
        let select: Arc<str> = select.0.into();
        // one transaction for all batches: the layer as it was when the reading began
        let batches = stream::unfold(Some((reader, i64::MIN)), move |state| {
            let (layer, select) = (layer.clone(), select.clone());
            async move {
                let (mut reader, after) = state?;
                let query = sqlx::query(sqlx::AssertSqlSafe(select)).bind(after).bind(BATCH);
                match query.fetch_all(&mut *reader).await {
                    Err(e) => Some((vec![Err(self.db(e))], None)),
                    Ok(rows) => {
                        let last = rows.last().map(|r| sqlx::Row::get(r, 0));
                        let features: Vec<_> = rows.iter().map(|r| row::decode(&layer, r)).collect();
                        last.map(|last| (features, Some((reader, last))))
                    }
                }
            }
        });
        Ok(batches.flat_map(stream::iter).boxed())
    }

    async fn get(&self, layer: &Layer, ids: &[Arc<str>]) -> Result<Vec<Feature>, StoreError> {
        let layer = self.layer(layer)?;
        let list = serde_json::to_string(ids).map_err(|e| StoreError::Rejected { what: e.to_string() })?;
        let select = open::select(layer, "WHERE \"id\" IN (SELECT value FROM json_each(?)) ORDER BY \"fid\"");
        let mut reader = self.reader().await?;
        let rows = sqlx::query(select).bind(list).fetch_all(&mut *reader).await.map_err(|e| self.db(e))?;
        let told = |e: &StoreError| tracing::warn!(error = %e, "left out");
        Ok(rows.iter().filter_map(|r| row::decode(layer, r).inspect_err(told).ok()).collect())
    }

    async fn write(&self, edits: &[Edit], origin: &Origin) -> Result<Written, StoreError> {
        let mut writer = self.writer.lock().await;
        let writer = writer.as_mut().ok_or_else(StoreError::closed)?;
        self.still_there()?;
        let work = Work::begin(&mut writer.conn, &mut writer.schema_version, &self.catalogue).await?;
        let written = write::edits(work, &self.catalogue, edits, origin).await?;
        if let Some(last) = written.changes.last() {
            self.told.fetch_max(last.seq, Ordering::AcqRel);
        }
        Ok(written)
    }

    async fn import(
        &self,
        layer: &Layer,
        features: FeatureStream<'_>,
        origin: &Origin,
        keep: &(dyn Fn() -> bool + Sync),
    ) -> Result<u64, StoreError> {
        let layer = self.layer(layer)?;
        let mut writer = self.writer.lock().await;
        let writer = writer.as_mut().ok_or_else(StoreError::closed)?;
        self.still_there()?;
        let work = Work::begin(&mut writer.conn, &mut writer.schema_version, &self.catalogue).await?;
        write::import(work, layer, features, origin, keep).await
    }

    async fn changes(&self, since: i64, limit: i64) -> Result<Vec<Change>, StoreError> {
        let mut reader = self.reader().await?;
        log::since(&mut reader, &self.catalogue, since, limit).await.map_err(|e| self.db(e))
    }

    async fn history(&self, layer: &Layer, id: &str) -> Result<Vec<Change>, StoreError> {
        let mut reader = self.reader().await?;
        log::of_feature(&mut reader, &self.catalogue, &layer.id, id).await.map_err(|e| self.db(e))
    }

    async fn last_seq(&self) -> Result<i64, StoreError> {
        let mut reader = self.reader().await?;
        log::last_seq(&mut reader).await.map_err(|e| self.db(e))
    }

    async fn changed(&self) -> Result<(), StoreError> {
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            match self.look().await {
                Ok(true) => return Ok(()),
                // another program is at work in the file: look again
                Ok(false) | Err(StoreError::Locked { .. }) => {}
                Err(e) => return Err(e),
            }
        }
    }

    async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        open::copy(&self.readers, to).await
    }

    async fn close(&self) {
        self.readers.close().await;
        if let Some(writer) = self.writer.lock().await.take() {
            open::close(writer.conn).await;
        }
    }
}
