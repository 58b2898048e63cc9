//! Instants and intervals, and the relations between them (Allen 1983, as CQL2 names them).
//!
//! All times are UTC. Dates against dates compare as dates; a date against a timestamp is the whole
//! day, from its first to its last microsecond.

use std::cmp::Ordering;

use super::Row;
use super::term::{self, Got};
use crate::layer::filter::{Period, TemporalOp, Term};

/// A period of a row, both ends belonging to it.
#[derive(Debug, Clone)]
pub struct Span<'a> {
    first: Edge<'a>,
    last: Edge<'a>,
}

/// One end of a span.
#[derive(Debug, Clone)]
struct Edge<'a> {
    /// Canonical text of a date or a timestamp; `None` for an open end.
    text: Option<std::borrow::Cow<'a, str>>,
    last: bool,
}

/// The span of a period; unknown where one of its ends is null.
pub fn of<'a>(period: &'a Period, row: &'a dyn Row) -> Option<Span<'a>> {
    let edge = |term: &'a Option<Term>, last: bool| match term {
        None => Some(Edge { text: None, last }),
        Some(term) => match term::value(term, row) {
            Got::Text(t) if t.len() >= DATE => Some(Edge { text: Some(t), last }),
            _ => None,
        },
    };
    Some(Span { first: edge(&period.from, false)?, last: edge(&period.to, true)? })
}

/// Bytes of a date.
const DATE: usize = 10;

impl Edge<'_> {
    fn order(&self, other: &Edge<'_>) -> Ordering {
        let open = |last: bool| if last { Ordering::Greater } else { Ordering::Less };
        match (&self.text, &other.text) {
            (None, None) => self.last.cmp(&other.last),
            (None, Some(_)) => open(self.last),
            (Some(_), None) => open(other.last).reverse(),
            (Some(a), Some(b)) if a.len() == DATE && b.len() == DATE => a.cmp(b),
            (Some(a), Some(b)) => split(a, self.last).cmp(&split(b, other.last)),
        }
    }
}

/// Day and time of day of one end.
fn split(text: &str, last: bool) -> (&str, &str) {
    match text.split_at_checked(DATE) {
        Some((day, "")) => (day, if last { "T23:59:59.999999Z" } else { "T00:00:00.000000Z" }),
        Some(parts) => parts,
        None => (text, ""),
    }
}

impl Span<'_> {
    /// True when a relation holds between this span and another.
    pub fn happens(&self, op: TemporalOp, other: &Span<'_>) -> bool {
        let before = |a: &Edge<'_>, b: &Edge<'_>| a.order(b).is_lt();
        let same = |a: &Edge<'_>, b: &Edge<'_>| a.order(b).is_eq();
        let (s, e, t, f) = (&self.first, &self.last, &other.first, &other.last);
        match op {
            TemporalOp::After => before(f, s),
            TemporalOp::Before => before(e, t),
            TemporalOp::Contains => before(s, t) && before(f, e),
            TemporalOp::Disjoint => before(e, t) || before(f, s),
            TemporalOp::During => before(t, s) && before(e, f),
            TemporalOp::Equals => same(s, t) && same(e, f),
            TemporalOp::FinishedBy => before(s, t) && same(e, f),
            TemporalOp::Finishes => before(t, s) && same(e, f),
            TemporalOp::Intersects => !before(e, t) && !before(f, s),
            TemporalOp::Meets => same(e, t),
            TemporalOp::MetBy => same(s, f),
            TemporalOp::OverlappedBy => before(t, s) && before(s, f) && before(f, e),
            TemporalOp::Overlaps => before(s, t) && before(t, e) && before(e, f),
            TemporalOp::StartedBy => same(s, t) && before(f, e),
            TemporalOp::Starts => same(s, t) && before(e, f),
        }
    }
}
