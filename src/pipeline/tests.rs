//! What rules remember is a function of the rows: in whatever batches they come, and whenever it is started again.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

use jiff::{Timestamp, ToSpan};
use proptest::prelude::*;

use super::{Engine, Ruling, lifecycle, recall};
use crate::{
    alert::Change,
    decode::wire::{envelope, security},
    event::Topic,
    rules::RuleText,
    store::{Control, Coverage, CoverageReason, Outcome, RowBody, Store},
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
        "const ON = \"security.rogue\"; fn when(e) { avg(\"10m\", e.rogue_id, e.encryption) >= 1.5 || rate(\"3m\", 1) > 0.02 }",
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
}

fn act() -> impl Strategy<Value = (i64, Act)> {
    let rogue = (0..3_u8, 0..3_u8, 0..4_u32).prop_map(|(id, ssid, encryption)| Act::Rogue { id, ssid, encryption });
    let acts = prop_oneof![
        12 => rogue,
        1 => Just(Act::Tick),
        1 => any::<bool>().prop_map(Act::Heard),
        1 => prop::array::uniform6(0..3_u8).prop_map(Act::Rules),
    ];
    (0..240_i64, acts)
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
            RowBody::Coverage(Coverage { topic: Topic::Security, heard: *heard, reason, detail: String::new() })
        }
        Act::Rules(versions) => {
            let rule = |(index, version): (usize, &u8)| {
                let text = (*RULES[index].get(usize::from(*version))?).to_owned();
                Some(RuleText { name: format!("f/{index}"), text, enabled: true })
            };
            let rules = versions.iter().enumerate().filter_map(rule).collect();
            let Ruling { lists, good, .. } = Ruling::default();
            RowBody::Control(Control::RuleSet { rules, lists, last_good: good })
        }
    }
}

/// The rows of these acts, with nothing evaluated.
fn log(acts: &[(i64, Act)]) -> Store {
    let mut store = Store::in_memory().unwrap();
    let mut now = "2026-11-24T08:00:00Z".parse::<Timestamp>().unwrap();
    for (seconds, act) in [(0, Act::Heard(true)), (0, Act::Rules([0; 6]))].iter().chain(acts) {
        now += seconds.seconds();
        store.append(vec![row(act)], now).unwrap();
    }
    store
}

/// What comes of a log that is gone through in batches of this many rows, each by a new engine if it is `restarted`.
fn changes(mut store: Store, batch: usize, restarted: bool) -> (Vec<Change>, Vec<String>) {
    let start = |store: &Store| {
        let mut engine = Engine::new(lifecycle(store).unwrap());
        recall::recall(store, &mut engine).unwrap();
        engine
    };
    let mut engine = start(&store);
    let (mut changes, mut troubles) = (Vec::new(), Vec::new());
    loop {
        let rows = store.rows_after(store.cursor(), batch).unwrap();
        let Some(last) = rows.last() else { return (changes, troubles) };
        let mut outcome = Outcome { cursor: last.seq, ..Outcome::default() };
        for row in &rows {
            let step = engine.row(row);
            recall::warm(&store, &mut engine, row).unwrap();
            outcome.changes.extend(step.changes);
            troubles.extend(step.troubles.iter().map(|trouble| format!("{} {}", row.seq, trouble.message)));
        }
        outcome.saved = engine.lifecycle_mut().take_saved();
        store.commit_outcome(&outcome).unwrap();
        changes.extend(outcome.changes);
        if restarted {
            engine = start(&store);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_batches_and_any_restarts_give_the_same(acts in prop::collection::vec(act(), 1..80), batch in 1_usize..20) {
        let whole = changes(log(&acts), usize::MAX / 2, false);
        prop_assert_eq!(&changes(log(&acts), batch, false), &whole);
        prop_assert_eq!(&changes(log(&acts), batch, true), &whole);
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
    let (changes, _) = changes(store, 100, false);
    assert_eq!(changes.first().map(|change| change.time), Some(last), "{changes:?}");
}
