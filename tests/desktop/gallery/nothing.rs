//! Where there is nothing yet: quiet, an empty log, no rules, no history; and where the engine has no answer.

use std::fs;

use serde_json::json;

use super::{Album, rules::folder};
use crate::{
    bench::{Daemon, Desk},
    simulator::Central,
};

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_nothing_yet() {
    let mut desk = Desk::start(Daemon::None, true);
    let central = Central::start(&mut desk, &[]);
    let mut album = Album::open(desk, &[]).await;
    // Connections that say nothing: heard, and quiet.
    album.window.listen(&central, &["location"]).await;
    album.window.go("Connections").await;
    album.window.read_row("[role=row]", "location", "Listening").await;
    album.window.go("Alerts").await;
    album.window.see(".quiet").await;
    album.take("alerts-quiet").await;
    album.window.go("History").await;
    album.take("history-empty").await;
    album.window.go("Live").await;
    album.window.paste_into(".filter input", "topic == audit").await;
    album.take("live-empty").await;

    album.window.call(json!({ "type": "set_topic", "topic": "location", "on": false })).await;
    album.window.go("Alerts").await;
    album.window.see(".ground").await;
    album.take("alerts-off").await;

    let folder = folder(&album.window).await;
    fs::remove_dir_all(&folder).expect("the rules are taken away");
    fs::create_dir_all(&folder).expect("a folder");
    album.window.go("Rules").await;
    album.window.see("main .empty").await;
    album.take("rules-none").await;
    album.close().await;
}
