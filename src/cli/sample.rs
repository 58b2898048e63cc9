//! `townseat sample`: a made-up town, with the truth about its faults beside it.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use crate::app::seeds::Seeds;
use crate::sample;

/// Write a made-up town, with the truth about its faults beside it
#[derive(Debug, Args)]
pub struct Sample {
    /// About 20 thousand features times this
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=200))]
    scale: u32,
    /// The same seed and scale give the same bytes
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Folder to write to; made when it is not there
    #[arg(long, value_name = "DIR")]
    to: PathBuf,
    /// A folder that takes the place of the seeds inside the program
    #[arg(long, value_name = "DIR")]
    seeds: Option<PathBuf>,
}

impl Sample {
    /// Writes one GeoJSON file a layer, and `truth.json`.
    pub fn run(self) -> Result<ExitCode, String> {
        let seeds = Seeds::choose(self.seeds.as_deref()).map_err(|e| e.to_string())?;
        let catalogue = seeds.catalogue().map_err(|e| e.to_string())?;
        let made = sample::make(self.scale, self.seed, &self.to, &catalogue).map_err(|e| e.to_string())?;
        println!("{} features and {} planted faults in {}", made.features, made.faults, self.to.display());
        Ok(ExitCode::SUCCESS)
    }
}
