//! When which topic was heard, for what rules remember: in the time when it was not, something may have been missed.

use std::collections::BTreeMap;

use super::{Nanos, nanos};
use crate::event::Topic;
use jiff::Timestamp;

/// How long a hole is kept: the longest memory, twice.
const KEPT: Nanos = 180 * 24 * 60 * 60 * 1_000_000_000;

/// When which topic was heard. A topic of which nothing was ever said counts as heard always: so it is in logs that
/// have no coverage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Hearing(BTreeMap<Topic, Heard>);

#[derive(Clone, Debug, Default, PartialEq)]
struct Heard {
    /// When it was heard first. Before, there is nothing, and nothing was missed.
    first: Option<Nanos>,
    deaf_since: Option<Nanos>,
    /// From and to, in order.
    holes: Vec<(Nanos, Nanos)>,
}

impl Hearing {
    /// From `at` on the topic is heard, or not.
    pub fn hear(&mut self, topic: Topic, heard: bool, at: Timestamp) {
        let at = nanos(at);
        let known = self.0.entry(topic).or_default();
        match (heard, known.first) {
            (true, None) => known.first = Some(at),
            (true, Some(_)) => {
                if let Some(since) = known.deaf_since.take()
                    && at > since
                {
                    let over = known.holes.partition_point(|(_, to)| *to <= at.saturating_sub(KEPT));
                    known.holes.drain(..over);
                    known.holes.push((since, at));
                }
            }
            (false, None) => {}
            (false, Some(_)) => known.deaf_since = known.deaf_since.or(Some(at)),
        }
    }

    /// Whether one of the topics was not heard for a while between the two times.
    pub(super) fn has_hole(&self, topics: &[Topic], from: Nanos, to: Nanos) -> bool {
        self.of(topics).any(|heard| {
            // They stand in order and do not touch: only the last that began before `to` can reach into the time.
            let began = heard.holes.partition_point(|hole| hole.0 < to);
            heard.holes[..began].last().is_some_and(|hole| hole.1 > from)
                || heard.deaf_since.is_some_and(|since| since < to)
        })
    }

    /// When listening to the topics began, to the last of them if they differ; `None` if it always was.
    pub(super) fn began(&self, topics: &[Topic]) -> Option<Nanos> {
        self.of(topics).filter_map(|heard| heard.first).max()
    }

    fn of(&self, topics: &[Topic]) -> impl Iterator<Item = &Heard> {
        topics.iter().filter_map(|topic| self.0.get(topic))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    #[test]
    fn the_time_before_the_first_word_is_no_hole() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let hole = |hearing: &Hearing, from, to| hearing.has_hole(&[Topic::Security], nanos(at(from)), nanos(at(to)));
        let mut hearing = Hearing::default();
        assert!(!hole(&hearing, 0, 100));
        hearing.hear(Topic::Security, false, at(5));
        assert!(!hole(&hearing, 0, 100));
        hearing.hear(Topic::Security, true, at(10));
        hearing.hear(Topic::Security, false, at(20));
        hearing.hear(Topic::Security, false, at(22));
        assert!(hole(&hearing, 0, 100) && !hole(&hearing, 0, 20));
        hearing.hear(Topic::Security, true, at(30));
        assert!(hole(&hearing, 29, 100) && hole(&hearing, 0, 21) && !hole(&hearing, 30, 100));
        assert_eq!(hearing.began(&[Topic::Audit, Topic::Security]), Some(nanos(at(10))));
    }
}
