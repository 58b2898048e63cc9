//! The catalogue: what layers there are, their fields and values, and what can be asked of them.
//! Pure; knows no store, no town, no network.

pub mod catalogue;
pub mod cql2;
pub mod edit;
pub mod evaluate;
pub mod fault;
pub mod feature;
pub mod field;
pub mod filter;
pub mod pattern;
pub mod query;
pub mod question;
pub mod schema;
pub mod town_file;
pub mod value;

#[cfg(test)]
mod tests;

pub use catalogue::{Catalogue, CatalogueError};
pub use edit::{Change, Edit, Operation, Origin};
pub use fault::{Fault, Place};
pub use feature::Feature;
pub use field::{Field, FieldType};
pub use filter::Filter;
pub use query::Query;
pub use schema::{GeometryKind, Layer, Words};
pub use town_file::TownFile;
pub use value::{Value, ValueRef};
