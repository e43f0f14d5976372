//! Clauses over many events: the counts are those of the explanations, and counting changes nothing.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use tocsin::{
    diagnostic::Span,
    rules::explain::{Came, Explanation, Tally, Told},
};

use super::{
    clauses::{at, rule, wids},
    compile, events, twenty, two_lists,
};

type Counts = BTreeMap<(u32, u32, u32, u32), [u64; 3]>;

fn place(span: Span) -> (u32, u32, u32, u32) {
    (span.line, span.column, span.end_line, span.end_column)
}

fn add(counts: &mut Counts, explanation: &Explanation) {
    for clause in explanation.clauses() {
        let counts = counts.entry(place(clause.span)).or_default();
        match clause.told {
            Told::True => counts[0] += 1,
            Told::False => counts[1] += 1,
            Told::CannotTell => counts[2] += 1,
            Told::NotReached => {}
        }
    }
}

fn counts(tally: &Tally) -> Counts {
    tally.clauses().iter().map(|one| (place(one.span), [one.holds, one.fails, one.cannot_tell])).collect()
}

#[test]
fn counts_are_what_each_event_is_explained_with_and_counting_changes_nothing() {
    let lists = two_lists();
    let mut chance = fastrand::Rng::with_seed(17);
    let mut seen = [0; 3];
    for _ in 0..15 {
        let kind = events::kind(&mut chance);
        let texts = twenty(kind, &mut chance);
        let [mut explained, mut counted, mut other] = [0; 3].map(|_| compile(&texts, &lists));
        let mut tallies: Vec<(usize, Tally)> =
            (0..texts.len()).filter_map(|rule| Some((rule, counted.tally(rule)?))).collect();
        let mut sums = vec![Counts::new(); texts.len()];
        let mut asked = vec![0; texts.len()];
        let mut now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for number in 0..40 {
            now += chance.i64(0..90).seconds();
            let event = events::event(kind, number, now, &mut chance);
            for rule in 0..texts.len() {
                let explanation = explained.explain(rule, &event, now).unwrap();
                asked[rule] += u64::from(explanation.came != Came::NotAsked);
                add(&mut sums[rule], &explanation);
            }
            explained.evaluate(&event, now);
            let outcomes = counted.evaluate(&event, now);
            for (_, tally) in &mut tallies {
                counted.note(tally, &event, now);
            }
            assert_eq!(outcomes, other.evaluate(&event, now), "counting changed something");
        }
        for (rule, tally) in &tallies {
            let of_clauses = counts(tally);
            for (place, counts) in &sums[*rule] {
                assert_eq!(of_clauses.get(place), Some(counts), "{place:?} of\n{}", texts[*rule].text);
            }
            assert_eq!(tally.asked(), asked[*rule]);
            for clause in tally.clauses() {
                seen[0] += clause.holds;
                seen[1] += clause.fails;
                seen[2] += clause.cannot_tell;
                assert_eq!(
                    (clause.holds > 0, clause.fails > 0),
                    (clause.held_by.is_some(), clause.failed_by.is_some())
                );
            }
        }
    }
    assert!(seen.iter().all(|seen| *seen > 100), "{seen:?}");
}

/// Line, let through, stopped, could not tell, and whether it is an `if`, after these events: level, band.
fn lines(text: &str, events: &[(&str, &str)]) -> Vec<(u32, u64, u64, u64, bool)> {
    let mut set = rule(text);
    let mut tally = set.tally(0).unwrap();
    for (minute, (level, band)) in (0..).zip(events) {
        let mut event = wids(minute, &[("level", level), ("radio_band", band)]);
        event.id.seq = minute.unsigned_abs() + 1;
        set.evaluate(&event, at(minute));
        set.note(&mut tally, &event, at(minute));
    }
    let sum: u64 = events.len() as u64;
    assert_eq!(tally.asked(), sum);
    tally.lines().map(|line| (line.line, line.through, line.stopped, line.cannot_tell, line.parts)).collect()
}

const FOUR: [(&str, &str); 4] = [("high", "5"), ("high", "2.4"), ("low", "5"), ("low", "2.4")];

#[test]
fn a_line_says_how_many_events_it_lets_through() {
    // Line 3 is the first of what is given.
    let all = "fn when(event) {\n    event.level == \"high\"\n        && event.radio_band == \"5\"\n}";
    assert_eq!(lines(all, &FOUR), [(4, 2, 2, 0, false), (5, 1, 1, 0, false)]);
    let either = "fn when(event) {\n    event.level == \"high\" || event.radio_band == \"5\"\n}";
    assert_eq!(lines(either, &FOUR), [(4, 3, 1, 0, false)]);
    let neither = "fn when(event) {\n    !(event.level == \"high\" || event.radio_band == \"5\")\n}";
    assert_eq!(lines(neither, &FOUR), [(4, 1, 3, 0, false)]);
    let called = "fn when(event) {\n    !loud(event)\n}\nfn loud(it) {\n    it.level == \"high\"\n}";
    assert_eq!(lines(called, &FOUR), [(4, 2, 2, 0, false), (7, 2, 2, 0, false)]);
    let parted = "fn when(event) {\n    if event.level == \"low\" { return false; }\n    event.radio_band == \"5\"\n}";
    assert_eq!(lines(parted, &FOUR), [(4, 2, 2, 0, true), (5, 1, 1, 0, false)]);
}

#[test]
fn what_cannot_tell_is_counted_apart_and_what_remembers_is_known() {
    let text = "fn when(event) {\n    event.level == \"high\"\n        && first_seen(\"10m\", event.radio_band)\n        && event.radio_band == \"5\"\n}";
    let mut set = rule(text);
    set.hear(tocsin::event::Topic::Security, true, at(0));
    let mut tally = set.tally(0).unwrap();
    for minute in [1, 5, 11, 12] {
        let event = wids(minute, &[("level", "high"), ("radio_band", if minute == 11 { "9" } else { "5" })]);
        set.evaluate(&event, at(minute));
        set.note(&mut tally, &event, at(minute));
    }
    let told: Vec<_> =
        tally.clauses().iter().map(|one| (one.holds, one.fails, one.cannot_tell, one.remembers)).collect();
    assert_eq!(told, [(4, 0, 0, false), (1, 2, 1, true), (0, 1, 0, true)]);
    assert_eq!(tally.lines().map(|line| line.through).collect::<Vec<_>>(), [4, 1, 0]);
}

#[test]
fn a_condition_with_a_name_keeps_nothing_back_before_it_is_asked_and_neither_does_what_is_remembered() {
    let mut set = rule(
        "fn remember(event) {\n    event.level == \"high\" && mark(\"seen\", event.mac_addr)\n}\nfn when(event) {\n    for name in [\"a\"] { if event.device_id == name { return true; } }\n    let odd = event.level == \"high\" && event.radio_band == \"5\";\n    odd || event.level == \"low\"\n}",
    );
    let mut tally = set.tally(0).unwrap();
    for (level, device) in [("high", "a"), ("low", "b"), ("mid", "b")] {
        let event = wids(0, &[("level", level), ("device_id", device), ("mac_addr", "m")]);
        set.evaluate(&event, event.received);
        set.note(&mut tally, &event, event.received);
    }
    let lines: Vec<_> = tally.lines().map(|line| (line.line, line.through, line.stopped, line.parts)).collect();
    assert_eq!(lines, [(4, 1, 2, true), (7, 1, 2, false), (8, 0, 2, true), (9, 1, 1, false)]);
}
