//! The running service: store, town, tile cache and feed, held together.

use std::sync::Arc;

use crate::access::Sight;
use crate::layer::Catalogue;
use crate::store::Store;
use crate::tile::cache::TileCache;
use crate::town::Town;

use super::feed::Feed;
use super::figures::FigureFile;

/// What every flow works on. Made once by `app::open`.
pub struct Live {
    pub catalogue: Arc<Catalogue>,
    pub store: Arc<dyn Store>,
    pub town: Town,
    pub tiles: TileCache,
    pub feed: Feed,
    /// The figures of the first screen, as `seeds/standards/figures.toml` defines them.
    pub figures: FigureFile,
    /// What somebody without an account sees.
    pub public: Sight,
    /// True when the data is the made-up sample, which the page then says plainly.
    pub sample: bool,
    /// The seq that the town was read at.
    pub started: i64,
    /// One writer of the town at a time.
    pub(super) writer: tokio::sync::Mutex<()>,
}

impl Live {
    /// Holds the parts together.
    pub fn new(store: Arc<dyn Store>, town: Town, tiles: TileCache, figures: FigureFile, sample: bool) -> Live {
        let catalogue = town.catalogue().clone();
        let public = Sight::all(&catalogue);
        let started = town.seq();
        Live {
            catalogue,
            store,
            town,
            tiles,
            feed: Feed::default(),
            figures,
            public,
            sample,
            started,
            writer: tokio::sync::Mutex::default(),
        }
    }
}
