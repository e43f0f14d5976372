//! A rule made of an event that was heard: its case passes, fails when the rule is changed, is mended, and the event is
//! explained clause by clause.

use fantoccini::key::Key;

use crate::{
    bench::{Daemon, Desk, until},
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_from_an_event_is_proved_by_its_case_and_explained() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.go("Live").await;
    window.type_into("input[aria-label='Filter of live events']", "kind == \"security.rogue\"\n").await;
    window.click_text(".event", "security.rogue").await;
    window.click_text("button", "Rule from event").await;
    window.see(".cm-content").await;
    window.read("section.pane header", "Not saved yet").await;

    // The case it brought passes, and fails once the rule matches nothing.
    window.click("#side-cases").await;
    window.read("#side-panel h3", "1 case passes").await;
    window.photograph("rule-from-event").await;
    window
        .write_rule("//! Never\nconst ON = \"security.rogue\";\nfn when(event) { event.ssid == \"no such network\" }\n")
        .await;
    window.read("#side-panel h3", "0 of 1 pass").await;
    window.read("#side-panel table", "fires").await;
    window.photograph("cases-failing").await;
    window.click_text("#side-panel button", "Expect what it does now").await;
    window.read("#side-panel h3", "1 case passes").await;

    // Another from history, through the list of what was heard.
    window.click_text("#side-panel button", "Add from history").await;
    window.see("dialog [role=option]").await;
    window.photograph("event-picker").await;
    window.click_text("dialog button", "Make a case").await;
    window.read("#side-panel h3", "All 2 pass").await;

    // Explained: the clause does not hold, and its value stands beside it.
    window.click("#side-explain").await;
    window.read("#side-panel .answer", "It does not match").await;
    window.read("#side-panel .clauses", "no such network").await;
    window.photograph("explain-draft").await;

    // And what it would have done in the past.
    window.click("#side-past").await;
    window.read("#side-panel", "It would not have fired").await;

    // Both files are saved by one key.
    window.click(".cm-content").await;
    window.press(&[Key::Control], "s").await;
    window.read(".toasts", "is saved").await;
    let folder = desk.home().join(".local/share/tocsin/rules/security");
    let cases = until("the file of cases", || std::fs::read_to_string(folder.join("new-rogue.toml")).ok());
    assert_eq!(cases.matches("[[case]]").count(), 2, "{cases}");
    window.close().await;
}
