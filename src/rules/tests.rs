//! Rules side by side, and Rhai as it really is.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};
use proptest::prelude::*;

use super::{
    room::{NEEDED, SHALLOW},
    *,
};
use crate::{
    event::{Event, EventId, Value, catalogue},
    functions::Lists,
};

/// An event of that kind with those fields.
pub(super) fn event(kind: &str, fields: &[(&str, Value)]) -> Event {
    let kind = catalogue::kind(kind).expect("a kind of the catalogue");
    let mut values = vec![Value::Absent; kind.fields.len()];
    for (name, value) in fields {
        values[kind.field_index(name).expect("a field of the kind")] = value.clone();
    }
    let time = at(0);
    Event {
        id: EventId { seq: 7, record: 0 },
        kind,
        topic: kind.topic,
        time,
        received: time,
        customer_id: Arc::from("c1"),
        msp_id: Arc::from(""),
        values,
        marks: Vec::new(),
    }
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

/// Tuesday, 2025-11-18 03:30:00 UTC, and so many seconds.
fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_763_436_600 + seconds).unwrap()
}

fn rule(name: &str, text: &str) -> RuleText {
    RuleText { name: name.into(), text: text.into(), enabled: true }
}

fn compile(rules: &[(&str, &str)]) -> RuleSet {
    let texts: Vec<RuleText> = rules.iter().map(|(name, text)| rule(name, text)).collect();
    RuleSet::compile(&texts, lists(), TimeZone::UTC, None)
}

fn lists() -> Lists {
    let mut lists = Lists::default();
    lists.add("our-aps", "20:4C:03:00:00:01 # lobby\n", false);
    lists
}

/// What a rule with this condition on a rogue with these fields comes to.
fn condition(condition: &str, fields: &[(&str, Value)]) -> Vec<Outcome> {
    let text = format!("const ON = \"security.rogue\";\nconst LIMIT = 5;\nfn when(event) {{ {condition} }}");
    let mut set = compile(&[("one", &text)]);
    if set.rules()[0].status != RuleStatus::Running {
        // What the checker refuses for its types means something all the same, where it does not see through it.
        let hidden = condition.replace("event.", "it.");
        let text = text.replace(&format!("{{ {condition} }}"), &format!("{{ let it = event; {hidden} }}"));
        set = compile(&[("one", &text)]);
    }
    let findings: Vec<&Diagnostic> = set.rules()[0].diagnostics.iter().collect();
    assert_eq!(set.rules()[0].status, RuleStatus::Running, "{condition}: {findings:?}");
    set.evaluate(&event("security.rogue", fields), at(0))
}

fn matches(text: &str, fields: &[(&str, Value)]) -> bool {
    let outcomes = condition(text, fields);
    match &outcomes[..] {
        [] => false,
        [Outcome::Match { .. }] => true,
        other => panic!("{text}: {other:?}"),
    }
}

const FINE: &str = "const ON = \"security.rogue\"; fn when(event) { event.ssid == \"eduroam\" }";

#[test]
fn five_rules_side_by_side_and_the_fine_one_never_misses() {
    let absent = "const ON = \"security.rogue\";
        fn when(event) { event.port.contains(\"1/1\") || !(event.lan_mac ?? ()) || event.mac_vendor in [\"x\"] || event.classification + 1 > 2 }
        fn key(event) { event.port + 1 }";
    let mut set = compile(&[
        ("a-loop", "const ON = \"security\"; fn when(event) { loop { } }"),
        ("b-panic", "const ON = \"security\"; fn when(event) { panics_in_tests() }"),
        ("c-syntax", "const ON = \"security\"; fn when(event) { event.ssid == }"),
        ("d-absent", absent),
        ("e-fine", FINE),
    ]);
    let states: Vec<RuleStatus> = set.rules().iter().map(|rule| rule.status).collect();
    use RuleStatus::{Broken, Running};
    assert_eq!(states, [Running, Running, Broken, Running, Running], "{:?}", set.rules());
    let mut fine = 0;
    for second in 0..200 {
        let now = at(second);
        for outcome in set.evaluate(&event("security.rogue", &[("ssid", text("eduroam"))]), now) {
            match outcome {
                Outcome::Match { rule: 4, .. } => fine += 1,
                Outcome::Runaway { rule: 0, until, .. } => set.pause("a-loop", until),
                Outcome::Failed { rule: 1, .. } | Outcome::CannotTell { rule: 3, .. } => {}
                other => panic!("{other:?}"),
            }
        }
    }
    assert_eq!(fine, 200);
}

#[test]
fn pauses_double_and_end() {
    let mut set = compile(&[("a", "const ON = \"security\"; fn when(event) { loop { } }")]);
    let rogue = event("security.rogue", &[]);
    let mut now = at(0);
    let mut lengths = Vec::new();
    for _ in 0..8 {
        let outcomes = set.evaluate(&rogue, now);
        let [Outcome::Runaway { until, .. }] = &outcomes[..] else { panic!("{outcomes:?}") };
        lengths.push(until.duration_since(now).as_secs() / 60);
        set.pause("a", *until);
        assert!(set.evaluate(&rogue, *until - jiff::SignedDuration::from_secs(1)).is_empty());
        now = *until;
    }
    assert_eq!(lengths, [1, 2, 4, 8, 16, 32, 60, 60]);
    set.resume("a");
    assert_eq!(set.rules()[0].paused_until, None);
    assert!(matches!(set.evaluate(&rogue, now)[..], [Outcome::Runaway { .. }]));
}

#[test]
fn nobody_switches_a_rule_off_by_what_they_send() {
    let long = text(&"x".repeat(64 * 1024));
    let walks = "let n = 0; for c in event.ssid.chars() { n += 1; } n > 3";
    assert!(matches!(condition(walks, &[("ssid", long.clone())])[..], [Outcome::CannotTell { .. }]));
    assert!(matches(walks, &[("ssid", text("abcd"))]));
    assert!(matches("event.ssid.len() > 1000", &[("ssid", long)]));
    let counts = "let n = 0; while n < event.encryption { n += 1; } true";
    assert!(matches!(condition(counts, &[("encryption", Value::Int(1 << 40))])[..], [Outcome::CannotTell { .. }]));
}

#[test]
fn what_is_absent_is_false_and_never_an_error() {
    for no in [
        "event.ssid",
        "event.ssid.contains(\"x\")",
        "event.ssid.starts_with(\"x\")",
        "event.ssid.ends_with(\"x\")",
        "!event.ssid",
        "event.ssid in [\"x\"]",
        "event.ssid in #{ x: 1 }",
        "\"y\" in #{ x: 1 }",
        "\"x\" in event.ssid",
        "\"text\".contains(event.ssid)",
        "event.ssid == \"x\"",
        "event.ssid < \"x\"",
        "event.encryption > 3",
        "event.encryption < 3",
        "event.ssid.to_lower() == \"x\"",
        "event.ssid.sub_string(0, 2) == \"ab\"",
        "event.ssid.len() > 0",
        "present(event.ssid)",
        "in_list(\"our-aps\", event.ssid)",
        "event.ssid in list(\"our-aps\")",
        "cidr(\"10.0.0.0/8\", event.ssid)",
        "glob(\"*\", event.ssid)",
        "between(\"00:00\", \"23:59\", event.ssid)",
        "weekday(event.ssid) == \"tuesday\"",
        "let field = \"no_such_field\"; event[field] == \"x\"",
    ] {
        assert!(!matches(no, &[]), "{no}");
    }
    for yes in [
        "event.ssid != \"x\"",
        "event.ssid == ()",
        "event.ssid in [\"x\", ()]",
        "\"x\" in #{ x: 1 }",
        "parse_json(`{\"x\": 1}`).contains(\"x\")",
        "event.ssid.is_empty()",
        "!present(event.ssid)",
        "(event.ssid ?? \"x\") == \"x\"",
    ] {
        assert!(matches(yes, &[]), "{yes}");
    }
    for unknown in [
        "event.ssid && true",
        "true && event.ssid",
        "event.encryption + 1 > 0",
        "for c in event.ssid { return true; } false",
    ] {
        assert!(
            matches!(condition(unknown, &[])[..], [Outcome::CannotTell { .. }]),
            "{unknown}: {:?}",
            condition(unknown, &[])
        );
    }
    // An enum number that nobody published stands where a text is expected.
    assert!(!matches("event.ssid.contains(\"x\") || event.ssid in [\"y\"]", &[("ssid", Value::Int(99))]));
}

#[test]
fn rhai_means_what_it_says() {
    let fields = [("ssid", text("Campus")), ("encryption", Value::Int(7))];
    // No optimisation: `event.n && true` is no 7.
    assert!(matches!(condition("event.encryption && true", &fields)[..], [Outcome::CannotTell { .. }]));
    // A script's constants are visible in its functions, and in functions of functions.
    assert!(matches("event.encryption > LIMIT", &fields));
    let nested = "const ON = \"security.rogue\"; const LIMIT = 2 * 3; const SAME = LIMIT;
        fn limit() { SAME } fn when(e) { e.encryption > limit() }";
    assert_eq!(compile(&[("n", nested)]).evaluate(&event("security.rogue", &fields), at(0)).len(), 1);
    // Different types compare as false, and != as true.
    assert!(!matches("event.ssid == 5 || event.ssid < 5 || event.encryption == \"7\"", &fields));
    assert!(matches("event.ssid != 5", &fields));
    // Whole and broken numbers compare.
    assert!(matches("event.encryption == 7.0 && event.encryption < 7.5 && 7.0 in [7]", &fields));
    // A long text can be read, negative numbers written, texts joined.
    assert!(matches("event.ssid.len() == 65536", &[("ssid", text(&"y".repeat(65536)))]));
    assert!(matches("event.encryption > -70 && -event.encryption == -7 && \"a\" + event.ssid == \"aCampus\"", &fields));
    // A byte order mark is nothing.
    let marked = format!("\u{feff}{FINE}");
    assert_eq!(compile(&[("b", &marked)]).rules()[0].status, RuleStatus::Running);
    // Field access is by dot or by name.
    assert!(matches(
        "event[\"ssid\"] == event.ssid && event.kind == \"security.rogue\" && event.topic == \"security\"",
        &fields
    ));
    // Deep recursion ends.
    let deep = "const ON = \"security.rogue\"; fn down(n) { down(n + 1) } fn when(e) { down(0) }";
    let mut set = compile(&[("d", deep)]);
    assert!(matches!(set.evaluate(&event("security.rogue", &[]), at(0))[..], [Outcome::Runaway { .. }]));
}

/// A stack overflow cannot be caught: the bounds must keep every rule within the stack that is made for it, whatever
/// thread it begins on.
#[test]
fn the_deepest_rule_fits_the_stack() {
    // A small stack, and those that have just what is said to be needed, so that nothing is added to them.
    let run = |text: String, stack: usize| {
        let thread = std::thread::Builder::new().stack_size(stack).spawn(move || {
            let mut set = compile(&[("deep", &text)]);
            let event = event("security.rogue", &[("ssid", Value::Text("x".into()))]);
            set.explain(0, &event, at(0));
            set.evaluate(&event, at(0)).len()
        });
        thread.unwrap().join().unwrap()
    };
    let nest = |open: &str, inside: &str, close: &str, times: usize| {
        format!("{}{inside}{}", open.repeat(times), close.repeat(times))
    };
    for times in (1..40).step_by(3).chain((40..140).step_by(9)).chain([124, 125, 126, 127, 128]) {
        for (open, close) in [
            ("1 + (", ")"),
            ("if true { ", " } else { 0 }"),
            ("{ let x = ", "; x }"),
            ("[", "][0]"),
            ("`${", "}`"),
            ("down(", ")"),
            ("for x in [1] { return ", "; }"),
            ("true && (", ")"),
            ("#{a: ", "}.a"),
        ] {
            let body = nest(open, "down(n + 1)", close, times);
            for stack in [512 * 1024, SHALLOW + 256 * 1024, NEEDED + 256 * 1024] {
                let rule = format!("const ON = \"security.rogue\"; fn down(n) {{ {body} }} fn when(e) {{ down(0) }}");
                run(rule, stack);
            }
        }
    }
    for open in ["(", "[", "{", "-", "!", "`${", "#{a:", "if ", "a.", "f(", "while ", "switch x { 0 => "] {
        run(format!("const ON = \"security.rogue\"; fn when(e) {{ {} }}", open.repeat(20_000)), 512 * 1024);
    }
}

/// As a rule that names what it knows one by one has them.
#[test]
fn a_hundred_clauses_in_a_row_run() {
    for (operator, joint) in [("!=", "&&"), ("==", "||")] {
        let clauses: Vec<String> = (0..100).map(|number| format!("event.ssid {operator} \"net-{number}\"")).collect();
        let condition = clauses.join(&format!(" {joint} "));
        let mut set = compile(&[("row", &format!("const ON = \"security.rogue\"; fn when(event) {{ {condition} }}"))]);
        assert_eq!(set.rules()[0].diagnostics, []);
        for (ssid, matched) in [("Campus", joint == "&&"), ("net-99", joint == "||")] {
            let event = event("security.rogue", &[("ssid", text(ssid))]);
            assert_eq!(set.evaluate(&event, at(0)).len(), usize::from(matched), "{joint} {ssid}");
            assert_eq!(set.explain(0, &event, at(0)).unwrap().clauses().count(), 100);
        }
    }
}

#[test]
fn title_body_and_key_fall_back_and_the_match_stands() {
    let rogue = event("security.rogue", &[("rogue_id", text("d8:07:b6:00:00:01")), ("ssid", text("eduroam"))]);
    let bad = "//! Rogue seen\n//!\n//! Find it.\nconst ON = \"security.rogue\"; fn when(e) { true }
        fn key(e) { throw \"no\" } fn title(e) { e.nothing_like.this + 1 } fn body(e) { loop {} }";
    let bad = bad.replace("e.nothing_like.this", "e.port");
    let mut set = compile(&[("bad", &bad)]);
    assert_eq!(set.rules()[0].doc, "Find it.");
    let outcomes = set.evaluate(&rogue, at(0));
    let [
        Outcome::Failed { .. },
        Outcome::CannotTell { .. },
        Outcome::Runaway { .. },
        Outcome::Match { key, title, body, .. },
    ] = &outcomes[..]
    else {
        panic!("{outcomes:?}")
    };
    assert_eq!((&**key, &**title), ("d8:07:b6:00:00:01", "Rogue seen"));
    assert!(body.contains("eduroam"), "{body}");

    let good = "const ON = \"security.rogue\"; fn when(e) { true } fn key(e) { [e.rogue_id, 5, e.port] }
        fn title(e) { `Rogue \"${e.ssid}\" at ${e.port}` } fn body(e) { () }";
    let mut set = compile(&[("network/some-rule", good)]);
    let outcomes = set.evaluate(&rogue, at(0));
    let [Outcome::Match { key, title, .. }] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!((&**key, &**title), ("d8:07:b6:00:00:01 5 ", "Rogue \"eduroam\" at "));
    assert_eq!(set.rules()[0].title, "Some rule");
}

#[test]
fn a_state_resolves_and_resolved_wins() {
    let down = "const ON = \"monitoring.ap\"; const HOLD = \"2m\";
        fn when(event) { event.status != \"UP\" } fn resolved(event) { event.status == \"UP\" || event.model == \"both\" } fn key(event) { event.serial }";
    let mut set = compile(&[("down", down)]);
    assert!(set.rules()[0].policy.state);
    assert_eq!(set.rules()[0].policy.resolve_after, None);
    let ap = |status, model| {
        event("monitoring.ap", &[("serial", text("CN1")), ("status", text(status)), ("model", text(model))])
    };
    assert!(matches!(&set.evaluate(&ap("DOWN", "x"), at(0))[..], [Outcome::Match { key, .. }] if **key == *"CN1"));
    assert_eq!(set.evaluate(&ap("UP", "x"), at(0)), [Outcome::Resolved { rule: 0, key: "CN1".into() }]);
    assert_eq!(set.evaluate(&ap("DOWN", "both"), at(0)), [Outcome::Resolved { rule: 0, key: "CN1".into() }]);
}

#[test]
fn the_last_good_version_stays() {
    let first = compile(&[("a", FINE), ("b", FINE)]);
    let texts = [rule("a", "const ON = ;"), rule("b", "const ON = \"audit\"; fn when(e) { true }"), rule("c", "fn")];
    let mut set = RuleSet::compile(&texts, lists(), TimeZone::UTC, Some(&first));
    let states: Vec<RuleStatus> = set.rules().iter().map(|rule| rule.status).collect();
    assert_eq!(states, [RuleStatus::LastGood, RuleStatus::Running, RuleStatus::Broken]);
    let outcomes = set.evaluate(&event("security.rogue", &[("ssid", text("eduroam"))]), at(0));
    assert!(matches!(outcomes[..], [Outcome::Match { rule: 0, .. }]), "{outcomes:?}");
}

#[test]
fn a_pause_lasts_while_the_text_stays() {
    let text = "const ON = \"security\"; fn when(event) { loop { } }";
    let mut set = compile(&[("a", text)]);
    set.pause("a", at(60));
    let again = RuleSet::compile(&[rule("a", text)], lists(), TimeZone::UTC, Some(&set));
    assert_eq!(again.rules()[0].paused_until, Some(at(60)));
    let changed = RuleSet::compile(&[rule("a", FINE)], lists(), TimeZone::UTC, Some(&set));
    assert_eq!(changed.rules()[0].paused_until, None);
}

#[test]
fn times_are_the_operators_unless_the_rule_names_a_zone() {
    let when = "fn when(e) { between(\"02:00\", \"04:00\", e.time) && weekday(e.time) == \"tuesday\" }";
    let plain = format!("const ON = \"audit\"; {when}");
    let utc = format!("const ON = \"audit\"; const ZONE = \"UTC\"; {when}");
    let audit = event("audit.firmware", &[]);
    let texts = [rule("plain", &plain), rule("utc", &utc)];
    let east = TimeZone::fixed(jiff::tz::offset(9));
    let mut set = RuleSet::compile(&texts, lists(), east, None);
    assert_eq!(set.rules()[1].status, RuleStatus::Running, "{:?}", set.rules()[1].diagnostics);
    let outcomes = set.evaluate(&audit, at(0));
    assert!(matches!(outcomes[..], [Outcome::Match { rule: 1, .. }]), "{outcomes:?}");
}

#[test]
fn a_list_that_went_away_is_no_guess() {
    let rogue = event("security.rogue", &[("rogue_id", text("20-4c-03-00-00-01"))]);
    let text = "const ON = \"security.rogue\"; fn when(e) { !in_list(\"our-aps\", e.rogue_id) }";
    let mut first = compile(&[("a", text)]);
    assert_eq!(first.evaluate(&rogue, at(0)), []);
    let mut set = RuleSet::compile(&[rule("a", text)], Lists::default(), TimeZone::UTC, Some(&first));
    assert_eq!(set.rules()[0].status, RuleStatus::LastGood);
    assert!(matches!(set.evaluate(&rogue, at(0))[..], [Outcome::CannotTell { .. }]));
}

/// A piece of a rule, or noise.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[ -~\n]{0,8}",
        prop::sample::select(vec![
            "event.",
            "ssid",
            "const ON",
            "\"security\"",
            "fn when(event) {",
            "}",
            "`${",
            "&&",
            "||",
            "!",
            "()",
            "in_list(",
            "[",
            "]",
            "#{",
            "switch",
            "loop {",
            "//",
            "/*",
            "\"",
            "'",
            "\\",
            "\u{feff}",
            "\r\n",
            "0x",
            "1e999",
            "..",
            "?.",
            "é",
            "|x|",
        ])
        .prop_map(str::to_owned),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever is typed, the checker answers, with spans that lie in the text.
    #[test]
    fn any_text_is_checked(
        at in 0.0..1.0_f64, length in 0_usize..40, pieces in prop::collection::vec(piece(), 0..4), which in 0..shipped::TEMPLATES.len(),
    ) {
        let text = shipped::TEMPLATES[which].text;
        let place = |offset: usize| (offset..=text.len()).find(|offset| text.is_char_boundary(*offset)).unwrap();
        let start = place((at * text.len() as f64) as usize);
        let end = place((start + length).min(text.len()));
        let text = format!("{}{}{}", &text[..start], pieces.concat(), &text[end..]);
        let lines = text.split('\n').count() as u32;
        for finding in check(&text, &lists(), None) {
            prop_assert_ne!(&finding.code, "internal");
            let span = finding.span;
            prop_assert!((1..=lines).contains(&span.line) && span.line <= span.end_line && span.end_line <= lines, "{:?}", finding);
            prop_assert!(span.column >= 1 && (span.end_line, span.end_column) > (span.line, span.column), "{:?}", finding);
            prop_assert!(!finding.message.is_empty());
            let _ = finding.picture("x.rhai", &text);
        }
    }

    /// Whatever an event holds, a rule that asks it all neither runs away nor fails.
    #[test]
    fn any_event_is_looked_at(values in prop::collection::vec(value(), catalogue::kind("security.rogue").unwrap().fields.len())) {
        let asks = "const ON = \"security.rogue\"; fn when(e) {
            e.ssid.contains(\"x\") || e.port in [\"1\"] || e.encryption > 3 || e.classification == e.ssid || glob(\"a*b\", e.ssid)
                || in_list(\"our-aps\", e.rogue_id) || between(\"01:00\", \"02:00\", e.last_seen) || !present(e.lan_mac) }
            fn key(e) { [e.rogue_id, e.ssid] } fn title(e) { `${e.ssid} ${e.port}` } fn body(e) { e.mac_vendor }";
        let mut event = event("security.rogue", &[]);
        event.values = values;
        for outcome in compile(&[("a", asks)]).evaluate(&event, at(0)) {
            prop_assert!(matches!(outcome, Outcome::Match { .. }), "{:?}", outcome);
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Absent),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        any::<String>().prop_map(|text| Value::Text(text.into())),
        (0_usize..70_000).prop_map(|length| Value::Text("a".repeat(length).into())),
    ];
    leaf.prop_recursive(2, 8, 4, |inner| prop::collection::vec(inner, 0..4).prop_map(|list| Value::List(list.into())))
}
