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
    let Response::Explanation(explained) = app.call(request).await.unwrap() else { panic!() };
    // What came of it, as the timeline has it.
    let changes: Vec<&str> = explained.lifecycle.iter().map(|one| one.change.as_str()).collect();
    assert!(changes.contains(&"fired") || changes.contains(&"repeated"), "{changes:?}");
    let told = explained.explanation;
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

#[tokio::test(flavor = "multi_thread")]
async fn what_the_network_said_and_what_a_sibling_marks_is_known_while_a_rule_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(folder.path().to_owned()), demo: true }).await.unwrap();
    let ask = async |on: &[&str], field: &str| {
        let on = on.iter().map(|&on| on.to_owned()).collect();
        let Response::Seen(seen) = app.call(Request::Seen { on, field: field.into() }).await.unwrap() else { panic!() };
        seen
    };
    let heard = async {
        loop {
            let seen = ask(&["presence.rssi"], "sta_eth_mac").await;
            if seen.values.len() > 1 {
                break seen;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let seen = tokio::time::timeout(Duration::from_secs(90), heard).await.expect("presence of the demo");
    assert!(seen.since.is_some() && seen.different as usize >= seen.values.len(), "{seen:?}");
    assert!(seen.values.is_sorted_by(|one, other| one.count >= other.count), "the most frequent first: {seen:?}");
    assert!(seen.values.iter().map(|one| one.count).sum::<u32>() <= seen.events, "{seen:?}");
    assert!(seen.values.iter().all(|one| one.text && one.value.contains(':')), "{seen:?}");
    let numbers = ask(&["presence"], "rssi_val").await;
    assert!(numbers.values.iter().all(|one| !one.text && one.value.parse::<i64>().is_ok()), "{numbers:?}");
    // A kind that has no such field, and a field that nobody has.
    assert_eq!(ask(&["security.rogue"], "sta_eth_mac").await.events, 0);
    assert_eq!(ask(&[], "nope").await.values, []);

    let asks = "const ON = \"security\";\nfn when(event) { marked(\"1h\", \"drill\", 1) }\n";
    let findings = async |name: &str| {
        let request = Request::CheckRule { name: name.into(), text: asks.into() };
        let Response::Findings(found) = app.call(request).await.unwrap() else { panic!() };
        found.into_iter().map(|one| one.code).collect::<Vec<_>>()
    };
    let lonely = findings("mine/asks").await;
    assert!(!lonely.is_empty(), "nobody sets the mark");
    let sets = "const ON = \"security\";\nfn when(event) { mark(\"drill\", 1) }\n";
    app.call(Request::SaveRule { name: "mine/sets".into(), text: sets.into(), base: None }).await.unwrap();
    assert_eq!(findings("mine/asks").await, Vec::<String>::new());
    assert_eq!(findings("other/asks").await, lonely);

    // A list begun in the window counts at once, and a misspelt one is mended by what is there.
    let list = |text: &str, base| Request::SaveList { name: "vips".into(), csv: false, text: text.into(), base };
    let Response::Saved { hash } = app.call(list("aa:bb:cc:dd:ee:ff\n", None)).await.unwrap() else { panic!() };
    let Response::Conflict { theirs, .. } = app.call(list("x\n", Some("old".into()))).await.unwrap() else { panic!() };
    assert_eq!(theirs, "aa:bb:cc:dd:ee:ff\n");
    let Response::Saved { .. } = app.call(list("# ours\n10.0.0.0/8\n", Some(hash))).await.unwrap() else { panic!() };
    let Response::Lists(lists) = app.call(Request::Lists).await.unwrap() else { panic!() };
    assert!(lists.iter().any(|one| one.name == "vips" && one.entries == 1 && !one.csv), "{lists:?}");
    let asks = "const ON = \"security\";\nfn when(event) { in_list(\"vip\", event.kind) }\n";
    let request = Request::CheckRule { name: "mine/asks".into(), text: asks.into() };
    let Response::Findings(found) = app.call(request).await.unwrap() else { panic!() };
    let finding = found.into_iter().next().unwrap();
    let request = Request::FixRule { name: "mine/asks".into(), text: asks.into(), finding };
    let Response::Fix(fix) = app.call(request).await.unwrap() else { panic!() };
    assert_eq!(fix.as_deref(), Some("\"vips\""));
    let Response::Deleted { text, .. } =
        app.call(Request::DeleteList { name: "vips".into(), csv: false }).await.unwrap()
    else {
        panic!()
    };
    assert_eq!(text, "# ours\n10.0.0.0/8\n");
    app.stop().await;
}
