//! What each function that remembers answers.

use tocsin::{
    event::Value,
    functions::Lists,
    rules::{Outcome, check},
};

use crate::bench::{Bench, text, when};

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

/// What the condition comes to when rogue `k` is heard this strong at these times.
fn signals(condition: &str, heard: &[(&str, Value)]) -> Vec<Option<bool>> {
    let mut bench = Bench::new(condition);
    heard.iter().map(|(time, signal)| bench.tell(time, "k", &[("encryption", signal.clone())])).collect()
}

#[test]
fn count_is_by_key_and_by_place() {
    let mut bench = Bench::new("count(\"10m\", event.rogue_id) >= 2");
    assert_eq!([bench.comes("8:00", "a"), bench.comes("8:00", "b"), bench.comes("8:01", "a")], [NO, NO, YES]);
    // An event enters only when evaluation reaches the call.
    let mut bench = Bench::new("event.ssid == \"x\" && count(\"10m\", event.rogue_id) >= 2");
    let x = [("ssid", text("x"))];
    assert_eq!([bench.tell("8:00", "a", &x), bench.comes("8:01", "a"), bench.tell("8:02", "a", &x)], [NO, NO, YES]);
    // Two equal calls are two windows; the second is reached only by every other event.
    let mut bench = Bench::new("count(\"1h\", 1) % 2 == 0 && count(\"1h\", 1) >= 2");
    assert_eq!([1, 2, 3, 4].map(|_| bench.comes("8:00", "a")), [NO, NO, NO, YES]);
    // Constants name windows, and several values are one key.
    let rule = "const ON = \"security.rogue\"; const WINDOW = \"10m\";
        fn when(event) { count(WINDOW, [event.rogue_id, event.ssid]) >= 2 }";
    let mut bench = Bench::of(&[("a", rule)]);
    // One that lacks a part of it has no such key.
    assert_eq!([bench.tell("8:00", "a", &x), bench.comes("8:01", "a"), bench.tell("8:10", "a", &x)], [NO, None, YES]);
}

#[test]
fn distinct_counts_values_while_they_are_heard() {
    let mut bench = Bench::new("distinct(\"10m\", 1, event.rogue_id) >= 3");
    let heard = [("8:00", "a"), ("8:01", "b"), ("8:02", "a"), ("8:03", "c"), ("8:11:01", "d"), ("8:13:02", "d")];
    assert_eq!(heard.map(|(time, id)| bench.comes(time, id)), [NO, NO, NO, YES, YES, NO]);
}

#[test]
fn numbers_are_summed_up() {
    let ints = [("8:00", Value::Int(-60)), ("8:05", Value::Int(-40)), ("8:11", Value::Int(-40))];
    assert_eq!(signals("sum(\"10m\", event.rogue_id, event.encryption) == -80", &ints), [NO, NO, YES]);
    assert_eq!(signals("avg(\"10m\", event.rogue_id, event.encryption) == -50.0", &ints), [NO, YES, NO]);
    assert_eq!(signals("min(\"10m\", event.rogue_id, event.encryption) == -60", &ints), [YES, YES, NO]);
    assert_eq!(signals("max(\"10m\", event.rogue_id, event.encryption) == -40", &ints), [NO, YES, YES]);
    assert_eq!(signals("min(event.encryption, -50) == -60", &ints), [YES, NO, NO]);
    let floats = [("8:00", Value::Float(0.5)), ("8:00", Value::Float(0.25)), ("8:20", Value::Float(1e-3))];
    assert_eq!(signals("sum(\"10m\", 1, event.encryption) < 0.5", &floats), [NO, NO, YES]);
    let odd = [("8:00", Value::Absent), ("8:00", text("loud")), ("8:00", Value::Float(f64::INFINITY))];
    assert_eq!(signals("sum(\"10m\", 1, event.encryption) >= 0", &odd), [None, None, None]);
}

#[test]
fn rates_and_spikes_are_of_heard_time() {
    let mut bench = Bench::new("rate(\"1m\", 1) >= 0.05");
    assert_eq!(["8:00", "8:00", "8:00:30", "8:01:30"].map(|time| bench.comes(time, "a")), [NO, NO, YES, NO]);
    // The first events of all are few in their window, not many in the moment since listening began.
    let mut bench = Bench::new("rate(\"1m\", 1) >= 0.05");
    bench.hear(true, "8:00");
    assert_eq!(["8:00", "8:00:01", "8:00:02"].map(|time| bench.comes(time, "a")), [NO, NO, YES]);
    let mut bench = Bench::new("spike(\"10m\", \"1h\", 1, 3)");
    // Six in the hour before are one in ten minutes.
    for time in ["6:45", "6:55", "7:05", "7:15", "7:25", "7:35", "7:45"] {
        bench.comes(time, "a");
    }
    assert_eq!(bench.comes("7:55", "a"), NO);
    assert_eq!(["8:06", "8:06", "8:06"].map(|time| bench.comes(time, "a")), [NO, NO, YES]);
    // Where there was nothing before, nothing is a spike.
    let mut bench = Bench::new("spike(\"10m\", \"1h\", 1, 3)");
    assert_eq!(["8:00"; 5].map(|time| bench.comes(time, "a")), [NO; 5]);
}

#[test]
fn what_is_new_and_what_changed() {
    let mut bench = Bench::new("first_seen(\"1h\", event.rogue_id)");
    let heard = [("8:00", "a"), ("8:01", "b"), ("9:00", "a"), ("10:00:01", "a")];
    assert_eq!(heard.map(|(time, id)| bench.comes(time, id)), [YES, YES, NO, YES]);
    let mut bench = Bench::new("changed(\"1h\", event.rogue_id, event.ssid)");
    let mut named = |time: &str, id: &str, ssid: &str| bench.tell(time, id, &[("ssid", text(ssid))]);
    assert_eq!([named("8:00", "a", "x"), named("8:01", "b", "y"), named("8:02", "a", "x")], [NO, NO, NO]);
    assert_eq!([named("8:03", "a", "y"), named("8:04", "a", "y"), named("9:04:01", "a", "x")], [YES, NO, NO]);
    let mut bench = Bench::new("previous(\"1h\", event.rogue_id, event.ssid) == \"x\"");
    let mut named = |time: &str, ssid: &str| bench.tell(time, "a", &[("ssid", text(ssid))]);
    assert_eq!([named("8:00", "x"), named("8:01", "y"), named("8:02", "x")], [NO, YES, NO]);
}

#[test]
fn patterns_and_json_are_read() {
    let said = |condition: &str, ssid: &str| Bench::new(condition).tell("8:00", "k", &[("ssid", text(ssid))]);
    assert_eq!(said("regex(\"(?i)^free[- ]wifi$\", event.ssid)", "FREE-WIFI"), YES);
    assert_eq!(said("regex(\"^free\", event.ssid)", "not free"), NO);
    assert_eq!(said("regex(\"^free\", event.port)", ""), NO);
    assert_eq!(said("parse_json(event.ssid).a[1].b == \"x\"", r#"{"a": [1, {"b": "x"}]}"#), YES);
    assert_eq!(said("parse_json(event.ssid) == ()", "{"), YES);
    assert_eq!(said("parse_json(event.ssid) == ()", &"[".repeat(20_000)), YES);
    assert_eq!(said("parse_json(event.ssid) == ()", &format!("[{}0]", "0,".repeat(5_000))), YES);
}

#[test]
fn a_flood_of_keys_is_bounded_and_said() {
    let mut bench = Bench::new("count(\"1d\", event.rogue_id) >= 2");
    for key in 0..10_000 {
        assert_eq!(bench.comes("8:00", &key.to_string()), NO);
    }
    assert_eq!((bench.comes("8:00", "0"), bench.0.rules()[0].forgotten), (YES, 0));
    // The key heard longest ago goes: "1".
    assert_eq!((bench.comes("8:00", "new"), bench.0.rules()[0].forgotten), (NO, 1));
    assert_eq!((bench.comes("8:00", "0"), bench.comes("8:00", "1")), (YES, NO));
    // One whose window is over makes room without a word.
    assert_eq!((bench.comes("33:00", "newer"), bench.0.rules()[0].forgotten), (NO, 2));
}

#[test]
fn a_flood_of_entries_is_bounded_and_said() {
    let mut bench = Bench::new("count(\"1d\", event.rogue_id) > 99000");
    bench.comes("7:59", "other");
    for _ in 0..100_000 {
        bench.comes("8:00", "k");
    }
    assert_eq!((bench.comes("8:00", "k"), bench.0.rules()[0].forgotten), (YES, 2));
    assert_eq!(bench.comes("32:00:01", "k"), NO);
}

#[test]
fn looking_twice_is_not_another_event() {
    // Runs away on a long text only: the second look, at a shortened event, leaves nothing behind.
    let mut bench = Bench::new("let n = count(\"1h\", 1); for c in event.ssid.chars() { n += 0; n += 0; } n == 2");
    let long = [("ssid", text(&"x".repeat(20_000)))];
    assert!(matches!(bench.outcomes("8:00", &long)[..], [Outcome::CannotTell { .. }]));
    assert_eq!(bench.tell("8:00", "a", &[("ssid", text("x"))]), YES);
}

#[test]
fn what_is_said_wrong_is_said_before_it_runs() {
    let codes = |condition: &str| -> Vec<String> {
        check(&when(condition), &Lists::default(), None).into_iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes("count(600, event.ssid) > 1"), ["bad-duration"]);
    assert_eq!(codes("count(\"10 min\", event.ssid) > 1"), ["bad-duration"]);
    assert_eq!(codes("spike(\"10m\", \"91d\", event.ssid, 2)"), ["bad-duration"]);
    assert_eq!(codes("marked(\"10m\", event.ssid, 1)"), ["bad-mark"]);
    assert_eq!(codes("count(\"10m\") > 1"), ["bad-arguments"]);
    assert_eq!(codes("event.ssid.count(\"10m\") > 1"), ["bad-arguments"]);
    assert_eq!(codes("regex(\"(\", event.ssid)"), ["bad-pattern"]);
    assert_eq!(codes("regex(event.port, event.ssid)"), ["bad-pattern"]);
}
