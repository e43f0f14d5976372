#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use std::fs;

use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::{Asked, save, write};
use crate::{
    alert::{Lifecycle, Match, RuleMeta, Signal, Verdict},
    api::{ExportFormat, HistoryQuery, Millis},
    event::{EventId, Topic},
    rules::{Policy, policy::Severity},
    store::{Outcome, RowBody, Store},
};

fn at(seconds: i64) -> Timestamp {
    "2026-11-24T08:00:00Z".parse::<Timestamp>().unwrap() + seconds.seconds()
}

/// Every alert resolves a quarter of an hour after its last match.
struct Told {
    store: Store,
    lifecycle: Lifecycle,
}

impl Told {
    fn new() -> Self {
        let mut told = Self { store: Store::in_memory().unwrap(), lifecycle: Lifecycle::new() };
        let rule = |name: &str, severity| RuleMeta {
            name: name.into(),
            policy: Policy { severity, ..Policy::default() },
            topics: vec![Topic::Security],
            enabled: true,
            expected: Vec::new(),
        };
        let rules = vec![rule("security/flood", Severity::Info), rule("security/rogue", Severity::Critical)];
        told.row(0, Signal::Rules(rules));
        told
    }

    fn row(&mut self, seconds: i64, signal: Signal) {
        let row = self.store.append(vec![RowBody::Tick], at(seconds)).unwrap()[0].clone();
        let mut changes = self.lifecycle.run_missed(row.received, false);
        changes.extend(self.lifecycle.step(row.received, signal));
        let saved = self.lifecycle.take_saved();
        self.store.commit_outcome(&Outcome { cursor: row.seq, changes, saved, counts: Vec::new() }).unwrap();
    }

    fn seen(&mut self, seconds: i64, rule: &str, key: &str, title: &str) {
        let event = EventId { seq: seconds.unsigned_abs(), record: 0 };
        let found = Match {
            rule: rule.into(),
            key: key.into(),
            title: title.into(),
            body: "Heard by ap-1".into(),
            event,
            topic: Some(Topic::Security),
            kind: "security.rogue".into(),
        };
        self.row(seconds, Signal::Match(found));
    }

    fn ask<T>(&self, seconds: i64, ask: impl FnOnce(&Asked<'_>) -> T) -> T {
        ask(&Asked { reader: &self.store.reader().unwrap(), silences: &[], now: at(seconds) })
    }
}

fn of(filter: &str) -> HistoryQuery {
    HistoryQuery { filter: filter.into(), from: None, to: None }
}

/// Two rogues and, an hour later, floods; the last one still fires.
fn afternoon() -> Told {
    let mut told = Told::new();
    told.seen(10, "security/rogue", "a", "Rogue \"corp\"");
    told.seen(20, "security/rogue", "a", "Rogue \"corp\"");
    told.seen(40, "security/rogue", "b", "Rogue \"=cmd()\"");
    for number in 0..5 {
        told.seen(3_600 + number, "security/flood", &format!("f{number}"), "Flood");
    }
    told.row(5_000, Signal::Notifications(true));
    told.seen(9_000, "security/flood", "late", "Flood");
    told
}

#[test]
fn pages_follow_each_other_without_a_gap_and_end() {
    let told = afternoon();
    let keys = |limit| {
        let (mut keys, mut after) = (Vec::new(), None);
        loop {
            let page = told.ask(9_100, |asked| asked.page(&of(""), after.as_ref(), limit)).unwrap();
            after = page.alerts.last().map(|one| one.row.id.as_str().into());
            keys.extend(page.alerts.into_iter().map(|one| one.row.key));
            if page.last {
                return keys;
            }
        }
    };
    let all = ["late", "f4", "f3", "f2", "f1", "f0", "b", "a"];
    for limit in [1, 2, 3, 7, 8, 9, 500] {
        assert_eq!(keys(limit), all, "{limit} at a time");
    }
    let gone = told.ask(9_100, |asked| asked.page(&of(""), Some(&"9.9-gone".into()), 5)).unwrap();
    assert!(gone.alerts.is_empty() && gone.last);
}

#[test]
fn filters_and_times_choose() {
    let told = afternoon();
    let keys = |filter: &str, from: Option<i64>, to: Option<i64>| {
        let millis = |seconds: Option<i64>| seconds.map(|seconds| Millis::from(at(seconds)));
        let query = HistoryQuery { filter: filter.into(), from: millis(from), to: millis(to) };
        let page = told.ask(9_100, |asked| asked.page(&query, None, 100)).unwrap();
        page.alerts.iter().map(|one| one.row.key.clone()).collect::<Vec<_>>().join(" ")
    };
    for (filter, expected) in [
        ("severity == critical", "b a"),
        ("severity != info and corp", "a"),
        ("rule == \"security/flood\" and state == firing", "late"),
        ("CMD", "b"),
        ("matches >= 2", "a"),
        ("key contains F and not f4", "f3 f2 f1 f0"),
        ("nothing of the sort", ""),
    ] {
        assert_eq!(keys(filter, None, None), expected, "{filter}");
    }
    assert_eq!(keys("", Some(3_601), Some(3_603)), "f2 f1", "the beginning counts, the end does not");
    assert_eq!(keys("flood", Some(9_001), None), "");
    for (filter, help) in
        [("severty == info", "Did you mean severity?"), ("severity >= warning", "Write severity == or severity !=.")]
    {
        let refused = told.ask(0, |asked| asked.page(&of(filter), None, 1)).unwrap_err();
        assert_eq!((refused.code.as_str(), refused.help.as_str()), ("bad-filter", help), "{filter}");
    }
}

#[test]
fn what_was_said_of_an_alert_is_searched_and_written() {
    let mut told = afternoon();
    let ids = |told: &Told, filter: &str| {
        let page = told.ask(9_100, |asked| asked.page(&of(filter), None, 100)).unwrap();
        page.alerts.iter().map(|one| (one.row.id.clone(), one.row.key.clone())).collect::<Vec<_>>()
    };
    for (second, key, verdict) in [(9_010, "a", Verdict::Noise), (9_020, "late", Verdict::Useful)] {
        let (id, _) = ids(&told, &format!("key == {key}")).remove(0);
        let mut judge = told.ask(0, |asked| super::alerts::judge(asked.reader, &[id], Some(verdict))).unwrap();
        told.row(second, Signal::Judge(judge.remove(0)));
    }
    for (filter, expected) in [
        ("verdict == noise", "a"),
        ("verdict == useful", "late"),
        ("verdict != noise and severity == critical", "b"),
        ("verdict == none and severity == info and key contains f4", "f4"),
    ] {
        let keys: Vec<_> = ids(&told, filter).into_iter().map(|(_, key)| key).collect();
        assert_eq!(keys.join(" "), expected, "{filter}");
    }
    let page = told.ask(9_100, |asked| asked.page(&of("verdict == noise"), None, 1)).unwrap();
    assert_eq!(page.alerts[0].row.verdict, Some(Verdict::Noise));
    let gone = told.ask(0, |asked| super::alerts::judge(asked.reader, &["1.0-x".into()], None)).unwrap_err();
    assert_eq!(gone.code, "no-alert");

    let mut out = Vec::new();
    let query = of("verdict == noise");
    told.ask(9_100, |asked| write(asked, &query, ExportFormat::Csv, &TimeZone::UTC, &mut out)).unwrap();
    let table = String::from_utf8(out).unwrap();
    assert!(table.lines().next().unwrap().ends_with(",verdict,judged"), "{table}");
    assert!(table.trim_end().ends_with(",noise,2026-11-24T10:30:10Z"), "{table}");
    let mut out = Vec::new();
    told.ask(9_100, |asked| write(asked, &query, ExportFormat::Json, &TimeZone::UTC, &mut out)).unwrap();
    let list: serde_json::Value = serde_json::from_slice(&out).unwrap();
    assert_eq!((&list[0]["verdict"], &list[0]["judged"]), (&"noise".into(), &"2026-11-24T10:30:10Z".into()));
    let timeline = list[0]["timeline"].as_array().unwrap();
    assert_eq!(timeline.last().unwrap()["change"], "marked-noise");
}

#[test]
fn the_overview_counts_what_is_kept_and_what_is_hidden() {
    let told = afternoon();
    let seen = told.ask(9_100, |asked| asked.overview(&of("severity == critical or key == f3"))).unwrap();
    assert_eq!((seen.all, seen.kept, seen.critical, seen.warning, seen.info), (8, 3, 2, 0, 1));
    let quarters: Vec<_> =
        seen.quarters.iter().map(|one| (one.from, one.critical, one.info, one.hidden, one.alert.is_some())).collect();
    let quarter = |seconds| Millis::from(at(seconds));
    assert_eq!(
        quarters,
        [(quarter(0), 2, 0, 0, true), (quarter(3_600), 0, 1, 4, true), (quarter(9_000), 0, 0, 1, false)]
    );
    assert_eq!(seen.first, Some(at(10).into()));
    let rogue = told.ask(9_100, |asked| asked.page(&of("key == b"), None, 1)).unwrap();
    assert_eq!(seen.quarters[0].alert.as_ref(), Some(&rogue.alerts[0].row.id), "the latest of the worst");
}

#[test]
fn a_row_says_where_each_pop_up_went() {
    let told = afternoon();
    let page = told.ask(9_100, |asked| asked.page(&of("key == a"), None, 1)).unwrap();
    let row = &page.alerts[0];
    let withheld: Vec<_> = row.withheld.iter().map(|one| (one.reason.as_str(), one.count)).collect();
    // Nobody shows pop-ups here: it is owed until somebody does.
    assert_eq!((row.sent, &withheld[..]), (0, &[("about to be shown", 1), ("already firing", 1)][..]));
}

#[test]
fn a_table_reckons_nothing() {
    let mut told = Told::new();
    let hostile = ["=cmd|' /C calc'!A0", "+1", "-2+3", "@sum(1)", "\t=1", " =1", "＝1", "a\n=1", "plain, \"quoted\""];
    for (number, text) in hostile.iter().enumerate() {
        told.seen(10 + number as i64, "security/rogue", &format!("{text}{number}"), text);
    }
    let mut out = Vec::new();
    let zone = TimeZone::fixed(jiff::tz::offset(1));
    let query = of("");
    let written = told.ask(60, |asked| write(asked, &query, ExportFormat::Csv, &zone, &mut out)).unwrap();
    assert_eq!(written, hostile.len() as u64);
    let text = String::from_utf8(out).unwrap();
    let mut read = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let columns = read.headers().unwrap().clone();
    assert_eq!((columns.len(), &columns[3], &columns[9]), (21, "title", "began"));
    let rows: Vec<_> = read.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), hostile.len());
    for row in &rows {
        assert_eq!(row.len(), columns.len());
        for cell in row {
            let first = cell.trim_start().chars().next();
            assert!(!first.is_some_and(|c| "=+-@\t\r＝".contains(c)), "{cell:?}");
        }
    }
    assert_eq!((&rows[0][3], &rows[0][9]), ("plain, \"quoted\"", "2026-11-24T09:00:18+01:00"));
    assert_eq!(&rows[8][3], "'=cmd|' /C calc'!A0");
}

#[test]
fn a_list_holds_each_alert_with_its_timeline() {
    let told = afternoon();
    let mut out = Vec::new();
    let query = of("severity == critical");
    told.ask(9_100, |asked| write(asked, &query, ExportFormat::Json, &TimeZone::UTC, &mut out)).unwrap();
    let read: Vec<serde_json::Value> = serde_json::from_slice(&out).unwrap();
    assert_eq!(read.len(), 2);
    let rogue = &read[1];
    assert_eq!((&rogue["key"], &rogue["state"], &rogue["matches"]), (&"a".into(), &"resolved".into(), &2.into()));
    assert_eq!(rogue["began"], "2026-11-24T08:00:10Z");
    assert_eq!(read[0]["title"], "Rogue \"=cmd()\"", "nothing is added to what is no table");
    let changes: Vec<_> = rogue["timeline"].as_array().unwrap().iter().map(|one| one["change"].clone()).collect();
    assert_eq!(changes, ["fired", "notified", "resolved"]);
    let mut none = Vec::new();
    told.ask(9_100, |asked| write(asked, &of("nothing"), ExportFormat::Json, &TimeZone::UTC, &mut none)).unwrap();
    assert_eq!(serde_json::from_slice::<Vec<serde_json::Value>>(&none).unwrap().len(), 0);
}

#[test]
fn files_get_new_names_and_a_bad_filter_leaves_none() {
    let told = afternoon();
    let folder = tempfile::tempdir().unwrap();
    let into = folder.path().join("exports");
    let mut names = Vec::new();
    for _ in 0..2 {
        let save = |asked: &Asked<'_>| save(asked, &of("corp"), ExportFormat::Csv, &TimeZone::UTC, &into);
        let exported = told.ask(9_100, save).unwrap();
        assert_eq!(exported.alerts, 1);
        assert!(fs::read_to_string(&exported.path).unwrap().contains("Rogue \"\"corp\"\""));
        names.push(exported.path.rsplit('/').next().unwrap().to_owned());
    }
    assert_eq!(names, ["tocsin-alerts-2026-11-24-103140.csv", "tocsin-alerts-2026-11-24-103140-2.csv"]);
    let bad = told.ask(9_100, |asked| save(asked, &of("sevrity == x"), ExportFormat::Json, &TimeZone::UTC, &into));
    assert_eq!(bad.unwrap_err().code, "bad-filter");
    assert_eq!(fs::read_dir(&into).unwrap().count(), 2);
    // Where a file stands there is no folder.
    let blocked = folder.path().join("file");
    fs::write(&blocked, "").unwrap();
    let no = told.ask(9_100, |asked| save(asked, &of(""), ExportFormat::Json, &TimeZone::UTC, &blocked)).unwrap_err();
    assert_eq!(no.code, "export");
    assert!(no.message.contains("file"), "{}", no.message);
}
