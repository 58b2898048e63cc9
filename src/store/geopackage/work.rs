//! One transaction of ours: it begins with a look at what other programs have done to the tables.

use std::ops::{Deref, DerefMut};

use sqlx::{Connection, Sqlite, SqliteConnection, Transaction};

use super::{fail, shape};
use crate::layer::Catalogue;
use crate::store::StoreError;

/// A transaction that holds the write lock, over tables and triggers that are as they should be.
pub struct Work<'a> {
    inner: Transaction<'a, Sqlite>,
    /// The schema that was last held to the catalogue; set anew when the transaction is kept.
    schema_version: &'a mut i64,
}

impl<'a> Work<'a> {
    /// Takes the write lock, and puts back what another program has dropped: nobody can come between.
    pub async fn begin(
        conn: &'a mut SqliteConnection,
        schema_version: &'a mut i64,
        catalogue: &Catalogue,
    ) -> Result<Work<'a>, StoreError> {
        let db = |e| fail::of("the store", e);
        let mut inner = conn.begin_with("BEGIN IMMEDIATE").await.map_err(db)?;
        if version(&mut inner).await.map_err(db)? != *schema_version {
            mend(&mut inner, catalogue).await?;
        }
        Ok(Work { inner, schema_version })
    }

    /// Keeps what was done.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        let version = version(&mut self.inner).await?;
        self.inner.commit().await?;
        *self.schema_version = version;
        Ok(())
    }

    /// Undoes it; dropping does the same, without waiting for it.
    pub async fn rollback(self) -> sqlx::Result<()> {
        self.inner.rollback().await
    }
}

impl Deref for Work<'_> {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        &self.inner
    }
}

impl DerefMut for Work<'_> {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.inner
    }
}

async fn version(conn: &mut SqliteConnection) -> sqlx::Result<i64> {
    sqlx::query_scalar("PRAGMA schema_version").fetch_one(conn).await
}

async fn mend(conn: &mut SqliteConnection, catalogue: &Catalogue) -> Result<(), StoreError> {
    for layer in catalogue.layers() {
        let known: Vec<&str> = layer.fields.iter().map(|f| f.id.as_str()).collect();
        match shape::mend(conn, layer, Some(&known)).await {
            Ok(false) => {}
            Ok(true) => {
                tracing::warn!(layer = %layer.id, "overwritten by another program: put back, resync logged");
                shape::log_resync(conn, layer).await.map_err(|e| fail::of("the store", e))?;
            }
            // one layer in an unknown CRS must not stop the others
            Err(e @ StoreError::Rejected { .. }) => tracing::error!("{e}"),
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
