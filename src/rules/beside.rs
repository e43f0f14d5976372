//! The file of cases beside a rule, as a text that is looked at and written like the rule's own.

use std::{fs, io, path::Path};

use super::folder::{Folder, Refused, hash, refused, write};

/// The longest file of cases, in octets.
pub const LONGEST_CASES: usize = 256 << 10;

impl Folder {
    /// The cases beside the rule of that name; empty if there are none.
    ///
    /// # Errors
    /// They cannot be read, as UTF-8 text of at most [`LONGEST_CASES`].
    pub fn cases(&self, name: &str) -> Result<String, Refused> {
        let path = self.file(name)?.with_extension("toml");
        there(&path)
    }

    /// Saves the cases of a rule, and gives the new text's [`hash`]. `base` is the hash of the text that was changed,
    /// `None` where there was none: it is refused if the file is another now. An empty text takes the file away.
    ///
    /// # Errors
    /// The file is another one, or cannot be written.
    pub fn save_cases(&self, name: &str, text: &str, base: Option<&str>) -> Result<String, Refused> {
        let path = self.file(name)?.with_extension("toml");
        if text.len() > LONGEST_CASES {
            return Err(Refused::CasesTooLong);
        }
        if hash(&there(&path)?) != base.map_or_else(|| hash(""), str::to_owned) {
            return Err(Refused::Changed);
        }
        let done = if text.is_empty() {
            fs::remove_file(&path).or_else(|error| match error.kind() {
                io::ErrorKind::NotFound => Ok(()),
                _ => Err(error),
            })
        } else {
            write(&path, text)
        };
        done.map_err(|error| refused(&path, error))?;
        Ok(hash(text))
    }
}

fn there(path: &Path) -> Result<String, Refused> {
    if fs::metadata(path).is_ok_and(|data| data.len() > LONGEST_CASES as u64) {
        return Err(Refused::CasesTooLong);
    }
    match fs::read_to_string(path) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Refused::Unread { path: path.display().to_string(), error }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    #[test]
    fn cases_are_saved_over_what_was_read_and_nothing_else() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("rules"));
        folder.save("a/b", "rule", None).unwrap();
        assert_eq!(folder.cases("a/b").unwrap(), "");
        let first = folder.save_cases("a/b", "one", None).unwrap();
        assert!(matches!(folder.save_cases("a/b", "two", None), Err(Refused::Changed)));
        let second = folder.save_cases("a/b", "two", Some(&first)).unwrap();
        assert!(matches!(folder.save_cases("a/b", "three", Some(&first)), Err(Refused::Changed)));
        assert_eq!(folder.cases("a/b").unwrap(), "two");

        // An empty text takes the file away, and that counts as no file from then on.
        let none = folder.save_cases("a/b", "", Some(&second)).unwrap();
        assert!(!folder.root().join("a/b.toml").exists());
        assert!(matches!(folder.save_cases("a/b", "three", Some(&second)), Err(Refused::Changed)));
        folder.save_cases("a/b", "three", Some(&none)).unwrap();

        assert!(matches!(folder.save_cases("../x", "", None), Err(Refused::Name(_))));
        let long = " ".repeat(LONGEST_CASES + 1);
        assert!(matches!(folder.save_cases("a/b", &long, None), Err(Refused::CasesTooLong)));
        fs::write(folder.root().join("a/b.toml"), [0xff]).unwrap();
        assert!(matches!(folder.save_cases("a/b", "", Some(&none)), Err(Refused::Unread { .. })));
    }
}
