//! Where the data is.

use std::path::{Path, PathBuf};

use super::StoreError;

/// The folder a command works with: the one named with `--data`, else the system's usual place for this user's data
/// (`~/.local/share/tocsin`, `~/Library/Application Support/tocsin`, `%APPDATA%\tocsin\data`). It need not exist yet.
///
/// # Errors
/// [`StoreError::NoFolder`] when none is named and the system has no such place.
pub fn data_folder(named: Option<&Path>) -> Result<PathBuf, StoreError> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    directories::ProjectDirs::from("", "", "tocsin")
        .map(|places| places.data_dir().to_owned())
        .ok_or(StoreError::NoFolder)
}
