//! `townseat serve`: the map service, until it is told to stop.

use std::process::ExitCode;
use std::sync::Arc;

use axum::serve::ListenerExt;
use clap::Args;

use super::Where;
use crate::app::config::Flags;
use crate::app::open;
use crate::flows::catch_up;
use crate::http::{Service, router};

/// Serve the map
#[derive(Debug, Args)]
pub struct Serve {
    #[command(flatten)]
    place: Where,
    /// Address and port; port 0 picks one [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Fill an empty store from the sample
    #[arg(long)]
    sample: bool,
    /// Let this machine's own user do everything without signing in; loopback only
    #[arg(long)]
    open: bool,
    /// Memory for ready tiles in megabytes [default: 256]
    #[arg(long, value_name = "MB")]
    cache_mb: Option<u64>,
}

impl Serve {
    /// Prints `listening on http://ADDR` when ready; a stop signal ends open requests' time in peace.
    pub async fn run(self) -> Result<ExitCode, String> {
        let config = self.place.config(Flags {
            listen: self.listen,
            sample: self.sample.then_some(true),
            open: self.open.then_some(true),
            cache_mb: self.cache_mb,
            ..Flags::default()
        })?;
        // The address first: a taken port is told before a large town is read.
        let listener = open::listen(&config).await.map_err(|e| e.to_string())?;
        let live = open::live(&config).await.map_err(|e| e.to_string())?;
        let metrics = metrics_exporter_prometheus::PrometheusBuilder::new()
            .install_recorder()
            .map_err(|e| format!("measurements: {e}"))?;
        let address = listener.local_addr().map_err(|e| e.to_string())?;
        let following = tokio::spawn(catch_up::follow(live.clone()));
        let service = Service { live: live.clone(), metrics, open: config.open };
        tracing::info!(store = live.store.describe(), features = live.town.len(), seq = live.town.seq(), "ready");
        println!("listening on http://{address}");
        let listener = listener.tap_io(|socket| _ = socket.set_nodelay(true));
        let served = axum::serve(listener, router(service)).with_graceful_shutdown(stopped(live.clone())).await;
        following.abort();
        live.store.close().await;
        served.map_err(|e| e.to_string())?;
        Ok(ExitCode::SUCCESS)
    }
}

/// Resolves at an interrupt or a request to end; listeners of the feed are let go then.
async fn stopped(live: Arc<crate::flows::live::Live>) {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
        match terminate {
            Ok(mut terminate) => tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} },
            Err(_) => _ = interrupt.await,
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
    live.feed.close();
}
