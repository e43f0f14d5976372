//! The rules that come with Tocsin, and what a new rule may begin from.

use std::{fs, io, path::Path};

use include_dir::{Dir, include_dir};

use crate::whole;

/// `rules/` of the repository: rules and their lists.
static SHIPPED: Dir = include_dir!("$CARGO_MANIFEST_DIR/rules");

/// Where they are written before they are put in their place.
const DRAFT: &str = ".rules.new";

/// Something to begin a rule from.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// A name to begin with, such as `security/new-attack`.
    pub name: &'static str,
    /// One line: what it is for.
    pub purpose: &'static str,
    pub text: &'static str,
    /// The cases to begin with.
    pub cases: &'static str,
}

/// What a new rule may begin from.
pub const TEMPLATES: &[Template] = &[
    Template {
        name: "new-rule",
        purpose: "An alert for each thing that meets a condition",
        text: include_str!("templates/occurrence.rhai"),
        cases: include_str!("templates/occurrence.toml"),
    },
    Template {
        name: "security/new-attack",
        purpose: "An attack that the access points report, some times within a while",
        text: include_str!("templates/attack.rhai"),
        cases: include_str!("templates/attack.toml"),
    },
    Template {
        name: "audit/new-change",
        purpose: "A change to the configuration, by whom and when",
        text: include_str!("templates/change.rhai"),
        cases: include_str!("templates/change.toml"),
    },
    Template {
        name: "presence/new-device",
        purpose: "A device of a list that comes into range",
        text: include_str!("templates/device.rhai"),
        cases: include_str!("templates/device.toml"),
    },
    Template {
        name: "monitoring/new-state",
        purpose: "Something that is wrong until it is right again",
        text: include_str!("templates/state.rhai"),
        cases: include_str!("templates/state.toml"),
    },
    Template {
        name: "presence/new-silence",
        purpose: "Something that is not heard any more",
        text: include_str!("templates/silence.rhai"),
        cases: include_str!("templates/silence.toml"),
    },
];

/// Writes the shipped rules and lists into a folder that is empty or not there. Gives whether it did.
pub fn seed(folder: &Path) -> io::Result<bool> {
    fs::create_dir_all(folder)?;
    if fs::read_dir(folder)?.next().is_some() {
        return Ok(false);
    }
    let folder = fs::canonicalize(folder)?;
    if put(&folder).is_err() {
        // A folder that cannot be exchanged (a disk of its own, say) is filled as it is, and empty again if that fails.
        fs::create_dir_all(&folder)?;
        if let Err(error) = SHIPPED.extract(&folder).and_then(|()| whole::keep_all(&folder)) {
            empty(&folder)?;
            return Err(error);
        }
    }
    Ok(true)
}

/// Writes them beside the folder, which is empty, and then puts them in its place: half of them, left by a kill, would be
/// taken for all that the operator wants.
fn put(folder: &Path) -> io::Result<()> {
    let draft = folder.with_file_name(DRAFT);
    match fs::remove_dir_all(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => fs::create_dir(&draft)?,
    }
    let done = SHIPPED.extract(&draft).and_then(|()| whole::keep_all(&draft)).and_then(|()| {
        fs::remove_dir(folder)?;
        whole::rename(&draft, folder)
    });
    if done.is_err() {
        // A full disk is to have its room back.
        let _ = fs::remove_dir_all(&draft);
    }
    done
}

fn empty(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { fs::remove_dir_all(path)? } else { fs::remove_file(path)? }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;
    use crate::rules::{check, folder::Folder};

    #[test]
    fn what_a_kill_left_of_a_first_start_is_begun_anew_and_a_folder_that_cannot_be_exchanged_is_filled() {
        let place = tempfile::tempdir().unwrap();
        let whole = place.path().join("whole");
        assert!(seed(&whole).unwrap());
        let count = |folder: &Path| Folder::new(folder).load().rules.len();

        let killed = place.path().join("killed/rules");
        fs::create_dir_all(killed.with_file_name(DRAFT)).unwrap();
        fs::write(killed.with_file_name(DRAFT).join("half.rhai"), "const ON =").unwrap();
        fs::create_dir_all(&killed).unwrap();
        assert!(seed(&killed).unwrap());
        assert_eq!((count(&killed), killed.join("half.rhai").exists()), (count(&whole), false));
        assert!(!killed.with_file_name(DRAFT).exists());

        // A file where the draft would be: nothing can be put beside it.
        let fixed = place.path().join("fixed/rules");
        fs::create_dir_all(&fixed).unwrap();
        fs::write(fixed.with_file_name(DRAFT), "").unwrap();
        assert!(seed(&fixed).unwrap());
        assert_eq!(count(&fixed), count(&whole));
    }

    #[test]
    fn what_ships_is_complete_and_without_findings() {
        let place = tempfile::tempdir().unwrap();
        assert!(seed(&place.path().join("rules")).unwrap());
        assert!(!seed(&place.path().join("rules")).unwrap());
        let loaded = Folder::new(place.path().join("rules")).load();
        assert_eq!(loaded.problems, []);
        assert!(loaded.rules.len() >= 12);
        for rule in &loaded.rules {
            assert_eq!(check(&rule.text, &loaded.lists, None), [], "{}", rule.name);
            let (title, doc) = crate::rules::script::doc(&rule.text);
            assert!(title.is_some_and(|title| title.chars().count() <= 60), "{}", rule.name);
            assert!(doc.lines().count() >= 2, "{}: say what it means and what to do", rule.name);
        }
        for template in TEMPLATES {
            assert_eq!(check(template.text, &loaded.lists, None), [], "{}", template.name);
        }
    }
}
