//! Large text, a small window and a large screen: nothing lies outside, is cut without a sign, or lies on something else.

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    bench::{Daemon, Desk},
    window::{Window, eventually},
};

/// The window's size, the text size in percent, the name of its pictures, and whether what opens is looked at, too.
const SIZES: [((u32, u32), u32, &str, bool); 5] = [
    ((900, 600), 200, "900-200", true),
    ((1280, 800), 150, "1280-150", true),
    ((1280, 800), 200, "1280-200", false),
    ((3840, 2160), 100, "4k", false),
    ((3840, 2160), 200, "4k-200", false),
];
const VIEWS: [&str; 6] = ["Alerts", "Live", "Rules", "Connections", "History", "Settings"];
/// What else there is to see in a view: the view, the keys that show it, its name.
const MORE: [(&str, &[Key], &str, &str); 9] = [
    ("Alerts", &[], "s", "silence"),
    ("Alerts", &[], "?", "keys"),
    ("Alerts", &[Key::Control], "k", "palette"),
    ("Rules", &[], "c", "cases"),
    ("Rules", &[], "e", "explain"),
    ("Rules", &[], "n", "new-rule"),
    ("Settings", &[], "j", "silences"),
    ("Settings", &[], "j", "appearance"),
    ("Settings", &[], "j", "start-up"),
];

/// What is wrong with the layout of the page as it is now.
pub async fn layout_faults(window: &Window, what: &str) -> Vec<String> {
    window.settle().await;
    let found = window.script(include_str!("layout.js")).await;
    found.as_array().expect("a list").iter().map(|line| format!("{what}: {}", line.as_str().unwrap_or(""))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn text_of_every_size_in_windows_of_every_size_holds_the_layout() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    eventually("several alerts", async || (window.count("[role=option]").await >= 4).then_some(())).await;
    let mut found = Vec::new();
    for ((width, height), text, name, all) in SIZES {
        // From a size that takes the text: what is chosen below stays chosen.
        window.resize(width, height).await;
        size_text(&window, text).await;
        for view in VIEWS {
            window.go(view).await;
            found.extend(layout_faults(&window, &format!("{name}, {view}")).await);
            window.photograph(&format!("large-{name}-{}", view.to_lowercase())).await;
            for (_, held, letter, more) in MORE.iter().filter(|one| all && one.0 == view) {
                if *more == "silence" {
                    window.click("[role=option]").await;
                    window.see("article.detail h2").await;
                    found.extend(layout_faults(&window, &format!("{name}, an alert")).await);
                    window.photograph(&format!("large-{name}-alert")).await;
                }
                window.press(held, letter).await;
                found.extend(layout_faults(&window, &format!("{name}, {more}")).await);
                window.photograph(&format!("large-{name}-{more}")).await;
                if window.count("dialog[open]").await > 0 {
                    window.press(&[Key::Escape], "").await;
                    eventually("it closes", async || (window.count("dialog[open]").await == 0).then_some(())).await;
                }
            }
        }
        window.go("Settings").await;
        window.click(".panes nav button").await;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.close().await;
}

/// What is too far apart on a large screen, or too long to be read: how far a button stands from the one before it, how
/// wide a line of text is, in sizes of the text.
const APART: &str = "const rem = parseFloat(getComputedStyle(document.documentElement).fontSize); const wrong = []; \
    for (const last of document.querySelectorAll('main .actions .last')) { \
        const gap = last.getBoundingClientRect().left - last.previousElementSibling.getBoundingClientRect().right; \
        if (gap > 40 * rem) wrong.push(`${last.textContent.trim()} stands ${Math.round(gap / rem)} away`) } \
    for (const count of document.querySelectorAll('.cm-count')) { \
        const at = count.getBoundingClientRect().right - count.closest('.cm-editor').getBoundingClientRect().left; \
        if (at > 64 * rem) wrong.push(`${count.textContent} stands at ${Math.round(at / rem)}`) } \
    for (const name of document.querySelectorAll('main .choices .name')) { \
        const control = name.closest('.line')?.querySelector('.control')?.getBoundingClientRect(); \
        if (control && control.right - name.getBoundingClientRect().left > 64 * rem) wrong.push(name.textContent) } \
    for (const text of document.querySelectorAll('main p, main li')) { \
        if (text.closest('.unseen') || text.children.length > 1 || text.textContent.length < 80) continue; \
        const range = document.createRange(); range.selectNodeContents(text); \
        const wide = Math.max(0, ...[...range.getClientRects()].map(one => one.width)); \
        if (wide > 62 * rem) wrong.push(`a line of ${Math.round(wide / rem)}: ${text.textContent.trim().slice(0, 40)}`) } \
    return wrong";

#[tokio::test(flavor = "multi_thread")]
async fn a_large_screen_keeps_together_what_belongs_together() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    eventually("several alerts", async || (window.count("[role=option]").await >= 4).then_some(())).await;
    let mut found = Vec::new();
    for (width, height) in [(1920, 1080), (3840, 2160)] {
        window.resize(width, height).await;
        for theme in ["dark", "light"] {
            window.choose_theme(theme).await;
            for view in VIEWS {
                window.go(view).await;
                if view == "Alerts" {
                    window.click("[role=option]").await;
                    window.see("article.detail h2").await;
                }
                let what = format!("{view}, {width}, {theme}");
                found.extend(layout_faults(&window, &what).await);
                let apart = window.script(APART).await;
                let apart = apart.as_array().expect("a list");
                found.extend(apart.iter().map(|line| format!("{what}: {}", line.as_str().unwrap_or(""))));
                window.photograph(&format!("screen-{width}-{}-{theme}", view.to_lowercase())).await;
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    window.close().await;
}

/// Sets the size of the text, in percent, and waits until it is drawn.
async fn size_text(window: &Window, percent: u32) {
    let state = window.call(json!({ "type": "state" })).await;
    let mut settings = state["value"]["settings"].clone();
    settings["text_size"] = json!(percent);
    let saved = window.call(json!({ "type": "save_settings", "settings": settings })).await;
    assert!(saved["failed"].is_null(), "{saved}");
    eventually("the text has its size", async || {
        let size = window.script("return parseFloat(getComputedStyle(document.documentElement).fontSize)").await;
        (size.as_f64() == Some(f64::from(percent) * 0.16)).then_some(())
    })
    .await;
}
