//! `townseat import`: files into a layer, whole or not at all.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};

use super::{Where, layer_of};
use crate::app::config::Flags;
use crate::app::open;
use crate::flows::import::mapping::Mapping;
use crate::flows::import::{ImportError, ImportOptions, OnProgress, import};
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
        let (store, catalogue, _) = open::store(&config).await.map_err(|e| e.to_string())?;
        let layer = layer_of(&catalogue, &self.layer)?;
        let mapping = match &self.map {
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|e| format!("{}: {e}", path.display()))?;
                Mapping::read(&text, layer).map_err(|e| format!("{}: {e}", path.display()))?
            }
            None => Mapping::default(),
        };
        let options = ImportOptions { crs, mapping, dry_run: self.dry_run, who: String::new() };
        let bar = bar();
        let shown = bar.clone();
        let on_progress: OnProgress = Arc::new(move |p| {
            shown.set_length(p.total);
            shown.set_position(p.bytes);
        });
        let done = import(&*store, &catalogue, layer, &self.files, &options, on_progress).await;
        bar.finish_and_clear();
        store.close().await;
        let (report, landed) = match done {
            Ok(report) => (report, true),
            Err(ImportError::Faults(report)) => (*report, false),
            Err(e) => return Err(e.to_string()),
        };
        // Warnings of a large delivery fill screens: the first few, and how many of each rule. Faults come all.
        for (list, shown) in [(&report.warnings, WARNINGS), (&report.faults, usize::MAX)] {
            list.list.iter().take(shown).for_each(|f| eprintln!("{}", f.line()));
            if list.total() > shown as u64 || list.more > 0 {
                let rules: Vec<String> = list.rules.iter().map(|(rule, n)| format!("{rule} {n}")).collect();
                eprintln!("… {} in all: {}", list.total(), rules.join(", "));
            }
        }
        if !landed {
            eprintln!("{} faults: nothing was imported", report.faults.total());
            return Ok(ExitCode::FAILURE);
        }
        let done = if self.dry_run { "would be imported" } else { "imported" };
        println!("{} features {done} into {}, {} warnings", report.features, self.layer, report.warnings.total());
        Ok(ExitCode::SUCCESS)
    }
}

/// Warnings shown one by one.
const WARNINGS: usize = 20;

fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta}");
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
