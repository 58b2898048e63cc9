//! One feature of a layer, as the stores and the forms exchange it.

use std::sync::Arc;

use super::value::Value;
use crate::geom::Geometry;

/// A feature: number in its table, text id, geometry, and values in the order of the layer's fields.
#[derive(Debug, Clone, PartialEq)]
pub struct Feature {
    /// GeoPackage's integer key, and the id in tiles. 0 for one that is not stored yet.
    pub fid: i64,
    /// The id that people and programs use, unique in the layer.
    pub id: Arc<str>,
    pub geometry: Option<Geometry>,
    /// As many as the layer has fields.
    pub values: Vec<Value>,
}
