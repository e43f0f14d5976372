//! The alerts of the past in the real window: searched, opened, and written to a file that is what it says.

use std::fs;

use fantoccini::key::Key;
use serde_json::Value;

use crate::{
    bench::{Daemon, Desk},
    reach::{findings, load_axe},
    window::{Window, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn past_alerts_are_searched_opened_and_exported() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    load_axe(&window).await;
    eventually("several alerts", async || (window.count("[role=option]").await >= 4).then_some(())).await;
    window.press(&[], "5").await;
    window.see("nav.rail button[aria-label=History][aria-current=page]").await;
    window.see(".days .mark").await;
    window.see(".past").await;

    // A filter that is none says why, and the last one goes on applying.
    window.press(&[], "/").await;
    window.press(&[], "severty == critical").await;
    window.read(".filter.wrong .reason", "Did you mean severity?").await;
    assert!(window.count(".past").await > 0);
    window.paste_into(".filter input", "severity == critical").await;
    window.read(".filter.holds .said", "keeps").await;
    eventually("critical alone", async || {
        (window.count(".past").await > 0 && window.count(".past:not(.critical)").await == 0).then_some(())
    })
    .await;
    for (width, height) in [(900, 600), (1280, 800)] {
        window.resize(width, height).await;
        for theme in ["dark", "light"] {
            window.choose_theme(theme).await;
            window.settle().await;
            let found = findings(&window, &format!("history, {theme}")).await;
            assert!(found.is_empty(), "{}", found.join("\n"));
            window.photograph(&format!("history-filtered-{theme}-{width}x{height}")).await;
        }
    }

    // What is shown, as a table and as a list.
    for key in ["c", "j"] {
        window.press(&[Key::Control], "e").await;
        window.see("[role=dialog] .format").await;
        if key == "c" {
            window.settle().await;
            let found = findings(&window, "export").await;
            assert!(found.is_empty(), "{}", found.join("\n"));
            window.photograph("history-export").await;
        }
        window.press(&[], key).await;
        window.read(".toasts", &format!(".{}", if key == "c" { "csv" } else { "json" })).await;
    }
    let (table, list) = (written(&desk, "csv"), written(&desk, "json"));
    let list: Vec<Value> = serde_json::from_str(&list).expect("JSON");
    assert!(!list.is_empty() && list.iter().all(|alert| alert["severity"] == "critical"), "{list:?}");
    assert!(list.iter().all(|alert| alert["timeline"].as_array().is_some_and(|all| !all.is_empty())));
    let lines: Vec<&str> = table.trim_start_matches('\u{feff}').lines().collect();
    assert!(lines[0].starts_with("id,severity,state,title,"), "{}", lines[0]);
    // The demo goes on while the two are written, so alerts newer than the table may stand at the head of the list.
    let named: Vec<&str> = list.iter().filter_map(|alert| alert["id"].as_str()).collect();
    // A text of several lines is one row: a line that does not begin with an id of the list goes on with the one before.
    let rows: Vec<&str> =
        lines.iter().filter_map(|line| line.split(',').next()).filter(|id| named.contains(id)).collect();
    assert!(!rows.is_empty() && named.ends_with(&rows), "{rows:?} of {named:?}");

    // The key to the chart asks for everything again, and an alert opens with all that there is of it.
    window.click_text(".legend button", "critical").await;
    window.see(".past:not(.critical)").await;
    // From the filter down into the list.
    window.press(&[], "/").await;
    window.press(&[], "\u{e015}").await;
    window.see(".past[aria-selected=true]").await;
    window.press(&[], "\u{e007}").await;
    window.read("article.detail h2", " ").await;
    window.see("article.detail .timeline .moment").await;
    let first = window.text("article.detail h2").await;
    window.photograph("history-open").await;
    window.settle().await;
    let found = findings(&window, "an alert of the past").await;
    assert!(found.is_empty(), "{}", found.join("\n"));
    // The demo goes on: whatever came meanwhile stands before both.
    let place = window.text(".facts .place").await;
    window.press(&[], "j").await;
    eventually("the next one", async || (window.text(".facts .place").await != place).then_some(())).await;
    window.press(&[], "k").await;
    window.read("article.detail h2", &first).await;
    window.press(&[], "\u{e00c}").await;
    eventually("the table again", async || (window.count("article.detail").await == 0).then_some(())).await;

    // Days are picked by name.
    window.press(&[], "p").await;
    window.see("dialog[open] input").await;
    window.paste_into("dialog[open] input", "1 Jan 2020").await;
    window.paste_into("dialog[open] .days > div:last-child input", "2 Jan 2020").await;
    window.press(&[Key::Control], "\u{e007}").await;
    window.read("main", "No alert began in this time").await;
    window.settle().await;
    window.photograph("history-none").await;
    window.click_text("main button", "Show all").await;
    window.see(".past").await;
    window.close().await;
}

/// What was written to the only file of that ending.
fn written(desk: &Desk, ending: &str) -> String {
    let folder = desk.home().join(".local/share/tocsin/exports");
    let files: Vec<_> =
        fs::read_dir(&folder).expect("a folder for exports").map(|file| file.expect("a file").path()).collect();
    let mine: Vec<_> = files.iter().filter(|file| file.extension().is_some_and(|have| have == ending)).collect();
    assert_eq!(mine.len(), 1, "{files:?}");
    fs::read_to_string(mine[0]).expect("the file")
}
