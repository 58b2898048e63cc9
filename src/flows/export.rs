//! A layer into a file, whole or not at all: written beside its place and moved there when finished.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use futures_util::StreamExt;

use crate::formats::{self, FORMATS, FeatureWriter, Row};
use crate::layer::Layer;
use crate::store::{Store, StoreError};

#[cfg(test)]
mod tests;

/// An export that left no file, and an old one as it was.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The ending names no format that can be written.
    #[error("no format ends in '{ending}': use one of {known}")]
    Ending { ending: String, known: String },
    #[error("{path} can't be written: {source}; check the folder, its permissions and the disk")]
    File { path: String, source: io::Error },
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes the features of a layer, `fields` being the positions of the visible ones; gives how many.
/// The format is told by the ending of `to`; coordinates are longitude/latitude as stored.
pub async fn export(store: &dyn Store, layer: &Layer, fields: &[usize], to: &Path) -> Result<u64, ExportError> {
    let ending = to.extension().map(|e| e.to_string_lossy().into_owned()).unwrap_or_default();
    let format = formats::to_write(&ending).ok_or_else(|| ExportError::Ending {
        ending: formats::shown(&ending),
        known: FORMATS
            .iter()
            .filter(|f| f.can_write())
            .flat_map(|f| f.endings())
            .copied()
            .collect::<Vec<_>>()
            .join(", "),
    })?;
    let failed = |source| ExportError::File { path: to.display().to_string(), source };
    let draft = Draft::beside(to).map_err(failed)?;
    let out = BufWriter::new(draft.file.try_clone().map_err(failed)?);
    let unwritable = || failed(io::Error::from(io::ErrorKind::Unsupported));
    let mut writer = format.writer(layer, fields, Box::new(out)).ok_or_else(unwritable)?;
    let count = write(store, layer, fields, &mut *writer, to).await?;
    writer.finish().map_err(failed)?;
    draft.keep(to).map_err(failed)?;
    Ok(count)
}

async fn write(
    store: &dyn Store,
    layer: &Layer,
    fields: &[usize],
    writer: &mut (dyn FeatureWriter + '_),
    to: &Path,
) -> Result<u64, ExportError> {
    let mut count = 0;
    let mut stream = store.read(layer).await?;
    while let Some(feature) = stream.next().await {
        let feature = feature?;
        let values = formats::visible(&feature.values, fields);
        writer
            .write(&Row { id: &feature.id, geometry: feature.geometry.as_ref(), values: &values })
            .map_err(|source| ExportError::File { path: to.display().to_string(), source })?;
        count += 1;
    }
    Ok(count)
}

/// A file in the making; gone when it is dropped before it is kept.
struct Draft {
    file: File,
    path: PathBuf,
    kept: bool,
}

impl Draft {
    fn beside(to: &Path) -> io::Result<Draft> {
        if to.is_dir() {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        let name = to.file_name().ok_or(io::ErrorKind::InvalidInput)?.to_string_lossy();
        for attempt in 0..100 {
            let path = to.with_file_name(format!(".{name}.{}-{attempt}.part", std::process::id()));
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Draft { file, path, kept: false }),
                Err(e) if e.kind() == io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// Puts it on disk and moves it to its place.
    fn keep(mut self, to: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        fs::rename(&self.path, to)?;
        self.kept = true;
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // Nothing more can be done about a file that can't be taken away.
            _ = fs::remove_file(&self.path);
        }
    }
}
