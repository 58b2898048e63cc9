//! Answers a query with rows: box, filter, sort, page. The same rows in the same order, page by page.

use geo::Intersects;
use geo_types::{Rect, coord};

use super::layer_town::LayerTown;
use super::scan;
use crate::geom::world::WorldBox;
use crate::geom::{Bounds, Shape, ShapeKind};
use crate::layer::Query;
use crate::layer::query::Direction;

/// What a query found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// Rows of the page, in order.
    pub rows: Vec<u32>,
    /// How many match in all.
    pub matched: usize,
}

impl LayerTown {
    /// Runs a query.
    pub fn select(&self, query: &Query) -> Selection {
        let mut rows = match (&query.boxes[..], &query.filter) {
            ([], None) if query.sort.is_empty() => {
                let rows = self.rows().skip(query.offset).take(query.limit).map(|(n, _)| n).collect();
                return Selection { rows, matched: self.len() };
            }
            ([], None) => self.rows().map(|(n, _)| n).collect(),
            ([], Some(filter)) => match filter.reach() {
                // A spatial condition reaches only so far: the index finds what may fit.
                Some(bounds) => {
                    let mut rows = self.rows_in(&WorldBox::of_bounds(&bounds).grown(1));
                    scan::keep(self, filter, &mut rows);
                    rows
                }
                None => scan::all(self, filter),
            },
            (boxes, filter) => {
                let mut rows = self.rows_meeting(boxes);
                if let Some(filter) = filter {
                    scan::keep(self, filter, &mut rows);
                }
                rows
            }
        };
        let matched = rows.len();
        if !query.sort.is_empty() {
            let value = |row: u32, field: usize| self.row(row).value(field).to_value();
            rows.sort_by(|a, b| {
                let mut order = std::cmp::Ordering::Equal;
                for (field, direction) in &query.sort {
                    let (x, y) = (value(*a, *field), value(*b, *field));
                    // Null stays last in either direction.
                    order = match direction {
                        Direction::Down if !x.is_null() && !y.is_null() => y.compare(&x),
                        _ => x.compare(&y),
                    };
                    if order.is_ne() {
                        break;
                    }
                }
                order.then(a.cmp(b))
            });
        }
        let rows = rows.into_iter().skip(query.offset).take(query.limit).collect();
        Selection { rows, matched }
    }

    /// Rows whose geometry (not only its box) meets one of the boxes, and rows without geometry.
    fn rows_meeting(&self, boxes: &[Bounds]) -> Vec<u32> {
        let mut rows = Vec::new();
        if self.layer().geometry.is_empty() {
            return self.rows().map(|(n, _)| n).collect();
        }
        for b in boxes {
            // World integers are rounded to the nearest: a margin of one keeps what lies on the edge.
            let found = self.rows_in(&WorldBox::of_bounds(b).grown(1));
            rows.extend(found.into_iter().filter(|r| self.row(*r).shape().is_some_and(|s| meets(s, b))));
        }
        if self.bare > 0 {
            rows.extend(self.rows().filter(|(_, r)| r.shape().is_none()).map(|(n, _)| n));
        }
        rows.sort_unstable();
        rows.dedup();
        rows
    }
}

/// True when the geometry and the box share a place, edges included.
fn meets(shape: &Shape, b: &Bounds) -> bool {
    let inside = |d: &[f64; 2]| d[0] >= b.west && d[0] <= b.east && d[1] >= b.south && d[1] <= b.north;
    if shape.degrees.iter().any(inside) {
        return true;
    }
    if shape.kind == ShapeKind::Point {
        return false;
    }
    let rect = Rect::new(coord! { x: b.west, y: b.south }, coord! { x: b.east, y: b.north });
    shape.to_geometry().intersects(&rect)
}
