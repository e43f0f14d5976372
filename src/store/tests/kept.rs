//! What goes in comes out: rows, outcomes, settings, totals.

use super::{at, frame, open};
use crate::{
    alert::{AlertId, ChangeKind, Judge, Lifecycle, Match, RuleMeta, Signal, Verdict},
    event::{EventId, Topic},
    functions::Lists,
    rules::{Policy, RuleText, Severity},
    store::{
        AlertQuery, Control, Count, Coverage, CoverageReason, Delivery, EngineSettings, Outcome, RowBody, Status,
        Store, Which,
    },
};

/// What a device on the air may call itself.
const HOSTILE: &str = "\u{0}<b>\u{202e}evil\u{1b}[31m\n'; DROP TABLE alert; --\u{fffd}\u{1f514}";

fn judge(alert: AlertId, verdict: Option<Verdict>) -> Judge {
    Judge { alert, verdict, rule: "r".into(), key: HOSTILE.into(), severity: Severity::Warning, title: HOSTILE.into() }
}

fn coverage(heard: bool) -> RowBody {
    let reason = if heard { CoverageReason::Listening } else { CoverageReason::NotRunning };
    RowBody::Coverage(Coverage { topic: Topic::Audit, heard, reason, detail: HOSTILE.into(), missed: 0 })
}

#[test]
fn rows_of_every_kind_survive() {
    let folder = tempfile::tempdir().unwrap();
    let bodies = vec![
        frame(b""),
        frame(&[0, 255, 10, 13]),
        RowBody::Tick,
        coverage(true),
        RowBody::Control(Control::RuleSet {
            rules: vec![RuleText { name: "a/b".into(), text: HOSTILE.into(), enabled: true }],
            lists: Lists::default(),
            last_good: [("a/b".to_owned(), HOSTILE.to_owned())].into(),
        }),
        RowBody::Control(Control::RulePaused { rule: "a/b".into(), until: Some(at(60)), reason: HOSTILE.into() }),
        RowBody::Control(Control::Acknowledge { alert: "1.0-x".into(), by: HOSTILE.into() }),
        RowBody::Control(Control::Unacknowledge { alert: "1.0-x".into() }),
        RowBody::Control(Control::Snooze { alert: None, until: None }),
        RowBody::Control(Control::Dismissed { alert: "1.0-x".into() }),
        RowBody::Control(Control::Judge(judge("1.0-x".into(), None))),
        RowBody::Control(Control::Settings(EngineSettings { zone: "Europe/Vienna".into(), notifications: false })),
    ];
    let mut store = open(&folder);
    let rows = store.append(bodies, at(1)).unwrap();
    assert_eq!(store.append(Vec::new(), at(9)).unwrap(), []);
    let reader = store.reader().unwrap();
    assert_eq!(store.rows_after(0, 100).unwrap(), rows);
    assert_eq!(reader.rows_after(3, 2).unwrap(), rows[3..5]);
    assert_eq!(reader.row(2).unwrap().as_ref(), Some(&rows[1]));
    assert_eq!(reader.row(99).unwrap(), None);
    drop(store);

    let mut store = open(&folder);
    assert_eq!((store.last_seq(), store.last_received(), store.cursor()), (12, at(1), 0));
    assert_eq!(store.append(vec![RowBody::Tick], at(2)).unwrap()[0].seq, 13);
}

#[test]
fn the_time_of_the_log_never_goes_back() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let stamp = |store: &mut Store, now| store.append(vec![RowBody::Tick], now).unwrap()[0].received;
    assert_eq!(stamp(&mut store, at(100)), at(100));
    assert_eq!(stamp(&mut store, at(40)), at(100));
    drop(store);
    let mut store = open(&folder);
    assert_eq!(stamp(&mut store, at(50)), at(100));
    assert_eq!(stamp(&mut store, at(101)), at(101));
}

#[test]
fn frames_and_coverage_are_found_by_topic_and_time() {
    let mut store = Store::in_memory().unwrap();
    store.append(vec![coverage(true), frame(b"1")], at(0)).unwrap();
    store.append(vec![coverage(false), frame(b"2")], at(10)).unwrap();
    store.append(vec![coverage(true)], at(20)).unwrap();
    let reader = store.reader().unwrap();
    let seqs = |rows: Vec<crate::store::Row>| rows.iter().map(|row| row.seq).collect::<Vec<_>>();
    assert_eq!(seqs(reader.recent_frames(None, None, 9).unwrap()), [4, 2]);
    assert_eq!(seqs(reader.recent_frames(Some(Topic::Security), Some(4), 9).unwrap()), [2]);
    assert_eq!(seqs(reader.recent_frames(Some(Topic::Audit), None, 9).unwrap()), [0; 0]);
    let heard = |since| {
        let coverage = reader.coverage(since).unwrap();
        coverage.into_iter().map(|(time, coverage)| (time, coverage.heard)).collect::<Vec<_>>()
    };
    assert_eq!(heard(at(10)), [(at(0), true), (at(10), false), (at(20), true)]);
    assert_eq!(heard(at(15)), [(at(10), false), (at(20), true)]);
}

#[test]
fn no_question_for_few_rows_reads_them_all() {
    let reader = Store::in_memory().unwrap().reader().unwrap();
    // Kept in step by hand with the queries; what it guards is that the indexes are of use to them.
    for query in [
        "SELECT payload FROM tail WHERE kind <> 0 AND kind = 3 AND received >= 1",
        "SELECT max(seq) FROM tail WHERE kind <> 0 AND kind = 3 AND received < 1 GROUP BY topic",
        "SELECT payload FROM tail WHERE kind <> 0 AND kind = 2 AND seq <= 9 ORDER BY seq DESC",
        "SELECT payload FROM tail WHERE kind = 0 AND topic = 'audit' AND seq < 9 ORDER BY seq DESC LIMIT 1",
        "SELECT count(*) FROM alert WHERE resolved IS NULL",
        "SELECT count(*) FROM alert WHERE resolved IS NOT NULL",
        "SELECT record FROM alert WHERE resolved IS NULL AND (since, id) < (1, '') ORDER BY since DESC, id DESC LIMIT 9",
        "SELECT id FROM notification WHERE status = 'owed' ORDER BY id",
        "SELECT id FROM change WHERE alert = 'x' ORDER BY id",
        "SELECT rule, verdict, count(*) FROM alert WHERE verdict IS NOT NULL AND since >= 1 GROUP BY rule, verdict",
    ] {
        let mut plan = reader.connection.prepare(&format!("EXPLAIN QUERY PLAN {query}")).unwrap();
        let plan: Vec<String> = plan.query_map([], |row| row.get(3)).unwrap().map(Result::unwrap).collect();
        assert!(plan.iter().any(|step| step.contains("INDEX")), "{query}: {plan:?}");
    }
}

/// Feeds a lifecycle and the store as the pipeline does.
struct Fed {
    store: Store,
    lifecycle: Lifecycle,
}

impl Fed {
    fn new() -> Self {
        let mut fed = Self { store: Store::in_memory().unwrap(), lifecycle: Lifecycle::new() };
        let policy = Policy { resolve_after: None, state: true, ..Policy::default() };
        let rules = vec![RuleMeta {
            name: "r".into(),
            policy,
            topics: vec![Topic::Security],
            enabled: true,
            expected: Vec::new(),
        }];
        fed.signal(0, Signal::Rules(rules));
        fed
    }

    fn signal(&mut self, seconds: i64, signal: Signal) -> Vec<crate::store::Owed> {
        let row = self.store.append(vec![RowBody::Tick], at(seconds)).unwrap()[0].clone();
        let changes = self.lifecycle.step(row.received, signal);
        let saved = self.lifecycle.take_saved();
        self.store.commit_outcome(&Outcome { cursor: row.seq, changes, saved, counts: Vec::new() }).unwrap()
    }

    fn matches(&mut self, seconds: i64, key: &str) -> Vec<crate::store::Owed> {
        let event = EventId { seq: self.store.last_seq() + 1, record: 3 };
        self.signal(
            seconds,
            Signal::Match(Match {
                rule: "r".into(),
                key: key.into(),
                title: HOSTILE.into(),
                body: "Body".into(),
                event,
                topic: Some(Topic::Security),
                kind: "security.rogue".into(),
            }),
        )
    }

    fn alert(&self, key: &str) -> AlertId {
        self.lifecycle.alerts().find(|record| &*record.key == key).unwrap().id.clone()
    }
}

#[test]
fn an_outcome_is_kept_whole() {
    let mut fed = Fed::new();
    let owed = fed.matches(1, "k");
    assert_eq!((owed.len(), owed[0].title.as_str()), (1, HOSTILE));
    fed.matches(2, "k");
    let alert = fed.alert("k");
    assert!(fed.store.delivered(owed[0].id, &Delivery::Sent, at(3)).unwrap());
    assert!(!fed.store.delivered(owed[0].id, &Delivery::Failed("late".into()), at(4)).unwrap());
    fed.signal(5, Signal::Acknowledge { alert: alert.clone(), by: "ann".into() });

    let reader = fed.store.reader().unwrap();
    let history = reader.alert(&alert).unwrap().unwrap();
    assert_eq!(Some(&history.record), fed.lifecycle.alerts().next());
    assert_eq!((history.record.matches, history.record.repeats), (2, 1));
    let kinds: Vec<_> = history.changes.iter().map(|change| change.change).collect();
    assert_eq!(kinds, [ChangeKind::Fired, ChangeKind::Notified, ChangeKind::Acknowledged]);
    assert_eq!(&*history.changes[0].title, HOSTILE);
    assert_eq!(history.changes[0].event, Some(EventId { seq: 2, record: 3 }));
    assert_eq!(history.notifications.len(), 1);
    assert_eq!((history.notifications[0].status, history.notifications[0].done), (Status::Sent, Some(at(3))));
    assert!(reader.alert(&"nobody".into()).unwrap().is_none());

    // The live state comes back as it was.
    let (head, live) = fed.store.live().unwrap();
    let loaded = Lifecycle::load(head.as_deref(), live.iter().map(String::as_str)).unwrap();
    assert_eq!(loaded.alerts().collect::<Vec<_>>(), fed.lifecycle.alerts().collect::<Vec<_>>());

    fed.signal(6, Signal::Resolved { rule: "r".into(), key: "k".into(), event: EventId { seq: 9, record: 0 } });
    assert_eq!(fed.store.live().unwrap().1, Vec::<String>::new());
    assert_eq!(reader.alert(&alert).unwrap().unwrap().record.resolved, Some(at(6)));
}

#[test]
fn a_verdict_is_kept_with_its_alert_live_or_over_and_counted_by_rule() {
    let mut fed = Fed::new();
    fed.matches(1, "a");
    fed.matches(2, "b");
    let (a, b) = (fed.alert("a"), fed.alert("b"));
    let useful = Some(Verdict::Useful);
    fed.signal(3, Signal::Judge(judge(a.clone(), useful)));
    fed.signal(4, Signal::Resolved { rule: "r".into(), key: "a".into(), event: EventId { seq: 9, record: 0 } });
    fed.signal(5, Signal::Resolved { rule: "r".into(), key: "b".into(), event: EventId { seq: 9, record: 0 } });
    let reader = fed.store.reader().unwrap();
    let said = |alert: &AlertId| reader.record(alert).unwrap().unwrap().judged.map(|said| (said.verdict, said.at));
    let counted = |since| {
        let judged = reader.judgements(at(since)).unwrap();
        judged.get("r").map(|of_rule| (of_rule.useful, of_rule.noise))
    };
    assert_eq!((said(&a), said(&b), counted(0)), (Some((Verdict::Useful, at(3))), None, Some((1, 0))));

    // After its end nobody but the store has it: what was said is changed there.
    for (alert, verdict) in [(&b, Some(Verdict::Noise)), (&a, Some(Verdict::Noise)), (&a, None), (&a, useful)] {
        fed.signal(60, Signal::Judge(judge(alert.clone(), verdict)));
        assert_eq!(said(alert).map(|(verdict, _)| verdict), verdict);
    }
    assert_eq!((counted(0), counted(2), counted(3)), (Some((1, 1)), Some((0, 1)), None));
    assert_eq!(reader.stats().unwrap().judged["r"].all(), 2);
    let kinds: Vec<_> = reader.alert(&a).unwrap().unwrap().changes.iter().map(|change| change.change).collect();
    assert_eq!(
        kinds[2..],
        [
            ChangeKind::MarkedUseful,
            ChangeKind::Resolved,
            ChangeKind::MarkedNoise,
            ChangeKind::Unmarked,
            ChangeKind::MarkedUseful
        ]
    );
    // Who draws lists is told how it is now, of those that are over.
    let changes: Vec<_> = reader.changes(0, 100).unwrap().into_iter().map(|(_, change)| change).collect();
    let told = fed.store.judged_after_their_end(&changes).unwrap();
    assert_eq!(told.iter().map(|record| &record.id).collect::<Vec<_>>(), [&a, &b]);

    // Of an alert that is not kept nothing stays.
    let before = reader.changes(0, 100).unwrap().len();
    fed.signal(70, Signal::Judge(judge("1.0-gone".into(), useful)));
    assert_eq!(reader.changes(0, 100).unwrap().len(), before);
    assert_eq!(reader.record(&"1.0-gone".into()).unwrap(), None);
}

#[test]
fn a_pop_up_is_owed_until_it_is_delivered_and_only_the_latest_of_an_alert() {
    let mut fed = Fed::new();
    let first = fed.matches(1, "a");
    fed.matches(1, "b");
    let until = Some(at(10));
    fed.signal(2, Signal::Snooze { alert: Some(fed.alert("b")), until });
    assert_eq!(fed.store.owed().unwrap(), first);
    // The snooze of b is over: b speaks again. A tick would say so.
    let changes = fed.lifecycle.run_due(at(10), true);
    let saved = fed.lifecycle.take_saved();
    let owed =
        fed.store.commit_outcome(&Outcome { cursor: fed.store.last_seq(), changes, saved, counts: vec![] }).unwrap();
    assert_eq!(owed.len(), 1);
    assert_eq!(fed.store.owed().unwrap(), [first[0].clone(), owed[0].clone()]);
    fed.signal(11, Signal::Acknowledge { alert: fed.alert("a"), by: "ann".into() });
    assert_eq!(fed.store.owed().unwrap(), owed);
    let history = fed.store.reader().unwrap().alert(&fed.alert("a")).unwrap().unwrap();
    assert_eq!(
        (history.notifications[0].status, &*history.notifications[0].reason),
        (Status::Withdrawn, "acknowledged")
    );
}

#[test]
fn it_is_known_which_events_raised_an_alert() {
    let mut fed = Fed::new();
    for (second, key) in [(1, "a"), (2, "b"), (3, "a")] {
        fed.matches(second, key);
    }
    fed.signal(4, Signal::Acknowledge { alert: fed.alert("a"), by: "ann".into() });
    let reader = fed.store.reader().unwrap();
    let events = |since| reader.raised(since).unwrap().into_iter().map(|(event, alert)| (event.seq, alert)).collect();
    let (a, b) = (fed.alert("a"), fed.alert("b"));
    let all: Vec<(u64, AlertId)> = events(0);
    assert_eq!(all[..2], [(2, a), (3, b.clone())]);
    let late: Vec<(u64, AlertId)> = events(3);
    assert_eq!(late[0], (3, b));
    assert_eq!(all[1..], late[..]);
}

#[test]
fn alerts_are_found_by_what_is_written_on_them() {
    let mut fed = Fed::new();
    for (second, key) in [(1, "alpha"), (2, "beta"), (3, "50%_off")] {
        fed.matches(second, key);
    }
    fed.signal(4, Signal::Resolved { rule: "r".into(), key: "beta".into(), event: EventId { seq: 9, record: 0 } });
    let reader = fed.store.reader().unwrap();
    let find = |which, text: &str| {
        let found = reader.alerts(&AlertQuery { which, text: text.into(), limit: 9, after: None }).unwrap();
        found.iter().map(|record| record.key.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(find(Which::All, ""), ["50%_off", "beta", "alpha"]);
    assert_eq!(find(Which::Active, ""), ["50%_off", "alpha"]);
    assert_eq!(find(Which::Resolved, ""), ["beta"]);
    assert_eq!(find(Which::All, "ALPH"), ["alpha"]);
    assert_eq!(find(Which::All, "%_"), ["50%_off"]);
    assert_eq!(find(Which::All, "no such"), [""; 0]);
    let first = reader.alerts(&AlertQuery { limit: 1, ..AlertQuery::default() }).unwrap();
    let rest =
        reader.alerts(&AlertQuery { limit: 9, after: first.into_iter().next(), ..AlertQuery::default() }).unwrap();
    assert_eq!(rest.len(), 2);
    let counts = reader.alert_counts().unwrap();
    assert_eq!((counts.active, counts.resolved), (2, 1));
}

#[test]
fn every_match_is_accounted_for() {
    let mut fed = Fed::new();
    fed.matches(1, "a");
    fed.matches(2, "a");
    fed.signal(3, Signal::Notifications(false));
    fed.matches(86_400 * 2, "b");
    fed.store.append(vec![frame(b"x"), frame(b"y")], at(86_400 * 2)).unwrap();
    let counts = vec![Count { name: "rejected", label: "truncated".into(), by: 2 }];
    let cursor = fed.store.cursor();
    fed.store.commit_outcome(&Outcome { cursor, counts, ..Outcome::default() }).unwrap();
    let reader = fed.store.reader().unwrap();
    let stats = reader.stats().unwrap();
    assert!(stats.balances());
    assert_eq!((stats.matched, stats.notified), (3, 1));
    assert_eq!(stats.suppressed["already-firing"], 1);
    assert_eq!(stats.suppressed["notifications-off"], 1);
    assert_eq!((stats.stored["security"], stats.rejected["truncated"], stats.waiting), (2, 2, 2));
    let hits: Vec<_> =
        reader.hits(at(86_400 * 2), 7).unwrap().into_iter().map(|hit| (hit.days_ago, hit.count)).collect();
    assert_eq!(hits, [(2, 2), (0, 1)]);
}
