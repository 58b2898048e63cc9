//! One transaction of ours: it begins with the lock of the log and a look at what others have done to the tables.

use std::ops::{Deref, DerefMut};
use std::sync::atomic::{AtomicI64, Ordering};

use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, Transaction};

use super::{fail, shape, table};
use crate::layer::Catalogue;
use crate::store::StoreError;

/// How long a lock of another transaction is waited for.
const PATIENCE: &str = "8s";

/// A transaction that holds the log's lock, over tables and triggers that are as they should be.
pub struct Work<'a> {
    inner: Transaction<'static, Postgres>,
    /// The shape that was last held to the catalogue; set anew when the transaction is kept.
    fingerprint: &'a AtomicI64,
}

impl<'a> Work<'a> {
    /// Takes the lock, and puts back what another program has dropped.
    pub async fn begin(
        pool: &PgPool,
        fingerprint: &'a AtomicI64,
        catalogue: &Catalogue,
        postgis: &table::PostGis,
    ) -> Result<Work<'a>, StoreError> {
        let db = |e| fail::of("the store", e);
        let mut inner = pool.begin().await.map_err(db)?;
        let lock = format!("SET LOCAL lock_timeout = '{PATIENCE}'; SELECT townseat.townseat_lock()");
        sqlx::raw_sql(AssertSqlSafe(lock)).execute(&mut *inner).await.map_err(db)?;
        if read_fingerprint(&mut inner).await.map_err(db)? != fingerprint.load(Ordering::Acquire) {
            shape::mend_all(&mut inner, catalogue, postgis).await?;
        }
        Ok(Work { inner, fingerprint })
    }

    /// Writes who is at work into the settings that the triggers ask; they end with the transaction.
    pub async fn sign(&mut self, who: &str, by: &str) -> sqlx::Result<()> {
        sqlx::query("SELECT set_config('townseat.who', $1, true), set_config('townseat.by', $2, true)")
            .bind(who)
            .bind(by)
            .execute(&mut *self.inner)
            .await
            .map(|_| ())
    }

    /// Keeps what was done.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        let fingerprint = read_fingerprint(&mut self.inner).await?;
        self.inner.commit().await?;
        self.fingerprint.store(fingerprint, Ordering::Release);
        Ok(())
    }

    /// Undoes it; dropping does the same, without waiting for it.
    pub async fn rollback(self) -> sqlx::Result<()> {
        self.inner.rollback().await
    }
}

impl Deref for Work<'_> {
    type Target = PgConnection;
    fn deref(&self) -> &PgConnection {
        &self.inner
    }
}

impl DerefMut for Work<'_> {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.inner
    }
}

/// The shape of tables and triggers as a number.
pub async fn read_fingerprint(conn: &mut PgConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar(shape::FINGERPRINT).fetch_one(conn).await
}
