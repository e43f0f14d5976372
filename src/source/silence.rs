//! When a connection that says nothing is dead: pings go out, and something has to come back.

use std::time::Duration;

/// How often a ping is sent.
pub(super) const PING_EVERY: Duration = Duration::from_secs(5);
/// After so long without anything the connection is taken for dead: a half-open socket is found within 15 s.
const LIMIT: Duration = Duration::from_secs(14);
/// The same for a server that does not answer pings, though the WebSocket protocol demands it.
const LIMIT_WITHOUT_PONGS: Duration = Duration::from_mins(5);
/// A message so long after an unanswered ping proves that pings are not answered.
const PONG_OVERDUE: Duration = Duration::from_secs(5);
/// So many connections in a row that opened, never answered a ping and fell silent prove it too.
const SILENT_ENDS: u32 = 3;

/// What is known of the server's manners, over all connections of a topic.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Manners {
    ignores_pings: bool,
    silent_ends: u32,
}

/// The silence of one connection. Times are by [`crate::clock::Clock::elapsed`].
#[derive(Debug)]
pub(super) struct Silence {
    heard: Duration,
    first_ping: Option<Duration>,
    ponged: bool,
}

impl Silence {
    pub fn begins(now: Duration) -> Self {
        Self { heard: now, first_ping: None, ponged: false }
    }

    /// A ping was sent.
    pub fn pinged(&mut self, now: Duration) {
        self.first_ping.get_or_insert(now);
    }

    /// A pong came.
    pub fn ponged(&mut self, now: Duration, manners: &mut Manners) {
        self.heard = now;
        self.ponged = true;
        *manners = Manners::default();
    }

    /// Anything else came.
    pub fn heard(&mut self, now: Duration, manners: &mut Manners) {
        self.heard = now;
        if !self.ponged && self.first_ping.is_some_and(|ping| now.saturating_sub(ping) > PONG_OVERDUE) {
            manners.ignores_pings = true;
        }
    }

    /// The limit that holds now, and when it is reached if nothing comes.
    pub fn limit(&self, manners: Manners) -> (Duration, Duration) {
        let limit = if manners.ignores_pings { LIMIT_WITHOUT_PONGS } else { LIMIT };
        (limit, self.heard + limit)
    }

    /// The limit was reached.
    pub fn ended(&self, manners: &mut Manners) {
        if !self.ponged {
            manners.silent_ends += 1;
            manners.ignores_pings |= manners.silent_ends >= SILENT_ENDS;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn a_server_that_answers_is_dead_within_fifteen_seconds_of_silence() {
        let mut manners = Manners::default();
        let mut silence = Silence::begins(s(100));
        silence.pinged(s(100));
        silence.ponged(s(101), &mut manners);
        assert_eq!(silence.limit(manners).1, s(115));
        silence.heard(s(200), &mut manners);
        assert_eq!(silence.limit(manners).1, s(214));
    }

    #[test]
    fn a_server_that_never_answers_pings_is_not_dropped_for_ever() {
        let mut manners = Manners::default();
        for round in 0..3 {
            let mut silence = Silence::begins(s(0));
            silence.pinged(s(0));
            assert_eq!(silence.limit(manners).0, s(14), "round {round}");
            silence.ended(&mut manners);
        }
        assert_eq!(Silence::begins(s(0)).limit(manners).0, s(300));
        // One pong, and it is held to its word again.
        let mut silence = Silence::begins(s(0));
        silence.ponged(s(1), &mut manners);
        assert_eq!(silence.limit(manners).0, s(14));
    }

    #[test]
    fn a_message_without_a_pong_tells_at_once() {
        let mut manners = Manners::default();
        let mut silence = Silence::begins(s(0));
        silence.pinged(s(0));
        silence.heard(s(3), &mut manners);
        assert_eq!(silence.limit(manners).0, s(14), "the pong may still come");
        silence.heard(s(6), &mut manners);
        assert_eq!(silence.limit(manners).0, s(300));
    }
}
