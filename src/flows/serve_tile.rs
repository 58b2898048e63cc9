//! Gives a tile in the encoding asked for: from the cache, or cut from the town and kept.

use std::sync::Arc;

use super::live::Live;
use crate::access::Sight;
use crate::geom::Shape;
use crate::layer::{Layer, ValueRef};
use crate::tile::cache::{Kept, Key};
use crate::tile::cut::{LayerSpec, Source, cut};
use crate::tile::pack::pack;
use crate::tile::{Encoding, TileId};
use crate::town::LayerTown;

/// A layer's rows that may be in a tile.
struct Rows {
    town: Arc<LayerTown>,
    rows: Vec<u32>,
}

impl Source for Rows {
    fn len(&self) -> usize {
        self.rows.len()
    }

    fn fid(&self, at: usize) -> i64 {
        self.town.row(self.rows[at]).fid()
    }

    fn id(&self, at: usize) -> &Arc<str> {
        self.town.row(self.rows[at]).id()
    }

    fn shape(&self, at: usize) -> Option<&Shape> {
        self.town.row(self.rows[at]).shape().map(|s| &**s)
    }

    fn value(&self, at: usize, field: usize) -> ValueRef<'_> {
        self.town.row(self.rows[at]).value(field)
    }
}

/// A tile of layers (positions in the catalogue), as somebody with that sight sees it.
pub fn serve_tile(live: &Live, sight: &Sight, layers: &Arc<[usize]>, tile: TileId, encoding: Encoding) -> Kept {
    let key = Key { sight: sight.key(), layers: layers.clone(), tile, encoding };
    live.tiles.get_or_cut(&key, || {
        let plain = match encoding {
            // The plain bytes are at hand when somebody asked for them before.
            Encoding::Identity => cut_now(live, sight, layers, tile),
            _ => match live.tiles.get(&Key { encoding: Encoding::Identity, ..key.clone() }) {
                Some(kept) => kept.bytes.to_vec(),
                None => cut_now(live, sight, layers, tile),
            },
        };
        Kept::new(if plain.is_empty() { plain } else { pack(plain, encoding) })
    })
}

fn cut_now(live: &Live, sight: &Sight, layers: &[usize], tile: TileId) -> Vec<u8> {
    let reach = tile.world_box();
    let shown = layers.iter().filter(|i| live.catalogue.layers()[**i].zoom.min <= tile.z);
    let rows: Vec<(LayerSpec<'_>, Rows)> = shown
        .map(|index| {
            let layer = &live.catalogue.layers()[*index];
            let town = live.town.layer(*index);
            let rows = town.rows_in(&reach);
            (spec(layer, *index, sight, tile.z), Rows { town, rows })
        })
        .collect();
    cut(tile, &rows)
}

fn spec<'a>(layer: &'a Layer, index: usize, sight: &Sight, z: u8) -> LayerSpec<'a> {
    let carried = |f: &usize| layer.fields[*f].tile_zoom.is_some_and(|t| t <= z);
    let fields = (0..layer.fields.len()).filter(|f| sight.sees_field(index, *f)).filter(carried);
    LayerSpec {
        name: &layer.id,
        fields: fields.map(|f| (f, layer.fields[f].id.as_str())).collect(),
        full: layer.zoom.full,
    }
}
