//! Where the data is.

use std::{
    fs,
    path::{Path, PathBuf},
};

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

/// Makes the folder, for this user alone: to be done before anything is put into it. One that is there is left as it is:
/// it may be shared on purpose.
///
/// # Errors
/// [`StoreError::Folder`]
pub fn make_data_folder(folder: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|error| StoreError::Folder { folder: folder.to_owned(), said: error.to_string() })
}
