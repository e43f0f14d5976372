//! A person with an account: endpoint, key and authority typed in, tested, listened to; and the key seen nowhere.

use std::fs;

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    bench::{Daemon, Desk},
    process::{files_with, holds},
    simulator::Central,
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn an_account_is_tested_and_listened_to_and_its_key_is_seen_nowhere() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let central = Central::start(&mut desk, &[]);
    let window = Window::open(&mut desk, &[]).await;
    fill(&window, &central).await;

    window.press(&[Key::Control], "t").await;
    window.read("section.test h3", "The connection works").await;
    assert_eq!(window.count("section.test > ol > li.good").await, 5, "{}", window.text("section.test").await);
    assert_eq!(window.count("section.test .opened li.good").await, 3);
    window.photograph("connection-test").await;

    window.click_text("button", "Start listening").await;
    window.see("nav.rail").await;
    window.go("Connections").await;
    window.read("[role=table]", "Listening").await;
    for topic in ["security", "audit", "presence"] {
        window.read_row("[role=row]", topic, "Listening").await;
    }
    window.photograph("connections-account").await;

    let held = desk.text("secret-tool", &["lookup", "service", "tocsin", "username", "streaming-key"]);
    assert!(held == central.key, "the keyring holds the key");
    seen_nowhere(&desk, &window, &central).await;
    window.close().await;
    assert_eq!(files_with(desk.home(), &central.secrets()), Vec::<std::path::PathBuf>::new(), "after the end");
}

/// Types the account in as a person does, and agrees to the host.
pub async fn fill(window: &Window, central: &Central) {
    window.type_into("input[id$=endpoint]", &central.endpoint).await;
    window.type_into("input[id$=key]", &central.key).await;
    window.click_text("button", "Trust a private authority").await;
    window.paste_into("textarea", &central.authority).await;
    window.read(".print", "SHA-256").await;
    window.see("label.confirm").await;
    window.click("label.confirm input").await;
}

/// Looks for the key wherever the app could have left it.
pub async fn seen_nowhere(desk: &Desk, window: &Window, central: &Central) {
    let secrets = central.secrets();
    // The keyring's own files hold it, but not readable.
    assert_eq!(files_with(desk.home(), &secrets), Vec::<std::path::PathBuf>::new(), "in files");
    for process in desk.processes().iter().filter(|process| process.name != "tocsin") {
        for what in ["cmdline", "environ"] {
            let octets = fs::read(format!("/proc/{}/{what}", process.pid)).unwrap_or_default();
            assert!(!holds(&octets, &secrets), "in {what} of {}", process.name);
        }
    }
    let page = window.script("return document.documentElement.outerHTML").await.to_string();
    assert!(!holds(page.as_bytes(), &secrets), "in the page");
    let fields = "return [...document.querySelectorAll('input,textarea')].map(field => field.value).join()";
    assert!(!holds(window.script(fields).await.to_string().as_bytes(), &secrets), "in the page's fields");
    for request in [json!({"type": "state"}), json!({"type": "shell"}), json!({"type": "rules"})] {
        let answer = window.call(request.clone()).await;
        assert!(answer["type"].is_string(), "{request}: {answer}");
        assert!(!holds(answer.to_string().as_bytes(), &secrets), "in the answer to {request}");
    }
}
