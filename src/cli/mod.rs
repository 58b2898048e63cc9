//! The command line, one file a command. Words in English; what goes wrong ends with a hint.

use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};

use crate::app::config::{Config, Flags};
use crate::layer::{Catalogue, Layer};

mod check;
mod export;
mod import;
mod sample;
mod serve;

/// A GIS map service for a town seat: layers in, tiles and answers out, on a map.
#[derive(Debug, Parser)]
#[command(name = "townseat", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Import(import::Import),
    Export(export::Export),
    Check(check::Check),
    Sample(sample::Sample),
}

/// Where the town lies: flags that every command takes.
#[derive(Debug, Clone, Args)]
struct Where {
    /// gpkg:PATH or postgres://USER@HOST/DATABASE [default: gpkg:data/town.gpkg]
    #[arg(long, global = true)]
    store: Option<String>,
    /// A folder that takes the place of the seeds inside the program
    #[arg(long, value_name = "DIR", global = true)]
    seeds: Option<PathBuf>,
    /// Settings file [default: townseat.toml where it is there]
    #[arg(long, value_name = "FILE", global = true)]
    config: Option<PathBuf>,
}

impl Where {
    /// The settings, with more flags laid over.
    fn config(&self, more: Flags) -> Result<Config, String> {
        let flags = Flags { store: self.store.clone(), seeds: self.seeds.clone(), ..more };
        Config::read(self.config.as_deref(), &flags)
    }
}

/// The layer of an id, or what layers there are.
fn layer_of<'a>(catalogue: &'a Catalogue, id: &str) -> Result<&'a Arc<Layer>, String> {
    catalogue.layer(id).ok_or_else(|| {
        let known: Vec<&str> = catalogue.layers().iter().map(|l| l.id.as_str()).collect();
        format!("there is no layer '{id}'; layers are {}", known.join(", "))
    })
}

/// Runs the command that the arguments name. Exit codes: 0 done, 1 faults or failure, 2 wrong usage.
pub fn run() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("TOWNSEAT_LOG").unwrap_or_else(|_| "warn,townseat=info".into()),
        )
        .with_writer(std::io::stderr)
        .init();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(e) => return fail(&format!("no threads to run on: {e}")),
    };
    let done = runtime.block_on(async {
        match cli.command {
            Command::Serve(c) => c.run().await,
            Command::Import(c) => c.run().await,
            Command::Export(c) => c.run().await,
            Command::Check(c) => c.run().await,
            Command::Sample(c) => c.run(),
        }
    });
    match done {
        Ok(code) => code,
        Err(what) => fail(&what),
    }
}

fn fail(what: &str) -> ExitCode {
    eprintln!("townseat: {what}");
    ExitCode::FAILURE
}
