//! Two accounts in the real window, each at a Central of its own: added, switched between, their keys kept apart,
//! forgotten.

use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::{
    account::{fill, seen_nowhere},
    bench::{Daemon, Desk, until},
    panel::Panel,
    process::files_with,
    reach::{findings, load_axe},
    simulator::Central,
    window::{Window, eventually},
};

/// The folders that the rules of the listed alerts are in.
async fn subjects(window: &Window) -> Vec<String> {
    let answer = window.call(json!({ "type": "alerts", "tab": "all", "text": "", "limit": 500 })).await;
    let rules = answer["value"]["alerts"].as_array().cloned().unwrap_or_default();
    let subject = |row: &Value| row["rule"].as_str()?.split('/').next().map(str::to_owned);
    let mut all: Vec<String> = rules.iter().filter_map(subject).collect();
    all.sort();
    all.dedup();
    all
}

async fn accounts(window: &Window) -> Vec<Value> {
    window.call(json!({ "type": "state" })).await["value"]["accounts"].as_array().cloned().unwrap_or_default()
}

fn key_of(desk: &Desk, entry: &str) -> String {
    desk.text("secret-tool", &["lookup", "service", "tocsin", "username", entry])
}

/// Waits until the words of the tray begin like this.
async fn says(panel: &Panel, words: &str) {
    eventually(&format!("the tray says \"{words}\""), async || {
        panel.menu().await.iter().any(|(_, text)| text.starts_with(words)).then_some(())
    })
    .await;
}

/// Leaves only that topic ticked.
async fn only(window: &Window, topic: &str) {
    for other in ["security", "audit", "presence"].into_iter().filter(|other| *other != topic) {
        window.click_text("label.topic", other).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_account_is_added_switched_to_and_forgotten_and_the_two_are_kept_apart() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let head = Central::start(&mut desk, &[]);
    let branch = Central::start(&mut desk, &["--seed", "2"]);
    let panel = Panel::start(&desk).await;
    let window = Window::open(&mut desk, &[]).await;
    load_axe(&window).await;
    fill(&window, &head).await;
    only(&window, "security").await;
    window.click_text("button", "Start listening").await;
    window.see("[role=option].firing").await;
    assert_eq!(subjects(&window).await, ["security"]);
    assert_eq!(window.count("footer .account").await, 0, "of one account there is nothing to say");

    window.go("Connections").await;
    window.press(&[], "n").await;
    window.read("dialog h2", "Add an account").await;
    fill(&window, &branch).await;
    window.type_into("dialog input[id$=name]", "Branch").await;
    only(&window, "audit").await;
    let mut found = findings(&window, "adding an account").await;
    window.photograph("account-add").await;
    window.press(&[Key::Control], &char::from(Key::Enter).to_string()).await;
    window.read("footer .account", "Branch").await;
    window.read_row("[role=row]", "audit", "Listening").await;
    let list = accounts(&window).await;
    let second = list[1]["id"].as_str().expect("an id").to_owned();
    assert_eq!((list.len(), &list[1]["name"]), (2, &json!("Branch")));
    eventually("its alerts, and no other's", async || (subjects(&window).await == ["audit"]).then_some(())).await;

    says(&panel, "Tocsin, Branch: ").await;

    // Each key is in an entry of its own, and in no file.
    assert!(key_of(&desk, "streaming-key") == head.key, "the first one's key is where it was");
    assert!(key_of(&desk, &format!("streaming-key-{second}")) == branch.key, "the second one's key");
    for central in [&head, &branch] {
        seen_nowhere(&desk, &window, central).await;
    }

    for theme in ["dark", "light"] {
        window.choose_theme(theme).await;
        for (width, height) in [(1280, 800), (900, 600)] {
            window.resize(width, height).await;
            window.settle().await;
            found.extend(findings(&window, &format!("accounts, {theme}, {width}")).await);
            window.photograph(&format!("accounts-{theme}-{width}")).await;
            window.press(&[Key::Control, Key::Shift], "A").await;
            window.see("dialog[open] [role=option]").await;
            window.settle().await;
            found.extend(findings(&window, &format!("switcher, {theme}, {width}")).await);
            window.photograph(&format!("account-switcher-{theme}-{width}")).await;
            window.press(&[Key::Escape], "").await;
            eventually("it is closed", async || (window.count("dialog[open]").await == 0).then_some(())).await;
        }
    }
    assert_eq!(found, Vec::<String>::new());

    // Back by the palette. The log says why there is a hole, and a pop-up of the one leads there from the other.
    window.press(&[Key::Control], "k").await;
    window.type_into("dialog[open] input", "switch to").await;
    window.read("dialog[open] [role=option]", "Switch to 127.0.0.1").await;
    window.press(&[Key::Enter], "").await;
    window.read_row("[role=row]", "security", "Listening").await;
    window.go("Alerts").await;
    window.see("[role=option].firing").await;
    assert_eq!(subjects(&window).await, ["security"]);
    let status = window.call(json!({ "type": "state" })).await["value"]["status"].clone();
    assert!(status.to_string().contains("Another account was listened to"), "{status}");

    // Two keys: the switcher, and its number.
    window.press(&[Key::Control, Key::Shift], "A").await;
    window.see("dialog[open] [role=option]").await;
    window.press(&[], "2").await;
    window.read("footer .account", "Branch").await;
    eventually("its alerts again", async || (subjects(&window).await == ["audit"]).then_some(())).await;

    // Forgetting the one that is not listened to.
    window.go("Connections").await;
    window.click("button[aria-label^='Forget 127']").await;
    window.read("dialog", "Its log is deleted").await;
    window.settle().await;
    window.photograph("account-forget").await;
    assert_eq!(findings(&window, "forgetting").await, Vec::<String>::new());
    window.click_text("dialog button", "Forget it").await;
    eventually("one is left", async || (accounts(&window).await.len() == 1).then_some(())).await;
    until("its key is gone", || key_of(&desk, "streaming-key").is_empty().then_some(()));
    assert!(key_of(&desk, &format!("streaming-key-{second}")) == branch.key, "the other's stays");
    window.read_row("[role=row]", "audit", "Listening").await;
    assert_eq!(window.count("footer .account").await, 0);
    says(&panel, "Tocsin: ").await;
    let data = desk.home().join(".local/share/tocsin");
    assert!(!data.join("tocsin.db").exists() && data.join("accounts").join(&second).join("tocsin.db").exists());
    window.close().await;
    for central in [&head, &branch] {
        assert_eq!(files_with(desk.home(), &central.secrets()), Vec::<std::path::PathBuf>::new(), "after the end");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pop_up_of_another_account_leads_to_its_alert_by_a_switch() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let (head, branch) = (Central::start(&mut desk, &[]), Central::start(&mut desk, &["--seed", "2"]));
    let window = Window::open(&mut desk, &[]).await;
    fill(&window, &head).await;
    only(&window, "security").await;
    window.click_text("button", "Start listening").await;
    window.see("[role=option].firing").await;
    until("a pop-up is shown", || (desk.text("dunstctl", &["count", "displayed"]) != "0").then_some(()));
    // Quiet from here on, so that no other pop-up takes its place.
    window.call(json!({ "type": "snooze_all", "minutes": 60 })).await;
    let draft = json!({
        "add": true, "name": "Branch", "endpoint": branch.endpoint, "key": branch.key, "keep": "keyring",
        "topics": ["location"], "authority": branch.authority, "host_confirmed": true
    });
    let state = window.call(json!({ "type": "connect", "draft": draft })).await;
    assert_eq!(state["value"]["account"]["name"], "Branch", "{state}");
    window.read("footer .account", "Branch").await;

    desk.run("dunstctl", &["action", "0"]);
    window.read(".toasts", "This alert belongs to 127.0.0.1").await;
    window.settle().await;
    window.photograph("account-of-pop-up").await;
    window.click_text(".toasts button", "Switch").await;
    window.see("article.detail h2").await;
    window.read("footer .account", "127.0.0.1").await;
    let rule = window.script("return document.querySelector('[role=option][aria-selected=true]') !== null").await;
    assert_eq!(rule, true, "the alert is chosen in the list");
    window.close().await;
}
