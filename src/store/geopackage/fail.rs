//! What SQLite's errors mean to the person in front of the file. Knows result codes, no tables.

use crate::store::StoreError;

/// The kind of an SQLite error, by its primary result code (sqlite.org/rescode.html).
pub fn of(what: &str, error: sqlx::Error) -> StoreError {
    let what = what.to_string();
    let told = error.as_database_error().map(|d| (primary_code(d), d.message().to_string()));
    match told {
        Some((5 | 6, _)) => StoreError::Locked { what },
        Some((8, why)) => StoreError::ReadOnly { what, why },
        Some((13, _)) => StoreError::ReadOnly { what, why: "the disk is full".into() },
        Some((14, why)) => StoreError::ReadOnly { what, why },
        Some((11 | 26, why)) => StoreError::Damaged { what, why },
        Some((19, why)) => StoreError::Rejected { what: format!("{what}: {why}") },
        _ => StoreError::Database { what, source: error },
    }
}

/// The low byte of the extended result code.
fn primary_code(error: &dyn sqlx::error::DatabaseError) -> i64 {
    error.code().and_then(|c| c.parse::<i64>().ok()).unwrap_or_default() & 0xff
}
