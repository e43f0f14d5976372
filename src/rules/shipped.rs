//! The rules that come with Tocsin, and what a new rule may begin from.

use std::{fs, io, path::Path};

use include_dir::{Dir, include_dir};

/// `rules/` of the repository: rules and their lists.
static SHIPPED: Dir = include_dir!("$CARGO_MANIFEST_DIR/rules");

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
    SHIPPED.extract(folder)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;
    use crate::rules::{check, folder::Folder};

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
