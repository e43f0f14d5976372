//! Rules: the list, the editor, what stands beside it, what opens above it, and lists as tables.

use std::{fs, path::PathBuf};

use fantoccini::key::Key;
use serde_json::json;

use super::Album;
use crate::{reach::leave, window::Window};

const RULE: &str = "Rogue access point on the wire";
/// What opens above the rules: the keys, and the name of its pictures.
const OPENED: [(&[Key], &str, &str); 4] = [
    (&[], "n", "rules-new"),
    (&[Key::Shift], "N", "rules-new-list"),
    (&[Key::F2], "", "rules-rename"),
    (&[], "h", "rules-from-history"),
];

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_rules() {
    let mut album = Album::of_a_week().await;
    album.window.go("Rules").await;
    album.window.click_text("nav.rules button.open", RULE).await;
    album.window.see("#side-panel .sums").await;
    album.window.see(".cm-count").await;
    album.take("rules").await;
    album.press_and_take(&[], "c", "#side-panel h3", "rules-cases").await;
    album.press_and_take(&[], "e", "#side-panel .answer", "rules-explain").await;
    album.press_and_take(&[], "i", "#side-about[aria-selected=true]", "rules-about").await;
    album.window.press(&[], "p").await;
    for (held, letter, name) in OPENED {
        album.window.press(held, letter).await;
        album.window.see("dialog[open]").await;
        if name == "rules-from-history" {
            album.window.see("dialog[open] [role=option]").await;
        }
        album.take(name).await;
        leave(&album.window).await;
    }
    for (list, name) in [("our-ssids", "rules-list"), ("our-aps", "rules-list-empty")] {
        album.window.click_text("nav.rules button.list", list).await;
        album.window.see(".table table").await;
        album.take(name).await;
    }
    album.window.click_text("nav.rules button.open", RULE).await;

    album.window.press(&[], "/").await;
    album.window.paste_into("nav.rules .filter input", "no such rule").await;
    album.take("rules-none-match").await;
    album.window.paste_into("nav.rules .filter input", "").await;

    // The menu of the rule, where there is room for few buttons.
    album.window.resize(super::SMALL.0, super::SMALL.1).await;
    album.window.click("header button[aria-haspopup=menu]").await;
    album.window.see("[role=menu] [role=menuitem]").await;
    album.take_at("rules-menu", &[super::SMALL]).await;
    leave(&album.window).await;
    album.close().await;
}

/// The folder of the rules, a file of which is written as another program would.
pub async fn folder(window: &Window) -> PathBuf {
    let state = window.call(json!({ "type": "state" })).await;
    PathBuf::from(state["value"]["rules_folder"].as_str().expect("a folder"))
}

const REMEMBERS: &str = "//! Thrown off, then lured\n//!\n//! A client that was thrown off the air joins a stranger within \
    minutes. Look for the sender.\n\nconst ON = \"security.wids\";\nconst SEVERITY = \"critical\";\n\nfn remember(event) \
    {\n    event.attack_type.contains(\"deauth\") && mark(\"thrown off\", event.mac_addr)\n}\n\nfn when(event) {\n    \
    event.attack_type.contains(\"hotspotter\")\n        && (marked(\"10m\", \"thrown off\", event.mac_addr)\n            || \
    count(\"10m\", event.detected_ap) >= 3)\n}\n\nfn key(event) { event.detected_ap }\nfn title(event) { `Lured near \
    ${event.detected_ap}` }\n";

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_rules_that_remember_fail_or_change_outside() {
    let mut album = Album::of_a_week().await;
    let folder = folder(&album.window).await;
    let file = folder.join("security/lured.rhai");
    fs::write(&file, REMEMBERS).expect("a rule");
    fs::write(folder.join("security/unfinished.rhai"), "//! Not finished\nconst ON = \"security.wids\";\n")
        .expect("a rule");
    album.window.go("Rules").await;
    album.window.click_text("nav.rules button.open", "Thrown off, then lured").await;
    album.window.click("#side-explain").await;
    album.window.see("#side-panel .clauses").await;
    album.take("rules-remember").await;

    // Edited here, and by another program.
    album.window.write_rule(&REMEMBERS.replace(">= 3", ">= 4")).await;
    album.window.read("section.pane header", "Edited").await;
    fs::write(&file, REMEMBERS.replace("critical", "warning").replace(">= 3", ">= 5")).expect("a rule");
    album.window.see(".bar[role=alert]").await;
    album.take("rules-outside").await;
    album.open_and_take(&[Key::Alt], "c", "dialog[open]", "rules-compare").await;
    album.window.press(&[Key::Alt], "t").await;

    album.window.click_text("nav.rules button.open", "Not finished").await;
    album.window.see(".cm-content").await;
    album.take("rules-unfinished").await;
    album.close().await;
}
