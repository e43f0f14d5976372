//! What is known at this moment, for the status that every window, the rail and the tray show.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan as _};

use super::counting::Counting;
use crate::{
    alert::{AlertRecord, Phase, Silence, silence_of},
    api::{Counts, Gap, KeyPlace, KeyStatus, ProblemInfo, Status, TopicPhase, TopicStatus},
    event::Topic,
    pipeline::Seen,
    rules::{RuleStatus, Severity},
    source::{ConnectionState, KeyInfo, Phase as Connection},
    store::{Coverage, CoverageReason},
};

/// All that bears on the status of one session.
#[derive(Default)]
pub struct Board {
    /// The topics that are wanted.
    pub topics: Vec<Topic>,
    pub connections: BTreeMap<Topic, ConnectionState>,
    pub counting: Counting,
    /// Stretches not heard, by topic, oldest first.
    pub gaps: BTreeMap<Topic, Vec<Gap>>,
    /// Since when it is on record whether a topic is heard.
    pub known: BTreeMap<Topic, Timestamp>,
    /// Alerts that are not over.
    pub active: BTreeMap<String, AlertRecord>,
    pub rejected: u32,
    pub let_go: u32,
    pub not_drawn: u32,
    pub snoozed_until: Option<Timestamp>,
    /// Those in force, and some that are over.
    pub silences: Vec<Silence>,
    pub popups: Option<ProblemInfo>,
    pub storage: Option<ProblemInfo>,
    pub key: Option<(KeyInfo, KeyPlace)>,
    pub key_problem: Option<ProblemInfo>,
    /// When this session began: the state of a topic that was never tried is as old.
    pub since: Option<Timestamp>,
}

impl Board {
    /// Takes in an alert that changed.
    pub fn alert(&mut self, record: &AlertRecord) {
        match record.phase {
            Phase::Resolved | Phase::Dropped => self.active.remove(record.id.as_str()),
            Phase::Pending | Phase::Firing => self.active.insert(record.id.to_string(), record.clone()),
        };
    }

    /// Takes in that a topic is heard or not from `at` on.
    pub fn coverage(&mut self, at: Timestamp, coverage: &Coverage) {
        let known = self.known.contains_key(&coverage.topic);
        let young = self.since.is_none_or(|since| at > day_before(since));
        if coverage.reason == CoverageReason::NotRunning && !known && young {
            return; // the log's first rows: there was nothing before to be missed
        }
        self.known.entry(coverage.topic).or_insert(at);
        let gaps = self.gaps.entry(coverage.topic).or_default();
        if let Some(open) = gaps.last_mut().filter(|gap| gap.to.is_none()) {
            open.to = Some(at.into());
        }
        if !coverage.heard {
            gaps.push(Gap { from: at.into(), to: None, reason: gap_words(coverage) });
        }
    }

    /// The status as of `now`.
    pub fn status(&mut self, rules: &Seen, now: Timestamp) -> Status {
        let topics: Vec<TopicStatus> = Topic::ALL.into_iter().map(|topic| self.topic(topic, now)).collect();
        let mut firing = Counts::default();
        let mut acknowledged = 0;
        for record in self.active.values().filter(|record| record.phase == Phase::Firing) {
            let snoozed = record.snoozed_until.is_some_and(|until| until > now);
            match record.severity {
                _ if record.acknowledged.is_some() => acknowledged += 1,
                _ if snoozed || silence_of(record, &self.silences, now).is_some() => {}
                Severity::Critical => firing.critical += 1,
                Severity::Warning => firing.warning += 1,
                Severity::Info => firing.info += 1,
            }
        }
        let count = |wanted: &dyn Fn(&crate::rules::RuleInfo) -> bool| {
            rules.rules.iter().filter(|rule| rule.enabled && wanted(rule)).count() as u32
        };
        Status {
            events_per_minute: topics.iter().map(|topic| topic.rate).sum(),
            topics,
            key: self.key_status(),
            firing,
            acknowledged,
            rejected: self.rejected,
            let_go: self.let_go,
            not_drawn: self.not_drawn,
            snoozed_until: self.snoozed_until.filter(|until| *until > now).map(Into::into),
            popups: self.popups.clone(),
            storage: self.storage.clone(),
            rules_paused: count(&|rule| rule.paused_until.is_some_and(|until| until > now)),
            rules_broken: count(&|rule| rule.status != RuleStatus::Running),
            rules_on: count(&|_| true),
        }
    }

    fn key_status(&self) -> Option<KeyStatus> {
        let Some((info, place)) = &self.key else { return None };
        Some(KeyStatus {
            customer: info.customer_id.clone(),
            made: info.created.into(),
            works_until: info.expires.into(),
            renews: info.renew_at().into(),
            place: *place,
            problem: self.key_problem.clone(),
        })
    }

    fn topic(&mut self, topic: Topic, now: Timestamp) -> TopicStatus {
        let since = self.since.unwrap_or(now);
        let state = self.connections.get(&topic);
        let wanted = self.topics.contains(&topic);
        let day_ago = day_before(now);
        let gaps = self.gaps.get(&topic).map_or(&[][..], Vec::as_slice);
        let recent = gaps.iter().filter(|gap| gap.to.is_none_or(|to| to > day_ago.into()));
        let known = self.known.get(&topic).copied().unwrap_or(now);
        TopicStatus {
            topic,
            phase: phase(wanted, state, self.key_problem.is_some()),
            since: state.map_or(since, |state| state.since).into(),
            retry_at: state.and_then(|state| state.retry_at).map(Into::into),
            tries: state.map_or(0, |state| state.tries),
            problem: match state {
                Some(state) => state.problem.as_ref().map(Into::into),
                None if wanted => self.key_problem.clone(),
                None => None,
            },
            last_event: self.counting.last(topic).map(Into::into),
            rate: self.counting.rate(topic, now),
            minutes: self.counting.minutes(topic, now),
            begun: (known > day_ago).then(|| known.into()),
            gaps: recent.cloned().collect(),
        }
    }
}

fn day_before(now: Timestamp) -> Timestamp {
    now.checked_sub(24.hours()).unwrap_or(now)
}

fn phase(wanted: bool, state: Option<&ConnectionState>, no_key: bool) -> TopicPhase {
    match state.map(|state| state.phase) {
        _ if !wanted => TopicPhase::Off,
        Some(Connection::Live) => TopicPhase::Listening,
        Some(Connection::BackingOff) => TopicPhase::Reconnecting,
        Some(Connection::Refused) => TopicPhase::Refused,
        Some(Connection::Connecting) if state.is_some_and(|state| state.tries > 0) => TopicPhase::Reconnecting,
        None if no_key => TopicPhase::Refused,
        Some(Connection::Connecting) | None => TopicPhase::Connecting,
    }
}

/// Why nobody listened, in words.
pub fn gap_words(coverage: &Coverage) -> String {
    let words = match coverage.reason {
        CoverageReason::Listening => "",
        CoverageReason::Off => "Switched off",
        CoverageReason::Asleep => "This computer was asleep",
        CoverageReason::Disconnected => "The connection was lost",
        CoverageReason::Refused => "Central refused this topic",
        CoverageReason::Key => "The key was not accepted",
        CoverageReason::Overload => "More came than could be stored",
        CoverageReason::NotRunning => "Tocsin was not running",
        CoverageReason::OtherAccount => "Another account was listened to",
    };
    if coverage.detail.is_empty() { words.to_owned() } else { format!("{words}. {}", coverage.detail) }
}
