//! A GIS map service for a town seat.
//!
//! The plan of the house. A room imports only from rooms of a lower rank, and rooms of equal rank
//! never see each other; `tests/it/shape.rs` keeps it so.
//!
//! | rank | room | what it does |
//! |--:|---|---|
//! | 8 | `cli` | one file a command |
//! | 7 | [`http`] | one file a resource |
//! | 6 | [`app`] | settings, and the only wiring |
//! | 5 | [`flows`] | one file a verb |
//! | 4 | [`formats`], [`sample`] | one folder a question, a format; made-up towns |
//! | 3 | [`town`], [`tile`] | the live town in memory; features in, tile bytes out |
//! | 2 | [`store`], [`access`] | the layers and their change log on disk; who may see what |
//! | 1 | [`layer`] | the catalogue: schema, field, value, feature, query, edit |
//! | 0 | [`geom`] | CRS, measures, validity, WKB |

pub mod access;
pub mod app;
mod cli;
pub mod flows;
pub mod formats;
pub mod geom;
pub mod http;
pub mod layer;
pub mod sample;
pub mod store;
pub mod tile;
pub mod town;

pub use cli::run;
