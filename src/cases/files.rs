//! Cases beside rules: finding them, and running them in parallel.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

use jiff::tz::TimeZone;

use super::{
    CaseList, Cases, Coverage, parse,
    run::{Verdict, run, run_covered},
};
use crate::{
    diagnostic::{Diagnostic, Level, Span},
    functions::Lists,
    rules::{LONGEST_CASES, RuleSet, RuleStatus, RuleText, lists_above, load_path, with_room, words},
};

/// How deep folders are looked into.
const DEPTH: usize = 8;

/// A rule and the file of its cases.
#[derive(Clone, Debug)]
pub struct Beside {
    /// `None`: there is no such rule.
    pub rule: Option<RuleText>,
    /// Where its cases are, or would be.
    pub file: PathBuf,
    /// `None`: it has no cases.
    pub text: Option<String>,
    /// Why the file cannot be read.
    pub unreadable: Option<String>,
    pub lists: Lists,
}

/// What came of the cases of one rule.
#[derive(Clone, Debug)]
pub struct Tested {
    pub file: PathBuf,
    /// Of the cases.
    pub text: String,
    /// The rule's name; the file's where there is no rule.
    pub rule: String,
    /// Whether there is a file of cases.
    pub has_cases: bool,
    /// What is wrong with them: a case with a mistake does not run, one with a warning does.
    pub findings: Vec<Diagnostic>,
    pub verdicts: Vec<Verdict>,
    /// Which clauses they reach, if the rule runs.
    pub coverage: Coverage,
}

/// The rules at that path (a rule, its cases, or a folder of rules), with their cases.
///
/// # Errors
/// There is nothing at that path, or it cannot be read.
pub fn find(path: &Path) -> io::Result<Vec<Beside>> {
    if !fs::metadata(path)?.is_dir() {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let rule = match fs::read_to_string(path.with_extension("rhai")) {
            Ok(text) => Some(RuleText { name, text, enabled: true }),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(error),
        };
        return Ok(vec![beside(rule, path.with_extension("toml"), &lists_above(path))]);
    }
    let loaded = load_path(path)?;
    let mut all: Vec<Beside> = loaded
        .rules
        .into_iter()
        .map(|rule| {
            let file = path.join(format!("{}.toml", rule.name));
            beside(Some(rule), file, &loaded.lists)
        })
        .collect();
    let mut files = Vec::new();
    walk(path, DEPTH, &mut files);
    files.retain(|file| !all.iter().any(|beside| beside.file == *file));
    files.sort();
    all.extend(files.into_iter().map(|file| beside(None, file, &loaded.lists)));
    Ok(all)
}

fn beside(rule: Option<RuleText>, file: PathBuf, lists: &Lists) -> Beside {
    let too_long = fs::metadata(&file).is_ok_and(|data| data.len() > LONGEST_CASES as u64);
    let read = if too_long {
        Err(format!("The file is longer than {} KiB.", LONGEST_CASES >> 10))
    } else {
        match fs::read_to_string(&file) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(format!("The file could not be read: {error}.")),
        }
    };
    let (text, unreadable) = match read {
        Ok(text) => (text, None),
        Err(message) => (None, Some(message)),
    };
    Beside { rule, file, text, unreadable, lists: lists.clone() }
}

/// Files of cases below a folder. Links to folders are not followed: they may lead in circles.
fn walk(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    for path in fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if fs::symlink_metadata(&path).is_ok_and(|data| data.is_dir()) {
            if depth > 0 {
                walk(&path, depth - 1, found);
            }
        } else if path.extension().is_some_and(|extension| extension == "toml") {
            found.push(path);
        }
    }
}

/// Runs all cases, on as many threads as there are processors; the answer is in the order of `all`.
pub fn run_all(all: &[Beside]) -> Vec<Tested> {
    all_of(all, false)
}

/// The same, noting also which clauses the cases reach. It takes longer.
pub fn run_all_covered(all: &[Beside]) -> Vec<Tested> {
    all_of(all, true)
}

/// The cases of one rule, noting which clauses they reach.
pub fn test_covered(beside: &Beside) -> Tested {
    test(beside, true)
}

fn all_of(all: &[Beside], covered: bool) -> Vec<Tested> {
    let threads = thread::available_parallelism().map_or(1, usize::from).min(all.len());
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Tested)>> = Mutex::default();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some((place, beside)) = {
                    let place = next.fetch_add(1, Ordering::Relaxed);
                    all.get(place).map(|beside| (place, beside))
                } {
                    let tested = with_room(|| test(beside, covered));
                    done.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push((place, tested));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.sort_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, tested)| tested).collect()
}

fn test(beside: &Beside, covered: bool) -> Tested {
    let stem = || beside.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut tested = Tested {
        file: beside.file.clone(),
        text: beside.text.clone().unwrap_or_default(),
        rule: beside.rule.as_ref().map_or_else(stem, |rule| rule.name.clone()),
        has_cases: beside.text.is_some() || beside.unreadable.is_some(),
        findings: Vec::new(),
        verdicts: Vec::new(),
        coverage: Coverage::default(),
    };
    if let Some(message) = &beside.unreadable {
        tested.findings.push(whole("unreadable", message, "Save it as UTF-8 text."));
    }
    let Some(text) = &beside.text else {
        if let Some(rule) = beside.rule.as_ref().filter(|_| covered) {
            cover(&mut tested, &compiled(rule, &beside.lists));
        }
        return tested;
    };
    let Some(rule) = &beside.rule else {
        let help = "Cases stand beside their rule, as NAME.toml beside NAME.rhai.";
        tested.findings.push(whole("no-rule", "There is no rule of this name beside these cases.", help));
        return tested;
    };
    let mut lists = beside.lists.clone();
    // A list may be missing as yet: that does not change the kinds.
    let kinds = compiled(rule, &lists).rules().first().map_or_else(Vec::new, |info| info.kinds.clone());
    let (cases, findings) = parse(text, &kinds);
    tested.findings.extend(findings);
    for list in &cases.lists {
        lists.set(&list.name, list.entries.clone());
    }
    let set = compiled(rule, &lists);
    tested.findings.extend(unasked(&cases, &set));
    tested.findings.sort_by_key(|finding| (finding.span.line, finding.span.column));
    if covered {
        cover(&mut tested, &set);
    }
    if set.rules().first().is_some_and(|info| info.status == RuleStatus::Running) {
        let coverage = &mut tested.coverage;
        let verdict = |case| {
            if covered {
                run_covered(rule, &beside.lists, &cases, case, coverage)
            } else {
                run(rule, &beside.lists, &cases, case)
            }
        };
        tested.verdicts = cases.cases.iter().map(verdict).collect();
    } else if !covered && (tested.findings.is_empty() || !cases.cases.is_empty()) {
        tested.findings.push(has_errors());
    }
    tested
}

/// Which clauses there are to reach. A rule that does not run has none that anybody could.
fn cover(tested: &mut Tested, set: &RuleSet) {
    tested.coverage = Coverage::new(&set.conditions(0));
    if set.rules().first().is_none_or(|info| info.status != RuleStatus::Running) {
        tested.findings.push(has_errors());
    }
}

fn has_errors() -> Diagnostic {
    whole("rule-errors", "The rule has errors, so its cases cannot run.", "tocsin check shows them.")
}

fn compiled(rule: &RuleText, lists: &Lists) -> RuleSet {
    RuleSet::compile(std::slice::from_ref(rule), lists.clone(), TimeZone::UTC, None)
}

/// Lists that the cases bring and the rule does not ask for, where it is known which it asks for.
fn unasked(cases: &Cases, set: &RuleSet) -> Vec<Diagnostic> {
    let Some(asked) = set.lists_asked(0) else { return Vec::new() };
    let unasked = cases.lists.iter().filter(|list| !asked.contains(&list.name));
    let finding = |list: &CaseList| Diagnostic {
        code: "no-effect".into(),
        severity: Level::Warning,
        message: format!("The rule does not ask for a list \"{}\".", list.name.escape_debug()),
        help: words::suggest(words::nearest(&list.name, asked.iter().map(String::as_str)), "Take it out."),
        span: list.span,
        label: String::new(),
    };
    unasked.map(finding).collect()
}

/// A finding about a whole file.
fn whole(code: &str, message: &str, help: &str) -> Diagnostic {
    Diagnostic {
        code: code.into(),
        severity: Level::Error,
        message: message.into(),
        help: help.into(),
        span: Span { line: 1, column: 1, end_line: 1, end_column: 2 },
        label: String::new(),
    }
}
