//! Cuts features into vector tiles. Pure: features in, bytes out. Knows no store, no HTTP.

pub mod cache;
pub mod clip;
pub mod cut;
pub mod dirty;
pub mod encode;
pub mod grid;
#[cfg(test)]
mod laws;
pub mod pack;
pub mod simplify;
pub mod thin;

pub use grid::TileId;
pub use pack::Encoding;
