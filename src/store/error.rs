//! What can go wrong with a store: kind, what happened, what to do.

/// A store that can't do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address names no kind of store.
    #[error("'{0}' is no store: use gpkg:PATH or postgres://USER@HOST/DATABASE")]
    Address(String),
    /// Somebody else holds the file.
    #[error("{what} is locked by another program: close it there (QGIS: stop editing) and try again")]
    Locked { what: String },
    /// It can be read but not written.
    #[error("{what} can't be written: {why}; check the file's permissions and the disk")]
    ReadOnly { what: String, why: String },
    /// A folder stands where a file is wanted.
    #[error("{what} is a folder: name a file in it, such as {what}/town.gpkg")]
    Folder { what: String },
    /// It is no GeoPackage, or a broken one.
    #[error("{what} is damaged or no GeoPackage: {why}; restore a backup, and keep this file")]
    Damaged { what: String, why: String },
    /// Another file has taken the place of the open one, which nobody would ever see again.
    #[error("{what} was replaced or removed while it was open: stop, see which file is the right one, and start again")]
    Replaced { what: String },
    /// A GeoPackage or database that another program made.
    #[error("{what} holds no town: it was made by another program; name a new one, and import its layers")]
    Foreign { what: String },
    /// It was written by a newer version of this program.
    #[error("{what} has format {found}, this program knows up to {known}: start the newer program")]
    Newer { what: String, found: i64, known: i64 },
    /// The catalogue takes something away that the store holds.
    #[error("layer {layer}: {what}; {hint}")]
    Narrowed { layer: String, what: String, hint: String },
    /// An edit does not fit what is stored.
    #[error("{layer}/{id}: {what}")]
    Conflict { layer: String, id: String, what: &'static str },
    /// Rejected by a rule of the store or of the database itself.
    #[error("{what}")]
    Rejected { what: String },
    /// A row that is no feature of its layer.
    #[error("{layer}, fid {fid}: {what}")]
    Row { layer: String, fid: i64, what: String },
    /// The database failed or is not there.
    #[error("{what}: {source}")]
    Database { what: String, source: sqlx::Error },
}

impl StoreError {
    /// An address that names no kind of store; a password in it is not repeated.
    pub fn address(address: &str) -> StoreError {
        let shown: String = address.chars().take_while(|c| *c != '@').take(40).collect();
        StoreError::Address(shown)
    }

    /// A layer that the store was not opened with.
    pub(super) fn no_layer(id: &str) -> StoreError {
        StoreError::Rejected { what: format!("layer '{id}' is not in the catalogue") }
    }

    /// The store has been closed.
    pub(super) fn closed() -> StoreError {
        StoreError::Rejected { what: "the store is closed".into() }
    }
}
