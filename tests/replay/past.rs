//! A stretch of the past, two sets of rules beside each other, and one rule tried on it.

use std::{fs, ops::ControlFlow, path::Path, process::Command, time::Duration};

use jiff::Timestamp;
use serde_json::Value;
use tocsin::{
    api::{AlertTab, App, AppOptions, BacktestEnd, Push, Request, Response},
    event::Topic,
    pipeline::{
        Ruling,
        replay::{Question, backtest},
    },
    rules::RuleText,
    store::{Coverage, CoverageReason, Reader, RowBody, Store},
};

use super::log::{Case, at, attack_on};

const ANY: &str =
    "//! Any\nconst ON = \"security.wids\";\nfn when(event) { true }\nfn key(event) { event.detected_ap }\n";
const THIRD: &str = "//! Any\nconst ON = \"security.wids\";\nfn when(event) { count(\"1h\", 1) >= 3 }\nfn key(event) { event.detected_ap }\n";

fn rules(folder: &Path, name: &str, text: &str) -> String {
    let place = folder.join(name);
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("any.rhai"), text).unwrap();
    place.to_str().unwrap().to_owned()
}

/// Five attacks, half an hour apart, among presence that nobody asked for.
pub fn database(folder: &Path) {
    let mut store = Store::open(folder, at("7:00")).unwrap().store;
    let heard = |topic| {
        RowBody::Coverage(Coverage {
            topic,
            heard: true,
            reason: CoverageReason::Listening,
            detail: String::new(),
            missed: 0,
        })
    };
    store.append(Topic::ALL.map(heard).to_vec(), at("7:00")).unwrap();
    for (clock, ap) in [("8:00", "CN01"), ("8:30", "CN02"), ("9:00", "CN01"), ("9:30", "CN02"), ("10:00", "CN03")] {
        let presence = RowBody::Frame { topic: Topic::Presence, bytes: bytes::Bytes::from_static(b"\xff") };
        let attack = RowBody::Frame { topic: Topic::Security, bytes: attack_on(ap, at(clock)).into() };
        store.append(vec![presence, attack], at(clock)).unwrap();
    }
}

#[test]
fn a_stretch_is_what_the_whole_says_of_it() {
    let case = Case::occurrence("").matches("8:00").matches("8:40").matches("9:20");
    let whole = case.story(&[]);
    assert_eq!(whole.len(), 9);
    let stretch = case.story(&["--from", "2026-11-24T08:15:00Z", "--to", "2026-11-24T09:20:00Z"]);
    assert_eq!(stretch, whole[2..8]);
}

#[test]
fn two_sets_of_rules_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    database(folder.path());
    let (any, third) = (rules(folder.path(), "any", ANY), rules(folder.path(), "third", THIRD));
    let place = folder.path().to_str().unwrap();
    // The frames of presence cannot be read: a finding of both, and no matter.
    let compare = |now: &str, before: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_tocsin"))
            .args(["replay", place, "--rules", now, "--against", before, "--to", "2026-11-24T10:30:00Z"])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect::<Vec<Value>>()
    };
    let lines = compare(&third, &any);
    let told: Vec<(&str, &str)> =
        lines[..2].iter().map(|line| (line["difference"].as_str().unwrap(), line["fired"].as_str().unwrap())).collect();
    assert_eq!(told, [("lost", "2026-11-24T08:00:00Z"), ("lost", "2026-11-24T08:30:00Z")]);
    let summary = lines.last().unwrap();
    assert_eq!((lines.len(), &summary["same"], &summary["gained"]), (3, &3.into(), &0.into()));
    assert_eq!((&summary["now"]["popups"], &summary["before"]["popups"]), (&3.into(), &5.into()));
    assert_eq!(summary["before"]["popups_a_day"], 5.0);
    let back = compare(&any, &third);
    assert_eq!((&back[0]["difference"], &back[2]["lost"]), (&"gained".into(), &0.into()));
    assert_eq!(compare(&any, &any).len(), 1);
}

pub fn ask(rule: &str, text: &str, saved: Option<&str>) -> Question {
    let set = |text: &str| Ruling {
        rules: vec![RuleText { name: rule.into(), text: text.into(), enabled: true }],
        ..Ruling::default()
    };
    Question { rule: rule.into(), rules: set(text), saved: saved.map(set), zone: "UTC".into(), from: None, to: None }
}

#[test]
fn what_was_not_heard_of_the_rules_own_topics_is_told() {
    let folder = tempfile::tempdir().unwrap();
    database(folder.path());
    let mut store = Store::open(folder.path(), at("10:00")).unwrap().store;
    let asleep = |topic, heard| {
        let reason = if heard { CoverageReason::Listening } else { CoverageReason::Asleep };
        RowBody::Coverage(Coverage { topic, heard, reason, detail: String::new(), missed: 0 })
    };
    store.append(vec![asleep(Topic::Security, false), asleep(Topic::Presence, false)], at("10:10")).unwrap();
    store.append(vec![asleep(Topic::Security, true)], at("10:40")).unwrap();
    store.append(vec![asleep(Topic::Security, false)], at("11:00")).unwrap();
    let log = Reader::open(folder.path()).unwrap();
    let deaf = |from: Option<&str>, to: &str| {
        let question = Question { from: from.map(at), to: Some(at(to)), ..ask("any", ANY, None) };
        let found = backtest(&log, &question, |_| ControlFlow::Continue(())).unwrap();
        let deaf = found.deaf.iter().map(|deaf| (deaf.coverage.topic, deaf.from, deaf.to)).collect::<Vec<_>>();
        (found.from, deaf)
    };
    let security = |from, to: Option<&str>| (Topic::Security, at(from), to.map(at));
    let both = vec![security("10:10", Some("10:40")), security("11:00", None)];
    // It was asked for more than there is: it begins with the log.
    assert_eq!(deaf(Some("5:00"), "11:30"), (at("7:00"), both.clone()));
    // Of what was before the stretch, what reaches into it.
    assert_eq!(deaf(Some("10:20"), "11:30").1, both);
    assert_eq!(deaf(Some("10:20"), "10:50").1, both[..1]);
    assert_eq!(deaf(Some("10:45"), "10:50").1, []);
}

#[test]
fn a_rule_is_tried_on_the_past_and_reads_its_own_topic_only() {
    let folder = tempfile::tempdir().unwrap();
    database(folder.path());
    let log = Reader::open(folder.path()).unwrap();
    let fired = |question: &Question| {
        let found = backtest(&log, question, |_| ControlFlow::Continue(())).unwrap();
        let fired: Vec<Timestamp> = found.now.raised.iter().map(|raised| raised.fired).collect();
        (fired, found)
    };
    let (times, found) = fired(&ask("any", THIRD, Some(ANY)));
    assert_eq!(times, [at("9:00"), at("9:30"), at("10:00")]);
    assert_eq!((found.events, found.now.failed, found.now.cannot_tell, found.cancelled), (5, 0, 0, false));
    assert_eq!((found.from, found.to), (at("7:00"), at("10:00")));
    let (saved, difference) = (found.saved.unwrap(), found.difference.unwrap());
    assert_eq!((saved.fired, saved.popups, found.now.popups), (5, 5, 3));
    assert_eq!((difference.lost.len(), difference.gained.len(), difference.same), (2, 0, 3));

    // A stretch: the rule remembers what was before it, and nothing that fired before counts.
    let (times, found) = fired(&Question { from: Some(at("9:10")), to: Some(at("9:45")), ..ask("any", THIRD, None) });
    assert_eq!((times, found.events), (vec![at("9:30")], 1));
    assert_eq!(found.now.raised[0].resolved, Some(at("9:45")));
    assert!(found.difference.is_none());

    // It tells how far it is, and ends when it is told to.
    let mut shares = Vec::new();
    let found = backtest(&log, &ask("any", ANY, None), |progress| {
        shares.push(progress.share);
        ControlFlow::Break(())
    });
    let stopped = found.unwrap();
    // In the midst of what is read at once: a slow rule must not be waited for.
    assert!(stopped.cancelled && stopped.events < 5, "{} events", stopped.events);
    assert_eq!(shares.len(), 1);
    assert!(shares[0] > 0.0 && shares[0] < 1.0, "{shares:?}");
    let refused = backtest(&log, &ask("any", "fn when(event) { tru }", None), |_| ControlFlow::Continue(()));
    assert!(refused.unwrap_err().to_string().contains("does not run"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_tries_a_rule_on_what_it_heard() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(folder.path().to_owned()), demo: true }).await.unwrap();
    let mut pushes = app.subscribe();
    let alert = async {
        loop {
            let request = Request::Alerts { tab: AlertTab::Active, text: String::new(), limit: 10 };
            if let Response::Alerts(list) = app.call(request).await.unwrap()
                && let Some(row) = list.alerts.into_iter().find(|row| row.topic.is_some() && row.fired.is_some())
            {
                break row;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let alert = tokio::time::timeout(Duration::from_secs(90), alert).await.expect("an alert of the demo");
    let Response::Rule(detail) = app.call(Request::Rule { name: alert.rule.clone() }).await.unwrap() else { panic!() };
    let mut run = 0;
    let mut end = async |text: String| -> BacktestEnd {
        run += 1;
        let request = Request::Backtest { run, rule: alert.rule.clone(), text, from: None, to: None };
        app.call(request).await.unwrap();
        let end = async {
            loop {
                match pushes.recv().await {
                    Ok(Push::Backtest(news)) if news.run == run => {
                        if let Some(end) = news.end {
                            break end;
                        }
                    }
                    _ => {}
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(60), end).await.expect("an end")
    };
    let same = end(detail.text.clone()).await;
    assert_eq!(same.problem, None);
    assert!(same.now.fires.iter().any(|fire| fire.key == alert.key && Some(fire.time) == alert.fired), "{same:?}");
    assert_eq!((same.gained_count, same.lost_count, same.changed_count), (0, 0, 0));
    let never = detail.text.replace("fn when(event) {", "fn when(event) { if true { return false; }");
    let never = end(never).await;
    assert_eq!((never.now.fired, never.lost_count > 0), (0, true), "{never:?}");
    let broken = Request::Backtest { run: 9, rule: alert.rule.clone(), text: "fn".into(), from: None, to: None };
    assert_eq!(app.call(broken).await.unwrap_err().code, "rule-errors");
    app.stop().await;
}

#[test]
fn a_database_without_rules_is_compared_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    database(folder.path());
    let any = rules(folder.path(), "any", ANY);
    let place = folder.path().to_str().unwrap();
    let output =
        Command::new(env!("CARGO_BIN_EXE_tocsin")).args(["replay", place, "--against", &any]).output().unwrap();
    let last = String::from_utf8(output.stdout).unwrap().lines().last().unwrap().to_owned();
    let summary: Value = serde_json::from_str(&last).unwrap();
    assert_eq!((&summary["lost"], &summary["now"]["fired"]), (&5.into(), &0.into()));
}
