//! Durations as a rule writes them: `90s`, `10m`, `1h30m`, `7d`.

use std::time::Duration;

/// The longest duration a rule may name: 90 days.
pub const LONGEST: Duration = Duration::from_secs(90 * DAY);

const DAY: u64 = 24 * 60 * 60;

/// The units, from the largest; each may stand once, in this order.
const UNITS: [(char, u64); 4] = [('d', DAY), ('h', 60 * 60), ('m', 60), ('s', 1)];

/// Reads a duration: whole numbers with the units `d`, `h`, `m`, `s`, the largest first; above zero, at most 90 days.
/// The error is a sentence that says what is wrong with it.
pub fn parse(text: &str) -> Result<Duration, String> {
    let malformed = || format!("\"{text}\" is not a duration.");
    let mut units = UNITS.iter();
    let mut seconds = 0_u64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let number: u64 = rest[..digits].parse().map_err(|_| malformed())?;
        let unit = rest[digits..].chars().next().ok_or_else(malformed)?;
        let (_, length) = units.find(|(name, _)| *name == unit).ok_or_else(malformed)?;
        seconds = number.checked_mul(*length).and_then(|part| seconds.checked_add(part)).ok_or_else(too_long)?;
        rest = &rest[digits + unit.len_utf8()..];
    }
    match Duration::from_secs(seconds) {
        _ if text.is_empty() => Err(malformed()),
        Duration::ZERO => Err("A duration is longer than zero.".into()),
        duration if duration > LONGEST => Err(too_long()),
        duration => Ok(duration),
    }
}

/// How a duration is to be written, if it can be told what is meant: `10 minutes` is `10m`, `1w` is `7d`, `1.5h` is `1h30m`.
pub fn help(text: &str) -> String {
    let text = text.trim();
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let (number, unit) = text.split_at(text.len() - text.trim_start_matches(is_number).len());
    let unit = match unit.trim().to_lowercase().as_str() {
        "s" | "sec" | "secs" | "second" | "seconds" => 1,
        "m" | "min" | "mins" | "minute" | "minutes" => 60,
        "h" | "hr" | "hrs" | "hour" | "hours" => 60 * 60,
        "d" | "day" | "days" => DAY,
        "w" | "wk" | "week" | "weeks" => 7 * DAY,
        _ => 0,
    };
    let seconds = number.parse::<f64>().unwrap_or(0.0) * unit as f64;
    if seconds >= 1.0 && seconds.fract() == 0.0 && seconds <= LONGEST.as_secs() as f64 {
        format!("Write \"{}\".", format(Duration::from_secs(seconds as u64)))
    } else if seconds > LONGEST.as_secs() as f64 {
        format!("Write \"{}\" at most.", format(LONGEST))
    } else {
        "Write it like \"90s\", \"10m\", \"1h30m\" or \"7d\".".into()
    }
}

fn too_long() -> String {
    "The longest duration is 90 days (90d).".into()
}

/// Writes a duration as [`parse`] reads it, whole seconds only: `1h30m`.
pub fn format(duration: Duration) -> String {
    let mut rest = duration.as_secs();
    let mut text = String::new();
    for (unit, length) in UNITS {
        if rest >= length {
            text.push_str(&(rest / length).to_string());
            text.push(unit);
            rest %= length;
        }
    }
    if text.is_empty() { "0s".into() } else { text }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a test may

    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for (text, seconds) in [("90s", 90), ("10m", 600), ("1h30m", 5400), ("7d", 7 * DAY), ("1d2h3m4s", 93_784)] {
            assert_eq!(parse(text), Ok(Duration::from_secs(seconds)), "{text}");
            assert_eq!(parse(&format(parse(text).unwrap())), parse(text), "{text}");
        }
        assert_eq!(format(Duration::from_secs(90)), "1m30s");
    }

    #[test]
    fn says_what_is_meant() {
        for (text, meant) in [
            ("10 minutes", "10m"),
            ("1hour", "1h"),
            ("5 M", "5m"),
            (" 7d", "7d"),
            ("30sec", "30s"),
            ("1w", "7d"),
            ("1.5h", "1h30m"),
        ] {
            assert_eq!(help(text), format!("Write \"{meant}\"."), "{text}");
        }
        assert_eq!(help("91 days"), "Write \"90d\" at most.");
        for text in ["", "soon", "é", "10", "0 s", "0.5s", ".h", "1.2.3d"] {
            assert!(help(text).starts_with("Write it like"), "{text}");
        }
    }

    #[test]
    fn refuses_the_rest() {
        for text in ["", "0s", "10", "m", "10x", "1m1h", "1h1h", "-5m", "1.5h", " 5m", "91d", "99999999999999999999d"] {
            assert!(parse(text).is_err(), "{text}");
        }
        assert!(parse("999999999999999999d").unwrap_err().contains("90 days"));
    }
}
