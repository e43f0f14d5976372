//! The time of day and the day of the week, in the operator's zone unless the rule names one (`const ZONE`).

use std::rc::Rc;

use jiff::{Timestamp, Zoned, civil::Time};
use rhai::{Dynamic, Engine, NativeCallContext};

use super::{Example, Function, Gives, Surroundings};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "between",
        signature: "between(from, to, time)",
        gives: Gives::Truth,
        says: "The time of day is from \"from\" on and before \"to\", both as 24 h clock times; \"22:00\" to \"06:00\" goes over midnight. The zone is the operator's, or const ZONE.",
        unknown: "False for what is no time.",
        example: Example::new(
            "audit.firmware",
            r#"!between("02:00", "04:00", event.time)"#,
            &[
                (r#"time = "2026-01-05T00:30:00Z""#, true),
                (r#"at = "1m", time = "2026-01-05T01:30:00Z""#, false),
                (r#"at = "2m", time = "2026-01-05T03:00:00Z""#, true),
            ],
        )
        .also(r#"const ZONE = "Europe/Berlin";"#),
    },
    Function {
        name: "weekday",
        signature: "weekday(time)",
        gives: Gives::Text,
        says: "The day of the week in small letters, \"monday\" to \"sunday\", in the operator's zone, or const ZONE.",
        unknown: "() for what is no time.",
        example: Example::new(
            "audit.configuration",
            r#"weekday(event.time) in ["saturday", "sunday"]"#,
            &[(r#"time = "2026-01-05T12:00:00Z""#, false), (r#"at = "1m", time = "2026-01-04T23:30:00Z""#, true)],
        ),
    },
];

/// A clock time as `between` takes it: `02:00` or `02:00:30`, 24 h.
pub fn clock_time(text: &str) -> Option<Time> {
    let plain = text.len() >= 4 && text.contains(':') && text.bytes().all(|b| b.is_ascii_digit() || b == b':');
    let padded = if text.find(':') == Some(1) { format!("0{text}") } else { text.into() };
    if plain { padded.parse().ok() } else { None }
}

/// A time as events give it: RFC 3339 text, or a number of seconds since 1970.
pub(super) fn timestamp(value: &Dynamic) -> Option<Timestamp> {
    if let Ok(seconds) = value.as_int() {
        return Timestamp::from_second(seconds).ok();
    }
    value.as_immutable_string_ref().ok()?.parse().ok()
}

fn is_between(from: Time, to: Time, time: Time) -> bool {
    if from <= to { from <= time && time < to } else { from <= time || time < to }
}

fn weekday(time: &Zoned) -> &'static str {
    use jiff::civil::Weekday;
    match time.weekday() {
        Weekday::Monday => "monday",
        Weekday::Tuesday => "tuesday",
        Weekday::Wednesday => "wednesday",
        Weekday::Thursday => "thursday",
        Weekday::Friday => "friday",
        Weekday::Saturday => "saturday",
        Weekday::Sunday => "sunday",
    }
}

pub(super) fn register(engine: &mut Engine, surroundings: &Rc<Surroundings>) {
    let known = Rc::clone(surroundings);
    engine.register_fn("between", move |call: NativeCallContext, from: &str, to: &str, time: Dynamic| {
        let Some(time) = timestamp(&time) else { return false };
        let local = time.to_zoned(known.zone_of(&call)).time();
        clock_time(from).zip(clock_time(to)).is_some_and(|(from, to)| is_between(from, to, local))
    });
    let known = Rc::clone(surroundings);
    engine.register_fn("weekday", move |call: NativeCallContext, time: Dynamic| match timestamp(&time) {
        Some(time) => Dynamic::from(weekday(&time.to_zoned(known.zone_of(&call))).to_owned()),
        None => Dynamic::UNIT,
    });
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use jiff::tz::TimeZone;

    use super::*;

    #[test]
    fn windows_begin_in_and_end_out_and_cross_midnight() {
        assert!(is_between(at("02:00"), at("04:00"), at("02:00")));
        assert!(!is_between(at("02:00"), at("04:00"), at("04:00")));
        assert!(is_between(at("22:00"), at("6:00"), at("23:59:59")));
        assert!(is_between(at("22:00"), at("06:00"), at("05:59")));
        assert!(!is_between(at("22:00"), at("06:00"), at("06:00")));
        for bad in ["", "2", "25:00", "02:60", "2 pm", "02:00Z", "0200"] {
            assert_eq!(clock_time(bad), None, "{bad}");
        }
    }

    /// On 29 March 2026 clocks in Berlin go from 02:00 to 03:00, on 25 October from 03:00 back to 02:00.
    #[test]
    fn clocks_that_change_are_read_as_they_are() {
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let local = |text: &str| text.parse::<Timestamp>().unwrap().to_zoned(berlin.clone());
        let in_the_third_hour = |text| is_between(at("02:00"), at("03:00"), local(text).time());
        // The hour that is left out: from 01:59:59 on it is 03:00.
        assert!(!in_the_third_hour("2026-03-29T00:59:59Z") && !in_the_third_hour("2026-03-29T01:00:00Z"));
        // The hour that comes twice.
        assert!(in_the_third_hour("2026-10-25T00:30:00Z") && in_the_third_hour("2026-10-25T01:30:00Z"));
        assert!(!in_the_third_hour("2026-10-25T02:00:00Z"));
        assert_eq!(weekday(&local("2026-03-28T22:59:59Z")), "saturday");
        assert_eq!(weekday(&local("2026-03-28T23:00:00Z")), "sunday");
        assert_eq!(weekday(&local("2026-03-29T22:00:00Z")), "monday");
    }

    #[test]
    fn what_is_no_time_is_none() {
        let none = |value: Dynamic| timestamp(&value).is_none();
        assert!(none(Dynamic::UNIT) && none("soon".into()) && none("".into()) && none(true.into()));
        assert!(none(i64::MAX.into()) && none(i64::MIN.into()) && none("2026-01-05".into()));
        assert_eq!(timestamp(&0_i64.into()), Some(Timestamp::UNIX_EPOCH));
    }

    fn at(text: &str) -> Time {
        clock_time(text).unwrap()
    }
}
