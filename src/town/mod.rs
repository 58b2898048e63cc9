//! The live town in memory: features, spatial index, columns; applies changes and answers queries.
//! Knows no database and no HTTP: features come in, rows go out. Readers take a snapshot and never wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use arc_swap::ArcSwap;

use crate::layer::Catalogue;

mod block;
mod columns;
mod index;
mod layer_town;
mod nearby;
mod scan;
mod search;
mod select;

pub use block::RowRef;
pub use layer_town::{LayerTown, Touched};
pub use nearby::Near;
pub use search::{Hit, fold};
pub use select::Selection;

/// All layers of a town. Each layer is a snapshot that is swapped whole when something changes.
pub struct Town {
    catalogue: Arc<Catalogue>,
    layers: Vec<ArcSwap<LayerTown>>,
    seq: AtomicI64,
}

impl Town {
    /// A town of layers that stand in the order of the catalogue, as of a seq of the change log.
    pub fn new(catalogue: Arc<Catalogue>, layers: Vec<LayerTown>, seq: i64) -> Town {
        assert_eq!(catalogue.layers().len(), layers.len(), "a town holds every layer of its catalogue");
        let layers = layers.into_iter().map(ArcSwap::from_pointee).collect();
        Town { catalogue, layers, seq: AtomicI64::new(seq) }
    }

    /// What layers there are.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.catalogue
    }

    /// The layer at a position of the catalogue, as it stands now.
    pub fn layer(&self, index: usize) -> Arc<LayerTown> {
        self.layers[index].load_full()
    }

    /// Puts a layer in the place of the one that stood there. One writer at a time: the caller sees to it.
    pub fn put(&self, index: usize, layer: LayerTown) {
        self.layers[index].store(Arc::new(layer));
    }

    /// The last change that is in it.
    pub fn seq(&self) -> i64 {
        self.seq.load(Ordering::Acquire)
    }

    /// Says that all changes up to a seq are in it.
    pub fn reached(&self, seq: i64) {
        self.seq.fetch_max(seq, Ordering::AcqRel);
    }

    /// How many features it holds.
    pub fn len(&self) -> usize {
        (0..self.layers.len()).map(|i| self.layer(i).len()).sum()
    }

    /// True when no layer holds a feature.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod laws;
