//! Lowering held to plain Rhai: the same outcomes, whatever the rule and whatever the event.
//!
//! `TOCSIN_PAIRS=10000000` makes it a long run.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may fail loudly, and tells what it tried"
)]

mod events;
mod frames;
mod rules;

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use tocsin::{
    diagnostic::Level,
    event::Kind,
    functions::Lists,
    rules::{Lowering, Outcome, RuleSet, RuleStatus, RuleText},
};

/// How many rules are evaluated side by side, and on how many events before there are new ones.
const RULES: usize = 40;
const EVENTS: usize = 250;

fn lists() -> Lists {
    let mut lists = Lists::default();
    lists.set("ours", vec!["aa:bb:cc:dd:ee:01".into(), "Campus".into(), "7".into()]);
    lists.set("nets", vec!["10.20.0.0/16".into(), "2001:db8::/32".into()]);
    lists
}

fn compile(texts: &[RuleText]) -> RuleSet {
    RuleSet::compile(texts, lists(), TimeZone::UTC, None)
}

/// A rule that the checker lets run: what can never hold is not worth comparing.
fn sound(kind: &'static Kind, chance: &mut fastrand::Rng) -> String {
    loop {
        let text = rules::rule(kind, chance);
        if tocsin::rules::check(&text, &lists(), None).iter().all(|finding| finding.severity != Level::Error) {
            return text;
        }
    }
}

fn rule_of(outcome: &Outcome) -> usize {
    match outcome {
        Outcome::Match { rule, .. }
        | Outcome::Resolved { rule, .. }
        | Outcome::CannotTell { rule, .. }
        | Outcome::Runaway { rule, .. }
        | Outcome::Failed { rule, .. } => *rule,
    }
}

#[test]
fn lowered_and_plain_say_the_same() {
    let wanted: usize = std::env::var("TOCSIN_PAIRS").ok().and_then(|pairs| pairs.parse().ok()).unwrap_or(120_000);
    let seed: u64 = std::env::var("TOCSIN_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1);
    let mut chance = fastrand::Rng::with_seed(seed);
    let (mut pairs, mut whole, mut placed, mut reckoned, mut part, mut none, mut outcomes) = (0, 0, 0, 0, 0, 0, 0);
    while pairs < wanted {
        let kind = events::kind(&mut chance);
        let texts: Vec<RuleText> = (0..RULES)
            .map(|number| RuleText { name: format!("r{number:02}"), text: sound(kind, &mut chance), enabled: true })
            .collect();
        let (mut lowered, mut plain) = (compile(&texts), compile(&texts).in_plain_rhai());
        let running = lowered.rules().iter().filter(|rule| rule.status == RuleStatus::Running).count();
        assert_eq!(running, RULES);
        for (rule, text) in lowered.rules().iter().zip(&texts) {
            match rule.lowering {
                Lowering::Whole => {
                    whole += 1;
                    placed += usize::from(text.text.contains("fn inner"));
                    reckoned += usize::from(text.text.contains(") * 2 "));
                }
                Lowering::Part(_) => part += 1,
                Lowering::None(_) | Lowering::Unknown => none += 1,
            }
        }
        let mut now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        for number in 0..EVENTS {
            now += (chance.i64(0..90)).seconds();
            // Now and then nobody listens for a while: what looks back cannot always tell.
            if number % 50 == 0 || number % 50 == 3 {
                let heard = number % 50 == 3 || chance.u8(0..4) > 0;
                lowered.hear(kind.topic, heard, now);
                plain.hear(kind.topic, heard, now);
            }
            let event = events::event(kind, number as u64, now, &mut chance);
            let (one, other) = (lowered.evaluate(&event, now), plain.evaluate(&event, now));
            if one != other {
                let differs = one.iter().find(|it| !other.contains(it)).or(other.iter().find(|it| !one.contains(it)));
                let which = differs.map(rule_of).unwrap_or_default();
                let of = |all: &[Outcome]| all.iter().filter(|it| rule_of(it) == which).cloned().collect::<Vec<_>>();
                let name = &lowered.rules()[which].name;
                let text = &texts.iter().find(|rule| rule.name == *name).unwrap().text;
                let fields = event.fields();
                let fields = serde_json::to_string(&fields).unwrap();
                panic!("seed {seed}\nlowered {:?}\nplain {:?}\n{text}\n{fields}", of(&one), of(&other));
            }
            outcomes += one.len();
            pairs += running;
        }
    }
    // It has teeth only if all ways are taken, and something comes of them.
    assert!(whole > RULES && part > RULES / 4 && none > RULES / 8, "{whole} {part} {none}");
    assert!(placed > RULES / 4, "{placed} with functions of their own");
    assert!(reckoned > RULES / 8, "{reckoned} that reckon with fields");
    assert!(outcomes * 50 > pairs && outcomes < pairs, "{outcomes} of {pairs}");
    println!(
        "{pairs} pairs, {outcomes} outcomes; rules lowered {whole} ({placed} with functions of their own, {reckoned} that reckon), in part {part}, not {none}"
    );
}
