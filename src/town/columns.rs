//! Values of a block, a column a field: compact, and quick to run along.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::layer::{Field, FieldType, Value, ValueRef};

/// The values of one field in one block.
#[derive(Debug, Clone)]
pub enum Column {
    Bool(Vec<Option<bool>>),
    Int(Vec<Option<i64>>),
    /// Null is NaN, which no import lets in.
    Real(Vec<f64>),
    /// Code 0 is null; code n is `words[n - 1]`.
    Text {
        codes: Vec<u16>,
        words: Vec<Arc<str>>,
    },
}

/// Shares equal texts of a layer while it is read.
#[derive(Default)]
pub struct Interner(rustc_hash::FxHashSet<Arc<str>>);

impl Interner {
    /// The one copy of a text.
    pub fn share(&mut self, text: &Arc<str>) -> Arc<str> {
        if let Some(known) = self.0.get(text) {
            return known.clone();
        }
        self.0.insert(text.clone());
        text.clone()
    }
}

impl Column {
    /// A column of values, all of the field's type or null; what is not becomes null.
    pub fn of(field: &Field, values: impl Iterator<Item = Value>) -> Column {
        match field.kind {
            FieldType::Boolean => {
                Column::Bool(values.map(|v| if let Value::Bool(b) = v { Some(b) } else { None }).collect())
            }
            FieldType::Integer => {
                Column::Int(values.map(|v| if let Value::Int(i) = v { Some(i) } else { None }).collect())
            }
            FieldType::Number => Column::Real(values.map(|v| v.as_f64().unwrap_or(f64::NAN)).collect()),
            FieldType::Text | FieldType::Date | FieldType::DateTime | FieldType::List => {
                let mut known: FxHashMap<Arc<str>, u16> = FxHashMap::default();
                let mut words = Vec::new();
                let codes = values
                    .map(|v| match v {
                        Value::Text(t) => *known.entry(t.clone()).or_insert_with(|| {
                            words.push(t);
                            words.len() as u16
                        }),
                        _ => 0,
                    })
                    .collect();
                words.shrink_to_fit();
                Column::Text { codes, words }
            }
        }
    }

    /// The value of a row.
    pub fn get(&self, row: usize) -> ValueRef<'_> {
        match self {
            Column::Bool(v) => v[row].map_or(ValueRef::Null, ValueRef::Bool),
            Column::Int(v) => v[row].map_or(ValueRef::Null, ValueRef::Int),
            Column::Real(v) if v[row].is_nan() => ValueRef::Null,
            Column::Real(v) => ValueRef::Real(v[row]),
            Column::Text { codes, .. } if codes[row] == 0 => ValueRef::Null,
            Column::Text { codes, words } => ValueRef::Text(&words[codes[row] as usize - 1]),
        }
    }
}
