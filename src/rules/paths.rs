//! Checking files and folders of rules without running them.

use std::{
    collections::HashSet,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::tz::TimeZone;

use super::{
    RuleSet,
    folder::{Folder, Loaded},
    set::check_beside,
    titles,
};
use crate::{
    diagnostic::{Diagnostic, Level, Span},
    functions::Lists,
};

/// A rule's file and what was found in it.
#[derive(Debug)]
pub struct Checked {
    pub file: PathBuf,
    /// Empty if it could not be read.
    pub text: String,
    pub findings: Vec<Diagnostic>,
}

/// Checks a rule, or all rules of a folder, with the lists that lie in `lists/` there or in a folder above. `keeps` is
/// how long the log keeps rows, if that is known. Fails if there is nothing at that path.
pub fn check_path(path: &Path, keeps: Option<Duration>) -> io::Result<Vec<Checked>> {
    if fs::metadata(path)?.is_dir() {
        return Ok(check_folder(path, keeps));
    }
    let Ok(text) = String::from_utf8(fs::read(path)?) else {
        return Ok(vec![unreadable(path.to_owned(), "The file is not UTF-8 text. Save it as UTF-8.".into())]);
    };
    let findings = check_beside(&text, Some(&|| beside(path)), &lists_above(path), keeps);
    Ok(vec![Checked { file: path.to_owned(), text, findings }])
}

/// Checks all of what is named, each as [`check_path`] does; rules of different paths are told apart, too. The error says
/// at which path there is nothing.
pub fn check_paths(paths: &[PathBuf], keeps: Option<Duration>) -> Result<Vec<Checked>, (PathBuf, io::Error)> {
    let mut all = Vec::new();
    for path in paths {
        all.extend(check_path(path, keeps).map_err(|error| (path.clone(), error))?);
    }
    // A rule that is named twice is one.
    let mut seen = HashSet::new();
    let places: Vec<usize> = (0..all.len())
        .filter(|place| {
            let file = &all[*place].file;
            seen.insert(file.canonicalize().unwrap_or_else(|_| file.clone()))
        })
        .collect();
    let texts: Vec<(String, &str)> =
        places.iter().map(|place| (all[*place].file.display().to_string(), &*all[*place].text)).collect();
    for (rule, finding) in titles::told_apart(&texts) {
        let findings = &mut all[places[rule]].findings;
        if findings.iter().all(|known| known.code != finding.code) {
            findings.push(finding);
        }
    }
    Ok(all)
}

/// All rules of a folder, with the lists that lie in `lists/` there or in a folder above.
/// Fails if there is no folder at that path.
pub fn load_path(path: &Path) -> io::Result<Loaded> {
    fs::read_dir(path)?;
    let mut loaded = Folder::new(path).load();
    if !path.join("lists").is_dir() {
        loaded.lists = lists_above(path);
    }
    Ok(loaded)
}

fn check_folder(path: &Path, keeps: Option<Duration>) -> Vec<Checked> {
    let mut loaded = Folder::new(path).load();
    let lists = if path.join("lists").is_dir() { std::mem::take(&mut loaded.lists) } else { lists_above(path) };
    let set = RuleSet::compile(&loaded.rules, lists, TimeZone::UTC, None).with_log_of(keeps);
    let mut checked: Vec<Checked> = loaded
        .rules
        .into_iter()
        .zip(set.rules())
        .map(|(rule, info)| Checked {
            file: path.join(format!("{}.rhai", rule.name)),
            text: rule.text,
            findings: info.diagnostics.clone(),
        })
        .collect();
    checked.extend(loaded.problems.into_iter().map(|problem| unreadable(path.join(problem.path), problem.message)));
    checked.sort_by(|one, other| one.file.cmp(&other.file));
    checked
}

/// The texts of all rules in the folder of this one, itself among them.
fn beside(path: &Path) -> Vec<String> {
    let folder = path.canonicalize().ok().and_then(|path| path.parent().map(Path::to_owned));
    let rules = folder.map(|folder| Folder::new(folder).load().rules).unwrap_or_default();
    rules.into_iter().filter(|rule| !rule.name.contains('/')).map(|rule| rule.text).collect()
}

/// The lists of the nearest folder above that has some.
pub fn lists_above(path: &Path) -> Lists {
    let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = path.ancestors().skip(1).find(|folder| folder.join("lists").is_dir());
    folder.map(|folder| Folder::new(folder).lists()).unwrap_or_default()
}

fn unreadable(file: PathBuf, message: String) -> Checked {
    let finding = Diagnostic {
        code: "unreadable".into(),
        severity: Level::Error,
        message,
        help: String::new(),
        span: Span { line: 1, column: 1, end_line: 1, end_column: 2 },
        label: String::new(),
    };
    Checked { file, text: String::new(), findings: vec![finding] }
}
