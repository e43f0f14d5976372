//! What a replay raised: its alerts, one by one, taken from the changes.

use std::{collections::HashMap, sync::Arc};

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    alert::{AlertId, Change, ChangeKind},
    event::EventId,
    rules::Severity,
};

/// How many alerts are kept one by one; of more it is only counted how many.
pub const MOST_RAISED: usize = 100_000;

/// One alert that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Raised {
    pub rule: Arc<str>,
    pub key: Arc<str>,
    pub severity: Severity,
    /// As it fired.
    pub title: Arc<str>,
    /// As it fired.
    #[serde(skip)]
    pub body: Arc<str>,
    /// The event that made it fire; none: a timer did.
    #[serde(skip)]
    pub event: Option<EventId>,
    pub fired: Timestamp,
    /// `None`: it lasted to the end.
    pub resolved: Option<Timestamp>,
    pub reminders: u32,
    /// How often it was shown.
    pub popups: u32,
    /// Why it was not shown when it fired, by the reason's name; empty when it was.
    pub withheld: String,
}

/// The alerts of a stretch, gathered change by change.
#[derive(Debug, Default)]
pub struct Raising {
    raised: Vec<Raised>,
    /// Those that are not over, by their place.
    open: HashMap<AlertId, usize>,
    fired: u64,
    popups: u64,
}

impl Raising {
    /// Takes in the next change.
    pub fn take_in(&mut self, change: &Change) {
        if change.change == ChangeKind::Notified {
            self.popups += 1;
        }
        if change.change == ChangeKind::Fired {
            self.fired += 1;
            if self.raised.len() < MOST_RAISED {
                self.open.insert(change.alert.clone(), self.raised.len());
                self.raised.push(begun(change));
            }
            return;
        }
        let Some(raised) = self.open.get(&change.alert).and_then(|place| self.raised.get_mut(*place)) else { return };
        match change.change {
            ChangeKind::Reminded => raised.reminders += 1,
            ChangeKind::Notified => raised.popups += 1,
            ChangeKind::Suppressed if change.time == raised.fired => {
                change.reason.name().clone_into(&mut raised.withheld);
            }
            ChangeKind::Resolved => {
                raised.resolved = Some(change.time);
                self.open.remove(&change.alert);
            }
            _ => {}
        }
    }

    /// In the order in which they fired, the first [`MOST_RAISED`] of them.
    pub fn raised(&self) -> &[Raised] {
        &self.raised
    }

    /// How many fired in all.
    pub fn fired(&self) -> u64 {
        self.fired
    }

    /// How many pop-ups there were, digests included.
    pub fn popups(&self) -> u64 {
        self.popups
    }
}

fn begun(change: &Change) -> Raised {
    Raised {
        rule: change.rule.clone(),
        key: change.key.clone(),
        severity: change.severity,
        title: change.title.clone(),
        body: change.body.clone(),
        event: change.event,
        fired: change.time,
        resolved: None,
        reminders: 0,
        popups: 0,
        withheld: String::new(),
    }
}

/// Pop-ups a day over a stretch. One shorter than a day counts as a day: nothing is made up for the rest of it.
pub fn a_day(popups: u64, from: Timestamp, to: Timestamp) -> f64 {
    let days = to.duration_since(from).as_secs_f64() / 86_400.0;
    popups as f64 / days.max(1.0)
}
