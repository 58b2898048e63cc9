//! The plain, obvious evaluation of a filter: one row at a time, in three-valued logic.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use geo::Relate;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::filter::{Arithmetic, ArrayOp, Comparison, Filter, Fold, Period, Place, SpatialOp, TemporalOp, Term};
use super::{Value, ValueRef};
use crate::geom::Geometry;

/// What a filter reads of a feature.
pub trait Row {
    fn id(&self) -> &Arc<str>;
    fn value(&self, field: usize) -> ValueRef<'_>;
    /// In storage coordinates.
    fn geometry(&self) -> Option<Cow<'_, Geometry>>;
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
            let (a, b) = (value(left, row), value(right, row));
            order(&a, &b).map(|o| op.fits(o))
        }
        Filter::Between { term, low, high } => {
            let v = value(term, row);
            let low = order(&v, &value(low, row)).map(|o| o.is_ge());
            let high = order(&v, &value(high, row)).map(|o| o.is_le());
            match (low, high) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }
        }
        Filter::In { term, list } => {
            let v = value(term, row);
            let mut any = Some(false);
            for one in list {
                match order(&v, &value(one, row)) {
                    Some(Ordering::Equal) => return Some(true),
                    None => any = None,
                    Some(_) => {}
                }
            }
            any
        }
        Filter::Like { term, pattern, fold } => match value(term, row) {
            Value::Text(t) => Some(like(&folded(&t, *fold), &folded(pattern, *fold))),
            _ => None,
        },
        Filter::IsNull(term) => Some(value(term, row).is_null()),
        Filter::NoGeometry => Some(row.geometry().is_none()),
        Filter::Holds(term) => match value(term, row) {
            Value::Bool(b) => Some(b),
            _ => None,
        },
        Filter::Spatial { op, left, right } => {
            let own = row.geometry();
            let pick = |p: &Place| match p {
                Place::Own => own.as_deref().cloned(),
                Place::Given(g) => Some((**g).clone()),
            };
            Some(relates(*op, &pick(left)?, &pick(right)?))
        }
        Filter::Temporal { op, left, right } => Some(happens(*op, &span(left, row)?, &span(right, row)?)),
        Filter::Array { op, left, right } => {
            let (a, b) = (texts(left, row)?, texts(right, row)?);
            let within = |a: &[String], b: &[String]| a.iter().all(|x| b.contains(x));
            Some(match op {
                ArrayOp::Equals => within(&a, &b) && within(&b, &a),
                ArrayOp::Contains => within(&b, &a),
                ArrayOp::ContainedBy => within(&a, &b),
                ArrayOp::Overlaps => a.iter().any(|x| b.contains(x)),
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

/// The order of two values; unknown when one is null or they are of different kinds.
fn order(a: &Value, b: &Value) -> Option<Ordering> {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) => Some(a.cmp(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a.cmp(b)),
        (Value::Int(a), Value::Int(b)) => Some(a.cmp(b)),
        _ => a.as_f64()?.partial_cmp(&b.as_f64()?),
    }
}

fn value(term: &Term, row: &dyn Row) -> Value {
    match term {
        Term::Field(f) => row.value(*f).to_value(),
        Term::Id => Value::Text(row.id().clone()),
        Term::Literal(v) => v.clone(),
        Term::Folded { fold, term } => match value(term, row) {
            Value::Text(t) => Value::text(&folded(&t, *fold)),
            other => other,
        },
        Term::Arithmetic { op, left, right } => reckon(*op, &value(left, row), &value(right, row)).unwrap_or_default(),
    }
}

/// Whole numbers stay whole where they can; null where there is no number, as on dividing by zero.
fn reckon(op: Arithmetic, a: &Value, b: &Value) -> Option<Value> {
    if let (Value::Int(a), Value::Int(b)) = (a, b) {
        let whole = match op {
            Arithmetic::Add => a.checked_add(*b),
            Arithmetic::Subtract => a.checked_sub(*b),
            Arithmetic::Multiply => a.checked_mul(*b),
            Arithmetic::Remainder => a.checked_rem(*b),
            Arithmetic::Div => a.checked_div(*b),
            Arithmetic::Divide | Arithmetic::Power => None,
        };
        if let Some(v) = whole {
            return Some(Value::Int(v));
        }
    }
    let (a, b) = (a.as_f64()?, b.as_f64()?);
    let v = match op {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Remainder => a % b,
        Arithmetic::Power => a.powf(b),
        Arithmetic::Div => (a / b).trunc(),
    };
    v.is_finite().then_some(Value::Real(v))
}

/// Text with case and accents folded away as asked; full-width letters count as half-width ones then.
pub fn folded(text: &str, fold: Fold) -> String {
    let mut out: String = match fold.accents {
        true => text.nfkd().filter(|c| !is_combining_mark(*c)).collect(),
        false if fold.case => text.nfkc().collect(),
        false => return text.to_string(),
    };
    if fold.case {
        out = out.to_lowercase();
    }
    out
}

/// SQL `LIKE`: `%` any run, `_` any one character, `\` takes the next one as it is.
pub fn like(text: &str, pattern: &str) -> bool {
    #[derive(PartialEq)]
    enum Part {
        Any,
        One,
        Char(char),
    }
    let mut parts = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        parts.push(match c {
            '%' => Part::Any,
            '_' => Part::One,
            '\\' => Part::Char(chars.next().unwrap_or('\\')),
            c => Part::Char(c),
        });
    }
    let text: Vec<char> = text.chars().collect();
    // Greedy, coming back to the last `%` only: quick on any pattern.
    let (mut t, mut p, mut back) = (0, 0, None);
    while t < text.len() {
        match parts.get(p) {
            Some(Part::Any) => {
                back = Some((p, t));
                p += 1;
            }
            Some(Part::One) => (t, p) = (t + 1, p + 1),
            Some(Part::Char(c)) if *c == text[t] => (t, p) = (t + 1, p + 1),
            _ => match back {
                Some((at, from)) => {
                    back = Some((at, from + 1));
                    (t, p) = (from + 1, at + 1);
                }
                None => return false,
            },
        }
    }
    parts[p..].iter().all(|part| *part == Part::Any)
}

/// The relation of two geometries by DE-9IM, on degrees.
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

/// First and last microsecond of a period, as canonical text; open ends sort before and after all.
fn span(period: &Period, row: &dyn Row) -> Option<(String, String)> {
    let end = |term: &Option<Term>, first: bool| match term {
        None => Some(if first { String::new() } else { "~".to_string() }),
        Some(term) => match value(term, row) {
            Value::Text(t) if t.len() == 10 => {
                Some(format!("{t}{}", if first { "T00:00:00.000000Z" } else { "T23:59:59.999999Z" }))
            }
            Value::Text(t) => Some(t.to_string()),
            _ => None,
        },
    };
    Some((end(&period.from, true)?, end(&period.to, false)?))
}

/// The relations of Allen 1983 as CQL2 names them.
fn happens(op: TemporalOp, a: &(String, String), b: &(String, String)) -> bool {
    let ((s, e), (t, f)) = (a, b);
    match op {
        TemporalOp::After => s > f,
        TemporalOp::Before => e < t,
        TemporalOp::Contains => s < t && e > f,
        TemporalOp::Disjoint => e < t || s > f,
        TemporalOp::During => s > t && e < f,
        TemporalOp::Equals => s == t && e == f,
        TemporalOp::FinishedBy => s < t && e == f,
        TemporalOp::Finishes => s > t && e == f,
        TemporalOp::Intersects => !(e < t || s > f),
        TemporalOp::Meets => e == t,
        TemporalOp::MetBy => s == f,
        TemporalOp::OverlappedBy => s > t && s < f && e > f,
        TemporalOp::Overlaps => s < t && e > t && e < f,
        TemporalOp::StartedBy => s == t && e > f,
        TemporalOp::Starts => s == t && e < f,
    }
}

/// The texts of a list: a list field's own, or literals.
fn texts(terms: &[Term], row: &dyn Row) -> Option<Vec<String>> {
    let mut out = Vec::new();
    for term in terms {
        match (term, value(term, row)) {
            (Term::Field(_), Value::Text(t)) => out.extend(serde_json::from_str::<Vec<String>>(&t).ok()?),
            (_, Value::Text(t)) => out.push(t.to_string()),
            (_, Value::Null) => return None,
            (_, other) => out.push(other.to_text(super::FieldType::Text)),
        }
    }
    Some(out)
}
