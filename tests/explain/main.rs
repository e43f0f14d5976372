//! What is explained is what happens, nothing is changed by asking, and the command says it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test may fail loudly")]

mod clauses;
mod command;
#[path = "../lowering/events.rs"]
mod events;
#[path = "../lowering/rules.rs"]
mod rules;
mod tally;
mod window;

use std::path::Path;

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use tocsin::{
    cases,
    event::{Event, Kind},
    functions::Lists,
    rules::{
        Outcome, RuleSet, RuleStatus, RuleText,
        explain::{Came, Explanation, Told},
    },
};

fn compile(texts: &[RuleText], lists: &Lists) -> RuleSet {
    RuleSet::compile(texts, lists.clone(), TimeZone::UTC, None)
}

/// Whether what an explanation says is what happened, and its clauses say the same.
fn agrees(explanation: &Explanation, outcomes: &[Outcome], remembers: bool) -> Result<(), String> {
    let came = match outcomes.last() {
        None => Came::NotMatched,
        Some(Outcome::Match { .. }) => Came::Matched,
        Some(Outcome::Resolved { .. }) => Came::Resolved,
        Some(Outcome::CannotTell { .. }) => Came::CannotTell,
        Some(Outcome::Failed { .. }) => Came::Failed,
        Some(Outcome::Runaway { .. }) => Came::RanAway,
    };
    if explanation.came != came {
        return Err(format!("{:?} is explained, {came:?} came", explanation.came));
    }
    let told = |function: &str| {
        explanation.conditions.iter().find(|condition| condition.function == function).map(|found| found.told)
    };
    let (resolved, when) = (told("resolved"), told("when"));
    let same = match came {
        Came::Matched => when == Some(Told::True) && resolved != Some(Told::True),
        Came::Resolved => resolved == Some(Told::True) && when != Some(Told::True),
        Came::NotMatched => when == Some(Told::False),
        // It may be fn remember that cannot.
        Came::CannotTell => [when, resolved].contains(&Some(Told::CannotTell)) || remembers,
        // The clauses run, each by itself, where the whole takes too long or gives what is no condition.
        Came::Failed | Came::RanAway => true,
        Came::NotAsked => false,
    };
    let reached = |told| matches!(told, Some(Told::True | Told::False | Told::CannotTell));
    for condition in &explanation.conditions {
        for clause in &condition.clauses {
            if clause.told == Told::NotReached && reached(Some(condition.told)) && clause.why.is_empty() {
                return Err(format!("{} is not reached, and nothing says why", clause.text));
            }
        }
    }
    if same { Ok(()) } else { Err(format!("{came:?} came, but when is {when:?} and resolved {resolved:?}")) }
}

/// Asks every rule about an event, and then lets both sets see it: the one that was asked, and the one that was not.
fn ask_and_compare(asked: &mut RuleSet, other: &mut RuleSet, event: &Event, now: Timestamp) -> Vec<Explanation> {
    let rules = asked.rules().len();
    let explanations: Vec<Explanation> = (0..rules).filter_map(|rule| asked.explain(rule, event, now)).collect();
    let (outcomes, undisturbed) = (asked.evaluate(event, now), other.evaluate(event, now));
    assert_eq!(outcomes, undisturbed, "asking changed something");
    for (rule, explanation) in explanations.iter().enumerate() {
        if explanation.came == Came::NotAsked {
            continue;
        }
        let of = |outcome: &&Outcome| {
            matches!(outcome, Outcome::Match { rule: of, .. } | Outcome::Resolved { rule: of, .. }
                | Outcome::CannotTell { rule: of, .. } | Outcome::Runaway { rule: of, .. }
                | Outcome::Failed { rule: of, .. } if *of == rule)
        };
        let mine: Vec<Outcome> = outcomes.iter().filter(of).cloned().collect();
        let remembers = asked.running_text(&explanation.rule).unwrap().contains("fn remember(");
        if let Err(why) = agrees(explanation, &mine, remembers) {
            panic!(
                "{why}\n{}\n{}\n{mine:#?}\n{explanation:#?}",
                asked.rules()[rule].name,
                asked.running_text(&explanation.rule).unwrap()
            );
        }
    }
    explanations
}

/// The same rule, its condition now and then in a function that it calls.
fn in_a_function(text: String, how: usize) -> String {
    let Some((before, after)) = text.split_once("fn when(") else { return text };
    let called = match how {
        0 => return text,
        1 => "inner(event)",
        _ => "event.kind != () && !(!inner(event))",
    };
    format!("{before}fn when(event) {{ {called} }}\nfn inner({after}")
}

/// Rules on that kind, made at random, a third of them as they are.
fn twenty(kind: &'static Kind, chance: &mut fastrand::Rng) -> Vec<RuleText> {
    let text = |number: usize| RuleText {
        name: format!("r{number:02}"),
        text: in_a_function(rules::rule(kind, chance), number % 3),
        enabled: true,
    };
    (0..20).map(text).collect()
}

/// What those rules look into.
fn two_lists() -> Lists {
    let mut lists = Lists::default();
    lists.set("ours", vec!["aa:bb:cc:dd:ee:01".into(), "Campus".into(), "7".into()]);
    lists.set("nets", vec!["10.20.0.0/16".into(), "2001:db8::/32".into()]);
    lists
}

#[test]
fn every_explanation_is_what_happens_and_changes_nothing() {
    let lists = two_lists();
    let mut chance = fastrand::Rng::with_seed(3);
    let mut came = std::collections::HashMap::new();
    let mut clauses = 0;
    for _ in 0..30 {
        let kind = events::kind(&mut chance);
        let texts = twenty(kind, &mut chance);
        let (mut asked, mut other) = (compile(&texts, &lists), compile(&texts, &lists));
        let mut now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for number in 0..40 {
            now += chance.i64(0..90).seconds();
            let event = events::event(kind, number, now, &mut chance);
            for explanation in ask_and_compare(&mut asked, &mut other, &event, now) {
                clauses += explanation.clauses().count();
                *came.entry(format!("{:?}", explanation.came)).or_insert(0) += 1;
            }
        }
    }
    assert!(clauses > 10_000, "{clauses}");
    for wanted in ["Matched", "NotMatched", "CannotTell"] {
        assert!(came.get(wanted).copied().unwrap_or(0) > 50, "{came:?}");
    }
}

#[test]
fn the_shipped_rules_are_explained_as_they_act_on_the_events_of_their_cases() {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let mut asked_of = 0;
    for beside in cases::find(Path::new(rules)).unwrap() {
        let rule = beside.rule.unwrap();
        let kinds = compile(std::slice::from_ref(&rule), &beside.lists).rules()[0].kinds.clone();
        let (cases, findings) = cases::parse(&beside.text.unwrap(), &kinds);
        assert_eq!(findings, []);
        let mut lists = beside.lists.clone();
        for list in &cases.lists {
            lists.set(&list.name, list.entries.clone());
        }
        for case in &cases.cases {
            let (mut asked, mut other) =
                (compile(std::slice::from_ref(&rule), &lists), compile(std::slice::from_ref(&rule), &lists));
            assert_eq!(asked.rules()[0].status, RuleStatus::Running);
            for given in &case.events {
                let now = case.start + jiff::SignedDuration::try_from(given.at).unwrap();
                let explanations = ask_and_compare(&mut asked, &mut other, &given.event, now);
                asked_of += explanations.len();
            }
        }
    }
    assert!(asked_of > 60, "{asked_of}");
}
