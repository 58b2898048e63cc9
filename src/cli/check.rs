//! `townseat check`: what is wrong with the data, as a table; exit 1 if anything is.

use std::process::ExitCode;

use clap::Args;

use super::Where;
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
        if let Some(id) = &self.layer
            && catalogue.layer(id).is_none()
        {
            return Err(format!("there is no layer '{id}'"));
        }
        let found = check::check(&*store, &catalogue, self.layer.as_deref()).await;
        store.close().await;
        let found = found.map_err(|e| e.to_string())?;
        for fault in &found {
            println!("{}", fault.line());
        }
        println!("{} found", found.len());
        Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
