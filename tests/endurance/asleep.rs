//! The program stands still and goes on, as when the computer sleeps and wakes.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tocsin::{
    alert::ChangeKind,
    event::Topic,
    store::{Coverage, CoverageReason},
};

use crate::{
    afterwards::{coverage, holds, numbered, reader},
    lab::Lab,
    logind::Logind,
    program::until,
};

/// Longer than a busy computer may be taken for asleep, and than any pong waits.
const NAP: Duration = Duration::from_secs(16);

/// Whether all topics are heard.
fn hears(lab: &Lab) -> bool {
    let all = coverage(&lab.data);
    let last = |topic| all.iter().rev().find(|(_, row)| row.topic == topic).is_some_and(|(_, row)| row.heard);
    Topic::ALL.into_iter().all(last)
}

/// What the log says of one topic, from when it was first heard.
fn of(lab: &Lab, topic: Topic) -> Vec<(Timestamp, Coverage)> {
    coverage(&lab.data).into_iter().filter(|(_, row)| row.topic == topic).skip_while(|(_, row)| !row.heard).collect()
}

/// That the log says of each topic: heard, then so many sleeps, each with its end, and nothing else.
fn slept(lab: &Lab, times: usize) {
    for topic in Topic::ALL {
        let rows = of(lab, topic);
        let said: Vec<_> = rows.iter().map(|(_, row)| row.reason).collect();
        let sleep = [CoverageReason::Asleep, CoverageReason::Listening];
        assert_eq!(said, [&sleep[1..], &sleep.repeat(times)[..]].concat(), "{topic}: {rows:?}");
    }
}

#[test]
fn sleep_is_a_hole_with_its_reason_and_waking_reconnects_at_once() {
    let Some(lab) = Lab::new(0.0) else { return };
    let feed = lab.feed(Duration::from_millis(20));
    let mut program = lab.start();
    program.says("security: listening");
    until("all topics are heard", || hears(&lab));
    program.signal("STOP");
    sleep(NAP);
    program.signal("CONT");
    let woke = Instant::now();
    let asleep = || -> Vec<_> {
        let all = coverage(&lab.data);
        all.into_iter().filter(|(_, row)| row.reason == CoverageReason::Asleep).collect()
    };
    until("sleep is noticed on every topic", || asleep().len() >= 6);
    until("it listens again", || hears(&lab));
    // A look every two seconds, a handshake, and this test's own looking, on a machine that is busy.
    assert!(woke.elapsed() < Duration::from_secs(10), "{:?}", woke.elapsed());
    let then = feed.sent();
    until("it hears", || feed.sent() > then + 250);
    slept(&lab, 1);
    // The log knows how long it was: from when it was last awake, which it looks after every two seconds.
    for topic in Topic::ALL {
        let rows = of(&lab, topic);
        let [_, (begins, asleep), (ends, awake)] = &rows[..] else { panic!("{rows:?}") };
        assert!(!asleep.heard && awake.heard && !asleep.detail.is_empty(), "{rows:?}");
        let long = Duration::try_from(ends.duration_since(*begins)).unwrap();
        assert!(long + Duration::from_secs(4) >= NAP, "{topic}: {long:?}");
        // Nothing came to an end because nobody listened.
        let changes = reader(&lab.data).changes(0, 1_000_000).unwrap();
        let early = changes
            .iter()
            .find(|(_, change)| change.change == ChangeKind::Resolved && change.time > *begins && change.time < *ends);
        assert!(early.is_none(), "{early:?} between {begins} and {ends}");
        assert!(changes.iter().any(|(_, change)| change.change == ChangeKind::Resolved && change.time > *ends));
    }
    drop(feed);
    until("nothing is owed any more", || !reader(&lab.data).stats().unwrap().deliveries.contains_key("owed"));
    assert_eq!(program.end().0, Some(0));
    holds(&lab.data);
    assert_eq!(numbered(&lab.data, &lab.bus.shown()), 0, "nothing was killed, nothing is shown twice");
}

#[test]
fn logind_says_when_the_computer_goes_to_sleep_and_when_it_wakes() {
    let Some(lab) = Lab::new(0.0) else { return };
    let logind = Logind::start(&lab.bus.address);
    let mut program = lab.start();
    program.says("security: listening");
    until("all topics are heard", || hears(&lab));
    until("sleep waits for it", || logind.held_up_by() == 1);
    let none = || Topic::ALL.into_iter().all(|topic| lab.central.connections(topic) == 0);

    logind.say(true);
    until("sleep waits no more", || logind.held_up_by() == 0);
    // What it waited for: by now the log says it, and nothing is open.
    for topic in Topic::ALL {
        let rows = of(&lab, topic);
        assert!(matches!(&rows[..], [_, (_, row)] if row.reason == CoverageReason::Asleep), "{rows:?}");
    }
    assert!(none());
    sleep(Duration::from_secs(3));
    assert!(none(), "it connects although the computer sleeps");
    logind.say(false);
    let woke = Instant::now();
    until("it listens again", || hears(&lab));
    assert!(woke.elapsed() < Duration::from_secs(5), "{:?}", woke.elapsed());
    until("sleep waits for it again", || logind.held_up_by() == 1);
    slept(&lab, 1);

    // A logind that leaves is not missed, and one that comes is heard.
    logind.end();
    let logind = Logind::start(&lab.bus.address);
    until("sleep waits for it", || logind.held_up_by() == 1);
    logind.say(true);
    until("sleep waits no more", || logind.held_up_by() == 0);
    logind.say(false);
    until("it listens again", || hears(&lab));
    slept(&lab, 2);
    logind.end();
    let feed = lab.feed(Duration::from_millis(20));
    until("it hears", || feed.sent() > 50);
    drop(feed);
    until("nothing is owed any more", || !reader(&lab.data).stats().unwrap().deliveries.contains_key("owed"));
    slept(&lab, 2);
    assert_eq!(program.end().0, Some(0));
    holds(&lab.data);
}

#[test]
fn a_sleep_that_logind_and_the_clocks_tell_of_is_one_hole_and_one_connection() {
    let Some(lab) = Lab::new(0.0) else { return };
    let logind = Logind::start(&lab.bus.address);
    let feed = lab.feed(Duration::from_millis(20));
    let mut program = lab.start();
    program.says("security: listening");
    until("all topics are heard", || hears(&lab));
    until("sleep waits for it", || logind.held_up_by() == 1);
    // It hears of the sleep before, and the clocks find it before logind says that it is over.
    logind.say(true);
    until("sleep waits no more", || logind.held_up_by() == 0);
    program.signal("STOP");
    sleep(NAP);
    program.signal("CONT");
    until("it listens again", || hears(&lab));
    logind.say(false);
    until("sleep waits for it again", || logind.held_up_by() == 1);
    slept(&lab, 1);
    // It sleeps before it could hear what logind said.
    program.signal("STOP");
    logind.say(true);
    sleep(NAP);
    logind.say(false);
    program.signal("CONT");
    until("the second sleep is found", || of(&lab, Topic::Audit).len() > 3);
    until("it listens again", || hears(&lab));
    // Longer than either takes to find it by itself.
    let then = feed.sent();
    until("it hears", || feed.sent() > then + 250);
    slept(&lab, 2);
    drop(feed);
    until("nothing is owed any more", || !reader(&lab.data).stats().unwrap().deliveries.contains_key("owed"));
    assert_eq!(program.end().0, Some(0));
    holds(&lab.data);
}

/// Says again every five minutes what nothing ends.
const LASTS: &str = "//! Lasts\n\nconst ON = \"security.rogue\";\nconst REMIND = \"5m\";\n\n\
    fn when(event) { event.ssid == \"numbered\" }\nfn resolved(event) { event.ssid == \"over\" }\n\
    fn key(event) { event.rogue_id }\nfn title(event) { `Lasts ${event.rogue_id}` }\n";

#[test]
fn what_was_due_in_sleep_is_told_in_one_pop_up() {
    let Some(lab) = Lab::new(0.0) else { return };
    lab.rule("lasts", LASTS);
    // The nap is a quarter of an hour of the log's time.
    let mut program = lab.rehearse(60.0, Timestamp::now());
    program.says("security: listening");
    let feed = lab.feed(Duration::from_millis(20));
    until("forty are firing", || feed.sent() >= 40);
    drop(feed);
    until("all of it is evaluated", || {
        let changes = reader(&lab.data).changes(0, 1_000_000).unwrap().into_iter().map(|(_, change)| change);
        changes.filter(|change| &*change.rule == "lasts" && change.change == ChangeKind::Fired).count() >= 40
    });
    program.signal("STOP");
    sleep(NAP);
    program.signal("CONT");
    let away = || -> Vec<_> {
        let shown = lab.bus.shown();
        shown.into_iter().filter(|shown| shown.title.starts_with("While you were away")).collect()
    };
    until("it is told", || !away().is_empty());
    assert_eq!(program.end().0, Some(0));
    let told = away();
    assert!(matches!(&told[..], [one] if one.title.contains("alerts")), "{told:?}");
    // Each that was due long before it woke, of which none was shown by itself.
    let rows = of(&lab, Topic::Security);
    let (begins, _) = rows.iter().find(|(_, row)| row.reason == CoverageReason::Asleep).unwrap();
    let long_before = *begins + Duration::from_mins(10);
    let mut hidden = 0;
    for (_, change) in reader(&lab.data).changes(0, 1_000_000).unwrap() {
        if &*change.rule == "lasts" && change.time > *begins && change.time < long_before {
            assert_ne!(change.change, ChangeKind::Notified, "{change:?}");
            hidden += usize::from(change.why() == "away");
        }
    }
    assert!(hidden >= 40, "{hidden}");
    assert!(reader(&lab.data).stats().unwrap().balances());
}

#[test]
fn a_pop_up_that_was_on_its_way_into_sleep_is_shown_once_and_known_to_be() {
    let Some(lab) = Lab::new(0.0) else { return };
    let mut program = lab.start();
    program.says("security: listening");
    lab.bus.be_silent(true);
    let feed = lab.feed(Duration::from_millis(20));
    until("a pop-up is on the screen", || !lab.bus.shown().is_empty());
    drop(feed);
    program.signal("STOP");
    sleep(NAP);
    program.signal("CONT");
    // The desktop wakes a little later than the program does.
    sleep(Duration::from_secs(2));
    lab.bus.be_silent(false);
    until("nothing is owed any more", || !reader(&lab.data).stats().unwrap().deliveries.contains_key("owed"));
    assert_eq!(program.end().0, Some(0));
    holds(&lab.data);
    assert_eq!(numbered(&lab.data, &lab.bus.shown()), 0, "shown twice");
}
