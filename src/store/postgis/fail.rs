//! What PostgreSQL's errors mean to the person who runs the server. Knows SQLSTATE codes, no tables.

use crate::store::StoreError;

/// The kind of a PostgreSQL error, by its SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html).
pub fn of(what: &str, error: sqlx::Error) -> StoreError {
    let what = what.to_string();
    if matches!(error, sqlx::Error::PoolClosed) {
        return StoreError::closed();
    }
    let told = error.as_database_error().map(|d| (d.code().unwrap_or_default().into_owned(), d.message().to_string()));
    let Some((code, why)) = told else { return StoreError::Database { what, source: error } };
    match (code.as_str(), code.get(..2).unwrap_or_default()) {
        ("42501" | "25006", _) | (_, "53") => StoreError::ReadOnly { what, why },
        ("55P03" | "40P01", _) => StoreError::Locked { what },
        // data that a column or a rule of the database does not take; PostGIS tells a bad geometry as XX000
        ("XX000", _) | (_, "22" | "23" | "P0") => StoreError::Rejected { what: format!("{what}: {why}") },
        _ => StoreError::Database { what, source: error },
    }
}

/// True when a unique index refused the row; false for the key `fid`, which is nobody's choice.
pub fn is_taken_id(error: &sqlx::Error) -> bool {
    error
        .as_database_error()
        .is_some_and(|d| d.is_unique_violation() && !d.constraint().unwrap_or_default().ends_with("_pkey"))
}
