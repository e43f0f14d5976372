//! Times of day, and what is asked for its time.

use rhai::{Dynamic, Expr};

use super::{
    Checker,
    compare::field_name,
    types::{DAYS, Ty},
};
use crate::{diagnostic::Level, functions::clock_time};

/// Parts of a field's name that let it hold a time, whatever its type.
const OF_TIMES: [&str; 14] = [
    "time", "date", "stamp", "since", "until", "when", "seen", "first", "last", "start", "end", "created", "expir",
    "_at",
];

impl Checker<'_> {
    /// `between(from, to, time)`.
    pub(super) fn between(&mut self, (from, to, time): (&Expr, &Expr, &Expr), event: Option<&str>) {
        let ends = [from, to].map(|end| self.clock_time(end));
        if let [Some(begins), Some(ends)] = ends
            && begins == ends
        {
            let span = self.source.across(from, to);
            let message = "This begins and ends at the same time, so nothing is in it.";
            self.error("never-holds", span, message, "For the whole day leave between(…) out.");
        }
        if self.constant_text(time).is_some() {
            let message = "This is the same time whatever comes.";
            return self.error("bad-time", self.source.whole(time), message, "Write event.time.");
        }
        self.asked_for_time("between", time, event);
    }

    /// What is asked for its time of day or its day, and has none. A text that is not known may hold a time.
    pub(super) fn asked_for_time(&mut self, function: &str, time: &Expr, event: Option<&str>) {
        if let (Some(text), "weekday") = (self.constant_text(time), function) {
            let day = DAYS.iter().find(|day| text.eq_ignore_ascii_case(day));
            let help = day.map_or_else(
                || "Write weekday(event.time).".to_owned(),
                |day| format!("Write weekday(event.time) == \"{day}\"."),
            );
            let span = self.source.whole(time);
            self.error("bad-time", span, "weekday is asked of a time, and this is always the same.", help);
            return;
        }
        let ty = self.ty(time, event);
        let is_field = |name: &str| !OF_TIMES.iter().any(|part| name.contains(part));
        let level = match ty {
            Ty::Text if field_name(time, event).is_some_and(is_field) => Level::Warning,
            Ty::Mac | Ty::Address | Ty::OneOf(_) | Ty::Truth | Ty::List | Ty::Map => Level::Error,
            _ => return,
        };
        let message = format!("{function} asks for a time, and {} is none: that never holds.", self.subject(time));
        self.finding(level, "never-holds", self.source.whole(time), message, "Write event.time or event.received.");
    }

    /// An end of `between`, if it is known and a time of day.
    fn clock_time(&mut self, end: &Expr) -> Option<jiff::civil::Time> {
        let value = self.constant_value(end)?;
        let time = value.as_immutable_string_ref().ok().and_then(|text| clock_time(&text));
        if time.is_none() {
            let midnight = self.constant_text(end).is_some_and(|text| matches!(text.as_str(), "24:00" | "24:00:00"));
            if midnight {
                let message = format!("{} is not a time of day: midnight is \"00:00\".", self.written_as(end));
                self.error("bad-time", self.source.whole(end), message, "Write \"00:00\".");
                return None;
            }
            let message = format!("{} is not a time of day.", self.written_as(end));
            self.error("bad-time", self.source.whole(end), message, "Write it like \"02:00\" or \"23:30\".");
        }
        time
    }

    /// A date and time compared with a text that is none. Says whether it is one.
    pub(super) fn no_date(&mut self, (ty, of): (&Ty, &Expr), constant: &Expr) -> bool {
        let Some(Ok(text)) = self.constant_value(constant).map(Dynamic::into_string) else { return false };
        let begins = text.len() >= 4 && text.bytes().take(4).all(|octet| octet.is_ascii_digit());
        let date = begins && text.as_bytes().get(4).is_none_or(|octet| *octet == b'-');
        if *ty != Ty::Time || date || text.is_empty() {
            return false;
        }
        let subject = self.subject(of);
        let message = format!("{subject} is a date and a time of day, such as \"2026-01-05T12:00:00Z\".");
        let help = if clock_time(&text).is_some() {
            format!("Write between(\"{text}\", …, {subject}).")
        } else {
            "Ask weekday(…) or between(…) of it.".into()
        };
        self.error("bad-time", self.source.whole(constant), message, help);
        true
    }
}
