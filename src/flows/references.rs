//! What the values of `refers` fields may point to. Holds hashes, not the values themselves.

use std::collections::BTreeMap;

use futures_util::StreamExt;
use rustc_hash::FxHashSet;
use xxhash_rust::xxh3::xxh3_128;

use crate::layer::{Catalogue, Feature, Layer, Value};
use crate::store::{Store, StoreError};

/// One target of a reference: all values of a field, or all ids, of a layer.
#[derive(Debug, Clone)]
struct Target {
    layer: String,
    /// `None` for the id.
    field: Option<usize>,
    held: FxHashSet<u128>,
}

/// The targets of one layer's references, filled from the store and from what is being imported.
#[derive(Debug, Clone, Default)]
pub struct References {
    targets: BTreeMap<String, Target>,
    /// Position of the referring field and the name of its target.
    fields: Vec<(usize, String)>,
}

impl References {
    /// The targets of a layer's references, empty. A target that the catalogue does not have is left out.
    pub fn of(layer: &Layer, catalogue: &Catalogue) -> References {
        let mut out = References::default();
        for (i, refers) in layer.fields.iter().enumerate().filter_map(|(i, f)| Some((i, f.refers.as_ref()?))) {
            let Some((to, field)) = refers.split_once('.') else { continue };
            let Some(target) = catalogue.layer(to) else { continue };
            let position = target.field_index(field);
            if position.is_none() && field != "id" {
                continue;
            }
            out.fields.push((i, refers.clone()));
            out.targets.entry(refers.clone()).or_insert_with(|| Target {
                layer: to.into(),
                field: position,
                held: FxHashSet::default(),
            });
        }
        out
    }

    /// Layers that the references point to.
    pub fn layers(&self) -> impl Iterator<Item = &str> {
        self.targets.values().map(|t| t.layer.as_str())
    }

    /// Takes in what a feature of a layer can be pointed to by.
    pub fn hold(&mut self, layer: &str, feature: &Feature) {
        for target in self.targets.values_mut().filter(|t| t.layer == layer) {
            match target.field {
                None => _ = target.held.insert(xxh3_128(feature.id.as_bytes())),
                Some(f) => target.held.extend(feature.values.get(f).and_then(key)),
            }
        }
    }

    /// Fills the targets with what a store holds.
    pub async fn fill(&mut self, store: &dyn Store, catalogue: &Catalogue) -> Result<(), StoreError> {
        let mut layers: Vec<String> = self.layers().map(String::from).collect();
        layers.sort_unstable();
        layers.dedup();
        for layer in layers.iter().filter_map(|l| catalogue.layer(l)) {
            let mut stream = store.read(layer).await?;
            while let Some(feature) = stream.next().await {
                match feature {
                    Ok(feature) => self.hold(&layer.id, &feature),
                    // A row that is no feature can't be pointed to; `check` tells of it.
                    Err(StoreError::Row { .. }) => {}
                    Err(e) => return Err(e),
                }
            }
        }
        Ok(())
    }

    /// References of a feature that point to nothing held: field, value and target.
    pub fn missing<'a>(&'a self, feature: &'a Feature) -> impl Iterator<Item = (usize, &'a Value, &'a str)> {
        self.fields.iter().filter_map(|(i, to)| {
            let value = feature.values.get(*i)?;
            let held = &self.targets.get(to)?.held;
            key(value).filter(|k| !held.contains(k)).map(|_| (*i, value, to.as_str()))
        })
    }

    /// True when a field of the layer points into the layer itself: then only the end of an import
    /// tells what is missing.
    pub fn points_into(&self, layer: &str) -> bool {
        self.targets.values().any(|t| t.layer == layer)
    }

    /// True when a target now holds a value.
    pub fn holds(&self, to: &str, value: &str) -> bool {
        self.targets.get(to).is_some_and(|t| t.held.contains(&xxh3_128(value.as_bytes())))
    }
}

/// What a value is held by; null points to nothing.
fn key(value: &Value) -> Option<u128> {
    match value {
        Value::Null => None,
        Value::Text(t) => Some(xxh3_128(t.as_bytes())),
        Value::Int(i) => Some(xxh3_128(i.to_string().as_bytes())),
        Value::Real(r) => Some(xxh3_128(r.to_string().as_bytes())),
        Value::Bool(b) => Some(xxh3_128(b.to_string().as_bytes())),
    }
}
