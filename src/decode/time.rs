//! When something happened, by the sender's account.

use jiff::{SignedDuration, Timestamp};

use crate::event::Value;

/// How far the sender's time may be from `received` before nobody believes it.
const BELIEVABLE: SignedDuration = SignedDuration::from_hours(24);

/// A number since the epoch; seconds, ms, µs and ns are told apart by magnitude. `None` for zero, for what is negative
/// and for what no calendar holds.
pub(super) fn instant(number: i64) -> Option<Timestamp> {
    // Each bound is the year 5138 in the unit before it and 1973 in the one after.
    let time = match number {
        ..=0 => return None,
        1..100_000_000_000 => Timestamp::from_second(number),
        100_000_000_000..100_000_000_000_000 => Timestamp::from_millisecond(number),
        100_000_000_000_000..100_000_000_000_000_000 => Timestamp::from_microsecond(number),
        _ => Timestamp::from_nanosecond(i128::from(number)),
    };
    time.ok()
}

/// The instant that a field's value says.
pub(super) fn of_value(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Int(number) => instant(*number),
        _ => None,
    }
}

/// Whether a sender's time is near enough to the time its frame came.
pub(super) fn is_believable(time: Timestamp, received: Timestamp) -> bool {
    time.duration_since(received).abs() <= BELIEVABLE
}
