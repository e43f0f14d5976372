//! What the window asks: cases as they are typed, made of what was heard, and saved beside their rule.

use std::{fs, time::Duration};

use tocsin::api::{App, AppOptions, CaseSide, CasesRun, EventRow, Request, Response, Template};

const RULE: &str =
    "const ON = \"security.rogue\";\nfn when(event) { present(event.ssid) }\nfn key(event) { \"one\" }\n";

async fn events(app: &App, on: &[&str], before: Option<String>) -> Vec<EventRow> {
    let on = on.iter().map(|&on| on.to_owned()).collect();
    let request = Request::Events { on, filter: String::new(), before, limit: 5 };
    let Response::Events(events) = app.call(request).await.unwrap() else { panic!() };
    events
}

async fn run(app: &App, text: &str, cases: &str) -> CasesRun {
    let request = Request::RunCases { name: "security/mine".into(), text: text.into(), cases: cases.into() };
    let Response::CasesRun(run) = app.call(request).await.unwrap() else { panic!() };
    run
}

#[tokio::test(flavor = "multi_thread")]
async fn cases_are_run_as_they_are_typed_and_made_of_what_was_heard() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(folder.path().to_owned()), demo: true }).await.unwrap();
    let heard = async {
        loop {
            if let Some(event) = events(&app, &["security.rogue"], None).await.pop() {
                break event;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let event = tokio::time::timeout(Duration::from_secs(90), heard).await.expect("an event of the demo");
    assert!(events(&app, &["audit"], None).await.iter().all(|event| event.kind.starts_with("audit.")));
    let earlier = events(&app, &[], Some(event.id.clone())).await;
    assert!(earlier.iter().all(|row| row.received.0 <= event.received.0 && row.id != event.id), "{earlier:?}");

    // No cases are no mistake; a case made of an event expects what happens.
    assert!(run(&app, RULE, "").await.findings.is_empty());
    let request = Request::CaseFromEvent {
        name: "security/mine".into(),
        text: RULE.into(),
        cases: String::new(),
        event: event.id.clone(),
    };
    let Response::Cases(cases) = app.call(request).await.unwrap() else { panic!() };
    let told = run(&app, RULE, &cases).await;
    assert!(told.findings.is_empty() && told.verdicts.len() == 1 && told.verdicts[0].passed, "{cases}\n{told:?}");
    assert_eq!((told.reached[0].holds, &*told.reached[0].missing), (1, "never false"));

    // Another rule fails it, and says how; then the case expects what happens now.
    let silent = RULE.replace("present(event.ssid)", "event.ssid == \"nobody\"");
    let told = run(&app, &silent, &cases).await;
    assert_eq!(told.verdicts[0].story[0].side, CaseSide::Missing, "{told:?}");
    let line = told.verdicts[0].line;
    let request = Request::ExpectNow { name: "security/mine".into(), text: silent.clone(), cases: cases.clone(), line };
    let Response::Cases(now) = app.call(request).await.unwrap() else { panic!() };
    assert!(run(&app, &silent, &now).await.verdicts[0].passed, "{now}");
    let wrong = run(&app, RULE, "[[case]]\nnames = 1").await;
    assert!(wrong.verdicts.is_empty() && wrong.findings[0].span.line >= 1, "{wrong:?}");

    // A rule made of an event runs, and so does its case.
    let Response::Template(Template { name, text, cases, .. }) =
        app.call(Request::RuleFromEvent { event: event.id }).await.unwrap()
    else {
        panic!()
    };
    let told = run(&app, &text, &cases).await;
    assert!(told.verdicts[0].passed && told.verdicts[0].story[0].what == "fires", "{text}\n{cases}\n{told:?}");

    // Both are saved, each against what was read.
    app.call(Request::SaveRule { name: name.clone(), text, base: None }).await.unwrap();
    let save = |text: &str, base: Option<&str>| Request::SaveCases {
        name: name.clone(),
        text: text.into(),
        base: base.map(str::to_owned),
    };
    assert!(matches!(app.call(save(&cases, None)).await.unwrap(), Response::Saved { .. }));
    let Response::Conflict { theirs, hash } = app.call(save("# mine", None)).await.unwrap() else { panic!() };
    assert_eq!(theirs, cases);
    assert!(matches!(app.call(save("# mine", Some(&hash))).await.unwrap(), Response::Saved { .. }));
    assert_eq!(fs::read_to_string(app.rules_folder().join(format!("{name}.toml"))).unwrap(), "# mine");
    // The list has the rule once the pipeline has it.
    let detail = async {
        loop {
            if let Ok(Response::Rule(detail)) = app.call(Request::Rule { name: name.clone() }).await {
                break detail;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let detail = tokio::time::timeout(Duration::from_secs(60), detail).await.expect("the new rule");
    assert_eq!(detail.cases, "# mine");
    app.stop().await;
}
