//! What settings against noise would have done with what was due before.

use std::{collections::BTreeMap, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    DIGEST, Looked, Noise, Reason,
    hush::Hush,
    noise::{MINUTE, Reached},
};
use crate::rules::Severity;

/// A pop-up that was due.
#[derive(Clone, Debug)]
pub struct Due<'a> {
    pub at: Timestamp,
    pub looked: Looked<'a>,
    /// Why it was not shown, if it was not.
    pub withheld: Option<Reason>,
}

/// Where pop-ups would have gone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Foreseen {
    /// Shown, those that tell of many included.
    pub shown: u64,
    pub withheld: BTreeMap<Reason, u64>,
    /// Of those withheld by quiet hours, by maintenance or for being too many: how many are critical.
    pub critical: u64,
    /// When most would have been shown within a minute without limits, and how many: its first pop-up.
    pub busiest: Option<(Timestamp, u64)>,
}

/// Plays what was due, oldest first, under other settings. What the operator did to single alerts stays as it was: it is
/// not a matter of these settings.
pub fn foresee<'a>(noise: &Noise, zone: &TimeZone, due: impl IntoIterator<Item = Due<'a>>) -> Foreseen {
    let limits = noise.limits;
    let mut hush = Hush { noise: Some(noise.clone()), zone: zone.clone(), ..Hush::default() };
    let mut seen = Foreseen::default();
    // When each digest speaks that has something to say.
    let mut digests: BTreeMap<Arc<str>, Timestamp> = BTreeMap::new();
    let mut minute: std::collections::VecDeque<Timestamp> = std::collections::VecDeque::new();
    for Due { at, looked, withheld } in due {
        if looked.rule == DIGEST {
            continue; // whether it would have been, is what is found out
        }
        let kept =
            withheld.filter(|reason| !matches!(reason, Reason::QuietHours | Reason::Maintenance | Reason::InDigest));
        if let Some(reason) = kept {
            *seen.withheld.entry(reason).or_default() += 1;
            continue;
        }
        let critical = looked.severity == Severity::Critical;
        let mut hide = |reason| {
            *seen.withheld.entry(reason).or_default() += 1;
            seen.critical += u64::from(critical);
        };
        if let Some((reason, ..)) = hush.hides(&looked, at) {
            hide(reason);
            continue;
        }
        if !critical {
            minute.push_back(at);
            while minute.front().is_some_and(|first| super::live::after(*first, MINUTE) <= at) {
                minute.pop_front();
            }
            let count = minute.len() as u64;
            if seen.busiest.is_none_or(|(_, most)| count > most) {
                seen.busiest = minute.front().map(|first| (*first, count));
            }
            let rule: Arc<str> = looked.rule.into();
            let digest: Option<Arc<str>> = hush.pace.take(at, &rule, limits).map(|reached| match reached {
                Reached::Rule => rule.clone(),
                Reached::All => Arc::from(""),
            });
            if let Some(key) = digest {
                hide(Reason::InDigest);
                if digests.get(&key).is_none_or(|speaks| *speaks <= at) {
                    digests.insert(key, super::live::after(at, MINUTE));
                    seen.shown += 1;
                }
                continue;
            }
        }
        seen.shown += 1;
    }
    seen
}
