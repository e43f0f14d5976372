//! Sealed or not, the log reads the same; what is too old or too much goes, and nothing else.

use std::time::Duration;

use bytes::Bytes;
use proptest::prelude::*;

use super::{at, frame, open};
use crate::{
    alert::Noise,
    event::Topic,
    store::{
        Control, Coverage, CoverageReason, EngineSettings, FILE, Keeper, Outcome, Reader, Retention, Row, RowBody,
        Store, StoreError,
    },
};

fn of(topic: Topic, bytes: Vec<u8>) -> RowBody {
    RowBody::Frame { topic, bytes: Bytes::from(bytes) }
}

fn coverage(topic: Topic, heard: bool) -> RowBody {
    let reason = if heard { CoverageReason::Listening } else { CoverageReason::Disconnected };
    RowBody::Coverage(Coverage { topic, heard, reason, detail: String::new(), missed: 0 })
}

fn settings(zone: &str) -> RowBody {
    RowBody::Control(Control::Settings(EngineSettings { zone: zone.into(), notifications: true }))
}

fn evaluated(store: &mut Store, cursor: u64) {
    store.commit_outcome(&Outcome { cursor, ..Outcome::default() }).unwrap();
}

fn keeper(store: &Store) -> Keeper {
    store.keeper().unwrap().unwrap().with_blocks_of(300)
}

fn kept_for(days: u64) -> Retention {
    Retention { age: Duration::from_hours(days * 24), ..Retention::default() }
}

fn until_done(keeper: &mut Keeper, retention: &Retention, days: i64) {
    let now = at(days * 86_400);
    for _ in 0..10_000 {
        if !keeper.step(retention, now).unwrap() {
            return;
        }
    }
    panic!("it never ends");
}

/// Seconds since the row before, and what it is: a topic's frame of some length, or a tick.
fn rows() -> impl Strategy<Value = Vec<(i64, usize, usize)>> {
    prop::collection::vec((0..3_i64, 0..8_usize, 0..150_usize), 1..80)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn wherever_rows_lie_they_read_the_same(rows in rows(), split in 0..80_usize, limit in 1..40_usize) {
        let folder = tempfile::tempdir().unwrap();
        let mut store = open(&folder);
        let mut log: Vec<Row> = Vec::new();
        let mut second = 0;
        let mut keeper = keeper(&store);
        for (number, (wait, topic, length)) in rows.iter().enumerate() {
            second += wait;
            let octets = (0..*length).map(|place| (place * (number + 1)) as u8).collect();
            let body = Topic::ALL.get(*topic).map_or(RowBody::Tick, |topic| of(*topic, octets));
            log.extend(store.append(vec![body], at(second)).unwrap());
            if number == split {
                evaluated(&mut store, log.len() as u64);
                while keeper.seal().unwrap() {}
            }
        }
        let cursor = log.len() as u64 * 2 / 3;
        evaluated(&mut store, cursor);
        let reader = Reader::open(folder.path()).unwrap();
        for round in 0..2 {
            let page = |after: u64| reader.rows_after(after, limit).unwrap();
            let wanted = |after: u64, of: &dyn Fn(&Row) -> bool| -> Vec<Row> {
                log.iter().filter(|row| row.seq > after && of(row)).take(limit).cloned().collect()
            };
            for after in 0..=log.len() as u64 {
                prop_assert_eq!(page(after), wanted(after, &|_| true), "round {}", round);
                let two = [Topic::Security, Topic::Presence];
                let of_two = |row: &Row| match &row.body {
                    RowBody::Frame { topic, .. } => two.contains(topic),
                    _ => true,
                };
                prop_assert_eq!(reader.rows_of(&two, after, limit).unwrap(), wanted(after, &of_two));
                prop_assert_eq!(reader.row(after).unwrap(), log.iter().find(|row| row.seq == after).cloned());
            }
            for second in -1..=second + 1 {
                let first = log.iter().find(|row| row.received >= at(second)).map_or(log.len() as u64 + 1, |row| row.seq);
                prop_assert_eq!(reader.first_since(at(second)).unwrap(), first);
                prop_assert_eq!(store.first_since(at(second)).unwrap(), first);
            }
            for topic in [None, Some(Topic::Audit)] {
                let of_topic = |row: &&Row| match &row.body {
                    RowBody::Frame { topic: of, .. } => topic.is_none_or(|topic| topic == *of),
                    _ => false,
                };
                for before in [3, log.len() as u64 / 2, u64::MAX] {
                    let wanted: Vec<Row> =
                        log.iter().rev().filter(|row| row.seq < before).filter(of_topic).take(limit).cloned().collect();
                    prop_assert_eq!(reader.recent_frames(topic, Some(before), limit).unwrap(), wanted);
                }
            }
            while keeper.seal().unwrap() {}
        }
        let waiting: i64 = store
            .connection
            .query_row("SELECT count(*) FROM tail WHERE seq > (SELECT cursor FROM log)", [], |row| row.get(0))
            .unwrap();
        prop_assert_eq!(waiting as u64, log.len() as u64 - store.cursor(), "what waits to be evaluated is not sealed");
    }
}

#[test]
fn a_database_of_old_opens_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let rows = store.append((0..20).map(|n| frame(&[n; 100])).collect(), at(0)).unwrap();
    store
        .connection
        .execute_batch(
            "DROP INDEX alert_judged; ALTER TABLE alert DROP COLUMN verdict; DROP TABLE block; PRAGMA user_version = 2",
        )
        .unwrap();
    drop(store);
    let reader = Reader::open(folder.path()).unwrap();
    assert_eq!(reader.rows_after(0, 100).unwrap(), rows);
    assert_eq!(reader.recent_frames(None, None, 1).unwrap(), rows[19..]);
    assert!(reader.judgements(at(0)).unwrap().is_empty(), "and it knows no verdicts");
    drop(reader);
    let mut store = open(&folder);
    evaluated(&mut store, 20);
    let mut keeper = keeper(&store);
    while keeper.seal().unwrap() {}
    let blocks: i64 = store.connection.query_row("SELECT count(*) FROM block", [], |row| row.get(0)).unwrap();
    assert_eq!(blocks, 6);
    assert_eq!(store.rows_after(0, 100).unwrap(), rows);
}

#[test]
fn what_is_too_old_goes_and_what_holds_stays() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let day = |day: i64| at(day * 86_400);
    let rules = |name: &str| {
        let rule = crate::rules::RuleText { name: name.into(), text: String::new(), enabled: true };
        RowBody::Control(Control::RuleSet {
            rules: vec![rule],
            lists: crate::functions::Lists::default(),
            last_good: [].into(),
        })
    };
    let silence = |until| {
        let matchers = crate::alert::Matchers { rule: "*".into(), ..Default::default() };
        RowBody::Control(Control::Silence { matchers, until: day(until), comment: "c".into(), by: "me".into() })
    };
    let old = vec![
        rules("first"),
        rules("second"),
        settings("UTC"),
        settings("Europe/Vienna"),
        coverage(Topic::Audit, true),
        coverage(Topic::Audit, false),
        coverage(Topic::Security, true),
        silence(5),
        silence(50),
        silence(50),
        RowBody::Control(Control::EndSilence { id: 10 }),
        RowBody::Control(Control::Noise(Noise::default())),
        RowBody::Control(Control::Dismissed { alert: "x".into() }),
        RowBody::Tick,
    ];
    store.append(old, day(0)).unwrap();
    // Eight blocks to the row: a block goes when all of it is old.
    store.append((0..32).map(|n| of(Topic::Presence, vec![n; 90])).collect(), day(1)).unwrap();
    let young = store.append((0..30).map(|n| of(Topic::Presence, vec![n; 90])).collect(), day(20)).unwrap();
    let last = store.last_seq();
    evaluated(&mut store, last);
    // Old by now, and waiting all the same.
    let waiting = store.append(vec![frame(b"waiting")], day(20)).unwrap();

    let mut keeper = keeper(&store);
    until_done(&mut keeper, &kept_for(10), 25);
    let left = store.rows_after(0, 1_000).unwrap();
    let numbers: Vec<u64> = left.iter().map(|row| row.seq).take_while(|seq| *seq < 15).collect();
    assert_eq!(numbers, [2, 4, 6, 7, 9, 12]);
    assert_eq!(left[6..36], young);
    assert_eq!(left[36..], waiting);
    assert_eq!(store.first_since(day(10)).unwrap(), young[0].seq);
    let heard: Vec<bool> = store.coverage_until(last).unwrap().iter().map(|(_, coverage)| coverage.heard).collect();
    assert_eq!(heard, [false, true]);

    until_done(&mut keeper, &kept_for(1), 99);
    let left = store.rows_after(0, 1_000).unwrap();
    assert_eq!(left.last(), waiting.last());
    assert!(!left.iter().any(|row| row.seq > 14 && row.seq <= last));
}

#[test]
fn the_database_stays_as_small_as_it_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let mut keeper = store.keeper().unwrap().unwrap().with_blocks_of(100_000);
    let mut random = fastrand::Rng::with_seed(7);
    let mut noise = |topic| {
        let mut octets = vec![0; 10_000];
        random.fill(&mut octets);
        of(topic, octets)
    };
    let retention = Retention { size: 3_000_000, ..Retention::default() };
    let size = || std::fs::metadata(folder.path().join(FILE)).unwrap().len();
    let mut largest = 0;
    for round in 0..12 {
        store.append((0..100).map(|_| noise(Topic::ALL[round % 3])).collect(), at(round as i64)).unwrap();
        let last = store.last_seq();
        evaluated(&mut store, last);
        until_done(&mut keeper, &retention, 0);
        largest = largest.max(size());
    }
    let left = store.rows_after(0, 10_000).unwrap();
    assert!(left.len() > 150 && left.len() < 300, "{}", left.len());
    // The latest are the ones that stay.
    assert_eq!(left.last().unwrap().seq, store.last_seq());
    assert!(left.windows(2).all(|two| two[0].seq + 1 == two[1].seq));
    assert!(largest < 20_000_000, "{largest}");
    store.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    assert!(size() < 3_000_000 + 2_000 * 4_096 + 200_000, "{}", size());
    // Nothing is left to let go of but what must stay: it ends.
    until_done(&mut keeper, &Retention { size: 1, ..retention }, 0);
    assert_eq!(store.rows_after(0, 10_000).unwrap(), []);
}

#[test]
fn a_database_of_a_stranger_has_the_tables_of_ours_or_is_not_read() {
    for evil in [
        "DROP TABLE tail; CREATE VIEW tail AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i FROM n)
           SELECT i AS seq, 0 AS received, 1 AS kind, NULL AS topic, x'' AS payload FROM n",
        "CREATE TABLE more (a)",
        "ALTER TABLE block ADD COLUMN x INTEGER AS (size * 2)",
        "CREATE INDEX slow ON tail (length(randomblob(1000)))",
        "CREATE TRIGGER t AFTER INSERT ON tail BEGIN DELETE FROM alert; END",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = open(&folder);
        if let Err(error) = store.connection.execute_batch(evil) {
            assert!(evil.contains("randomblob"), "{evil}: {error}");
            continue;
        }
        drop(store);
        assert!(matches!(Reader::open(folder.path()), Err(StoreError::Unreadable { .. })), "{evil}");
        assert!(matches!(Reader::open_file(&folder.path().join(FILE)), Err(StoreError::Unreadable { .. })));
    }
}

#[test]
fn what_is_kept_is_told_by_topic_sealed_or_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = open(&folder);
    let told = |store: &Store| {
        let usage = store.reader().unwrap().usage().unwrap();
        (
            usage.used,
            usage.topics.iter().map(|one| (one.topic, one.frames, one.since)).collect::<Vec<_>>(),
            usage.topics,
        )
    };
    let mut keeper = keeper(&store);
    for second in 1..=20 {
        store.append(vec![frame(&[7; 100]), of(Topic::Audit, vec![3; 10]), RowBody::Tick], at(second)).unwrap();
    }
    let expected = [(Topic::Security, 20, at(1)), (Topic::Audit, 20, at(1))];
    let (used, topics, before) = told(&store);
    assert_eq!(topics, expected);
    assert_eq!((before[0].size, before[1].size), (2_000, 200));
    assert!(used > 2_200, "the pages of the database");
    evaluated(&mut store, 60);
    while keeper.seal().unwrap() {}
    let (_, topics, after) = told(&store);
    assert_eq!(topics, expected);
    assert!(after[0].size < before[0].size, "{after:?}");
}
