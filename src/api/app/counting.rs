//! How much is heard, minute by minute, since this session began.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::event::Topic;

/// How many minutes are kept.
const MINUTES: usize = 60;

/// Events by topic and minute.
#[derive(Debug, Default)]
pub struct Counting {
    topics: BTreeMap<Topic, Counted>,
    /// Since when is counted; before there is no telling.
    since: Option<Timestamp>,
}

#[derive(Clone, Debug)]
struct Counted {
    /// The minute of the last slot, in minutes since the epoch.
    minute: i64,
    /// Oldest first; the last is the minute under way.
    slots: [u32; MINUTES],
    last: Timestamp,
    /// The moments of the last minute, by second, for a rate that does not jump at the full minute.
    seconds: [u32; 60],
    second: i64,
}

impl Counting {
    /// Counts from then on.
    pub fn since(since: Timestamp) -> Self {
        Self { since: Some(since), ..Self::default() }
    }

    /// So many more events of this topic.
    pub fn events(&mut self, topic: Topic, at: Timestamp, count: u32) {
        let counted = self.topics.entry(topic).or_insert_with(|| Counted::new(at));
        counted.forward(at);
        counted.slots[MINUTES - 1] += count;
        counted.seconds[59] += count;
        counted.last = counted.last.max(at);
    }

    /// Events in each of the last 60 minutes, oldest first; the last is under way. `None`: not counted, or not all of it.
    pub fn minutes(&mut self, topic: Topic, now: Timestamp) -> Vec<Option<u32>> {
        let slots = self.topics.get_mut(&topic).map_or([0; MINUTES], |counted| {
            counted.forward(now);
            counted.slots
        });
        let first = minute(now) - (MINUTES as i64 - 1);
        let counted = self.since.map_or(i64::MIN, |since| minute(since) + i64::from(since.as_second() % 60 != 0));
        slots.into_iter().zip(first..).map(|(count, at)| (at >= counted || count > 0).then_some(count)).collect()
    }

    /// Events in the last 60 seconds.
    pub fn rate(&mut self, topic: Topic, now: Timestamp) -> f64 {
        self.topics.get_mut(&topic).map_or(0.0, |counted| {
            counted.forward(now);
            f64::from(counted.seconds.iter().sum::<u32>())
        })
    }

    /// When the last one came.
    pub fn last(&self, topic: Topic) -> Option<Timestamp> {
        self.topics.get(&topic).map(|counted| counted.last)
    }
}

/// In minutes since the epoch.
fn minute(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}

impl Counted {
    fn new(at: Timestamp) -> Self {
        Self { minute: minute(at), slots: [0; MINUTES], last: at, seconds: [0; 60], second: at.as_second() }
    }

    fn forward(&mut self, to: Timestamp) {
        shift(&mut self.slots, &mut self.minute, minute(to));
        shift(&mut self.seconds, &mut self.second, to.as_second());
    }
}

/// Moves the slots so that the last one stands for `to`. A clock that was set back changes nothing.
fn shift<const N: usize>(slots: &mut [u32; N], at: &mut i64, to: i64) {
    let by = usize::try_from(to - *at).unwrap_or(0);
    if by == 0 {
        return;
    }
    if by >= N {
        slots.fill(0);
    } else {
        slots.rotate_left(by);
        slots[N - by..].fill(0);
    }
    *at = to;
}

#[cfg(test)]
mod tests {
    #![allow(clippy::float_cmp)] // whole numbers

    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_040 + second).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn counts_by_minute_and_forgets() {
        let mut counting = Counting::default();
        for second in [0, 1, 59, 60] {
            counting.events(Topic::Audit, at(second), 1);
        }
        assert_eq!(counting.rate(Topic::Audit, at(60)), 3.0);
        let minutes = counting.minutes(Topic::Audit, at(60));
        assert_eq!(minutes.iter().flatten().sum::<u32>(), 4);
        assert_eq!(counting.minutes(Topic::Audit, at(3600))[0], Some(1));
        assert_eq!(counting.rate(Topic::Audit, at(10_000)), 0.0);
        assert_eq!(counting.minutes(Topic::Audit, at(10_000)), vec![Some(0); 60]);
        assert_eq!(counting.last(Topic::Audit), Some(at(60)));
    }

    #[test]
    fn what_was_before_it_began_is_not_none_but_unknown() {
        let mut counting = Counting::since(at(90));
        counting.events(Topic::Audit, at(100), 3);
        let last = |minutes: Vec<Option<u32>>| minutes[55..].to_vec();
        assert_eq!(last(counting.minutes(Topic::Audit, at(180))), [None, None, Some(3), Some(0), Some(0)]);
        // A topic of which nothing came: known to be nothing, but not for the minute it began in.
        assert_eq!(last(counting.minutes(Topic::Security, at(180))), [None, None, None, Some(0), Some(0)]);
    }

    #[test]
    fn a_clock_set_back_loses_nothing() {
        let mut counting = Counting::default();
        counting.events(Topic::Audit, at(100), 1);
        counting.events(Topic::Audit, at(40), 1);
        assert_eq!(counting.minutes(Topic::Audit, at(0)).iter().flatten().sum::<u32>(), 2);
    }
}
