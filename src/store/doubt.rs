//! That a database was found damaged while it was used, remembered until it is opened again: then all of it is checked,
//! however large it is.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{Place, Store};

/// What the note is called, beside the database.
const NOTE: &str = "tocsin.db.doubted";

/// The way to leave the note for the next start.
#[derive(Clone, Debug)]
pub struct Doubt(Option<PathBuf>);

impl Doubt {
    /// Leaves it. On a disk that does not take it, the next start finds the damage where this one did.
    pub fn note(&self) {
        if let Some(note) = &self.0
            && let Err(error) = fs::write(note, "")
        {
            tracing::warn!("the next start is not told that the database is damaged: {error}");
        }
    }
}

impl Store {
    /// For who finds that the database is damaged.
    pub fn doubt(&self) -> Doubt {
        match &self.place {
            Place::File(path) => Doubt(Some(path.with_file_name(NOTE))),
            Place::Memory(_) => Doubt(None),
        }
    }
}

/// Whether the note lies beside this database.
pub(super) fn is_doubted(database: &Path) -> bool {
    database.with_file_name(NOTE).exists()
}

/// The database was checked, or kept aside.
pub(super) fn settle(database: &Path) -> io::Result<()> {
    match fs::remove_file(database.with_file_name(NOTE)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
