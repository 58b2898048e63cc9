//! Looks at a path before anything is opened or written, so that a file that is no town stays untouched.

use std::fs;
use std::io::Read;
use std::path::Path;

use crate::store::StoreError;

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// Nothing, or an empty file: a new store is made.
    Nothing,
    /// An SQLite file.
    Sqlite,
}

/// Looks at the path; makes the folder above it where that is missing.
pub fn look(path: &Path) -> Result<Found, StoreError> {
    let what = path.display().to_string();
    let read_only = |why: &str| StoreError::ReadOnly { what: what.clone(), why: why.into() };
    if path.is_dir() {
        return Err(StoreError::Folder { what });
    }
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(|e| read_only(&format!("its folder can't be made: {e}")))?;
    let there = match fs::metadata(path) {
        Ok(there) => there,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return writable(folder, Found::Nothing, &read_only),
        Err(e) => return Err(read_only(&e.to_string())),
    };
    // the administrator may write where the permissions say no: they are meant all the same
    if there.permissions().readonly() {
        return Err(read_only("the file is read-only"));
    }
    if there.len() == 0 {
        return writable(folder, Found::Nothing, &read_only);
    }
    let mut head = Vec::with_capacity(100);
    let file = fs::File::open(path).map_err(|e| read_only(&e.to_string()))?;
    file.take(100).read_to_end(&mut head).map_err(|e| read_only(&e.to_string()))?;
    let damaged = |why: String| Err(StoreError::Damaged { what: what.clone(), why });
    if head.len() < 100 || !head.starts_with(b"SQLite format 3\0") {
        return damaged("it does not begin as an SQLite file does".into());
    }
    if let Some(lacking) = cut_short(path, &head, there.len()) {
        return damaged(format!("its last {lacking} bytes are missing"));
    }
    writable(folder, Found::Sqlite, &read_only)
}

/// SQLite keeps its write-ahead log beside the file, so the folder has to be writable too.
fn writable(folder: &Path, found: Found, read_only: &dyn Fn(&str) -> StoreError) -> Result<Found, StoreError> {
    match fs::metadata(folder) {
        Ok(m) if m.permissions().readonly() => Err(read_only("its folder is read-only")),
        _ => Ok(found),
    }
}

/// How many bytes are missing from what the header says, unless a journal beside the file may hold them.
/// Offsets and validity rules are those of sqlite.org/fileformat2.html, section 1.3.
fn cut_short(path: &Path, head: &[u8], length: u64) -> Option<u64> {
    let number = |at: usize| u32::from_be_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
    let page = match u16::from_be_bytes([head[16], head[17]]) {
        1 => 65_536,
        size => u64::from(size),
    };
    let beside = ["-wal", "-journal"].iter().any(|end| {
        let mut name = path.as_os_str().to_os_string();
        name.push(end);
        fs::metadata(name).is_ok_and(|m| m.len() > 0)
    });
    let size_is_valid = number(24) == number(92);
    let wanted = u64::from(number(28)) * page;
    (size_is_valid && !beside && length < wanted).then(|| wanted - length)
}

/// What tells a file from another of the same name: on Unix its device and inode. Elsewhere an open file can't be replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileId(u64, u64);

impl FileId {
    /// The file that stands at a path now.
    pub fn of(path: &Path) -> std::io::Result<FileId> {
        let _there = fs::metadata(path)?;
        #[cfg(unix)]
        return Ok(FileId(std::os::unix::fs::MetadataExt::dev(&_there), std::os::unix::fs::MetadataExt::ino(&_there)));
        #[cfg(not(unix))]
        return Ok(FileId(0, 0));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_sqlite_file_is_told_before_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("deep/er/town.gpkg");
        assert_eq!(look(&file).unwrap(), Found::Nothing);
        fs::write(&file, b"").unwrap();
        assert_eq!(look(&file).unwrap(), Found::Nothing);
        fs::write(&file, "x".repeat(200)).unwrap();
        assert!(matches!(look(&file), Err(StoreError::Damaged { .. })));
        assert!(matches!(look(folder.path()), Err(StoreError::Folder { .. })));
    }
}
