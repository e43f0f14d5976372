//! Whether an alert that speaks is shown, and if not, why: the one place where pop-ups are held back.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use super::{
    AlertRecord, DIGEST, Looked, Noise, Reason, Silence,
    digest::{self, Digest},
    live::after,
    noise::{MINUTE, Pace, Reached},
};
use crate::rules::Severity;

/// How late a timer runs at least when nobody was there at its time: asleep, or not running.
const AWAY: SignedDuration = SignedDuration::from_mins(2);
/// How long after the return its digest speaks, so that what comes at once is in it.
const RETURN: std::time::Duration = std::time::Duration::from_secs(5);

/// Why there is no pop-up, and what else there is to say about it.
pub(super) type Held = (Reason, Arc<str>);

/// All that can hold pop-ups back beside what stands in the alert itself.
#[derive(Debug)]
pub(super) struct Hush {
    pub snoozed_all: Option<Timestamp>,
    /// Pop-ups are turned off in the settings.
    pub off: bool,
    pub zone: TimeZone,
    /// As the log says; `None` before it does.
    pub noise: Option<Noise>,
    pub silences: BTreeMap<u64, Silence>,
    pub pace: Pace,
    /// What waits to be told together, by the key of its alert.
    pub digests: BTreeMap<Arc<str>, Digest>,
    /// When to look whether what was hidden may be shown.
    pub looks: Option<Timestamp>,
    /// While timers run that are due since long: when somebody is there again.
    pub late: Option<Timestamp>,
    /// Digests that changed since the lifecycle last looked.
    pub touched: BTreeSet<Arc<str>>,
    /// Something else changed that is to be saved.
    pub changed: bool,
}

impl Default for Hush {
    fn default() -> Self {
        Self {
            snoozed_all: None,
            off: false,
            zone: TimeZone::UTC,
            noise: None,
            silences: BTreeMap::new(),
            pace: Pace::default(),
            digests: BTreeMap::new(),
            looks: None,
            late: None,
            touched: BTreeSet::new(),
            changed: false,
        }
    }
}

impl Hush {
    /// Nothing (`None`: a pop-up), or the one reason there is no pop-up. What is nearest to the alert comes first, so that
    /// the operator reads what they themselves did to it; what only puts it off into a digest comes last.
    pub fn holds(&mut self, record: &AlertRecord, now: Timestamp) -> Option<Held> {
        let plain = |reason| Some((reason, Arc::default()));
        let is_digest = &*record.rule == DIGEST;
        if record.acknowledged.is_some() {
            return plain(Reason::Acknowledged);
        }
        if record.snoozed_until.is_some() {
            return plain(Reason::Snoozed);
        }
        // A digest tells of what was not hidden.
        if !is_digest && let Some((reason, note, until)) = self.hides(&record.looked(), now) {
            self.look(until);
            return Some((reason, note));
        }
        if self.snoozed_all.is_some() {
            return plain(Reason::SnoozedAll);
        }
        if self.off {
            return plain(Reason::NotificationsOff);
        }
        if is_digest {
            return None;
        }
        if let Some(returned) = self.late.filter(|returned| self.noise.is_some() && returned.duration_since(now) > AWAY)
        {
            self.tell_later(digest::AWAY.into(), record, now, after(returned, RETURN));
            return plain(Reason::Away);
        }
        let limits = self.noise.as_ref()?.limits;
        if record.severity == Severity::Critical {
            return None;
        }
        self.changed = true;
        let key = match self.pace.take(now, &record.rule, limits)? {
            Reached::Rule => digest::of_rule(&record.rule),
            Reached::All => digest::ALL.into(),
        };
        self.tell_later(key.clone(), record, now, after(now, MINUTE));
        Some((Reason::InDigest, key))
    }

    /// What hides such an alert at `now`, a note on it, and until when at least.
    pub fn hides(&self, looked: &Looked<'_>, now: Timestamp) -> Option<(Reason, Arc<str>, Timestamp)> {
        let silence = self.silences.values().find(|silence| silence.until > now && silence.matchers.fit(looked));
        if let Some(silence) = silence {
            return Some((Reason::Silenced, silence.comment.clone(), silence.until));
        }
        let noise = self.noise.as_ref()?;
        for window in &noise.maintenance {
            if let Some(until) = window.hours.end(now, &self.zone)
                && window.matchers.fit(looked)
            {
                return Some((Reason::Maintenance, window.name.as_str().into(), until));
            }
        }
        if looked.severity == Severity::Critical {
            return None;
        }
        Some((Reason::QuietHours, Arc::default(), self.quiet_until(now)?))
    }

    /// When the quiet hours end that `now` is in.
    fn quiet_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.noise.as_ref()?.quiet.iter().filter_map(|hours| hours.end(now, &self.zone)).max()
    }

    /// Until when a digest that is due waits, so that what it tells is heard: a snooze of all pop-ups, and quiet hours
    /// unless it tells of something critical.
    pub fn puts_off(&self, worst: Severity, now: Timestamp) -> Option<Timestamp> {
        let quiet = if worst == Severity::Critical { None } else { self.quiet_until(now) };
        self.snoozed_all.into_iter().chain(quiet).max().filter(|until| *until > now)
    }

    /// Puts an alert into the digest of that key, which speaks at `due` unless it does already sooner.
    pub fn tell_later(&mut self, key: Arc<str>, record: &AlertRecord, now: Timestamp, due: Timestamp) {
        let digest = self.digests.entry(key.clone());
        digest.or_insert_with(|| Digest::new(now, due, record.last_event)).add(record);
        self.touched.insert(key);
    }

    /// Looks at `at` whether what was hidden may be shown, unless it looks before.
    pub fn look(&mut self, at: Timestamp) {
        if self.looks.is_none_or(|looks| at < looks) {
            self.looks = Some(at);
            self.changed = true;
        }
    }
}
