//! A picture of each view, dark and light, in a wide and a small window.
//!
//! With `TOCSIN_GALLERY=1` the demo plays for a minute first and the pictures go to docs/gallery.

use std::{fs, path::Path, time::Duration};

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    bench::{Daemon, Desk},
    window::{Window, pictures},
};

const VIEWS: [&str; 6] = ["Alerts", "Live", "Rules", "Connections", "History", "Settings"];
/// What stands beside the rule editor: its key, its name, and what shows that it is there.
const RULE_SIDES: [(&str, &str, &str); 3] = [("p", "past", ".sums"), ("c", "cases", "h3"), ("e", "explain", ".answer")];
const SIZES: [(u32, u32); 2] = [(1280, 800), (900, 600)];

#[tokio::test(flavor = "multi_thread")]
async fn each_view_in_each_theme_and_size() {
    let kept = std::env::var_os("TOCSIN_GALLERY").is_some();
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &[]).await;
    let mut names = Vec::new();
    for (width, height) in SIZES {
        window.resize(width, height).await;
        for theme in ["dark", "light"] {
            window.choose_theme(theme).await;
            names.push(shoot(&window, "first-run", theme, width, height).await);
        }
    }
    window.click_text("button", "Try the demo").await;
    window.see("[role=option]").await;
    if kept {
        tokio::time::sleep(Duration::from_secs(75)).await;
    }
    let matchers = json!({
        "rule": "monitoring/*", "key": "ap-lib-*", "kind": "", "title": "", "severity": null, "spare_critical": true
    });
    let comment = "The library is painted, NET-4471. Back on Monday.";
    let silence = json!({ "type": "silence", "matchers": matchers, "minutes": 2_880, "comment": comment });
    window.call(silence).await;
    // The rule that the pictures of the editor show; it stays chosen.
    window.resize(1280, 800).await;
    window.go("Rules").await;
    window.click_text("nav.rules button.open", "Rogue access point on the wire").await;
    for (width, height) in SIZES {
        window.resize(width, height).await;
        for theme in ["dark", "light"] {
            window.choose_theme(theme).await;
            for view in VIEWS {
                window.go(view).await;
                names.push(shoot(&window, &view.to_lowercase(), theme, width, height).await);
            }
            window.go("Rules").await;
            for (key, side, shown) in RULE_SIDES {
                window.press(&[], key).await;
                window.see(&format!("#side-{side}[aria-selected=true]")).await;
                window.see(&format!("#side-panel {shown}")).await;
                names.push(shoot(&window, &format!("rules-{side}"), theme, width, height).await);
            }
            // As it was, for the view's own picture.
            window.press(&[], "p").await;
            window.press(&[Key::Control, Key::Shift], "S").await;
            window.read("main table", "NET-4471").await;
            names.push(shoot(&window, "silences", theme, width, height).await);
            window.click_text(".panes nav button", "Notifications").await;
            window.go("Alerts").await;
            window.press(&[], "s").await;
            window.see("dialog .numbers").await;
            names.push(shoot(&window, "silence", theme, width, height).await);
            window.click_text("dialog button", "Cancel").await;
        }
    }
    window.close().await;
    if kept {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/gallery");
        fs::create_dir_all(&folder).expect("docs/gallery");
        for name in names {
            fs::copy(pictures().join(&name), folder.join(&name)).expect("the picture");
        }
    }
}

async fn shoot(window: &Window, view: &str, theme: &str, width: u32, height: u32) -> String {
    let name = format!("{view}-{theme}-{width}x{height}");
    window.settle().await;
    window.photograph(&name).await;
    let overflow = "return document.documentElement.scrollWidth > window.innerWidth";
    assert_eq!(window.script(overflow).await, false, "{name} is wider than its window");
    format!("{name}.png")
}
