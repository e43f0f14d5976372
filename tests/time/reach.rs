//! What it means that an event reaches a call: once, wherever the call stands.

use tocsin::rules::Outcome;

use crate::bench::{Bench, text, when};

const YES: Option<bool> = Some(true);
const NO: Option<bool> = Some(false);

fn of(rest: &str) -> Bench {
    Bench::of(&[("a", &format!("const ON = \"security.rogue\";\n{rest}"))])
}

#[test]
fn an_event_counts_once_however_often_a_call_is_reached() {
    // In a loop.
    let mut bench = Bench::new("let n = 0; for i in 0..5 { n = count(\"1h\", event.rogue_id); } n >= 2");
    assert_eq!([bench.comes("8:00", "k"), bench.comes("8:01", "k")], [NO, YES]);
    // In a function that the condition, the title and the body call.
    let mut bench = of("fn seen(e) { count(\"1h\", e.rogue_id) }
        fn when(e) { seen(e) >= 2 && seen(e) >= 2 }
        fn title(e) { `seen ${seen(e)} times` }
        fn body(e) { if first(e) { \"first\" } else { \"again\" } }
        fn first(e) { first_seen(\"1h\", e.ssid) }");
    let named = [("rogue_id", text("k")), ("ssid", text("x"))];
    assert!(bench.outcomes("8:00", &named).is_empty());
    for (time, said, body) in [("8:01", "seen 2 times", "first"), ("8:02", "seen 3 times", "again")] {
        let outcomes = bench.outcomes(time, &named);
        let [Outcome::Match { title, body: told, .. }] = &outcomes[..] else { panic!("{outcomes:?}") };
        assert_eq!((&**title, &**told), (said, body));
    }
    // What is new stays new for the whole event, and what it was before is told as often as it is asked.
    let mut bench = of("fn fresh(e) { first_seen(\"1h\", e.rogue_id) }
        fn before(e) { previous(\"1h\", 1, e.rogue_id) }
        fn when(e) { fresh(e) && fresh(e) && before(e) == before(e) && before(e) != e.rogue_id }");
    assert_eq!(["a", "b", "b", "a", "c"].map(|id| bench.comes("8:00", id)), [YES, YES, NO, NO, YES]);
    // Different arguments are different entries: each number of a list is summed.
    let mut bench = Bench::new("let all = 0; for n in [1, 2, 3] { all = sum(\"1h\", 1, n); } all == 12");
    assert_eq!([bench.comes("8:00", "a"), bench.comes("8:01", "a"), bench.comes("8:02", "a")], [NO, YES, NO]);
}

#[test]
fn remember_runs_for_every_event_and_is_remembered() {
    let mut bench = of("fn remember(e) { count(\"1h\", 1) }
        fn when(e) { e.ssid == \"x\" && count(\"1h\", 1) >= 2 }");
    let x = [("ssid", text("x"))];
    // Two calls, each with a window of its own.
    assert_eq!([bench.tell("8:00", "a", &x), bench.comes("8:00", "a"), bench.tell("8:00", "a", &x)], [NO, NO, YES]);
    let mut bench =
        of("fn n(e) { count(\"1h\", 1) } fn remember(e) { n(e) } fn when(e) { e.ssid == \"x\" && n(e) >= 3 }");
    assert_eq!([bench.tell("8:00", "a", &x), bench.comes("8:00", "a"), bench.tell("8:00", "a", &x)], [NO, NO, YES]);
}

#[test]
fn an_edited_rule_keeps_the_calls_it_still_has() {
    let two = "count(\"1h\", 1) >= 0 && count(\"1h\", 1) >= 0";
    let mut bench = Bench::new(&format!("{two} && count(\"2h\", 1) >= 3"));
    assert_eq!([bench.comes("8:00", "a"), bench.comes("8:00", "a")], [NO, NO]);
    // Another call before them, one of two equal ones gone, and a constant in the place of a text.
    let edited = "const ON = \"security.rogue\"; const WINDOW = \"2h\"; const LIMIT = 3;
        fn when(event) { max(\"5m\", 1, 0) == 0 && count(\"1h\", 1) >= LIMIT && count(WINDOW, 1) >= LIMIT }";
    bench.edit(&[("a", edited)]);
    assert_eq!(bench.comes("8:01", "a"), YES);
    // Renamed, or switched to another duration, it is another.
    bench.edit(&[("b", edited)]);
    assert_eq!(bench.comes("8:02", "a"), NO);
    // Where two equal ones stand again, the second has nothing.
    let mut bench = Bench::new("count(\"1h\", 1) >= 9");
    bench.comes("8:00", "a");
    bench.edit(&[("a", &when("count(\"1h\", 1) == 2 && count(\"1h\", 1) == 1"))]);
    assert_eq!(bench.comes("8:01", "a"), YES);
}

#[test]
fn a_mark_that_is_looked_for_longer_is_looked_for_in_the_log() {
    let mark = when("event.ssid == \"x\" && mark(\"m\", event.rogue_id) && false");
    let asks = |window: &str| when(&format!("marked(\"{window}\", \"m\", event.rogue_id)"));
    let mut bench = Bench::of(&[("f/1", &mark), ("f/2", &asks("5m"))]);
    bench.0.remember_from_here();
    bench.edit(&[("f/1", &mark), ("f/2", &asks("4m"))]);
    bench.0.remember_from_here();
    bench.edit(&[("f/1", &mark), ("f/2", &asks("1h"))]);
    let mut warming = bench.0.begin_warming().expect("the mark is asked for longer than before");
    assert!(warming.span.as_secs() >= 3600);
    let event = crate::bench::rogue("8:00", &[("rogue_id", text("k")), ("ssid", text("x"))]);
    bench.0.warm(&mut warming, &event, crate::bench::at("8:00"));
    bench.0.end_warming(warming);
    assert_eq!([bench.comes("8:50", "k"), bench.comes("8:50", "other")], [YES, NO]);
}

#[test]
fn a_second_look_leaves_no_mark() {
    let long = "mark(\"m\", event.rogue_id); if present(event.ssid) { for c in event.ssid.chars() { let n = 0; n += 0; n += 0; } } false";
    let mut bench = Bench::of(&[("f/1", &when(long)), ("f/2", &when("marked(\"1h\", \"m\", event.rogue_id)"))]);
    // By its shortened name the second look would have marked another.
    let fields = [("rogue_id", text(&"k".repeat(40))), ("ssid", text(&"x".repeat(20_000)))];
    let outcomes = bench.outcomes("8:00", &fields);
    assert!(matches!(outcomes[..], [Outcome::CannotTell { .. }]), "{outcomes:?}");
    assert_eq!(bench.comes("8:01", &"k".repeat(32)), NO);
    assert_eq!(bench.comes("8:01", &"k".repeat(40)), YES);
}

#[test]
fn a_rule_that_learns_says_until_when() {
    let rules = |condition: &str| {
        format!("const ON = \"security.rogue\";\nconst LEARN = \"2h\";\nfn when(e) {{ {condition} }}")
    };
    let mut bench = Bench::of(&[
        ("a", &rules("first_seen(\"7d\", e.ssid)")),
        ("b", &rules("count(\"7d\", e.ssid) > 1")),
        ("c", &when("first_seen(\"90m\", event.ssid)")),
    ]);
    assert_eq!([0, 1, 2].map(|rule| bench.0.learns_until(rule)), [None; 3]);
    bench.hear(false, "7:00");
    assert_eq!([0, 1, 2].map(|rule| bench.0.learns_until(rule)), [None; 3]);
    bench.hear(true, "8:00");
    let until = [Some(crate::bench::at("10:00")), None, Some(crate::bench::at("9:30"))];
    assert_eq!([0, 1, 2].map(|rule| bench.0.learns_until(rule)), until);
    // A hole is not a beginning.
    bench.hear(false, "8:10");
    bench.hear(true, "8:20");
    assert_eq!([0, 1, 2].map(|rule| bench.0.learns_until(rule)), until);
}
