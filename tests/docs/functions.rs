//! docs/functions.md is what the functions say of themselves, and their examples do what they say.

use std::{collections::BTreeSet, fmt::Write as _};

use jiff::tz::TimeZone;
use tocsin::{
    cases::{parse, run},
    event::catalogue,
    functions::{Example, Function, Lists, all, families},
    rules::{RuleSet, RuleText, check},
};

/// Lists that are empty until a case fills them.
fn lists(example: &Example) -> Lists {
    let mut lists = Lists::default();
    for (name, entries) in example.lists {
        lists.add(name, &entries.join("\n"), false);
    }
    lists
}

/// What the condition says of each event, by the engine that runs cases: each event that it holds for fires by itself.
fn holds(function: &Function) -> Vec<bool> {
    let example = &function.example;
    let rule =
        RuleText { name: function.name.into(), text: example.rule() + "fn key(event) { event.id }\n", enabled: true };
    let events: Vec<String> = example.events.iter().map(|(event, _)| format!("{{ {event} }}")).collect();
    let kinds = vec![catalogue::kind(example.on).expect("a kind")];
    let text = format!("[[case]]\nname = \"x\"\nevents = [{}]\nexpect = \"nothing\"\n", events.join(", "));
    let (cases, findings) = parse(&text, &kinds);
    assert_eq!(findings, [], "{}", function.name);
    let verdict = run(&rule, &lists(example), &cases, &cases.cases[0]);
    // The controls are row 1, so the first event is row 2.
    (2..2 + example.events.len())
        .map(|seq| verdict.story.iter().any(|line| line.what.name() == "fires" && line.key == format!("{seq}.0")))
        .collect()
}

#[test]
fn examples_are_clean_and_do_what_they_say() {
    for function in all() {
        let example = &function.example;
        assert_eq!(check(&example.rule(), &lists(example), None), [], "{}", function.name);
        let expected: Vec<bool> = example.events.iter().map(|(_, holds)| *holds).collect();
        assert_eq!(holds(function), expected, "{}", function.name);
        assert!(expected.contains(&true) && expected.contains(&false), "{}: show both ways", function.name);
        let used = format!("{}{}", example.clause, example.also);
        assert!(used.contains(&format!("{}(", function.name)), "{}", function.name);
    }
}

/// What an example leaves out of its function's answer is nothing that raises an error.
#[test]
fn no_function_fails_on_an_event_without_fields() {
    for function in all() {
        let example = &function.example;
        let rule = RuleText { name: "x".into(), text: example.rule(), enabled: true };
        let kinds = vec![catalogue::kind(example.on).unwrap()];
        let (cases, _) = parse("[[case]]\nname = \"x\"\nevents = [{}, {}]\nexpect = \"nothing\"\n", &kinds);
        let set = RuleSet::compile(std::slice::from_ref(&rule), lists(example), TimeZone::UTC, None);
        assert_eq!(set.rules().len(), 1);
        let verdict = run(&rule, &lists(example), &cases, &cases.cases[0]);
        assert!(verdict.notes.iter().all(|note| note.contains("could not tell")), "{}: {verdict:?}", function.name);
    }
}

#[test]
fn functions_have_one_name_each_and_say_enough() {
    let names: BTreeSet<&str> = all().map(|function| function.name).collect();
    assert_eq!(names.len(), all().count());
    for function in all() {
        assert!(function.signature.starts_with(&format!("{}(", function.name)), "{}", function.name);
        for text in [function.says, function.unknown] {
            assert!(text.ends_with('.') && !text.contains("  "), "{}: {text}", function.name);
        }
    }
}

#[test]
fn the_page_is_current() {
    super::hold("docs/functions.md", &page());
}

fn page() -> String {
    let mut page = String::from(
        "# Functions\n\n\
         What a rule may call beside Rhai's own: `contains`, `starts_with`, `ends_with`, `to_lower`, `len` and so on. This\n\
         page is generated from `src/functions/`; a test keeps it so and runs every example\n\
         (`TOCSIN_WRITE_DOCS=1 cargo test --test docs` writes it anew).\n\n\
         Nothing that an event holds or lacks makes a function fail: it answers `false` or `()`, or the rule *cannot tell*.\n\
         Then it says neither yes nor no of this event, and Tocsin counts that and shows why.\n\n\
         Durations come first and are texts: `\"90s\"`, `\"10m\"`, `\"1h30m\"`, `\"7d\"`, at most 90 days. A function that\n\
         remembers sees only the events that reach its call: in `a && count(\"10m\", by) >= 5` those for which `a` holds. An\n\
         event leaves one entry: reached again by it with the same arguments, in a loop or from another function, the call\n\
         answers as it did the first time. A call that stands in two places of a rule is two calls, and each counts what\n\
         reaches it: to use a count twice, name it (`let n = count(\"10m\", by);`). A `by` of several values is a list:\n\
         `count(\"10m\", [event.ssid, event.port])`.\n\
         At most 10,000 keys are remembered for a call and 100,000 entries for a rule; beyond, the key heard longest ago\n\
         goes, and the rule says so.\n",
    );
    for (family, functions) in families() {
        let _ = write!(page, "\n## {family}\n");
        for function in functions {
            section(&mut page, function);
        }
    }
    page
}

fn section(page: &mut String, function: &Function) {
    let example = &function.example;
    let _ = write!(page, "\n### {}\n\n", function.name);
    let _ = writeln!(page, "`{}` gives {}.\n", function.signature, function.gives.words());
    let _ = writeln!(page, "{}\n", wrap(&plain(function.says)));
    let _ = writeln!(page, "*Unknown:* {}\n", wrap(&plain(function.unknown)));
    let _ = writeln!(page, "```rhai\n{}```\n", example.rule());
    for (name, entries) in example.lists {
        let _ = writeln!(page, "With `{}` in the list `{name}`:\n", entries.join("`, `"));
    }
    page.push_str("| event | |\n| --- | --- |\n");
    for (event, holds) in example.events {
        let _ = writeln!(page, "| `{event}` | {} |", if *holds { "**yes**" } else { "no" });
    }
}

/// As Markdown shows it: an asterisk or a bracket of ours is no markup.
fn plain(text: &str) -> String {
    text.replace('*', "\\*").replace('[', "\\[").replace("()", "`()`")
}

fn wrap(text: &str) -> String {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().unwrap();
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + word.chars().count() < 118 {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines.join("\n")
}
