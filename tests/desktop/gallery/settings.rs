//! Settings, page by page, and the silences in force.

use serde_json::json;

use super::Album;

/// The page, what is there once it is drawn, and the name of its pictures.
const PAGES: [(&str, &str, &str); 6] = [
    ("Notifications", ".week", "settings"),
    ("Silences", "main table", "silences"),
    ("Appearance", ".choices, .line", "settings-appearance"),
    ("Start", ".choices, .line", "settings-start-up"),
    ("Data", ".choices, .line", "settings-data"),
    ("About", ".column *", "settings-about"),
];

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_settings() {
    let mut album = Album::of_a_week().await;
    album.window.go("Settings").await;
    album.window.click_text(".panes nav button", "Silences").await;
    album.window.read("main", "Nothing is silenced").await;
    album.take("silences-none").await;
    let matchers = json!({
        "rule": "monitoring/*", "key": "ap-lib-*", "kind": "", "title": "", "severity": null, "spare_critical": true
    });
    let comment = "The library is painted, NET-4471. Back on Monday.";
    let silence = json!({ "type": "silence", "matchers": matchers, "minutes": 2_880, "comment": comment });
    album.window.call(silence).await;
    for (page, shows, name) in PAGES {
        album.window.click_text(".panes nav button", page).await;
        album.window.see(shows).await;
        album.take(name).await;
    }
    album.window.click_text(".panes nav button", "Notifications").await;
    album.open_and_take(&[], "m", "dialog[open] input", "settings-maintenance").await;
    album.close().await;
}
