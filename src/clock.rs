//! The only way to the system's clock and timers, so that a test can run a week in minutes.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// A clock that runs `speed` times as fast as the system's. Cheap to clone; clones show the same time.
///
/// Durations given to it are in its own time: on a clock hurried 60 times, `sleep(60 s)` takes one second.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Where this clock stood when it was made, and the system's monotonic clock at that moment.
    start: Timestamp,
    origin: Instant,
    speed: f64,
}

impl Clock {
    /// The system's own time.
    pub fn system() -> Self {
        Self::hurried(1.0)
    }

    /// Starts at the system's time and then runs `speed` times as fast (`speed` above 0).
    pub fn hurried(speed: f64) -> Self {
        Self { start: Timestamp::now(), origin: Instant::now(), speed }
    }

    /// The wall time. At speed 1 it follows the system's wall clock, corrections included.
    pub fn now(&self) -> Timestamp {
        #[allow(clippy::float_cmp)] // exactly 1 means "the system's own clock"
        if self.speed == 1.0 {
            return Timestamp::now();
        }
        self.start.checked_add(self.elapsed()).unwrap_or(Timestamp::MAX)
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
}

/// Holds this thread up for so long on the wall, whatever the speed of any clock: for what another process is about to
/// let go of.
pub fn pause(span: Duration) {
    std::thread::sleep(span);
}
