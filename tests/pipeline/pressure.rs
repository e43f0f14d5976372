//! A disk that takes nothing for a while, and more than can wait.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::{Duration, Instant},
};

use tocsin::{
    clock::Clock,
    event::Topic,
    pipeline::{Input, Told},
    store::{CoverageReason, RowBody},
};

use crate::{
    command::tocsin,
    frames::rogue,
    history,
    stand::{Plan, Stand, plain, until},
};

/// More than wait in the pipeline's channel and in one commit together.
const FRAMES: u32 = 7_000;

/// Keeps the database to itself until it is dropped.
fn hold(stand: &Stand) -> rusqlite::Connection {
    let connection = rusqlite::Connection::open(stand.data().join("tocsin.db")).unwrap();
    connection.busy_timeout(Duration::from_secs(10)).unwrap();
    connection.execute_batch("BEGIN IMMEDIATE").unwrap();
    connection
}

#[test]
fn a_disk_that_refuses_holds_the_stream_back_and_loses_nothing() {
    let stand = Stand::start(Plan { rules: vec![("r", plain("Seen"))], ..Plan::default() });
    stand.hears();
    let held = hold(&stand);
    let input = stand.pipeline().input();
    let sent = Arc::new(AtomicU32::new(0));
    let feeding = {
        let sent = Arc::clone(&sent);
        std::thread::spawn(move || {
            for number in 0..FRAMES {
                let frame = Input::Frame { topic: Topic::Security, bytes: rogue(number % 50, b"x").into() };
                input.blocking_send(frame).unwrap();
                sent.fetch_add(1, Ordering::Relaxed);
            }
        })
    };
    let problem = stand.told("the database cannot be written", |told| match told {
        Told::Storage(Some(problem)) => Some(problem.clone()),
        _ => None,
    });
    assert_eq!(problem.code, "busy");
    assert!(sent.load(Ordering::Relaxed) < FRAMES, "nothing holds the stream back");
    drop(held);
    stand.told("it can be written again", |told| matches!(told, Told::Storage(None)).then_some(()));
    feeding.join().unwrap();
    until("all of it is evaluated", || {
        let stats = history::reader(stand.data()).stats().unwrap();
        stats.stored.get("security") == Some(&u64::from(FRAMES)) && stats.waiting == 0
    });
    let matches: u64 = stand.alerts(tocsin::store::Which::All, "r").iter().map(|alert| alert.matches).sum();
    assert_eq!(matches, u64::from(FRAMES));
    stand.end();
}

#[test]
fn it_ends_although_the_disk_refuses() {
    let mut stand = Stand::start(Plan { rules: vec![("r", plain("Seen"))], ..Plan::default() });
    stand.hears();
    stand.send(rogue(1, b"x"));
    let held = hold(&stand);
    let input = stand.pipeline().input();
    let feeding = std::thread::spawn(move || {
        for number in 0..FRAMES {
            let frame = Input::Frame { topic: Topic::Security, bytes: rogue(number % 50, b"x").into() };
            if input.blocking_send(frame).is_err() {
                return;
            }
        }
    });
    stand.told("the database cannot be written", |told| matches!(told, Told::Storage(Some(_))).then_some(()));
    let began = Instant::now();
    stand.stop();
    assert!(began.elapsed() < Duration::from_secs(30));
    feeding.join().unwrap();
    drop(held);
    // What was accepted before is there, and the next start goes on.
    stand.go_on();
    stand.hears();
    stand.send(rogue(2, b"x"));
    assert_eq!(stand.alerts(tocsin::store::Which::All, "r").len(), 2);
    stand.end();
}

#[test]
fn an_overload_is_a_hole_with_a_count() {
    const SENT: u64 = 9_000;
    let line = Clock::hurried(20.0);
    let stand = Stand::start(Plan { line, rules: vec![("r", plain("Seen"))], ..Plan::default() });
    stand.hears();
    let held = hold(&stand);
    for number in 0..SENT {
        stand.central.send(Topic::Security, rogue(number as u32 % 50, b"x"));
        std::thread::sleep(Duration::from_micros(200));
    }
    drop(held);
    let missed = || -> u64 {
        let overloads =
            history::coverage(stand.data()).into_iter().filter(|row| row.reason == CoverageReason::Overload);
        overloads.map(|row| row.missed).sum()
    };
    let stats = || history::reader(stand.data()).stats().unwrap();
    let stored = || stats().stored.get("security").copied().unwrap_or_default();
    until("each is stored or counted", || stored() + missed() == SENT);
    assert!(missed() > 100 && stored() > 5_000, "{} missed, {} stored", missed(), stored());
    until("all of it is evaluated", || stats().waiting == 0);
    let counts = stats();
    assert_eq!((counts.received["security"], counts.let_go["security"]), (SENT, missed()), "{counts:?}");
    assert!(counts.balances(), "{counts:?}");
    let said = tocsin(&["stats"], stand.data());
    let said = String::from_utf8(said.stdout).unwrap();
    let line = said.lines().find(|line| line.starts_with("Frames let go")).unwrap();
    assert!(line.ends_with(&format!(" {}", missed())), "{said}");
    // The hole has a beginning and an end, and time between them.
    let rows = history::rows(stand.data());
    let hole = rows.iter().position(|row| {
        matches!(&row.body, RowBody::Coverage(coverage) if coverage.reason == CoverageReason::Overload && !coverage.heard)
    });
    let [begins, ends] = &rows[hole.unwrap()..][..2] else { panic!("it does not end") };
    assert!(matches!(&ends.body, RowBody::Coverage(coverage) if coverage.heard), "{ends:?}");
    assert!(begins.received < ends.received);
    stand.send(rogue(51, b"x"));
    stand.end();
}
