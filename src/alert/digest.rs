//! Many alerts in one pop-up: an alert of Tocsin's own that says how many, of which rules, and the first few.

use std::{collections::BTreeSet, fmt::Write as _, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AlertId, AlertRecord, live::span, noise::ByRule};
use crate::{event::EventId, rules::Severity};

/// The digest of what came while nobody was there.
pub(super) const AWAY: &str = "while away";
/// The digest of what quiet hours, maintenance and silences hid and is still firing.
pub(super) const HIDDEN: &str = "not shown before";
/// The digest of what is too much for all rules together.
pub(super) const ALL: &str = "all rules";
/// Begins the key of the digest of what is too much of one rule.
const OF_RULE: &str = "rule ";

/// How many alerts are told apart; of more it is only counted how often they spoke.
const TOLD_APART: usize = 500;
/// How many titles are named.
const TITLES: usize = 3;
/// How many rules are named.
const RULES: usize = 4;

/// The key of one rule's digest.
pub(super) fn of_rule(rule: &str) -> Arc<str> {
    format!("{OF_RULE}{rule}").into()
}

/// What a digest is going to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Digest {
    /// When it speaks.
    pub due: Timestamp,
    pub began: Timestamp,
    /// What the first of its alerts was about.
    pub first: EventId,
    pub worst: Severity,
    alerts: BTreeSet<AlertId>,
    more: u64,
    rules: ByRule,
    titles: Vec<Arc<str>>,
}

impl Digest {
    /// One that begins at `now`, with an alert of that event.
    pub fn new(now: Timestamp, due: Timestamp, first: EventId) -> Self {
        Self {
            due,
            began: now,
            first,
            worst: Severity::Info,
            alerts: BTreeSet::new(),
            more: 0,
            rules: ByRule::new(),
            titles: Vec::new(),
        }
    }

    /// Takes in an alert that would have spoken.
    pub fn add(&mut self, record: &AlertRecord) {
        if self.alerts.contains(&record.id) {
            return;
        }
        if self.alerts.len() < TOLD_APART {
            self.alerts.insert(record.id.clone());
        } else {
            self.more += 1;
        }
        self.worst = self.worst.max(record.severity);
        *self.rules.entry(record.rule.clone()).or_default() += 1;
        if self.titles.len() < TITLES {
            self.titles.push(record.title.clone());
        }
    }

    /// How many alerts it is about.
    pub fn count(&self) -> u64 {
        self.alerts.len() as u64 + self.more
    }

    /// Title and body of its pop-up.
    pub fn says(&self, key: &str) -> (String, String) {
        let (count, over) = (self.count(), words(self.began, self.due));
        let only = self.titles.first().filter(|_| count == 1);
        let title = match (key, only) {
            (HIDDEN, Some(title)) => format!("Still firing: {title}"),
            (HIDDEN, None) => format!("{count} alerts are still firing"),
            (AWAY, Some(title)) => format!("While you were away: {title}"),
            (AWAY, None) => format!("While you were away: {count} alerts"),
            (_, Some(title)) => title.to_string(),
            (_, None) => match key.strip_prefix(OF_RULE) {
                Some(rule) => format!("{count} more alerts of {rule} in {over}"),
                None => format!("{count} more alerts in {over}"),
            },
        };
        let mut body = String::new();
        if key == HIDDEN {
            body.push_str("They were not shown when they fired.");
        }
        if only.is_none() {
            for title in &self.titles {
                line(&mut body, title);
            }
            if count > self.titles.len() as u64 {
                line(&mut body, &format!("and {} more", count - self.titles.len() as u64));
            }
            if self.rules.len() > 1 {
                let mut rules: Vec<_> = self.rules.iter().collect();
                rules.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
                let named: Vec<_> = rules.iter().take(RULES).map(|(rule, count)| format!("{rule} ×{count}")).collect();
                line(&mut body, &named.join(", "));
            }
        }
        (title, body)
    }
}

fn line(body: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = write!(body, "{}{text}", if body.is_empty() { "" } else { "\n" });
}

/// How long that is, in the one unit that tells it best.
pub(super) fn words(from: Timestamp, to: Timestamp) -> String {
    let seconds = span(from, to).as_secs();
    match seconds {
        0..=90 => format!("{} s", seconds.max(1)),
        91..=5_400 => format!("{} min", (seconds + 30) / 60),
        5_401..=129_600 => format!("{} h", (seconds + 1_800) / 3_600),
        _ => format!("{} d", (seconds + 43_200) / 86_400),
    }
}
