//! What a new town starts from: carried in the binary, or read from a folder in its place.

use std::borrow::Cow;
use std::path::Path;

use rust_embed::RustEmbed;

use crate::layer::{Catalogue, CatalogueError};

#[derive(RustEmbed)]
#[folder = "seeds"]
struct Inside;

/// The made-up town, ready to be imported.
#[derive(RustEmbed)]
#[folder = "geodata/huangtun"]
#[include = "*.geojson"]
#[allow_missing = true]
pub struct SampleFiles;

/// Seed files as path and text.
pub struct Seeds(Vec<(String, String)>);

impl Seeds {
    /// The seeds inside the binary.
    pub fn inside() -> Seeds {
        let text = |name: &Cow<'static, str>| {
            let data = Inside::get(name).map(|f| f.data.into_owned()).unwrap_or_default();
            (name.to_string(), String::from_utf8_lossy(&data).into_owned())
        };
        Seeds(Inside::iter().map(|n| text(&n)).collect())
    }

    /// The seeds of a folder.
    pub fn of(folder: &Path) -> Result<Seeds, CatalogueError> {
        let mut out = Vec::new();
        for part in ["layers", "standards", "towns"] {
            let fail = |what: std::io::Error| CatalogueError {
                file: folder.join(part).display().to_string(),
                what: format!("{what}; a seeds folder holds layers/, standards/ and towns/"),
            };
            for entry in std::fs::read_dir(folder.join(part)).map_err(fail)? {
                let path = entry.map_err(fail)?.path();
                if path.extension().is_some_and(|e| e == "toml") {
                    let name = path.file_name().unwrap_or_default().to_string_lossy();
                    out.push((format!("{part}/{name}"), std::fs::read_to_string(&path).map_err(fail)?));
                }
            }
        }
        Ok(Seeds(out))
    }

    /// The folder's seeds where one is given, else those inside.
    pub fn choose(folder: Option<&Path>) -> Result<Seeds, CatalogueError> {
        folder.map_or_else(|| Ok(Seeds::inside()), Seeds::of)
    }

    /// The catalogue they make.
    pub fn catalogue(&self) -> Result<Catalogue, CatalogueError> {
        Catalogue::read(self.0.iter().map(|(f, t)| (f.as_str(), t.as_str())))
    }

    /// The text of one file.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(f, _)| f == name).map(|(_, t)| t.as_str())
    }
}
