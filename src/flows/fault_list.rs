//! Faults as they pile up: the first ones whole, all of them counted.

use std::collections::BTreeMap;

use crate::layer::Fault;

/// How many faults are kept whole.
pub const LISTED: usize = 1000;

/// How many of one rule are kept whole, so that a column named wrongly does not hide all else.
pub const OF_ONE_RULE: u64 = 250;

/// A list of faults, or of warnings, that does not grow without end.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct FaultList {
    /// The first [`LISTED`], and of each rule the first [`OF_ONE_RULE`], in the order they were found.
    pub list: Vec<Fault>,
    /// How many more there were.
    pub more: u64,
    /// How many of each rule, the unlisted included.
    pub rules: BTreeMap<&'static str, u64>,
}

impl FaultList {
    /// Adds one.
    pub fn push(&mut self, fault: Fault) {
        let of_rule = self.rules.entry(fault.rule).or_default();
        *of_rule += 1;
        if self.list.len() < LISTED && *of_rule <= OF_ONE_RULE {
            self.list.push(fault);
        } else {
            self.more += 1;
        }
    }

    /// How many there are in all.
    pub fn total(&self) -> u64 {
        self.list.len() as u64 + self.more
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}
