//! Brings what others wrote into the town: from the log to rows, tiles and feed.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::StreamExt;

use super::feed::{Event, TilesTouched};
use super::live::Live;
use crate::layer::catalogue::MAX_ZOOM;
use crate::layer::{Change, Layer, Operation};
use crate::store::{Store, StoreError};
use crate::tile::dirty::Dirty;
use crate::town::{LayerTown, Touched};

/// Rows of the log taken at once.
const BATCH: i64 = 10_000;
/// Above this many features a layer is read anew rather than piece by piece.
const MANY: usize = 5_000;
/// Above this many tiles listeners are told to fetch the layer again.
const MOST_TILES: usize = 4_000;

/// Reads one layer of the store into memory. A row that is no feature is told in the log and left out:
/// one bad row of an outsider must not keep the map from showing the rest.
pub async fn read_layer(store: &dyn Store, layer: &Arc<Layer>) -> Result<LayerTown, StoreError> {
    let mut stream = store.read(layer).await?;
    let mut features = Vec::new();
    while let Some(row) = stream.next().await {
        match row {
            Ok(feature) => features.push(feature),
            Err(e @ StoreError::Row { .. }) => tracing::warn!(error = %e, "left out"),
            Err(e) => return Err(e),
        }
    }
    drop(stream);
    let layer = layer.clone();
    Ok(tokio::task::spawn_blocking(move || LayerTown::build(layer, features)).await.expect("building does not panic"))
}

/// Takes every change that the town has not seen into it; gives how many.
pub async fn catch_up(live: &Live) -> Result<usize, StoreError> {
    let _one = live.writer.lock().await;
    let mut seen = 0;
    loop {
        let changes = live.store.changes(live.town.seq(), BATCH).await?;
        let Some(last) = changes.last().map(|c| c.seq) else { return Ok(seen) };
        seen += changes.len();
        let mut by_layer: BTreeMap<Arc<str>, Vec<Change>> = BTreeMap::new();
        changes.into_iter().for_each(|c| by_layer.entry(c.layer.clone()).or_default().push(c));
        for (name, changes) in by_layer {
            // A layer that the catalogue no longer knows is kept in the store and not shown.
            if let Some(index) = live.catalogue.index(&name) {
                take_in(live, index, changes).await?;
            }
        }
        live.town.reached(last);
    }
}

async fn take_in(live: &Live, index: usize, changes: Vec<Change>) -> Result<(), StoreError> {
    let layer = &live.catalogue.layers()[index];
    let name: Arc<str> = Arc::from(layer.id.as_str());
    let seq = changes.last().map_or(0, |c| c.seq);
    let mut ids: Vec<Arc<str>> = changes.iter().map(|c| c.feature.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() > MANY || changes.iter().any(|c| c.operation == Operation::Resync) {
        live.town.put(index, read_layer(&*live.store, layer).await?);
        live.tiles.drop_layer(index);
        live.feed.send(Event { seq, layer: name, features: vec![], tiles: TilesTouched::All { all: true } });
        return Ok(());
    }
    let present = live.store.get(layer, &ids).await?;
    let gone: Vec<Arc<str>> = ids.iter().filter(|id| !present.iter().any(|f| f.id == **id)).cloned().collect();
    let (next, touched) = live.town.layer(index).changed(present, &gone);
    live.town.put(index, next);
    let tiles = drop_tiles(live, index, &touched);
    live.feed.send(Event { seq, layer: name, features: ids, tiles });
    Ok(())
}

/// Drops the tiles that old and new shapes touch, and names them.
fn drop_tiles(live: &Live, index: usize, touched: &[Touched]) -> TilesTouched {
    let mut dirty = Dirty::new(live.catalogue.layers()[index].zoom.min);
    for t in touched {
        dirty.touch(t.before.as_deref(), t.after.as_deref());
    }
    let tiles = match dirty.tiles(MAX_ZOOM, MOST_TILES) {
        Some(tiles) => TilesTouched::Some(tiles.into_iter().map(|t| (t.z, t.x, t.y)).collect()),
        None => TilesTouched::All { all: true },
    };
    live.tiles.drop_touched(index, dirty);
    tiles
}

/// Follows the store until the task is dropped: every outside change is taken in as it comes.
pub async fn follow(live: Arc<Live>) {
    loop {
        let step = async {
            live.store.changed().await?;
            catch_up(&live).await
        };
        match step.await {
            Ok(0) => {}
            Ok(n) => tracing::info!(changes = n, seq = live.town.seq(), "took in changes made outside"),
            Err(e) => {
                tracing::warn!(error = %e, "the store did not answer; trying again");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        }
    }
}
