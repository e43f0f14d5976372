//! Times as the database has them: whole nanoseconds since the epoch.

use jiff::Timestamp;

/// Nanoseconds since the epoch; what an i64 cannot hold (before 1677, after 2262) is clipped.
pub(super) fn nanos(time: Timestamp) -> i64 {
    let nanos = time.as_nanosecond();
    i64::try_from(nanos).unwrap_or(if nanos < 0 { i64::MIN } else { i64::MAX })
}

/// The time of so many nanoseconds since the epoch.
pub(super) fn time(nanos: i64) -> Timestamp {
    // Every i64 of nanoseconds is within the range of a timestamp.
    Timestamp::from_nanosecond(i128::from(nanos)).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// Days since the epoch, in UTC.
pub(super) fn day(time: Timestamp) -> i64 {
    time.as_second().div_euclid(86_400)
}
