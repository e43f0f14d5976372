//! Worked examples 5, 6, 12, 14 and 15 of how Tocsin means time.

use crate::bench::{Bench, at, rogue, text, when};

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

#[test]
fn example_5_engine_time_counts_and_not_the_senders() {
    let mut bench = Bench::new("count(\"10m\", event.rogue_id) >= 3");
    assert_eq!(["8:00", "8:05", "8:12"].map(|time| bench.comes(time, "k")), [NO, NO, NO]);
    // The one at 8:13 says it happened 8:06: no difference.
    let mut event = rogue("8:13", &[("rogue_id", text("k"))]);
    event.time = at("8:06");
    assert_eq!(bench.0.evaluate(&event, at("8:13")).len(), 1);
}

#[test]
fn example_6_exactly_the_window_is_in() {
    let mut bench = Bench::new("count(\"10m\", event.rogue_id) >= 3");
    assert_eq!(["8:00", "8:05", "8:10"].map(|time| bench.comes(time, "k")), [NO, NO, YES]);
    let mut bench = Bench::new("count(\"10m\", event.rogue_id) >= 3");
    assert_eq!(["8:00", "8:05", "8:10:01"].map(|time| bench.comes(time, "k")), [NO, NO, NO]);
}

#[test]
fn example_12_what_was_missed_may_have_been_the_first() {
    let mut bench = Bench::new("first_seen(\"1h\", event.rogue_id)");
    bench.hear(true, "5:00");
    assert_eq!(bench.comes("6:30", "m"), YES);
    bench.hear(false, "8:10");
    bench.hear(true, "8:12");
    assert_eq!(bench.comes("8:30", "m"), None);
    assert_eq!(bench.comes("9:13", "m"), NO);
    assert_eq!(bench.comes("9:30", "n"), YES);
}

#[test]
fn example_14_a_mark_is_seen_from_the_next_event_on() {
    let first = when("event.ssid == \"x\" && mark(\"a\", event.rogue_id) && false");
    let then = when("marked(\"5m\", \"a\", event.rogue_id)");
    // Whichever stands first.
    for names in [["f/1", "f/2"], ["f/2", "f/1"]] {
        let mut bench = Bench::of(&[(names[0], &first), (names[1], &then)]);
        assert_eq!(bench.tell("8:00", "k", &[("ssid", text("x"))]), NO);
        assert_eq!(bench.comes("8:01", "other"), NO);
        assert_eq!(bench.comes("8:05", "k"), YES);
        assert_eq!(bench.comes("8:05:01", "k"), NO);
    }
    // The mark of another folder is none.
    let mut bench = Bench::of(&[("f/1", &first), ("g/2", &then)]);
    assert_eq!(bench.tell("8:00", "k", &[("ssid", text("x"))]), NO);
    assert_eq!(bench.comes("8:01", "k"), NO);
    // Set for each event, whatever the condition says.
    let remembers = "const ON = \"security.rogue\"; fn remember(event) { mark(\"a\", event.rogue_id) }
        fn when(event) { false }";
    let mut bench = Bench::of(&[("f/1", remembers), ("f/2", &then)]);
    assert_eq!([bench.comes("8:00", "k"), bench.comes("8:00", "k")], [NO, YES]);
}

#[test]
fn example_15_an_edited_rule_keeps_what_its_calls_remember() {
    let mut bench = Bench::new("count(\"10m\", event.rogue_id) >= 5");
    assert_eq!(["8:12", "8:14", "8:16"].map(|time| bench.comes(time, "k")), [NO, NO, NO]);
    let edited = when("\n  // at another place, with another number\n  count(\"10m\", event.rogue_id) >= 3");
    bench.edit(&[("a", &edited)]);
    assert_eq!(bench.comes("8:21", "k"), YES);
    // Another window is another call.
    bench.edit(&[("a", &when("count(\"11m\", event.rogue_id) >= 3"))]);
    assert_eq!(bench.comes("8:21", "k"), NO);
}
