//! What happened to an alert.

use std::{borrow::Cow, sync::Arc};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AlertId, Verdict};
use crate::{event::EventId, rules::Severity};

/// One thing that happened to one alert, at one moment of engine time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Engine time; a timer's change carries its deadline.
    pub time: Timestamp,
    pub rule: Arc<str>,
    pub key: Arc<str>,
    pub change: ChangeKind,
    pub severity: Severity,
    pub title: Arc<str>,
    pub reason: Reason,
    /// What else there is to say about the reason, such as the comment of a silence; mostly empty.
    #[serde(default)]
    pub note: Arc<str>,
    pub body: Arc<str>,
    pub alert: AlertId,
    /// The event that caused it, or `None` where a timer, the operator or a change of the rules did.
    pub event: Option<EventId>,
}

/// A change as `tocsin replay`, `watch` and `alerts` print it: seven columns, to be serialised.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeLine<'a> {
    time: Timestamp,
    rule: &'a str,
    key: &'a str,
    change: ChangeKind,
    severity: Severity,
    title: &'a str,
    reason: Cow<'a, str>,
}

impl Change {
    /// The line that `tocsin replay`, `watch` and `alerts` print. `None` for the kinds of change they leave out
    /// ([`ChangeKind::is_printed`]).
    pub fn line(&self) -> Option<ChangeLine<'_>> {
        self.change.is_printed().then_some(ChangeLine {
            time: self.time,
            rule: &self.rule,
            key: &self.key,
            change: self.change,
            severity: self.severity,
            title: &self.title,
            reason: self.why(),
        })
    }

    /// Why, as lines and the database have it: the reason's name, and behind a colon what else there is to say.
    pub fn why(&self) -> Cow<'static, str> {
        why(self.reason.name(), &self.note)
    }

    /// Why, in the operator's words; empty where the change speaks for itself.
    pub fn words(&self) -> Cow<'static, str> {
        why(self.reason.words(), &self.note)
    }

    /// Whether the alert spoke: it fired or reminded. A pop-up is due unless a reason says otherwise.
    pub fn spoke(&self) -> bool {
        matches!(self.change, ChangeKind::Fired | ChangeKind::Reminded)
    }
}

fn why(reason: &'static str, note: &str) -> Cow<'static, str> {
    if note.is_empty() { reason.into() } else { format!("{reason}: {note}").into() }
}

/// What can happen to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// The first match of a rule with `HOLD`: it fires if it lasts.
    Pending,
    /// It lasts no longer, and never fired.
    Dropped,
    Fired,
    /// A match that adds to an alert and says nothing new: it is firing already, or still held.
    Repeated,
    Reminded,
    Resolved,
    /// Stands beside each `Fired` and `Reminded`: a pop-up is owed.
    Notified,
    /// Stands beside each `Fired` and `Reminded`: no pop-up, for this reason.
    Suppressed,
    Acknowledged,
    Unacknowledged,
    Snoozed,
    Unsnoozed,
    /// Its pop-up was closed without an answer.
    Dismissed,
    /// The operator said that it was useful.
    MarkedUseful,
    /// The operator said that it was noise.
    MarkedNoise,
    /// What the operator said of it is taken back.
    Unmarked,
}

impl ChangeKind {
    /// All of them.
    pub const ALL: [Self; 16] = [
        Self::Pending,
        Self::Dropped,
        Self::Fired,
        Self::Repeated,
        Self::Reminded,
        Self::Resolved,
        Self::Notified,
        Self::Suppressed,
        Self::Acknowledged,
        Self::Unacknowledged,
        Self::Snoozed,
        Self::Unsnoozed,
        Self::Dismissed,
        Self::MarkedUseful,
        Self::MarkedNoise,
        Self::Unmarked,
    ];

    /// As lines, the database and the window have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Dropped => "dropped",
            Self::Fired => "fired",
            Self::Repeated => "repeated",
            Self::Reminded => "reminded",
            Self::Resolved => "resolved",
            Self::Notified => "notified",
            Self::Suppressed => "suppressed",
            Self::Acknowledged => "acknowledged",
            Self::Unacknowledged => "unacknowledged",
            Self::Snoozed => "snoozed",
            Self::Unsnoozed => "unsnoozed",
            Self::Dismissed => "dismissed",
            Self::MarkedUseful => "marked-useful",
            Self::MarkedNoise => "marked-noise",
            Self::Unmarked => "unmarked",
        }
    }

    /// The kind of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// What it is when an alert is judged so; `None`: a verdict is taken back.
    pub const fn of_verdict(verdict: Option<Verdict>) -> Self {
        match verdict {
            Some(Verdict::Useful) => Self::MarkedUseful,
            Some(Verdict::Noise) => Self::MarkedNoise,
            None => Self::Unmarked,
        }
    }

    /// The verdict that it gives, or takes back (`Some(None)`); `None`: it is about something else.
    pub const fn verdict(self) -> Option<Option<Verdict>> {
        match self {
            Self::MarkedUseful => Some(Some(Verdict::Useful)),
            Self::MarkedNoise => Some(Some(Verdict::Noise)),
            Self::Unmarked => Some(None),
            _ => None,
        }
    }

    /// Whether `tocsin replay` prints it: what depends on the log and the rules alone.
    pub const fn is_printed(self) -> bool {
        matches!(self, Self::Fired | Self::Reminded | Self::Resolved | Self::Notified | Self::Suppressed)
    }
}

/// Why. Written as its name; [`Reason::None`] is written as an empty text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// The change speaks for itself.
    #[default]
    #[serde(rename = "")]
    None,
    /// No match for `RESOLVE_AFTER`.
    NotSeen,
    /// An event for which the rule's `resolved` holds.
    Over,
    /// Of a rule with `SILENT_FOR`: not heard for `FORGET_AFTER`, or one of too many.
    Forgotten,
    /// The rule's `expected` does not name it any more, and it was never heard.
    NotExpected,
    /// The rule's file is gone.
    RuleGone,
    /// The rule was switched off.
    RuleOff,
    /// The operator acknowledged the alert.
    Acknowledged,
    /// The alert is snoozed.
    Snoozed,
    /// All pop-ups are snoozed.
    SnoozedAll,
    /// Pop-ups are turned off in the settings.
    NotificationsOff,
    /// The alert is firing already: the match is counted on it.
    AlreadyFiring,
    /// The alert is still held: the match is counted on it.
    Held,
    /// A snooze is over and the alert still fires.
    SnoozeOver,
    /// A silence matches; the note is its comment.
    Silenced,
    /// A maintenance window matches; the note is its name.
    Maintenance,
    /// Quiet hours, and it is not critical.
    QuietHours,
    /// Nobody was there when it was due; the digest on return tells of it.
    Away,
    /// Too many pop-ups within a minute; the digest that the note names tells of it.
    InDigest,
    /// Of a rule with `SILENT_FOR`: an event that counts as heard.
    HeardAgain,
}

impl Reason {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::None,
        Self::NotSeen,
        Self::Over,
        Self::Forgotten,
        Self::NotExpected,
        Self::RuleGone,
        Self::RuleOff,
        Self::Acknowledged,
        Self::Snoozed,
        Self::SnoozedAll,
        Self::NotificationsOff,
        Self::AlreadyFiring,
        Self::Held,
        Self::SnoozeOver,
        Self::Silenced,
        Self::Maintenance,
        Self::QuietHours,
        Self::Away,
        Self::InDigest,
        Self::HeardAgain,
    ];

    /// As lines and the database have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "",
            Self::NotSeen => "not-seen",
            Self::Over => "over",
            Self::Forgotten => "forgotten",
            Self::NotExpected => "not-expected",
            Self::RuleGone => "rule-gone",
            Self::RuleOff => "rule-off",
            Self::Acknowledged => "acknowledged",
            Self::Snoozed => "snoozed",
            Self::SnoozedAll => "snoozed-all",
            Self::NotificationsOff => "notifications-off",
            Self::AlreadyFiring => "already-firing",
            Self::Held => "held",
            Self::SnoozeOver => "snooze-over",
            Self::Silenced => "silenced",
            Self::Maintenance => "maintenance",
            Self::QuietHours => "quiet-hours",
            Self::Away => "away",
            Self::InDigest => "in-digest",
            Self::HeardAgain => "heard-again",
        }
    }

    /// The reason of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// In the operator's words; empty where the change speaks for itself.
    pub const fn words(self) -> &'static str {
        match self {
            Self::None => "",
            Self::NotSeen => "not seen for as long as the rule says",
            Self::Over => "an event says it is over",
            Self::Forgotten => "not heard for so long that it is forgotten",
            Self::NotExpected => "not expected any more",
            Self::RuleGone => "its rule is gone",
            Self::RuleOff => "its rule is switched off",
            Self::Acknowledged => "acknowledged",
            Self::Snoozed => "this alert is snoozed",
            Self::SnoozedAll => "all pop-ups are snoozed",
            Self::NotificationsOff => "pop-ups are turned off",
            Self::AlreadyFiring => "already firing",
            Self::Held => "not lasting long enough yet",
            Self::SnoozeOver => "the snooze is over and it still fires",
            Self::Silenced => "silenced",
            Self::Maintenance => "maintenance",
            Self::QuietHours => "quiet hours",
            Self::Away => "told in one pop-up on return",
            Self::InDigest => "too many at once, told in one pop-up",
            Self::HeardAgain => "it was heard again",
        }
    }
}
