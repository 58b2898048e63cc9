//! One thing wrong with data: what, where, what next.

use serde::Serialize;

use super::schema::Words;

/// Where in its source a fault stands. Only what is known is set.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Line of the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Number of the feature in the file, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub row: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feature: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// A fault or warning, with the rule it breaks, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fault {
    #[serde(flatten)]
    pub place: Place,
    /// Short name of the rule: `wrong-type`, `open-ring`.
    pub rule: &'static str,
    /// True when the data lands all the same.
    pub warning: bool,
    /// What is wrong.
    pub what: Words,
    /// What to do next.
    pub hint: Words,
}

impl Fault {
    /// One line for a terminal: place, what, hint.
    pub fn line(&self) -> String {
        let p = &self.place;
        let mut at = Vec::new();
        let mut put = |name: &str, v: Option<String>| at.extend(v.map(|v| format!("{name} {v}")));
        put("file", p.file.clone());
        put("line", p.line.map(|n| n.to_string()));
        put("row", p.row.map(|n| n.to_string()));
        put("layer", p.layer.clone());
        put("feature", p.feature.clone());
        put("field", p.field.clone());
        let kind = if self.warning { "warning" } else { "fault" };
        format!("{kind} [{}] {}: {} / {} → {}", self.rule, at.join(", "), self.what.en, self.what.zh, self.hint.en)
    }
}
