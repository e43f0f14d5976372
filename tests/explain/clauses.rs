//! Clauses and what they say: short-circuits, unknowns, windows, statements.

use jiff::{Timestamp, ToSpan};
use tocsin::{
    event::{Event, EventId, Topic, Value, catalogue},
    functions::Lists,
    rules::{
        RuleSet, RuleText,
        explain::{Explanation, Told},
    },
};

pub fn at(minute: i64) -> Timestamp {
    "2026-01-05T12:00:00Z".parse::<Timestamp>().unwrap() + minute.minutes()
}

pub fn wids(minute: i64, fields: &[(&str, &str)]) -> Event {
    let kind = catalogue::kind("security.wids").unwrap();
    let mut values = vec![Value::Absent; kind.fields.len()];
    for (name, value) in fields {
        values[kind.field_index(name).unwrap()] = Value::Text((*value).into());
    }
    Event {
        id: EventId { seq: 1, record: 0 },
        kind,
        topic: kind.topic,
        time: at(minute),
        received: at(minute),
        customer_id: "c".into(),
        msp_id: "".into(),
        values,
        marks: Vec::new(),
    }
}

pub fn rule(text: &str) -> RuleSet {
    let text = format!("//! Try\nconst ON = \"security.wids\";\n{text}");
    let rule = RuleText { name: "try".into(), text, enabled: true };
    let set = super::compile(&[rule], &Lists::default());
    let errors: Vec<_> = set.rules()[0].diagnostics.iter().filter(|found| found.code != "unreachable").collect();
    assert!(set.running_text("try").is_some(), "{errors:?}");
    set
}

fn explain(set: &mut RuleSet, event: &Event) -> Explanation {
    set.explain(0, event, event.received).unwrap()
}

/// Mark, joint, brackets and text of each clause.
fn told(explanation: &Explanation) -> Vec<String> {
    let clause = |clause: &tocsin::rules::explain::ClauseExplained| {
        let mark = match clause.told {
            Told::True => "yes",
            Told::False => "no",
            Told::CannotTell => "?",
            Told::NotReached => "-",
        };
        format!("{mark} {}{}{}", clause.opens, clause.text, ")".repeat(clause.closes as usize))
    };
    explanation.clauses().map(clause).collect()
}

#[test]
fn what_is_not_needed_is_not_reached_and_says_why() {
    let mut set = rule(
        "fn when(event) {\n    event.level == \"high\"\n        && (event.radio_band == \"5\" || event.device_id == \"a\")\n        && !(event.description == \"x\" && event.device_id == \"b\")\n}",
    );
    let explanation = explain(&mut set, &wids(0, &[("level", "high"), ("radio_band", "5"), ("description", "y")]));
    assert_eq!(
        told(&explanation),
        [
            "yes event.level == \"high\"",
            "yes (event.radio_band == \"5\"",
            "- event.device_id == \"a\")",
            "no !(event.description == \"x\"",
            "- event.device_id == \"b\")",
        ]
    );
    assert!(explanation.matched());
    let clauses: Vec<_> = explanation.clauses().collect();
    assert_eq!(clauses[2].why, "the clause before it on line 5 is true");
    assert_eq!(clauses[4].why, "the clause before it on line 6 is false");
    let spans: Vec<_> =
        clauses.iter().map(|clause| (clause.span.line, clause.span.column, clause.span.end_column)).collect();
    assert_eq!(spans, [(4, 5, 26), (5, 13, 36), (5, 40, 62), (6, 14, 38), (6, 42, 64)]);
    assert_eq!(clauses[0].parts[0].text, "event.level");
    assert_eq!(clauses[0].parts[0].value, "\"high\"");

    let explanation = explain(&mut set, &wids(0, &[]));
    assert_eq!(told(&explanation)[..2], ["no event.level == \"high\"", "- (event.radio_band == \"5\""]);
    assert_eq!(explanation.clauses().next().unwrap().parts[0].value, "absent");
}

#[test]
fn a_clause_spans_what_belongs_to_it_and_nothing_else() {
    let mut set = rule(
        "const LIMIT = 2;\nfn when(event) {\n    // one\n    (event.event_number + 1) * 2 > LIMIT // two )\n        && event.level in [\"a\", \"b)\"] /* && */ && contains(event.description,\n        \"x\")\n    || [event.level].len() == LIMIT\n}",
    );
    let explanation = explain(&mut set, &wids(0, &[("level", "a"), ("description", "xy")]));
    assert_eq!(
        explanation.clauses().map(|clause| clause.text.as_str()).collect::<Vec<_>>(),
        [
            "(event.event_number + 1) * 2 > LIMIT",
            "event.level in [\"a\", \"b)\"]",
            "contains(event.description,\n        \"x\")",
            "[event.level].len() == LIMIT",
        ]
    );
}

#[test]
fn windows_are_shown_against_what_is_needed_and_asking_does_not_count() {
    let mut set = rule("const LIMIT = 3;\nfn when(event) { count(\"10m\", event.detected_ap) >= LIMIT }");
    for (minute, wanted) in [(0, "1"), (5, "2"), (12, "2"), (13, "3")] {
        let event = wids(minute, &[("detected_ap", "ap-1")]);
        for _ in 0..3 {
            let explanation = explain(&mut set, &event);
            let count = &explanation.clauses().next().unwrap().parts[0];
            assert_eq!((count.text.as_str(), count.value.as_str()), ("count(\"10m\", event.detected_ap)", wanted));
            assert_eq!(count.needed.as_deref(), Some(">= 3"));
            assert_eq!(count.window.as_deref(), Some("10m"));
            assert_eq!(explanation.matched(), wanted == "3");
        }
        set.evaluate(&event, event.received);
    }
}

#[test]
fn what_was_counted_keeps_its_window_under_a_name_and_in_a_sum() {
    let mut set = rule(
        "const LIMIT = 2;\nfn when(event) {\n    let n = count(\"10m\", event.detected_ap);\n    n + 1 >= LIMIT && n < 9\n}",
    );
    let explanation = explain(&mut set, &wids(0, &[("detected_ap", "ap-1")]));
    let part = |clause: usize, part: usize| {
        let part = &explanation.clauses().nth(clause).unwrap().parts[part];
        (part.text.clone(), part.value.clone(), part.needed.clone(), part.window.clone())
    };
    let said = |text: &str, value: &str, needed: Option<&str>, window: Option<&str>| {
        (text.to_owned(), value.to_owned(), needed.map(str::to_owned), window.map(str::to_owned))
    };
    assert_eq!(part(0, 0), said("n + 1", "2", Some(">= 2"), None));
    assert_eq!(part(0, 1), said("n", "1", None, Some("10m")));
    assert_eq!(part(0, 2), said("LIMIT", "2", None, None));
    assert_eq!(part(1, 0), said("n", "1", Some("< 9"), Some("10m")));
    // The same name for something else.
    let mut set = rule(
        "fn when(event) {\n    let n = count(\"10m\", event.detected_ap);\n    let n = event.event_number;\n    n < 9\n}",
    );
    let explanation = explain(&mut set, &wids(0, &[("detected_ap", "ap-1")]));
    assert_eq!(explanation.clauses().next().unwrap().parts[0].window, None);
}

#[test]
fn a_loop_and_a_switch_show_what_they_read() {
    let mut set = rule(
        "const NAMES = [\"a\", \"b\"];\nfn when(event) {\n    let level = event.level;\n    for name in NAMES {\n        let both = name + event.radio_band;\n        if both == level { return true; }\n    }\n    switch event.description { \"x\" => true, _ => false }\n}",
    );
    let explanation = explain(&mut set, &wids(0, &[("level", "b5"), ("radio_band", "5"), ("description", "y")]));
    let clauses: Vec<_> = explanation.clauses().collect();
    let [each, other] = &clauses[..] else { panic!("{clauses:?}") };
    assert!(each.text.starts_with("for name in NAMES {") && each.text.ends_with('}'), "{}", each.text);
    assert!(
        other.text.starts_with("switch event.description {") && other.text.ends_with("_ => false }"),
        "{}",
        other.text
    );
    assert_eq!((each.told, each.why.as_str()), (Told::True, "it returned true"));
    assert_eq!((other.told, other.why.as_str()), (Told::NotReached, "what begins on line 6 has returned"));
    let parts: Vec<_> = each.parts.iter().map(|part| (part.text.as_str(), part.value.as_str())).collect();
    assert_eq!(parts, [("NAMES", "[\"a\", \"b\"]"), ("event.radio_band", "\"5\""), ("level", "\"b5\"")]);
    let explanation = explain(&mut set, &wids(0, &[("level", "c"), ("radio_band", "5"), ("description", "x")]));
    let clauses: Vec<_> = explanation.clauses().map(|clause| (clause.told, clause.why.as_str())).collect();
    assert_eq!(
        clauses,
        [(Told::False, "it returned nothing, so what follows is asked"), (Told::True, "")],
        "what stands behind a loop is asked by itself"
    );
    // What only counts is no clause; what it read is shown where the count is used.
    let mut set =
        rule("fn when(event) {\n    let seen = 0;\n    for name in [event.level] { seen += 1; }\n    seen > 0\n}");
    let explanation = explain(&mut set, &wids(0, &[("level", "b5")]));
    let parts: Vec<_> =
        explanation.clauses().flat_map(|clause| &clause.parts).map(|part| (&*part.text, &*part.value)).collect();
    assert_eq!(parts, [("seen", "1"), ("event.level", "\"b5\"")]);
}

#[test]
fn what_was_not_heard_cannot_be_told() {
    let mut set = rule(
        "fn when(event) { event.level == \"high\" && first_seen(\"1h\", event.mac_addr) && present(event.level) }\nconst LEARN = \"1m\";",
    );
    set.hear(Topic::Security, true, at(-300));
    set.hear(Topic::Security, false, at(-30));
    set.hear(Topic::Security, true, at(-20));
    let explanation = explain(&mut set, &wids(0, &[("level", "high"), ("mac_addr", "aa:bb:cc:dd:ee:ff")]));
    assert_eq!(
        told(&explanation),
        ["yes event.level == \"high\"", "? first_seen(\"1h\", event.mac_addr)", "- present(event.level)"]
    );
    let clauses: Vec<_> = explanation.clauses().collect();
    // Said once: neither the function's name nor the words stand there twice.
    assert_eq!(clauses[1].why, "Tocsin was not listening all the time");
    assert_eq!(clauses[1].parts.iter().map(|part| &*part.text).collect::<Vec<_>>(), ["event.mac_addr"]);
    assert_eq!(explanation.why, "first_seen: Tocsin was not listening all the time.");
    assert_eq!(clauses[2].why, "an earlier clause cannot tell");
    assert_eq!(explanation.came, tocsin::rules::explain::Came::CannotTell);
}

#[test]
fn statements_are_followed_and_what_cannot_be_split_is_one_clause() {
    let text = "fn when(event) {\n    if event.level == \"low\" { return false; }\n    let what = event.attack_type.to_lower();\n    if what.contains(\"flood\") { what.contains(\"client\") } else { event.radio_band == \"5\" }\n}";
    let mut set = rule(text);
    assert_eq!(
        told(&explain(&mut set, &wids(0, &[("level", "low"), ("attack_type", "FLOOD")]))),
        [
            "yes event.level == \"low\"",
            "- what.contains(\"flood\")",
            "- what.contains(\"client\")",
            "- event.radio_band == \"5\""
        ]
    );
    let explanation = explain(&mut set, &wids(0, &[("level", "high"), ("attack_type", "CLIENT FLOOD")]));
    assert_eq!(
        told(&explanation),
        [
            "no event.level == \"low\"",
            "yes what.contains(\"flood\")",
            "yes what.contains(\"client\")",
            "- event.radio_band == \"5\""
        ]
    );
    assert!(explanation.matched());
    assert_eq!(explanation.clauses().nth(1).unwrap().parts[0].value, "\"client flood\"");

    let mut set = rule(
        "fn when(event) {\n    let n = 0;\n    while n < 3 { n += 1; if event.level == \"high\" { return true; } }\n    n > 5\n}",
    );
    assert_eq!(
        explain(&mut set, &wids(0, &[("level", "high")])).clauses().map(|clause| clause.told).collect::<Vec<_>>(),
        [Told::True, Told::NotReached]
    );
    assert_eq!(
        explain(&mut set, &wids(0, &[])).clauses().map(|clause| clause.told).collect::<Vec<_>>(),
        [Told::False, Told::False]
    );
}

#[test]
fn resolved_is_asked_first_and_wins() {
    let mut set = rule("fn when(event) { present(event.level) }\nfn resolved(event) { event.level == \"low\" }");
    let explanation = explain(&mut set, &wids(0, &[("level", "low")]));
    assert_eq!(told(&explanation), ["yes event.level == \"low\"", "- present(event.level)"]);
    assert_eq!(explanation.clauses().nth(1).unwrap().why, "fn resolved holds, and wins");
    assert_eq!(
        told(&explain(&mut set, &wids(0, &[("level", "x")]))),
        ["no event.level == \"low\"", "yes present(event.level)"]
    );
}

#[test]
fn functions_of_the_rule_are_taken_apart_where_they_are_called() {
    let mut set = rule(
        "fn when(event) {\n    event.level == \"high\" && !(known(event) || strong(event.radio_band, 5)) && known(event)\n}\n\
         fn known(e) {\n    if e.device_id == \"a\" { return true; }\n    e.description == \"x\" && e.radio_band == \"m\"\n}\n\
         fn strong(band, limit) { band == \"5\" || limit > 5 }",
    );
    let explanation = explain(&mut set, &wids(0, &[("level", "high"), ("description", "y"), ("radio_band", "2")]));
    assert_eq!(
        told(&explanation),
        [
            "yes event.level == \"high\"",
            "no !(known(event)",
            "no e.device_id == \"a\"",
            "no e.description == \"x\"",
            "- e.radio_band == \"m\"",
            "no strong(event.radio_band, 5))",
            "no band == \"5\"",
            "no limit > 5",
            "no known(event)",
            "no e.device_id == \"a\"",
            "no e.description == \"x\"",
            "- e.radio_band == \"m\"",
        ]
    );
    assert!(!explanation.matched());
    let clauses: Vec<_> = explanation.clauses().collect();
    let depths: Vec<_> = clauses.iter().map(|clause| (clause.depth, clause.calls)).collect();
    let (call, inner) = ((1, true), (2, false));
    assert_eq!(depths[..8], [(0, false), call, inner, inner, inner, call, inner, inner]);
    assert_eq!(clauses[4].why, "the clause before it on line 8 is false");
    assert_eq!(clauses[6].parts[0].value, "\"2\"");
    assert_eq!(clauses[2].parts[0].text, "e.device_id");

    let explanation = explain(&mut set, &wids(0, &[("level", "high"), ("device_id", "a")]));
    let clauses: Vec<_> = explanation.clauses().collect();
    assert_eq!((clauses[1].told, clauses[2].told, clauses[3].told), (Told::True, Told::True, Told::NotReached));
    assert_eq!(clauses[3].why, "fn has returned: the condition on line 7 holds");
    assert_eq!(clauses[6].why, "the clause before it on line 4 is true");
    assert_eq!(clauses[8].why, "what stands before it does not hold");
}

#[test]
fn a_function_remembers_as_it_does_when_the_rule_runs_and_one_that_calls_itself_ends() {
    let mut set = rule(
        "fn when(event) { often(event, 2) || !deep(event, 3) }\n\
         fn often(event, limit) { present(event.level) && count(\"10m\", event.level) >= limit }\n\
         fn deep(event, left) { event.level != () && (left > 0 || deep(event, left)) }",
    );
    for (minute, wanted) in [(0, Told::False), (1, Told::True)] {
        let event = wids(minute, &[("level", "x")]);
        let explanation = explain(&mut set, &event);
        let count = explanation.clauses().nth(2).unwrap();
        assert_eq!((count.text.as_str(), count.told), ("count(\"10m\", event.level) >= limit", wanted));
        assert_eq!(count.parts[0].needed.as_deref(), Some(">= 2"));
        set.evaluate(&event, event.received);
    }
    // Two that call each other twice, over and over.
    let calls = |name: char, next: char| {
        format!("fn {name}(event) {{ {next}(event) && {next}(event) && event.level == \"{name}\" }}\n")
    };
    let chain: String = ('a'..'h').zip('b'..='h').map(|(name, next)| calls(name, next)).collect();
    let mut set = rule(&format!("fn when(event) {{ a(event) }}\n{chain}fn h(event) {{ event.level == \"h\" }}"));
    let explanation = explain(&mut set, &wids(0, &[("level", "h")]));
    assert!((20..300).contains(&explanation.clauses().count()), "{}", explanation.clauses().count());
}

#[test]
fn the_rates_of_a_spike_and_the_local_time_are_said() {
    let mut set = rule("fn when(event) { spike(\"10m\", \"1h\", event.level, 12) }");
    let note = |set: &mut RuleSet, minute| {
        let event = wids(minute, &[("level", "x")]);
        let explanation = explain(set, &event);
        assert_eq!(explain(set, &event), explanation);
        set.evaluate(&event, event.received);
        let clause = explanation.clauses().next().unwrap();
        (clause.told, clause.parts[0].note.clone())
    };
    assert_eq!(note(&mut set, 0), (Told::False, "nothing came in the 1h before the last 10m".to_owned()));
    assert_eq!(note(&mut set, 30).0, Told::False);
    let (told, said) = note(&mut set, 31);
    assert_eq!(told, Told::True);
    assert_eq!(said, "12 an hour within 10m, 1 an hour in the 1h before: 12 times as many, needed 12");

    let mut set = rule(
        "const ZONE = \"Europe/Berlin\";\nfn when(event) { !between(\"02:00\", \"04:00\", event.time) && weekday(event.time) == \"monday\" }",
    );
    let explanation = explain(&mut set, &wids(0, &[]));
    let notes: Vec<_> = explanation.clauses().map(|clause| (clause.told, clause.parts[0].note.as_str())).collect();
    let local = "it was Monday, 2026-01-05 13:00:00 CET";
    assert_eq!(notes, [(Told::True, local), (Told::True, local)]);
}

/// Text, value and need of each part of each clause.
fn parts(explanation: &Explanation) -> Vec<(&str, &str, Option<&str>)> {
    let parts = explanation.clauses().flat_map(|clause| &clause.parts);
    parts.map(|part| (&*part.text, &*part.value, part.needed.as_deref())).collect()
}

#[test]
fn what_is_needed_is_needed_for_the_clause_with_its_exclamation_mark() {
    for (condition, needed) in [
        ("!(count(\"10m\", event.level) < 3)", Some(">= 3")),
        ("!!(3 > count(\"10m\", event.level))", Some("< 3")),
        ("!(count(\"10m\", event.level) == 3)", Some("!= 3")),
        ("!(event.level == \"x\" && count(\"10m\", event.level) <= 3)", Some("<= 3")),
        ("if !(count(\"10m\", event.level) >= 3) { return false; } true", Some("< 3")),
        // Of what is handed on nothing is needed by itself.
        ("(count(\"10m\", event.level) > 3) == false", None),
        // Thresholds that are reckoned.
        ("count(\"10m\", event.level) > 10 * 2", Some("> 20")),
        ("count(\"10m\", event.level) > LIMITS[1] * 2", Some("> 18")),
        ("count(\"10m\", event.level) >= count(\"1h\", 1) + 1", Some(">= 2")),
    ] {
        let mut set = rule(&format!("const LIMITS = [3, 9];\nfn when(event) {{ {condition} }}"));
        let explanation = explain(&mut set, &wids(0, &[("level", "x")]));
        let all = parts(&explanation);
        let count = all.iter().find(|(text, ..)| *text == "count(\"10m\", event.level)");
        assert_eq!(count, Some(&("count(\"10m\", event.level)", "1", needed)), "{condition}: {all:?}");
    }
}

#[test]
fn an_element_shows_its_own_value() {
    let told = |condition: &str| {
        let constants = "const LIMITS = [3, 9];\nconst NAMES = #{ high: 2, low: #{ deep: [\"ab\"] } };\n";
        let mut set = rule(&format!("{constants}fn when(event) {{ {condition} }}"));
        let explanation = explain(&mut set, &wids(0, &[("level", "high"), ("detected_ap", "Cab")]));
        let told = parts(&explanation).into_iter();
        told.map(|(text, value, needed)| format!("{text} = {value} {}", needed.unwrap_or_default()).trim().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(told("LIMITS[1] > 3"), ["LIMITS[1] = 9"]);
    assert_eq!(told("LIMITS.len() > 3"), ["LIMITS = [3, 9]"]);
    assert_eq!(told("event.detected_ap[0] == 'C'"), ["event.detected_ap[0] = 'C'"]);
    assert_eq!(
        told("count(\"5m\", event.detected_ap) >= NAMES[event.level]"),
        [
            "count(\"5m\", event.detected_ap) = 1 >= 2",
            "event.detected_ap = \"Cab\"",
            "NAMES[event.level] = 2",
            "event.level = \"high\""
        ]
    );
    assert_eq!(
        told("NAMES.low.deep[0][LIMITS[0] - 3] == 'a'"),
        ["NAMES.low.deep[0][LIMITS[0] - 3] = 'a'", "LIMITS[0] = 3"]
    );
    assert_eq!(told("NAMES[\"low\"].deep[0].len() == 2"), ["NAMES[\"low\"].deep[0] = \"ab\""]);
    assert_eq!(told("event.detected_ap.split(\"a\")[1] == \"b\""), ["event.detected_ap = \"Cab\""]);
}

#[test]
fn the_mark_of_a_call_is_that_of_what_is_shown_of_it() {
    let mut set = rule(
        "fn when(event) { !a(event) && !(a(event)) && !!a(event) }\nfn a(e) { e.level == \"low\" || e.level == \"mid\" }",
    );
    let explanation = explain(&mut set, &wids(0, &[("level", "high")]));
    let (one, other) = ("no e.level == \"low\"", "no e.level == \"mid\"");
    assert_eq!(
        told(&explanation),
        ["yes !a(event)", one, other, "yes !(a(event))", one, other, "no !!a(event)", one, other]
    );
    let clauses: Vec<_> = explanation.clauses().collect();
    assert_eq!(clauses[0].span.column, 18);
    assert_eq!((clauses[0].depth, clauses[0].calls), (0, true));
}

#[test]
fn a_function_that_only_counts_keeps_its_window_and_its_need() {
    let often = "fn often(e) { count(\"10m\", e.detected_ap) }\n";
    for (condition, text, needed) in [
        ("often(event) >= 3", "often(event)", ">= 3"),
        ("!(often(event) + 1 >= 3)", "often(event) + 1", "< 3"),
        ("let n = often(event); 2 < n", "n", "> 2"),
    ] {
        let mut set = rule(&format!("{often}fn when(event) {{ {condition} }}"));
        let explanation = explain(&mut set, &wids(0, &[("detected_ap", "ap-1")]));
        let parts = || explanation.clauses().flat_map(|clause| &clause.parts);
        let needs = parts().find(|part| part.text == text).unwrap();
        assert_eq!(needs.needed.as_deref(), Some(needed), "{condition}");
        let windows: Vec<_> = parts().filter_map(|part| part.window.as_deref()).collect();
        assert_eq!(windows, ["10m"], "{condition}");
    }
}

#[test]
fn a_name_for_a_condition_shows_the_fields_that_it_is_made_of() {
    let told = |statements: &str| {
        let mut set = rule(&format!("fn when(event) {{ {statements} }}"));
        let explanation = explain(&mut set, &wids(0, &[("level", "high"), ("detected_ap", "ap-1")]));
        let told = parts(&explanation).into_iter().map(|(text, value, _)| format!("{text} = {value}"));
        told.collect::<Vec<_>>()
    };
    let bad = "let bad = event.level == \"high\" || event.radio_band == \"5\";";
    // Its own clauses show them, those that were reached; a name for one clause shows them where it is used.
    assert_eq!(
        told(&format!("{bad} bad && event.device_id == \"a\"")),
        ["event.level = \"high\"", "event.device_id = absent"]
    );
    let one = "let bad = event.level == \"high\";";
    assert_eq!(
        told(&format!("{one} bad && event.device_id == \"a\"")),
        ["event.level = \"high\"", "event.device_id = absent"]
    );
    let worse = format!("{bad} let worse = !bad && event.detected_ap.contains(\"x\"); worse == true");
    assert_eq!(told(&worse), ["event.level = \"high\"", "worse = false"]);
    // It is no longer that, or it remembers, or it is a field and says itself.
    let later = format!("{bad} if present(event.mac_addr) {{ bad = true; }} bad == true");
    assert_eq!(told(&later), ["event.level = \"high\"", "event.mac_addr = absent", "bad = true"]);
    assert_eq!(told("let often = count(\"5m\", event.level) > 2; often == true"), ["often = false"]);
    assert_eq!(told("let level = event.level; level == \"low\""), ["level = \"high\""]);
}

#[test]
fn a_loop_that_returns_false_says_true_when_it_runs_through_and_what_follows_is_clause_by_clause() {
    let mut set = rule(
        "const OURS = [\"a\", \"b\"];\nfn when(event) {\n    for name in OURS { if event.level == name { return false; } }\n    event.radio_band == \"5\" && event.device_id == \"x\"\n}",
    );
    let each = "for name in OURS { if event.level == name { return false; } }";
    assert_eq!(
        told(&explain(&mut set, &wids(0, &[("level", "a"), ("radio_band", "5")]))),
        [&format!("no {each}"), "- event.radio_band == \"5\"", "- event.device_id == \"x\""]
    );
    let explanation = explain(&mut set, &wids(0, &[("level", "c"), ("radio_band", "5")]));
    assert_eq!(
        told(&explanation),
        [&format!("yes {each}"), "yes event.radio_band == \"5\"", "no event.device_id == \"x\""]
    );
    // One in a function of the rule ends that, and what it changed is seen behind it.
    let mut set = rule(
        "fn when(event) { ours(event) || event.radio_band == \"5\" }\nfn ours(e) {\n    let n = 0;\n    for name in [\"a\", \"b\"] { n += 1; if e.level == name { return true; } }\n    n == 2 && e.device_id == \"x\"\n}",
    );
    let told = |set: &mut RuleSet, fields: &[(&str, &str)]| {
        explain(set, &wids(0, fields)).clauses().map(|clause| clause.told).collect::<Vec<_>>()
    };
    use Told::{False, NotReached, True};
    assert_eq!(told(&mut set, &[("level", "b")]), [True, True, NotReached, NotReached, NotReached]);
    assert_eq!(told(&mut set, &[("device_id", "x")]), [True, False, True, True, NotReached]);
    assert_eq!(told(&mut set, &[("radio_band", "5")]), [False, False, True, False, True]);
}

#[test]
fn the_clauses_of_a_condition_with_a_name_stand_under_it() {
    let mut set = rule(
        "fn when(event) {\n    let odd = event.level == \"high\" && count(\"10m\", event.detected_ap) >= 2;\n    odd && !(event.radio_band == \"5\")\n}",
    );
    let event = wids(0, &[("level", "high"), ("detected_ap", "ap-1")]);
    let explanation = explain(&mut set, &event);
    assert_eq!(
        told(&explanation),
        [
            "no let odd",
            "yes event.level == \"high\"",
            "no count(\"10m\", event.detected_ap) >= 2",
            "no odd",
            "- !(event.radio_band == \"5\")"
        ]
    );
    let clauses: Vec<_> = explanation.clauses().collect();
    assert!(clauses[0].calls && clauses[0].depth == 0 && clauses[1].depth == 1 && clauses[2].depth == 1);
    assert_eq!(clauses[2].parts[0].needed.as_deref(), Some(">= 2"));
    assert_eq!(clauses[3].why, "");
    set.evaluate(&event, event.received);
    assert_eq!(told(&explain(&mut set, &event))[..4].iter().filter(|told| told.starts_with("yes")).count(), 4);
    // It may be a function of the rule; a number that has a name is none.
    let mut set = rule(
        "fn when(event) { let odd = strange(event); let often = weight(event); odd && often > 1 }\nfn strange(e) { if e.level == \"low\" { return false; } e.radio_band == \"5\" }\nfn weight(e) { if e.level == \"high\" { return 3; } 1 }",
    );
    assert_eq!(
        told(&explain(&mut set, &wids(0, &[("level", "high"), ("radio_band", "5")]))),
        [
            "yes let odd",
            "yes strange(event)",
            "no e.level == \"low\"",
            "yes e.radio_band == \"5\"",
            "yes odd",
            "yes often > 1"
        ]
    );
}

#[test]
fn what_is_remembered_is_said_with_its_values() {
    let mut set = rule(
        "fn remember(event) {\n    if event.level == \"high\" { mark(\"seen\", event.mac_addr); }\n}\nfn when(event) { marked(\"5m\", \"seen\", event.mac_addr) }",
    );
    let explanation = explain(&mut set, &wids(0, &[("level", "high"), ("mac_addr", "m-1")]));
    let [remember, when] = &explanation.conditions[..] else { panic!("{explanation:?}") };
    assert_eq!((remember.function.as_str(), remember.told), ("remember", Told::True));
    assert_eq!((when.function.as_str(), when.told), ("when", Told::False));
    assert_eq!(
        told(&explanation),
        [
            "yes event.level == \"high\"",
            "yes mark(\"seen\", event.mac_addr)",
            "no marked(\"5m\", \"seen\", event.mac_addr)"
        ]
    );
    assert_eq!(remember.clauses[1].parts[0].value, "\"m-1\"");
    let explanation = explain(&mut set, &wids(0, &[("level", "low"), ("mac_addr", "m-1")]));
    assert_eq!(explanation.conditions[0].told, Told::False);
    // Nothing was marked by explaining.
    assert!(!explanation.matched());
    // What it cannot mark, it says, and the conditions are asked all the same.
    let explanation = explain(&mut set, &wids(0, &[("level", "high")]));
    assert_eq!(explanation.conditions[0].told, Told::CannotTell);
    assert!(told(&explanation)[1].starts_with("? mark("), "{:?}", told(&explanation));
}
