//! What the operator says of an alert afterwards: it was useful, or noise.

use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{AlertId, Change, ChangeKind, Lifecycle, Phase, Reason};
use crate::rules::Severity;

/// Whether it was worth a look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Useful,
    Noise,
}

impl Verdict {
    /// Both of them.
    pub const ALL: [Self; 2] = [Self::Useful, Self::Noise];

    /// As the database, filters and exported files have it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Useful => "useful",
            Self::Noise => "noise",
        }
    }

    /// The verdict of that name, if there is one.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }
}

/// A verdict, and when it was given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judged {
    pub verdict: Verdict,
    pub at: Timestamp,
}

/// An alert is judged, or a verdict taken back. It may have ended long ago, and then the lifecycle knows it no more: so
/// this says which one it was.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judge {
    pub alert: AlertId,
    /// `None`: what was said before is taken back.
    pub verdict: Option<Verdict>,
    pub rule: Arc<str>,
    pub key: Arc<str>,
    pub severity: Severity,
    pub title: Arc<str>,
}

impl Lifecycle {
    /// Keeps a verdict with its alert. It changes nothing that the alert does, now or later.
    pub(super) fn judge(&mut self, now: Timestamp, judge: Judge, out: &mut Vec<Change>) {
        let kind = ChangeKind::of_verdict(judge.verdict);
        let slot = self.find(&judge.alert);
        let Some((slot, live)) = slot.and_then(|slot| Some((slot.clone(), self.alerts.get_mut(&slot)?))) else {
            return out.push(judge.change(now, kind));
        };
        let said = live.record.judged.map(|judged| judged.verdict);
        // What has not fired has told nobody anything.
        if live.record.phase == Phase::Pending || said == judge.verdict {
            return;
        }
        live.record.judged = judge.verdict.map(|verdict| Judged { verdict, at: now });
        out.push(live.change(now, kind, Reason::None, None));
        self.touch(&slot);
    }
}

impl Judge {
    /// What happens to an alert that ended.
    fn change(self, time: Timestamp, change: ChangeKind) -> Change {
        Change {
            time,
            rule: self.rule,
            key: self.key,
            change,
            severity: self.severity,
            title: self.title,
            reason: Reason::None,
            note: "".into(),
            body: "".into(),
            alert: self.alert,
            event: None,
        }
    }
}
