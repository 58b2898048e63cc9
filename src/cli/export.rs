//! `townseat export`: a layer into a file, by the file's ending.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Where, layer_of};
use crate::app::config::Flags;
use crate::app::open;
use crate::flows::export;

/// Export a layer to a file; its ending says the format
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    place: Where,
    /// Layer to export
    #[arg(long, value_name = "ID")]
    layer: String,
    /// File to write: .geojson, .geojsonl, .csv, .xlsx
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl Export {
    /// Writes the file whole or not at all.
    pub async fn run(self) -> Result<ExitCode, String> {
        let config = self.place.config(Flags::default())?;
        let (store, catalogue, _) = open::store(&config).await.map_err(|e| e.to_string())?;
        let layer = layer_of(&catalogue, &self.layer)?;
        let fields: Vec<usize> = (0..layer.fields.len()).collect();
        let done = export::export(&*store, layer, &fields, &self.to).await;
        store.close().await;
        println!("{} features of {} in {}", done.map_err(|e| e.to_string())?, self.layer, self.to.display());
        Ok(ExitCode::SUCCESS)
    }
}
