//! What the operator chose, in a file of its own beside the database: there before any database is, and after a
//! damaged one.

use std::{
    collections::BTreeSet,
    fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    api::{ApiError, KeyPlace, Settings},
    event::Topic,
    store::make_data_folder,
};

const FILE: &str = "settings.json";

/// Everything chosen. No key is in here.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Choices {
    pub settings: Settings,
    /// The first account. It stands where the only one stood, so that an older version finds it.
    pub account: Option<Chosen>,
    /// The further ones.
    #[serde(rename = "accounts", skip_serializing_if = "Vec::is_empty")]
    pub further: Vec<Further>,
    /// The id of the account to listen to.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub active: String,
    /// Names of rules that are switched off.
    pub rules_off: BTreeSet<String>,
}

/// An account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chosen {
    /// Empty: its host is its name.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    pub endpoint: String,
    pub topics: Vec<Topic>,
    pub authority: Option<String>,
    pub host_confirmed: bool,
    pub key_place: KeyPlace,
}

/// An account beside the first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Further {
    pub id: String,
    #[serde(flatten)]
    pub chosen: Chosen,
}

impl Choices {
    /// Reads the file and leaves it as it is, whatever is in it.
    pub fn look(folder: &Path) -> Result<Self, ApiError> {
        let path = folder.join(FILE);
        match fs::read_to_string(&path) {
            Ok(text) => serde_json::from_str(&text).map_err(|error| {
                ApiError::new("settings", &format!("{} cannot be understood: {error}.", path.display()))
            }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(failed("read", &path, &error)),
        }
    }

    /// Reads the file; none is the same as nothing chosen. A file that cannot be understood is kept under another name.
    pub fn load(folder: &Path) -> Result<Self, ApiError> {
        let path = folder.join(FILE);
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(failed("read", &path, &error)),
        };
        serde_json::from_str(&text).or_else(|error| {
            let aside = path.with_extension("json.damaged");
            tracing::warn!("{} cannot be understood ({error}); kept as {}", path.display(), aside.display());
            fs::rename(&path, &aside).map_err(|error| failed("set aside", &path, &error))?;
            Ok(Self::default())
        })
    }

    /// Writes the file, so that it is there whole or not at all.
    pub fn save(&self, folder: &Path) -> Result<(), ApiError> {
        let path = folder.join(FILE);
        let text = serde_json::to_string_pretty(self).map_err(|error| ApiError::new("settings", &error.to_string()))?;
        make_data_folder(folder).map_err(|error| ApiError::new("settings", &error.to_string()))?;
        write(&path, text.as_bytes()).map_err(|error| failed("write", &path, &error))
    }
}

/// The settings in this data folder.
pub fn settings(folder: &Path) -> Result<Settings, ApiError> {
    Ok(Choices::load(folder)?.settings)
}

/// The rules that are switched off in this data folder, by name.
pub fn rules_off(folder: &Path) -> Result<BTreeSet<String>, ApiError> {
    Ok(Choices::load(folder)?.rules_off)
}

fn write(path: &Path, text: &[u8]) -> io::Result<()> {
    let draft: PathBuf = path.with_extension("json.new");
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&draft)?;
    io::Write::write_all(&mut file, text)?;
    file.sync_all()?;
    fs::rename(&draft, path)
}

fn failed(what: &str, path: &Path, error: &io::Error) -> ApiError {
    ApiError::new("settings", &format!("Tocsin could not {what} {}: {error}.", path.display()))
        .help("Check that the folder exists and that you may write to it.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    #[cfg(unix)]
    #[test]
    fn what_was_chosen_is_for_this_user_alone() {
        use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

        use super::{Choices, FILE};

        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/tocsin");
        Choices::default().save(&folder).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(FILE))), (0o700, 0o600));
    }
}
