//! What the window asks: why an alert of the demo fired; a rule deleted with its cases, and brought back.

use std::{fs, time::Duration};

use tocsin::{
    api::{AlertTab, App, AppOptions, Request, Response},
    rules::explain::{Came, Told},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_explained_and_a_rule_goes_and_comes_with_its_cases() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(folder.path().to_owned()), demo: true }).await.unwrap();
    let ask = async {
        loop {
            let request = Request::Alerts { tab: AlertTab::Active, text: String::new(), limit: 10 };
            if let Response::Alerts(list) = app.call(request).await.unwrap()
                && let Some(row) = list.alerts.into_iter().find(|row| row.topic.is_some())
            {
                break row;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let row = tokio::time::timeout(Duration::from_secs(90), ask).await.expect("an alert of the demo");
    let Response::Alert(detail) = app.call(Request::Alert { id: row.id }).await.unwrap() else { panic!() };
    let event = detail.event.unwrap().row.id;
    let request = Request::Explain { rule: row.rule.clone(), event: event.clone(), text: None };
    let Response::Explanation(told) = app.call(request).await.unwrap() else { panic!() };
    assert_eq!((told.came, told.key.as_deref()), (Came::Matched, Some(&*row.key)), "{told:?}");
    assert!(told.clauses().any(|clause| clause.told == Told::True), "{told:?}");
    let nothing = app.call(Request::Explain { rule: "security/nothing".into(), event, text: None }).await.unwrap_err();
    assert!(nothing.message.contains("There is no rule"), "{}", nothing.message);

    let name = row.rule;
    let cases = app.rules_folder().join(format!("{name}.toml"));
    fs::write(&cases, "# cases").unwrap();
    let Response::Deleted { text, cases: kept } = app.call(Request::DeleteRule { name: name.clone() }).await.unwrap()
    else {
        panic!()
    };
    assert_eq!(kept.as_deref(), Some("# cases"));
    assert!(!cases.exists());
    app.call(Request::RestoreRule { name, text, cases: kept }).await.unwrap();
    assert_eq!(fs::read_to_string(&cases).unwrap(), "# cases");
    app.stop().await;
}
