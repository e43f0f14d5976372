//! A case made of an alert: the fewest events of the log that raise it, expecting what the operator said of it.

use std::{collections::BTreeSet, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    cases::{Texts, expecting_now},
    events,
    fewest::fewest,
};
use crate::{
    alert::{AlertId, AlertRecord, ChangeKind, Verdict},
    api::{AlertCase, ApiError},
    cases::{self, Happened, Side, What},
    decode,
    event::{Event, EventId, Kind},
    functions::Lists,
    inert,
    rules::{RuleSet, RuleText},
    store::{AlertHistory, Reader, RowBody},
};

/// How many events before the alert are looked at, and how many frames.
const EVENTS: usize = 200;
const FRAMES: usize = 2_000;
/// The longest title in the name of a case, in characters.
const TITLE: usize = 60;

/// The cases with one more, made of an alert. Of one that was noise it expects nothing; of one that was useful, that it
/// fires; of one that nobody judged, what the rule does now. Looking for the fewest events ends when `is_over` says so.
pub fn from_alert(
    reader: &Reader,
    texts: Texts,
    alert: &str,
    zone: &str,
    is_over: impl FnMut() -> bool,
) -> Result<AlertCase, ApiError> {
    let history = reader.alert(&AlertId::from(alert))?;
    let history = history.ok_or_else(|| ApiError::new("no-alert", "This alert is no longer kept."))?;
    let rule = RuleText { name: texts.name.clone(), text: texts.text.clone(), enabled: true };
    let set = RuleSet::compile(std::slice::from_ref(&rule), texts.lists.clone(), TimeZone::UTC, None);
    let record = &history.record;
    let title = inert::short(&record.title, TITLE);
    let said = record.judged.map(|judged| judged.verdict);
    let made = Made {
        rule: &rule,
        lists: &texts.lists,
        kinds: set.rules().first().map(|info| info.kinds.clone()).unwrap_or_default(),
        zone,
        name: &name(&title, said, record, zone),
        cases: &texts.cases,
        key: &record.key,
        fired: record.fired.unwrap_or(record.since),
    };
    let own = own_events(reader, &history);
    let last = own.last().map(|event| event.id);
    let Found { events, raise, known } = made.fewest(own, || before(reader, last, made.fired, &made.kinds), is_over)?;
    if events.is_empty() {
        return Err(ApiError::new("no-event", "The log no longer has the events of this alert.")
            .help("Write the case by hand, or make one of a later alert."));
    }
    let text = made.text(&events);
    let cases = match said {
        Some(Verdict::Noise) => text,
        Some(Verdict::Useful) if !raise => cases::last_expects(&text, &cases::fires(&record.key, &record.title)),
        _ => expecting_now(Texts { cases: text.clone(), ..texts }).unwrap_or(text),
    };
    Ok(AlertCase { cases, fewest: known })
}

fn name(title: &str, said: Option<Verdict>, record: &AlertRecord, zone: &str) -> String {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let when = record.fired.unwrap_or(record.since).to_zoned(zone);
    let what = match said {
        Some(Verdict::Useful) => "useful: ",
        Some(Verdict::Noise) => "noise: ",
        None => "",
    };
    format!("{what}{title}, {}", when.strftime("%-d %b %Y, %H:%M:%S"))
}

/// The events that the alert itself names, up to the one that it fired at.
fn own_events(reader: &Reader, history: &AlertHistory) -> Vec<Event> {
    let record = &history.record;
    let at = |kind| history.changes.iter().find(|change| change.change == kind).and_then(|change| change.event);
    let fired = at(ChangeKind::Fired);
    let last = fired.unwrap_or(record.first_event);
    let ids = BTreeSet::from([record.first_event.min(last), last]);
    ids.into_iter().filter_map(|id| events::find(reader, &id.to_string()).ok()).collect()
}

/// The events of these kinds before the alert fired, at that one at the latest, oldest first.
fn before(
    reader: &Reader,
    last: Option<EventId>,
    fired: Timestamp,
    kinds: &[&'static Kind],
) -> Result<Vec<Event>, ApiError> {
    let topics: BTreeSet<_> = kinds.iter().map(|kind| kind.topic).collect();
    let topic = if topics.len() == 1 { topics.first().copied() } else { None };
    let mut found: Vec<Event> = Vec::new();
    let mut seq = last.map(|last| last.seq.saturating_add(1));
    let mut looked = 0;
    while found.len() < EVENTS && looked < FRAMES {
        let frames = reader.recent_frames(topic, seq, 200)?;
        let Some(oldest) = frames.last() else { break };
        (seq, looked) = (Some(oldest.seq), looked + frames.len());
        for frame in &frames {
            let RowBody::Frame { topic, bytes } = &frame.body else { continue };
            let Ok(events) = decode::frame(Some(*topic), frame.seq, frame.received, bytes) else { continue };
            let wanted = |event: &Event| {
                event.received <= fired
                    && last.is_none_or(|last| event.id <= last)
                    && kinds.iter().any(|kind| kind.name == event.kind.name)
            };
            found.extend(events.into_iter().rev().filter(wanted));
        }
    }
    found.truncate(EVENTS);
    found.reverse();
    Ok(found)
}

/// The events of a case.
struct Found {
    events: Vec<Event>,
    /// They raise the alert.
    raise: bool,
    /// None of them can be left out; else it was not tried with all of them.
    known: bool,
}

/// What a case is made with.
struct Made<'a> {
    rule: &'a RuleText,
    lists: &'a Lists,
    kinds: Vec<&'static Kind>,
    zone: &'a str,
    name: &'a str,
    /// Those it is added to.
    cases: &'a str,
    key: &'a str,
    fired: Timestamp,
}

impl Made<'_> {
    /// The fewest events that raise the alert: those that it names, or of those before it the ones without which it would
    /// not fire.
    fn fewest(
        &self,
        own: Vec<Event>,
        before: impl FnOnce() -> Result<Vec<Event>, ApiError>,
        is_over: impl FnMut() -> bool,
    ) -> Result<Found, ApiError> {
        let last = own.len().saturating_sub(1);
        for few in [own.get(last..).unwrap_or_default(), own.as_slice()] {
            if self.raises(few) {
                return Ok(Found { events: few.to_vec(), raise: true, known: true });
            }
        }
        let left = before()?;
        if !self.raises(&left) {
            return Ok(Found { events: own, raise: false, known: true });
        }
        let (left, known) = fewest(left, |fewer| self.raises(fewer), is_over);
        Ok(Found { events: left, raise: true, known })
    }

    fn raises(&self, events: &[Event]) -> bool {
        if events.is_empty() {
            return false;
        }
        let (parsed, _) = cases::parse(&self.text(events), &self.kinds);
        let Some(case) = parsed.cases.last() else { return false };
        let verdict = cases::run(self.rule, self.lists, &parsed, case);
        verdict.story.iter().any(|line| line.side != Side::Missing && line.what == What::Fires && line.key == self.key)
    }

    fn text(&self, events: &[Event]) -> String {
        let start = events.first().map_or(self.fired, |first| first.received);
        let last = events.last().map_or(start, |last| last.received);
        // What fired by time alone is waited for, to the second after.
        let waits = (self.fired - last).total(jiff::Unit::Second).map_or(0.0, f64::ceil);
        let advance = if waits > 0.0 { Duration::try_from_secs_f64(waits).unwrap_or_default() } else { Duration::ZERO };
        let (name, rule, kinds, zone) = (self.name, self.rule.text.as_str(), self.kinds.as_slice(), self.zone);
        cases::add_all(self.cases, Happened { name, start, events, advance, rule, kinds, zone })
    }
}
