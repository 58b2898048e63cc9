//! The settings of a service: file, then environment, then flag; unknown keys are refused.

use std::path::{Path, PathBuf};

use figment::Figment;
use figment::providers::{Env, Format, Serialized, Toml};
use serde::{Deserialize, Serialize};

/// Settings of `serve`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// `gpkg:PATH` or `postgres://…`.
    pub store: String,
    /// Address and port; port 0 picks one.
    pub listen: String,
    /// Fill an empty store from the sample.
    pub sample: bool,
    /// Let this machine's own user do everything without signing in.
    pub open: bool,
    /// A folder that takes the place of the seeds inside the binary.
    pub seeds: Option<PathBuf>,
    /// Memory for ready tiles, in megabytes.
    pub cache_mb: u64,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            store: "gpkg:data/town.gpkg".into(),
            listen: "127.0.0.1:8080".into(),
            sample: false,
            open: false,
            seeds: None,
            cache_mb: 256,
        }
    }
}

/// What flags were given; the rest stays as file and environment say.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seeds: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_mb: Option<u64>,
}

impl Config {
    /// Reads the settings. `file` must be there when it is named; `townseat.toml` is read when it is there.
    pub fn read(file: Option<&Path>, flags: &Flags) -> Result<Config, String> {
        let mut figment = Figment::from(Serialized::defaults(Config::default()));
        figment = match file {
            Some(path) => figment.merge(Toml::file_exact(path)),
            None => figment.merge(Toml::file("townseat.toml")),
        };
        figment.merge(Env::prefixed("TOWNSEAT_").ignore(&["log"])).merge(Serialized::defaults(flags)).extract().map_err(
            |e| {
                let known = "store, listen, sample, open, seeds, cache_mb";
                format!("settings: {e}; the keys are {known}")
            },
        )
    }
}
