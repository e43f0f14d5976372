//! The program stands still and goes on, as when the computer sleeps and wakes.

use std::{
    thread::sleep,
    time::{Duration, Instant},
};

use tocsin::{alert::ChangeKind, event::Topic, store::CoverageReason};

use crate::{
    afterwards::{coverage, holds, numbered, reader},
    lab::Lab,
    program::until,
};

/// Longer than a busy computer may be taken for asleep, and than any pong waits.
const NAP: Duration = Duration::from_secs(16);

#[test]
fn sleep_is_a_hole_with_its_reason_and_waking_reconnects_at_once() {
    let Some(lab) = Lab::new(0.0) else { return };
    let feed = lab.feed(Duration::from_millis(20));
    let mut program = lab.start();
    program.says("security: listening");
    let back = || {
        let all = coverage(&lab.data);
        let last = |topic| all.iter().rev().find(|(_, row)| row.topic == topic).is_some_and(|(_, row)| row.heard);
        Topic::ALL.into_iter().all(last)
    };
    until("all topics are heard", back);
    program.signal("STOP");
    sleep(NAP);
    program.signal("CONT");
    let woke = Instant::now();
    let asleep = || -> Vec<_> {
        let all = coverage(&lab.data);
        all.into_iter().filter(|(_, row)| row.reason == CoverageReason::Asleep).collect()
    };
    until("sleep is noticed on every topic", || asleep().len() >= 6);
    until("it listens again", back);
    // A look every two seconds, a handshake, and this test's own looking, on a machine that is busy.
    assert!(woke.elapsed() < Duration::from_secs(10), "{:?}", woke.elapsed());
    let then = feed.sent();
    until("it hears", || feed.sent() > then + 250);
    // The log knows how long it was: from when it was last awake, which it looks after every two seconds.
    for topic in Topic::ALL {
        let rows = coverage(&lab.data).into_iter().filter(|(_, row)| row.topic == topic);
        let rows: Vec<_> = rows.skip_while(|(_, row)| row.reason != CoverageReason::Asleep).take(2).collect();
        let [(begins, asleep), (ends, awake)] = &rows[..] else { panic!("{rows:?}") };
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
