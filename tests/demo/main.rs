//! The demo rings what it should: every shipped rule, once a lap, and no rule for the noise of every day.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

use std::{collections::BTreeMap, path::Path, time::Duration};

use jiff::{Timestamp, civil::date, tz::TimeZone};
use tocsin::{
    decode,
    rules::{Folder, Outcome, RuleSet},
    simulator::story::{LAP, Script},
};

/// When each alert (rule, key) of the first lap is first matched.
fn first_matches(seed: u64) -> (RuleSet, BTreeMap<(String, String), Duration>) {
    let start = date(2026, 3, 2).at(14, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
    let loaded = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).load();
    let mut rules = RuleSet::compile(&loaded.rules, loaded.lists, TimeZone::UTC, None);
    let mut found = BTreeMap::new();
    let lap = Duration::from_secs(LAP);
    for (seq, cue) in Script::new(seed, start, TimeZone::UTC).take_while(|cue| cue.at < lap).enumerate() {
        let now: Timestamp = start + cue.at;
        for event in decode::frame(Some(cue.topic), seq as u64, now, &cue.frame).expect("the story is well-formed") {
            assert!(event.marks.is_empty(), "{event:?}");
            for outcome in rules.evaluate(&event, now) {
                match outcome {
                    Outcome::Match { rule, key, .. } => {
                        found.entry((rules.rules()[rule].name.clone(), key.to_string())).or_insert(cue.at);
                    }
                    Outcome::Resolved { .. } => {}
                    other => panic!("{other:?} for {event:?}"),
                }
            }
        }
    }
    (rules, found)
}

#[test]
fn every_shipped_rule_fires_in_the_demo_within_four_minutes() {
    let (rules, found) = first_matches(1);
    for info in rules.rules() {
        let first = found.iter().filter(|((rule, _), _)| *rule == info.name).map(|(_, at)| *at).min();
        let first = first.unwrap_or_else(|| panic!("{} never matches", info.name));
        assert!(first <= Duration::from_secs(241), "{} first matches at {first:?}", info.name);
    }
}

#[test]
fn the_first_alert_comes_within_twelve_seconds() {
    let (_, found) = first_matches(1);
    assert!(found.values().min().unwrap() <= &Duration::from_secs(12));
}

#[test]
fn the_noise_of_every_day_rings_nothing() {
    let (_, found) = first_matches(1);
    for seed in 2..6 {
        let (_, other) = first_matches(seed);
        assert_eq!(found.len(), other.len(), "alerts do not depend on chance: {found:#?} {other:#?}");
        let moments = |found: &BTreeMap<(String, String), Duration>| {
            let mut moments = found.iter().map(|((rule, _), at)| (rule.clone(), *at)).collect::<Vec<_>>();
            moments.sort();
            moments
        };
        assert_eq!(moments(&found), moments(&other));
    }
}
