//! Alerts in a terminal: one line for each change, for `tocsin watch` and for machines without a display.

use std::fmt::Write as _;

use jiff::Zoned;

use crate::inert;
use crate::rules::Severity;

/// A change of an alert, as a line shows it. Texts may come from the air as they are.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// When, in the zone that is to be shown.
    pub time: &'a Zoned,
    pub severity: Severity,
    /// `fired`, `reminded`, `resolved`, …
    pub change: &'a str,
    pub title: &'a str,
    pub body: &'a str,
}

impl Line<'_> {
    /// The line, without its end. `colour` is for a terminal only, and says nothing that the words do not.
    pub fn show(&self, colour: bool) -> String {
        let mut out = self.time.strftime("%H:%M:%S").to_string();
        let severity = format!("{:<8}", self.severity.name());
        let (on, off) = if colour { (paint(self.severity), "\u{1b}[0m") } else { ("", "") };
        // Writing to a text does not fail.
        let _ =
            write!(out, "  {on}{severity}{off}  {:<12}  {}", inert::terminal(self.change), inert::terminal(self.title));
        if !self.body.is_empty() {
            out.push_str(". ");
            out.push_str(&inert::terminal(self.body));
        }
        out
    }
}

/// Bold red, yellow, cyan: the terminal's own, so that they suit its background.
const fn paint(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "\u{1b}[1;31m",
        Severity::Warning => "\u{1b}[33m",
        Severity::Info => "\u{1b}[36m",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail")]
    use super::*;

    #[test]
    fn a_change_is_one_inert_line() {
        let time: Zoned = "2025-11-18T14:29:03+01:00[Europe/Berlin]".parse().unwrap();
        let line = Line {
            time: &time,
            severity: Severity::Critical,
            change: "fired",
            title: "Rogue AP \"\u{1b}[2Jedu\nroam\u{202e}\" on the wire",
            body: "Switch port 1/1/29",
        };
        assert_eq!(
            line.show(false),
            "14:29:03  critical  fired         Rogue AP \"\\u{1b}[2Jedu\\nroam\\u{202e}\" on the wire. Switch port 1/1/29"
        );
        assert_eq!(line.show(true).matches('\u{1b}').count(), 2, "the colour's own");
    }
}
