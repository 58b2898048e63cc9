//! One attribute value, and its way to and from JSON and text.

use std::cmp::Ordering;
use std::sync::Arc;

use super::field::{Field, FieldType};

/// A value of a field. Dates (`2024-05-01`), times (`2024-05-01T08:00:00.000000Z`, UTC) and lists
/// (a JSON array of texts) are held as canonical text: it sorts as it should and both stores keep it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(Arc<str>),
}

/// Why a value does not fit its field.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ValueFault {
    #[error("'{found}' is not {wanted}")]
    WrongType { found: String, wanted: &'static str },
    #[error("'{found}' is not in the list; known are {known}")]
    UnknownCode { found: String, known: String },
    #[error("{found} is outside {range}")]
    OutOfRange { found: String, range: String },
    #[error("a value is required")]
    Missing,
}

/// A value borrowed from where it lies, for reading without a copy.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ValueRef<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(&'a Arc<str>),
}

impl ValueRef<'_> {
    /// The value as one of its own.
    pub fn to_value(self) -> Value {
        match self {
            ValueRef::Null => Value::Null,
            ValueRef::Bool(b) => Value::Bool(b),
            ValueRef::Int(i) => Value::Int(i),
            ValueRef::Real(r) => Value::Real(r),
            ValueRef::Text(t) => Value::Text(t.clone()),
        }
    }
}

impl Value {
    /// The value, borrowed.
    pub fn borrow(&self) -> ValueRef<'_> {
        match self {
            Value::Null => ValueRef::Null,
            Value::Bool(b) => ValueRef::Bool(*b),
            Value::Int(i) => ValueRef::Int(*i),
            Value::Real(r) => ValueRef::Real(*r),
            Value::Text(t) => ValueRef::Text(t),
        }
    }

    /// A text value.
    pub fn text(s: &str) -> Value {
        Value::Text(Arc::from(s))
    }

    /// True for null.
    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    /// The text, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Text(t) => Some(t),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_f64(&self) -> Option<f64> {
        match self {
            Value::Int(i) => Some(*i as f64),
            Value::Real(r) => Some(*r),
            _ => None,
        }
    }

    /// Order of two values of one field; null comes last. Numbers compare as numbers.
    pub fn compare(&self, other: &Value) -> Ordering {
        match (self, other) {
            (Value::Null, Value::Null) => Ordering::Equal,
            (Value::Null, _) => Ordering::Greater,
            (_, Value::Null) => Ordering::Less,
            (Value::Int(a), Value::Int(b)) => a.cmp(b),
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            _ => match (self.as_f64(), other.as_f64()) {
                (Some(a), Some(b)) => a.total_cmp(&b),
                _ => self.rank().cmp(&other.rank()),
            },
        }
    }

    fn rank(&self) -> u8 {
        match self {
            Value::Bool(_) => 0,
            Value::Int(_) | Value::Real(_) => 1,
            Value::Text(_) => 2,
            Value::Null => 3,
        }
    }

    /// Reads a JSON value for a field, strictly: a text is no number and a number no text.
    /// Words of the field's code list in either language become codes.
    pub fn from_json(json: &serde_json::Value, field: &Field) -> Result<Value, ValueFault> {
        use serde_json::Value as J;
        let wrong = || {
            let found: String = match json {
                J::String(s) => s.chars().take(60).collect(),
                other => other.to_string().chars().take(60).collect(),
            };
            ValueFault::WrongType { found, wanted: field.kind.wanted() }
        };
        let value = match (field.kind, json) {
            (_, J::Null) => Value::Null,
            (FieldType::Boolean, J::Bool(b)) => Value::Bool(*b),
            (FieldType::Integer, J::Number(n)) => {
                Value::Int(n.as_i64().or_else(|| whole(n.as_f64()?)).ok_or_else(wrong)?)
            }
            (FieldType::Number, J::Number(n)) => Value::Real(n.as_f64().filter(|v| v.is_finite()).ok_or_else(wrong)?),
            (FieldType::Text, J::String(s)) => Value::text(s),
            (FieldType::Date, J::String(s)) => Value::text(&date(s).ok_or_else(wrong)?),
            (FieldType::DateTime, J::String(s)) => Value::text(&time(s).ok_or_else(wrong)?),
            (FieldType::List, J::Array(items)) => {
                let words: Option<Vec<&str>> = items.iter().map(|i| i.as_str()).collect();
                return field.coded_list(&words.ok_or_else(wrong)?);
            }
            _ => return Err(wrong()),
        };
        field.check(value)
    }

    /// Reads text, as a cell of a table holds it; an empty one is null. Lists are parted by `;`, `；` or `、`.
    pub fn from_text(text: &str, field: &Field) -> Result<Value, ValueFault> {
        let text = text.trim();
        if text.is_empty() {
            return field.check(Value::Null);
        }
        let wrong = || ValueFault::WrongType { found: text.chars().take(60).collect(), wanted: field.kind.wanted() };
        let value = match field.kind {
            FieldType::Text => Value::text(text),
            FieldType::Integer => {
                Value::Int(text.parse().ok().or_else(|| whole(text.parse::<f64>().ok()?)).ok_or_else(wrong)?)
            }
            FieldType::Number => Value::Real(text.parse().ok().filter(|v: &f64| v.is_finite()).ok_or_else(wrong)?),
            FieldType::Boolean => Value::Bool(match text.to_lowercase().as_str() {
                "true" | "t" | "yes" | "1" | "是" => true,
                "false" | "f" | "no" | "0" | "否" => false,
                _ => return Err(wrong()),
            }),
            FieldType::Date => Value::text(&date(text).ok_or_else(wrong)?),
            FieldType::DateTime => Value::text(&time(text).ok_or_else(wrong)?),
            FieldType::List => {
                let words: Vec<&str> = text.split([';', '；', '、']).map(str::trim).filter(|w| !w.is_empty()).collect();
                return field.coded_list(&words);
            }
        };
        field.check(value)
    }

    /// As JSON; lists as arrays.
    pub fn to_json(&self, kind: FieldType) -> serde_json::Value {
        match self {
            Value::Null => serde_json::Value::Null,
            Value::Bool(b) => (*b).into(),
            Value::Int(i) => (*i).into(),
            Value::Real(r) => (*r).into(),
            Value::Text(t) if kind == FieldType::List => serde_json::from_str(t).unwrap_or_else(|_| t.as_ref().into()),
            Value::Text(t) => t.as_ref().into(),
        }
    }

    /// As text for a table's cell; lists parted by `;`, null empty.
    pub fn to_text(&self, kind: FieldType) -> String {
        match self {
            Value::Null => String::new(),
            Value::Bool(b) => b.to_string(),
            Value::Int(i) => i.to_string(),
            Value::Real(r) => r.to_string(),
            Value::Text(t) if kind == FieldType::List => {
                serde_json::from_str::<Vec<String>>(t).map(|l| l.join(";")).unwrap_or_else(|_| t.to_string())
            }
            Value::Text(t) => t.to_string(),
        }
    }
}

fn whole(v: f64) -> Option<i64> {
    (v.fract() == 0.0 && v.abs() < 9e15).then_some(v as i64)
}

/// A calendar date in canonical form; `2024-05-01`, also from a date and time.
fn date(s: &str) -> Option<String> {
    s.parse::<jiff::civil::Date>().ok().map(|d| d.to_string())
}

/// A moment in canonical form, UTC with six digits of a second; a bare date is its midnight UTC.
pub fn time(s: &str) -> Option<String> {
    let civil = || jiff::tz::TimeZone::UTC.to_timestamp(s.parse::<jiff::civil::DateTime>().ok()?).ok();
    let at: jiff::Timestamp = s.parse().ok().or_else(civil)?;
    Some(canonical_time(at))
}

/// `2024-05-01T08:00:00.000000Z`.
pub fn canonical_time(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%S.%6fZ").to_string()
}
