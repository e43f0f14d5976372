//! What rules remember is a function of the rows: in whatever batches they come, and whenever it is started again.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
};

use jiff::{Timestamp, ToSpan};
use proptest::{prelude::*, test_runner::TestRunner};

use super::{Engine, RulesView, Ruling, cache::Cache, lifecycle, recall, replay::Replay, view, worker};
use crate::{
    alert::{Change, Hours, Judge, Limits, Maintenance, Matchers, Noise, Verdict},
    decode::wire::{envelope, security},
    event::Topic,
    rules::RuleText,
    store::{Control, Coverage, CoverageReason, EngineSettings, Outcome, Row, RowBody, Store},
};

/// Rules that remember, in two versions each.
const RULES: [[&str; 2]; 6] = [
    [
        "const ON = \"security.rogue\"; const RESOLVE_AFTER = \"5m\"; const REMIND = \"1m\";
         fn when(e) { count(\"10m\", e.rogue_id) >= 3 }",
        "const ON = \"security.rogue\"; const RESOLVE_AFTER = \"5m\"; const REMIND = \"1m\";
         fn when(e) { count(\"10m\", e.rogue_id) >= 2 && distinct(\"20m\", 1, e.rogue_id) >= 2 }",
    ],
    [
        "const ON = \"security.rogue\"; const LEARN = \"1m\"; const RESOLVE_AFTER = \"1m\";
         fn when(e) { first_seen(\"15m\", e.rogue_id) || changed(\"30m\", e.rogue_id, e.ssid) }",
        "const ON = \"security.rogue\"; const LEARN = \"1m\"; const RESOLVE_AFTER = \"1m\";
         fn when(e) { changed(\"30m\", e.rogue_id, e.ssid) || previous(\"5m\", 1, e.ssid) == \"b\" }",
    ],
    [
        "const ON = \"security.rogue\"; fn remember(e) { if e.ssid == \"a\" { mark(\"a\", e.rogue_id); } }
         fn when(e) { spike(\"5m\", \"20m\", 1, 2) && sum(\"10m\", 1, e.encryption) > 3 }",
        "const ON = \"security.rogue\"; fn when(e) { e.ssid == \"c\" && mark(\"a\", e.rogue_id) }",
    ],
    [
        "const ON = \"security.rogue\"; const RESOLVE_AFTER = \"2m\"; fn when(e) { marked(\"5m\", \"a\", e.rogue_id) }",
        "const ON = \"security.rogue\"; fn when(e) { avg(\"10m\", e.rogue_id, e.encryption) >= 1.5 || rate(\"3m\", 1) > 0.02
           || marked(\"40m\", \"a\", e.rogue_id) && max(\"10m\", 1, e.encryption) > 1 }",
    ],
    [
        "const ON = \"security.rogue\"; const SILENT_FOR = \"3m\"; const REMIND = [\"1m\", \"2m\"];
         const FORGET_AFTER = \"20m\"; fn when(e) { e.ssid != \"a\" } fn title(e) { `${e.ssid} is silent` }",
        "const ON = \"security.rogue\"; const SILENT_FOR = \"2m\"; fn when(e) { true }
         fn expected() { [\"00:00:00:00:00:01\", \"x\"] } fn title(e) { if e == () { \"never\" } else { e.ssid } }",
    ],
    [
        "const ON = \"security.rogue\"; const HOLD = \"2m\"; const REMIND = [\"1m\", \"4m\"];
         fn when(e) { e.ssid == \"a\" } fn resolved(e) { e.ssid == \"c\" }",
        "const ON = \"security.rogue\"; const HOLD = \"3m\"; const RESOLVE_AFTER = \"4m\"; fn when(e) { e.ssid == \"a\" }",
    ],
];

/// Something that happens, and how many seconds after what happened before.
#[derive(Clone, Debug)]
enum Act {
    Rogue {
        id: u8,
        ssid: u8,
        encryption: u32,
    },
    Tick,
    Heard(bool),
    /// Which version of each rule runs; 2: none.
    Rules([u8; 6]),
    /// A control about noise.
    Quiet(Control),
}

fn act() -> impl Strategy<Value = (i64, Act)> {
    let rogue = (0..3_u8, 0..3_u8, 0..4_u32).prop_map(|(id, ssid, encryption)| Act::Rogue { id, ssid, encryption });
    let acts = prop_oneof![
        12 => rogue,
        1 => Just(Act::Tick),
        1 => any::<bool>().prop_map(Act::Heard),
        1 => prop::array::uniform6(0..3_u8).prop_map(Act::Rules),
        2 => quiet().prop_map(Act::Quiet),
    ];
    (prop_oneof![2 => 0..240_i64, 1 => 0..3_i64], acts)
}

fn quiet() -> impl Strategy<Value = Control> {
    let zone = prop::sample::select(vec!["UTC", "Europe/Berlin", "Asia/Kolkata"]);
    let rule = prop::sample::select(vec!["", "f/0", "f/[1-4]", "*"]);
    let matchers = |rule: &str| Matchers { rule: rule.to_owned(), ..Matchers::default() };
    let hours = (470..700_u16, 470..900_u16).prop_map(|(from, to)| Hours { days: vec![1, 2, 3, 4, 5], from, to });
    let noise =
        (prop::collection::vec(hours.clone(), 0..2), prop::option::of((hours, rule.clone())), 0..3_u16, 0..4_u16);
    prop_oneof![
        (zone, prop::bool::weighted(0.8)).prop_map(|(zone, notifications)| {
            Control::Settings(EngineSettings { zone: zone.to_owned(), notifications })
        }),
        noise.prop_map(move |(quiet, maintenance, rule, all)| {
            let maintenance = maintenance
                .into_iter()
                .map(|(hours, rule)| Maintenance { name: "m".to_owned(), hours, matchers: matchers(rule) })
                .collect();
            Control::Noise(Noise { quiet, maintenance, limits: Limits { rule, all } })
        }),
        (rule, 0..60_i64).prop_map(move |(rule, minutes)| {
            let until = "2026-11-24T08:00:00Z".parse::<Timestamp>().unwrap() + minutes.minutes();
            Control::Silence { matchers: matchers(rule), until, comment: "why: not".into(), by: "ann".into() }
        }),
        (1..40_u64).prop_map(|id| Control::EndSilence { id }),
        (0..90_i64).prop_map(|minutes| {
            let until = "2026-11-24T08:00:00Z".parse::<Timestamp>().unwrap() + minutes.minutes();
            Control::Snooze { alert: None, until: Some(until) }
        }),
    ]
}

fn rule(index: usize, version: usize) -> RuleText {
    RuleText { name: format!("f/{index}"), text: RULES[index][version].to_owned(), enabled: true }
}

fn row(act: &Act) -> RowBody {
    match act {
        Act::Rogue { id, ssid, encryption } => {
            let rogue = security::RogueEvent {
                rogue_id: Some(security::MacAddress { addr: Some(vec![0, 0, 0, 0, 0, *id]) }),
                ssid: Some([b'a' + ssid].to_vec()),
                encryption: Some(*encryption),
                ..Default::default()
            };
            let message = security::RapidsStreamingEvent { rogue: vec![rogue], ..Default::default() };
            RowBody::Frame { topic: Topic::Security, bytes: envelope(Topic::Security, "c", 1, &message).into() }
        }
        Act::Tick => RowBody::Tick,
        Act::Heard(heard) => {
            let reason = if *heard { CoverageReason::Listening } else { CoverageReason::Disconnected };
            RowBody::Coverage(Coverage {
                topic: Topic::Security,
                heard: *heard,
                reason,
                detail: String::new(),
                missed: 0,
            })
        }
        Act::Rules(versions) => {
            let rules = versions.iter().enumerate().filter(|(_, version)| **version < 2);
            let rules = rules.map(|(index, version)| rule(index, usize::from(*version))).collect();
            let Ruling { lists, good, .. } = Ruling::default();
            RowBody::Control(Control::RuleSet { rules, lists, last_good: good })
        }
        Act::Quiet(control) => RowBody::Control(control.clone()),
    }
}

/// The rows of these acts, with nothing evaluated.
fn log(acts: &[(i64, Act)]) -> Store {
    let mut store = Store::in_memory().unwrap();
    let began = "2026-11-24T08:00:00Z".parse::<Timestamp>().unwrap();
    for body in [Act::Heard(true), Act::Rules([0; 6])] {
        store.append(vec![row(&body)], began).unwrap();
    }
    for (seconds, act) in acts {
        then(&mut store, *seconds, vec![row(act)]);
    }
    store
}

fn then(store: &mut Store, seconds: i64, rows: Vec<RowBody>) {
    let now = store.last_received() + seconds.seconds();
    store.append(rows, now).unwrap();
}

/// What the operator does to an alert, live or over, whether its account is listened to or not; or to accounts.
#[derive(Clone, Copy, Debug)]
enum Said {
    Acknowledged(bool),
    Snoozed(i64),
    Dismissed,
    Judged(Option<Verdict>),
    /// Another account is listened to for so many seconds, in which the pop-up is answered.
    Away(i64),
}

/// After how many seconds, of which alert, and what.
type Word = (i64, prop::sample::Index, Said);

fn said() -> impl Strategy<Value = Word> {
    let verdict = prop::option::of(prop::sample::select(Verdict::ALL.to_vec()));
    let said = prop_oneof![
        any::<bool>().prop_map(Said::Acknowledged),
        (0..600_i64).prop_map(Said::Snoozed),
        Just(Said::Dismissed),
        verdict.prop_map(Said::Judged),
        (0..1_200_i64).prop_map(Said::Away),
    ];
    (0..120_i64, any::<prop::sample::Index>(), said)
}

/// The rows of acts, then of more of them, between which something is said of alerts of the first.
fn log_with(acts: &[(i64, Act)], of: &[Change], more: &[(Word, (i64, Act))]) -> Store {
    let mut store = log(acts);
    for ((seconds, which, said), (later, act)) in more {
        let of = which.get(of);
        let alert = of.alert.clone();
        let control = match *said {
            Said::Acknowledged(true) => Control::Acknowledge { alert, by: "ann".into() },
            Said::Acknowledged(false) => Control::Unacknowledge { alert },
            Said::Snoozed(seconds) => {
                Control::Snooze { alert: Some(alert), until: Some(store.last_received() + seconds.seconds()) }
            }
            Said::Dismissed | Said::Away(_) => Control::Dismissed { alert },
            Said::Judged(verdict) => {
                let (rule, key, severity, title) = (of.rule.clone(), of.key.clone(), of.severity, of.title.clone());
                Control::Judge(Judge { alert, verdict, rule, key, severity, title })
            }
        };
        if let Said::Away(away) = said {
            let reason = CoverageReason::OtherAccount;
            then(&mut store, *seconds, vec![super::listening::unheard(Topic::Security, reason)]);
            then(&mut store, *away / 2, vec![RowBody::Control(control)]);
            then(&mut store, *away / 2, vec![row(&Act::Heard(true))]);
        } else {
            then(&mut store, *seconds, vec![RowBody::Control(control)]);
        }
        then(&mut store, *later, vec![row(act)]);
    }
    store
}

/// Where the engine is ended and started again, and what of its memory it finds then.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Life {
    Whole,
    /// Ended after each batch.
    Forgets,
    /// The same, with a cache that is written after each so many batches: stale in between.
    Keeps(usize),
    /// The same, with one octet of it another, in the part of this number.
    Damaged(usize, usize),
    /// The same, with a part of it gone.
    Torn(usize),
    /// Of rules that never ran.
    Foreign,
    /// Of a row that is not there.
    Newer,
}

fn start(store: &Store, life: Life) -> Engine {
    let mut engine = Engine::new(lifecycle(store).unwrap());
    let good = Cache::load(store, &mut Engine::new(lifecycle(store).unwrap())).unwrap().is_some();
    let wanted = matches!(life, Life::Keeps(_)) && !store.kept_memory().unwrap().is_empty();
    assert_eq!(good, wanted, "{life:?}");
    recall::recall(store, &mut engine, true).unwrap();
    engine
}

/// Writes the cache after a batch, and does to it what the life asks for.
fn keep(store: &mut Store, engine: &mut Engine, cache: &mut Cache, life: Life, batches: usize) {
    match life {
        Life::Whole | Life::Forgets => return,
        Life::Keeps(every) if !batches.is_multiple_of(every) => return,
        Life::Foreign => {
            let foreign = RuleText { name: "foreign".into(), ..rule(0, 0) };
            engine.set_rules(Ruling { rules: vec![foreign], ..Ruling::default() });
        }
        _ => {}
    }
    let now = store.last_received();
    cache.keep(store, engine, now).unwrap();
    let mut parts = store.kept_memory().unwrap();
    assert!(parts.len() >= 2);
    match life {
        Life::Damaged(part, octet) => {
            let part = part % parts.len();
            let state = parts.values_mut().nth(part).unwrap();
            let octet = octet % state.len();
            state[octet] ^= 1;
        }
        Life::Torn(part) => {
            let name = parts.keys().nth(part % parts.len()).unwrap().clone();
            parts.remove(&name);
        }
        Life::Newer => {
            // The same head in a log that was cut short.
            let mut later = log(&[]);
            later.keep_memory(&parts, &BTreeSet::new()).unwrap();
            assert!(Cache::load(&later, &mut Engine::new(lifecycle(&later).unwrap())).unwrap().is_none());
            parts.clear();
        }
        _ => return,
    }
    store.keep_memory(&parts, &BTreeSet::new()).unwrap();
}

/// What comes of a log that is gone through in batches of this many rows.
fn changes(mut store: Store, batch: usize, life: Life) -> (Vec<Change>, Vec<String>) {
    let mut engine = start(&store, life);
    let mut cache = Cache::default();
    let (mut changes, mut troubles) = (Vec::new(), Vec::new());
    for batches in 1.. {
        let rows = store.rows_after(store.cursor(), batch).unwrap();
        let Some(last) = rows.last() else {
            let stats = store.reader().unwrap().stats().unwrap();
            assert!(stats.balances(), "{stats:?}");
            assert_eq!(stats.notified, stats.deliveries.values().sum::<u64>());
            return (changes, troubles);
        };
        let counts = worker::received(&rows);
        let mut outcome = Outcome { cursor: last.seq, counts, ..Outcome::default() };
        for row in &rows {
            let step = engine.row(row);
            recall::warm(&store, &mut engine, row).unwrap();
            outcome.changes.extend(step.changes);
            troubles.extend(step.troubles.iter().map(|trouble| format!("{} {}", row.seq, trouble.message)));
        }
        outcome.saved = engine.lifecycle_mut().take_saved();
        store.commit_outcome(&outcome).unwrap();
        changes.extend(outcome.changes);
        keep(&mut store, &mut engine, &mut cache, life, batches);
        if life != Life::Whole {
            (engine, cache) = (start(&store, life), Cache::default());
        }
    }
    unreachable!()
}

/// What comes of it when it is played again.
fn replayed(store: &Store) -> (Vec<Change>, Vec<String>) {
    let log = store.reader().unwrap();
    let mut replay = Replay::as_it_was();
    let (mut changes, mut troubles) = (Vec::new(), Vec::new());
    for row in log.rows_after(0, usize::MAX / 2).unwrap() {
        let step = replay.row_of(&row, &log).unwrap();
        changes.extend(step.changes);
        troubles.extend(step.troubles.iter().map(|trouble| format!("{} {}", row.seq, trouble.message)));
    }
    (changes, troubles)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_batches_and_any_restarts_give_the_same(acts in prop::collection::vec(act(), 1..80), batch in 3_usize..20) {
        let whole = changes(log(&acts), usize::MAX / 2, Life::Whole);
        prop_assert_eq!(&replayed(&log(&acts)), &whole);
        prop_assert_eq!(&changes(log(&acts), batch, Life::Whole), &whole);
        prop_assert_eq!(&changes(log(&acts), batch, Life::Forgets), &whole);
        prop_assert_eq!(&changes(log(&acts), batch, Life::Keeps(1)), &whole);
        prop_assert_eq!(&changes(log(&acts), batch, Life::Keeps(3)), &whole);
    }

    #[test]
    fn a_cache_that_is_no_good_is_as_none(
        acts in prop::collection::vec(act(), 1..40),
        batch in 5_usize..20,
        part: usize,
        octet: usize,
    ) {
        let whole = changes(log(&acts), batch, Life::Whole);
        for life in [Life::Damaged(part, octet), Life::Torn(part), Life::Foreign, Life::Newer] {
            prop_assert_eq!(&changes(log(&acts), batch, life), &whole, "{:?}", life);
        }
    }
}

#[test]
fn what_is_said_of_alerts_and_the_time_of_another_account_give_the_same() {
    let strategy = (prop::collection::vec(act(), 10..50), prop::collection::vec((said(), act()), 1..25), 3_usize..20);
    let config = ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() };
    let seen = RefCell::new(BTreeMap::new());
    let holds = |(acts, more, batch): (Vec<_>, Vec<_>, usize)| {
        let (alerts, _) = changes(log(&acts), usize::MAX / 2, Life::Whole);
        prop_assume!(!alerts.is_empty());
        let log = || log_with(&acts, &alerts, &more);
        let whole = changes(log(), usize::MAX / 2, Life::Whole);
        prop_assert_eq!(&replayed(&log()), &whole);
        prop_assert_eq!(&changes(log(), batch, Life::Whole), &whole);
        prop_assert_eq!(&changes(log(), batch, Life::Forgets), &whole);
        prop_assert_eq!(&changes(log(), batch, Life::Keeps(2)), &whole);
        for change in &whole.0[alerts.len().min(whole.0.len())..] {
            *seen.borrow_mut().entry(change.change.name()).or_insert(0) += 1;
        }
        Ok(())
    };
    TestRunner::new(config).run(&strategy, holds).unwrap();
    let seen = seen.into_inner();
    for kind in ["acknowledged", "snoozed", "dismissed", "marked-useful", "marked-noise", "resolved", "suppressed"] {
        assert!(seen.get(kind) > Some(&0), "nothing is {kind}: {seen:?}");
    }
}

#[test]
fn a_new_rule_knows_the_log_and_does_not_ring_for_it() {
    let rogue = || Act::Rogue { id: 1, ssid: 0, encryption: 1 };
    let acts = [
        (0, Act::Rules([2; 6])),
        (60, rogue()),
        (60, rogue()),
        (60, Act::Rules([0, 2, 2, 2, 2, 2])),
        (60, Act::Tick),
        (60, rogue()),
    ];
    let store = log(&acts);
    let last = store.last_received();
    let (changes, _) = changes(store, 100, Life::Whole);
    assert_eq!(changes.first().map(|change| change.time), Some(last), "{changes:?}");
}

#[test]
fn a_rule_that_ran_away_before_a_restart_is_paused_for_longer() {
    let endless = RuleText {
        name: "endless".into(),
        text: "const ON = \"security.rogue\"; fn when(e) { count(\"1h\", 1); loop {} }".into(),
        enabled: true,
    };
    let rogue = row(&Act::Rogue { id: 1, ssid: 0, encryption: 1 });
    for life in [Life::Keeps(1), Life::Forgets] {
        let mut store = log(&[]);
        let began = store.last_received();
        let (lists, last_good) = <(_, _)>::default();
        let rules = Control::RuleSet { rules: vec![endless.clone()], lists, last_good };
        let until = Some(began + 60.seconds());
        let paused = Control::RulePaused { rule: "endless".into(), until, reason: "".into() };
        let mut bodies = vec![RowBody::Control(rules), rogue.clone(), RowBody::Control(paused)];
        let mut engine = start(&store, Life::Whole);
        for body in bodies.drain(..) {
            store.append(vec![body], began).unwrap();
        }
        let mut runaways = 0;
        for row in store.rows_after(0, 100).unwrap() {
            runaways += engine.row(&row).runaways.len();
            recall::warm(&store, &mut engine, &row).unwrap();
            let saved = engine.lifecycle_mut().take_saved();
            store.commit_outcome(&Outcome { cursor: row.seq, saved, ..Outcome::default() }).unwrap();
        }
        assert_eq!(runaways, 1);
        keep(&mut store, &mut engine, &mut Cache::default(), life, 1);
        let mut again = start(&store, life);
        let now = began + 90.seconds();
        let rows = store.append(vec![rogue.clone()], now).unwrap();
        let until: Vec<Timestamp> = again.row(&rows[0]).runaways.iter().map(|runaway| runaway.until).collect();
        assert_eq!(until, [now + 120.seconds()], "{life:?}");
    }
}

#[test]
fn that_a_rule_learns_is_news_when_its_topic_is_first_heard() {
    let mut engine = Engine::new(lifecycle(&Store::in_memory().unwrap()).unwrap());
    let began: Timestamp = "2026-11-24T08:00:00Z".parse().unwrap();
    let mut news = |act: Act, seconds: i64| {
        engine.row(&Row { seq: 1, received: began + seconds.seconds(), body: row(&act) }).rules_changed
    };
    assert!(news(Act::Rules([0; 6]), 0));
    assert!(!news(Act::Heard(false), 1));
    assert!(news(Act::Heard(true), 2));
    assert!(!news(Act::Heard(false), 3));
    assert!(!news(Act::Heard(true), 4));
    let view = RulesView::default();
    view::publish(&view, &engine);
    let learns: Vec<_> = view.load().rules.iter().map(|rule| rule.learns_until).collect();
    assert_eq!(learns, [None, Some(began + 62.seconds()), None, None, None, None]);
}
