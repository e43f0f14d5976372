//! What the window does with a verdict: it is kept, searched, counted for its rule, and a case of the alert follows it.

use std::time::Duration;

use tocsin::{
    alert::Verdict,
    api::{
        AlertCase, AlertRow, AlertTab, App, AppOptions, CaseSide, CasesRun, HistoryQuery, HistoryRow, Request,
        Response, RuleRow,
    },
};

/// Fires at the third time that a client is heard at all. Its title stays the same: later matches are of the same alert.
const RULE: &str = "const ON = \"presence.rssi\";\nconst RESOLVE_AFTER = \"2h\";\n\
                    fn when(event) { count(\"1h\", \"any\") >= 3 }\nfn key(event) { \"any\" }\n\
                    fn title(event) { `Heard ${event.kind}` }\nfn body(event) { event.sta_eth_mac }\n";

async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                break found;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(90), asking).await.expect(what)
}

async fn alerts(app: &App, text: &str) -> Vec<AlertRow> {
    let request = Request::Alerts { tab: AlertTab::All, text: text.into(), limit: 100 };
    let Response::Alerts(list) = app.call(request).await.unwrap() else { panic!() };
    list.alerts
}

async fn past(app: &App, filter: &str) -> Vec<HistoryRow> {
    let query = HistoryQuery { filter: filter.into(), from: None, to: None };
    let Response::History(page) = app.call(Request::History { query, after: None, limit: 100 }).await.unwrap() else {
        panic!()
    };
    page.alerts
}

async fn rule(app: &App, name: &str) -> RuleRow {
    let Response::Rules(rules) = app.call(Request::Rules).await.unwrap() else { panic!() };
    rules.into_iter().find(|rule| rule.name == name).unwrap()
}

/// Judges it, and waits until it is so.
async fn judge(app: &App, alert: &str, verdict: Option<Verdict>) {
    app.call(Request::Judge { ids: vec![alert.into()], verdict }).await.unwrap();
    until("it is judged", async || {
        let Response::Alert(detail) = app.call(Request::Alert { id: alert.into() }).await.unwrap() else { panic!() };
        (detail.row.verdict == verdict).then_some(())
    })
    .await;
}

async fn case_of(app: &App, text: &str, alert: &str) -> String {
    let (name, text) = ("mine/third".into(), text.into());
    let request = Request::CaseFromAlert { name, text, cases: String::new(), alert: alert.into() };
    let Response::AlertCase(made) = app.call(request).await.unwrap() else { panic!() };
    assert!(made.fewest, "{}", made.cases);
    made.cases
}

async fn run(app: &App, text: &str, cases: &str) -> CasesRun {
    let request = Request::RunCases { name: "mine/third".into(), text: text.into(), cases: cases.into() };
    let Response::CasesRun(run) = app.call(request).await.unwrap() else { panic!() };
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn a_verdict_is_kept_counted_and_taken_back_and_a_case_follows_it() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(folder.path().to_owned()), demo: true }).await.unwrap();
    app.call(Request::SaveRule { name: "mine/third".into(), text: RULE.into(), base: None }).await.unwrap();
    let alert = until("a client is heard three times", async || {
        alerts(&app, "mine/third").await.into_iter().find(|row| row.rule == "mine/third")
    })
    .await;
    let gone = app.call(Request::Judge { ids: vec!["1.0-x".into()], verdict: None }).await.unwrap_err();
    assert_eq!(gone.code, "no-alert");

    // Noise: it stands in the list, the timeline, the history and beside the rule.
    judge(&app, &alert.id, Some(Verdict::Noise)).await;
    let Response::Alert(detail) = app.call(Request::Alert { id: alert.id.clone() }).await.unwrap() else { panic!() };
    assert!(detail.timeline.iter().any(|entry| entry.change == "marked-noise"), "{:?}", detail.timeline);
    let found = past(&app, "verdict == noise").await;
    assert_eq!(found.iter().map(|one| &one.row.id).collect::<Vec<_>>(), [&alert.id]);
    assert!(past(&app, "verdict == none").await.iter().all(|one| one.row.id != alert.id));
    let of_rule = rule(&app, "mine/third").await;
    assert_eq!((of_rule.useful, of_rule.noise), (0, 1));

    // Its case holds the three events that it takes and no more, and expects nothing: it fails until the rule is mended.
    let noise = case_of(&app, RULE, &alert.id).await;
    assert!(noise.contains("name = \"noise: Heard ") && noise.ends_with("expect = \"nothing\"\n"), "{noise}");
    assert_eq!(noise.matches("sta_eth_mac").count(), 3, "{noise}");
    let told = run(&app, RULE, &noise).await;
    assert!(told.findings.is_empty() && !told.verdicts[0].passed, "{noise}\n{told:?}");
    assert_eq!((told.verdicts[0].story[0].side, &*told.verdicts[0].story[0].key), (CaseSide::Unexpected, &*alert.key));
    assert!(run(&app, &RULE.replace(">= 3", ">= 4"), &noise).await.verdicts[0].passed);

    // Useful: the same events, and it fires.
    judge(&app, &alert.id, Some(Verdict::Useful)).await;
    let useful = case_of(&app, RULE, &alert.id).await;
    assert!(useful.contains("name = \"useful: ") && useful.contains("fires = "), "{useful}");
    let told = run(&app, RULE, &useful).await;
    assert!(told.verdicts[0].passed && told.verdicts[0].story[0].what == "fires", "{useful}\n{told:?}");
    assert!(!run(&app, &RULE.replace(">= 3", ">= 4"), &useful).await.verdicts[0].passed);
    let of_rule = rule(&app, "mine/third").await;
    assert_eq!((of_rule.useful, of_rule.noise), (1, 0));

    // A rule that would not fire at it any more is to: the case says so, by what the alert said.
    let request = Request::CaseFromAlert {
        name: "mine/third".into(),
        text: RULE.replace(">= 3", ">= 300"),
        cases: useful.clone(),
        alert: alert.id.clone(),
    };
    let Response::AlertCase(AlertCase { cases, .. }) = app.call(request).await.unwrap() else { panic!() };
    assert!(cases.starts_with(useful.trim_end()), "{cases}");
    let expected = format!("expect = [{{ fires = \"any\", title = \"{}\" }}]\n", alert.title);
    assert!(cases.ends_with(&expected), "{expected}\n{cases}");
    let told = run(&app, RULE, &cases).await;
    assert_eq!(told.findings, [], "{cases}");

    // Taken back.
    judge(&app, &alert.id, None).await;
    assert!(past(&app, "verdict == useful").await.is_empty());
    let of_rule = rule(&app, "mine/third").await;
    assert_eq!((of_rule.useful, of_rule.noise), (0, 0));
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fired_by_time_alone_is_waited_for_in_its_case() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(folder.path().to_owned()), demo: true }).await.unwrap();
    let rules = [
        // Nothing is heard for a while, and something lasts.
        "const ON = \"security.rogue\";\nconst SILENT_FOR = \"2s\";\nfn when(event) { present(event.ssid) }\n\
         fn key(event) { \"any\" }\n",
        "const ON = \"security.rogue\";\nconst HOLD = \"2s\";\nfn when(event) { present(event.ssid) }\n\
         fn resolved(event) { event.ssid == \"nobody\" }\nfn key(event) { \"any\" }\n",
    ];
    for (number, text) in rules.into_iter().enumerate() {
        let name = format!("mine/slow-{number}");
        app.call(Request::SaveRule { name: name.clone(), text: text.into(), base: None }).await.unwrap();
        let alert = until("it fires", async || {
            alerts(&app, &name).await.into_iter().find(|row| row.rule == name && row.fired.is_some())
        })
        .await;
        judge(&app, &alert.id, Some(Verdict::Useful)).await;
        let useful = case_of(&app, text, &alert.id).await;
        let told = run(&app, text, &useful).await;
        assert!(told.findings.is_empty() && told.verdicts[0].passed, "{useful}\n{told:?}");
        assert!(useful.contains("advance = \"") && useful.contains("fires = \"any\""), "{useful}");
        judge(&app, &alert.id, Some(Verdict::Noise)).await;
        let noise = case_of(&app, text, &alert.id).await;
        assert!(
            noise.ends_with("expect = \"nothing\"\n") && !run(&app, text, &noise).await.verdicts[0].passed,
            "{noise}"
        );
    }
    app.stop().await;
}
