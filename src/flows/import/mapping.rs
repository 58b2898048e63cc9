//! How a foreign file's names and values become the layer's: the file that `--map` names.
//!
//! ```toml
//! id = "编号"                 # the property that is the feature's id
//! drop = ["OBJECTID"]        # properties to pass over
//! [fields]
//! "管径" = "diameter_mm"      # property = field
//! [values.kind]
//! "给水管" = "JS"             # value in the file = value of the field
//! ```

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::Deserialize;
use serde_json::Value as Json;

use crate::layer::Layer;

/// A mapping that can't be used: what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the mapping is unusable: {0}")]
pub struct MappingError(pub String);

/// What becomes of a property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Becomes {
    /// The field at this position.
    Field(usize),
    Dropped,
}

/// A mapping held against its layer.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapping {
    /// The property that is the feature's id.
    pub id: Option<String>,
    properties: FxHashMap<String, Becomes>,
    values: FxHashMap<usize, FxHashMap<String, Json>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    id: Option<String>,
    drop: Vec<String>,
    fields: BTreeMap<String, String>,
    values: BTreeMap<String, BTreeMap<String, toml::Value>>,
}

impl Mapping {
    /// Reads a mapping for a layer. Unknown keys, fields and values of the wrong kind are refused.
    pub fn read(text: &str, layer: &Layer) -> Result<Mapping, MappingError> {
        let file: File = toml::from_str(text).map_err(|e| MappingError(e.to_string()))?;
        let field = |word: &str| {
            layer.field_by_word(word).ok_or_else(|| {
                MappingError(format!(
                    "layer {} has no field '{word}'; its fields are {}",
                    layer.id,
                    super::super::problem::field_names(layer)
                ))
            })
        };
        let mut out = Mapping { id: file.id, ..Mapping::default() };
        for (property, word) in file.fields {
            out.properties.insert(property, Becomes::Field(field(&word)?));
        }
        for property in file.drop {
            if out.properties.insert(property.clone(), Becomes::Dropped).is_some() {
                return Err(MappingError(format!("'{property}' is mapped and dropped, or dropped twice")));
            }
        }
        for (word, values) in file.values {
            let field = field(&word)?;
            for (from, to) in values {
                let to = match to {
                    toml::Value::String(s) => Json::String(s),
                    toml::Value::Integer(i) => i.into(),
                    toml::Value::Float(f) => f.into(),
                    toml::Value::Boolean(b) => b.into(),
                    _ => return Err(MappingError(format!("values.{word}.'{from}' is neither text, number nor truth"))),
                };
                out.values.entry(field).or_default().insert(from, to);
            }
        }
        Ok(out)
    }

    /// What the mapping says of a property; `None` when it says nothing.
    pub fn property(&self, name: &str) -> Option<Becomes> {
        self.properties.get(name).copied()
    }

    /// The value to take in place of one in the file, told by its text.
    pub fn value(&self, field: usize, found: &Json) -> Option<&Json> {
        let values = self.values.get(&field)?;
        match found {
            Json::String(s) => values.get(s.trim()),
            Json::Number(n) => values.get(&n.to_string()),
            Json::Bool(b) => values.get(if *b { "true" } else { "false" }),
            _ => None,
        }
    }
}
