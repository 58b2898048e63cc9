//! What a filter says: a small tree of our own, so that no parser's types reach further.
//! Made from CQL2 text or JSON by `cql2`, evaluated by the town.

use std::sync::Arc;

use super::value::Value;
use crate::geom::{Bounds, Geometry};

/// A condition on a feature, in the three-valued logic of SQL and CQL2.
#[derive(Debug, Clone, PartialEq)]
pub enum Filter {
    And(Vec<Filter>),
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Compare {
        op: Comparison,
        left: Term,
        right: Term,
    },
    /// SQL `LIKE`: `%` any run, `_` any character, `\` escapes.
    Like {
        term: Term,
        pattern: Arc<str>,
        fold: Fold,
    },
    In {
        term: Term,
        list: Vec<Term>,
    },
    Between {
        term: Term,
        low: Term,
        high: Term,
    },
    IsNull(Term),
    /// The feature has no geometry.
    NoGeometry,
    Spatial {
        op: SpatialOp,
        left: Place,
        right: Place,
    },
    Temporal {
        op: TemporalOp,
        left: Period,
        right: Period,
    },
    /// Operators on list fields.
    Array {
        op: ArrayOp,
        left: Vec<Term>,
        right: Vec<Term>,
    },
    /// A bare boolean term.
    Holds(Term),
}

/// A value to compare.
#[derive(Debug, Clone, PartialEq)]
pub enum Term {
    /// Position in the layer's fields.
    Field(usize),
    /// The feature's text id.
    Id,
    Literal(Value),
    Arithmetic {
        op: Arithmetic,
        left: Box<Term>,
        right: Box<Term>,
    },
    /// Case or accents folded away.
    Folded {
        fold: Fold,
        term: Box<Term>,
    },
}

/// What is folded away before texts are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fold {
    pub case: bool,
    pub accents: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Filter {
    /// Bounds outside of which no feature's geometry makes it true; `None` when it may hold anywhere.
    pub fn reach(&self) -> Option<Bounds> {
        match self {
            Filter::Spatial { op, left, right } if *op != SpatialOp::Disjoint => match (left, right) {
                (Place::Own, Place::Given(g)) | (Place::Given(g), Place::Own) => Some(Bounds::of(g)),
                _ => None,
            },
            // The narrowest would be their common part; any one of them is right.
            Filter::And(parts) => parts.iter().find_map(Filter::reach),
            Filter::Or(parts) => parts.iter().map(Filter::reach).try_fold(Bounds::EMPTY, |mut all, one| {
                all.join(&one?);
                Some(all)
            }),
            _ => None,
        }
    }
}

impl Comparison {
    /// The comparison with its sides changed about.
    pub fn turned(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
    /// Whole-number division.
    Div,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpatialOp {
    Intersects,
    Disjoint,
    Equals,
    Touches,
    Within,
    Overlaps,
    Crosses,
    Contains,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrayOp {
    Equals,
    Contains,
    ContainedBy,
    Overlaps,
}

/// A geometry to compare: the feature's own, or one given in storage coordinates.
#[derive(Debug, Clone, PartialEq)]
pub enum Place {
    Own,
    Given(Arc<Geometry>),
}

/// The fifteen temporal operators of CQL2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TemporalOp {
    After,
    Before,
    Contains,
    Disjoint,
    During,
    Equals,
    FinishedBy,
    Finishes,
    Intersects,
    Meets,
    MetBy,
    OverlappedBy,
    Overlaps,
    StartedBy,
    Starts,
}

/// An instant (both ends alike) or an interval; `None` is an open end.
#[derive(Debug, Clone, PartialEq)]
pub struct Period {
    pub from: Option<Term>,
    pub to: Option<Term>,
}
