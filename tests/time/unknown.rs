//! What functions that remember say when something may have been missed.

use crate::bench::{Bench, text, when};

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

/// Heard since the day before, deaf 8:10 to 8:12.
fn holed(condition: &str) -> Bench {
    let mut bench = Bench::new(condition);
    bench.hear(true, "0:00");
    bench
}

fn hole(bench: &mut Bench) {
    bench.hear(false, "8:10");
    bench.hear(true, "8:12");
}

#[test]
fn counts_say_at_least() {
    for condition in ["count(\"1h\", 1) >= 2", "distinct(\"1h\", 1, event.rogue_id) >= 2", "sum(\"1h\", 1, 1) >= 2"] {
        let mut bench = holed(condition);
        assert_eq!(bench.comes("8:00", "a"), NO);
        hole(&mut bench);
        assert_eq!(bench.comes("8:20", "b"), YES, "{condition}");
    }
}

#[test]
fn what_could_be_otherwise_cannot_be_told() {
    let conditions = [
        "avg(\"1h\", 1, event.encryption) < 0",
        "min(\"1h\", 1, event.encryption) > -100",
        "max(\"1h\", 1, event.encryption) < 0",
        "rate(\"1h\", 1) < 1.0",
        "spike(\"10m\", \"50m\", 1, 0.1)",
        "changed(\"1h\", 1, event.encryption)",
        "previous(\"1h\", 1, event.encryption) < 0",
    ];
    for condition in conditions {
        let mut bench = holed(condition);
        let heard = |bench: &mut Bench, time: &str, signal: i64| {
            bench.tell(time, "a", &[("encryption", tocsin::event::Value::Int(signal))])
        };
        heard(&mut bench, "8:00", -50);
        hole(&mut bench);
        assert_eq!(heard(&mut bench, "8:30", -60), None, "{condition}");
        if condition.starts_with("changed") || condition.starts_with("previous") {
            // What was remembered then is the last value now.
            assert_eq!(heard(&mut bench, "8:31", -70), YES, "{condition}");
        } else {
            assert_eq!(heard(&mut bench, "9:12:01", -60), YES, "{condition}");
        }
    }
}

#[test]
fn what_could_not_be_otherwise_is_told() {
    let conditions = [
        ("min(\"1h\", 1, event.encryption) < -55", YES),
        ("-70 > min(\"1h\", 1, event.encryption)", None),
        ("max(\"1h\", 1, event.encryption) > -55", YES),
        ("!(max(\"1h\", 1, event.encryption) <= LIMIT)", YES),
        ("max(\"1h\", 1, event.encryption) == LIMIT", NO),
        ("max(\"1h\", 1, event.encryption) == -50", None),
        ("rate(\"1h\", 1) > 0.0", YES),
        // The same with a name, if all that the name is held against is settled, and nothing else is done with it.
        ("let m = max(\"1h\", 1, event.encryption); m > -55", YES),
        ("let m = max(\"1h\", 1, event.encryption); LIMIT <= m && m > -60", YES),
        ("let m = max(\"1h\", 1, event.encryption); m > -55 && m < 0", None),
        ("let m = max(\"1h\", 1, event.encryption); m + 0 > -55", None),
        ("let m = max(\"1h\", 1, event.encryption); m = -60; m > -55", None),
        ("let m = max(\"1h\", 1, event.encryption); let text = `${m}`; m > -55 || text == \"\"", None),
        ("let m = min(\"1h\", 1, event.encryption); m < -55", YES),
        ("let m = max(\"1h\", 1, event.encryption); if m > -55 { true } else { false }", YES),
        // What hides a constant is not the constant.
        ("let LIMIT = -40; max(\"1h\", 1, event.encryption) > LIMIT", None),
        // What was missed before makes only less of a spike, and what was missed lately only more.
        ("spike(\"10m\", \"50m\", 1, 100)", NO),
        ("spike(\"25m\", \"50m\", 1, 0.1)", YES),
        ("spike(\"25m\", \"50m\", 1, 100)", None),
    ];
    for (condition, told) in conditions {
        let rule = format!("{}\nconst LIMIT = -55;\n", when(condition));
        let mut bench = Bench::of(&[("f/1", &rule)]);
        bench.hear(true, "0:00");
        let signal = |signal: i64| [("encryption", tocsin::event::Value::Int(signal))];
        bench.tell("8:00", "a", &signal(-50));
        hole(&mut bench);
        assert_eq!(bench.tell("8:30", "a", &signal(-60)), told, "{condition}");
    }
}

#[test]
fn a_mark_that_was_seen_was_seen() {
    let first = when("event.ssid == \"x\" && mark(\"a\", event.rogue_id) && false");
    let mut bench = Bench::of(&[("f/1", &first), ("f/2", &when("marked(\"1h\", \"a\", event.rogue_id)"))]);
    bench.hear(true, "0:00");
    assert_eq!(bench.tell("8:00", "k", &[("ssid", text("x"))]), NO);
    hole(&mut bench);
    assert_eq!([bench.comes("8:30", "k"), bench.comes("8:30", "other")], [YES, None]);
    assert_eq!(bench.comes("9:12:01", "other"), NO);
}

#[test]
fn an_event_that_lacks_what_is_counted_cannot_be_told() {
    let mut bench = Bench::new("count(\"1h\", event.ssid) >= 1");
    assert_eq!(bench.comes("8:00", "a"), None);
    assert_eq!(bench.tell("8:00", "a", &[("ssid", text(&"x".repeat(1000)))]), None);
    assert_eq!(bench.tell("8:00", "a", &[("ssid", text("x"))]), YES);
}

#[test]
fn first_seen_learns_before_it_speaks() {
    let mut bench = Bench::new("first_seen(\"30d\", event.rogue_id)");
    bench.hear(true, "8:00");
    assert_eq!(bench.comes("9:00", "a"), None);
    assert_eq!([bench.comes("32:00", "a"), bench.comes("32:00", "b")], [NO, YES]);
    let learns = "const LEARN = \"2h\"; const ON = \"security.rogue\"; fn when(e) { first_seen(\"30d\", e.rogue_id) }";
    let mut bench = Bench::of(&[("a", learns)]);
    bench.hear(true, "8:00");
    assert_eq!([bench.comes("9:59", "a"), bench.comes("10:00", "b")], [None, YES]);
    // In a log without coverage there is no learning.
    assert_eq!(Bench::of(&[("a", learns)]).comes("8:00", "a"), YES);
}

#[test]
fn an_earlier_log_warms_a_new_rule() {
    let rule = when("count(\"10m\", event.rogue_id) >= 3 && first_seen(\"1h\", event.ssid)");
    let mut bench = Bench::of(&[("a", &rule)]);
    let mut warming = bench.0.begin_warming().expect("its calls are new");
    assert_eq!(warming.span.as_secs(), 70 * 60);
    for time in ["8:00", "8:01"] {
        let event = crate::bench::rogue(time, &[("rogue_id", text("k")), ("ssid", text("x"))]);
        bench.0.warm(&mut warming, &event, crate::bench::at(time));
    }
    bench.0.end_warming(warming);
    assert!(bench.0.begin_warming().is_none());
    assert_eq!(bench.tell("8:02", "k", &[("ssid", text("x"))]), YES);
}
