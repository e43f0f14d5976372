//! A word to the log while no Tocsin runs with it: after a run that was killed, and after damage.

use std::{fs, time::Duration};

use tocsin::{
    alert::{ChangeKind, DATABASE},
    event::Topic,
    store::{Control, CoverageReason, RowBody},
};

use crate::{
    command::{Run, Simulate, tocsin},
    history,
};

const ADD: &[&str] = &["silence", "add", "--rule", "*", "--for", "1h", "--comment", "a test"];

fn watch(central: &Simulate, data: &std::path::Path) -> Run {
    let topics = Topic::ALL.map(Topic::name).join(",");
    let data = data.to_str().unwrap();
    let words = ["watch", "--endpoint", &central.endpoint, "--topic", &topics, "--key-stdin", "--ca", &central.ca];
    let run = Run::start(&[&words[..], &["--data", data]].concat(), &central.key);
    run.says(": listening", 6);
    run
}

#[test]
fn a_silence_after_a_kill_hides_no_time_in_which_nobody_listened() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let central = Simulate::start(&["--speed", "20"]);
    watch(&central, &data).kill();
    let killed = history::rows(&data).last().unwrap().clone();
    std::thread::sleep(Duration::from_millis(300));
    let added = tocsin(ADD, &data);
    assert_eq!(added.status.code(), Some(0), "{}", String::from_utf8_lossy(&added.stderr));

    let since: Vec<_> = history::rows(&data).into_iter().filter(|row| row.seq > killed.seq).collect();
    let (silence, ended) = since.split_last().unwrap();
    assert!(matches!(silence.body, RowBody::Control(Control::Silence { .. })), "{silence:?}");
    assert!(silence.received.duration_since(killed.received).as_millis() >= 300, "{silence:?} {killed:?}");
    let mut topics = Vec::new();
    for row in ended {
        let RowBody::Coverage(coverage) = &row.body else { panic!("{row:?}") };
        assert_eq!((coverage.heard, coverage.reason), (false, CoverageReason::NotRunning), "{row:?}");
        assert_eq!(row.received, killed.received, "nobody listened from then on");
        topics.push(coverage.topic);
    }
    assert_eq!(topics, Topic::ALL);

    // Another word finds that said, and so does the next start.
    assert_eq!(tocsin(ADD, &data).status.code(), Some(0));
    assert_eq!(watch(&central, &data).end(), 0);
    let ends = |topic| {
        let of = |coverage: &&tocsin::store::Coverage| coverage.topic == topic && !coverage.heard;
        history::coverage(&data)
            .iter()
            .filter(of)
            .filter(|coverage| coverage.reason == CoverageReason::NotRunning)
            .count()
    };
    // Before the first run, after the kill, and at the end.
    assert_eq!(Topic::ALL.map(ends), [3; 6]);
    history::holds(&data);
}

#[test]
fn a_silence_that_finds_the_database_damaged_says_so_and_so_does_the_next_run() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let central = Simulate::start(&["--speed", "20"]);
    assert_eq!(watch(&central, &data).end(), 0);
    let path = data.join("tocsin.db");
    let mut octets = fs::read(&path).unwrap();
    octets[4096..].fill(0xA5);
    fs::write(&path, octets).unwrap();

    let added = tocsin(ADD, &data);
    let said = String::from_utf8_lossy(&added.stderr).into_owned();
    assert_eq!(added.status.code(), Some(0), "{said}");
    assert!(said.contains("The database was damaged; it is kept as") && said.contains("tocsin.db.damaged-"), "{said}");
    assert_eq!(watch(&central, &data).end(), 0);
    let told = history::of(&data, DATABASE, ChangeKind::Fired);
    assert!(told.len() == 1 && told[0].title.contains("The database was damaged"), "{told:?}");
    let silences = String::from_utf8(tocsin(&["silence", "list"], &data).stdout).unwrap();
    assert_eq!(silences.lines().count(), 1, "{silences}");
    history::holds(&data);
}
