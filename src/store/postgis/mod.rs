//! The store for many servers: a PostGIS database, in the schema `townseat`.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use async_trait::async_trait;
use futures_util::StreamExt;
use futures_util::stream::{self, BoxStream};
use sqlx::postgres::PgPool;
use sqlx::{AssertSqlSafe, Row};
use tokio::sync::Mutex;

use hear::{Ear, Known};
use table::PostGis;
use work::Work;

use super::{FeatureStream, Store, StoreError, Written};
use crate::layer::{Catalogue, Change, Edit, Feature, Layer, Origin};

mod bulk;
mod fail;
mod hear;
mod log;
mod migrate;
mod open;
mod row;
mod shape;
mod table;
mod triggers;
mod work;
mod write;

/// Features read in one go.
const BATCH: i64 = 4096;

/// A PostGIS database.
pub struct Postgis {
    what: String,
    catalogue: Catalogue,
    pool: PgPool,
    postgis: PostGis,
    /// The shape of tables and triggers when they were last held to the catalogue.
    fingerprint: AtomicI64,
    known: Mutex<Known>,
    ear: Ear,
}

impl Postgis {
    /// Opens a database, makes our schema in it or brings it in line with the catalogue.
    pub async fn open(address: &str, catalogue: &Catalogue) -> Result<Postgis, StoreError> {
        let options = open::options(address)?;
        let what = open::describe(&options);
        let db = |e| fail::of(&what, e);
        let pool = open::connect(&options).await?;
        let postgis = open::bring_up(&pool, catalogue, &what).await?;
        let mut conn = pool.acquire().await.map_err(db)?;
        let fingerprint = work::read_fingerprint(&mut conn).await.map_err(db)?;
        let told = log::last_seq(&mut conn).await.map_err(db)?;
        drop(conn);
        Ok(Postgis {
            catalogue: catalogue.clone(),
            pool,
            postgis,
            fingerprint: AtomicI64::new(fingerprint),
            known: Mutex::new(Known::new(told)),
            ear: Ear::new(),
            what,
        })
    }

    fn db(&self, error: sqlx::Error) -> StoreError {
        fail::of(&self.what, error)
    }

    fn layer(&self, layer: &Layer) -> Result<&Arc<Layer>, StoreError> {
        self.catalogue.layer(&layer.id).ok_or_else(|| StoreError::no_layer(&layer.id))
    }

    async fn begin(&self) -> Result<Work<'_>, StoreError> {
        Work::begin(&self.pool, &self.fingerprint, &self.catalogue, &self.postgis).await
    }

    fn select(&self, layer: &Layer, rest: &str) -> String {
        format!("SELECT {} FROM {} AS t {rest}", row::columns(layer, &self.postgis), table::name(&layer.id))
    }

    /// True when the log has rows that the caller has not been given; what was dropped is put back first.
    async fn look(&self) -> Result<bool, StoreError> {
        let mut conn = self.pool.acquire().await.map_err(|e| self.db(e))?;
        let shape = work::read_fingerprint(&mut conn).await.map_err(|e| self.db(e))?;
        if shape != self.fingerprint.load(Ordering::Acquire) {
            self.begin().await?.commit().await.map_err(|e| self.db(e))?;
        }
        self.known.lock().await.look(&mut conn).await.map_err(|e| self.db(e))
    }
}

#[async_trait]
impl Store for Postgis {
    fn describe(&self) -> String {
        self.what.clone()
    }

    async fn read(&self, layer: &Layer) -> Result<BoxStream<'_, Result<Feature, StoreError>>, StoreError> {
        let layer = self.layer(layer)?.clone();
        let begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let reader = self.pool.begin_with(begin).await.map_err(|e| self.db(e))?;
        let select: Arc<str> = self.select(&layer, "WHERE t.\"fid\" > $1 ORDER BY t.\"fid\" LIMIT $2").into();
        // one transaction for all batches: the layer as it was when the reading began
        let batches = stream::unfold(Some((reader, i64::MIN)), move |state| {
            let (layer, select) = (layer.clone(), select.clone());
            async move {
                let (mut reader, after) = state?;
                let query = sqlx::query(AssertSqlSafe(select)).bind(after).bind(BATCH);
                match query.fetch_all(&mut *reader).await {
                    Err(e) => Some((vec![Err(self.db(e))], None)),
                    Ok(rows) => {
                        let last = rows.last().map(|r| r.get(0));
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
        let ids: Vec<String> = ids.iter().filter(|id| !id.contains('\0')).map(|id| id.to_string()).collect();
        let select = AssertSqlSafe(self.select(layer, "WHERE t.\"id\" = ANY ($1) ORDER BY t.\"fid\""));
        let rows = sqlx::query(select).bind(ids).fetch_all(&self.pool).await.map_err(|e| self.db(e))?;
        let told = |e: &StoreError| tracing::warn!(error = %e, "left out");
        Ok(rows.iter().filter_map(|r| row::decode(layer, r).inspect_err(told).ok()).collect())
    }

    async fn write(&self, edits: &[Edit], origin: &Origin) -> Result<Written, StoreError> {
        let work = self.begin().await?;
        let written = write::edits(work, &self.catalogue, &self.postgis, edits, origin).await?;
        if let (Some(first), Some(last)) = (written.changes.first(), written.changes.last()) {
            self.known.lock().await.given(first.seq, last.seq, written.changes.len());
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
        write::import(self.begin().await?, layer, features, origin, keep).await
    }

    async fn changes(&self, since: i64, limit: i64) -> Result<Vec<Change>, StoreError> {
        let mut conn = self.pool.acquire().await.map_err(|e| self.db(e))?;
        log::since(&mut conn, &self.catalogue, since, limit).await.map_err(|e| self.db(e))
    }

    async fn history(&self, layer: &Layer, id: &str) -> Result<Vec<Change>, StoreError> {
        let mut conn = self.pool.acquire().await.map_err(|e| self.db(e))?;
        let id = if id.contains('\0') { "" } else { id };
        log::of_feature(&mut conn, &self.catalogue, &layer.id, id).await.map_err(|e| self.db(e))
    }

    async fn last_seq(&self) -> Result<i64, StoreError> {
        let mut conn = self.pool.acquire().await.map_err(|e| self.db(e))?;
        log::last_seq(&mut conn).await.map_err(|e| self.db(e))
    }

    async fn changed(&self) -> Result<(), StoreError> {
        loop {
            match self.look().await {
                Ok(true) => return Ok(()),
                // another transaction is at work on the tables: look again
                Ok(false) | Err(StoreError::Locked { .. }) => {}
                Err(e) => return Err(e),
            }
            self.ear.wait(&self.pool).await;
        }
    }

    async fn backup(&self, _to: &Path) -> Result<(), StoreError> {
        let what = "a PostGIS store is backed up by PostgreSQL itself: pg_dump -Fc -n townseat -f town.dump DATABASE";
        Err(StoreError::Rejected { what: what.into() })
    }

    async fn close(&self) {
        self.ear.close().await;
        self.pool.close().await;
    }
}
