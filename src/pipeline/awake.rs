//! That the computer slept, as the pipeline's thread finds it, and what that means for what was heard.

use std::time::Duration;

use jiff::Timestamp;

use crate::{
    clock::{Clock, Look},
    event::Topic,
    store::{Coverage, CoverageReason, RowBody},
};

/// How often the thread looks whether the computer slept, in real time.
pub(super) const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long connections may take, once the computer woke, to say how they are. One that says nothing did not notice, and
/// is heard.
const WORD_WITHIN: Duration = Duration::from_secs(10);

/// A moment at which the thread was awake.
#[derive(Clone, Copy, Debug)]
pub(super) struct Awake {
    /// By the system's own clocks, however the log's may hurry.
    system: Clock,
    look: Look,
    /// By the log's clock.
    at: Timestamp,
}

impl Awake {
    /// Now.
    pub fn now(clock: Clock) -> Self {
        let system = Clock::system();
        Self { system, look: Look::at(system), at: clock.now() }
    }

    /// Until when it was awake, if it slept since; from now on it is awake.
    pub fn slept(&mut self, clock: Clock) -> Option<Timestamp> {
        let now = Self { look: Look::at(self.system), at: clock.now(), ..*self };
        let before = std::mem::replace(self, now);
        before.look.slept_until(&now.look, LOOK_EVERY).then_some(before.at)
    }
}

/// Topics that the thread found asleep, until their connections say how they are.
#[derive(Debug)]
pub(super) struct Waking {
    system: Clock,
    topics: Vec<Topic>,
    until: Duration,
}

impl Waking {
    /// None.
    pub fn none() -> Self {
        Self { system: Clock::system(), topics: Vec::new(), until: Duration::ZERO }
    }

    /// These were heard when the computer fell asleep: the rows that say that they were not from then on.
    pub fn begin(&mut self, topics: Vec<Topic>) -> Vec<RowBody> {
        let rows = topics.iter().map(|topic| row(*topic, false)).collect();
        self.until = self.system.elapsed() + WORD_WITHIN;
        self.topics.extend(topics);
        rows
    }

    /// Whether a row tells something new: not if it says of a topic that it was asleep, which is known.
    pub fn is_new(&mut self, row: &RowBody) -> bool {
        let RowBody::Coverage(coverage) = row else { return true };
        let known = self.topics.len();
        self.topics.retain(|topic| *topic != coverage.topic);
        known == self.topics.len() || coverage.heard || coverage.reason != CoverageReason::Asleep
    }

    /// The rows of those that have said nothing for so long that they are heard.
    pub fn silent(&mut self) -> Vec<RowBody> {
        if self.topics.is_empty() || self.system.elapsed() < self.until {
            return Vec::new();
        }
        std::mem::take(&mut self.topics).into_iter().map(|topic| row(topic, true)).collect()
    }
}

fn row(topic: Topic, heard: bool) -> RowBody {
    let (reason, detail) =
        if heard { (CoverageReason::Listening, "") } else { (CoverageReason::Asleep, "Nothing was heard meanwhile.") };
    RowBody::Coverage(Coverage { topic, heard, reason, detail: detail.to_owned(), missed: 0 })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(topic: Topic, heard: bool, reason: CoverageReason) -> RowBody {
        RowBody::Coverage(Coverage { topic, heard, reason, detail: String::new(), missed: 0 })
    }

    #[test]
    fn one_sleep_is_one_hole_whoever_tells_of_it() {
        let mut waking = Waking::none();
        assert!(waking.is_new(&said(Topic::Audit, false, CoverageReason::Asleep)), "the connection found it first");
        assert_eq!(waking.begin(vec![Topic::Audit, Topic::Security]).len(), 2);
        assert!(waking.is_new(&RowBody::Tick));
        assert!(!waking.is_new(&said(Topic::Audit, false, CoverageReason::Asleep)), "known");
        assert!(waking.is_new(&said(Topic::Audit, false, CoverageReason::Asleep)), "the next one");
        assert!(waking.is_new(&said(Topic::Security, false, CoverageReason::Disconnected)));
        assert!(waking.is_new(&said(Topic::Security, true, CoverageReason::Listening)));
    }

    #[test]
    fn a_connection_that_did_not_notice_is_heard_again() {
        let mut waking = Waking::none();
        waking.begin(vec![Topic::Audit, Topic::Security]);
        assert!(waking.is_new(&said(Topic::Audit, true, CoverageReason::Listening)));
        assert_eq!(waking.silent(), []);
        waking.until = Duration::ZERO;
        assert_eq!(waking.silent(), [said(Topic::Security, true, CoverageReason::Listening)]);
        assert_eq!(waking.silent(), []);
    }
}
