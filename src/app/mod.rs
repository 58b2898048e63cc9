//! Settings, and the only place where the rooms are wired together.

pub mod config;
pub mod open;
pub mod seeds;
