//! The files of lists, as texts that are looked at and written like a rule's own.

use std::{fs, io, path::PathBuf};

use super::folder::{Folder, LONGEST_LIST, Refused, hash, refused, write};

/// A list's file: which, and whether it is a table.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ListFile {
    /// As rules call it.
    pub name: String,
    /// `NAME.csv` rather than `NAME.txt`.
    pub csv: bool,
}

impl Folder {
    /// The lists that lie there, in name order.
    pub fn list_files(&self) -> Vec<ListFile> {
        let files = fs::read_dir(self.root().join("lists")).into_iter().flatten().filter_map(|entry| {
            let path = entry.ok()?.path();
            let csv = match path.extension()?.to_str()? {
                "csv" => true,
                "txt" => false,
                _ => return None,
            };
            let name = path.file_stem()?.to_str()?.to_owned();
            self.list_file(&name, csv).ok().map(|_| ListFile { name, csv })
        });
        let mut files: Vec<ListFile> = files.collect();
        files.sort();
        files
    }

    /// The text of a list.
    ///
    /// # Errors
    /// There is none of that name, or it is no text of at most [`LONGEST_LIST`].
    pub fn list_text(&self, name: &str, csv: bool) -> Result<String, Refused> {
        let path = self.list_file(name, csv)?;
        if fs::metadata(&path).is_ok_and(|data| data.len() > LONGEST_LIST as u64) {
            return Err(Refused::ListTooLong);
        }
        fs::read_to_string(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Refused::ListGone(name.into()),
            _ => Refused::Unread { path: path.display().to_string(), error },
        })
    }

    /// Saves a list and gives the new text's [`hash`]. `base` is the hash of the text that was changed, `None` for a new
    /// list: it is refused if the file is another now.
    ///
    /// # Errors
    /// The file is another one, or cannot be written.
    pub fn save_list(&self, name: &str, csv: bool, text: &str, base: Option<&str>) -> Result<String, Refused> {
        let path = self.list_file(name, csv)?;
        if text.len() > LONGEST_LIST {
            return Err(Refused::ListTooLong);
        }
        match (self.list_text(name, csv), base) {
            (Ok(_), None) => return Err(Refused::ListExists(name.into())),
            (Ok(there), Some(base)) if hash(&there) != base => return Err(Refused::Changed),
            (Err(Refused::ListGone(_)), None) if self.list_file(name, !csv)?.exists() => {
                return Err(Refused::ListExists(name.into()));
            }
            (Err(Refused::ListGone(_)), None) | (Ok(_), Some(_)) => {}
            (Err(error), _) => return Err(error),
        }
        write(&path, text).map_err(|error| refused(&path, error))?;
        Ok(hash(text))
    }

    /// Deletes a list, and gives its text back.
    ///
    /// # Errors
    /// It cannot be read, so that it could not be brought back, or not deleted.
    pub fn delete_list(&self, name: &str, csv: bool) -> Result<String, Refused> {
        let (path, text) = (self.list_file(name, csv)?, self.list_text(name, csv)?);
        fs::remove_file(&path).map_err(|error| refused(&path, error))?;
        Ok(text)
    }

    /// Its file. The name becomes a path, so nothing in it may lead elsewhere; a dot would be a column's.
    fn list_file(&self, name: &str, csv: bool) -> Result<PathBuf, Refused> {
        let fits = name.starts_with(|c: char| c.is_alphanumeric())
            && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' '))
            && !name.ends_with(' ')
            && name.len() <= 100;
        if !fits {
            return Err(Refused::ListName(name.into()));
        }
        Ok(self.root().join("lists").join(format!("{name}.{}", if csv { "csv" } else { "txt" })))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    #[test]
    fn lists_are_saved_over_what_was_read_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("rules"));
        assert_eq!(folder.list_files(), []);
        let first = folder.save_list("our-aps", false, "a\n", None).unwrap();
        assert!(matches!(folder.save_list("our-aps", false, "b\n", None), Err(Refused::ListExists(_))));
        // Rules call it by its name alone: a table of that name would hide it.
        assert!(matches!(folder.save_list("our-aps", true, "b\n", None), Err(Refused::ListExists(_))));
        let second = folder.save_list("our-aps", false, "a\nb\n", Some(&first)).unwrap();
        assert!(matches!(folder.save_list("our-aps", false, "c\n", Some(&first)), Err(Refused::Changed)));
        folder.save_list("people", true, "name,mac\nmira,1\n", None).unwrap();
        let names: Vec<_> = folder.list_files().into_iter().map(|file| (file.name, file.csv)).collect();
        assert_eq!(names, [("our-aps".to_owned(), false), ("people".to_owned(), true)]);
        assert_eq!(folder.load().lists.get("our-aps").unwrap().entries().len(), 2);

        assert_eq!(folder.delete_list("our-aps", false).unwrap(), "a\nb\n");
        assert!(matches!(folder.list_text("our-aps", false), Err(Refused::ListGone(_))));
        assert!(matches!(folder.save_list("our-aps", false, "c\n", Some(&second)), Err(Refused::ListGone(_))));
        assert!(matches!(folder.delete_list("our-aps", false), Err(Refused::ListGone(_))));
        for name in ["../x", "a/b", "", "a.b", ".x", "a "] {
            assert!(matches!(folder.save_list(name, false, "", None), Err(Refused::ListName(_))), "{name:?}");
        }
        let long = " ".repeat(LONGEST_LIST + 1);
        assert!(matches!(folder.save_list("long", false, &long, None), Err(Refused::ListTooLong)));
    }
}
