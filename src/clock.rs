//! The only way to the system's clock and timers, so that a test can run a week in minutes.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{Duration, Instant},
};

use jiff::{SignedDuration, Timestamp};

/// A clock that runs `speed` times as fast as the system's. Cheap to clone; clones show the same time.
///
/// Durations given to it are in its own time: on a clock hurried 60 times, `sleep(60 s)` takes one second.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Where this clock stood when it was made, and the system's monotonic clock at that moment.
    start: Timestamp,
    origin: Instant,
    speed: f64,
    /// By how many seconds its wall time was set since.
    set: Option<&'static AtomicI64>,
}

/// Sets a rehearsed clock forward or back, as somebody might the system's.
#[derive(Clone, Copy, Debug)]
pub struct Setting(&'static AtomicI64);

impl Setting {
    /// By so many seconds; back, if negative.
    pub fn by(self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::Relaxed);
    }
}

impl Clock {
    /// The system's own time.
    pub fn system() -> Self {
        Self::hurried(1.0)
    }

    /// Starts at the system's time and then runs `speed` times as fast (`speed` above 0).
    pub fn hurried(speed: f64) -> Self {
        Self { start: Timestamp::now(), origin: Instant::now(), speed, set: None }
    }

    /// Starts at `start`, runs `speed` times as fast, and can be set.
    pub fn rehearsed(start: Timestamp, speed: f64) -> (Self, Setting) {
        // One for each run of the program, which ends with it.
        let set: &'static AtomicI64 = Box::leak(Box::default());
        (Self { start, origin: Instant::now(), speed, set: Some(set) }, Setting(set))
    }

    /// The wall time. At speed 1 it follows the system's wall clock, corrections included.
    pub fn now(&self) -> Timestamp {
        #[allow(clippy::float_cmp)] // exactly 1 means "the system's own clock"
        if self.speed == 1.0 && self.set.is_none() {
            return Timestamp::now();
        }
        let set = SignedDuration::from_secs(self.set.map_or(0, |seconds| seconds.load(Ordering::Relaxed)));
        let now = self.start.checked_add(self.elapsed()).and_then(|now| now.checked_add(set));
        now.unwrap_or(Timestamp::MAX)
    }

    /// How long this clock has been running, by the monotonic clock: never goes back, stands still in sleep on Linux.
    pub fn elapsed(&self) -> Duration {
        self.origin.elapsed().mul_f64(self.speed)
    }

    /// How long the system must really wait for `span` of this clock's time to pass.
    pub fn real(&self, span: Duration) -> Duration {
        span.div_f64(self.speed)
    }

    /// Waits `span` of this clock's time.
    pub async fn sleep(&self, span: Duration) {
        tokio::time::sleep(self.real(span)).await;
    }

    /// Gives up on `work` after `span` of this clock's time.
    pub async fn timeout<F: Future>(&self, span: Duration, work: F) -> Option<F::Output> {
        tokio::time::timeout(self.real(span), work).await.ok()
    }

    /// As [`Clock::timeout`], for an answer that may have come while this process stood still and could not hear it:
    /// after that it waits for the whole `span` again.
    pub async fn timeout_awake<F: Future>(&self, span: Duration, work: F) -> Option<F::Output> {
        let mut work = std::pin::pin!(work);
        let mut left = span;
        while !left.is_zero() {
            let (step, began) = (left.min(STEP), self.elapsed());
            if let Some(done) = self.timeout(step, work.as_mut()).await {
                return Some(done);
            }
            let stood_still = self.elapsed().saturating_sub(began) > step * 2;
            left = if stood_still { span } else { left.saturating_sub(step) };
        }
        None
    }
}

/// How much of its patience a process may lose at once without hearing anything.
const STEP: Duration = Duration::from_secs(1);

/// What a wall clock and a monotonic one show at one moment, to tell sleep from time passing.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    wall: Timestamp,
    monotonic: Duration,
}

impl Look {
    /// A jump of this size is sleep (or a clock that was set, which looks the same).
    pub const JUMP: Duration = Duration::from_secs(10);

    /// At this clock, now.
    pub fn at(clock: Clock) -> Self {
        Self { wall: clock.now(), monotonic: clock.elapsed() }
    }

    /// Whether the computer slept between this look and a later one that was to come after `planned`. On Linux and macOS
    /// the monotonic clock stands still in sleep and the wall clock does not; on Windows, and for a process that was
    /// stopped, both go on, and the look comes late.
    pub fn slept_until(&self, later: &Self, planned: Duration) -> bool {
        let wall = Duration::try_from(later.wall.duration_since(self.wall)).unwrap_or_default();
        let monotonic = later.monotonic.saturating_sub(self.monotonic);
        wall.saturating_sub(monotonic) > Self::JUMP || monotonic > planned + Self::JUMP
    }
}

/// Holds this thread up for so long on the wall, whatever the speed of any clock: for what another process is about to
/// let go of.
pub fn pause(span: Duration) {
    std::thread::sleep(span);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    #[test]
    fn sleep_is_told_from_time_passing() {
        let look = |wall: i64, monotonic: u64| Look {
            wall: Timestamp::from_second(wall).unwrap(),
            monotonic: Duration::from_secs(monotonic),
        };
        let slept =
            |wall: i64, monotonic: u64| look(1000, 50).slept_until(&look(wall, monotonic), Duration::from_secs(2));
        assert!(!slept(1002, 52), "awake");
        assert!(!slept(1008, 58), "busy");
        assert!(slept(4600, 52), "asleep on Linux");
        assert!(slept(4600, 3650), "asleep on Windows");
        assert!(!slept(10, 52), "the clock was set back");
    }

    #[tokio::test]
    async fn patience_begins_anew_after_standing_still() {
        let clock = Clock::system();
        let answered = clock.timeout_awake(Duration::from_secs(1), async {
            // Nothing of this thread goes on meanwhile, its timers included.
            pause(Duration::from_millis(2_500));
            clock.sleep(Duration::from_millis(200)).await;
        });
        assert!(answered.await.is_some());
        let began = clock.elapsed();
        assert!(clock.timeout_awake(Duration::from_millis(1_200), std::future::pending::<()>()).await.is_none());
        assert!(clock.elapsed().saturating_sub(began) >= Duration::from_millis(1_200));
    }
}
