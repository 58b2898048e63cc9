//! `townseat import`: files into a layer, whole or not at all.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::Where;
use crate::app::config::Flags;
use crate::app::open;
use crate::flows::import::{self, Mapping, Options};
use crate::geom::Crs;

/// Import files into a layer, whole or not at all
#[derive(Debug, Args)]
pub struct Import {
    #[command(flatten)]
    place: Where,
    /// GeoJSON: FeatureCollection, newline-delimited, or text sequence
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Layer to import into
    #[arg(long, value_name = "ID")]
    layer: String,
    /// CRS of the files: EPSG:4548, gcj02, bd09, … [default: longitude and latitude]
    #[arg(long)]
    crs: Option<String>,
    /// How the files' fields and values are named, as TOML
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Check everything, keep nothing
    #[arg(long)]
    dry_run: bool,
}

impl Import {
    /// Faults and warnings go to standard error, a line each; the count to standard output.
    pub async fn run(self) -> Result<ExitCode, String> {
        let config = self.place.config(Flags::default())?;
        let crs = self.crs.as_deref().map(Crs::parse).transpose().map_err(|e| e.to_string())?;
        let mapping = self.map.as_deref().map(Mapping::read).transpose().map_err(|e| e.to_string())?;
        let (store, catalogue, _) = open::store(&config).await.map_err(|e| e.to_string())?;
        let layer = catalogue.layer(&self.layer).ok_or_else(|| {
            let known: Vec<&str> = catalogue.layers().iter().map(|l| l.id.as_str()).collect();
            format!("there is no layer '{}'; layers are {}", self.layer, known.join(", "))
        })?;
        let bar = progress(&self.files);
        let options = Options { crs, mapping, dry_run: self.dry_run, by: None };
        let done =
            import::import(&*store, &catalogue, layer, &self.files, &options, &|bytes| bar.set_position(bytes)).await;
        bar.finish_and_clear();
        store.close().await;
        let report = done.map_err(|e| e.to_string())?;
        for fault in report.warnings.iter().chain(&report.faults) {
            eprintln!("{}", fault.line());
        }
        if report.unlisted > 0 {
            eprintln!("… and {} more", report.unlisted);
        }
        if !report.faults.is_empty() {
            eprintln!("{} faults: nothing was imported", report.fault_count);
            return Ok(ExitCode::FAILURE);
        }
        let done = if self.dry_run { "would be imported" } else { "imported" };
        println!("{} features {done} into {}, {} warnings", report.features, self.layer, report.warning_count);
        Ok(ExitCode::SUCCESS)
    }
}

fn progress(files: &[PathBuf]) -> ProgressBar {
    let total = files.iter().filter_map(|f| std::fs::metadata(f).ok()).map(|m| m.len()).sum();
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(total).with_style(style)
}
