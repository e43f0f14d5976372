//! The accounts there are, and what belongs to each: its folder, its key's entry in the keyring.
//!
//! The first has what the only one always had: the data folder itself and the entry `streaming-key`. Each further one has
//! a folder below it, and an entry of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::choices::{Choices, Chosen, Further};
use crate::{
    api::{AccountRow, ApiError},
    secrets::{STREAMING_KEY, further_key},
    store::LOCK,
};

/// The first account's id.
pub const FIRST: &str = "first";
/// What stands in the place of an id while the demo runs.
pub const DEMO: &str = "demo";
/// Below the data folder: a folder for each further account.
const FOLDER: &str = "accounts";

/// Where an account's things are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPlace {
    pub name: String,
    /// Of its log.
    pub folder: PathBuf,
    /// Its key's entry in the keyring.
    pub key_entry: String,
}

impl Choices {
    /// All accounts by their ids, in the order in which they were added.
    pub fn accounts(&self) -> impl Iterator<Item = (&str, &Chosen)> {
        let first = self.account.as_ref().map(|chosen| (FIRST, chosen));
        // An id becomes a folder's name: one that leads elsewhere is none of ours.
        let ours = |one: &&Further| !one.id.is_empty() && one.id.bytes().all(|octet| octet.is_ascii_alphanumeric());
        first.into_iter().chain(self.further.iter().filter(ours).map(|one| (one.id.as_str(), &one.chosen)))
    }

    /// The account with that id.
    pub fn account(&self, id: &str) -> Option<&Chosen> {
        self.accounts().find(|(known, _)| *known == id).map(|(_, chosen)| chosen)
    }

    /// The one to listen to: the one that was chosen, or the first that is left.
    pub fn active(&self) -> Option<(&str, &Chosen)> {
        self.accounts().find(|(id, _)| *id == self.active).or_else(|| self.accounts().next())
    }

    /// Puts an account in the place of the one with that id, or adds it.
    pub fn put(&mut self, id: &str, chosen: Chosen) {
        if id == FIRST {
            self.account = Some(chosen);
        } else if let Some(known) = self.further.iter_mut().find(|one| one.id == id) {
            known.chosen = chosen;
        } else {
            self.further.push(Further { id: id.to_owned(), chosen });
        }
    }

    /// Changes the account with that id.
    pub fn change(&mut self, id: &str, change: impl FnOnce(&mut Chosen)) {
        if let Some(mut chosen) = self.account(id).cloned() {
            change(&mut chosen);
            self.put(id, chosen);
        }
    }

    /// Forgets the account with that id.
    pub fn forget(&mut self, id: &str) {
        if id == FIRST {
            self.account = None;
        } else {
            self.further.retain(|one| one.id != id);
        }
    }

    /// The name under which an account is shown: its own, or its host.
    ///
    /// # Errors
    /// Another account has that name, by which it is chosen.
    pub fn name_for(&self, id: &str, wanted: &str, endpoint: &str) -> Result<String, ApiError> {
        let wanted = wanted.trim();
        let taken = |name: &str| {
            let same = |other: &str| other.to_lowercase() == name.to_lowercase();
            self.accounts().any(|(known, chosen)| known != id && same(chosen.name()))
        };
        if wanted.is_empty() || wanted == endpoint {
            // Its host is its name as long as it has no other.
            if !taken(endpoint) {
                return Ok(String::new());
            }
            let mut numbered = (2..).map(|number| format!("{endpoint} {number}"));
            return Ok(numbered.find(|name| !taken(name)).unwrap_or_default());
        }
        if taken(wanted) {
            return Err(ApiError::new("name-taken", &format!("Another account is called {wanted} already."))
                .help("Give this one another name."));
        }
        Ok(wanted.chars().filter(|c| !c.is_control()).take(60).collect())
    }

    /// As a window lists them.
    pub fn rows(&self) -> Vec<AccountRow> {
        self.accounts()
            .map(|(id, chosen)| AccountRow {
                id: id.to_owned(),
                name: chosen.name().to_owned(),
                endpoint: chosen.endpoint.clone(),
            })
            .collect()
    }
}

impl Chosen {
    /// What it is called.
    pub fn name(&self) -> &str {
        if self.name.is_empty() { &self.endpoint } else { &self.name }
    }
}

/// The folder of an account's log.
pub fn folder(data: &Path, id: &str) -> PathBuf {
    if id == FIRST { data.to_owned() } else { data.join(FOLDER).join(id) }
}

/// The keyring's entry of an account's key.
pub fn key_entry(id: &str) -> String {
    if id == FIRST { STREAMING_KEY.to_owned() } else { further_key(id) }
}

/// Where the account of that name has its things; without a name, the one that is listened to.
///
/// # Errors
/// There is none of that name, with the names that there are; or `settings.json` cannot be read.
pub fn account_place(data: &Path, name: Option<&str>) -> Result<AccountPlace, ApiError> {
    let choices = match Choices::look(data) {
        Ok(found) => found.choices,
        // Who names no account has the log that lies there, whatever became of the settings.
        Err(_) if name.is_none() => Choices::default(),
        Err(error) => return Err(error),
    };
    let found = match name {
        None => choices.active(),
        Some(name) => {
            let same = |known: &str| known.to_lowercase() == name.to_lowercase();
            Some(choices.accounts().find(|(_, chosen)| same(chosen.name())).ok_or_else(|| unknown(&choices, name))?)
        }
    };
    let (id, name) = found.map_or((FIRST, ""), |(id, chosen)| (id, chosen.name()));
    Ok(AccountPlace { name: name.to_owned(), folder: folder(data, id), key_entry: key_entry(id) })
}

fn unknown(choices: &Choices, name: &str) -> ApiError {
    let names: Vec<&str> = choices.accounts().map(|(_, chosen)| chosen.name()).collect();
    let known = match names.as_slice() {
        [] => "No account is set up here yet.".to_owned(),
        names => format!("There are: {}.", names.join(", ")),
    };
    ApiError::new("no-account", &format!("There is no account called {name}. {known}"))
}

/// Deletes what is left of a further account's folder, if nothing but its log was in it.
pub fn clear(data: &Path, id: &str) {
    if id != FIRST {
        let folder = folder(data, id);
        let _ = fs::remove_file(folder.join(LOCK));
        // What somebody put there stays.
        let _ = fs::remove_dir(&folder);
        let _ = fs::remove_dir(data.join(FOLDER));
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;
    use crate::api::KeyPlace;

    fn chosen(endpoint: &str, name: &str) -> Chosen {
        Chosen {
            name: name.to_owned(),
            endpoint: endpoint.to_owned(),
            topics: vec![],
            authority: None,
            host_confirmed: false,
            key_place: KeyPlace::Keyring,
        }
    }

    #[test]
    fn settings_of_one_account_are_read_as_they_were_written_and_an_older_version_reads_the_first_of_several() {
        let folder = tempfile::tempdir().unwrap();
        let old = r#"{"settings":{"keep_days":12},"account":{"endpoint":"a.example","topics":["audit"],"authority":null,
            "host_confirmed":true,"key_place":"keyring"},"rules_off":["x"]}"#;
        std::fs::write(folder.path().join("settings.json"), old).unwrap();
        let mut choices = Choices::load(folder.path()).unwrap().choices;
        let (id, only) = choices.active().unwrap();
        assert_eq!((id, only.name(), only.host_confirmed), (FIRST, "a.example", true));
        assert_eq!((choices.accounts().count(), choices.settings.keep_days), (1, 12));

        choices.put("19a", chosen("b.example", "Branch"));
        choices.active = "19a".to_owned();
        choices.save(folder.path()).unwrap();
        let text = std::fs::read_to_string(folder.path().join("settings.json")).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["account"]["endpoint"], "a.example", "where an older version looks");
        assert_eq!(value["accounts"][0]["id"], "19a");
        let again = Choices::load(folder.path()).unwrap().choices;
        assert_eq!(again, choices);
        assert_eq!(again.active().unwrap().1.name(), "Branch");
    }

    #[test]
    fn each_account_has_its_folder_and_its_entry_and_is_found_by_its_name() {
        let data = tempfile::tempdir().unwrap();
        let place = |name| account_place(data.path(), name);
        let bare = place(None).unwrap();
        assert_eq!((bare.folder.as_path(), bare.key_entry.as_str()), (data.path(), "streaming-key"));
        let error = place(Some("Branch")).unwrap_err();
        assert_eq!(error.message, "There is no account called Branch. No account is set up here yet.");

        let mut choices = Choices::default();
        choices.put(FIRST, chosen("a.example", ""));
        choices.put("19a", chosen("b.example", "Branch"));
        choices.save(data.path()).unwrap();
        assert_eq!(place(None).unwrap().name, "a.example");
        let branch = place(Some("branch")).unwrap();
        assert_eq!(branch.folder, data.path().join("accounts/19a"));
        assert_eq!(branch.key_entry, "streaming-key-19a");
        let error = place(Some("nobody")).unwrap_err();
        assert_eq!(error.message, "There is no account called nobody. There are: a.example, Branch.");

        choices.active = "19a".to_owned();
        choices.save(data.path()).unwrap();
        assert_eq!(place(None).unwrap(), branch);
        choices.forget("19a");
        assert_eq!(choices.active().unwrap().0, FIRST, "what was chosen is gone: the first that is left");
    }

    #[test]
    fn an_id_that_leads_elsewhere_is_no_account() {
        let mut choices = Choices::default();
        choices.put("../..", chosen("a.example", ""));
        choices.put("a/b", chosen("b.example", ""));
        assert_eq!(choices.accounts().count(), 0);
    }

    #[test]
    fn names_tell_accounts_apart() {
        let mut choices = Choices::default();
        choices.put(FIRST, chosen("a.example", ""));
        assert_eq!(choices.name_for("2", "", "a.example").unwrap(), "a.example 2", "two of one host");
        assert_eq!(choices.name_for("2", " Branch ", "a.example").unwrap(), "Branch");
        assert_eq!(choices.name_for(FIRST, "", "a.example").unwrap(), "", "its own name is not taken");
        choices.put("2", chosen("a.example", "Branch"));
        assert_eq!(choices.name_for(FIRST, "branch", "a.example").unwrap_err().code, "name-taken");
    }
}
