//! What is wrong with a filter, where, and what to do.

use super::DEEPEST;
use crate::layer::Words;

/// A filter that can't be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterFault {
    pub what: Words,
    pub hint: Words,
    /// Where in the text it stands, in characters from 0; not known for JSON.
    pub at: Option<usize>,
}

pub(super) type Found<T> = Result<T, FilterFault>;

impl FilterFault {
    /// A fault with the common hint: how a condition looks.
    pub(super) fn new(at: Option<usize>, zh: impl Into<String>, en: impl Into<String>) -> FilterFault {
        FilterFault { what: Words { zh: zh.into(), en: en.into() }, hint: Words::default(), at }.hint(
            "例如 kind = 'WS' AND diameter_mm >= 400；文字用单引号，字段名不用",
            "such as kind = 'WS' AND diameter_mm >= 400; texts stand in single quotes, field names do not",
        )
    }

    /// The same with a hint of its own.
    pub(super) fn hint(mut self, zh: impl Into<String>, en: impl Into<String>) -> FilterFault {
        self.hint = Words { zh: zh.into(), en: en.into() };
        self
    }

    /// Nested too deep.
    pub(super) fn deep(at: Option<usize>) -> FilterFault {
        FilterFault::new(
            at,
            format!("条件嵌套超过 {DEEPEST} 层"),
            format!("the condition is nested more than {DEEPEST} deep"),
        )
        .hint("请把条件拆短，或用 AND、IN 并列", "make the condition shorter, or put parts side by side with AND or IN")
    }
}

/// The beginning of a text, for a message.
pub(super) fn short(text: &str) -> String {
    let mut out: String = text.chars().take(60).collect();
    if out.len() < text.len() {
        out.push('…');
    }
    out
}
