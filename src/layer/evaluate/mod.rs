//! The plain, obvious evaluation of a filter: one row at a time, in three-valued logic.

mod fold;
mod span;
mod term;

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use geo::Relate;

use super::ValueRef;
use super::filter::{ArrayOp, Comparison, Filter, Place, SpatialOp};
use crate::geom::{Bounds, Geometry};

pub use fold::folded;

/// What a filter reads of a feature.
pub trait Row {
    fn id(&self) -> &Arc<str>;
    fn value(&self, field: usize) -> ValueRef<'_>;
    /// In storage coordinates.
    fn geometry(&self) -> Option<Cow<'_, Geometry>>;
    /// The box around the geometry; `None` where the feature has none.
    fn bounds(&self) -> Option<Bounds> {
        self.geometry().map(|g| Bounds::of(&g))
    }
}

/// True, false, or unknown (`None`), where a null is compared.
pub fn holds(filter: &Filter, row: &dyn Row) -> Option<bool> {
    match filter {
        Filter::And(parts) => {
            let mut all = Some(true);
            for part in parts {
                match holds(part, row) {
                    Some(false) => return Some(false),
                    None => all = None,
                    Some(true) => {}
                }
            }
            all
        }
        Filter::Or(parts) => {
            let mut any = Some(false);
            for part in parts {
                match holds(part, row) {
                    Some(true) => return Some(true),
                    None => any = None,
                    Some(false) => {}
                }
            }
            any
        }
        Filter::Not(part) => holds(part, row).map(|b| !b),
        Filter::Compare { op, left, right } => {
            let (a, b) = (term::value(left, row), term::value(right, row));
            a.order(&b).map(|o| op.fits(o))
        }
        Filter::Between { term, low, high } => {
            let v = term::value(term, row);
            let low = v.order(&term::value(low, row)).map(Ordering::is_ge);
            let high = v.order(&term::value(high, row)).map(Ordering::is_le);
            match (low, high) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
        Filter::In { term, list } => {
            let v = term::value(term, row);
            let mut any = Some(false);
            for one in list {
                match v.order(&term::value(one, row)) {
                    Some(Ordering::Equal) => return Some(true),
                    None => any = None,
                    Some(_) => {}
                }
            }
            any
        }
        Filter::Like { term, pattern } => term::value(term, row).text().map(|t| pattern.fits(t)),
        Filter::IsNull(term) => Some(term::value(term, row).is_null()),
        Filter::IsUnknown(part) => Some(holds(part, row).is_none()),
        Filter::NoGeometry => Some(row.bounds().is_none()),
        Filter::Holds(term) => term::value(term, row).truth(),
        Filter::Spatial { op, left, right } => meet(*op, left, right, row),
        Filter::Temporal { op, left, right } => Some(span::of(left, row)?.happens(*op, &span::of(right, row)?)),
        Filter::Array { op, left, right } => {
            let (a, b) = (term::members(left, row)?, term::members(right, row)?);
            let within = |a: &[term::Got<'_>], b: &[term::Got<'_>]| a.iter().all(|x| x.is_in(b));
            Some(match op {
                ArrayOp::Equals => within(&a, &b) && within(&b, &a),
                ArrayOp::Contains => within(&b, &a),
                ArrayOp::ContainedBy => within(&a, &b),
                ArrayOp::Overlaps => a.iter().any(|x| x.is_in(&b)),
            })
        }
    }
}

impl Comparison {
    /// True when the order of two values is what the comparison asks for.
    pub fn fits(self, order: Ordering) -> bool {
        match self {
            Comparison::Equal => order.is_eq(),
            Comparison::NotEqual => order.is_ne(),
            Comparison::Less => order.is_lt(),
            Comparison::LessOrEqual => order.is_le(),
            Comparison::Greater => order.is_gt(),
            Comparison::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// A spatial condition; unknown for a feature without geometry. Boxes that do not meet decide at once.
fn meet(op: SpatialOp, left: &Place, right: &Place, row: &dyn Row) -> Option<bool> {
    let bounds = |p: &Place| match p {
        Place::Own => row.bounds(),
        Place::Given(g) => Some(g.bounds),
    };
    if !bounds(left)?.meets(&bounds(right)?) {
        return Some(op == SpatialOp::Disjoint);
    }
    let own = match (left, right) {
        (Place::Given(_), Place::Given(_)) => None,
        _ => Some(row.geometry()?),
    };
    let pick = |p| match p {
        &Place::Own => own.as_deref(),
        Place::Given(g) => Some(&g.geometry),
    };
    Some(relates(op, pick(left)?, pick(right)?))
}

/// The relation of two geometries by DE-9IM (OGC 06-103r4), on degrees.
pub fn relates(op: SpatialOp, a: &Geometry, b: &Geometry) -> bool {
    let m = a.relate(b);
    match op {
        SpatialOp::Intersects => m.is_intersects(),
        SpatialOp::Disjoint => m.is_disjoint(),
        SpatialOp::Equals => m.is_equal_topo(),
        SpatialOp::Touches => m.is_touches(),
        SpatialOp::Within => m.is_within(),
        SpatialOp::Overlaps => m.is_overlaps(),
        SpatialOp::Crosses => m.is_crosses(),
        SpatialOp::Contains => m.is_contains(),
    }
}
