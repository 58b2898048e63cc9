//! `townseat check`: what is wrong with the data, as a table; exit 1 if anything is.

use std::process::ExitCode;

use clap::Args;

use super::{Where, layer_of};
use crate::app::config::Flags;
use crate::app::open;
use crate::flows::check;

/// List what is wrong with the data; exit 1 if anything is
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    place: Where,
    /// Only this layer
    #[arg(long, value_name = "ID")]
    layer: Option<String>,
}

impl Check {
    /// One line a fault or warning on standard output.
    pub async fn run(self) -> Result<ExitCode, String> {
        let config = self.place.config(Flags::default())?;
        let (store, catalogue, _) = open::store(&config).await.map_err(|e| e.to_string())?;
        let only = self.layer.as_deref().map(|id| layer_of(&catalogue, id)).transpose()?;
        let found = check::check(&*store, &catalogue, only).await;
        store.close().await;
        let found = found.map_err(|e| e.to_string())?;
        found.list.iter().for_each(|f| println!("{}", f.line()));
        if found.more > 0 {
            println!("… and {} more", found.more);
        }
        println!("{} found", found.total());
        Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
