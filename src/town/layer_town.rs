//! One layer of the live town: a snapshot of rows, found by place or id.

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use super::block::{BLOCK_ROWS, Block, RowRef};
use super::columns::Interner;
use super::index::SpatialIndex;
use crate::geom::world::WorldBox;
use crate::geom::{Bounds, Shape};
use crate::layer::{Feature, Layer};

/// A snapshot of a layer. Rows are numbered in the order of their `fid` when read; later ones follow.
#[derive(Clone)]
pub struct LayerTown {
    layer: Arc<Layer>,
    pub(super) blocks: Vec<Arc<Block>>,
    pub(super) index: SpatialIndex,
    by_id: Arc<FxHashMap<Arc<str>, u32>>,
    /// Ids added since `by_id` was made.
    recent_ids: Arc<FxHashMap<Arc<str>, u32>>,
    live: usize,
    /// Live rows without geometry, or more: a number above it is never too small.
    pub(super) bare: usize,
    /// Worked out when it is first asked for.
    bounds: OnceLock<Bounds>,
}

/// A feature that a change touched: its shape before and after.
#[derive(Debug, Clone)]
pub struct Touched {
    pub id: Arc<str>,
    pub before: Option<Arc<Shape>>,
    pub after: Option<Arc<Shape>>,
}

/// What changes in one block: rows put anew, and rows that go.
#[derive(Default)]
struct BlockChange {
    puts: Vec<(usize, Feature)>,
    dead: Vec<usize>,
}

impl LayerTown {
    /// A layer of features, in the order given.
    pub fn build(layer: Arc<Layer>, features: impl IntoIterator<Item = Feature>) -> LayerTown {
        let mut interner = Interner::default();
        let mut blocks = Vec::new();
        let mut run = Vec::with_capacity(BLOCK_ROWS);
        for feature in features {
            run.push(feature);
            if run.len() == BLOCK_ROWS {
                blocks.push(Arc::new(Block::of(&layer, &run, &mut interner)));
                run.clear();
            }
        }
        if !run.is_empty() {
            blocks.push(Arc::new(Block::of(&layer, &run, &mut interner)));
        }
        LayerTown::of_blocks(layer, blocks)
    }

    fn of_blocks(layer: Arc<Layer>, blocks: Vec<Arc<Block>>) -> LayerTown {
        let rows = || {
            blocks.iter().enumerate().flat_map(|(b, block)| {
                (0..block.rows())
                    .filter(|at| block.alive[*at])
                    .map(move |at| ((b * BLOCK_ROWS + at) as u32, block.row(at)))
            })
        };
        let index = SpatialIndex::build(rows().filter_map(|(n, r)| Some((n, r.shape()?.world_box()))));
        let by_id: FxHashMap<Arc<str>, u32> = rows().map(|(n, r)| (r.id().clone(), n)).collect();
        let live = by_id.len();
        let bare = rows().filter(|(_, r)| r.shape().is_none()).count();
        LayerTown {
            layer,
            index,
            by_id: Arc::new(by_id),
            recent_ids: Arc::default(),
            live,
            bare,
            blocks,
            bounds: OnceLock::new(),
        }
    }

    /// What kind of layer it is.
    pub fn layer(&self) -> &Arc<Layer> {
        &self.layer
    }

    /// How many features it holds.
    pub fn len(&self) -> usize {
        self.live
    }

    /// True when it holds none.
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// A row by its number.
    pub fn row(&self, number: u32) -> RowRef<'_> {
        self.blocks[number as usize / BLOCK_ROWS].row(number as usize % BLOCK_ROWS)
    }

    /// The row of an id.
    pub fn find(&self, id: &str) -> Option<u32> {
        let row = *self.recent_ids.get(id).or_else(|| self.by_id.get(id))?;
        self.blocks[row as usize / BLOCK_ROWS].alive[row as usize % BLOCK_ROWS].then_some(row)
    }

    /// All rows, in order.
    pub fn rows(&self) -> impl Iterator<Item = (u32, RowRef<'_>)> {
        self.blocks.iter().enumerate().flat_map(|(b, block)| {
            (0..block.rows()).filter(|at| block.alive[*at]).map(move |at| ((b * BLOCK_ROWS + at) as u32, block.row(at)))
        })
    }

    /// Rows whose box meets a world box, in order.
    pub fn rows_in(&self, b: &WorldBox) -> Vec<u32> {
        let mut out = Vec::new();
        self.index.rows_in(b, &mut out);
        out.sort_unstable();
        out
    }

    /// The bounds of everything in it, in degrees.
    pub fn bounds(&self) -> Bounds {
        *self.bounds.get_or_init(|| {
            let mut out = Bounds::EMPTY;
            self.rows().filter_map(|(_, r)| r.shape()).for_each(|s| out.join(&s.bounds()));
            out
        })
    }

    /// The layer after features were put (added, or in the place of those with their id) and ids
    /// taken out, with what was touched. An id that is not there is passed over.
    pub fn changed(&self, puts: Vec<Feature>, gone: &[Arc<str>]) -> (LayerTown, Vec<Touched>) {
        let mut touched = Vec::with_capacity(puts.len() + gone.len());
        let mut moves = Vec::new();
        let mut per_block: FxHashMap<usize, BlockChange> = FxHashMap::default();
        let mut adds: Vec<Feature> = Vec::new();
        let mut live = self.live;
        let mut added_at: FxHashMap<Arc<str>, usize> = FxHashMap::default();
        let old_shape = |row: u32| self.row(row).shape().cloned();
        for id in gone {
            let Some(row) = self.find(id) else { continue };
            let dead = &mut per_block.entry(row as usize / BLOCK_ROWS).or_default().dead;
            if dead.contains(&(row as usize % BLOCK_ROWS)) {
                continue;
            }
            dead.push(row as usize % BLOCK_ROWS);
            let before = old_shape(row);
            moves.push((row, before.as_ref().map(|s| s.world_box()), None));
            touched.push(Touched { id: id.clone(), before, after: None });
            live -= 1;
        }
        for feature in puts {
            let after = feature.geometry.as_ref().and_then(Shape::of).map(Arc::new);
            match self.find(&feature.id).filter(|_| !gone.contains(&feature.id)) {
                Some(row) => {
                    let before = old_shape(row);
                    moves.push((row, before.as_ref().map(|s| s.world_box()), after.as_ref().map(|s| s.world_box())));
                    touched.push(Touched { id: feature.id.clone(), before, after });
                    per_block
                        .entry(row as usize / BLOCK_ROWS)
                        .or_default()
                        .puts
                        .push((row as usize % BLOCK_ROWS, feature));
                }
                None => {
                    touched.push(Touched { id: feature.id.clone(), before: None, after });
                    match added_at.get(&feature.id) {
                        Some(at) => adds[*at] = feature,
                        None => {
                            added_at.insert(feature.id.clone(), adds.len());
                            adds.push(feature);
                            live += 1;
                        }
                    }
                }
            }
        }
        let mut blocks = self.blocks.clone();
        for (b, change) in per_block {
            blocks[b] = Arc::new(blocks[b].changed(&self.layer, &change.puts, &[], &change.dead));
        }
        let mut recent_ids = FxHashMap::clone(&self.recent_ids);
        let mut rest = &adds[..];
        while !rest.is_empty() {
            if blocks.last().is_none_or(|b| b.rows() == BLOCK_ROWS) {
                blocks.push(Arc::new(Block::of(&self.layer, &[], &mut Interner::default())));
            }
            let b = blocks.len() - 1;
            let room = BLOCK_ROWS - blocks[b].rows();
            let (now, later) = rest.split_at(room.min(rest.len()));
            for (i, feature) in now.iter().enumerate() {
                let row = (b * BLOCK_ROWS + blocks[b].rows() + i) as u32;
                recent_ids.insert(feature.id.clone(), row);
                let shape = feature.geometry.as_ref().and_then(Shape::of);
                moves.push((row, None, shape.map(|s| s.world_box())));
            }
            blocks[b] = Arc::new(blocks[b].changed(&self.layer, &[], now, &[]));
            rest = later;
        }
        let next = match self.index.changed(&moves) {
            Some(index) => LayerTown {
                layer: self.layer.clone(),
                blocks,
                index,
                by_id: self.by_id.clone(),
                recent_ids: Arc::new(recent_ids),
                live,
                bare: self.bare + touched.iter().filter(|t| t.after.is_none()).count(),
                bounds: OnceLock::new(),
            },
            None => LayerTown::of_blocks(self.layer.clone(), blocks),
        };
        (next, touched)
    }
}
