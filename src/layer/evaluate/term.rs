//! Values of terms, borrowed from the row where they can be.

use std::borrow::Cow;
use std::cmp::Ordering;

use super::Row;
use super::fold::folded;
use crate::layer::filter::{Arithmetic, Members, Term};
use crate::layer::{Value, ValueRef};

/// A value at hand.
#[derive(Debug, Clone, PartialEq)]
pub enum Got<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(Cow<'a, str>),
}

/// The value of a term.
pub fn value<'a>(term: &'a Term, row: &'a dyn Row) -> Got<'a> {
    match term {
        Term::Field(f) => match row.value(*f) {
            ValueRef::Null => Got::Null,
            ValueRef::Bool(b) => Got::Bool(b),
            ValueRef::Int(i) => Got::Int(i),
            ValueRef::Real(r) => Got::Real(r),
            ValueRef::Text(t) => Got::Text(Cow::Borrowed(t)),
        },
        Term::Id => Got::Text(Cow::Borrowed(row.id())),
        Term::Literal(v) => match v {
            Value::Null => Got::Null,
            Value::Bool(b) => Got::Bool(*b),
            Value::Int(i) => Got::Int(*i),
            Value::Real(r) => Got::Real(*r),
            Value::Text(t) => Got::Text(Cow::Borrowed(t)),
        },
        Term::Folded { fold, term } => match value(term, row) {
            Got::Text(t) => Got::Text(Cow::Owned(folded(&t, *fold))),
            other => other,
        },
        Term::Arithmetic { op, left, right } => reckon(*op, &value(left, row), &value(right, row)).unwrap_or(Got::Null),
    }
}

impl Got<'_> {
    pub fn is_null(&self) -> bool {
        *self == Got::Null
    }

    pub fn text(&self) -> Option<&str> {
        match self {
            Got::Text(t) => Some(t),
            _ => None,
        }
    }

    pub fn truth(&self) -> Option<bool> {
        match self {
            Got::Bool(b) => Some(*b),
            _ => None,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Got::Int(i) => Some(*i as f64),
            Got::Real(r) => Some(*r),
            _ => None,
        }
    }

    /// The order of two values; unknown when one is null or they are of different kinds.
    pub fn order(&self, other: &Got<'_>) -> Option<Ordering> {
        match (self, other) {
            (Got::Text(a), Got::Text(b)) => Some(a.cmp(b)),
            (Got::Bool(a), Got::Bool(b)) => Some(a.cmp(b)),
            (Got::Int(a), Got::Int(b)) => Some(a.cmp(b)),
            (Got::Real(a), Got::Real(b)) => a.partial_cmp(b),
            (Got::Int(a), Got::Real(b)) => exactly(*a, *b),
            (Got::Real(a), Got::Int(b)) => exactly(*b, *a).map(Ordering::reverse),
            _ => None,
        }
    }

    pub fn is_in(&self, list: &[Got<'_>]) -> bool {
        list.iter().any(|v| self.order(v) == Some(Ordering::Equal))
    }
}

/// A whole number against a real one, exactly, also where the real one can't hold it.
fn exactly(whole: i64, real: f64) -> Option<Ordering> {
    // 2^63 and -2^63 as reals.
    const END: f64 = 9_223_372_036_854_775_808.0;
    if real.is_nan() {
        return None;
    }
    if real >= END {
        return Some(Ordering::Less);
    }
    if real < -END {
        return Some(Ordering::Greater);
    }
    Some(whole.cmp(&(real.trunc() as i64)).then_with(|| 0.0_f64.partial_cmp(&real.fract()).unwrap_or(Ordering::Equal)))
}

/// Whole numbers stay whole where they can, but for `/`; nothing where there is no number, as on dividing by zero.
fn reckon(op: Arithmetic, a: &Got<'_>, b: &Got<'_>) -> Option<Got<'static>> {
    if let (Got::Int(a), Got::Int(b)) = (a, b) {
        let whole = match op {
            Arithmetic::Add => a.checked_add(*b),
            Arithmetic::Subtract => a.checked_sub(*b),
            Arithmetic::Multiply => a.checked_mul(*b),
            Arithmetic::Remainder => a.checked_rem(*b),
            Arithmetic::Div => a.checked_div(*b),
            Arithmetic::Divide | Arithmetic::Power => None,
        };
        if let Some(v) = whole {
            return Some(Got::Int(v));
        }
    }
    let (a, b) = (a.number()?, b.number()?);
    let v = match op {
        Arithmetic::Add => a + b,
        Arithmetic::Subtract => a - b,
        Arithmetic::Multiply => a * b,
        Arithmetic::Divide => a / b,
        Arithmetic::Remainder => a % b,
        Arithmetic::Power => a.powf(b),
        Arithmetic::Div => (a / b).trunc(),
    };
    v.is_finite().then_some(Got::Real(v))
}

/// The members of a list; unknown where the list or one of its members is null.
pub fn members<'a>(members: &'a Members, row: &'a dyn Row) -> Option<Vec<Got<'a>>> {
    match members {
        Members::Field(f) => match row.value(*f) {
            ValueRef::Text(t) => {
                let texts: Vec<String> = serde_json::from_str(t).ok()?;
                Some(texts.into_iter().map(|t| Got::Text(Cow::Owned(t))).collect())
            }
            _ => None,
        },
        Members::Given(terms) => {
            let all: Vec<Got<'a>> = terms.iter().map(|t| value(t, row)).collect();
            (!all.iter().any(Got::is_null)).then_some(all)
        }
    }
}
