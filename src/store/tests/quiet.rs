//! Silences, their preview, and the account of what was not shown.

use super::at;
use crate::{
    alert::{Lifecycle, Limits, Match, Matchers, Noise, Reason, RuleMeta, Signal, Silence},
    event::{EventId, Topic},
    rules::Policy,
    store::{Control, Outcome, RowBody, Store},
};

fn of_key(key: &str) -> Matchers {
    Matchers { key: key.into(), ..Matchers::default() }
}

/// Takes in a row with what it means.
fn row(store: &mut Store, lifecycle: &mut Lifecycle, seconds: i64, signal: Signal) {
    let row = store.append(vec![RowBody::Tick], at(seconds)).unwrap()[0].clone();
    let mut changes = lifecycle.run_missed(row.received, false);
    changes.extend(lifecycle.step(row.received, signal));
    let saved = lifecycle.take_saved();
    store.commit_outcome(&Outcome { cursor: row.seq, changes, saved, counts: Vec::new() }).unwrap();
}

fn found(seq: u64, key: &str) -> Signal {
    Signal::Match(Match {
        rule: "security/rogue".into(),
        key: key.into(),
        title: format!("Rogue {key}").into(),
        body: "Body".into(),
        event: EventId { seq, record: 0 },
        topic: Some(Topic::Security),
        kind: "security.rogue".into(),
    })
}

fn rules() -> Signal {
    let policy = Policy { resolve_after: None, state: true, ..Policy::default() };
    let topics = vec![Topic::Security];
    Signal::Rules(vec![RuleMeta { name: "security/rogue".into(), policy, topics, enabled: true, expected: Vec::new() }])
}

#[test]
fn a_preview_tells_what_a_silence_would_have_hidden() {
    let (mut store, mut lifecycle) = (Store::in_memory().unwrap(), Lifecycle::new());
    row(&mut store, &mut lifecycle, 0, rules());
    for (seq, key) in [(1, "old"), (2, "a1"), (3, "a2"), (4, "b1")] {
        row(&mut store, &mut lifecycle, 100 * seq as i64, found(seq, key));
    }
    let reader = store.reader().unwrap();
    let all = reader.preview(&Matchers::default(), at(150)).unwrap();
    assert_eq!((all.hidden, all.alerts_hidden, all.alerts_of, all.of), (3, 3, 3, 3));
    let titles: Vec<_> = all.alerts.iter().map(|alert| &*alert.title).collect();
    assert_eq!(titles, ["Rogue b1", "Rogue a2", "Rogue a1"]);
    let some = reader.preview(&Matchers { kind: "security.*".into(), ..of_key("a?") }, at(0)).unwrap();
    assert_eq!((some.hidden, some.alerts_hidden, some.alerts_of, some.of), (2, 2, 4, 4));
    let hidden: Vec<_> = some.alerts.iter().map(|alert| (&*alert.title, alert.hidden)).collect();
    assert_eq!(hidden, [("Rogue b1", 0), ("Rogue a2", 1), ("Rogue a1", 1), ("Rogue old", 0)]);
    let none = reader.preview(&Matchers { kind: "audit.*".into(), ..of_key("a?") }, at(0)).unwrap();
    assert_eq!((none.hidden, none.of, none.alerts_hidden), (0, 4, 0));
    // What would be hidden is what is hidden: the same pattern as a silence.
    let silence = Silence {
        id: 9,
        matchers: of_key("a?"),
        since: at(500),
        until: at(900),
        comment: "work".into(),
        by: "ann".into(),
    };
    row(&mut store, &mut lifecycle, 500, Signal::Silence(silence.clone()));
    for (seq, key) in [(6, "a3"), (7, "b2")] {
        row(&mut store, &mut lifecycle, 100 * seq as i64, found(seq, key));
    }
    assert_eq!(reader.stats().unwrap().suppressed["silenced"], 1);
    let history = reader.changes(0, 100).unwrap();
    assert!(history.iter().any(|(_, change)| change.why() == "silenced: work" && &*change.key == "a3"));
    assert_eq!(reader.silences(at(600)).unwrap(), [silence]);
    assert_eq!(reader.silences(at(900)).unwrap(), []);
}

#[test]
fn silences_of_rows_that_wait_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = super::open(&folder);
    let silence = |until| {
        let (comment, by) = ("a: b".into(), "ann".into());
        RowBody::Control(Control::Silence { matchers: of_key("k"), until, comment, by })
    };
    let rows = vec![silence(at(60)), silence(at(90)), RowBody::Control(Control::EndSilence { id: 1 })];
    store.append(rows.clone(), at(0)).unwrap();
    let reader = store.reader().unwrap();
    let ids = |now| reader.silences(now).unwrap().iter().map(|silence| silence.id).collect::<Vec<_>>();
    assert_eq!(ids(at(0)), [2]);
    assert_eq!(ids(at(90)), [0; 0]);
    let read: Vec<_> = store.rows_after(0, 9).unwrap().into_iter().map(|row| row.body).collect();
    assert_eq!(read, rows);
    assert_eq!(reader.noise().unwrap(), None);
}

#[test]
fn a_digest_is_a_pop_up_of_its_own_and_the_account_balances() {
    let (mut store, mut lifecycle) = (Store::in_memory().unwrap(), Lifecycle::new());
    row(&mut store, &mut lifecycle, 0, rules());
    let noise = Noise { limits: Limits { rule: 3, all: 0 }, ..Noise::default() };
    row(&mut store, &mut lifecycle, 0, Signal::Noise(noise.clone()));
    for seq in 1..=20 {
        row(&mut store, &mut lifecycle, 1, found(seq, &format!("k{seq}")));
    }
    row(&mut store, &mut lifecycle, 90, Signal::Notifications(true));
    let reader = store.reader().unwrap();
    let stats = reader.stats().unwrap();
    assert!(stats.balances());
    assert_eq!((stats.matched, stats.notified, stats.suppressed["in-digest"]), (21, 4, 17));
    assert_eq!(stats.other["digests"][""], 1);
    let owed = store.owed().unwrap();
    assert_eq!(owed.len(), 4);
    assert_eq!(owed[3].title, "17 more alerts of security/rogue in 60 s");
    assert_eq!(reader.noise().unwrap(), Some(noise.clone()));

    // Played again: as it was, and as it would have been without limits. What was said together is then said apart.
    let (zone, none) = (jiff::tz::TimeZone::UTC, Noise { limits: Limits { rule: 0, all: 0 }, ..Noise::default() });
    let seen = reader.foresee(&noise, &zone, at(0)).unwrap();
    assert_eq!((seen.shown, seen.withheld[&Reason::InDigest]), (4, 17));
    let seen = reader.foresee(&none, &zone, at(0)).unwrap();
    assert_eq!((seen.shown, seen.withheld.len(), seen.busiest), (20, 0, Some((at(1), 20))));
    assert_eq!(reader.foresee(&none, &zone, at(91)).unwrap().shown, 0);

    assert_eq!(reader.snoozed_all().unwrap(), None);
    row(&mut store, &mut lifecycle, 100, Signal::Snooze { alert: None, until: Some(at(900)) });
    assert_eq!(reader.snoozed_all().unwrap(), Some(at(900)));
    row(&mut store, &mut lifecycle, 901, Signal::Notifications(true));
    assert_eq!(reader.snoozed_all().unwrap(), None);
}
