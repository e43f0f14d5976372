//! What functions that remember answer, held to what their words say: a model that keeps every event for ever and looks
//! through all of them each time.
#![allow(clippy::unwrap_used, clippy::float_cmp)] // a test may

use std::{collections::BTreeSet, time::Duration};

use jiff::Timestamp;
use proptest::prelude::*;
use rhai::Position;

use super::*;
use crate::event::Topic;

/// The first duration of each call, and the second, in seconds.
const SPAN: i64 = 20;
const BEFORE: i64 = 30;
const FUNCTIONS: [&str; 13] = [
    "count",
    "distinct",
    "sum",
    "avg",
    "min",
    "max",
    "rate",
    "spike",
    "first_seen",
    "changed",
    "previous",
    "mark",
    "marked",
];
/// How long `first_seen` learns.
const LEARN: i64 = 15;

#[derive(Clone, Debug)]
enum Act {
    Event { by: u8, value: Value },
    Heard(bool),
}

/// A number that sums exactly in a float too, so that the model need not be clever.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Value {
    Int(i64),
    Eighths(i64),
}

impl Value {
    fn given(self) -> Given<'static> {
        match self {
            Self::Int(number) => Given::Int(number),
            Self::Eighths(number) => Given::Float(number as f64 / 8.0),
        }
    }

    fn eighths(self) -> i64 {
        match self {
            Self::Int(number) => number * 8,
            Self::Eighths(number) => number,
        }
    }
}

fn act() -> impl Strategy<Value = (i64, Act)> {
    let value = prop_oneof![(-3..4_i64).prop_map(Value::Int), (-20..20_i64).prop_map(Value::Eighths)];
    let event = (0..3_u8, value).prop_map(|(by, value)| Act::Event { by, value });
    (0..8_i64, prop_oneof![8 => event, 1 => any::<bool>().prop_map(Act::Heard)])
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

fn site(function: &str) -> Site {
    let spans: &[i64] = match function {
        "spike" => &[SPAN, BEFORE],
        "mark" => &[],
        _ => &[SPAN],
    };
    let literals = match function {
        "mark" => vec!["m".to_owned(), String::new()],
        "marked" => vec![String::new(), "m".to_owned(), String::new()],
        _ => Vec::new(),
    };
    Site {
        id: CallId { function: function.to_owned(), literals, place: 0 },
        position: Position::NONE,
        against: Vec::new(),
        spans: spans.iter().map(|span| Duration::from_secs(span.unsigned_abs())).collect(),
    }
}

/// One rule that calls each function once.
fn memory() -> Memory {
    let mut memory = Memory::default();
    let sites = FUNCTIONS.map(site).to_vec();
    let learn = Some(Duration::from_secs(LEARN.unsigned_abs()));
    memory.add(Calls { sites, topics: vec![Topic::Security], folder: "".into(), learn }, None);
    memory.link();
    memory.all_warm();
    memory
}

fn ask(memory: &mut Memory, function: &str, given: &[Given<'_>]) -> Result<Item, String> {
    let call = FUNCTIONS.iter().position(|name| *name == function).unwrap();
    memory.answer(Caller { rule: 0, call }, given)
}

#[derive(Default)]
struct Model {
    /// When, under which key, what.
    events: Vec<(i64, u8, Value)>,
    first: Option<i64>,
    deaf_since: Option<i64>,
    holes: Vec<(i64, i64)>,
}

impl Model {
    fn hear(&mut self, heard: bool, now: i64) {
        match (heard, self.first) {
            (true, None) => self.first = Some(now),
            (true, _) => {
                if let Some(since) = self.deaf_since.take()
                    && since < now
                {
                    self.holes.push((since, now));
                }
            }
            (false, Some(_)) if self.deaf_since.is_none() => self.deaf_since = Some(now),
            (false, _) => {}
        }
    }

    /// Every function's answer to an event that is in `events` already: `None` if it cannot tell.
    fn answer(&self, function: &str) -> Option<Item> {
        let (now, by, value) = *self.events.last().unwrap();
        let same = |from: i64| {
            let events = self.events.iter().filter(move |(at, of, _)| *of == by && *at >= from);
            events.map(|(at, _, value)| (*at, *value)).collect::<Vec<_>>()
        };
        let holed_until = |from: i64, to: i64| {
            self.holes.iter().any(|hole| hole.0 < to && hole.1 > from)
                || self.deaf_since.is_some_and(|since| since < to)
        };
        let holed = |from: i64| holed_until(from, now);
        let from = now - SPAN;
        let window = same(from);
        let began = self.first.unwrap_or(i64::MIN / 2);
        let rate = |events: &[(i64, Value)], from: i64, to: i64| {
            let events = events.iter().filter(|(at, _)| *at >= began).count();
            events as f64 / ((to - from.max(began)) as f64).max(1.0)
        };
        let earlier = &window[..window.len() - 1];
        let eighths = window.iter().map(|(_, value)| value.eighths());
        let number = |eighths: i64, whole: bool| {
            if whole { Item::Int(eighths / 8) } else { Item::Float(eighths as f64 / 8.0) }
        };
        let all_whole = window.iter().all(|(_, value)| matches!(value, Value::Int(_)));
        let total: i64 = eighths.clone().sum();
        let whole = |answer: Item| (!holed(from)).then_some(answer);
        match function {
            "count" => Some(Item::Int(window.len() as i64)),
            "distinct" => Some(Item::Int(eighths.collect::<BTreeSet<_>>().len() as i64)),
            "sum" => Some(number(total, all_whole)),
            "avg" => whole(Item::Float(total as f64 / 8.0 / window.len() as f64)),
            // The later one of those that are equal.
            "min" | "max" => {
                let best = if function == "min" { eighths.min() } else { eighths.max() }.unwrap();
                let last = window.iter().rfind(|(_, value)| value.eighths() == best).unwrap();
                whole(number(best, matches!(last.1, Value::Int(_))))
            }
            "rate" => whole(Item::Float(window.len() as f64 / ((now - from) as f64).max(1.0))),
            "spike" => {
                let before = from - BEFORE;
                let all = same(before);
                let (old, recent): (Vec<_>, Vec<_>) = all.into_iter().partition(|(at, _)| *at < from);
                let any = old.iter().any(|(at, _)| *at >= began);
                let spike = any && rate(&recent, from, now) >= 2.0 * rate(&old, before, from);
                // What was missed lately makes only more of a spike, and what was missed before only less, if there is
                // something.
                let turns = !spike && holed(from) || (spike || !any) && holed_until(before, from);
                (!turns).then_some(Item::Bool(spike))
            }
            "first_seen" => match earlier {
                [] if self.first.is_some_and(|first| first + LEARN > now) => None,
                [] => whole(Item::Bool(true)),
                _ => Some(Item::Bool(false)),
            },
            "changed" | "previous" => {
                let last = earlier.last().copied();
                if holed(last.map_or(from, |(at, _)| at)) {
                    return None;
                }
                Some(match (function, last) {
                    ("changed", last) => Item::Bool(last.is_some_and(|(_, last)| last.eighths() != value.eighths())),
                    (_, None) => Item::Absent,
                    (_, Some((_, Value::Int(number)))) => Item::Int(number),
                    (_, Some((_, last))) => Item::Float(last.eighths() as f64 / 8.0),
                })
            }
            "mark" => Some(Item::Bool(true)),
            "marked" => {
                if earlier.is_empty() {
                    whole(Item::Bool(false))
                } else {
                    Some(Item::Bool(true))
                }
            }
            _ => unreachable!(),
        }
    }
}

/// The same memory after it was written down and read.
fn again(memory: &Memory, model: &Model) -> Memory {
    let mut read = self::memory();
    read.load(0, &memory.save(0).unwrap()).unwrap();
    read.load_shared(&memory.save_shared().unwrap()).unwrap();
    let mut told: Vec<(bool, i64)> = model.first.map(|first| (true, first)).into_iter().collect();
    told.extend(model.holes.iter().flat_map(|(from, to)| [(false, *from), (true, *to)]));
    told.extend(model.deaf_since.map(|since| (false, since)));
    for (heard, second) in told {
        read.hear(Topic::Security, heard, at(second));
    }
    read
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_function_answers_what_its_words_say(acts in prop::collection::vec(act(), 1..80), restart: prop::sample::Index) {
        let (mut memory, mut model, mut now) = (memory(), Model::default(), 0);
        let restart = restart.index(acts.len());
        for (index, (seconds, act)) in acts.iter().enumerate() {
            now += seconds;
            if index == restart {
                memory = again(&memory, &model);
            }
            match act {
                Act::Heard(heard) => {
                    memory.hear(Topic::Security, *heard, at(now));
                    model.hear(*heard, now);
                }
                Act::Event { by, value } => {
                    model.events.push((now, *by, *value));
                    memory.begin(at(now));
                    // Twice: the second time it is the same event still.
                    for _ in 0..2 {
                        for function in FUNCTIONS {
                            let second = if function == "spike" { Given::Int(2) } else { value.given() };
                            let answer = match function {
                                "first_seen" | "count" | "rate" | "mark" | "marked" => {
                                    ask(&mut memory, function, &[Given::Int(i64::from(*by))])
                                }
                                _ => ask(&mut memory, function, &[Given::Int(i64::from(*by)), second]),
                            };
                            prop_assert_eq!(answer.ok(), model.answer(function), "{} at {}", function, now);
                        }
                    }
                    memory.end();
                }
            }
        }
    }

    #[test]
    fn a_state_that_is_cut_short_is_refused(acts in prop::collection::vec(act(), 1..30), cut: prop::sample::Index) {
        let (mut full, mut now) = (memory(), 0);
        for (seconds, act) in &acts {
            now += seconds;
            full.begin(at(now));
            if let Act::Event { by, value } = act {
                let _ = ask(&mut full, "sum", &[Given::Int(i64::from(*by)), value.given()]);
                let _ = ask(&mut full, "mark", &[Given::Int(i64::from(*by))]);
            }
            full.end();
        }
        let (rule, shared) = (full.save(0).unwrap(), full.save_shared().unwrap());
        let mut read = memory();
        prop_assert_eq!(read.load(0, &rule[..cut.index(rule.len())]), Err(Damaged));
        prop_assert_eq!(read.load_shared(&shared[..cut.index(shared.len())]), Err(Damaged));
        prop_assert_eq!(read.save(0), memory().save(0));
        prop_assert!(read.load(1, &rule).is_err());
        // Whatever stands there, reading it does not panic.
        let mut odd = rule;
        let place = cut.index(odd.len());
        odd[place] ^= 0x55;
        let _ = read.load(0, &odd);
    }
}

#[test]
fn what_is_no_number_is_not_summed() {
    let mut memory = memory();
    memory.begin(at(0));
    for odd in
        [Given::Float(f64::NAN), Given::Float(f64::INFINITY), Given::Float(f64::MAX), Given::Absent, Given::Bool(true)]
    {
        for function in ["sum", "avg", "min", "max"] {
            assert!(ask(&mut memory, function, &[Given::Int(1), odd.clone()]).is_err(), "{function} {odd:?}");
        }
    }
    memory.begin(at(1));
    assert_eq!(ask(&mut memory, "sum", &[Given::Int(1), Given::Int(i64::MIN)]), Ok(Item::Int(i64::MIN)));
    memory.begin(at(2));
    assert_eq!(
        ask(&mut memory, "sum", &[Given::Int(1), Given::Int(-1)]),
        Ok(Item::Float(-9_223_372_036_854_775_809.0))
    );
    memory.begin(at(22));
    assert_eq!(ask(&mut memory, "sum", &[Given::Int(1), Given::Int(5)]), Ok(Item::Int(4)));
    // Nought is nought, and what is no number is what it was.
    for (value, changed) in [(0.0, false), (-0.0, false), (f64::NAN, true), (-f64::NAN, false), (1.0, true)] {
        memory.begin(at(30));
        let answer = ask(&mut memory, "changed", &[Given::Int(1), Given::Float(value)]);
        assert_eq!(answer, Ok(Item::Bool(changed)), "{value}");
    }
    memory.begin(at(31));
    assert_eq!(ask(&mut memory, "changed", &[Given::Int(1), Given::Int(1)]), Ok(Item::Bool(false)));
    assert!(ask(&mut memory, "count", &[]).is_err());
    assert!(memory.answer(Caller { rule: 7, call: 0 }, &[Given::Int(1)]).is_err());
}

#[test]
fn a_million_keys_take_no_more_memory_than_those_that_are_kept() {
    let mut memory = memory();
    let mut most = 0;
    for key in 0..1_000_000_i64 {
        // Ten thousand a second: what is past the window makes room, and what is too much before that.
        memory.begin(Timestamp::from_millisecond(1_000_000_000 + key / 10).unwrap());
        ask(&mut memory, "count", &[Given::Int(key)]).unwrap();
        memory.end();
        if key % 50_000 == 0 {
            most = most.max(memory.bytes());
        }
    }
    let rule = memory.rule(0).unwrap();
    assert_eq!(rule.size(), (KEYS, KEYS));
    assert_eq!(rule.forgotten(), 1_000_000 - KEYS as u64);
    assert!(most < 4_000_000, "{most} bytes");
    // Once they are past, they go with the next that comes, and nothing is said of it.
    let forgotten = rule.forgotten();
    memory.begin(at(1_000_000));
    ask(&mut memory, "count", &[Given::Int(0)]).unwrap();
    let rule = memory.rule(0).unwrap();
    assert_eq!((rule.size(), rule.forgotten()), ((1, 1), forgotten));
    assert!(memory.bytes() < 600_000, "{} bytes", memory.bytes());
}

/// Prints what a key and an entry take, for the manual: `cargo test -p tocsin --lib what_a_key_takes -- --nocapture`.
#[test]
#[allow(clippy::print_stdout, reason = "figures are what it is for")]
fn what_a_key_takes() {
    let each = |function: &str, keys: i64, entries: i64| {
        let mut memory = memory();
        let before = memory.bytes();
        for entry in 0..entries {
            for key in 0..keys {
                memory
                    .begin(Timestamp::from_nanosecond(1_000_000_000_000_000 + i128::from(entry * keys + key)).unwrap());
                let key = format!("aa:bb:cc:{:02x}:{:02x}:{:02x}", key >> 16, key >> 8 & 255, key & 255);
                let value = Given::Int(entry);
                ask(&mut memory, function, &[Given::Text(key.into()), value]).unwrap();
                memory.end();
            }
        }
        (memory.bytes() - before, memory.save(0).unwrap().len())
    };
    for (function, keys, entries) in [
        ("first_seen", 10_000, 1),
        ("changed", 10_000, 1),
        ("count", 10_000, 1),
        ("count", 1, 100_000),
        ("sum", 1_000, 100),
        ("distinct", 100, 1_000),
    ] {
        let (bytes, saved) = each(function, keys, entries);
        let (bytes, saved) = (bytes as i64 / (keys * entries), saved as i64 / (keys * entries));
        println!("{function}: {keys} keys of {entries}: {bytes} bytes each, {saved} on disk");
        assert!(bytes <= 250 && saved <= 60, "{function}: {bytes}, {saved}");
    }
}

#[test]
fn a_missed_event_that_could_not_turn_a_comparison_is_not_missed() {
    // What is heard is 7, with a hole in the window: of the greatest, of the least, and of a rate of 0.35 a second.
    let all_told = |function: &str, against: &[(&'static str, f64)]| {
        let mut site = site(function);
        site.against = against.iter().map(|(operator, number)| Against { operator, number: *number }).collect();
        let mut memory = Memory::default();
        memory.add(Calls { sites: vec![site], topics: vec![Topic::Security], folder: "".into(), learn: None }, None);
        memory.link();
        memory.all_warm();
        for (heard, second) in [(true, -100), (false, 2), (true, 4)] {
            memory.hear(Topic::Security, heard, at(second));
        }
        memory.begin(at(10));
        let given: &[Given<'_>] = if function == "rate" { &[Given::Int(1)] } else { &[Given::Int(1), Given::Int(7)] };
        memory.answer(Caller { rule: 0, call: 0 }, given).is_ok()
    };
    let told = |function: &str, operator: &'static str, number: f64| all_told(function, &[(operator, number)]);
    let all = ["<", "<=", "==", "!=", ">=", ">"];
    let settled = |function: &str, number: f64| all.map(|operator| told(function, operator, number));
    assert_eq!(settled("max", 5.0), [true; 6]);
    assert_eq!(settled("max", 7.0), [true, false, false, false, true, false]);
    assert_eq!(settled("max", 9.0), [false; 6]);
    assert_eq!(settled("min", 9.0), [true; 6]);
    assert_eq!(settled("min", 7.0), [false, true, false, false, false, true]);
    assert_eq!(settled("min", 5.0), [false; 6]);
    assert_eq!(settled("rate", 0.01), [true; 6]);
    assert_eq!(settled("rate", 1.0), [false; 6]);
    assert_eq!(settled("avg", 5.0), [false; 6]);
    assert_eq!(settled("max", f64::NAN), [false; 6]);
    // One that is not settled is enough, and so is a use that is no comparison.
    assert!(all_told("max", &[(">", 5.0), ("<", 6.0)]));
    assert!(!all_told("max", &[(">", 5.0), ("<", 9.0)]));
    assert!(!all_told("max", &[]));
}
