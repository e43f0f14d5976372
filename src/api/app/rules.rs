//! The rules folder and the rules in the window's words.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use super::events::type_name;
use crate::{
    api::{
        ApiError, ConstantWords, FieldWords, FunctionWords, KindWords, ListRow, ListText, ListWords, Response,
        RuleDetail, RuleRow, RuleState, Template, Vocabulary,
    },
    diagnostic::Level,
    event::catalogue,
    functions,
    pipeline::{Ruling, Seen},
    rules::{
        ListFile, RuleInfo, RuleStatus,
        folder::{Folder, Loaded, Refused, hash},
        shipped, stands_in, words,
    },
    store::{Hit, Judgements, Reader},
};

impl From<ListFile> for ListRow {
    fn from(file: ListFile) -> Self {
        Self { name: file.name, csv: file.csv, entries: 0 }
    }
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        let code = match refused {
            Refused::Name(_) | Refused::ListName(_) => "bad-name",
            Refused::Changed => "changed",
            Refused::Exists(_) | Refused::ListExists(_) => "exists",
            Refused::Gone(_) | Refused::ListGone(_) => "gone",
            Refused::TooLong | Refused::CasesTooLong | Refused::ListTooLong => "too-long",
            Refused::Unread { .. } | Refused::Io { .. } => "file",
        };
        Self::new(code, &refused.to_string())
    }
}

/// What the folder and the switches say together.
pub fn ruling(loaded: &Loaded, off: &BTreeSet<String>) -> Ruling {
    let mut rules = loaded.rules.clone();
    for rule in &mut rules {
        rule.enabled = !off.contains(&rule.name);
    }
    Ruling { rules, lists: loaded.lists.clone(), ..Ruling::default() }
}

/// The texts of the rules of a rule's folder, itself among them as it is typed: what may set marks for it.
pub fn folder_with(loaded: &Loaded, name: &str, text: &str) -> Vec<String> {
    let beside = stands_in(name);
    let others = loaded.rules.iter().filter(|rule| rule.name != name && stands_in(&rule.name) == beside);
    others.map(|rule| rule.text.clone()).chain([text.to_owned()]).collect()
}

/// What a list of rules shows beside what the rules say of themselves.
pub struct Beside {
    hits: Vec<Hit>,
    firing: Vec<String>,
    judged: BTreeMap<String, Judgements>,
    now: Timestamp,
}

impl Beside {
    /// Looks it up. `firing` names the rule of each alert that fires.
    pub fn look_up(reader: &Reader, firing: Vec<String>, now: Timestamp) -> Result<Self, ApiError> {
        let week = now.checked_sub(SignedDuration::from_hours(7 * 24)).unwrap_or(Timestamp::MIN);
        Ok(Self { hits: reader.hits(now, 7)?, firing, judged: reader.judgements(week)?, now })
    }

    /// Where there is no database to look in.
    pub fn nothing(now: Timestamp) -> Self {
        Self { hits: Vec::new(), firing: Vec::new(), judged: BTreeMap::new(), now }
    }

    fn row(&self, rule: &RuleInfo) -> RuleRow {
        let mut days = vec![0; 7];
        let mut last = None;
        for hit in self.hits.iter().filter(|hit| hit.rule == rule.name) {
            if let Some(day) = 6_usize.checked_sub(hit.days_ago as usize) {
                days[day] = u32::try_from(hit.count).unwrap_or(u32::MAX);
            }
            last = last.max(Some(hit.last));
        }
        let judged = self.judged.get(&rule.name).copied().unwrap_or_default();
        let few = |count: u64| u32::try_from(count).unwrap_or(u32::MAX);
        let paused = rule.paused_until.filter(|until| *until > self.now);
        let count = |level| rule.diagnostics.iter().filter(|finding| finding.severity == level).count() as u32;
        RuleRow {
            name: rule.name.clone(),
            title: rule.title.clone(),
            severity: rule.severity,
            on: rule.on.clone(),
            enabled: rule.enabled,
            state: state(rule, paused.is_some()),
            paused_until: paused.map(Into::into),
            learns_until: rule
                .learns_until
                .filter(|until| rule.enabled && rule.status != RuleStatus::Broken && *until > self.now)
                .map(Into::into),
            note: note(rule, paused.is_some()),
            errors: count(Level::Error),
            warnings: count(Level::Warning),
            firing: self.firing.iter().filter(|name| **name == rule.name).count() as u32,
            hits: days,
            last_hit: last.map(Into::into),
            useful: few(judged.useful),
            noise: few(judged.noise),
        }
    }
}

fn state(rule: &RuleInfo, paused: bool) -> RuleState {
    match rule.status {
        _ if !rule.enabled => RuleState::Off,
        _ if paused => RuleState::Paused,
        RuleStatus::Running => RuleState::Running,
        RuleStatus::LastGood => RuleState::LastGood,
        RuleStatus::Broken => RuleState::Broken,
    }
}

fn note(rule: &RuleInfo, paused: bool) -> String {
    match rule.status {
        _ if paused => "It took too long and was stopped. It runs again by itself.".to_owned(),
        RuleStatus::Running if rule.forgotten > 0 => {
            "It has to remember more than fits: what was heard longest ago is forgotten.".to_owned()
        }
        RuleStatus::Running => String::new(),
        RuleStatus::LastGood => "The file has errors. Its last good version runs.".to_owned(),
        RuleStatus::Broken => "The file has errors and does not run.".to_owned(),
    }
}

/// The list.
pub fn list(seen: &Seen, beside: &Beside) -> Vec<RuleRow> {
    seen.rules.iter().map(|rule| beside.row(rule)).collect()
}

/// One rule with its text, as its file is now. `keeps` is how long the log keeps rows.
pub fn detail(
    folder: &Folder,
    seen: &Seen,
    beside: &Beside,
    name: &str,
    loaded: &Loaded,
    keeps: Option<Duration>,
) -> Result<RuleDetail, ApiError> {
    let rule = seen.rules.iter().find(|rule| rule.name == name);
    let rule = rule.ok_or_else(|| ApiError::from(Refused::Gone(name.to_owned())))?;
    let text = read(folder, name)?;
    // A file that is no text does not keep the rule from being looked at; it cannot be overwritten either.
    let cases = folder.cases(name).unwrap_or_default();
    Ok(RuleDetail {
        row: beside.row(rule),
        hash: hash(&text),
        doc: rule.doc.clone(),
        findings: crate::rules::check_with(&text, folder_with(loaded, name, &text), &seen.lists, keeps),
        text,
        cases_hash: hash(&cases),
        cases,
    })
}

/// Saves, or says what the file holds by now.
pub fn save(folder: &Folder, name: &str, text: &str, base: Option<&str>) -> Result<Response, ApiError> {
    match folder.save(name, text, base) {
        Ok(hash) => Ok(Response::Saved { hash }),
        Err(Refused::Changed) => {
            let theirs = read(folder, name)?;
            Ok(Response::Conflict { hash: hash(&theirs), theirs })
        }
        Err(refused) => Err(refused.into()),
    }
}

/// Saves the cases beside a rule, or says what the file holds by now.
pub fn save_cases(folder: &Folder, name: &str, text: &str, base: Option<&str>) -> Result<Response, ApiError> {
    match folder.save_cases(name, text, base) {
        Ok(hash) => Ok(Response::Saved { hash }),
        Err(Refused::Changed) => {
            let theirs = folder.cases(name)?;
            Ok(Response::Conflict { hash: hash(&theirs), theirs })
        }
        Err(refused) => Err(refused.into()),
    }
}

/// The lists that lie in the folder.
pub fn list_files(folder: &Folder, loaded: &Loaded) -> Vec<ListRow> {
    let entries = |name: &str| loaded.lists.get(name).map_or(0, |list| list.entries().len() as u32);
    folder.list_files().into_iter().map(|file| ListRow { entries: entries(&file.name), ..file.into() }).collect()
}

/// One of them.
pub fn list_text(folder: &Folder, name: &str, csv: bool) -> Result<ListText, ApiError> {
    let text = folder.list_text(name, csv)?;
    Ok(ListText { hash: hash(&text), text })
}

/// Saves a list, or says what its file holds by now.
pub fn save_list(folder: &Folder, name: &str, csv: bool, text: &str, base: Option<&str>) -> Result<Response, ApiError> {
    match folder.save_list(name, csv, text, base) {
        Ok(hash) => Ok(Response::Saved { hash }),
        Err(Refused::Changed) => {
            let theirs = folder.list_text(name, csv)?;
            Ok(Response::Conflict { hash: hash(&theirs), theirs })
        }
        Err(refused) => Err(refused.into()),
    }
}

/// Deletes, and gives back the texts so that it can be undone.
pub fn delete(folder: &Folder, name: &str) -> Result<Response, ApiError> {
    let text = read(folder, name)?;
    let cases = folder.delete(name)?;
    Ok(Response::Deleted { text, cases })
}

fn read(folder: &Folder, name: &str) -> Result<String, ApiError> {
    let path = folder.file(name)?;
    fs::read_to_string(&path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Refused::Gone(name.to_owned()).into(),
        _ => Refused::Io { path: path.display().to_string(), error }.into(),
    })
}

/// What a new rule may begin from.
pub fn templates() -> Vec<Template> {
    let template = |one: &shipped::Template| Template {
        name: one.name.to_owned(),
        purpose: one.purpose.to_owned(),
        text: one.text.to_owned(),
        cases: one.cases.to_owned(),
    };
    shipped::TEMPLATES.iter().map(template).collect()
}

/// What completion and hover offer.
pub fn vocabulary(seen: &Seen) -> Vocabulary {
    let kinds = catalogue::kinds().iter().map(|kind| KindWords {
        name: kind.name.to_owned(),
        fields: kind
            .fields
            .iter()
            .map(|field| FieldWords {
                name: field.name.to_owned(),
                ty: type_name(field.ty).to_owned(),
                values: field.values.iter().map(|&value| value.to_owned()).collect(),
            })
            .collect(),
    });
    let functions = functions::all().map(|function| FunctionWords {
        name: function.name.to_owned(),
        signature: function.signature.to_owned(),
        doc: format!("{} {}", function.says, function.unknown),
        example: function.example.clause.to_owned(),
    });
    let constants = words::CONSTANTS.iter().map(|constant| ConstantWords {
        name: constant.name.to_owned(),
        doc: constant.says.to_owned(),
        example: constant.example.to_owned(),
    });
    let lists = seen.lists.names().map(|name| ListWords {
        name: name.to_owned(),
        entries: seen.lists.get(name).map_or(0, |list| list.entries().len() as u32),
    });
    Vocabulary {
        kinds: kinds.collect(),
        functions: functions.collect(),
        constants: constants.collect(),
        lists: lists.collect(),
    }
}
