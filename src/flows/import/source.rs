//! A file on disk as an import sees it: whether it can be read, in which format and CRS, and how far.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::formats::{self, FeatureReader, ReadProblem, fault};
use crate::geom::Crs;

/// A file to import, looked at but not yet read.
pub struct Source {
    path: PathBuf,
    /// Its name without folders.
    pub name: String,
    pub size: u64,
    /// The CRS it names before its first feature.
    pub crs: Option<Crs>,
    /// Why it can't be read.
    pub problem: Option<ReadProblem>,
}

impl Source {
    /// Looks at a file: its size, and up to its first feature for the CRS.
    pub fn probe(path: &Path) -> Source {
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
    pub fn crs_used(&self, asked: Option<Crs>) -> Crs {
        asked.or(self.crs).unwrap_or(Crs::Epsg4490)
    }

    /// Opens the file in its format; `on_read` hears how many bytes each reading took.
    pub fn open<'a>(&self, on_read: impl FnMut(u64) + Send + 'a) -> Result<Box<dyn FeatureReader + 'a>, ReadProblem> {
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
