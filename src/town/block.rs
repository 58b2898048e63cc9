//! A run of rows of a layer. Blocks are immutable once shared; an edit copies one and puts it in its place.

use std::borrow::Cow;
use std::sync::Arc;

use super::columns::{Column, Interner};
use crate::geom::{Bounds, Geometry, Shape};
use crate::layer::{Feature, Field, Layer, ValueRef};

/// Rows a block holds at most: small enough to copy for an edit, large enough to run along.
pub const BLOCK_ROWS: usize = 1024;

/// A run of rows.
#[derive(Debug, Clone)]
pub struct Block {
    pub fids: Vec<i64>,
    pub ids: Vec<Arc<str>>,
    pub shapes: Vec<Option<Arc<Shape>>>,
    pub columns: Vec<Column>,
    /// False for a row that has been deleted.
    pub alive: Vec<bool>,
}

impl Block {
    /// A block of features in their order.
    pub fn of(layer: &Layer, features: &[Feature], interner: &mut Interner) -> Block {
        let shapes = features.iter().map(|f| f.geometry.as_ref().and_then(Shape::of).map(Arc::new)).collect();
        let column = |(at, field): (usize, &Field)| {
            Column::of(
                field,
                features.iter().map(|f| match &f.values[at] {
                    crate::layer::Value::Text(t) => crate::layer::Value::Text(interner.share(t)),
                    other => other.clone(),
                }),
            )
        };
        Block {
            fids: features.iter().map(|f| f.fid).collect(),
            ids: features.iter().map(|f| f.id.clone()).collect(),
            shapes,
            columns: layer.fields.iter().enumerate().map(column).collect(),
            alive: vec![true; features.len()],
        }
    }

    /// The block again with some rows put anew, rows added, and rows taken out.
    pub fn changed(&self, layer: &Layer, puts: &[(usize, Feature)], adds: &[Feature], dead: &[usize]) -> Block {
        // Shapes are shared with the old block, so the features are copied without their geometry.
        let mut features: Vec<Feature> = (0..self.rows()).map(|at| self.row(at).to_bare_feature()).collect();
        let mut alive = self.alive.clone();
        let mut shapes = self.shapes.clone();
        for (at, feature) in puts {
            features[*at] = feature.clone();
            alive[*at] = true;
            shapes[*at] = feature.geometry.as_ref().and_then(Shape::of).map(Arc::new);
        }
        for feature in adds {
            features.push(feature.clone());
            alive.push(true);
            shapes.push(feature.geometry.as_ref().and_then(Shape::of).map(Arc::new));
        }
        for at in dead {
            alive[*at] = false;
            shapes[*at] = None;
        }
        features.iter_mut().for_each(|f| f.geometry = None);
        let mut block = Block::of(layer, &features, &mut Interner::default());
        block.alive = alive;
        block.shapes = shapes;
        block
    }

    /// One row.
    pub fn row(&self, at: usize) -> RowRef<'_> {
        RowRef { block: self, at }
    }

    /// How many rows there are, deleted ones among them.
    pub fn rows(&self) -> usize {
        self.fids.len()
    }
}

/// A row where it lies.
#[derive(Clone, Copy)]
pub struct RowRef<'a> {
    block: &'a Block,
    at: usize,
}

impl<'a> RowRef<'a> {
    /// The number in the layer's table, and in tiles.
    pub fn fid(&self) -> i64 {
        self.block.fids[self.at]
    }

    /// The text id.
    pub fn id(&self) -> &'a Arc<str> {
        &self.block.ids[self.at]
    }

    /// The geometry, flat; `None` where the feature has none.
    pub fn shape(&self) -> Option<&'a Arc<Shape>> {
        self.block.shapes[self.at].as_ref()
    }

    /// The value of a field.
    pub fn value(&self, field: usize) -> ValueRef<'a> {
        self.block.columns[field].get(self.at)
    }

    /// The feature, copied out.
    pub fn to_feature(&self) -> Feature {
        Feature { geometry: self.shape().map(|s| s.to_geometry()), ..self.to_bare_feature() }
    }

    fn to_bare_feature(self) -> Feature {
        Feature {
            fid: self.fid(),
            id: self.id().clone(),
            geometry: None,
            values: (0..self.block.columns.len()).map(|f| self.value(f).to_value()).collect(),
        }
    }
}

impl crate::layer::evaluate::Row for RowRef<'_> {
    fn id(&self) -> &Arc<str> {
        RowRef::id(self)
    }

    fn value(&self, field: usize) -> ValueRef<'_> {
        RowRef::value(self, field)
    }

    fn geometry(&self) -> Option<Cow<'_, Geometry>> {
        self.shape().map(|s| Cow::Owned(s.to_geometry()))
    }

    fn bounds(&self) -> Option<Bounds> {
        self.shape().map(|s| s.bounds())
    }
}
