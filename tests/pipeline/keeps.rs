//! How much of the log is kept: as the settings in the folder say, or as the command is told.

use std::{path::Path, time::Duration};

use tocsin::{
    clock::Clock,
    event::Topic,
    store::{Outcome, RowBody, Store},
};

use crate::{command::Run, frames::rogue, history, stand::until};

/// A log that holds one frame of 40 days ago.
fn old(data: &Path) {
    let then = Clock::system().now().checked_sub(Duration::from_hours(40 * 24)).unwrap();
    let mut store = Store::open(data, then).unwrap().store;
    let frame = RowBody::Frame { topic: Topic::Security, bytes: rogue(1, b"x").into() };
    let rows = store.append(vec![frame], then).unwrap();
    store.commit_outcome(&Outcome { cursor: rows[0].seq, ..Outcome::default() }).unwrap();
}

/// How many frames there are, and how many of them are that one.
fn frames(data: &Path) -> (usize, usize) {
    let rows = history::rows(data);
    let frames = rows.iter().filter(|row| matches!(row.body, RowBody::Frame { .. }));
    (frames.clone().count(), frames.filter(|row| row.seq == 1).count())
}

#[test]
fn watch_keeps_what_the_settings_say_unless_it_is_told() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    old(&data);
    std::fs::write(data.join("settings.json"), r#"{"settings": {"keep_days": 365}}"#).unwrap();
    let arguments = ["watch", "--demo", "--data", data.to_str().unwrap()];
    let mut watch = Run::start(&arguments, "");
    until("the demo is heard", || frames(&data).0 > 3);
    assert_eq!(watch.end(), 0);
    let (all, those) = frames(&data);
    assert_eq!(those, 1, "it goes after 30 days, not after a year");
    let mut watch = Run::start(&[&arguments[..], &["--keeps", "35d"]].concat(), "");
    until("it is let go", || frames(&data).1 == 0);
    assert_eq!(watch.end(), 0);
    assert!(frames(&data).0 >= all - 1, "what is younger stays");
}
