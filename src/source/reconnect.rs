//! What happens to a connection, and what is done about it: a table without a clock or a socket.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// Where a connection stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// On the way: name, TCP, TLS, answer; or asking for the key that is valid now.
    Connecting,
    /// Listening.
    Live,
    /// Waiting for the next try, which comes by itself.
    BackingOff,
    /// Somebody has to do something. Most refusals are looked at again every few minutes all the same.
    Refused,
}

/// What can happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Happening {
    /// The stream is open.
    Opened,
    /// It could not be opened, for a reason that may pass.
    Failed,
    /// It could not be opened, and somebody has to do something.
    Refused,
    /// The key was not accepted.
    KeyRefused,
    /// There is another key now.
    KeyRenewed,
    /// The stream ended, having lasted long or not.
    Ended { lasted: bool },
    /// The wait is over.
    Due,
    /// The user, or a new key, asks to try now what is not live.
    Retry,
    /// The computer woke, or everything changed: whatever is open is not to be trusted.
    Reconnect,
    /// The computer is about to sleep.
    Sleeps,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Dial,
    Listen,
    AskForKey,
    /// Wait [`back_off`], then [`Happening::Due`].
    Wait,
    /// Wait [`SLOWLY`] (if the refusal allows it), then [`Happening::Due`].
    WaitForUser,
    /// Wait until the computer woke, then [`Happening::Reconnect`].
    WaitForWaking,
    /// Go on.
    Nothing,
}

/// A connection's standing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Standing {
    pub phase: Phase,
    /// Tries that failed since it last was live for long.
    pub failures: u32,
    /// The key was renewed since it last was live.
    pub renewed: bool,
}

/// The first standing; the first action is [`Action::Dial`].
pub(super) const START: Standing = Standing { phase: Phase::Connecting, failures: 0, renewed: false };
/// A connection that lived so long has earned a fresh start.
pub(super) const LONG: Duration = Duration::from_mins(1);
/// How often a refusal is looked at again.
pub(super) const SLOWLY: Duration = Duration::from_mins(5);
const FIRST: Duration = Duration::from_secs(1);
const LAST: Duration = Duration::from_mins(1);

/// The table.
pub(super) fn step(now: Standing, happening: Happening) -> (Standing, Action) {
    use {Action as A, Happening as H, Phase as P};
    let failures = now.failures.saturating_add(1);
    let to = |phase| Standing { phase, ..now };
    match (now.phase, happening) {
        (P::Connecting, H::Opened) => (Standing { phase: P::Live, renewed: false, ..now }, A::Listen),
        // By the time it is tried again the key may have been replaced again.
        (P::Connecting, H::Failed) => (Standing { phase: P::BackingOff, failures, renewed: false }, A::Wait),
        (P::Connecting, H::Refused) => (Standing { phase: P::Refused, failures, ..now }, A::WaitForUser),
        // A second refusal in a row is not the age of the key: asking again would go round in circles.
        (P::Connecting, H::KeyRefused) if now.renewed => {
            (Standing { phase: P::Refused, failures, renewed: false }, A::WaitForUser)
        }
        (P::Connecting, H::KeyRefused) => (now, A::AskForKey),
        (P::Connecting, H::KeyRenewed) => (Standing { renewed: true, ..now }, A::Dial),
        (P::Connecting, H::Reconnect) => (now, A::Dial),

        (P::Live, H::Ended { lasted: true }) => {
            (Standing { phase: P::BackingOff, failures: 1, renewed: false }, A::Wait)
        }
        (P::Live, H::Ended { lasted: false }) => (Standing { phase: P::BackingOff, failures, ..now }, A::Wait),
        (P::Live, H::Sleeps) => (Standing { phase: P::Connecting, failures: 0, renewed: false }, A::WaitForWaking),
        (P::Live, H::Reconnect) => (Standing { phase: P::Connecting, failures: 0, renewed: false }, A::Dial),

        (P::BackingOff | P::Refused, H::Due) => (to(P::Connecting), A::Dial),
        (P::BackingOff | P::Refused, H::Retry | H::Reconnect) => {
            (Standing { phase: P::Connecting, failures: 0, renewed: false }, A::Dial)
        }

        // What cannot happen there, or need not be answered.
        (P::Connecting, H::Ended { .. } | H::Due | H::Retry | H::Sleeps)
        | (P::Live, H::Opened | H::Failed | H::Refused | H::KeyRefused | H::KeyRenewed | H::Due | H::Retry)
        | (
            P::BackingOff | P::Refused,
            H::Opened | H::Failed | H::Refused | H::KeyRefused | H::KeyRenewed | H::Ended { .. } | H::Sleeps,
        ) => (now, A::Nothing),
    }
}

/// How long to wait after so many failures: 1 s, doubling up to 60 s, of which `chance` (0 to 1) takes away up to
/// half, so that many clients do not come back at the same moment.
pub(super) fn back_off(failures: u32, chance: f64) -> Duration {
    let doubled = FIRST.saturating_mul(1 << failures.saturating_sub(1).min(10)).min(LAST);
    doubled.mul_f64(1.0 - 0.5 * chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use {Action as A, Happening as H, Phase as P};

    fn after(happenings: &[Happening]) -> (Standing, Vec<Action>) {
        let mut standing = START;
        let mut actions = Vec::new();
        for &happening in happenings {
            let (next, action) = step(standing, happening);
            standing = next;
            actions.push(action);
        }
        (standing, actions)
    }

    #[test]
    fn the_good_day() {
        let (standing, actions) = after(&[H::Opened, H::Ended { lasted: true }, H::Due, H::Opened]);
        assert_eq!(standing.phase, P::Live);
        assert_eq!(actions, [A::Listen, A::Wait, A::Dial, A::Listen]);
    }

    #[test]
    fn failures_add_up_until_a_connection_lasts() {
        let (standing, _) = after(&[H::Failed, H::Due, H::Failed, H::Due, H::Opened, H::Ended { lasted: false }]);
        assert_eq!((standing.phase, standing.failures), (P::BackingOff, 3));
        let (standing, _) = after(&[H::Failed, H::Due, H::Failed, H::Due, H::Opened, H::Ended { lasted: true }]);
        assert_eq!((standing.phase, standing.failures), (P::BackingOff, 1));
    }

    #[test]
    fn an_old_key_is_renewed_once_and_not_in_circles() {
        let (standing, actions) = after(&[H::KeyRefused, H::KeyRenewed, H::KeyRefused]);
        assert_eq!(standing.phase, P::Refused);
        assert_eq!(actions, [A::AskForKey, A::Dial, A::WaitForUser]);
        // Once it was live, or a try failed otherwise, a later refusal is a new story.
        let (_, actions) = after(&[H::KeyRefused, H::KeyRenewed, H::Failed, H::Due, H::KeyRefused]);
        assert_eq!(actions.last(), Some(&A::AskForKey));
        let (_, actions) =
            after(&[H::KeyRefused, H::KeyRenewed, H::Opened, H::Ended { lasted: true }, H::Due, H::KeyRefused]);
        assert_eq!(actions.last(), Some(&A::AskForKey));
    }

    #[test]
    fn a_refusal_waits_and_is_looked_at_again() {
        let (standing, actions) = after(&[H::Refused, H::Due, H::Opened]);
        assert_eq!(standing.phase, P::Live);
        assert_eq!(actions, [A::WaitForUser, A::Dial, A::Listen]);
    }

    #[test]
    fn asking_to_retry_leaves_what_is_live_alone_and_waking_does_not() {
        assert_eq!(after(&[H::Opened, H::Retry]).1, [A::Listen, A::Nothing]);
        assert_eq!(after(&[H::Opened, H::Reconnect]).1, [A::Listen, A::Dial]);
        assert_eq!(after(&[H::Reconnect]).1, [A::Dial]);
        assert_eq!(after(&[H::Retry]).1, [A::Nothing]);
        let (standing, actions) = after(&[H::Failed, H::Due, H::Failed, H::Retry]);
        assert_eq!((standing, actions[3]), (START, A::Dial));
    }

    #[test]
    fn what_is_open_is_let_go_for_sleep_and_made_anew_after_it() {
        let (standing, actions) = after(&[H::Opened, H::Sleeps, H::Reconnect]);
        assert_eq!((standing, &actions[1..]), (START, &[A::WaitForWaking, A::Dial][..]));
    }

    #[test]
    fn every_pair_is_answered_and_only_a_wait_is_waited_for() {
        let happenings = [
            H::Opened,
            H::Failed,
            H::Refused,
            H::KeyRefused,
            H::KeyRenewed,
            H::Ended { lasted: true },
            H::Ended { lasted: false },
            H::Due,
            H::Retry,
            H::Reconnect,
            H::Sleeps,
        ];
        for phase in [P::Connecting, P::Live, P::BackingOff, P::Refused] {
            for happening in happenings {
                let (next, action) = step(Standing { phase, failures: u32::MAX, renewed: false }, happening);
                match action {
                    A::Dial | A::AskForKey | A::WaitForWaking => assert_eq!(next.phase, P::Connecting),
                    A::Listen => assert_eq!(next.phase, P::Live),
                    A::Wait => assert_eq!(next.phase, P::BackingOff),
                    A::WaitForUser => assert_eq!(next.phase, P::Refused),
                    A::Nothing => assert_eq!(next.phase, phase),
                }
            }
        }
    }

    #[test]
    fn waits_double_up_to_a_minute_and_are_jittered() {
        let whole: Vec<u64> = (1..=9).map(|failures| back_off(failures, 0.0).as_secs()).collect();
        assert_eq!(whole, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
        assert_eq!(back_off(u32::MAX, 1.0), Duration::from_secs(30));
        assert_eq!(back_off(0, 0.5), Duration::from_millis(750));
    }
}
