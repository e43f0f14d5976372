//! Silences, quiet hours, maintenance, storms, and what is told on return.

use jiff::{Timestamp, tz::TimeZone};

use super::{Tried, at, found, meta, minutes, occurrence, state, story};
use crate::{
    alert::{
        Change, ChangeKind, DIGEST, Due, Hours, Limits, Looked, Maintenance, Matchers, Noise, Reason, Signal, Silence,
        foresee,
    },
    rules::{Policy, Severity},
};

/// Tuesday: the day of [`at`].
const TODAY: u8 = 2;

fn silence(id: u64, matchers: Matchers, until: &str) -> Signal {
    let (since, until) = (at("7:00"), at(until));
    Signal::Silence(Silence { id, matchers, since, until, comment: "new carpet".into(), by: "ann".into() })
}

fn of_rule(pattern: &str) -> Matchers {
    Matchers { rule: pattern.into(), ..Matchers::default() }
}

fn hours(from: u16, to: u16) -> Hours {
    Hours { days: vec![1, 2, 3, 4, 5, 6, 7], from: from * 60, to: to * 60 }
}

fn no_limits() -> Noise {
    Noise { limits: Limits { rule: 0, all: 0 }, ..Noise::default() }
}

fn critical() -> Policy {
    Policy { severity: Severity::Critical, ..state() }
}

/// As [`story`], with rule, title and the note of a reason.
fn lines(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let (time, what) = (change.time.strftime("%-H:%M:%S"), change.change.name());
        format!("{time} {} {what} {} {}", change.rule, change.title, change.why()).trim_end().to_owned()
    };
    changes.iter().filter(|change| change.change != ChangeKind::Repeated).map(line).collect()
}

#[test]
fn a_silence_hides_and_says_why_and_the_alert_lives() {
    let mut tried = Tried::new(state());
    tried.signal("7:30", silence(7, of_rule("r*"), "9:00")).matches("8:00").resolves("8:30");
    assert_eq!(
        lines(&tried.changes),
        [
            "8:00:00 r fired Title 1",
            "8:00:00 r suppressed Title 1 silenced: new carpet",
            "8:30:00 r resolved Title 1 over"
        ]
    );
    // What it hid is over, so its end is nothing to tell; after it, everything is shown.
    tried.until("9:00").matches("9:00");
    assert_eq!(tried.story()[3..], ["9:00:00 fired", "9:00:00 notified"]);
}

#[test]
fn every_matcher_must_fit() {
    let alert = found("r", "k", 1);
    let looked = |severity| crate::alert::Looked {
        rule: &alert.rule,
        key: &alert.key,
        kind: &alert.kind,
        title: &alert.title,
        severity,
    };
    let all = Matchers {
        rule: "[qr]".into(),
        key: "k".into(),
        kind: "security.*".into(),
        title: "Title ?".into(),
        severity: Some(Severity::Warning),
        spare_critical: false,
    };
    assert!(all.fit(&looked(Severity::Warning)) && Matchers::default().fit(&looked(Severity::Info)));
    assert!(!all.fit(&looked(Severity::Critical)));
    let spares = Matchers { spare_critical: true, ..Matchers::default() };
    assert!(spares.is_any() && spares.fit(&looked(Severity::Warning)) && !spares.fit(&looked(Severity::Critical)));
    for wrong in [
        Matchers { rule: "s".into(), ..all.clone() },
        Matchers { key: "K".into(), ..all.clone() },
        Matchers { kind: "security".into(), ..all.clone() },
        Matchers { title: "Title".into(), ..all.clone() },
    ] {
        assert!(!wrong.fit(&looked(Severity::Warning)), "{wrong:?}");
    }
}

#[test]
fn what_still_fires_when_a_silence_ends_is_told_once() {
    for ends_early in [false, true] {
        let mut tried = Tried::new(state());
        tried.signal("7:30", silence(7, Matchers::default(), "9:00"));
        for (seq, key) in [(1, "a"), (2, "b"), (3, "c")] {
            tried.signal("8:00", Signal::Match(found("r", key, seq)));
        }
        let told = if ends_early {
            tried.signal("8:20", Signal::EndSilence { id: 7 });
            "8:20:00"
        } else {
            "9:00:00"
        };
        tried.until("9:10");
        assert_eq!(
            lines(&tried.changes)[6..8],
            [
                format!("{told} {DIGEST} fired 3 alerts are still firing"),
                format!("{told} {DIGEST} notified 3 alerts are still firing")
            ]
        );
        assert_eq!(tried.lifecycle.silences().count(), 0);
    }
}

#[test]
fn quiet_hours_let_critical_through_and_tell_the_rest_after() {
    let mut tried = Tried::new(state());
    tried.signal("7:00", Signal::Rules(vec![meta("r", state()), meta("worst", critical())]));
    tried.signal("7:00", Signal::Noise(Noise { quiet: vec![hours(8, 9)], ..no_limits() }));
    // Shown before: a reminder of it is no news after.
    tried.signal("7:59", Signal::Match(found("r", "early", 1)));
    tried.signal("8:00", Signal::Match(found("r", "k", 2)));
    tried.signal("8:30", Signal::Match(found("worst", "k", 3)));
    tried.signal("9:00", Signal::Match(found("r", "late", 4)));
    tried.until("9:01");
    assert_eq!(
        lines(&tried.changes),
        [
            "7:59:00 r fired Title 1",
            "7:59:00 r notified Title 1",
            "8:00:00 r fired Title 2",
            "8:00:00 r suppressed Title 2 quiet-hours",
            "8:30:00 worst fired Title 3",
            "8:30:00 worst notified Title 3",
            "9:00:00 r fired Title 4",
            "9:00:00 r notified Title 4",
            "9:00:00 tocsin/digest fired Still firing: Title 2",
            "9:00:00 tocsin/digest notified Still firing: Title 2",
        ]
    );
}

#[test]
fn maintenance_hides_what_it_matches_critical_too() {
    let mut tried = Tried::new(critical());
    tried.signal("7:00", Signal::Rules(vec![meta("core/ap", critical()), meta("r", critical())]));
    let window = Maintenance { name: "Core update".into(), hours: hours(8, 9), matchers: of_rule("core/*") };
    tried.signal("7:00", Signal::Noise(Noise { maintenance: vec![window], ..no_limits() }));
    for (seq, rule) in [(1, "core/ap"), (2, "r")] {
        tried.signal("8:10", Signal::Match(found(rule, "k", seq)));
    }
    assert_eq!(lines(&tried.changes)[1], "8:10:00 core/ap suppressed Title 1 maintenance: Core update");
    assert_eq!(lines(&tried.changes)[3], "8:10:00 r notified Title 2");
}

#[test]
fn a_storm_becomes_a_digest_of_its_rule_and_hides_neither_others_nor_what_is_critical() {
    let mut tried = Tried::new(occurrence());
    let rules = vec![meta("flood", occurrence()), meta("other", occurrence()), meta("worst", critical())];
    tried.signal("7:00", Signal::Rules(rules));
    tried.signal("7:00", Signal::Noise(Noise { limits: Limits { rule: 2, all: 3 }, ..Noise::default() }));
    for seq in 1..=40 {
        tried.signal("8:00", Signal::Match(found("flood", &format!("k{seq}"), seq)));
        tried.signal("8:00", Signal::Match(found("worst", &format!("k{seq}"), seq)));
    }
    for seq in 50..=54 {
        tried.signal("8:00:30", Signal::Match(found("other", &format!("k{seq}"), seq)));
    }
    let of = |tried: &Tried, rule: &str, kind| {
        tried.changes.iter().filter(|change| &*change.rule == rule && change.change == kind).count()
    };
    assert_eq!(of(&tried, "flood", ChangeKind::Notified), 2);
    assert_eq!(of(&tried, "worst", ChangeKind::Notified), 40);
    assert_eq!(of(&tried, "other", ChangeKind::Notified), 1);
    tried.until("8:02");
    let digests: Vec<_> = tried.changes.iter().filter(|change| &*change.rule == DIGEST).cloned().collect();
    assert_eq!(
        lines(&digests),
        [
            "8:01:00 tocsin/digest fired 38 more alerts of flood in 60 s",
            "8:01:00 tocsin/digest notified 38 more alerts of flood in 60 s",
            "8:01:30 tocsin/digest fired 4 more alerts in 60 s",
            "8:01:30 tocsin/digest notified 4 more alerts in 60 s",
        ]
    );
    assert_eq!(&*digests[0].body, "Title 3\nTitle 4\nTitle 5\nand 35 more");
    let why = tried.changes.iter().filter(|change| change.why() == "in-digest: rule flood").count();
    assert_eq!(why, 38);
    // A minute later there is room again.
    tried.signal("8:02", Signal::Match(found("flood", "again", 90)));
    assert_eq!(tried.story().last().unwrap(), "8:02:00 notified");
}

#[test]
fn a_storm_that_goes_on_speaks_once_a_minute_in_the_same_alert() {
    let mut tried = Tried::new(occurrence());
    tried.signal("7:00", Signal::Noise(Noise { limits: Limits { rule: 1, all: 0 }, ..Noise::default() }));
    for seq in 0..180_u64 {
        let time = format!("8:{:02}:{:02}", seq / 60, seq % 60);
        tried.signal(&time, Signal::Match(found("r", &format!("k{seq}"), seq)));
    }
    tried.until("8:05");
    let digests: Vec<_> = tried.changes.iter().filter(|change| &*change.rule == DIGEST).cloned().collect();
    let spoke: Vec<_> = digests.iter().filter(|change| change.change == ChangeKind::Notified).collect();
    assert_eq!(spoke.len(), 3);
    assert!(spoke.iter().all(|change| change.alert == spoke[0].alert));
    assert_eq!(story(&digests).iter().filter(|line| line.ends_with(" fired")).count(), 1);
}

#[test]
fn a_reminder_says_how_often_the_rule_matched_since() {
    let mut tried = Tried::new(Policy { remind: vec![minutes(10)], ..occurrence() });
    for minute in 0..=10 {
        tried.matches(&format!("8:{minute:02}"));
    }
    let bodies: Vec<_> = tried
        .changes
        .iter()
        .filter(|change| change.change == ChangeKind::Notified)
        .map(|change| &*change.body)
        .collect();
    assert_eq!(bodies, ["Body", "×10 in 10 min\nBody"]);
}

#[test]
fn what_was_due_while_nobody_was_there_is_told_once() {
    let mut tried = Tried::new(Policy { remind: vec![minutes(10)], ..state() });
    tried.signal("7:00", Signal::Noise(Noise::default()));
    for (seq, key) in [(1, "a"), (2, "b")] {
        tried.signal("8:00", Signal::Match(found("r", key, seq)));
    }
    let mut missed = tried.lifecycle.run_missed(at("16:01"), true);
    tried.lifecycle.run_missed(at("16:01"), true);
    // The last ones, at 16:00, are not so late that nobody was there.
    let shown = missed.iter().filter(|change| change.change == ChangeKind::Notified).count();
    let away = missed.iter().filter(|change| change.why() == "away").count();
    assert_eq!((shown, away), (2, 2 * 47));
    missed = tried.lifecycle.run_missed(at("16:02"), true);
    assert_eq!(
        lines(&missed),
        [
            "16:01:05 tocsin/digest fired While you were away: 2 alerts",
            "16:01:05 tocsin/digest notified While you were away: 2 alerts"
        ]
    );
    // Without settings against noise, as in a log that has no ticks, nobody is ever away.
    let mut plain = Tried::new(Policy { remind: vec![minutes(10)], ..state() });
    plain.matches("8:00");
    assert!(plain.lifecycle.run_missed(at("16:01"), true).iter().all(|change| change.why() != "away"));
}

#[test]
fn a_digest_waits_for_the_end_of_quiet_hours_and_of_a_snooze_unless_they_end_sooner() {
    let storm = || {
        let mut tried = Tried::new(occurrence());
        let limits = Limits { rule: 1, all: 0 };
        tried.signal("7:00", Signal::Noise(Noise { quiet: vec![hours(8, 9)], limits, ..Noise::default() }));
        for seq in 1..=5 {
            tried.signal("7:59:30", Signal::Match(found("r", &format!("k{seq}"), seq)));
        }
        tried
    };
    let told = |tried: &Tried| {
        let digests = tried.changes.iter().filter(|change| &*change.rule == DIGEST);
        let shown = digests.filter(|change| change.change == ChangeKind::Notified);
        shown.map(|change| change.time.strftime("%-H:%M:%S").to_string()).collect::<Vec<_>>()
    };
    let mut quiet = storm();
    quiet.until("10:00");
    assert_eq!(told(&quiet), ["9:00:00"]);

    let mut snoozed = storm();
    snoozed.signal("7:59:40", Signal::Snooze { alert: None, until: Some(at("9:30")) }).until("10:00");
    assert_eq!(told(&snoozed), ["9:30:00"]);

    let mut ended = storm();
    ended
        .signal("8:30", Signal::Noise(Noise { limits: Limits { rule: 1, all: 0 }, ..Noise::default() }))
        .until("10:00");
    assert_eq!(told(&ended), ["8:30:00"]);
}

#[test]
fn settings_are_foreseen_as_they_would_act() {
    let shown = |rule, severity, time: &str| Due {
        at: at(time),
        looked: Looked { rule, key: "k", kind: "", title: "t", severity },
        withheld: None,
    };
    let mut due = vec![shown("night", Severity::Warning, "3:00"), shown("night", Severity::Critical, "3:10")];
    due.extend((0..4).map(|_| shown("flood", Severity::Info, "12:00")));
    due.push(Due { withheld: Some(Reason::Acknowledged), ..shown("flood", Severity::Info, "12:00") });
    // As it was: withheld by hours that are no more, and by too many at once.
    due.push(Due { withheld: Some(Reason::QuietHours), ..shown("other", Severity::Info, "14:00") });
    due.push(shown(DIGEST, Severity::Info, "14:01"));
    let window = Maintenance { name: "m".into(), hours: hours(13, 15), matchers: of_rule("other") };
    let noise = Noise { quiet: vec![hours(2, 4)], maintenance: vec![], limits: Limits { rule: 2, all: 0 } };
    let seen = foresee(&noise, &TimeZone::UTC, due.clone());
    // The critical one, two of the flood and their digest, the one that the hours withhold no more.
    assert_eq!((seen.shown, seen.critical, seen.busiest), (5, 0, Some((at("12:00"), 4))));
    let withheld = [(Reason::Acknowledged, 1), (Reason::QuietHours, 1), (Reason::InDigest, 2)];
    assert_eq!(seen.withheld, withheld.into_iter().collect());
    let seen = foresee(&Noise { maintenance: vec![window], ..no_limits() }, &TimeZone::UTC, due);
    assert_eq!((seen.shown, seen.withheld[&Reason::Maintenance]), (6, 1));
}

#[test]
fn hours_go_by_the_clock_on_the_wall() {
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let time = |text: &str| text.parse::<Timestamp>().unwrap();
    let night = Hours { days: vec![6], from: 22 * 60, to: 7 * 60 };
    // From Saturday to Sunday, on 25 October 2026, clocks go back an hour: the night has ten hours.
    let (begins, ends) = (time("2026-10-24T20:00:00Z"), time("2026-10-25T06:00:00Z"));
    assert_eq!(night.end(begins, &berlin), Some(ends));
    assert_eq!(night.end(time("2026-10-25T05:59:59Z"), &berlin), Some(ends));
    assert_eq!(night.end(ends, &berlin), None);
    assert_eq!(night.end(time("2026-10-24T19:59:59Z"), &berlin), None);
    // The night to Saturday began on a Friday.
    assert_eq!(night.end(time("2026-10-24T03:00:00Z"), &berlin), None);
    // As long as the day, when it ends as it begins.
    let day = Hours { days: vec![TODAY], from: 0, to: 0 };
    assert_eq!(day.end(at("0:00"), &TimeZone::UTC), Some(at("0:00") + minutes(24 * 60)));
    assert_eq!(day.end(at("0:00") - minutes(1), &TimeZone::UTC), None);
    // Nonsense never holds.
    let never = Hours { days: vec![1, 2, 3, 4, 5, 6, 7], from: 1_440, to: 5 };
    assert!(!never.is_sound() && never.end(at("8:00"), &TimeZone::UTC).is_none());
}
