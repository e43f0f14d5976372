//! The shipped rules on the demo's story, without a network: every rule has its act, and the noise rings nothing.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::date, tz::TimeZone};
use tocsin::{
    decode,
    rules::Outcome,
    simulator::story::{LAP, Script},
};

use super::shipped;

/// How often each rule matches each key in one lap, and the second of the first time.
fn lap(seed: u64) -> BTreeMap<(String, String), (u64, usize)> {
    let zone = TimeZone::UTC;
    let start: Timestamp = date(2026, 3, 2).at(14, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp();
    let mut set = shipped();
    let mut matches = BTreeMap::new();
    for (seq, cue) in Script::new(seed, start, zone).take_while(|cue| cue.at.as_secs() < LAP).enumerate() {
        let now = start + cue.at;
        for event in decode::frame(Some(cue.topic), seq as u64, now, &cue.frame).unwrap() {
            for outcome in set.evaluate(&event, now) {
                match outcome {
                    Outcome::Match { rule, key, .. } => {
                        let entry = (set.rules()[rule].name.clone(), key.to_string());
                        matches.entry(entry).or_insert((cue.at.as_secs(), 0)).1 += 1;
                    }
                    Outcome::Resolved { .. } => {}
                    other => panic!("{}: {other:?}", event.kind.name),
                }
            }
        }
    }
    matches
}

#[test]
fn every_rule_has_its_act_and_noise_rings_nothing() {
    for seed in [1, 7] {
        let matches = lap(seed);
        let mut keys: BTreeMap<&str, usize> = BTreeMap::new();
        for (rule, _) in matches.keys() {
            *keys.entry(rule).or_default() += 1;
        }
        let set = shipped();
        for rule in set.rules() {
            let count = keys.get(rule.name.as_str()).copied().unwrap_or(0);
            assert!((1..=3).contains(&count), "{}: {count} alerts in a lap, seed {seed}: {matches:#?}", rule.name);
        }
        let first = matches.values().map(|(at, _)| at).min();
        assert!(first.is_some_and(|at| *at <= 20), "the first alert comes within 20 seconds: {matches:#?}");
    }
}
