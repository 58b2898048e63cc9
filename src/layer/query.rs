//! What is asked of a layer's features.

use super::filter::Filter;
use crate::geom::Bounds;

/// Direction of one sort key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Up,
    Down,
}

/// A question to one layer. Field numbers are positions in the layer's fields.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Only features whose geometry meets one of these (two, where a box crosses the antimeridian);
    /// features without geometry pass.
    pub boxes: Vec<Bounds>,
    /// Only features for which it holds.
    pub filter: Option<Filter>,
    /// Sort keys, most significant first; then by place in the layer.
    pub sort: Vec<(usize, Direction)>,
    /// How many matches to pass over.
    pub offset: usize,
    /// How many to give.
    pub limit: usize,
}
