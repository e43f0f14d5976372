//! `tocsin alerts` and `tocsin stats` on a database beside its running writer.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a test that fails says so by panicking

use std::{
    path::Path,
    process::{Command, Output},
};

use bytes::Bytes;
use jiff::{Timestamp, ToSpan};
use tocsin::{
    alert::{Judge, Lifecycle, Match, RuleMeta, Signal, Verdict},
    event::{EventId, Topic},
    rules::{Policy, Severity},
    store::{Count, Outcome, RowBody, Store},
};

fn at(seconds: i64) -> Timestamp {
    "2026-11-24T08:00:00Z".parse::<Timestamp>().unwrap() + seconds.seconds()
}

fn tocsin(arguments: &[&str], folder: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tocsin")).args(arguments).arg("--data").arg(folder).output().unwrap()
}

/// A rogue is seen twice and stays away; pop-ups are turned off, and another is seen.
fn history(folder: &Path) -> Store {
    let mut store = Store::open(folder, at(0)).unwrap().store;
    let mut lifecycle = Lifecycle::new();
    let rule = RuleMeta {
        name: "security/rogue".into(),
        policy: Policy::default(),
        topics: vec![Topic::Security],
        enabled: true,
        expected: Vec::new(),
    };
    let seen = |seq, key: &str| {
        Signal::Match(Match {
            rule: "security/rogue".into(),
            key: key.into(),
            title: "Rogue \"\u{202e}\u{1b}[31mfree wifi\"".into(),
            body: "Body".into(),
            event: EventId { seq, record: 0 },
            topic: Some(Topic::Security),
            kind: "security.rogue".into(),
        })
    };
    let log = [
        (0, Signal::Rules(vec![rule])),
        (1, seen(2, "a")),
        (60, seen(3, "a")),
        (2_000, Signal::Notifications(false)),
        (2_001, seen(5, "b")),
    ];
    for (seconds, signal) in log {
        let body = RowBody::Frame { topic: Topic::Security, bytes: Bytes::from_static(b"frame") };
        let row = store.append(vec![body], at(seconds)).unwrap().remove(0);
        let changes = lifecycle.step(row.received, signal);
        let counts = vec![Count { name: "received", label: "security".into(), by: 1 }];
        let saved = lifecycle.take_saved();
        store.commit_outcome(&Outcome { cursor: row.seq, changes, saved, counts }).unwrap();
    }
    store
}

#[test]
fn the_history_is_printed_as_replay_would() {
    let folder = tempfile::tempdir().unwrap();
    let _open = history(folder.path());
    let output = tocsin(&["alerts", "--format", "json"], folder.path());
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(!output.stdout.contains(&0x1b));
    let title = r#"Rogue \"\u202e\u001b[31mfree wifi\""#;
    let line = |time: &str, key: &str, change: &str, reason: &str| {
        format!(
            r#"{{"time":"2026-11-24T{time}Z","rule":"security/rogue","key":"{key}","change":"{change}","severity":"warning","title":"{title}","reason":"{reason}"}}"#
        )
    };
    let expected = [
        line("08:00:01", "a", "fired", ""),
        line("08:00:01", "a", "notified", ""),
        line("08:16:00", "a", "resolved", "not-seen"),
        line("08:33:21", "b", "fired", ""),
        line("08:33:21", "b", "suppressed", "notifications-off"),
    ];
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().collect::<Vec<_>>(), expected);
}

#[test]
fn alerts_are_printed_as_the_window_exports_them() {
    let folder = tempfile::tempdir().unwrap();
    let _open = history(folder.path());
    let said = |more: &[&str]| tocsin(&[&["alerts"], more].concat(), folder.path());
    let table = said(&["--as", "csv", "--filter", "state == resolved"]);
    assert_eq!(table.status.code(), Some(0), "{}", String::from_utf8_lossy(&table.stderr));
    let table = String::from_utf8(table.stdout).unwrap();
    let lines: Vec<_> = table.lines().collect();
    assert_eq!(lines.len(), 2, "{table}");
    assert!(lines[1].contains(",warning,resolved,\"Rogue \"\"[31mfree wifi\"\"\",security/rogue,a,Body,"), "{table}");
    assert!(lines[1].contains(",2026-11-24T08:00:01Z,") && !table.contains(['\u{1b}', '\u{202e}']), "{table}");
    let list: serde_json::Value =
        serde_json::from_slice(&said(&["--as", "json", "--from", "2026-11-24T08:30:00Z"]).stdout).unwrap();
    assert_eq!((list.as_array().unwrap().len(), &list[0]["key"]), (1, &"b".into()));
    let bad = said(&["--as", "csv", "--filter", "stat == resolved"]);
    assert_eq!(bad.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&bad.stderr).contains("Did you mean state?"));
    assert_eq!(said(&["--filter", "x"]).status.code(), Some(2), "a filter of changes there is not");
}

#[test]
fn the_totals_balance() {
    let folder = tempfile::tempdir().unwrap();
    let _open = history(folder.path());
    let output = tocsin(&["stats", "--format", "json"], folder.path());
    assert_eq!(output.status.code(), Some(0));
    let stats: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let expected = serde_json::json!({
        "rows": 5, "waiting": 0,
        "received": {"security": 5}, "stored": {"security": 5}, "let_go": {}, "rejected": {},
        "matched": 3, "notified": 1, "suppressed": {"already-firing": 1, "notifications-off": 1},
        "deliveries": {"owed": 1}, "active": 1, "resolved": 1, "other": {}
    });
    assert_eq!(stats, expected);
    let text = String::from_utf8(tocsin(&["stats"], folder.path()).stdout).unwrap();
    assert!(text.contains("no pop-up: already-firing"), "{text}");
}

#[test]
fn what_was_said_of_alerts_is_counted_by_rule_and_searched() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = history(folder.path());
    // What ended is judged like what fires; whoever evaluates the row need not know the alert any more.
    let changes = store.reader().unwrap().changes(0, 100).unwrap();
    for (key, verdict) in [("a", Verdict::Noise), ("b", Verdict::Useful)] {
        let alert = changes.iter().find(|(_, change)| &*change.key == key).unwrap().1.alert.clone();
        let row = store.append(vec![RowBody::Tick], at(3_000)).unwrap().remove(0);
        let (rule, key, severity, title) = ("security/rogue".into(), key.into(), Severity::Warning, "Rogue".into());
        let judge = Judge { alert, verdict: Some(verdict), rule, key, severity, title };
        let changes = Lifecycle::new().step(row.received, Signal::Judge(judge));
        store.commit_outcome(&Outcome { cursor: row.seq, changes, ..Outcome::default() }).unwrap();
    }
    let said = |more: &[&str]| String::from_utf8(tocsin(more, folder.path()).stdout).unwrap();
    let text = said(&["stats"]);
    assert!(text.lines().any(|line| line.starts_with("Alerts judged  ") && line.ends_with(" 2")), "{text}");
    assert!(text.contains("    security/rogue: 1 useful, 1 noise"), "{text}");
    let stats: serde_json::Value = serde_json::from_str(&said(&["stats", "--format", "json"])).unwrap();
    assert_eq!(stats["judged"], serde_json::json!({"security/rogue": {"useful": 1, "noise": 1}}));
    let list: serde_json::Value =
        serde_json::from_str(&said(&["alerts", "--as", "json", "--filter", "verdict == noise"])).unwrap();
    assert_eq!(
        (list.as_array().unwrap().len(), &list[0]["key"], &list[0]["verdict"]),
        (1, &"a".into(), &"noise".into())
    );
    // A verdict is no part of what a replay prints.
    assert!(!said(&["alerts"]).contains("marked"));
}

#[test]
fn where_there_is_no_database_it_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let silence = ["silence", "add", "--rule", "*", "--for", "1h", "--comment", "c"];
    for command in [&["alerts"][..], &["stats"], &["export"], &["silence", "list"], &silence] {
        let output = tocsin(command, folder.path());
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains("no Tocsin database"));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}

#[test]
fn silences_are_added_listed_and_ended_while_nobody_runs() {
    let folder = tempfile::tempdir().unwrap();
    drop(history(folder.path()));
    let said = |output: Output| String::from_utf8(output.stdout).unwrap();
    let add = |more: &[&str]| {
        tocsin(&[&["silence", "add", "--for", "2h", "--comment", " new \u{1b} carpet "], more].concat(), folder.path())
    };
    let added = add(&["--rule", "security/*", "--severity", "warning"]);
    assert_eq!(added.status.code(), Some(0), "{}", String::from_utf8_lossy(&added.stderr));
    let id = said(added).trim().replace("{\"id\":", "").replace('}', "");
    let listed = said(tocsin(&["silence", "list"], folder.path()));
    assert!(listed.starts_with(&format!("{{\"id\":{id},\"matchers\":{{\"rule\":\"security/*\"")), "{listed}");
    assert!(listed.contains("\"comment\":\"new \\u001b carpet\"") && listed.lines().count() == 1);

    for (wrong, why) in [
        (add(&[]), "Say what to silence"),
        (add(&["--rule", "*", "--for", "never"]), "cannot be used multiple times"),
        (tocsin(&["silence", "end", "999"], folder.path()), "No silence 999 is in force"),
        (
            tocsin(&["silence", "add", "--rule", "*", "--for", "x", "--comment", "c"], folder.path()),
            "is not a duration",
        ),
        (tocsin(&["silence", "add", "--rule", "*", "--for", "1h", "--comment", " "], folder.path()), "needs a reason"),
    ] {
        assert_eq!(wrong.status.code(), Some(2));
        let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
        assert!(said.contains(why), "{said}");
    }

    // While a Tocsin runs, it alone writes.
    let running = Store::open(folder.path(), at(9_000)).unwrap();
    let refused = tocsin(&["silence", "end", &id], folder.path());
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("Tocsin is running with"));
    drop(running);

    assert_eq!(tocsin(&["silence", "end", &id], folder.path()).status.code(), Some(0));
    assert_eq!(said(tocsin(&["silence", "list"], folder.path())), "");
}
