//! The worked examples of the specification of time, and what must hold for any signals.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that fails says so by panicking

mod absence;
mod examples;
mod hushed;
mod noise;
mod properties;
mod rules;
mod verdict;

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;

use super::{AlertId, Change, ChangeKind, Lifecycle, Match, RuleMeta, Signal};
use crate::{
    event::{EventId, Topic},
    rules::{Policy, policy::RESOLVE_AFTER},
};

/// A moment of 2026-11-24, such as `8:05` or `8:15:30`.
fn at(text: &str) -> Timestamp {
    let text = if text.matches(':').count() == 1 { format!("{text}:00") } else { text.to_owned() };
    format!("2026-11-24T{text:0>8}Z").parse().unwrap()
}

fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

/// An occurrence that is over after 15 minutes.
fn occurrence() -> Policy {
    Policy { resolve_after: Some(RESOLVE_AFTER), ..Policy::default() }
}

/// A state.
fn state() -> Policy {
    Policy { resolve_after: None, state: true, ..Policy::default() }
}

fn meta(name: &str, policy: Policy) -> RuleMeta {
    RuleMeta { name: name.into(), policy, topics: vec![Topic::Security], enabled: true, expected: Vec::new() }
}

/// A lifecycle with one rule, `r`, and what it said so far.
struct Tried {
    lifecycle: Lifecycle,
    seq: u64,
    changes: Vec<Change>,
}

impl Tried {
    fn new(policy: Policy) -> Self {
        let mut lifecycle = Lifecycle::new();
        let changes = lifecycle.step(at("7:00"), Signal::Rules(vec![meta("r", policy)]));
        assert!(changes.is_empty());
        Self { lifecycle, seq: 0, changes }
    }

    fn signal(&mut self, time: &str, signal: Signal) -> &mut Self {
        self.changes.extend(self.lifecycle.step(at(time), signal));
        self
    }

    /// The rule matches under key `k`.
    fn matches(&mut self, time: &str) -> &mut Self {
        self.seq += 1;
        let found = found("r", "k", self.seq);
        self.signal(time, Signal::Match(found))
    }

    /// The rule's `resolved` holds under key `k`.
    fn resolves(&mut self, time: &str) -> &mut Self {
        self.seq += 1;
        let event = EventId { seq: self.seq, record: 0 };
        self.signal(time, Signal::Resolved { rule: "r".into(), key: "k".into(), event })
    }

    fn hears(&mut self, time: &str, heard: bool) -> &mut Self {
        self.signal(time, Signal::Coverage { topic: Topic::Security, heard })
    }

    /// Nothing but time until then, that moment included.
    fn until(&mut self, time: &str) -> &mut Self {
        self.changes.extend(self.lifecycle.run_due(at(time), true));
        self
    }

    /// The name of the alert under key `k`.
    fn alert(&self) -> AlertId {
        self.lifecycle.alerts().find(|record| &*record.key == "k").unwrap().id.clone()
    }

    /// What was said, as `8:05:00 fired`, with the reason if there is one; repeats left out.
    fn story(&self) -> Vec<String> {
        story(&self.changes)
    }

    /// The same, of what `tocsin replay` prints of alerts.
    fn told(&self) -> Vec<String> {
        let of_alerts = [ChangeKind::Fired, ChangeKind::Reminded, ChangeKind::Resolved, ChangeKind::Dropped];
        let told: Vec<_> = self.changes.iter().filter(|change| of_alerts.contains(&change.change)).cloned().collect();
        story(&told)
    }
}

fn story(changes: &[Change]) -> Vec<String> {
    let said = |change: &Change| {
        let line = format!("{} {} {}", change.time.strftime("%-H:%M:%S"), change.change.name(), change.reason.name());
        line.trim_end().to_owned()
    };
    changes.iter().filter(|change| change.change != ChangeKind::Repeated).map(said).collect()
}

fn found(rule: &str, key: &str, seq: u64) -> Match {
    Match {
        rule: rule.into(),
        key: key.into(),
        title: format!("Title {seq}").into(),
        body: Arc::from("Body"),
        event: EventId { seq, record: 0 },
        topic: Some(Topic::Security),
        kind: "security.rogue".into(),
    }
}
