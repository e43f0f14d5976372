//! What can go wrong with the database, told apart by what the operator has to do.

use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why the store could not do what it was asked. Nothing is half done: a failed append or commit left no trace.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another Tocsin has the folder open.
    #[error("Tocsin is already running with the data folder {folder}. Close it, or name another folder.")]
    InUse { folder: PathBuf },
    /// The folder or a file in it cannot be made or opened.
    #[error("The data folder {folder} cannot be used: {said}. Check that it exists and that you may write to it.")]
    Folder { folder: PathBuf, said: String },
    /// There is no database to read.
    #[error("There is no Tocsin database in {folder}.")]
    Missing { folder: PathBuf },
    /// The system gives a user no place for data.
    #[error("This system names no folder for your data. Name one with --data.")]
    NoFolder,
    /// The database cannot be written.
    #[error("The database cannot be written: it is read-only. Nothing new is stored until that is mended.")]
    ReadOnly,
    /// No space is left.
    #[error("The disk is full. Nothing new is stored until there is space.")]
    Full,
    /// The database is damaged.
    #[error("The database is damaged: {said}. Start Tocsin again: it keeps the damaged file and begins a new one.")]
    Corrupt { said: String },
    /// One after the other was damaged, while they were used.
    #[error(
        "The database was damaged {times} times within minutes, and each new one too: {said}. Tocsin stores nothing more. \
         Check the disk, or name another data folder, and start Tocsin again."
    )]
    Ruined { times: usize, said: String },
    /// A later version of Tocsin wrote it.
    #[error("A newer version of Tocsin wrote this database. Update Tocsin, or name another data folder.")]
    TooNew,
    /// A row, a change or a setting holds what this version cannot read.
    #[error("{what} cannot be read: {said}.")]
    Unreadable { what: String, said: String },
    /// Another process holds the database for longer than Tocsin waits.
    #[error("Another program holds the database. Close it and try again.")]
    Busy,
    /// The system failed to read or write the file.
    #[error("The disk cannot be read or written: {said}.")]
    Disk { said: String },
    /// Anything else of SQLite's.
    #[error("The database failed: {said}.")]
    Other { said: String },
}

impl StoreError {
    /// Stable and short, for the window: `in-use`, `read-only`, `full`, …
    pub const fn code(&self) -> &'static str {
        match self {
            Self::InUse { .. } => "in-use",
            Self::Folder { .. } => "folder",
            Self::Missing { .. } => "missing",
            Self::NoFolder => "no-folder",
            Self::ReadOnly => "read-only",
            Self::Full => "full",
            Self::Corrupt { .. } => "corrupt",
            Self::Ruined { .. } => "ruined",
            Self::TooNew => "too-new",
            Self::Unreadable { .. } => "unreadable",
            Self::Busy => "busy",
            Self::Disk { .. } => "disk",
            Self::Other { .. } => "other",
        }
    }

    /// A value in the database that this version cannot read.
    pub(super) fn unreadable(what: impl Into<String>, said: impl ToString) -> Self {
        Self::Unreadable { what: what.into(), said: said.to_string() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        let said = error.to_string();
        match error.sqlite_error_code() {
            Some(ErrorCode::ReadOnly) => Self::ReadOnly,
            Some(ErrorCode::DiskFull) => Self::Full,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Corrupt { said },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
                Self::Disk { said }
            }
            _ => Self::Other { said },
        }
    }
}

impl From<rusqlite_migration::Error> for StoreError {
    fn from(error: rusqlite_migration::Error) -> Self {
        use rusqlite_migration::{Error, MigrationDefinitionError};
        match error {
            Error::MigrationDefinition(MigrationDefinitionError::DatabaseTooFarAhead) => Self::TooNew,
            Error::RusqliteError { err, .. } => err.into(),
            other => Self::Other { said: other.to_string() },
        }
    }
}
