//! Cases of a rule as it stands in the editor, on the real engine.

use jiff::tz::TimeZone;

use super::events;
use crate::{
    api::{ApiError, CasesRun, Template},
    cases::{self, Beside, Heard, Tested},
    functions::Lists,
    rules::{RuleSet, RuleText, from_event as from_event_of},
    store::Reader,
};

/// A rule and its cases as texts, saved or not.
pub struct Texts {
    pub name: String,
    pub text: String,
    pub cases: String,
    pub lists: Lists,
}

/// Runs them all.
pub fn run(texts: Texts) -> CasesRun {
    let tested = tested(texts);
    CasesRun {
        findings: tested.findings,
        verdicts: tested.verdicts.into_iter().map(Into::into).collect(),
        reached: tested.coverage.clauses.into_iter().map(Into::into).collect(),
    }
}

/// The cases with one more, made of an event of the log, that expects what the rule does with it.
pub fn from_event(reader: &Reader, mut texts: Texts, event: &str, zone: &str) -> Result<String, ApiError> {
    let event = events::find(reader, event)?;
    let rule = RuleText { name: texts.name.clone(), text: texts.text.clone(), enabled: true };
    let set = RuleSet::compile(std::slice::from_ref(&rule), texts.lists.clone(), TimeZone::UTC, None);
    let kinds = set.rules().first().map(|info| info.kinds.clone()).unwrap_or_default();
    texts.cases = cases::add(&texts.cases, Heard { event: &event, rule: &texts.text, kinds: &kinds, zone });
    let made = texts.cases.clone();
    // Where nothing runs as yet, the case stands as it is.
    Ok(expecting_now(texts).unwrap_or(made))
}

/// The cases, the last of which expects what the rule does now; `None` if it does not run.
pub fn expecting_now(texts: Texts) -> Option<String> {
    let before = texts.cases.clone();
    let tested = tested(texts);
    tested.verdicts.last().and_then(|verdict| cases::expect_now(&before, verdict.line, &verdict.story))
}

/// A rule made of an event of the log, with a case of that event.
pub fn rule_from_event(reader: &Reader, event: &str, lists: Lists, zone: &str) -> Result<Template, ApiError> {
    let begun = from_event_of(&events::find(reader, event)?);
    let texts = Texts { name: begun.name.clone(), text: begun.text.clone(), cases: String::new(), lists };
    let cases = from_event(reader, texts, event, zone)?;
    Ok(Template { name: begun.name, purpose: String::new(), text: begun.text, cases })
}

/// The cases with the expectation of the one that begins at `line` replaced by what the rule does now.
pub fn expect_now(texts: Texts, line: u32) -> Result<String, ApiError> {
    let before = texts.cases.clone();
    let tested = tested(texts);
    let verdict = tested.verdicts.iter().find(|verdict| verdict.line == line);
    verdict.and_then(|verdict| cases::expect_now(&before, line, &verdict.story)).ok_or_else(|| {
        ApiError::new("no-case", "There is no case there that runs.").help("Mend what the cases say first.")
    })
}

fn tested(texts: Texts) -> Tested {
    let rule = RuleText { name: texts.name, text: texts.text, enabled: true };
    let file = std::path::PathBuf::from(format!("{}.toml", rule.name));
    // A blank text is no file as yet, and no mistake.
    let text = Some(texts.cases).filter(|cases| !cases.trim().is_empty());
    let beside = Beside { rule: Some(rule), file, text, unreadable: None, lists: texts.lists };
    cases::test_covered(&beside)
}
