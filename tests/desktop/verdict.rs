//! What a person says of an alert, in the real window: noise or useful, searched in History, made a case of, taken back.

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    bench::{Daemon, Desk},
    reach::{findings, load_axe},
    window::{Window, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_judged_searched_for_and_judged_no_more() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    load_axe(&window).await;
    window.click("[role=option].firing").await;
    let title = window.read("article.detail h2", " ").await;

    // By the button: it is pressed then, and the row and the timeline say so.
    window.click("article.detail button[aria-label=Noise]").await;
    window.see("article.detail button[aria-label=Noise][aria-pressed=true]").await;
    window.read(".toasts", "1 marked as noise").await;
    window.read("[role=option][aria-selected=true] .said", "Noise").await;
    window.read("article.detail .timeline", "Marked as noise").await;
    for (width, height) in [(900, 600), (1280, 800)] {
        window.resize(width, height).await;
        for theme in ["dark", "light"] {
            window.choose_theme(theme).await;
            window.settle().await;
            let found = findings(&window, &format!("a judged alert, {theme}")).await;
            assert!(found.is_empty(), "{}", found.join("\n"));
            window.photograph(&format!("judged-{theme}-{width}x{height}")).await;
        }
    }

    // It is there after the page was loaded again: the engine keeps it.
    window.reload().await;
    window.read("[role=option] .said", "Noise").await;
    window.see("nav.rail button[aria-label=History]").await;
    window.press(&[], "5").await;
    window.see(".past").await;
    window.paste_into(".filter input", "verdict == noise").await;
    window.read(".filter.holds .said", "keeps 1").await;
    window.read(".past .verdict", "Noise").await;
    window.read(".past .title", &title).await;
    load_axe(&window).await;
    for (width, height) in [(900, 600), (1280, 800)] {
        window.resize(width, height).await;
        for theme in ["dark", "light"] {
            window.choose_theme(theme).await;
            window.settle().await;
            let found = findings(&window, &format!("history of verdicts, {theme}")).await;
            assert!(found.is_empty(), "{}", found.join("\n"));
            window.photograph(&format!("judged-history-{theme}-{width}x{height}")).await;
        }
    }

    // By its key in the past, too: noise becomes useful, an undo brings noise back, and the button takes it away.
    window.click(".past").await;
    window.see("article.detail button[aria-label=Noise][aria-pressed=true]").await;
    window.press(&[], "u").await;
    window.see("article.detail button[aria-label=Useful][aria-pressed=true]").await;
    window.settle().await;
    window.photograph("judged-past").await;
    window.press(&[Key::Control], "z").await;
    window.see("article.detail button[aria-label=Noise][aria-pressed=true]").await;
    window.click("article.detail button[aria-label=Noise]").await;
    window.read(".toasts", "Taken back for 1").await;
    eventually("nothing is said of it any more", async || {
        (window.count("article.detail button[aria-pressed=true]").await == 0).then_some(())
    })
    .await;
    window.read("article.detail .timeline", "Useful or noise taken back").await;

    // Useful, and made a case of: it expects what the alert said, and passes.
    window.press(&[], "u").await;
    window.see("article.detail button[aria-label=Useful][aria-pressed=true]").await;
    window.press(&[], "c").await;
    window.read(".toasts", "expects this alert").await;
    window.see("#side-cases[aria-selected=true]").await;
    window.read("#side-panel", "useful: ").await;
    window.settle().await;
    window.photograph("judged-case").await;
    let query = json!({ "filter": "verdict == useful", "from": null, "to": null });
    let found = window.call(json!({ "type": "history", "query": query, "after": null, "limit": 9 })).await;
    assert_eq!(found["value"]["alerts"].as_array().map(Vec::len), Some(1), "{found}");
    window.press(&[], "i").await;
    window.read("#side-panel", "1 judged in 7 days: 1 useful, 0 noise (0 %).").await;
    window.photograph("judged-rule").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_alerts_are_judged_at_once_and_taken_back_at_once() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    eventually("several fire", async || (window.count("[role=option].firing").await >= 2).then_some(())).await;
    window.click("[role=option].firing").await;
    window.press(&[], "x").await;
    window.press(&[], "j").await;
    window.press(&[], "x").await;
    window.read(".picked", "2").await;
    for (width, height) in [(900, 600), (1280, 800)] {
        window.resize(width, height).await;
        window.settle().await;
        window.photograph(&format!("judging-picked-{width}x{height}")).await;
    }
    window.click(".picked button[aria-label=Noise]").await;
    window.read(".toasts", "2 marked as noise").await;
    eventually("both say so", async || (window.count("[role=option] .said").await == 2).then_some(())).await;
    // Beside a long state, too: the key gives way, not the words.
    window.press(&[Key::Shift], "Z").await;
    window.read("[role=option].snoozed .said", "Noise").await;
    for (width, height) in [(900, 600), (1280, 800)] {
        window.resize(width, height).await;
        window.settle().await;
        window.photograph(&format!("judged-several-{width}x{height}")).await;
    }
    // Awake again: the last thing done is taken back first.
    window.press(&[Key::Control], "z").await;
    eventually("it is awake", async || (window.count("[role=option].snoozed").await == 0).then_some(())).await;
    // The palette knows it, with its key.
    window.press(&[Key::Control], "k").await;
    window.press(&[], "noise").await;
    window.read("#palette-list", "It was noise, or take that back").await;
    window.settle().await;
    window.photograph("judging-palette").await;
    window.press(&[], "\u{e00c}").await;
    window.press(&[Key::Control], "z").await;
    eventually("neither says so", async || (window.count("[role=option] .said").await == 0).then_some(())).await;
    window.close().await;
}
