//! Why a rule did what it did with an event of a log.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::Replay;
use crate::{
    alert::{Change, ChangeKind, Phase, Reason},
    decode,
    event::EventId,
    rules::{
        RuleStatus,
        explain::{Came, Explanation},
        words::{nearest, suggest},
    },
    store::{Row, RowBody},
};

/// An explanation, and what the lifecycle did with the outcome.
#[derive(Clone, Debug, Serialize)]
pub struct Explained {
    #[serde(flatten)]
    pub explanation: Explanation,
    /// The alert as it was right before the event, if there was one.
    pub before: Option<Standing>,
    /// What the event did to the alert, in order; never empty.
    pub lifecycle: Vec<Consequence>,
}

/// How far an alert had come.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Standing {
    pub phase: Phase,
    /// First match.
    pub since: Timestamp,
    /// Matches so far.
    pub matches: u64,
}

/// One thing that came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Consequence {
    pub time: Timestamp,
    /// `None`: nothing happened to any alert.
    pub change: Option<ChangeKind>,
    pub reason: Reason,
    /// What else there is to say about the reason, such as the comment of a silence; mostly empty.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub note: Arc<str>,
    /// In the operator's words.
    pub words: String,
}

impl Replay {
    /// Whether the rule of that name can be asked; else why not, in words.
    ///
    /// # Errors
    /// There is no such rule, or it has errors.
    pub fn can_ask(&self, rule: &str) -> Result<(), String> {
        let rules = self.engine.rules().rules();
        let Some(info) = rules.iter().find(|info| info.name == rule) else {
            let names = || rules.iter().map(|info| info.name.as_str());
            let same_file = names().find(|name| name.rsplit('/').next() == Some(rule));
            let near = same_file.or_else(|| nearest(rule, names()));
            let count = match rules.len() {
                0 => "There are no rules at all.".to_owned(),
                1 => format!("The only rule is {}.", rules[0].name),
                more => format!("There are {more} rules, from {} to {}.", rules[0].name, rules[more - 1].name),
            };
            return Err(format!("There is no rule \"{rule}\". {}", suggest(near, count)));
        };
        if info.status == RuleStatus::Broken {
            let why = info.diagnostics.first().map_or("", |finding| finding.message.as_str());
            return Err(format!("{rule} has errors and does not run. {why}"));
        }
        Ok(())
    }

    /// Takes in the row of an event, up to the event, and explains what the rule does with it. The rest of the row is not
    /// taken in. Times in its words are of that zone.
    ///
    /// # Errors
    /// There is no such rule, or no such event in the row, in words.
    pub fn explain(&mut self, row: &Row, event: EventId, rule: &str, zone: &TimeZone) -> Result<Explained, String> {
        self.begin_at(row.received);
        let RowBody::Frame { topic, bytes } = &row.body else {
            return Err(format!("Row {} is no frame, so it has no events.", row.seq));
        };
        let mut events = decode::frame(Some(*topic), row.seq, row.received, bytes)
            .map_err(|error| format!("The frame of row {} cannot be read: {}", row.seq, error.message))?;
        let Some(place) = events.iter().position(|known| known.id == event) else {
            return Err(match (events.first(), events.last()) {
                (Some(first), Some(last)) if events.len() > 1 => {
                    format!("Row {} has no event {event}: its events are {} to {}.", row.seq, first.id, last.id)
                }
                (Some(only), _) => format!("Row {} has no event {event}: its only event is {}.", row.seq, only.id),
                _ => format!("Row {} has no events.", row.seq),
            });
        };
        events.truncate(place + 1);
        let asked = events.split_off(place);
        // Timers due before the row come first, as ever.
        self.engine.take(events, row.received);
        let Some(explanation) = asked.first().and_then(|event| self.engine.explain(rule, event, row.received)) else {
            return Err(format!("There is no rule \"{rule}\"."));
        };
        let standing = |key: &str| {
            let mut alerts = self.engine.lifecycle().alerts();
            let alert = alerts.find(|alert| &*alert.rule == rule && &*alert.key == key)?;
            Some(Standing { phase: alert.phase, since: alert.since, matches: alert.matches })
        };
        let before = explanation.key.as_deref().and_then(standing);
        let step = self.engine.take(asked, row.received);
        self.engine.lifecycle_mut().forget_saved();
        let mine = step.changes.iter().filter(|change| &*change.rule == rule && change.event == Some(event));
        let mut lifecycle: Vec<Consequence> = mine.map(|change| consequence(change, before, zone)).collect();
        if lifecycle.is_empty() {
            let silent_for =
                self.engine.rules().rules().iter().any(|info| info.name == rule && info.policy.silent_for.is_some());
            lifecycle.push(Consequence {
                time: row.received,
                change: None,
                reason: Reason::None,
                note: "".into(),
                words: nothing(&explanation, silent_for).to_owned(),
            });
        }
        Ok(Explained { explanation, before, lifecycle })
    }
}

fn consequence(change: &Change, before: Option<Standing>, zone: &TimeZone) -> Consequence {
    let clock = |time: Timestamp| time.to_zoned(zone.clone()).strftime("%T").to_string();
    // The note of a digest is its key, which says nothing to people.
    let words = if change.reason == Reason::InDigest { change.reason.words().into() } else { change.words() };
    let because = if words.is_empty() { String::new() } else { format!(": {words}") };
    let words = match (change.change, before) {
        (ChangeKind::Pending, _) => "Pending: it fires if it lasts as long as HOLD says".into(),
        (ChangeKind::Dropped, _) => format!("Pending dropped, nothing fires{because}"),
        (ChangeKind::Fired, Some(before)) => format!("Fired: it has lasted long enough, since {}", clock(before.since)),
        (ChangeKind::Fired, None) => "Fired: a new alert".into(),
        (ChangeKind::Repeated, Some(before)) if change.reason == Reason::Held => {
            format!(
                "Counted, ×{}: pending since {}, and it has not lasted long enough yet",
                before.matches + 1,
                clock(before.since)
            )
        }
        (ChangeKind::Repeated, Some(before)) => {
            format!("Counted, ×{}: the alert is firing already, since {}", before.matches + 1, clock(before.since))
        }
        (ChangeKind::Repeated, None) => format!("Counted{because}"),
        (ChangeKind::Reminded, _) => "Reminded: it lasts, and last spoke as long ago as REMIND says".into(),
        (ChangeKind::Resolved, _) => format!("Resolved{because}"),
        (ChangeKind::Notified, _) => "Pop-up shown".into(),
        (ChangeKind::Suppressed, _) => format!("Pop-up withheld{because}"),
        (other, _) => format!("{}{because}", other.name()),
    };
    Consequence {
        time: change.time,
        change: Some(change.change),
        reason: change.reason,
        note: change.note.clone(),
        words,
    }
}

/// Why nothing came of it.
fn nothing(explanation: &Explanation, silent_for: bool) -> &'static str {
    match explanation.came {
        Came::Matched if silent_for => "Heard: it is silent for as long as SILENT_FOR says from here on",
        Came::Matched => "Nothing: no alert was begun or counted",
        Came::NotMatched => "Nothing: the rule does not match",
        Came::Resolved => "Nothing: there is no alert to resolve for this key",
        Came::CannotTell => "Nothing: the rule neither matches nor fails",
        Came::Failed => "Nothing: the rule failed",
        Came::RanAway => "Nothing: the rule ran away, and is paused",
        Came::NotAsked => "Nothing: the rule was not asked",
    }
}
