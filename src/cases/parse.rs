//! From TOML to cases.

use std::{ops::Range, sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};
use toml::de::{DeTable, DeValue};

use super::{
    Case, CaseList, Cases, Expected, Given, What,
    event::{self, RESERVED},
    recover,
    table::{Source, Value},
};
use crate::{
    diagnostic::Diagnostic,
    event::{Kind, catalogue},
    rules::{Severity, duration, words},
};

/// When a case begins unless it says: a Monday at noon.
const START: &str = "2026-01-05T12:00:00Z";
/// How many events a case may have, repeated ones counted.
const EVENTS: usize = 10_000;

const CASE: [&str; 7] = ["name", "start", "zone", "kind", "events", "advance", "expect"];
const EXPECT: [&str; 7] = ["fires", "reminds", "resolves", "at", "title", "body", "severity"];

/// Reads the cases of a rule that runs on `kinds`: an event that does not name its kind is of the only one. Gives every
/// mistake, and the cases without one. What stands outside of the cases holds for all: a mistake there leaves none.
pub fn parse(text: &str, kinds: &[&'static Kind]) -> (Cases, Vec<Diagnostic>) {
    let mut source = Source::new(text);
    let mut cases = Cases::default();
    let sound = recover::without_broken_cases(&mut source, text);
    match DeTable::parse(&sound) {
        Err(error) => source.no_toml(&error),
        Ok(file) => read(&mut source, file.get_ref(), kinds, &mut cases),
    }
    source.findings.sort_by_key(|finding| (finding.span.line, finding.span.column));
    (cases, source.findings)
}

fn read(source: &mut Source<'_>, file: &DeTable<'_>, kinds: &[&'static Kind], cases: &mut Cases) {
    let mut all: &[Value<'_>] = &[];
    let broken = source.mistakes();
    for (key, value) in file {
        match key.get_ref().as_ref() {
            "case" => all = source.array(value, "Write [[case]], with two brackets.").unwrap_or_default(),
            "lists" => cases.lists = lists(source, value),
            _ => source.unknown(key, &["case", "lists"]),
        }
    }
    let outside = source.mistakes() > broken;
    if all.is_empty() && source.mistakes() == 0 {
        source.error("no-cases", 0..0, "There are no cases in this file.", "Begin one with [[case]].");
    }
    let mut names: Vec<String> = Vec::new();
    for value in all {
        let before = source.mistakes();
        let line = source.line(value.span().start);
        let Some(table) = source.table(value, "Write [[case]].") else { continue };
        let case = case(source, table, value.span(), line, kinds);
        if names.contains(&case.name) && !case.name.is_empty() {
            let message = format!("There are two cases \"{}\".", case.name.escape_debug());
            source.error("duplicate-name", value.span(), message, "Give each a name of its own.");
        }
        names.push(case.name.clone());
        if source.mistakes() == before && !outside {
            cases.cases.push(case);
        }
    }
}

fn lists(source: &mut Source<'_>, value: &Value<'_>) -> Vec<CaseList> {
    let help = "Write NAME = [\"entry\"] below [lists].";
    let mut lists = Vec::new();
    for (key, value) in source.table(value, help).into_iter().flatten() {
        let name = key.get_ref();
        // devices.serial = […]: a column of a list.
        if let Some(columns) = value.get_ref().as_table() {
            for (column, value) in columns {
                lists.extend(list(source, format!("{name}.{}", column.get_ref()), column.span(), value, help));
            }
        } else {
            lists.extend(list(source, name.to_string(), key.span(), value, help));
        }
    }
    lists
}

fn list(source: &mut Source<'_>, name: String, at: Range<usize>, value: &Value<'_>, help: &str) -> Option<CaseList> {
    let span = source.span(at);
    let items = source.array(value, help)?;
    let entries = items.iter().filter_map(|item| source.text(item, help).map(Arc::from)).collect();
    Some(CaseList { name, entries, span })
}

/// A case, and what is needed to read its parts.
fn case(source: &mut Source<'_>, table: &DeTable<'_>, at: Range<usize>, line: u32, kinds: &[&'static Kind]) -> Case {
    let mut case = Case {
        name: String::new(),
        line,
        start: START.parse().unwrap_or(Timestamp::UNIX_EPOCH),
        zone: "UTC".to_owned(),
        events: Vec::new(),
        end: Duration::ZERO,
        expect: Vec::new(),
    };
    for (key, _) in table {
        if !CASE.contains(&key.get_ref().as_ref()) {
            source.unknown(key, &CASE);
        }
    }
    if let Some(name) = table.get("name").and_then(|value| source.text(value, "Say in a few words what it shows.")) {
        name.clone_into(&mut case.name);
    }
    if case.name.trim().is_empty() && table.get("name").is_none_or(|value| value.get_ref().is_str()) {
        source.error("missing-key", at.clone(), "A case has a name.", "name = \"what it shows, in a few words\"");
    }
    if let Some(start) = table.get("start").and_then(|value| time(source, value)) {
        case.start = start;
    }
    if let Some((value, zone)) = table.get("zone").and_then(|value| Some((value, source.text(value, "")?))) {
        if TimeZone::get(zone).is_err() {
            let message = format!("\"{}\" is no time zone.", zone.escape_debug());
            source.error("bad-value", value.span(), message, "zone = \"Europe/Berlin\"");
        }
        zone.clone_into(&mut case.zone);
    }
    let own = table.get("kind").and_then(|value| kind(source, value));
    let kind = own.or(if let [only] = kinds { Some(*only) } else { None });
    let mut clock = Duration::ZERO;
    if let Some(value) = table.get("events") {
        for value in source.array(value, "events = [{ … }, { … }]").unwrap_or_default() {
            let Some(fields) = source.table(value, "An event is { FIELD = value, … }.") else { continue };
            item(source, fields, value.span(), kind, &mut clock, &mut case);
        }
    }
    let none = table.get("events").filter(|value| value.get_ref().as_array().is_some_and(|events| events.is_empty()));
    if let Some(value) = none.filter(|_| table.get("advance").is_none()) {
        let message = "The case has no events, and no time goes by: it proves nothing.";
        source.warning("no-effect", value.span(), message, "Write events in it, or advance = \"1h\".");
    }
    if let Some(span) = table.get("advance").and_then(|value| span(source, value)) {
        clock = clock.saturating_add(span);
    }
    case.end = clock;
    match table.get("expect") {
        None => source.error(
            "missing-key",
            at,
            "The case does not say what is expected.",
            "expect = \"nothing\", or a list such as [{ fires = \"KEY\" }]",
        ),
        Some(value) if value.get_ref().as_str() == Some("nothing") => {}
        Some(value) => {
            let help = "expect = \"nothing\", or a list such as [{ fires = \"KEY\" }]";
            for value in source.array(value, help).unwrap_or_default() {
                let Some(table) = source.table(value, "Write { fires = \"KEY\" }.") else { continue };
                case.expect.extend(expected(source, table, value.span()));
            }
        }
    }
    case
}

/// An event, or time that goes by before the next.
fn item(
    source: &mut Source<'_>,
    table: &DeTable<'_>,
    place: Range<usize>,
    kind_of_case: Option<&'static Kind>,
    clock: &mut Duration,
    case: &mut Case,
) {
    if let Some(value) = table.get("advance") {
        if let Some(span) = span(source, value) {
            *clock = clock.saturating_add(span);
        }
        for (key, _) in table.iter().filter(|(key, _)| key.get_ref().as_ref() != "advance") {
            source.error(
                "unknown-key",
                key.span(),
                "Where time goes by, nothing else happens.",
                "Write the event after it, in braces of its own.",
            );
        }
        return;
    }
    if let Some((value, at)) = table.get("at").and_then(|value| Some((value, moment(source, value)?))) {
        if at < *clock {
            let message = format!("This is earlier than what stands before it ({}).", duration::format(*clock));
            source.error("order", value.span(), message, "Times are since the beginning of the case, in order.");
        }
        *clock = at.max(*clock);
    }
    let own = table.get("kind").map(|value| kind(source, value));
    let Some(kind) = own.unwrap_or(kind_of_case) else {
        if own.is_none() {
            source.error(
                "missing-key",
                place,
                "The event has no kind, and the rule runs on several.",
                "Write kind = \"…\" in it: docs/fields.md lists the kinds, and tocsin export | tocsin decode shows those that came.",
            );
        }
        return;
    };
    let event = event::read(source, table, kind, case.start);
    let times = table.get("times").and_then(|value| whole(source, value)).unwrap_or(1);
    let every = table.get("every").and_then(|value| Some((value, span(source, value)?)));
    if let Some((value, _)) = every.filter(|_| table.get("times").is_none()) {
        let message = "every does nothing without times: the event comes once.";
        source.warning("no-effect", value.span(), message, "Write times = 5 beside it, or take it out.");
    }
    for time in 0..times {
        if case.events.len() >= EVENTS {
            return source.error("too-many", place, format!("A case has at most {EVENTS} events."), "");
        }
        if time > 0 {
            *clock = clock.saturating_add(every.map_or(Duration::ZERO, |(_, every)| every));
        }
        case.events.push(Given { at: *clock, event: event.clone() });
    }
}

fn expected(source: &mut Source<'_>, table: &DeTable<'_>, at: Range<usize>) -> Option<Expected> {
    let before = source.findings.len();
    let mut found = None;
    let (mut title, mut body, mut severity, mut moment_of) = (None, None, None, None);
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        if let Some(what) = What::ALL.into_iter().find(|what| what.name() == name) {
            let help = "Name the key of the alert, or \"*\" for any.";
            let key = source.text(value, help)?.to_owned();
            if found.replace((what, key)).is_some() {
                source.error("bad-value", at.clone(), "An alert does one thing at a time.", "Write two entries.");
            }
            continue;
        }
        match name {
            "at" => moment_of = moment(source, value),
            "title" => title = source.text(value, "").map(str::to_owned),
            "body" => body = source.text(value, "").map(str::to_owned),
            "severity" => {
                let named = source.text(value, "severity = \"critical\"")?;
                severity = Severity::named(named);
                if severity.is_none() {
                    let known = Severity::ALL.map(Severity::name);
                    let message = format!("\"{}\" is no severity.", named.escape_debug());
                    let help = words::suggest(words::nearest(named, known), "Known: info, warning, critical.");
                    source.error("bad-value", value.span(), message, help);
                }
            }
            _ => source.unknown(key, &EXPECT),
        }
    }
    let Some((what, key)) = found else {
        if source.findings.len() == before {
            let help = "fires = \"KEY\", reminds = \"KEY\" or resolves = \"KEY\"";
            source.error("missing-key", at, "This does not say what the alert does.", help);
        }
        return None;
    };
    Some(Expected { what, key, at: moment_of, title, body, severity })
}

fn kind(source: &mut Source<'_>, value: &Value<'_>) -> Option<&'static Kind> {
    let name = source.text(value, "kind = \"security.rogue\"")?;
    let kind = catalogue::kind(name);
    if kind.is_none() {
        let near = words::nearest(name, catalogue::kinds().iter().map(|kind| kind.name));
        let message = format!("There is no kind of event \"{}\".", name.escape_debug());
        source.error("unknown-kind", value.span(), message, words::suggest(near, "All kinds are in docs/fields.md."));
    }
    kind
}

/// A moment since the beginning: a duration, or `0s`.
fn moment(source: &mut Source<'_>, value: &Value<'_>) -> Option<Duration> {
    let is_now = value.get_ref().as_str().is_some_and(|text| matches!(text, "0s" | "0m" | "0h" | "0d"));
    if is_now { Some(Duration::ZERO) } else { span(source, value) }
}

fn span(source: &mut Source<'_>, value: &Value<'_>) -> Option<Duration> {
    let help = "Write it as 90s, 10m, 1h30m or 7d.";
    match duration::parse(source.text(value, help)?) {
        Ok(span) => Some(span),
        Err(message) => {
            source.error("bad-duration", value.span(), message, help);
            None
        }
    }
}

fn whole(source: &mut Source<'_>, value: &Value<'_>) -> Option<usize> {
    let number = match value.get_ref() {
        DeValue::Integer(number) => usize::from_str_radix(number.as_str(), number.radix()).ok(),
        _ => None,
    };
    let number = number.filter(|number| *number > 0);
    if number.is_none() {
        source.error("bad-value", value.span(), "How often is a whole number, from 1.", "times = 5");
    }
    number
}

/// A time with its zone, as text or as TOML writes it.
pub(super) fn time(source: &mut Source<'_>, value: &Value<'_>) -> Option<Timestamp> {
    let said = match value.get_ref() {
        DeValue::Datetime(time) => time.to_string(),
        DeValue::String(text) => text.to_string(),
        _ => String::new(),
    };
    let time = said.parse().ok();
    if time.is_none() {
        source.error("bad-value", value.span(), "This is no time with its zone.", "Write it as 2026-01-05T12:00:00Z.");
    }
    time
}

/// Whether a key of an event is a word of cases and no field.
pub(super) fn is_reserved(name: &str) -> bool {
    RESERVED.contains(&name)
}
