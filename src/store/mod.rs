//! Keeps the layers and their change log on disk. Knows no HTTP, no tiles, no town.
//!
//! Two stores, the same tables and the same contract: a GeoPackage file and a PostGIS database.
//! The database's own triggers write the log, so an edit made past the service is in it too.

use std::sync::Arc;

use async_trait::async_trait;
use futures_util::stream::BoxStream;

use crate::layer::{Catalogue, Change, Edit, Feature, Layer, Origin};

pub mod error;
pub mod geopackage;
mod image;
mod kept;
pub mod postgis;
mod refuse;
mod sql;

pub use error::StoreError;

/// Opens the store that an address names: `gpkg:PATH` (made when it is not there) or `postgres://…`,
/// and brings its tables and triggers in line with the catalogue.
pub async fn open(address: &str, catalogue: &Catalogue) -> Result<Arc<dyn Store>, StoreError> {
    match address.split_once(':') {
        Some(("gpkg", path)) if !path.is_empty() => {
            Ok(Arc::new(geopackage::GeoPackage::open(std::path::Path::new(path), catalogue).await?))
        }
        Some(("postgres" | "postgresql", _)) => Ok(Arc::new(postgis::Postgis::open(address, catalogue).await?)),
        _ => Err(StoreError::address(address)),
    }
}

/// By what an edit of ours is made; never empty, for that is how an outsider is known.
fn by(origin: &Origin) -> &str {
    if origin.by.is_empty() { "edit" } else { &origin.by }
}

/// Features of an import, in the order in which they are to be written.
pub type FeatureStream<'a> = BoxStream<'a, Feature>;

/// What a [`Store::write`] did.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Written {
    /// The log rows that the triggers wrote, in order. An update that changes nothing has none.
    pub changes: Vec<Change>,
    /// The `fid` of each edit's feature, in the order of the edits.
    pub fids: Vec<i64>,
}

/// Where layers and their log live. Every call is one transaction.
#[async_trait]
pub trait Store: Send + Sync {
    /// What it is and where, for people and logs; no password.
    fn describe(&self) -> String;

    /// Features of a layer in the order of `fid`, all as they stood when the reading began. A row that is no
    /// feature is an [`StoreError::Row`] in its place, and the others come all the same; any other error ends it.
    /// A value that an outsider stored with a wrong type comes as it is.
    async fn read(&self, layer: &Layer) -> Result<BoxStream<'_, Result<Feature, StoreError>>, StoreError>;

    /// The features of some ids as they stand; ids that are not there, or whose row is no feature, are left out.
    async fn get(&self, layer: &Layer, ids: &[Arc<str>]) -> Result<Vec<Feature>, StoreError>;

    /// Applies edits, all or none. Once it has answered, nothing short of a broken disk undoes it.
    /// An insert's `fid` is given by the store, and an empty id too. Others may have written just before:
    /// a first seq that does not follow the last one known tells it, and [`Store::changed`] will wake for them.
    /// Fails with [`StoreError::Conflict`] when an insert's id stands already or an update's or delete's does not.
    async fn write(&self, edits: &[Edit], origin: &Origin) -> Result<Written, StoreError>;

    /// Writes many new features into one layer, all or none, the log included; gives how many.
    /// Ids are new to the layer: the import flow has checked, and the table's unique index is the last guard.
    /// When `keep` answers false after the stream has ended, nothing is kept: the stream's own faults.
    async fn import(
        &self,
        layer: &Layer,
        features: FeatureStream<'_>,
        origin: &Origin,
        keep: &(dyn Fn() -> bool + Sync),
    ) -> Result<u64, StoreError>;

    /// Rows of the log with a seq above `since`, in order, at most `limit`.
    async fn changes(&self, since: i64, limit: i64) -> Result<Vec<Change>, StoreError>;

    /// Rows of the log of one feature, in order.
    async fn history(&self, layer: &Layer, id: &str) -> Result<Vec<Change>, StoreError>;

    /// The last seq of the log; 0 when nothing has ever been written.
    async fn last_seq(&self) -> Result<i64, StoreError>;

    /// Resolves when somebody else may have written: the caller then asks for [`Store::changes`].
    /// Missing triggers are put back before it resolves, and a resync logged for what they missed.
    /// May be dropped and called again at any time: nothing is lost between.
    async fn changed(&self) -> Result<(), StoreError>;

    /// Writes a whole, consistent copy to a new file while running; PostGIS refuses with a hint.
    async fn backup(&self, to: &std::path::Path) -> Result<(), StoreError>;

    /// Ends all work and leaves the store tidy (a GeoPackage as one file).
    async fn close(&self);
}
