//! What is done with a town's data, one file a verb. Knows stores and formats, no HTTP and no command line.

pub mod check;
pub mod export;
pub mod fault_list;
pub mod import;
pub mod problem;
pub mod references;
pub mod rules;
