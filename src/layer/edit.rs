//! What is asked to change, and what has changed.

use std::sync::Arc;

use super::feature::Feature;

/// Who makes a change. An outsider's name is the database's own, where it has one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Origin {
    /// Account name; empty while everybody may do everything.
    pub who: String,
    /// What it was done by: `import NAME`, `edit`, `restore`.
    pub by: String,
}

/// One edit of a transaction. The feature id tells which one.
#[derive(Debug, Clone, PartialEq)]
pub enum Edit {
    /// Adds a feature; its id must be new in the layer.
    Insert { layer: Arc<str>, feature: Feature },
    /// Puts a feature in the place of the one of the same id.
    Update { layer: Arc<str>, feature: Feature },
    /// Takes a feature out.
    Delete { layer: Arc<str>, id: Arc<str> },
}

/// What was done to a feature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Operation {
    Insert,
    Update,
    Delete,
    /// An outsider put the whole table anew; the town reads the layer again.
    Resync,
}

/// One row of the change log.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Number in commit order.
    pub seq: i64,
    pub layer: Arc<str>,
    /// Text id of the feature; empty for a resync.
    pub feature: Arc<str>,
    /// The how-manieth change of this feature, from 1.
    pub version: i64,
    pub operation: Operation,
    /// Account; empty for an outside edit in a GeoPackage, the database user in PostGIS.
    pub who: String,
    /// By what: `import …`, `edit`; empty for an outside edit.
    pub by: String,
    /// RFC 3339, UTC, six digits of a second; never runs back.
    pub at: String,
    /// The feature before the change; `None` for an insert.
    pub before: Option<Feature>,
}

impl Change {
    /// True when it was made past the service, by a desktop program in the database itself.
    pub fn is_outside(&self) -> bool {
        self.by.is_empty()
    }
}
