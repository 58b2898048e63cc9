//! One field of a layer: its words, type, unit and rules.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::schema::Words;
use super::value::{Value, ValueFault};

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FieldType {
    Text,
    Integer,
    Number,
    Boolean,
    /// A calendar date, `2024-05-01`.
    Date,
    /// A moment, RFC 3339.
    DateTime,
    /// Several texts or codes.
    List,
}

impl FieldType {
    /// What a message calls it.
    pub fn wanted(self) -> &'static str {
        match self {
            FieldType::Text => "a text",
            FieldType::Integer => "a whole number",
            FieldType::Number => "a number",
            FieldType::Boolean => "true or false",
            FieldType::Date => "a date (2024-05-01)",
            FieldType::DateTime => "a date and time (2024-05-01T08:00:00Z)",
            FieldType::List => "a list of texts",
        }
    }
}

/// One value of a code list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Code {
    pub code: String,
    pub zh: String,
    pub en: String,
    /// `#rrggbb`, for legend and map.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<String>,
}

/// A field as its layer file writes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Column name: small letters, digits and `_`.
    pub id: String,
    pub title: Words,
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Unit of measure as people read it, `mm`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// True when only values of `values` are taken; otherwise others land with a warning.
    #[serde(default, skip_serializing_if = "is_false")]
    pub closed: bool,
    /// Inclusive range for numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// What a new feature starts with, as text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// First zoom whose tiles carry the field; absent: no tile does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tile_zoom: Option<u8>,
    /// True when `/api/search` looks in it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub search: bool,
    /// `layer.field` that its values point to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refers: Option<String>,
    /// Name of the rule in `seeds/` that decides who sees it; absent: as the layer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<String>,
    /// The name of a code table in `seeds/standards/` that `values` is taken from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values_from: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Code>,
}

fn is_false(b: &bool) -> bool {
    !b
}

impl Field {
    /// The code of a code or of its word in either language.
    pub fn code_of(&self, word: &str) -> Option<&Code> {
        self.values
            .iter()
            .find(|c| c.code == word)
            .or_else(|| self.values.iter().find(|c| c.zh == word || c.en.eq_ignore_ascii_case(word)))
    }

    /// Turns words into codes and holds a value of the right type against the field's rules.
    /// A value that an open list does not know passes; [`Field::is_unlisted`] tells.
    pub fn check(&self, value: Value) -> Result<Value, ValueFault> {
        let value = match value {
            Value::Null if self.required => return Err(ValueFault::Missing),
            Value::Text(t) if !self.values.is_empty() => Value::Text(self.coded(&t)?),
            other => other,
        };
        if let Some(v) = value.as_f64() {
            let low = self.min.is_some_and(|m| v < m);
            let high = self.max.is_some_and(|m| v > m);
            if low || high {
                let end = |e: Option<f64>| e.map_or("…".into(), |e| e.to_string());
                let unit = self.unit.as_deref().unwrap_or_default();
                let range = format!("{}–{} {unit}", end(self.min), end(self.max)).trim_end().to_string();
                return Err(ValueFault::OutOfRange { found: v.to_string(), range });
            }
        }
        Ok(value)
    }

    /// True when the field has a list, open, and the value is not in it: a warning.
    pub fn is_unlisted(&self, value: &Value) -> bool {
        match value {
            Value::Text(t) if self.kind == FieldType::List => serde_json::from_str::<Vec<String>>(t)
                .is_ok_and(|l| !self.values.is_empty() && l.iter().any(|w| self.code_of(w).is_none())),
            Value::Text(t) => !self.values.is_empty() && self.code_of(t).is_none(),
            _ => false,
        }
    }

    /// A list of codes as its canonical text.
    pub(super) fn coded_list(&self, words: &[&str]) -> Result<Value, ValueFault> {
        let codes: Vec<Arc<str>> = words.iter().map(|w| self.coded(w)).collect::<Result<_, _>>()?;
        let codes: Vec<&str> = codes.iter().map(|c| &**c).collect();
        Ok(Value::text(&serde_json::to_string(&codes).expect("texts are JSON")))
    }

    fn coded(&self, word: &str) -> Result<Arc<str>, ValueFault> {
        match self.code_of(word) {
            Some(code) => Ok(Arc::from(code.code.as_str())),
            None if self.closed => {
                let known: Vec<String> = self.values.iter().map(|c| format!("{} {}", c.code, c.zh)).collect();
                Err(ValueFault::UnknownCode { found: word.chars().take(60).collect(), known: known.join(", ") })
            }
            None => Ok(Arc::from(word)),
        }
    }

    /// The default as a value; null where there is none.
    pub fn default_value(&self) -> Value {
        self.default.as_deref().and_then(|d| Value::from_text(d, self).ok()).unwrap_or_default()
    }
}
