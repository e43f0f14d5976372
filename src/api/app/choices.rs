//! What the operator chose, in a file of its own beside the database: there before any database is, and after a
//! damaged one.

use std::{
    collections::BTreeSet,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use serde::{Deserialize, Serialize};

use crate::{
    api::{ApiError, KeyPlace, Settings},
    event::Topic,
    store::make_data_folder,
    whole::{self, Readers},
};

const FILE: &str = "settings.json";
/// Its copy: what to go on with when the file cannot be understood.
const BEFORE: &str = "settings.json.before";

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

/// What was found chosen.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    pub choices: Choices,
    pub trouble: Option<Trouble>,
}

/// A file that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    path: PathBuf,
    /// Why not.
    said: String,
    /// Where it is now; `None`: where it was.
    kept: Option<PathBuf>,
    /// There is a copy of an earlier one.
    as_before: bool,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be understood ({}).", self.path.display(), self.said)?;
        if let Some(kept) = &self.kept {
            write!(f, " It is kept as {}.", kept.display())?;
        }
        f.write_str(if self.as_before {
            " Tocsin goes on with the settings and accounts as it last saved or read them."
        } else {
            " Tocsin goes on as if nothing had been chosen: look through the settings, and set up your account again."
        })
    }
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
    /// Reads what was chosen and changes nothing. A file that cannot be understood counts as the one before it.
    pub fn look(folder: &Path) -> Result<Found, ApiError> {
        let path = folder.join(FILE);
        match read(&path)? {
            Ok(choices) => Ok(Found { choices: choices.unwrap_or_default(), trouble: None }),
            Err(said) => {
                let before = read(&folder.join(BEFORE)).ok().and_then(Result::ok).flatten();
                let trouble = Trouble { path, said, kept: None, as_before: before.is_some() };
                Ok(Found { choices: before.unwrap_or_default(), trouble: Some(trouble) })
            }
        }
    }

    /// The same. A file that cannot be understood is kept under another name, with the one before it in its place; of one
    /// that can be, a copy is kept.
    pub fn load(folder: &Path) -> Result<Found, ApiError> {
        let mut found = Self::look(folder)?;
        let path = folder.join(FILE);
        if let Some(trouble) = &mut found.trouble {
            let aside = free_name(&path);
            fs::rename(&path, &aside).map_err(|error| failed("set aside", &path, &error))?;
            trouble.kept = Some(aside);
            if trouble.as_before {
                found.choices.save(folder)?;
            }
        } else if found.choices != Self::default() && read(&folder.join(BEFORE)) != Ok(Ok(Some(found.choices.clone())))
        {
            // Without it there is nothing to go back to, as before: no reason not to start.
            let _ = found.choices.save_as(folder, BEFORE);
        }
        Ok(found)
    }

    /// Writes the file, so that it is there whole or not at all, and then its copy.
    pub fn save(&self, folder: &Path) -> Result<(), ApiError> {
        make_data_folder(folder).map_err(|error| ApiError::new("settings", &error.to_string()))?;
        self.save_as(folder, FILE)?;
        // What was chosen is written. The next start makes the copy.
        let _ = self.save_as(folder, BEFORE);
        Ok(())
    }

    fn save_as(&self, folder: &Path, name: &str) -> Result<(), ApiError> {
        let path = folder.join(name);
        let text = serde_json::to_string_pretty(self).map_err(|error| ApiError::new("settings", &error.to_string()))?;
        whole::write(&path, text.as_bytes(), Readers::Me).map_err(|error| failed("write", &path, &error))
    }
}

/// The settings in this data folder, the rules that are switched off by name, and what to say if the file cannot be
/// understood. Nothing is changed: a Tocsin may be running with it.
pub fn settings(folder: &Path) -> Result<(Settings, BTreeSet<String>, Option<String>), ApiError> {
    let Found { choices, trouble } = Choices::look(folder)?;
    Ok((choices.settings, choices.rules_off, trouble.map(|trouble| trouble.to_string())))
}

/// `None`: there is no such file. The inner error: it cannot be understood.
fn read(path: &Path) -> Result<Result<Option<Choices>, String>, ApiError> {
    match fs::read(path) {
        Ok(text) => Ok(serde_json::from_slice(&text).map(Some).map_err(|error| error.to_string())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Ok(None)),
        Err(error) => Err(failed("read", path, &error)),
    }
}

/// Where a damaged file is kept: what was kept before stays.
fn free_name(path: &Path) -> PathBuf {
    let mut names = (1..).map(|number: u32| match number {
        1 => path.with_extension("json.damaged"),
        _ => path.with_extension(format!("json.damaged-{number}")),
    });
    names.find(|name| !name.exists()).unwrap_or_default()
}

fn failed(what: &str, path: &Path, error: &io::Error) -> ApiError {
    ApiError::new("settings", &format!("Tocsin could not {what} {}: {error}.", path.display()))
        .help("Check that the folder exists and that you may write to it.")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    #[test]
    fn settings_that_cannot_be_understood_are_kept_and_those_before_them_hold() {
        let data = tempfile::tempdir().unwrap();
        let (folder, path) = (data.path(), data.path().join(FILE));
        let none = Found { choices: Choices::default(), trouble: None };
        assert_eq!(Choices::load(folder).unwrap(), none);
        assert_eq!(fs::read_dir(folder).unwrap().count(), 0, "nothing was chosen, so there is nothing to keep");

        let mut choices = Choices::default();
        choices.settings.keep_days = 400;
        choices.save(folder).unwrap();
        assert_eq!(Choices::load(folder).unwrap(), Found { choices: choices.clone(), trouble: None });
        // Changed by hand, and read: that is what holds from then on.
        choices.settings.keep_days = 500;
        fs::write(&path, serde_json::to_string(&choices).unwrap()).unwrap();
        assert_eq!(Choices::load(folder).unwrap().choices, choices);

        for (number, damage) in ["", "{\"settings\": {\"keep_days\": 7,}}", "\u{fffd}"].into_iter().enumerate() {
            fs::write(&path, damage).unwrap();
            // Who only looks leaves it as it is.
            let looked = Choices::look(folder).unwrap();
            assert_eq!((&looked.choices, fs::read_to_string(&path).unwrap().as_str()), (&choices, damage));
            let found = Choices::load(folder).unwrap();
            assert_eq!(found.choices, choices);
            let kept = found.trouble.as_ref().unwrap().kept.clone().unwrap();
            assert_eq!(fs::read_to_string(&kept).unwrap(), damage, "number {number}");
            let said = found.trouble.unwrap().to_string();
            assert!(said.contains(&kept.display().to_string()) && said.contains("as it last saved or read"), "{said}");
            assert_eq!(Choices::load(folder).unwrap(), Found { choices: choices.clone(), trouble: None });
        }
        let kept = |entry: &fs::DirEntry| entry.file_name().to_string_lossy().contains("damaged");
        assert_eq!(fs::read_dir(folder).unwrap().map(Result::unwrap).filter(kept).count(), 3, "each is still there");

        // With no copy, what is left is to say so.
        fs::write(&path, "{").unwrap();
        fs::write(folder.join(BEFORE), "{").unwrap();
        let found = Choices::load(folder).unwrap();
        assert_eq!(found.choices, Choices::default());
        assert!(found.trouble.unwrap().to_string().contains("set up your account again"));
    }

    #[cfg(unix)]
    #[test]
    fn what_was_chosen_is_for_this_user_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("a/tocsin");
        Choices::default().save(&folder).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&folder), mode(&folder.join(FILE)), mode(&folder.join(BEFORE))), (0o700, 0o600, 0o600));
    }
}
