//! What goes wrong on the line, as the log has it.

use std::{collections::BTreeSet, time::Duration};

use tocsin::{
    clock::Clock,
    decode,
    event::Topic,
    simulator::{self, Fault},
    store::{Coverage, CoverageReason, RowBody, Which},
};

use crate::{
    frames::{id, rogue},
    history,
    stand::{Plan, Stand, plain, until},
};

fn last(stand: &Stand) -> Coverage {
    history::coverage(stand.data()).pop().unwrap()
}

fn deaf_because(stand: &Stand, reason: CoverageReason) -> Coverage {
    until(&format!("{reason:?}"), || {
        let last = last(stand);
        !last.heard && last.reason == reason && !last.detail.is_empty()
    });
    last(stand)
}

#[test]
fn refusals_are_in_the_log_with_their_reason() {
    let mut stand = Stand::start(Plan { rules: vec![("r", plain("Seen"))], ..Plan::default() });
    stand.hears();
    let refusals = [
        (Fault::Unavailable, CoverageReason::Disconnected),
        (Fault::Unsubscribed, CoverageReason::Refused),
        (Fault::Unauthorized, CoverageReason::Key),
    ];
    for (number, (fault, reason)) in (1..).zip(refusals) {
        stand.central.inject(fault);
        stand.central.drop_connections();
        until("it is not connected", || !last(&stand).heard);
        stand.retry();
        let deaf = deaf_because(&stand, reason);
        assert!(deaf.detail.ends_with('.'), "{deaf:?}");
        stand.central.clear_faults();
        until("it hears again", || {
            stand.retry();
            last(&stand).heard
        });
        assert_eq!(last(&stand).reason, CoverageReason::Listening);
        stand.send(rogue(number, b"x"));
        assert_eq!(stand.alerts(Which::Active, "r").len(), number as usize);
    }
    // A refusal lasts as long as somebody tries.
    stand.central.inject(Fault::Unsubscribed);
    stand.central.drop_connections();
    until("it is not connected", || !last(&stand).heard);
    stand.retry();
    deaf_because(&stand, CoverageReason::Refused);
    stand.stop();
    assert_eq!(last(&stand).reason, CoverageReason::NotRunning);
    stand.end();
}

#[test]
fn a_half_open_connection_is_found_within_15_s() {
    let line = Clock::hurried(5.0);
    let stand = Stand::start(Plan { line, ..Plan::default() });
    stand.hears();
    let stalled = line.elapsed();
    stand.central.inject(Fault::Stall);
    let deaf = deaf_because(&stand, CoverageReason::Disconnected);
    let took = line.elapsed().saturating_sub(stalled);
    // A second of the line's clock for this test's own looking.
    assert!(took <= Duration::from_secs(16), "{took:?}: {deaf:?}");
    stand.central.clear_faults();
    until("it hears again", || {
        stand.retry();
        last(&stand).heard
    });
    stand.end();
}

#[test]
fn connections_that_are_cut_come_back() {
    // Each lives for 10 s: half a second here.
    let clock = Clock::hurried(20.0);
    let stand = Stand::start(Plan {
        simulator: simulator::Options {
            clock,
            faults: vec![Fault::Drop],
            story: false,
            ..simulator::Options::default()
        },
        line: Clock::hurried(10.0),
        rules: vec![("r", plain("Seen"))],
        ..Plan::default()
    });
    let lives = || history::coverage(stand.data()).iter().filter(|coverage| coverage.heard).count();
    until("three lives", || lives() >= 3);
    stand.central.clear_faults();
    let deaf = history::coverage(stand.data()).into_iter().filter(|coverage| {
        !coverage.heard && coverage.reason == CoverageReason::Disconnected && !coverage.detail.is_empty()
    });
    assert!(deaf.count() >= 2);
    until("it hears", || last(&stand).heard);
    stand.send(rogue(1, b"x"));
    assert_eq!(stand.alerts(Which::Active, "r").len(), 1);
    stand.end();
}

#[test]
fn frames_that_cannot_be_read_are_counted_and_cost_nothing_else() {
    let mut stand = Stand::start(Plan {
        simulator: simulator::Options {
            story: false,
            faults: vec![Fault::Garbage, Fault::Truncated],
            ..simulator::Options::default()
        },
        rules: vec![("r", plain("Seen"))],
        ..Plan::default()
    });
    stand.hears();
    for number in 1..=100 {
        stand.central.send(Topic::Security, rogue(number, b"x"));
        std::thread::sleep(Duration::from_millis(20));
    }
    stand.send(rogue(101, b"x"));
    // What was sent before it may still have been on its way.
    until("the last is evaluated", || stand.alerts(Which::All, "r").iter().any(|alert| *alert.key == *id(101)));
    stand.stop();
    let mine: BTreeSet<String> = stand
        .alerts(Which::All, "r")
        .iter()
        .map(|alert| alert.key.to_string())
        .filter(|key| key.starts_with("02:aa"))
        .collect();
    assert_eq!(mine, (1..=101).map(id).collect());
    let unreadable = history::rows(stand.data())
        .into_iter()
        .filter(|row| match &row.body {
            RowBody::Frame { topic, bytes } => decode::frame(Some(*topic), row.seq, row.received, bytes).is_err(),
            _ => false,
        })
        .count();
    let stats = history::reader(stand.data()).stats().unwrap();
    assert!(unreadable >= 6, "{stats:?}");
    assert_eq!(stats.rejected.values().sum::<u64>(), unreadable as u64, "{stats:?}");
    stand.end();
}
