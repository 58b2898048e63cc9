//! Files into a layer: read, held against the layer's rules and streamed into the store, all or
//! nothing. Every fault is told with its place; warnings land and are told too.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;
use rustc_hash::FxHashSet;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use xxhash_rust::xxh3::xxh3_128;

use super::fault_list::FaultList;
use super::problem::Problem;
use super::references::References;
use super::rules::TownRules;
use crate::formats::{self, FeatureReader, ReadProblem, fault};
use crate::geom::Crs;
use crate::layer::{Catalogue, Feature, Layer, Origin};
use crate::store::{Store, StoreError};

pub mod intake;
pub mod mapping;
pub mod place;

#[cfg(test)]
mod laws;
#[cfg(test)]
pub mod tests;

use intake::Intake;
pub use mapping::{Mapping, MappingError};

/// How an import is to be done.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// The CRS of the files, over whatever they say themselves.
    pub crs: Option<Crs>,
    pub mapping: Mapping,
    /// True to look and tell, and write nothing.
    pub dry_run: bool,
    /// Account that imports; what it was done by is added.
    pub who: String,
}

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// Bytes read, of all files together.
    pub bytes: u64,
    /// Bytes of all files.
    pub total: u64,
    /// Features read.
    pub features: u64,
}

/// What an import has done, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct ImportReport {
    pub layer: String,
    /// Names of the files, and the CRS each was read in.
    pub files: Vec<(String, String)>,
    /// Features that landed; in a dry run, that would have.
    pub features: u64,
    pub dry_run: bool,
    /// Empty when the import landed.
    pub faults: FaultList,
    pub warnings: FaultList,
}

/// An import that left the store as it was.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The files have faults.
    #[error("nothing was imported: {} faults in {} files", .0.faults.total(), .0.files.len())]
    Faults(Box<ImportReport>),
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The thread that reads has died: a fault of this program.
    #[error("nothing was imported: reading ended unexpectedly")]
    Reading,
}

/// Called now and then with how far the import is.
pub type OnProgress = Arc<dyn Fn(Progress) + Send + Sync>;

/// Features on their way to the store at most.
const AHEAD: usize = 32;

/// Imports files into a layer as one transaction.
pub async fn import(
    store: &dyn Store,
    catalogue: &Catalogue,
    layer: &Arc<Layer>,
    files: &[PathBuf],
    options: &ImportOptions,
    on_progress: OnProgress,
) -> Result<ImportReport, ImportError> {
    let mut references = References::of(layer, catalogue);
    references.fill(store, catalogue).await?;
    let stored = stored_ids(store, layer).await?;
    let intake = Intake::new(layer.clone(), TownRules::of(catalogue), options.mapping.clone(), stored, references);

    let (send, receive) = mpsc::channel(AHEAD);
    let whole = Arc::new(AtomicBool::new(false));
    let paths = files.to_vec();
    let sources = tokio::task::spawn_blocking(move || paths.iter().map(|p| Source::probe(p)).collect::<Vec<_>>());
    let sources = sources.await.map_err(|_| ImportError::Reading)?;
    let named: Vec<(String, String)> =
        sources.iter().map(|s| (s.name.clone(), s.crs_used(options.crs).to_string())).collect();
    let origin = Origin { who: options.who.clone(), by: by(&named) };

    let reading = Reading { intake, crs: options.crs, send: Some(send), whole: whole.clone(), on_progress };
    let reading = tokio::task::spawn_blocking(move || reading.run(sources));
    let mut features = ReceiverStream::new(receive);
    let landed = if options.dry_run {
        let mut count = 0;
        while features.next().await.is_some() {
            count += 1;
        }
        Ok(count)
    } else {
        store.import(layer, features.boxed(), &origin, &|| whole.load(Ordering::Acquire)).await
    };
    let intake = reading.await.map_err(|_| ImportError::Reading)?;
    let mut report = ImportReport {
        layer: layer.id.clone(),
        files: named,
        features: 0,
        dry_run: options.dry_run,
        faults: intake.faults,
        warnings: intake.warnings,
    };
    if !report.faults.is_empty() {
        return Err(ImportError::Faults(Box::new(report)));
    }
    report.features = landed?;
    Ok(report)
}

/// Hashes of the ids that a layer of the store has.
async fn stored_ids(store: &dyn Store, layer: &Layer) -> Result<FxHashSet<u128>, StoreError> {
    let mut out = FxHashSet::default();
    let mut stream = store.read(layer).await?;
    while let Some(feature) = stream.next().await {
        match feature {
            Ok(feature) => _ = out.insert(xxh3_128(feature.id.as_bytes())),
            // The table's unique index is the last guard; `check` tells of the row.
            Err(StoreError::Row { .. }) => {}
            Err(e) => return Err(e),
        }
    }
    Ok(out)
}

/// What the log says it was done by: `import pipes.geojson crs EPSG:4548`.
fn by(files: &[(String, String)]) -> String {
    let mut out = String::from("import");
    for (i, (name, crs)) in files.iter().enumerate() {
        if i == 5 {
            out.push_str(&format!(" and {} more", files.len() - i));
            break;
        }
        out.push_str(&format!(" {} crs {crs}", formats::shown(name)));
    }
    out
}

/// A file to import, looked at but not yet read.
struct Source {
    path: PathBuf,
    /// Its name without folders.
    name: String,
    size: u64,
    /// The CRS it names before its first feature.
    crs: Option<Crs>,
    problem: Option<ReadProblem>,
}

impl Source {
    fn probe(path: &Path) -> Source {
        let name = path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned());
        let mut out = Source { path: path.into(), name, size: 0, crs: None, problem: None };
        match out.open(|_| {}) {
            Err(problem) => out.problem = Some(problem),
            Ok(mut reader) => {
                reader.next();
                out.crs = reader.crs();
            }
        }
        out.size = std::fs::metadata(path).map_or(0, |m| m.len());
        out
    }

    /// The CRS the file is read in: the one asked for, else its own, else storage.
    fn crs_used(&self, asked: Option<Crs>) -> Crs {
        asked.or(self.crs).unwrap_or(Crs::Epsg4490)
    }

    /// Opens the file in its format; `on_read` hears how many bytes each reading took.
    fn open<'a>(&self, on_read: impl FnMut(u64) + Send + 'a) -> Result<Box<dyn FeatureReader + 'a>, ReadProblem> {
        let unreadable = |e: io::Error| ReadProblem::Unreadable { why: fault::io_words(&e) };
        let kind = std::fs::metadata(&self.path).map_err(unreadable)?;
        if !kind.is_file() {
            // A pipe or device is not opened: reading it may never end.
            let why = match kind.is_dir() {
                true => io::Error::from(io::ErrorKind::IsADirectory),
                false => io::Error::from(io::ErrorKind::Unsupported),
            };
            return Err(unreadable(why));
        }
        if kind.len() == 0 {
            return Err(ReadProblem::EmptyFile);
        }
        let mut file = File::open(&self.path).map_err(unreadable)?;
        let mut head = [0; 512];
        let count = file.read(&mut head).map_err(unreadable)?;
        let ending = self.path.extension().map(|e| e.to_string_lossy().into_owned());
        let unknown = || ReadProblem::UnknownFormat { endings: readable_endings() };
        let format = formats::to_read(ending.as_deref(), &head[..count]).ok_or_else(unknown)?;
        let input = io::Cursor::new(head).take(count as u64).chain(file);
        format.reader(Box::new(Counted { input, on_read })).ok_or_else(unknown)
    }
}

fn readable_endings() -> String {
    let endings = formats::FORMATS.iter().filter(|f| f.can_read()).flat_map(|f| f.endings());
    endings.map(|e| format!(".{e}")).collect::<Vec<_>>().join(" ")
}

struct Counted<R, F> {
    input: R,
    on_read: F,
}

impl<R: Read, F: FnMut(u64)> Read for Counted<R, F> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.input.read(buffer)?;
        (self.on_read)(count as u64);
        Ok(count)
    }
}

/// The thread that reads, checks and sends.
struct Reading {
    intake: Intake,
    crs: Option<Crs>,
    /// Closed at the first fault, so that the store may stop early.
    send: Option<mpsc::Sender<Feature>>,
    /// Set when everything has been sent and nothing is wrong.
    whole: Arc<AtomicBool>,
    on_progress: OnProgress,
}

impl Reading {
    fn run(mut self, sources: Vec<Source>) -> Intake {
        let progress =
            std::sync::Mutex::new(Progress { total: sources.iter().map(|s| s.size).sum(), ..Progress::default() });
        for source in &sources {
            self.intake.begin(&source.name);
            let on_progress = self.on_progress.clone();
            let reader = source.open(|count| {
                if let Ok(mut progress) = progress.lock() {
                    progress.bytes += count;
                    on_progress(*progress);
                }
            });
            match reader {
                Ok(reader) => self.file(reader, &progress),
                Err(problem) => {
                    self.send = None;
                    self.intake.tell(&Problem::Read(source.problem.clone().unwrap_or(problem)), None, None);
                }
            }
        }
        self.intake.end();
        self.whole.store(self.intake.faults.is_empty(), Ordering::Release);
        self.send = None;
        self.intake
    }

    fn file(&mut self, mut reader: Box<dyn FeatureReader + '_>, progress: &std::sync::Mutex<Progress>) {
        let mut features = 0u64;
        let mut faulty = false;
        let mut other_crs = false;
        while let Some(next) = reader.next() {
            match next {
                Err(fault) => {
                    // A CRS that is asked for stands over whatever the file says of its own.
                    let of_crs = matches!(fault.problem, ReadProblem::UnknownCrs { .. } | ReadProblem::LateCrs { .. });
                    if of_crs && self.crs.is_some() {
                        continue;
                    }
                    faulty = true;
                    self.send = None;
                    let ends = matches!(fault.problem, ReadProblem::UnknownCrs { .. });
                    self.intake.tell_read(fault);
                    if ends {
                        // Without it every place would be told as a fault of its own.
                        break;
                    }
                }
                Ok(raw) => {
                    features += 1;
                    if let Ok(mut progress) = progress.lock() {
                        progress.features += 1;
                    }
                    let own = reader.crs();
                    if let (Some(given), Some(file)) = (self.crs, own)
                        && given != file
                        && !(given.is_storage() && file.is_storage())
                        && !std::mem::replace(&mut other_crs, true)
                    {
                        self.intake.tell(&Problem::OtherCrs { file, given }, Some(raw.line), None);
                    }
                    let crs = self.crs.or(own).unwrap_or(Crs::Epsg4490);
                    match self.intake.take(raw, crs) {
                        None => self.send = None,
                        Some(feature) => {
                            if let Some(send) = &self.send
                                && send.blocking_send(feature).is_err()
                            {
                                // The store has given up; it says why.
                                self.send = None;
                            }
                        }
                    }
                }
            }
        }
        if features == 0 && !faulty {
            self.intake.tell(&Problem::NoFeatures, None, None);
        }
    }
}
