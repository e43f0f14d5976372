//! How many events each clause of a rule lets through, over a stretch of the log.

use std::{ops::ControlFlow, time::Duration};

use tocsin::{
    api::{App, AppOptions, LetThrough, Request, Response},
    pipeline::replay::{Question, through},
    store::Reader,
};

use super::{
    log::at,
    past::{ask, database},
};

const RULE: &str = "//! Any\nconst ON = \"security.wids\";\nfn when(event) {\n    event.detected_ap != \"CN03\"\n        && count(\"1h\", 1) >= 2\n}\n";

#[test]
fn it_counts_the_events_of_the_stretch_and_remembers_what_was_before() {
    let folder = tempfile::tempdir().unwrap();
    database(folder.path());
    let log = Reader::open(folder.path()).unwrap();
    let told = |question: &Question, most| {
        let found = through(&log, question, most, || ControlFlow::Continue(())).unwrap();
        let tally = found.tally.unwrap();
        let clauses: Vec<_> = tally.clauses().iter().map(|one| (one.holds, one.fails)).collect();
        let last: Vec<_> = tally.clauses().iter().map(|one| one.failed_by.map(|event| event.seq)).collect();
        assert!(!found.cut);
        (found.events, tally.asked(), clauses, last, found.from, found.to)
    };
    // Rows 1 to 6 say what is heard; of the pairs after them the second is the attack.
    let all = told(&ask("any", RULE, None), 100);
    assert_eq!(all, (5, 5, vec![(4, 1), (3, 1)], vec![Some(16), Some(8)], at("8:00"), at("10:00")));
    // Of the newest three, the first follows one that is not counted, and that the rule remembers.
    let newest = told(&ask("any", RULE, None), 3);
    assert_eq!(newest, (5, 3, vec![(2, 1), (2, 0)], vec![Some(16), None], at("9:00"), at("10:00")));
    let stretch = Question { from: Some(at("8:20")), to: Some(at("9:10")), ..ask("any", RULE, None) };
    assert_eq!(told(&stretch, 100), (2, 2, vec![(2, 0), (2, 0)], vec![None, None], at("8:30"), at("9:00")));
    let nothing = Question { from: Some(at("11:00")), ..ask("any", RULE, None) };
    assert_eq!(told(&nothing, 100).0, 0);
}

#[test]
fn it_ends_when_it_is_told_to_and_refuses_a_rule_with_errors() {
    let folder = tempfile::tempdir().unwrap();
    database(folder.path());
    let log = Reader::open(folder.path()).unwrap();
    // Once when the newest are found, once at the first row; then in the midst of what is read at once.
    let mut asked = 0;
    let found = through(&log, &ask("any", RULE, None), 100, || {
        asked += 1;
        if asked > 2 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let found = found.unwrap();
    assert!(found.cut && found.events == 5, "{}", found.events);
    assert!((1..5).contains(&found.tally.unwrap().asked()));
    let refused = through(&log, &ask("any", "fn when(event) { tru }", None), 100, || ControlFlow::Continue(()));
    assert!(refused.err().unwrap().to_string().contains("does not run"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_told_of_each_line() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(folder.path().to_owned()), demo: true }).await.unwrap();
    let text = "//! Any\nconst ON = \"presence.rssi\";\nfn when(event) {\n    event.rssi_val < -200\n        || present(event.sta_eth_mac)\n}\n";
    let ask = || Request::LetThrough { rule: "mine/any".into(), text: text.into(), from: None, to: None };
    let heard = async {
        loop {
            let Response::LetThrough(told) = app.call(ask()).await.unwrap() else { panic!() };
            if told.asked > 5 {
                break told;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let told: LetThrough = tokio::time::timeout(Duration::from_secs(90), heard).await.expect("presence of the demo");
    assert_eq!((told.events, told.cut), (told.asked, false));
    let lines: Vec<_> = told.lines.iter().map(|line| (line.line, line.through, line.stopped)).collect();
    assert_eq!(lines, [(4, 0, told.asked), (5, told.asked, 0)]);
    let [never, always] = &told.clauses[..] else { panic!("{told:?}") };
    assert_eq!((never.held_by.is_some(), never.failed_by.is_some()), (false, true));
    assert_eq!((always.text.as_str(), always.holds), ("present(event.sta_eth_mac)", told.asked));
    let event = always.held_by.clone().unwrap();
    let Response::Event(detail) = app.call(Request::Event { id: event }).await.unwrap() else { panic!() };
    assert_eq!(detail.row.kind, "presence.rssi");
    let broken = Request::LetThrough { rule: "mine/any".into(), text: "fn".into(), from: None, to: None };
    assert_eq!(app.call(broken).await.unwrap_err().code, "rule-errors");
    app.stop().await;
}
