//! Lists as tables in the real window: lines are written, changed, taken out and brought back, and the file says so.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    bench::{Daemon, Desk, until},
    window::{Window, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_written_changed_and_brought_back_as_a_table() {
    let mut desk = Desk::start(Daemon::None, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    let state = window.call(json!({ "type": "state" })).await;
    let folder = PathBuf::from(state["value"]["rules_folder"].as_str().expect("a folder")).join("lists");
    fs::create_dir_all(&folder).expect("the lists");
    // A remark and an empty line of its own stay as they stand.
    let (first, plain) = ("# Ours, by hand\n\n02:00:00:00:00:01  # lab\n", folder.join("lab-aps.txt"));
    fs::write(&plain, first).expect("a list");
    window.go("Rules").await;
    window.click_text("nav.rules button.list", "lab-aps").await;
    window.see(".table table input").await;

    // Another below, by Enter; and the first is changed.
    window.click("input[data-at='2']").await;
    window.press(&[], "\u{e007}").await;
    window.see("input[data-at='3']").await;
    window.press(&[], "02:00:00:00:00:02").await;
    window.paste_into("input[data-at='2']", "02:00:00:00:00:0a").await;
    save(&window, &plain, "# Ours, by hand\n\n02:00:00:00:00:0a  # lab\n02:00:00:00:00:02\n").await;

    // Taken out, brought back, and taken out for good.
    let out = "tr:has(input[data-at='3']) .out button";
    window.click(out).await;
    window.read(".toasts", "02:00:00:00:00:02").await;
    assert_eq!(window.count("input[data-at='3']").await, 0);
    undo(&window).await;
    window.see("input[data-at='3']").await;
    let value = "return document.querySelector(\"input[data-at='3']\").value";
    assert_eq!(window.script(value).await, "02:00:00:00:00:02");
    window.click(out).await;
    save(&window, &plain, "# Ours, by hand\n\n02:00:00:00:00:0a  # lab\n").await;

    // With columns: what stands between cells, and quotes, go in quotes and come back as they were.
    window.press(&[Key::Shift], "N").await;
    window.see("dialog[open] input").await;
    window.paste_into("dialog[open] input", "people").await;
    window.click("dialog[open] label:has(input[type=checkbox])").await;
    window.press(&[Key::Control], "\u{e007}").await;
    window.see("input[data-at='1']").await;
    window.paste_into("input[data-at='1']", "Ada \"the Countess\", Lovelace").await;
    window.paste_into("tr:has(input[data-at='1']) td:nth-child(2) input", "engines; and, more").await;
    let table = folder.join("people.csv");
    let text = "name,remark\n\"Ada \"\"the Countess\"\", Lovelace\",\"engines; and, more\"\n";
    save(&window, &table, text).await;
    for (file, wanted) in [("lab-aps", 1), ("people", 1)] {
        window.click_text("nav.rules button.list", file).await;
        eventually(&format!("{wanted} line of {file}"), async || {
            (window.count(".table tbody tr").await == wanted).then_some(())
        })
        .await;
    }
    // Both have one line: what is there may be the one that is about to go.
    let value = "return document.querySelector(\"input[data-at='1']\")?.value";
    eventually("the table is read back", async || {
        (window.script(value).await == "Ada \"the Countess\", Lovelace").then_some(())
    })
    .await;
    window.photograph("list-quotes").await;

    // Deleted by its key, not the rule behind it; and brought back.
    let rules = window.count("nav.rules button.open").await;
    window.script("document.activeElement.blur(); return true").await;
    window.press(&[Key::Delete], "").await;
    window.read(".toasts", "people.csv is deleted").await;
    until("the file is gone", || (!table.exists()).then_some(()));
    assert_eq!(window.count("nav.rules button.open").await, rules, "no rule went");
    undo(&window).await;
    until("the file is back", || (fs::read_to_string(&table).ok()? == text).then_some(()));
    window.close().await;
}

/// Saves by the key, and waits until the file holds these words.
async fn save(window: &Window, file: &Path, text: &str) {
    window.press(&[Key::Control], "s").await;
    let mut held = String::new();
    for _ in 0..100 {
        held = fs::read_to_string(file).unwrap_or_default();
        if held == text {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert_eq!(held, text, "{}", file.display());
    window.read(".toasts", "is saved").await;
}

/// Takes the latest back, by its key.
async fn undo(window: &Window) {
    window.script("document.activeElement.blur(); return true").await;
    window.press(&[Key::Control], "z").await;
}
