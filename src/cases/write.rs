//! Cases as TOML, written by Tocsin: a case made of events that were heard, and what is expected as it happens now.

use std::{fmt::Write as _, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use toml::de::{DeTable, DeValue};

use super::{Line, Side};
use crate::event::{Event, Kind, Value};

/// What a case is made of.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'e> {
    pub event: &'e Event,
    /// The rule it is for: fields that its text does not name are left out.
    pub rule: &'e str,
    /// The kinds the rule runs on; with more than one, the case names its own.
    pub kinds: &'e [&'static Kind],
    /// The operator's zone, by its IANA name.
    pub zone: &'e str,
}

/// Events that belong together, in the order they were heard, and how long nothing more is heard after the last.
#[derive(Clone, Copy, Debug)]
pub struct Happened<'e> {
    /// What the case is called, with a number behind it if another is called so.
    pub name: &'e str,
    /// When it begins; no event was heard before.
    pub start: Timestamp,
    pub events: &'e [Event],
    pub advance: Duration,
    pub rule: &'e str,
    pub kinds: &'e [&'static Kind],
    pub zone: &'e str,
}

/// The text of cases with one more at its end: the event alone, at the time it was heard, expecting nothing yet.
pub fn add(cases: &str, heard: Heard<'_>) -> String {
    let Heard { event, rule, kinds, zone } = heard;
    let zoned = event.received.to_zoned(TimeZone::get(zone).unwrap_or(TimeZone::UTC));
    let name = format!("{} heard {}", event.kind.name, zoned.strftime("%-d %b %Y, %H:%M:%S"));
    let (start, events) = (event.received, std::slice::from_ref(event));
    add_all(cases, Happened { name: &name, start, events, advance: Duration::ZERO, rule, kinds, zone })
}

/// The text of cases with one more at its end: these events, as long after one another as they were heard, expecting
/// nothing yet.
pub fn add_all(cases: &str, happened: Happened<'_>) -> String {
    let mut text = cases.trim_end().to_owned();
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    let Happened { name, start, events, advance, rule, kinds, zone } = happened;
    // Writing to a String does not fail.
    let _ = write!(text, "[[case]]\nname = {}\n", quoted(&unused(cases, name)));
    let _ = writeln!(text, "start = {}", whole_seconds(start));
    if zone != "UTC" {
        let _ = writeln!(text, "zone = {}", quoted(zone));
    }
    let one_kind =
        events.first().map(|first| first.kind).filter(|kind| events.iter().all(|one| one.kind.name == kind.name));
    if let Some(kind) = one_kind.filter(|_| kinds.len() != 1) {
        let _ = writeln!(text, "kind = {}", quoted(kind.name));
    }
    let mut clock = 0;
    let written: Vec<String> = events
        .iter()
        .map(|event| {
            let mut parts = Vec::new();
            let at = event.received.as_second().saturating_sub(start.as_second());
            if at > std::mem::replace(&mut clock, at) {
                parts.push(format!(
                    "at = \"{}\"",
                    crate::rules::duration::format(Duration::from_secs(at.unsigned_abs()))
                ));
            }
            if one_kind.is_none() {
                parts.push(format!("kind = {}", quoted(event.kind.name)));
            }
            parts.extend(fields(event, rule));
            format!("{{ {} }}", parts.join(", "))
        })
        .collect();
    match written.as_slice() {
        [one] if one.chars().count() <= 96 => drop(writeln!(text, "events = [{one}]")),
        [] => text.push_str("events = []\n"),
        many => drop(writeln!(text, "events = [\n    {},\n]", many.join(",\n    "))),
    }
    if !advance.is_zero() {
        let _ = writeln!(text, "advance = \"{}\"", crate::rules::duration::format(advance));
    }
    text.push_str("expect = \"nothing\"\n");
    text
}

/// The fields of an event that say something to the rule.
fn fields(event: &Event, rule: &str) -> Vec<String> {
    let fields = event.kind.fields.iter().zip(&event.values);
    fields
        .filter(|(field, value)| !value.is_absent() && matters(field.name, rule, event.kind))
        .filter_map(|(field, value)| Some(format!("{} = {}", field.name, written(value)?)))
        .collect()
}

/// What `expect` says of an alert that fires.
pub fn fires(key: &str, title: &str) -> String {
    format!("[{{ fires = {}, title = {} }}]", quoted(key), quoted(title))
}

/// The text of cases with the expectation of its last case, which is to be "nothing", replaced.
pub fn last_expects(cases: &str, expected: &str) -> String {
    let end = "expect = \"nothing\"\n";
    match cases.strip_suffix(end) {
        Some(before) => format!("{before}expect = {expected}\n"),
        None => cases.to_owned(),
    }
}

/// The text of cases with the expectation of the case that begins at `line` replaced by what happens; `None` if there is
/// no such case, or it expects nothing that could be replaced.
pub fn expect_now(cases: &str, line: u32, story: &[Line]) -> Option<String> {
    let file = DeTable::parse(cases).ok()?;
    let all = file.get_ref().get("case")?.get_ref().as_array()?;
    let begins = |at: usize| cases.get(..at).map_or(0, |before| before.matches('\n').count()) + 1;
    let case = all.iter().find(|case| begins(case.span().start) == line as usize)?;
    let DeValue::Table(table) = case.get_ref() else { return None };
    let place = table.get("expect")?.span();
    let (before, after) = (cases.get(..place.start)?, cases.get(place.end..)?);
    Some(format!("{before}{}{after}", expectation(story)))
}

/// What happened, as `expect` has it.
fn expectation(story: &[Line]) -> String {
    let lines: Vec<String> = story
        .iter()
        .filter(|line| line.side != Side::Missing)
        .map(|line| {
            let at =
                line.at.map_or_else(String::new, |at| format!("at = \"{}\", ", crate::rules::duration::format(at)));
            let title = match line.what {
                super::What::Resolves => String::new(),
                _ => format!(", title = {}", quoted(&line.title)),
            };
            format!("{{ {at}{} = {}{title} }}", line.what.name(), quoted(&line.key))
        })
        .collect();
    match lines.as_slice() {
        [] => "\"nothing\"".to_owned(),
        [only] if only.chars().count() <= 100 => format!("[{only}]"),
        many => format!("[\n    {},\n]", many.join(",\n    ")),
    }
}

/// A name that no case has yet.
fn unused(cases: &str, base: &str) -> String {
    let mut tried = base.to_owned();
    let mut number = 2;
    while cases.contains(&quoted(&tried)) {
        tried = format!("{base} ({number})");
        number += 1;
    }
    tried
}

/// Whether a field says something to the rule: it is named there, or is what an alert is about unless the rule says.
fn matters(field: &str, rule: &str, kind: &Kind) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let named = rule
        .match_indices(field)
        .any(|(at, _)| !rule[..at].ends_with(is_word) && !rule[at + field.len()..].starts_with(is_word));
    named || kind.identity.contains(&field) || kind.telling.contains(&field)
}

/// A value as TOML; `None` for what cannot be written there.
fn written(value: &Value) -> Option<String> {
    match value {
        Value::Absent => None,
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Int(number) => Some(number.to_string()),
        Value::Float(number) if number.is_finite() => Some(format!("{number:?}")),
        Value::Float(_) => None,
        Value::Text(text) => Some(quoted(text)),
        Value::List(items) => {
            let items: Option<Vec<String>> = items.iter().map(written).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Map(parts) => {
            let parts = parts.iter().filter_map(|(name, value)| Some(format!("{name} = {}", written(value)?)));
            Some(format!("{{ {} }}", parts.collect::<Vec<_>>().join(", ")))
        }
    }
}

/// A text in quotes, on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            '\r' => quoted.push_str("\\r"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

fn whole_seconds(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use base64::{Engine as _, engine::general_purpose::STANDARD};

    use super::*;
    use crate::{
        cases::{parse, run},
        decode,
        event::Topic,
        functions::Lists,
        rules::RuleText,
    };

    /// Every event of the samples.
    fn events() -> Vec<Event> {
        let samples = include_str!("../../tests/wire/frames.jsonl").lines();
        let events = samples.flat_map(|line| {
            let sample: serde_json::Value = serde_json::from_str(line).unwrap();
            let topic: Topic = sample["topic"].as_str().unwrap().parse().unwrap();
            let bytes = STANDARD.decode(sample["frame"].as_str().unwrap()).unwrap();
            decode::frame(Some(topic), 7, "2026-01-05T12:00:00.5Z".parse().unwrap(), &bytes).unwrap_or_default()
        });
        events.collect()
    }

    #[test]
    fn a_case_made_of_an_event_holds_what_the_event_held() {
        let mut seen = 0;
        for event in events() {
            let rule = event.kind.fields.iter().map(|field| field.name).collect::<Vec<_>>().join(" ");
            let heard = Heard { event: &event, rule: &rule, kinds: &[], zone: "Europe/Vienna" };
            let text = add("# Mine.\n", heard);
            let (cases, findings) = parse(&text, &[]);
            assert_eq!(findings, [], "{text}");
            let case = &cases.cases[0];
            assert_eq!((&*case.zone, case.start.to_string().as_str()), ("Europe/Vienna", "2026-01-05T12:00:00Z"));
            let floats = |values: &[Value]| format!("{values:?}");
            assert_eq!(floats(&case.events[0].event.values), floats(&event.values), "{text}");
            seen += 1;
        }
        assert!(seen > 60, "{seen}");
    }

    #[test]
    fn only_fields_that_matter_are_kept_and_a_name_is_given_once() {
        let event = events().into_iter().find(|event| event.kind.name == "security.rogue").unwrap();
        let kinds = [event.kind];
        let heard = Heard { event: &event, rule: "present(event.lan_mac)", kinds: &kinds, zone: "UTC" };
        let once = add("", heard);
        assert!(!once.contains("kind =") && !once.contains("zone =") && !once.contains("classification"), "{once}");
        let twice = add(&once, heard);
        let (cases, findings) = parse(&twice, &kinds);
        assert_eq!(findings, [], "{twice}");
        assert_eq!(cases.cases[1].name, format!("{} (2)", cases.cases[0].name));
    }

    #[test]
    fn an_expectation_is_replaced_by_what_happens_and_then_holds() {
        let rule = RuleText {
            name: "attack".into(),
            text:
                "const ON = \"security.wids\";\nconst REMIND = \"10m\";\nfn when(event) { event.level == \"high\" }\n\
                   fn key(event) { event.detected_ap }\nfn title(event) { `A \"${event.detected_ap}\"\\n*` }"
                    .into(),
            enabled: true,
        };
        let before = "# Kept.\n[[case]]\nname = \"quiet\"\nevents = []\nadvance = \"1m\"\nexpect = \"nothing\"\n\n[[case]]\nname = \"two\"\n\
                      expect = [ # wrong\n  { fires = \"CN02\" },\n]\nevents = [{ level = \"high\", detected_ap = \"CN01\" }, { at = \
                      \"10m\", level = \"high\", detected_ap = \"CN01\" }]\nadvance = \"1h\"\n";
        let kinds = [crate::event::catalogue::kind("security.wids").unwrap()];
        let verdict = |text: &str, at: usize| {
            let (cases, findings) = parse(text, &kinds);
            assert_eq!(findings, [], "{text}");
            run(&rule, &Lists::default(), &cases, &cases.cases[at])
        };
        let was = verdict(before, 1);
        assert!(!was.passed);
        let after = expect_now(before, was.line, &was.story).unwrap();
        assert!(after.starts_with("# Kept.\n") && after.contains("reminds = \"CN01\""), "{after}");
        assert!(verdict(&after, 1).passed, "{after}");
        assert!(verdict(&after, 0).passed, "{after}");
        assert_eq!(expect_now(before, 99, &was.story), None);
        assert!(expect_now(before, was.line, &[]).unwrap().contains("expect = \"nothing\"\nevents"));
    }
}
