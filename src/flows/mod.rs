//! What the service does, one file a verb: from store, town, tiles and formats to results. Knows no HTTP.

pub mod catch_up;
pub mod check;
pub mod draw_style;
pub mod export;
pub mod fault_list;
pub mod feed;
pub mod figures;
pub mod import;
pub mod live;
pub mod problem;
pub mod references;
pub mod rules;
pub mod serve_tile;
