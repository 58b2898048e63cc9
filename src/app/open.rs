//! The only wiring: from settings to a running service.

use std::net::SocketAddr;
use std::sync::Arc;

use futures_util::future::try_join_all;
use tokio::net::TcpListener;

use super::config::Config;
use super::seeds::{SampleFiles, Seeds};
use crate::flows::catch_up::read_layer;
use crate::flows::figures::FigureFile;
use crate::flows::import::{self, ImportOptions};
use crate::flows::live::Live;
use crate::layer::{Catalogue, CatalogueError};
use crate::store::{self, Store, StoreError};
use crate::tile::cache::TileCache;
use crate::town::Town;

/// Why a service did not come up, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("seeds: {0}")]
    Seeds(#[from] CatalogueError),
    #[error("store: {0}")]
    Store(#[from] StoreError),
    #[error("sample: {0}")]
    Sample(String),
    #[error("--open lets anybody at this machine do everything, so it listens only on 127.0.0.1 or [::1], not on {0}")]
    OpenBeyondLoopback(String),
    #[error("can't listen on {address}: {source}; is it taken? try --listen 127.0.0.1:0")]
    Listen { address: String, source: std::io::Error },
}

/// Opens the store with the seeds' catalogue.
pub async fn store(config: &Config) -> Result<(Arc<dyn Store>, Arc<Catalogue>, Seeds), OpenError> {
    let seeds = Seeds::choose(config.seeds.as_deref())?;
    let catalogue = Arc::new(seeds.catalogue()?);
    let store = store::open(&config.store, &catalogue).await?;
    Ok((store, catalogue, seeds))
}

/// Opens everything that `serve` needs: store, sample where asked, town, cache.
pub async fn live(config: &Config) -> Result<Arc<Live>, OpenError> {
    let (store, catalogue, seeds) = store(config).await?;
    if config.sample && store.last_seq().await? == 0 {
        fill_with_sample(&*store, &catalogue).await?;
    }
    let seq = store.last_seq().await?;
    let layers = try_join_all(catalogue.layers().iter().map(|layer| read_layer(&*store, layer))).await?;
    let figures = match seeds.text("standards/figures.toml") {
        Some(text) => FigureFile::read(text, &catalogue)?,
        None => FigureFile::default(),
    };
    let sample = is_sample(&*store).await?;
    let town = Town::new(catalogue, layers, seq);
    Ok(Arc::new(Live::new(store, town, TileCache::new(config.cache_mb << 20), figures, sample)))
}

/// Who the log says brought the sample.
const SAMPLE: &str = "sample";

/// True when the first thing that was ever written is the sample.
async fn is_sample(store: &dyn Store) -> Result<bool, StoreError> {
    Ok(store.changes(0, 1).await?.first().is_some_and(|c| c.who == SAMPLE))
}

/// Imports the sample's files, by way of a folder that goes again: imports read files.
async fn fill_with_sample(store: &dyn Store, catalogue: &Catalogue) -> Result<(), OpenError> {
    tracing::info!("filling the empty store from the sample");
    let fail = |e: &dyn std::fmt::Display| OpenError::Sample(e.to_string());
    let folder = tempfile::tempdir().map_err(|e| fail(&e))?;
    let options = ImportOptions { who: SAMPLE.into(), ..ImportOptions::default() };
    for layer in catalogue.layers() {
        let Some(file) = SampleFiles::get(&format!("{}.geojson", layer.id)) else { continue };
        let path = folder.path().join(format!("{}.geojson", layer.id));
        std::fs::write(&path, &file.data).map_err(|e| fail(&e))?;
        let done = import::import(store, catalogue, layer, &[path], &options, Arc::new(|_| {})).await;
        done.map_err(|e| fail(&e))?;
    }
    Ok(())
}

/// Binds the address, holding `--open` to loopback.
pub async fn listen(config: &Config) -> Result<TcpListener, OpenError> {
    let fail = |source| OpenError::Listen { address: config.listen.clone(), source };
    let addresses: Vec<SocketAddr> = tokio::net::lookup_host(&config.listen).await.map_err(fail)?.collect();
    if config.open && addresses.iter().any(|a| !a.ip().is_loopback()) {
        return Err(OpenError::OpenBeyondLoopback(config.listen.clone()));
    }
    TcpListener::bind(&addresses[..]).await.map_err(fail)
}
