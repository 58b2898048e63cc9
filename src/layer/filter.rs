//! What a filter says: a small tree of our own, so that no parser's types reach further.
//! Made from CQL2 text or JSON by `cql2`, evaluated by the town.

use std::sync::Arc;

use super::pattern::Pattern;
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
        pattern: Pattern,
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
    /// `IS NULL` of a condition: neither true nor false.
    IsUnknown(Box<Filter>),
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
        left: Members,
        right: Members,
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
    Given(Arc<Given>),
}

/// A given geometry, with its box at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Given {
    pub geometry: Geometry,
    pub bounds: Bounds,
}

impl Place {
    /// A given geometry in storage coordinates.
    pub fn given(geometry: Geometry) -> Place {
        Place::Given(Arc::new(Given { bounds: Bounds::of(&geometry), geometry }))
    }
}

/// The members of a list: those of a list field, or some given.
#[derive(Debug, Clone, PartialEq)]
pub enum Members {
    /// Position in the layer's fields.
    Field(usize),
    Given(Vec<Term>),
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

impl Filter {
    /// Bounds that the geometry of every feature for which it holds meets; `None` where there are no such.
    pub fn reach(&self) -> Option<Bounds> {
        match self {
            Filter::Spatial { op, left, right } if *op != SpatialOp::Disjoint => match (left, right) {
                (Place::Own, Place::Given(g)) | (Place::Given(g), Place::Own) => Some(g.bounds),
                _ => None,
            },
            // Any one part bounds the whole: the smallest is taken.
            Filter::And(parts) => parts.iter().filter_map(Filter::reach).min_by(|a, b| area(a).total_cmp(&area(b))),
            Filter::Or(parts) => {
                let mut all = Bounds::EMPTY;
                for part in parts {
                    all.join(&part.reach()?);
                }
                (!parts.is_empty()).then_some(all)
            }
            _ => None,
        }
    }

    /// The one field that it reads, where it reads just one and nothing else of the feature.
    pub fn only_field(&self) -> Option<usize> {
        let mut seen = Seen::default();
        seen.filter(self);
        match seen {
            Seen { fields: 1, field, other: false } => Some(field),
            _ => None,
        }
    }
}

/// Square degrees.
fn area(b: &Bounds) -> f64 {
    (b.east - b.west) * (b.north - b.south)
}

/// What a filter reads of a feature.
#[derive(Default)]
struct Seen {
    /// How many different fields; 2 stands for more than one.
    fields: usize,
    field: usize,
    /// Id or geometry.
    other: bool,
}

impl Seen {
    fn filter(&mut self, filter: &Filter) {
        match filter {
            Filter::And(parts) | Filter::Or(parts) => parts.iter().for_each(|p| self.filter(p)),
            Filter::Not(part) | Filter::IsUnknown(part) => self.filter(part),
            Filter::Compare { left, right, .. } => [left, right].into_iter().for_each(|t| self.term(t)),
            Filter::Like { term, .. } | Filter::IsNull(term) | Filter::Holds(term) => self.term(term),
            Filter::In { term, list } => std::iter::once(term).chain(list).for_each(|t| self.term(t)),
            Filter::Between { term, low, high } => [term, low, high].into_iter().for_each(|t| self.term(t)),
            Filter::Temporal { left, right, .. } => {
                [&left.from, &left.to, &right.from, &right.to].into_iter().flatten().for_each(|t| self.term(t));
            }
            Filter::Array { left, right, .. } => [left, right].into_iter().for_each(|m| match m {
                Members::Field(f) => self.one(*f),
                Members::Given(terms) => terms.iter().for_each(|t| self.term(t)),
            }),
            Filter::NoGeometry | Filter::Spatial { .. } => self.other = true,
        }
    }

    fn term(&mut self, term: &Term) {
        match term {
            Term::Field(f) => self.one(*f),
            Term::Id => self.other = true,
            Term::Literal(_) => {}
            Term::Arithmetic { left, right, .. } => {
                self.term(left);
                self.term(right);
            }
            Term::Folded { term, .. } => self.term(term),
        }
    }

    fn one(&mut self, field: usize) {
        match self.fields {
            0 => (self.fields, self.field) = (1, field),
            1 if self.field == field => {}
            _ => self.fields = 2,
        }
    }
}
