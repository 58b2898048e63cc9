//! What neither store can hold. Knows no database.

use super::StoreError;
use crate::layer::{Feature, Layer, Value};

/// Refuses a zero byte in a text: PostgreSQL has no place for one, and SQLite's functions stop at it.
pub fn zero_bytes(layer: &Layer, feature: &Feature) -> Result<(), StoreError> {
    let zero = |v: &Value| v.as_str().is_some_and(|t| t.contains('\0'));
    if feature.id.contains('\0') || feature.values.iter().any(zero) {
        let id = feature.id.escape_debug();
        return Err(StoreError::Rejected { what: format!("{}/{id}: a text has a zero byte", layer.id) });
    }
    Ok(())
}
