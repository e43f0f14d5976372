//! A week in minutes, for `cargo xtask soak`: the log's clock hurries, and is set as somebody might set the system's.

use std::{io::BufRead as _, str::FromStr, thread};

use jiff::Timestamp;
use tocsin::clock::Clock;

/// When the log's clock begins, and how many times as fast as the system's it runs.
#[derive(Clone, Copy, Debug)]
pub struct Rehearsal {
    speed: f64,
    start: Timestamp,
}

impl FromStr for Rehearsal {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let read = || {
            let (speed, start) = text.split_once('@')?;
            Some(Self { speed: speed.parse().ok()?, start: start.parse().ok()? })
        };
        read()
            .filter(|told| (1.0..=10_000.0).contains(&told.speed))
            .ok_or_else(|| "a speed from 1 to 10000 and a time, such as 1000@2026-11-24T08:00:00Z".to_owned())
    }
}

impl Rehearsal {
    /// The clock. Each line of standard input from now on is a number of seconds by which it is set.
    pub fn begin(self) -> Clock {
        let (clock, setting) = Clock::rehearsed(self.start, self.speed);
        thread::spawn(move || {
            for line in std::io::stdin().lock().lines().map_while(Result::ok) {
                if let Ok(seconds) = line.trim().parse() {
                    setting.by(seconds);
                }
            }
        });
        clock
    }
}
