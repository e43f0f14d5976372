//! What two sets of rules make of the same log, beside each other.

use std::{collections::BTreeMap, sync::Arc};

use super::Raised;
use crate::alert::DIGEST;

/// Alerts that only one side raised, and those that it raised otherwise; each in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    pub gained: Vec<Raised>,
    pub lost: Vec<Raised>,
    /// Now, and before.
    pub changed: Vec<(Raised, Raised)>,
    /// How many are the same to the letter.
    pub same: u64,
}

impl Difference {
    /// What `now` has beside `before`. An alert of one side is an alert of the other when rule and key are the same and
    /// both lasted at one time. Digests are left out: they only tell of the others.
    pub fn of(now: &[Raised], before: &[Raised]) -> Self {
        let mut difference = Self::default();
        let mut before = by_key(before);
        for (key, now) in by_key(now) {
            difference.side_by_side(&now, &before.remove(&key).unwrap_or_default());
        }
        difference.lost.extend(before.into_values().flatten().cloned());
        difference.gained.sort_by_key(|raised| raised.fired);
        difference.lost.sort_by_key(|raised| raised.fired);
        difference.changed.sort_by_key(|(now, _)| now.fired);
        difference
    }

    /// The alerts of one key, of which no two of a side last at one time.
    fn side_by_side(&mut self, now: &[&Raised], before: &[&Raised]) {
        let (mut now, mut before) = (now.iter().peekable(), before.iter().peekable());
        loop {
            match (now.peek(), before.peek()) {
                (Some(new), Some(old)) if is_over_before(new, old) => self.gained.extend(now.next().copied().cloned()),
                (Some(new), Some(old)) if is_over_before(old, new) => self.lost.extend(before.next().copied().cloned()),
                (Some(new), Some(old)) => {
                    if looks_the_same(new, old) {
                        self.same += 1;
                    } else {
                        self.changed.push(((**new).clone(), (**old).clone()));
                    }
                    now.next();
                    before.next();
                }
                (Some(_), None) => self.gained.extend(now.next().copied().cloned()),
                (None, Some(_)) => self.lost.extend(before.next().copied().cloned()),
                (None, None) => return,
            }
        }
    }
}

fn is_over_before(one: &Raised, other: &Raised) -> bool {
    one.resolved.is_some_and(|over| over < other.fired)
}

/// But for the event: which of several made it fire says nothing that its time does not.
fn looks_the_same(now: &Raised, before: &Raised) -> bool {
    *now == Raised { event: now.event, ..before.clone() }
}

fn by_key(raised: &[Raised]) -> BTreeMap<(Arc<str>, Arc<str>), Vec<&Raised>> {
    let mut by_key: BTreeMap<_, Vec<&Raised>> = BTreeMap::new();
    for one in raised.iter().filter(|one| *one.rule != *DIGEST) {
        by_key.entry((one.rule.clone(), one.key.clone())).or_default().push(one);
    }
    by_key
}

#[cfg(test)]
mod tests {
    use jiff::{Timestamp, ToSpan};

    use super::*;
    use crate::rules::Severity;

    fn raised(key: &str, fired: i64, resolved: Option<i64>) -> Raised {
        let at = |minutes: i64| Timestamp::UNIX_EPOCH + minutes.minutes();
        Raised {
            rule: "r".into(),
            key: key.into(),
            severity: Severity::Warning,
            title: "t".into(),
            body: "b".into(),
            event: None,
            fired: at(fired),
            resolved: resolved.map(at),
            reminders: 0,
            popups: 1,
            withheld: String::new(),
        }
    }

    #[test]
    fn alerts_of_one_key_are_matched_by_when_they_last() {
        let now = [raised("a", 0, Some(10)), raised("b", 0, None), raised("a", 20, Some(30)), raised("c", 5, Some(6))];
        let before =
            [raised("a", 0, Some(10)), raised("a", 12, Some(14)), raised("a", 25, Some(31)), raised("d", 1, None)];
        let difference = Difference::of(&now, &before);
        assert_eq!(difference.gained, [now[1].clone(), now[3].clone()]);
        assert_eq!(difference.lost, [before[3].clone(), before[1].clone()]);
        assert_eq!(difference.changed, [(now[2].clone(), before[2].clone())]);
        assert_eq!(difference.same, 1);
    }

    #[test]
    fn a_digest_is_no_alert_to_compare() {
        let digest = Raised { rule: DIGEST.into(), ..raised("all rules", 0, None) };
        assert_eq!(Difference::of(&[digest], &[]), Difference::default());
    }
}
