//! A lap of the demo's story, with the rules that ship.

use std::path::Path;

use tocsin::{
    alert::ChangeKind,
    clock::Clock,
    event::Topic,
    rules::Folder,
    simulator::{self, story::LAP},
};

use crate::{
    history,
    stand::{Plan, Stand, until},
};

#[test]
fn every_shipped_rule_rings_within_a_lap() {
    let clock = Clock::hurried(20.0);
    let began = clock.now();
    let shipped = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules"));
    let mut stand = Stand::start(Plan {
        simulator: simulator::Options { clock, ..simulator::Options::default() },
        topics: Topic::ALL.to_vec(),
        ..Plan::default()
    });
    // As in a new installation: the rules are put into the folder that is watched.
    for list in std::fs::read_dir(shipped.root().join("lists")).unwrap() {
        let list = list.unwrap().path();
        std::fs::copy(&list, stand.rules.root().join("lists").join(list.file_name().unwrap())).unwrap();
    }
    let loaded = shipped.load();
    for rule in &loaded.rules {
        stand.save(&rule.name, &rule.text);
    }
    let names: Vec<&str> = loaded.rules.iter().map(|rule| rule.name.as_str()).collect();
    assert!(names.len() >= 10);
    until("every shipped rule has fired", || {
        let changes = history::changes(stand.data());
        let fired =
            |name: &&&str| changes.iter().any(|change| *change.rule == ***name && change.change == ChangeKind::Fired);
        let silent: Vec<_> = names.iter().filter(|name| !fired(name)).collect();
        let late = clock.now().duration_since(began).as_secs() > i64::try_from(LAP).unwrap() + 60;
        assert!(!late || silent.is_empty(), "silent after a lap: {silent:?}");
        silent.is_empty()
    });
    stand.stop();
    let changes = history::changes(stand.data());
    let first = changes.iter().find(|change| change.change == ChangeKind::Fired).unwrap();
    let took = first.time.duration_since(began);
    assert!(took.as_secs() < 20, "the first alert comes after {took:?}: {first:?}");
    let stats = history::reader(stand.data()).stats().unwrap();
    assert!(stats.balances() && stats.matched > 0 && stats.rejected.is_empty(), "{stats:?}");
    assert_eq!(stats.notified, stats.deliveries.values().sum::<u64>(), "{stats:?}");
    assert!(!stats.deliveries.contains_key("owed") && !stats.deliveries.contains_key("failed"), "{stats:?}");
    assert_eq!(stats.received.len(), Topic::ALL.len(), "all topics speak");
    assert!(stand.bell.0.lock().unwrap().shown.iter().all(|owed| !owed.title.is_empty() && !owed.body.is_empty()));
    stand.end();
}
