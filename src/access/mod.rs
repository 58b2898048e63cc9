//! Who may see or change which layer and field. Knows no account store and no HTTP.
//!
//! Every read passes [`Sight`]. For now everybody sees everything; accounts will add doors here
//! and move no walls.

use xxhash_rust::xxh3::xxh3_64;

use crate::layer::{Catalogue, Layer};

/// What a reader may see: layers and, of each, fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// For each layer of the catalogue, `None` when hidden, else a flag a field.
    layers: Vec<Option<Box<[bool]>>>,
    key: u64,
}

impl Sight {
    /// The sight of somebody who may see everything.
    pub fn all(catalogue: &Catalogue) -> Sight {
        let layers: Vec<_> =
            catalogue.layers().iter().map(|l| Some(vec![true; l.fields.len()].into_boxed_slice())).collect();
        let mut bytes = catalogue.fingerprint().to_le_bytes().to_vec();
        for layer in &layers {
            bytes.push(u8::from(layer.is_some()));
            bytes.extend(layer.iter().flat_map(|f| f.iter().map(|v| u8::from(*v))));
        }
        Sight { layers, key: xxh3_64(&bytes) }
    }

    /// True when the layer at this position of the catalogue is visible.
    pub fn sees(&self, layer: usize) -> bool {
        self.layers.get(layer).is_some_and(Option::is_some)
    }

    /// True when the field of the layer is visible.
    pub fn sees_field(&self, layer: usize, field: usize) -> bool {
        self.layers.get(layer).and_then(Option::as_ref).is_some_and(|f| f.get(field).copied().unwrap_or(false))
    }

    /// Positions of the layer's visible fields, in order.
    pub fn fields<'a>(&'a self, index: usize, layer: &'a Layer) -> impl Iterator<Item = usize> + 'a {
        (0..layer.fields.len()).filter(move |f| self.sees_field(index, *f))
    }

    /// A hash of what is visible: equal sights may share cached tiles.
    pub fn key(&self) -> u64 {
        self.key
    }
}
