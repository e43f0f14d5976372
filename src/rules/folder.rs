//! The folder that rules lie in: `NAME.rhai` files, in subfolders as the operator likes, and `lists/`.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{LONGEST_RULE, RuleText, beside::LONGEST_CASES};
use crate::{
    functions::Lists,
    whole::{self, Readers},
};

/// The longest file of a list, in bytes.
pub const LONGEST_LIST: usize = 1024 * 1024;
/// How many rules and lists there may be, and how deep the folders.
const RULES: usize = 2_000;
const LISTS: usize = 200;
const DEPTH: usize = 8;
/// Where lists are, below the folder.
const LISTS_FOLDER: &str = "lists";

/// A folder of rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Folder {
    root: PathBuf,
}

/// All that was read from the folder.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// In name order, all switched on: what is off is the operator's setting and not in the folder.
    pub rules: Vec<RuleText>,
    pub lists: Lists,
    /// The hash of the cases beside each rule that has some, by its name: they change nothing that runs, but an editor
    /// shows them.
    pub cases: BTreeMap<String, String>,
    /// What could not be read, and why.
    pub problems: Vec<Unreadable>,
}

/// A file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// Below the folder.
    pub path: PathBuf,
    /// A sentence that says what is wrong and what to do.
    pub message: String,
}

/// Why a rule or a list could not be saved, renamed or deleted. The text is for people.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("\"{0}\" is no name for a rule. Use letters, digits, - and _, with / for folders.")]
    Name(String),
    #[error("The file changed outside of Tocsin since it was opened. Look at it first, then save again.")]
    Changed,
    #[error("There is a rule \"{0}\" already.")]
    Exists(String),
    #[error("There is no rule \"{0}\" any more.")]
    Gone(String),
    #[error("The rule is too long: at most {} KiB.", LONGEST_RULE / 1024)]
    TooLong,
    #[error("The cases are too long: at most {} KiB.", LONGEST_CASES / 1024)]
    CasesTooLong,
    #[error("\"{0}\" is no name for a list. Use letters, digits, - and _.")]
    ListName(String),
    #[error("There is a list \"{0}\" already.")]
    ListExists(String),
    #[error("There is no list \"{0}\" any more.")]
    ListGone(String),
    #[error("The list is too long: at most {} KiB.", LONGEST_LIST / 1024)]
    ListTooLong,
    #[error("{path} could not be read: {error}.")]
    Unread { path: String, error: io::Error },
    #[error("{path} could not be written: {error}.")]
    Io { path: String, error: io::Error },
}

/// Names a text, to notice that a file is not the one that was read.
pub fn hash(text: &str) -> String {
    let digest = Sha256::digest(text);
    digest.iter().take(16).fold(String::new(), |name, byte| format!("{name}{byte:02x}"))
}

/// The folder that a rule of this name stands in, which sees its marks; empty for one that stands in none.
pub fn stands_in(rule: &str) -> &str {
    rule.rsplit_once('/').map_or("", |(folder, _)| folder)
}

impl Folder {
    /// The folder at that path; it need not be there yet.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// Where it is.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The file of a rule of that name, whether or not it is there.
    pub fn file(&self, name: &str) -> Result<PathBuf, Refused> {
        if is_name(name) { Ok(self.root.join(format!("{name}.rhai"))) } else { Err(Refused::Name(name.into())) }
    }

    /// Reads all rules and lists. What cannot be read is explained, and the rest is there.
    pub fn load(&self) -> Loaded {
        let mut loaded = Loaded::default();
        self.walk(&self.root, 0, &mut loaded);
        self.load_lists(&mut loaded);
        loaded.rules.sort_by(|one, other| one.name.cmp(&other.name));
        loaded.problems.sort_by(|one, other| one.path.cmp(&other.path));
        loaded
    }

    /// Only the lists.
    pub fn lists(&self) -> Lists {
        let mut loaded = Loaded::default();
        self.load_lists(&mut loaded);
        loaded.lists
    }

    fn walk(&self, directory: &Path, depth: usize, loaded: &mut Loaded) {
        for path in self.entries(directory, loaded) {
            // A link to a folder is not followed: it may lead in circles.
            let is_folder = fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir());
            if is_folder && !(depth == 0 && path.ends_with(LISTS_FOLDER)) {
                if depth < DEPTH {
                    self.walk(&path, depth + 1, loaded);
                } else {
                    self.problem(&path, format!("Folders are read {DEPTH} deep."), loaded);
                }
            } else if !is_folder && path.extension().is_some_and(|extension| extension == "rhai") {
                self.load_rule(&path, loaded);
            } else if !is_folder
                && path.extension().is_some_and(|extension| extension == "toml")
                && let Some(name) = self.name_of(&path)
                && let Ok(cases) = self.cases(&name)
            {
                loaded.cases.insert(name, hash(&cases));
            }
        }
    }

    fn load_rule(&self, path: &Path, loaded: &mut Loaded) {
        let Some(name) = self.name_of(path) else {
            let message = "This is no name for a rule. Use letters, digits, - and _.".into();
            return self.problem(path, message, loaded);
        };
        if loaded.rules.len() == RULES {
            return self.problem(path, format!("There are more than {RULES} rules."), loaded);
        }
        match read(path, LONGEST_RULE) {
            Ok(text) => loaded.rules.push(RuleText { name, text, enabled: true }),
            Err(message) => self.problem(path, message, loaded),
        }
    }

    /// What the rule with a file of that path, whatever its extension, is called; `None` if no rule may be.
    fn name_of(&self, path: &Path) -> Option<String> {
        let below = path.strip_prefix(&self.root).unwrap_or(path).with_extension("");
        let parts: Option<Vec<&str>> = below.iter().map(|part| part.to_str()).collect();
        parts.map(|parts| parts.join("/")).filter(|name| is_name(name))
    }

    fn load_lists(&self, loaded: &mut Loaded) {
        let mut count = 0;
        for path in self.entries(&self.root.join(LISTS_FOLDER), loaded) {
            let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
            let Some(name) =
                path.file_stem().and_then(|stem| stem.to_str()).filter(|_| matches!(extension, "txt" | "csv"))
            else {
                continue;
            };
            count += 1;
            if count > LISTS {
                return self.problem(&path, format!("There are more than {LISTS} lists."), loaded);
            }
            match read(&path, LONGEST_LIST) {
                Ok(text) => loaded.lists.add(name, &text, extension == "csv"),
                Err(message) => self.problem(&path, message, loaded),
            }
        }
    }

    /// What lies in a folder, in order, without hidden files; nothing if it is not there.
    fn entries(&self, directory: &Path, loaded: &mut Loaded) -> Vec<PathBuf> {
        let entries = match fs::read_dir(directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Vec::new(),
            Err(error) => {
                self.problem(directory, format!("The folder could not be read: {error}."), loaded);
                return Vec::new();
            }
        };
        let hidden = |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let mut paths: Vec<PathBuf> =
            entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| !hidden(path)).collect();
        paths.sort();
        paths
    }

    fn problem(&self, path: &Path, message: String, loaded: &mut Loaded) {
        let path = path.strip_prefix(&self.root).unwrap_or(path).to_owned();
        loaded.problems.push(Unreadable { path, message });
    }

    /// Saves a rule in one step, so that nobody reads half of it, and gives the new text's [`hash`].
    /// `base` is the hash of the text that was changed, `None` for a new rule: it is refused if the file is another now.
    pub fn save(&self, name: &str, text: &str, base: Option<&str>) -> Result<String, Refused> {
        let path = self.file(name)?;
        if text.len() > LONGEST_RULE {
            return Err(Refused::TooLong);
        }
        match (fs::read_to_string(&path), base) {
            (Ok(_), None) => return Err(Refused::Exists(name.into())),
            (Ok(there), Some(base)) if hash(&there) != base => return Err(Refused::Changed),
            (Err(error), Some(_)) if error.kind() == io::ErrorKind::NotFound => return Err(Refused::Gone(name.into())),
            (Err(error), _) if error.kind() != io::ErrorKind::NotFound => return Err(refused(&path, error)),
            _ => {}
        }
        write(&path, text).map_err(|error| refused(&path, error))?;
        Ok(hash(text))
    }

    /// Deletes a rule's file with the cases beside it, and the folders it leaves empty. Gives back the cases, if there
    /// were any that can be read: others stay.
    pub fn delete(&self, name: &str) -> Result<Option<String>, Refused> {
        let path = self.file(name)?;
        fs::remove_file(&path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Refused::Gone(name.into()),
            _ => refused(&path, error),
        })?;
        let beside = path.with_extension("toml");
        let cases = fs::read_to_string(&beside).ok();
        if cases.is_some() {
            fs::remove_file(&beside).map_err(|error| refused(&beside, error))?;
        }
        self.tidy(&path);
        Ok(cases)
    }

    /// Brings back a rule that was deleted, and its cases unless there are some of that name; its hash.
    pub fn restore(&self, name: &str, text: &str, cases: Option<&str>) -> Result<String, Refused> {
        let hash = self.save(name, text, None)?;
        let beside = self.file(name)?.with_extension("toml");
        if let Some(cases) = cases.filter(|_| !beside.exists()) {
            write(&beside, cases).map_err(|error| refused(&beside, error))?;
        }
        Ok(hash)
    }

    /// Gives a rule another name, which no other may have. Its cases go with it, unless there are some of that name.
    pub fn rename(&self, name: &str, to: &str) -> Result<(), Refused> {
        let (from, target) = (self.file(name)?, self.file(to)?);
        if target.exists() {
            return Err(Refused::Exists(to.into()));
        }
        if !from.exists() {
            return Err(Refused::Gone(name.into()));
        }
        folder_of(&target).map_err(|error| refused(&target, error))?;
        // The cases first: whoever is interrupted between the two finds the rule where it was, and renames it again.
        let (cases, beside) = (from.with_extension("toml"), target.with_extension("toml"));
        let moves = cases.exists() && !beside.exists();
        if moves {
            whole::rename(&cases, &beside).map_err(|error| refused(&beside, error))?;
        }
        whole::rename(&from, &target).map_err(|error| {
            if moves {
                // What cannot be put back is found beside the new name, where the next try looks.
                let _ = fs::rename(&beside, &cases);
            }
            refused(&target, error)
        })?;
        self.tidy(&from);
        Ok(())
    }

    /// Removes the folders that are empty now; `remove_dir` leaves others alone.
    fn tidy(&self, path: &Path) {
        let empty = path.ancestors().skip(1).take_while(|folder| *folder != self.root);
        for folder in empty {
            if fs::remove_dir(folder).is_err() {
                return;
            }
        }
    }
}

pub(super) fn refused(path: &Path, error: io::Error) -> Refused {
    Refused::Io { path: path.display().to_string(), error }
}

/// Whether rules may be called that: it becomes a path, so nothing in it may lead elsewhere.
fn is_name(name: &str) -> bool {
    let part = |part: &str| {
        part.starts_with(|c: char| c.is_alphanumeric())
            && part.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.'))
            && !part.ends_with([' ', '.'])
    };
    name.len() <= 200
        && name.split('/').count() <= DEPTH
        && name.split('/').all(part)
        && name.split('/').next() != Some(LISTS_FOLDER)
}

/// Reads a text of at most so many bytes. The error is a sentence.
fn read(path: &Path, longest: usize) -> Result<String, String> {
    let length = fs::metadata(path).map_err(|error| format!("The file could not be read: {error}."))?.len();
    if length > longest as u64 {
        return Err(format!("The file is too long: at most {} KiB.", longest / 1024));
    }
    let bytes = fs::read(path).map_err(|error| format!("The file could not be read: {error}."))?;
    String::from_utf8(bytes).map_err(|_| "The file is not UTF-8 text. Save it as UTF-8.".into())
}

pub(super) fn write(path: &Path, text: &str) -> io::Result<()> {
    folder_of(path)?;
    whole::write(path, text.as_bytes(), Readers::AsUsual)
}

fn folder_of(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    fn folder() -> (tempfile::TempDir, Folder) {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::new(place.path().join("rules"));
        (place, folder)
    }

    #[test]
    fn loads_what_can_be_read_and_explains_the_rest() {
        let (_place, folder) = folder();
        assert_eq!(folder.load(), Loaded::default());
        folder.save("security/rogue", "one", None).unwrap();
        folder.save("top", "two", None).unwrap();
        fs::create_dir_all(folder.root().join("lists/deep")).unwrap();
        fs::write(folder.root().join("lists/our-aps.txt"), "a\n").unwrap();
        fs::write(folder.root().join("lists/people.csv"), "b,c\n").unwrap();
        fs::write(folder.root().join("lists/not.rhai"), "").unwrap();
        fs::write(folder.root().join("bad.rhai"), [0xff]).unwrap();
        fs::write(folder.root().join("long.rhai"), vec![b' '; LONGEST_RULE + 1]).unwrap();
        fs::write(folder.root().join("#odd.rhai"), "").unwrap();
        fs::write(folder.root().join(".#top.rhai"), "").unwrap();
        fs::write(folder.root().join("readme.txt"), "").unwrap();
        let loaded = folder.load();
        let names: Vec<&str> = loaded.rules.iter().map(|rule| rule.name.as_str()).collect();
        assert_eq!(names, ["security/rogue", "top"]);
        assert_eq!(loaded.lists.names().collect::<Vec<_>>(), ["our-aps", "people"]);
        let problems: Vec<String> =
            loaded.problems.iter().map(|one| format!("{}: {}", one.path.display(), one.message)).collect();
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[1].contains("UTF-8") && problems[2].contains("64 KiB"), "{problems:?}");
    }

    #[test]
    fn saves_only_over_what_was_read() {
        let (_place, folder) = folder();
        let first = folder.save("a/b", "1", None).unwrap();
        assert!(matches!(folder.save("a/b", "2", None), Err(Refused::Exists(_))));
        let second = folder.save("a/b", "2", Some(&first)).unwrap();
        assert!(matches!(folder.save("a/b", "3", Some(&first)), Err(Refused::Changed)));
        assert_eq!(fs::read_to_string(folder.file("a/b").unwrap()).unwrap(), "2");
        assert!(matches!(folder.save("a/c", "3", Some(&second)), Err(Refused::Gone(_))));
        assert_eq!(fs::read_dir(folder.root().join("a")).unwrap().count(), 1);
    }

    #[test]
    fn renames_and_deletes() {
        let (_place, folder) = folder();
        folder.save("a/b", "1", None).unwrap();
        folder.save("c", "2", None).unwrap();
        assert!(matches!(folder.rename("a/b", "c"), Err(Refused::Exists(_))));
        fs::write(folder.root().join("a/b.toml"), "").unwrap();
        folder.rename("a/b", "d/e").unwrap();
        assert!(!folder.root().join("a").exists());
        assert!(folder.root().join("d/e.toml").exists());
        assert!(matches!(folder.rename("a/b", "f"), Err(Refused::Gone(_))));
        fs::write(folder.root().join("d/e.toml"), "# cases").unwrap();
        let cases = folder.delete("d/e").unwrap();
        assert_eq!(cases.as_deref(), Some("# cases"));
        assert!(!folder.root().join("d").exists());
        folder.restore("d/e", "1", cases.as_deref()).unwrap();
        assert_eq!(fs::read_to_string(folder.root().join("d/e.rhai")).unwrap(), "1");
        assert_eq!(fs::read_to_string(folder.root().join("d/e.toml")).unwrap(), "# cases");
        assert!(matches!(folder.restore("d/e", "2", None), Err(Refused::Exists(_))));
        folder.delete("d/e").unwrap();
        assert!(matches!(folder.delete("d/e"), Err(Refused::Gone(_))));
        assert!(folder.root().exists());
    }

    #[test]
    fn names_lead_nowhere_else() {
        for bad in ["", "/a", "a/", "../a", "a/../b", "a\\b", "lists/a", ".a", "a//b", "a\0", "c:a", "a\n", "a."] {
            assert!(!is_name(bad), "{bad}");
        }
        for good in ["a", "security/rogue-on-the-wire", "a b/ü.2"] {
            assert!(is_name(good), "{good}");
        }
    }
}
