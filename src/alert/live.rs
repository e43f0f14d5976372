//! One alert while it lives, and its deadlines.

use std::{sync::Arc, time::Duration};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AlertId, AlertRecord, Change, ChangeKind, Match, Phase, Reason, digest, hush::Hush};
use crate::{event::EventId, rules::Policy};

/// When an alert ends by time alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Ends {
    Never,
    At(Timestamp),
    /// Its topic is not heard, so its time stands still with so much of it left.
    Left(Duration),
}

impl Ends {
    /// When, if its time goes on.
    pub fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(at) => Some(at),
            Self::Never | Self::Left(_) => None,
        }
    }

    /// Stops its time, or lets it go on.
    pub fn freeze(self, now: Timestamp, frozen: bool) -> Self {
        match self {
            Self::At(at) if frozen => Self::Left(span(now, at)),
            Self::Left(left) if !frozen => Self::At(after(now, left)),
            ends => ends,
        }
    }

    /// As it is with a span of `new` instead of `old`: what it stood still for stays counted, only the difference of the
    /// two moves it, and not into the past.
    pub fn follow(self, now: Timestamp, old: Duration, new: Duration) -> Self {
        match self {
            Self::Never => Self::Never,
            Self::At(at) => {
                let began = at.checked_sub(old).unwrap_or(Timestamp::MIN);
                Self::At(after(began, new).max(now))
            }
            Self::Left(left) => Self::Left(new.saturating_sub(old.saturating_sub(left))),
        }
    }
}

/// An alert that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Live {
    pub record: AlertRecord,
    /// When it last spoke: fired or reminded.
    pub spoke: Option<Timestamp>,
    /// Its place in the `REMIND` schedule: reminders since it fired, those after a snooze not counted.
    pub place: u32,
    pub ends: Ends,
    /// When a state reminds next.
    pub reminds: Option<Timestamp>,
    /// It spoke last while a snooze held its pop-up back.
    pub muted: bool,
    /// A pop-up was shown since it began, or a digest told of it.
    #[serde(default)]
    pub shown: bool,
    /// It was not, for a reason that goes by: quiet hours, maintenance, a silence.
    #[serde(default)]
    pub hidden: bool,
    /// How many of its matches there were when it last spoke.
    #[serde(default)]
    pub told: u64,
}

/// What a timer of an alert does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Due {
    Fire,
    End,
    Remind,
    SnoozeOver,
}

/// `time + span`, at most the end of time.
pub(super) fn after(time: Timestamp, span: Duration) -> Timestamp {
    time.checked_add(span).unwrap_or(Timestamp::MAX)
}

/// How long from `from` to `to`; nothing if that is backwards.
pub(super) fn span(from: Timestamp, to: Timestamp) -> Duration {
    to.duration_since(from).try_into().unwrap_or(Duration::ZERO)
}

/// The interval at this place of a schedule, whose last repeats. Without one, or if it is empty: `None`.
fn interval(schedule: &[Duration], place: u32) -> Option<Duration> {
    let index = usize::try_from(place).unwrap_or(usize::MAX).min(schedule.len().saturating_sub(1));
    schedule.get(index).copied().filter(|interval| !interval.is_zero())
}

/// The text of a pop-up; first how often the rule matched since the alert last spoke, if more than once, since what
/// stands last may be cut.
fn rolled_up(body: &Arc<str>, matches: u64, since: Timestamp, now: Timestamp) -> Arc<str> {
    if matches < 2 {
        return body.clone();
    }
    let rolled = format!("×{matches} in {}", digest::words(since, now));
    if body.is_empty() { rolled.into() } else { format!("{rolled}\n{body}").into() }
}

impl Live {
    /// An alert that begins with this match: pending if its rule holds, else about to fire.
    pub fn begin(now: Timestamp, found: &Match, policy: &Policy, frozen: bool) -> Self {
        let held = policy.hold.filter(|hold| !hold.is_zero());
        let mut live = Self {
            record: AlertRecord {
                id: AlertId::new(&found.rule, &found.key, found.event),
                rule: found.rule.clone(),
                key: found.key.clone(),
                phase: Phase::Pending,
                severity: policy.severity,
                title: found.title.clone(),
                body: found.body.clone(),
                topic: found.topic,
                kind: found.kind.clone(),
                first_event: found.event,
                last_event: found.event,
                since: now,
                fired: None,
                last: now,
                resolved: None,
                end: Reason::None,
                matches: 0,
                repeats: 0,
                reminders: 0,
                acknowledged: None,
                acknowledged_by: Arc::default(),
                snoozed_until: None,
                fires_at: held.filter(|_| policy.state).map(|hold| after(now, hold)),
                judged: None,
            },
            spoke: None,
            place: 0,
            ends: Ends::Never,
            reminds: None,
            muted: false,
            shown: false,
            hidden: false,
            told: 0,
        };
        live.take_in(now, found, policy, frozen);
        live
    }

    /// Counts a match, tells what it tells, and puts the end off.
    pub fn take_in(&mut self, now: Timestamp, found: &Match, policy: &Policy, frozen: bool) {
        let record = &mut self.record;
        record.matches += 1;
        record.last = now;
        record.last_event = found.event;
        record.severity = policy.severity;
        record.title.clone_from(&found.title);
        record.body.clone_from(&found.body);
        record.topic = found.topic;
        record.kind.clone_from(&found.kind);
        self.ends = match policy.resolve_after {
            None => Ends::Never,
            Some(span) if frozen => Ends::Left(span),
            Some(span) => Ends::At(after(now, span)),
        };
    }

    /// Whether an occurrence that matches now has lasted long enough to fire.
    pub fn held_long_enough(&self, now: Timestamp, policy: &Policy) -> bool {
        policy.hold.is_none_or(|hold| now >= after(self.record.since, hold))
    }

    /// Whether an occurrence that matches now has been quiet for so long that it reminds.
    pub fn remind_is_due(&self, now: Timestamp, policy: &Policy) -> bool {
        match (self.spoke, interval(&policy.remind, self.place)) {
            (Some(spoke), Some(interval)) => now >= after(spoke, interval),
            _ => false,
        }
    }

    /// Fires.
    pub fn fire(
        &mut self,
        time: Timestamp,
        event: Option<EventId>,
        policy: &Policy,
        hush: &mut Hush,
        out: &mut Vec<Change>,
    ) {
        self.record.phase = Phase::Firing;
        self.record.fired = Some(time);
        self.record.fires_at = None;
        self.speak(time, ChangeKind::Fired, Reason::None, event, policy, hush, out);
    }

    /// Reminds: at its time, or because a snooze is over.
    pub fn remind(
        &mut self,
        time: Timestamp,
        reason: Reason,
        event: Option<EventId>,
        policy: &Policy,
        hush: &mut Hush,
        out: &mut Vec<Change>,
    ) {
        self.record.reminders += 1;
        if reason == Reason::None {
            self.place = self.place.saturating_add(1);
        }
        self.speak(time, ChangeKind::Reminded, reason, event, policy, hush, out);
    }

    /// The alert speaks, and beside it stands whether that is shown.
    #[allow(clippy::too_many_arguments)] // private; each is a different type
    fn speak(
        &mut self,
        time: Timestamp,
        kind: ChangeKind,
        reason: Reason,
        event: Option<EventId>,
        policy: &Policy,
        hush: &mut Hush,
        out: &mut Vec<Change>,
    ) {
        let since = self.spoke.replace(time).unwrap_or(self.record.since);
        let matches = self.record.matches.saturating_sub(std::mem::replace(&mut self.told, self.record.matches));
        self.reminds = self.next_reminder(policy);
        out.push(self.change(time, kind, reason, event));
        let held = hush.holds(&self.record, time);
        let reason = held.as_ref().map(|(reason, _)| *reason);
        self.muted = matches!(reason, Some(Reason::Snoozed | Reason::SnoozedAll));
        self.shown |= matches!(reason, None | Some(Reason::Away | Reason::InDigest));
        let passing = matches!(reason, Some(Reason::Silenced | Reason::Maintenance | Reason::QuietHours));
        self.hidden = !self.shown && (self.hidden || passing);
        out.push(match held {
            None => Change {
                body: rolled_up(&self.record.body, matches, since, time),
                ..self.change(time, ChangeKind::Notified, Reason::None, event)
            },
            Some((reason, note)) => Change { note, ..self.change(time, ChangeKind::Suppressed, reason, event) },
        });
    }

    /// When a state that fires speaks again.
    pub fn next_reminder(&self, policy: &Policy) -> Option<Timestamp> {
        if !policy.state || self.record.phase != Phase::Firing {
            return None;
        }
        Some(after(self.spoke?, interval(&policy.remind, self.place)?))
    }

    /// Ends it: resolved if it fired, else dropped.
    pub fn end(&mut self, time: Timestamp, reason: Reason, event: Option<EventId>, out: &mut Vec<Change>) {
        let (phase, kind) = match self.record.phase {
            Phase::Firing => (Phase::Resolved, ChangeKind::Resolved),
            _ => (Phase::Dropped, ChangeKind::Dropped),
        };
        self.record.phase = phase;
        self.record.resolved = Some(time);
        self.record.end = reason;
        self.record.fires_at = None;
        self.record.snoozed_until = None;
        out.push(self.change(time, kind, reason, event));
    }

    /// A change of this alert as it stands.
    pub fn change(&self, time: Timestamp, change: ChangeKind, reason: Reason, event: Option<EventId>) -> Change {
        let record = &self.record;
        Change {
            time,
            rule: record.rule.clone(),
            key: record.key.clone(),
            change,
            severity: record.severity,
            title: record.title.clone(),
            reason,
            note: Arc::default(),
            body: record.body.clone(),
            alert: record.id.clone(),
            event,
        }
    }

    /// Stops or lets go on the time until its end.
    pub fn freeze(&mut self, now: Timestamp, frozen: bool) {
        self.ends = self.ends.freeze(now, frozen);
    }

    /// Its rule now says this instead of that: deadlines move, none of them into the past.
    pub fn follow(&mut self, now: Timestamp, old: &Policy, new: &Policy) {
        if old.resolve_after != new.resolve_after {
            self.ends = match (self.ends, new.resolve_after) {
                (_, None) => Ends::Never,
                (Ends::Never, Some(span)) => Ends::At(after(self.record.last, span).max(now)),
                (ends, Some(span)) => ends.follow(now, old.resolve_after.unwrap_or_default(), span),
            };
        }
        if self.record.phase == Phase::Pending && (old.hold, old.state) != (new.hold, new.state) {
            let fires = after(self.record.since, new.hold.unwrap_or_default()).max(now);
            self.record.fires_at = new.state.then_some(fires);
        }
        if (&old.remind, old.state) != (&new.remind, new.state) {
            self.reminds = self.next_reminder(new).map(|at| at.max(now));
        }
    }

    /// Its first deadline and what is due then. At one moment, what lasted long enough fires before it ends, and what
    /// ends says nothing more.
    pub fn next(&self) -> Option<(Timestamp, Due)> {
        let ends = self.ends.at();
        [
            (self.record.fires_at, Due::Fire),
            (ends, Due::End),
            (self.reminds, Due::Remind),
            (self.record.snoozed_until, Due::SnoozeOver),
        ]
        .into_iter()
        .filter_map(|(at, due)| Some((at?, due)))
        .min_by_key(|(at, _)| *at)
    }

    /// The last of its deadlines that are known, apart from reminders.
    pub fn last(&self) -> Option<Timestamp> {
        [self.record.fires_at, self.ends.at(), self.record.snoozed_until].into_iter().flatten().max()
    }
}
