//! The truth about a sample: every fault planted in it, and what it was made from.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::Path;

use serde_json::{Value, json};

use super::SampleError;

/// The day the made-up town is as of; what is overdue is overdue on it.
pub const AS_OF: &str = "2026-11-15";

/// Faults by kind, in the order they were planted.
#[derive(Debug, Default)]
pub struct Truth {
    faults: BTreeMap<&'static str, Vec<Value>>,
    /// Figures that an analysis of the whole town must come to.
    figures: BTreeMap<&'static str, f64>,
    /// Kinds of facility of which at least one stands.
    standing: BTreeSet<String>,
}

impl Truth {
    /// Notes a planted fault.
    pub fn fault(&mut self, kind: &'static str, what: Value) {
        self.faults.entry(kind).or_default().push(what);
    }

    /// Adds to a figure.
    pub fn count(&mut self, figure: &'static str, by: f64) {
        *self.figures.entry(figure).or_default() += by;
    }

    /// Notes that a facility of a kind stands.
    pub fn stands(&mut self, kind: &str) {
        self.standing.insert(kind.into());
    }

    /// Notes, once all districts are made, which of all kinds of facility nobody has built yet.
    pub fn missing_kinds<'a>(&mut self, all: impl Iterator<Item = &'a str>) {
        for kind in all {
            if !self.standing.contains(kind) {
                self.fault("missing_facility_kind", json!({"kind": kind}));
            }
        }
    }

    /// Number of planted faults.
    pub fn faults(&self) -> u64 {
        self.faults.values().map(|v| v.len() as u64).sum()
    }

    /// Writes `truth.json` into the folder of the sample: one fault a line.
    pub fn write(&self, dir: &Path, scale: u32, seed: u64, counts: &[(&'static str, u64)]) -> Result<(), SampleError> {
        let mut out = std::io::BufWriter::new(std::fs::File::create(dir.join("truth.json"))?);
        let counts: serde_json::Map<String, Value> = counts.iter().map(|(k, n)| ((*k).into(), json!(n))).collect();
        writeln!(out, "{{\"note\":\"{}\",", super::out::NOTE)?;
        writeln!(out, "\"scale\":{scale},\"seed\":{seed},\"as_of\":\"{AS_OF}\",")?;
        writeln!(out, "\"features\":{},", Value::Object(counts))?;
        let figures: serde_json::Map<String, Value> =
            self.figures.iter().map(|(k, v)| ((*k).into(), json!((v * 10.0).round() / 10.0))).collect();
        writeln!(out, "\"figures\":{},", Value::Object(figures))?;
        writeln!(out, "\"faults\":{{")?;
        for (i, (kind, list)) in self.faults.iter().enumerate() {
            writeln!(out, "{}\"{kind}\":[", if i == 0 { "" } else { "," })?;
            for (k, fault) in list.iter().enumerate() {
                writeln!(out, "{fault}{}", if k + 1 == list.len() { "" } else { "," })?;
            }
            writeln!(out, "]")?;
        }
        writeln!(out, "}}}}")?;
        out.flush()?;
        Ok(())
    }
}
