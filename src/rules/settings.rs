//! What a rule's constants say: which events, how bad, how long.

use std::{collections::HashSet, time::Duration};

use jiff::tz::TimeZone;
use rhai::{Array, Dynamic};

use super::{
    duration,
    place::Source,
    policy::{FORGET_AFTER, Policy, RESOLVE_AFTER, Severity},
    words::{CONSTANTS, EXPECTED, is_slip, nearest, suggest},
};
use crate::{
    diagnostic::{Diagnostic, Level, Span},
    event::{Kind, Topic, catalogue},
};

/// A constant as it stands in the file, with its value.
pub(super) struct Constant {
    pub name: String,
    pub value: Dynamic,
    pub name_span: Span,
    pub value_span: Span,
    /// Where the elements of an array stand, if it is written as one.
    pub element_spans: Vec<Span>,
}

/// What Tocsin takes from a rule's constants.
#[derive(Clone, Debug, Default)]
pub(super) struct Settings {
    pub kinds: Vec<&'static Kind>,
    /// `ON` as it was written.
    pub on: Vec<String>,
    pub policy: Policy,
    pub zone: Option<TimeZone>,
    /// How long `first_seen` learns, if it says.
    pub learn: Option<Duration>,
}

impl Settings {
    /// The kinds that the rule is for, and in the place of a name that is none those that it may be meant for: all, where
    /// nothing is near.
    pub fn kinds_meant(&self) -> Vec<&'static Kind> {
        let all = catalogue::kinds();
        let mut kinds = self.kinds.clone();
        for name in &self.on {
            let named = |kind: &&'static Kind, name: &str| kind.name == name || kind.topic.name() == name;
            if !all.iter().any(|kind| named(&kind, name)) {
                let near = if several(name).is_none() { near_kind(name) } else { None };
                kinds.extend(all.iter().filter(|kind| near.is_none_or(|near| named(kind, near))));
            }
        }
        kinds.sort_by_key(|kind| kind.name);
        kinds.dedup_by_key(|kind| kind.name);
        kinds
    }
}

/// The kind or topic that a name which is none may be meant for.
fn near_kind(name: &str) -> Option<&'static str> {
    let known = catalogue::kinds().iter().map(|kind| kind.name).chain(Topic::ALL.map(Topic::name));
    let last = |kind: &&str| kind.rsplit('.').next() == Some(name);
    nearest(name, known).or_else(|| catalogue::kinds().iter().map(|kind| kind.name).find(last))
}

/// How a list is written whose names stand in one text: `"security, audit"`.
fn several(text: &str) -> Option<String> {
    let names: Vec<&str> =
        text.split(|c: char| c == ',' || c.is_whitespace()).filter(|name| !name.is_empty()).collect();
    let is_known = |name: &&str| catalogue::kinds().iter().any(|kind| kind.name == *name || kind.topic.name() == *name);
    (names.len() > 1 && names.iter().all(is_known)).then(|| format!("Write [\"{}\"].", names.join("\", \"")))
}

/// Collects findings while reading.
struct Reader<'a> {
    constants: &'a [Constant],
    findings: &'a mut Vec<Diagnostic>,
}

/// Reads the constants. What is wrong with one becomes a finding, and its default counts.
pub(super) fn read(
    constants: &[Constant],
    functions: &HashSet<String>,
    source: &Source,
    findings: &mut Vec<Diagnostic>,
) -> Settings {
    let top = source.top();
    let mut reader = Reader { constants, findings };
    reader.slips();
    let mut settings = Settings::default();
    reader.on(&mut settings, top);
    if let Some(severity) = reader.severity() {
        settings.policy.severity = severity;
    }
    settings.policy.hold = reader.duration("HOLD");
    settings.policy.silent_for = reader.duration("SILENT_FOR");
    settings.policy.forget_after = reader.duration("FORGET_AFTER").unwrap_or(FORGET_AFTER);
    let state = functions.contains("resolved") || settings.policy.silent_for.is_some();
    settings.policy.state = state;
    settings.policy.resolve_after = reader.duration("RESOLVE_AFTER").or((!state).then_some(RESOLVE_AFTER));
    settings.policy.remind = reader.remind();
    reader.silence(&settings.policy, functions, source.function(EXPECTED).unwrap_or(top));
    settings.zone = reader.zone();
    settings.learn = reader.duration("LEARN");
    settings
}

impl Reader<'_> {
    fn named(&self, name: &str) -> Option<&Constant> {
        // One without a value has its finding already.
        self.constants.iter().rfind(|constant| constant.name == name && !constant.value.is_unit())
    }

    fn error(&mut self, code: &str, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.finding(Level::Error, code, span, message, help);
    }

    fn finding(
        &mut self,
        severity: Level,
        code: &str,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings.push(Diagnostic {
            code: code.into(),
            severity,
            message: message.into(),
            help: help.into(),
            span,
            label: String::new(),
        });
    }

    /// Constants whose name is almost one of ours.
    fn slips(&mut self) {
        for constant in self.constants {
            let slip = CONSTANTS.iter().find(|ours| is_slip(&constant.name, ours.name));
            let is_ours = CONSTANTS.iter().any(|ours| ours.name == constant.name);
            if let Some(ours) = slip.filter(|ours| !is_ours && self.named(ours.name).is_none()) {
                let message = format!("{} is almost {}, and would do nothing.", constant.name, ours.name);
                let help = format!("Write {}, or give it a name that is less like it.", ours.name);
                self.error("near-miss", constant.name_span, message, help);
            }
        }
    }

    fn on(&mut self, settings: &mut Settings, top: Span) {
        let Some(constant) = self.constants.iter().rfind(|constant| constant.name == "ON") else {
            let slip = |finding: &Diagnostic| match finding.code.as_str() {
                "near-miss" => finding.message.contains(" ON,"),
                "top-level" => finding.help.starts_with("Write const ON "),
                _ => false,
            };
            let slip = self.findings.iter().any(slip);
            if !slip {
                let help = "Add const ON = \"security.rogue\"; with a kind, a topic, or a list of them.";
                self.error("missing-on", top, "The rule does not say which events it is for.", help);
            }
            return;
        };
        if constant.value.is_unit() {
            return;
        }
        let help = "Write a kind such as \"security.rogue\", a topic such as \"security\", or a list of them.";
        let Some(names) = texts(constant) else {
            let elements = constant.value.clone().into_array().unwrap_or_default();
            let odd = elements.iter().zip(&constant.element_spans).find(|(element, _)| !element.is_string());
            let span = odd.map_or(constant.value_span, |(_, span)| *span);
            return self.error("bad-on", span, "ON is neither a text nor a list of texts.", help);
        };
        if names.is_empty() {
            return self.error("bad-on", constant.value_span, "ON is an empty list: the rule would never run.", help);
        }
        for (name, span) in names {
            let before = settings.kinds.len();
            let meant = |kind: &&Kind| kind.name == name || kind.topic.name() == name;
            settings.kinds.extend(catalogue::kinds().iter().filter(meant));
            if settings.kinds.len() == before {
                let help = several(&name).unwrap_or_else(|| suggest(near_kind(&name), help));
                self.error("unknown-kind", span, format!("There is no event kind or topic \"{name}\"."), help);
            }
            let known = &settings.kinds[..before];
            let again = |kind: &&Kind| known.iter().any(|known| known.name == kind.name);
            if before > 0 && settings.kinds.len() > before && settings.kinds[before..].iter().all(again) {
                let message = format!("The events of \"{name}\" are named already.");
                self.finding(Level::Warning, "redundant", span, message, "Take it out.");
            }
            settings.on.push(name);
        }
        settings.kinds.sort_by_key(|kind| kind.name);
        settings.kinds.dedup_by_key(|kind| kind.name);
    }

    /// What does not go with `SILENT_FOR`, and what does not go without.
    fn silence(&mut self, policy: &Policy, functions: &HashSet<String>, expected: Span) {
        let span = |name: &str| self.named(name).map(|constant| constant.name_span);
        let (silent, hold, resolve, forget) =
            (span("SILENT_FOR"), span("HOLD"), span("RESOLVE_AFTER"), span("FORGET_AFTER"));
        let Some(silent) = silent else {
            if let Some(forget) = forget {
                let help = "Add const SILENT_FOR, or take it out.";
                self.error("silence", forget, "FORGET_AFTER does nothing without SILENT_FOR.", help);
            }
            if functions.contains(EXPECTED) {
                let help = "Add const SILENT_FOR, or take it out.";
                self.error("silence", expected, "fn expected does nothing without SILENT_FOR.", help);
            }
            return;
        };
        for (name, at) in [("HOLD", hold), ("RESOLVE_AFTER", resolve)] {
            if let Some(at) = at {
                let message = format!("{name} does nothing beside SILENT_FOR.");
                let help = "SILENT_FOR alone says when it fires; it is over when it is heard again.";
                self.error("silence", at, message, help);
            }
        }
        if functions.contains("resolved") {
            let help = "Take out fn resolved: the alert is over when fn when holds again.";
            self.error("silence", silent, "SILENT_FOR does not go with fn resolved.", help);
        }
        if policy.silent_for.is_some_and(|silent| silent >= policy.forget_after) {
            let help = "Make FORGET_AFTER longer than SILENT_FOR; it is 7 days unless said.";
            self.error("silence", forget.unwrap_or(silent), "It would be forgotten before it is missed.", help);
        }
    }

    fn severity(&mut self) -> Option<Severity> {
        let constant = self.named("SEVERITY")?;
        let text = constant.value.clone().into_string().unwrap_or_default();
        let span = constant.value_span;
        if let Some(severity) = Severity::named(&text) {
            return Some(severity);
        }
        let near = nearest(&text, Severity::ALL.map(Severity::name)).map(|name| format!("\"{name}\""));
        let help = suggest(near.as_deref(), "Write \"info\", \"warning\" or \"critical\".");
        self.error("bad-severity", span, "SEVERITY is info, warning or critical.", help);
        None
    }

    fn duration(&mut self, name: &str) -> Option<Duration> {
        let constant = self.named(name)?;
        let (span, value) = (constant.value_span, constant.value.clone());
        self.one_duration(name, &value, span)
    }

    fn one_duration(&mut self, name: &str, value: &Dynamic, span: Span) -> Option<Duration> {
        let (problem, help) = match value.as_immutable_string_ref() {
            Ok(text) => match duration::parse(&text) {
                Ok(duration) => return Some(duration),
                Err(problem) => (problem, duration::help(&text)),
            },
            Err(_) => (format!("{name} is a duration in quotes."), duration::help("")),
        };
        self.error("bad-duration", span, problem, help);
        None
    }

    fn remind(&mut self) -> Vec<Duration> {
        let Some(constant) = self.constants.iter().rfind(|constant| constant.name == "REMIND") else {
            return Vec::new();
        };
        let values = constant.value.clone().into_array().unwrap_or_else(|_| vec![constant.value.clone()]);
        if values.is_empty() {
            self.error(
                "bad-duration",
                constant.value_span,
                "REMIND is an empty list.",
                "Leave it out, or write \"1h\".",
            );
        }
        let mut durations = Vec::new();
        for (index, value) in values.iter().enumerate() {
            let span = constant.element_spans.get(index).copied().unwrap_or(constant.value_span);
            durations.extend(self.one_duration("REMIND", value, span));
        }
        durations
    }

    fn zone(&mut self) -> Option<TimeZone> {
        let constant = self.named("ZONE")?;
        let span = constant.value_span;
        let help = "Write it like \"Europe/Berlin\" or \"UTC\".";
        let Ok(text) = constant.value.clone().into_string() else {
            self.error("unknown-zone", span, "ZONE is the name of a time zone, in quotes.", help);
            return None;
        };
        if let Ok(zone) = TimeZone::get(&text) {
            return Some(zone);
        }
        self.error("unknown-zone", span, format!("There is no time zone \"{text}\"."), help);
        None
    }
}

/// A text, or a list of texts, each with where it stands.
fn texts(constant: &Constant) -> Option<Vec<(String, Span)>> {
    if let Ok(text) = constant.value.as_immutable_string_ref() {
        return Some(vec![(text.to_string(), constant.value_span)]);
    }
    let array: Array = constant.value.clone().into_array().ok()?;
    let spans = constant.element_spans.iter().copied().chain(std::iter::repeat(constant.value_span));
    array.into_iter().zip(spans).map(|(value, span)| Some((value.into_string().ok()?, span))).collect()
}
