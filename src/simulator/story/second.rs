//! One second of the story, which the acts fill.

use std::time::Duration;

use bytes::Bytes;
use fastrand::Rng;
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    decode::wire::{self, Message},
    event::Topic,
    simulator::{CUSTOMER, campus::Campus},
};

use super::{Cue, LAP};

/// The second that is being written. Its random turns depend on the seed and its number alone.
pub(super) struct Second<'a> {
    pub campus: &'a Campus,
    /// Since the start.
    pub number: u64,
    pub rng: Rng,
    pub zone: &'a TimeZone,
    start: Timestamp,
    cues: Vec<Cue>,
}

impl<'a> Second<'a> {
    pub fn new(campus: &'a Campus, seed: u64, number: u64, start: Timestamp, zone: &'a TimeZone) -> Self {
        let rng = Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ number);
        Self { campus, number, rng, zone, start, cues: Vec::new() }
    }

    /// Which time the story is told, from 0.
    pub fn lap(&self) -> u64 {
        self.number / LAP
    }

    /// Where in the lap it is.
    pub fn of_lap(&self) -> u64 {
        self.number % LAP
    }

    /// Whether it is one of every `period` seconds in `from..=to` of the lap, counted from `from`.
    pub fn is_every(&self, period: u64, from: u64, to: u64) -> bool {
        let at = self.of_lap();
        (from..=to).contains(&at) && (at - from).is_multiple_of(period)
    }

    /// The time at its beginning.
    pub fn time(&self) -> Timestamp {
        self.start.checked_add(Duration::from_secs(self.number)).unwrap_or(Timestamp::MAX)
    }

    /// The time at its beginning, in epoch seconds as the topics carry it.
    pub fn epoch(&self) -> u32 {
        u32::try_from(self.time().as_second()).unwrap_or(u32::MAX)
    }

    /// Sends a topic's message so many milliseconds into the second.
    pub fn say(&mut self, topic: Topic, millis: u64, message: &impl Message) {
        let at = Duration::from_millis(self.number * 1000 + millis);
        let time = self.start.checked_add(at).unwrap_or(Timestamp::MAX);
        let nanos = i64::try_from(time.as_nanosecond()).unwrap_or(i64::MAX);
        let frame = Bytes::from(wire::envelope(topic, CUSTOMER, nanos, message));
        self.cues.push(Cue { at, topic, frame });
    }

    /// What was said, in the order it is due.
    pub fn into_cues(mut self) -> Vec<Cue> {
        self.cues.sort_by_key(|cue| cue.at);
        self.cues
    }
}
