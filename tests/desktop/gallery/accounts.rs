//! An account and several: connections, the dialogs of an account, and a topic that is refused.

use fantoccini::key::Key;
use serde_json::json;

use super::Album;
use crate::{
    bench::{Daemon, Desk},
    reach::leave,
    simulator::Central,
    window::Window,
};

async fn connect(window: &Window, central: &Central, add: bool, name: &str, topics: &[&str]) {
    let connected = window
        .call(json!({ "type": "connect", "draft": {
            "add": add, "name": name, "endpoint": central.endpoint, "key": central.key, "authority": central.authority,
            "topics": topics, "keep": "keyring", "host_confirmed": true
        } }))
        .await;
    assert!(connected["failed"].is_null(), "{connected}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_accounts() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let head = Central::start(&mut desk, &[]);
    let branch = Central::start(&mut desk, &["--seed", "2"]);
    let shut = Central::start(&mut desk, &["--fault", "400"]);
    let mut album = Album::open(desk, &[]).await;
    connect(&album.window, &head, false, "", &["security", "audit", "presence"]).await;
    album.window.go("Connections").await;
    album.window.read_row("[role=row]", "presence", "Listening").await;
    album.take("connections-account").await;
    album.open_and_take(&[], "k", "dialog[open] input", "connections-replace-key").await;
    album.open_and_take(&[], "c", "dialog[open] input", "connections-change").await;
    album.open_and_take(&[], "n", "dialog[open] input", "account-add").await;

    connect(&album.window, &branch, true, "Branch", &["security", "audit"]).await;
    album.window.read("footer .account", "Branch").await;
    album.window.read_row("[role=row]", "audit", "Listening").await;
    album.take("connections-accounts").await;
    album.open_and_take(&[Key::Control, Key::Shift], "A", "dialog[open] [role=option]", "account-switcher").await;
    album.window.click("button[aria-label^='Forget 127']").await;
    album.window.see("dialog[open]").await;
    album.take("account-forget").await;
    leave(&album.window).await;
    album.window.go("Settings").await;
    album.window.click_text(".panes nav button", "Data").await;
    album.take("settings-data-account").await;

    connect(&album.window, &shut, true, "Shut", &["security", "location"]).await;
    album.window.go("Connections").await;
    album.window.read("main", "Unsubscribed").await;
    album.take("connections-refused").await;
    album.window.go("Alerts").await;
    album.window.see(".ground").await;
    album.take("alerts-deaf").await;
    album.window.go("Live").await;
    album.take("live-deaf").await;
    album.close().await;
}
