//! Where things are: an R-tree over world boxes, with a small one beside it for what changed since.

use std::sync::Arc;

use rstar::primitives::{GeomWithData, Rectangle};
use rstar::{AABB, RTree};
use rustc_hash::FxHashSet;

use crate::geom::world::WorldBox;

type Entry = GeomWithData<Rectangle<[f64; 2]>, u32>;

/// Above this many changes the large tree is made anew.
const MOST_CHANGES: usize = 4096;

/// An index of rows by box. Cheap to clone; a clone never changes under its reader.
#[derive(Clone)]
pub struct SpatialIndex {
    settled: Arc<RTree<Entry>>,
    recent: Arc<RTree<Entry>>,
    /// Rows of `settled` that have moved or gone.
    stale: Arc<FxHashSet<u32>>,
}

fn entry(row: u32, b: &WorldBox) -> Entry {
    let corner = |p: [u32; 2]| p.map(f64::from);
    GeomWithData::new(Rectangle::from_corners(corner(b.min), corner(b.max)), row)
}

impl SpatialIndex {
    /// An index over rows and their boxes.
    pub fn build(rows: impl Iterator<Item = (u32, WorldBox)>) -> SpatialIndex {
        let settled = RTree::bulk_load(rows.map(|(row, b)| entry(row, &b)).collect());
        SpatialIndex { settled: Arc::new(settled), recent: Arc::default(), stale: Arc::default() }
    }

    /// The index after rows changed their box: row, old box, new box. `None` when so much has
    /// changed that it is better built anew.
    pub fn changed(&self, moves: &[(u32, Option<WorldBox>, Option<WorldBox>)]) -> Option<SpatialIndex> {
        if self.recent.size() + self.stale.len() + moves.len() > MOST_CHANGES {
            return None;
        }
        let mut recent = RTree::clone(&self.recent);
        let mut stale = FxHashSet::clone(&self.stale);
        for (row, old, new) in moves {
            if let Some(b) = old
                && recent.remove(&entry(*row, b)).is_none()
            {
                stale.insert(*row);
            }
            if let Some(b) = new {
                recent.insert(entry(*row, b));
            }
        }
        Some(SpatialIndex { settled: self.settled.clone(), recent: Arc::new(recent), stale: Arc::new(stale) })
    }

    /// Appends the rows whose box meets the given one, in no order.
    pub fn rows_in(&self, b: &WorldBox, out: &mut Vec<u32>) {
        if b.is_empty() {
            return;
        }
        let window = AABB::from_corners(b.min.map(f64::from), b.max.map(f64::from));
        if self.stale.is_empty() {
            out.extend(self.settled.locate_in_envelope_intersecting(window).map(|e| e.data));
        } else {
            let rows = self.settled.locate_in_envelope_intersecting(window).map(|e| e.data);
            out.extend(rows.filter(|r| !self.stale.contains(r)));
        }
        if self.recent.size() > 0 {
            out.extend(self.recent.locate_in_envelope_intersecting(window).map(|e| e.data));
        }
    }
}
