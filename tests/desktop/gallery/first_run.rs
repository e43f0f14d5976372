//! The first run: before anything is typed, a test that works, and one that does not.

use fantoccini::key::Key;

use super::Album;
use crate::{
    account::fill,
    bench::{Daemon, Desk},
    simulator::Central,
};

#[tokio::test(flavor = "multi_thread")]
async fn pictures_of_the_first_run() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let central = Central::start(&mut desk, &[]);
    let shut = Central::start(&mut desk, &["--fault", "400"]);
    let mut album = Album::open(desk, &[]).await;
    album.window.see("section.demo").await;
    album.take("first-run").await;
    fill(&album.window, &shut).await;
    album.window.press(&[Key::Control], "t").await;
    album.window.see("section.test .problem").await;
    album.take("first-run-refused").await;
    album.window.reload().await;
    fill(&album.window, &central).await;
    album.window.press(&[Key::Control], "t").await;
    album.window.read("section.test h3", "The connection works").await;
    album.take("first-run-tested").await;
    album.close().await;
}
