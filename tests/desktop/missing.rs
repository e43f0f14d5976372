//! What a desktop may lack: a notification daemon, a keyring. It is said, and the rest works.

use crate::{
    account::{fill, seen_nowhere},
    bench::{Daemon, Desk},
    simulator::Central,
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn without_a_notification_daemon_the_window_says_so_and_lists_the_alert() {
    let mut desk = Desk::start(Daemon::None, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option].firing").await;
    window.read("footer.bar", "No pop-ups").await;
    window.go("Settings").await;
    window.read("main", "Pop-ups cannot be shown").await;
    window.photograph("no-daemon").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_keyring_the_key_is_held_for_this_run_if_the_user_says_so() {
    let mut desk = Desk::start(Daemon::Dunst, false);
    let central = Central::start(&mut desk, &[]);
    let window = Window::open(&mut desk, &[]).await;
    fill(&window, &central).await;
    window.click_text("button", "Start listening").await;
    window.read("section.offer", "The key could not be kept").await;
    window.photograph("no-keyring").await;
    window.click_text("section.offer button", "Hold it for this run").await;
    window.see("nav.rail").await;
    window.go("Connections").await;
    window.read_row("[role=row]", "presence", "Listening").await;
    window.read("section.key", "held for this run only").await;
    seen_nowhere(&desk, &window, &central).await;
    window.close().await;
}
