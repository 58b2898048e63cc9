//! Files into a layer: read, held against the layer's rules and streamed into the store, all or
//! nothing. Every fault is told with its place; warnings land and are told too.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::{StreamExt, stream};
use rustc_hash::FxHashSet;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use xxhash_rust::xxh3::xxh3_128;

use super::fault_list::FaultList;
use super::references::References;
use super::rules::TownRules;
use crate::formats;
use crate::geom::Crs;
use crate::layer::{Catalogue, Layer, Origin};
use crate::store::{Store, StoreError};

pub mod intake;
pub mod mapping;
pub mod place;
mod reading;
mod source;

#[cfg(test)]
mod laws;
#[cfg(test)]
pub mod tests;

use intake::Intake;
pub use mapping::{Mapping, MappingError};
use reading::Reading;
use source::Source;

/// How an import is to be done.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The CRS of the files, over whatever they say themselves.
    pub crs: Option<Crs>,
    pub mapping: Mapping,
    /// True to look and tell, and write nothing.
    pub dry_run: bool,
    /// Account that imports; what it was done by is added.
    pub who: String,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes read, of all files together.
    pub bytes: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Features read.
    pub features: u64,
}

/// What an import has done, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportReport {
    pub layer: String,
    /// Names of the files, and the CRS each was read in.
    pub files: Vec<(String, String)>,
    /// Features that landed; in a dry run, that would have.
    pub features: u64,
    pub dry_run: bool,
    /// Empty when the import landed.
    pub faults: FaultList,
    pub warnings: FaultList,
}

/// An import that left the store as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files have faults.
    #[error("nothing was imported: {} faults in {} files", .0.faults.total(), .0.files.len())]
    Faults(Box<ImportReport>),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The thread that reads has died: a fault of this program.
    #[error("nothing was imported: reading ended unexpectedly")]
    Reading,
}

/// Called now and then with how far the import is.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// Batches on their way to the store at most.
const AHEAD: usize = 2;

/// Imports files into a layer as one transaction.
pub async fn import(
    store: &dyn Store,
    catalogue: &Catalogue,
    layer: &Arc<Layer>,
    files: &[PathBuf],
    options: &ImportOptions,
    on_progress: OnProgress,
) -> Result<ImportReport, ImportError> {
    let mut references = References::of(layer, catalogue);
    references.fill(store, catalogue).await?;
    let stored = stored_ids(store, layer).await?;
    let intake = Intake::new(layer.clone(), TownRules::of(catalogue), options.mapping.clone(), stored, references);

    let (send, receive) = mpsc::channel(AHEAD);
    let whole = Arc::new(AtomicBool::new(false));
    let paths = files.to_vec();
    let sources = tokio::task::spawn_blocking(move || paths.iter().map(|p| Source::probe(p)).collect::<Vec<_>>());
    let sources = sources.await.map_err(|_| ImportError::Reading)?;
    let named: Vec<(String, String)> =
        sources.iter().map(|s| (s.name.clone(), s.crs_used(options.crs).to_string())).collect();
    let origin = Origin { who: options.who.clone(), by: by(&named) };

    let reading = Reading {
        intake,
        crs: options.crs,
        send: Some(send),
        batch: Default::default(),
        given_up: false,
        whole: whole.clone(),
        on_progress,
    };
    let reading = tokio::task::spawn_blocking(move || reading.run(sources));
    let mut features = ReceiverStream::new(receive).flat_map(stream::iter);
    let landed = if options.dry_run {
        let mut count = 0;
        while features.next().await.is_some() {
            count += 1;
        }
        Ok(count)
    } else {
        store.import(layer, features.boxed(), &origin, &|| whole.load(Ordering::Acquire)).await
    };
    let intake = reading.await.map_err(|_| ImportError::Reading)?;
    let mut report = ImportReport {
        layer: layer.id.clone(),
        files: named,
        features: 0,
        dry_run: options.dry_run,
        faults: intake.faults,
        warnings: intake.warnings,
    };
    if !report.faults.is_empty() {
        return Err(ImportError::Faults(Box::new(report)));
    }
    report.features = landed?;
    Ok(report)
}

/// Hashes of the ids that a layer of the store has.
async fn stored_ids(store: &dyn Store, layer: &Layer) -> Result<FxHashSet<u128>, StoreError> {
    let mut out = FxHashSet::default();
    let mut stream = store.read(layer).await?;
    while let Some(feature) = stream.next().await {
        match feature {
            Ok(feature) => _ = out.insert(xxh3_128(feature.id.as_bytes())),
            // The table's unique index is the last guard; `check` tells of the row.
            Err(StoreError::Row { .. }) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(out)
}

/// What the log says it was done by: `import pipes.geojson crs EPSG:4548`.
fn by(files: &[(String, String)]) -> String {
    let mut out = String::from("import");
    for (i, (name, crs)) in files.iter().enumerate() {
        if i == 5 {
            out.push_str(&format!(" and {} more", files.len() - i));
            break;
        }
        out.push_str(&format!(" {} crs {crs}", formats::shown(name)));
    }
    out
}
