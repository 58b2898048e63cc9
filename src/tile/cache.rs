//! Keeps cut tiles in the form they are sent in, and drops exactly those that an edit touches.

use std::collections::VecDeque;
use std::hash::BuildHasher;
use std::sync::Arc;

use bytes::Bytes;
use moka::sync::Cache;
use parking_lot::{Mutex, RwLock};
use xxhash_rust::xxh3::{Xxh3Builder, xxh3_128};

use super::dirty::Dirty;
use super::grid::TileId;
use super::pack::Encoding;

/// What a tile is known by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    /// [`crate::access::Sight::key`] of who may see it.
    pub sight: u64,
    /// Positions of the layers in the catalogue, in the order asked.
    pub layers: Arc<[usize]>,
    pub tile: TileId,
    pub encoding: Encoding,
}

/// A tile as it is sent. Empty bytes: nothing lies there.
#[derive(Debug, Clone)]
pub struct Kept {
    pub bytes: Bytes,
    /// Strong entity tag, quotes included.
    pub etag: Arc<str>,
}

impl Kept {
    /// Bytes with their tag.
    pub fn new(bytes: Vec<u8>) -> Kept {
        let etag = format!("\"{:032x}\"", xxh3_128(&bytes));
        Kept { bytes: Bytes::from(bytes), etag: Arc::from(etag) }
    }
}

/// Drops that are remembered, for cuts that began before them.
const REMEMBERED: usize = 64;
/// Locks among which the keys are shared, so that one tile is cut once at a time.
const LANES: usize = 64;

/// What has been dropped: number of the last drop, and the last few.
#[derive(Default)]
struct Drops {
    last: u64,
    recent: VecDeque<(u64, usize, Option<Arc<Dirty>>)>,
}

/// Says when a cut began: before the town's snapshot was taken.
#[derive(Debug, Clone, Copy)]
pub struct Stamp(u64);

/// The cache, bounded in bytes.
pub struct TileCache {
    kept: Cache<Key, Kept, Xxh3Builder>,
    drops: RwLock<Drops>,
    lanes: Vec<Mutex<()>>,
    hasher: Xxh3Builder,
}

impl TileCache {
    /// A cache of at most so many bytes; with 0 every tile is cut on request.
    pub fn new(bytes: u64) -> TileCache {
        let hasher = Xxh3Builder::new();
        let kept = Cache::builder()
            .max_capacity(bytes)
            .weigher(|_: &Key, v: &Kept| u32::try_from(v.bytes.len() + 200).unwrap_or(u32::MAX))
            .build_with_hasher(hasher);
        TileCache { kept, drops: RwLock::default(), lanes: (0..LANES).map(|_| Mutex::new(())).collect(), hasher }
    }

    /// Bytes it holds, about.
    pub fn bytes(&self) -> u64 {
        self.kept.weighted_size()
    }

    /// The tile, if it is kept.
    pub fn get(&self, key: &Key) -> Option<Kept> {
        self.kept.get(key)
    }

    /// The tile, made by `cut` if it is not kept. `cut` must take its snapshot of the town when it is called,
    /// not before. Whoever asks for the same tile meanwhile waits for it.
    pub fn get_or_cut(&self, key: &Key, cut: impl FnOnce() -> Kept) -> Kept {
        if let Some(kept) = self.kept.get(key) {
            return kept;
        }
        if self.kept.policy().max_capacity() == Some(0) {
            return cut();
        }
        let _one = self.lanes[self.hasher.hash_one(key) as usize % LANES].lock();
        if let Some(kept) = self.kept.get(key) {
            return kept;
        }
        let stamp = Stamp(self.drops.read().last);
        let kept = cut();
        let drops = self.drops.read();
        if drops.leaves(key, stamp) {
            self.kept.insert(key.clone(), kept.clone());
        }
        kept
    }

    /// Drops the tiles of a layer that an edit touches. The town must hold the edit already.
    pub fn drop_touched(&self, layer: usize, dirty: Dirty) {
        self.drop(layer, Some(Arc::new(dirty)));
    }

    /// Drops every tile of a layer.
    pub fn drop_layer(&self, layer: usize) {
        self.drop(layer, None);
    }

    fn drop(&self, layer: usize, dirty: Option<Arc<Dirty>>) {
        // While this lock is held nothing is kept anew, so no old tile slips in behind the drop.
        let mut drops = self.drops.write();
        drops.last += 1;
        let last = drops.last;
        drops.recent.push_back((last, layer, dirty.clone()));
        if drops.recent.len() > REMEMBERED {
            drops.recent.pop_front();
        }
        for (key, _) in &self.kept {
            if key.layers.contains(&layer) && dirty.as_ref().is_none_or(|d| d.touches(key.tile)) {
                self.kept.invalidate(&*key);
            }
        }
    }
}

impl Drops {
    /// True when no drop since the stamp touches the key.
    fn leaves(&self, key: &Key, stamp: Stamp) -> bool {
        if self.last == stamp.0 {
            return true;
        }
        if self.recent.front().is_none_or(|d| d.0 > stamp.0 + 1) {
            return false;
        }
        let later = self.recent.iter().filter(|d| d.0 > stamp.0);
        !later
            .into_iter()
            .any(|(_, layer, dirty)| key.layers.contains(layer) && dirty.as_ref().is_none_or(|d| d.touches(key.tile)))
    }
}
