//! Notices that the computer slept: connections that were open may be dead without knowing it.

use std::time::Duration;

use jiff::Timestamp;

use crate::clock::Clock;

const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A jump of this size is sleep (or a clock that was set, which costs a reconnect).
const JUMP: Duration = Duration::from_secs(10);

/// The two clocks at the last look.
struct Looked {
    wall: Timestamp,
    monotonic: Duration,
}

impl Looked {
    /// Whether the computer slept since the last look. On Linux and macOS the monotonic clock stands still in sleep
    /// and the wall clock does not; on Windows both go on, and the look comes late.
    fn slept(&self, wall: Timestamp, monotonic: Duration) -> bool {
        let wall_passed = Duration::try_from(wall.duration_since(self.wall)).unwrap_or_default();
        let passed = monotonic.saturating_sub(self.monotonic);
        wall_passed.saturating_sub(passed) > JUMP || passed > LOOK_EVERY + JUMP
    }
}

/// Calls `woke` whenever the computer woke.
pub(super) async fn watch(clock: Clock, woke: impl Fn()) {
    let mut last = Looked { wall: clock.now(), monotonic: clock.elapsed() };
    loop {
        clock.sleep(LOOK_EVERY).await;
        let (wall, monotonic) = (clock.now(), clock.elapsed());
        if last.slept(wall, monotonic) {
            tracing::info!("the computer slept; connecting anew");
            woke();
        }
        last = Looked { wall, monotonic };
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    #[test]
    fn sleep_is_told_from_time_passing() {
        let look = Looked { wall: Timestamp::from_second(1000).unwrap(), monotonic: Duration::from_secs(50) };
        let slept = |wall: i64, monotonic: u64| {
            look.slept(Timestamp::from_second(wall).unwrap(), Duration::from_secs(monotonic))
        };
        assert!(!slept(1002, 52), "awake");
        assert!(!slept(1008, 58), "busy");
        assert!(slept(4600, 52), "asleep on Linux");
        assert!(slept(4600, 3650), "asleep on Windows");
        assert!(!slept(10, 52), "the clock was set back");
    }
}
