//! What was not heard, in the real window: each stretch with its reason, in the strip above the alerts and at the
//! connections.

use std::{path::Path, time::Duration};

use tocsin::{
    clock::Clock,
    event::Topic,
    store::{Coverage, CoverageReason, Outcome, RowBody, Store},
};

use crate::{
    bench::{Daemon, Desk},
    reach::{findings, load_axe},
    simulator::Central,
    window::Window,
};

/// Each reason, what the window says of it, and an hour before now in which it held.
const REASONS: [(CoverageReason, &str, &str, u64); 6] = [
    (CoverageReason::Asleep, "", "This computer was asleep", 9),
    (CoverageReason::Disconnected, "The server ended the connection.", "The connection was lost. The server ended", 8),
    (CoverageReason::Refused, "", "Central refused this topic", 7),
    (CoverageReason::Key, "", "The key was not accepted", 6),
    (CoverageReason::Overload, "", "More came than could be stored", 5),
    (CoverageReason::NotRunning, "", "Tocsin was not running", 4),
];

/// A log of the last ten hours in which each reason held for twenty minutes.
fn log(data: &Path) {
    let now = Clock::system().now();
    let ago = |minutes: u64| now.checked_sub(Duration::from_mins(minutes)).expect("a time");
    let mut store = Store::open(data, ago(600)).expect("a log").store;
    let mut say = |heard: bool, reason: CoverageReason, detail: &str, minutes: u64| {
        let said = Coverage { topic: Topic::Security, heard, reason, detail: detail.to_owned(), missed: 0 };
        let rows = store.append(vec![RowBody::Coverage(said)], ago(minutes)).expect("a row");
        store.commit_outcome(&Outcome { cursor: rows[0].seq, ..Outcome::default() }).expect("a cursor");
    };
    say(true, CoverageReason::Listening, "", 595);
    for (reason, detail, _, hours) in REASONS {
        say(false, reason, detail, hours * 60);
        say(true, CoverageReason::Listening, "", hours * 60 - 20);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_stretch_that_was_not_heard_says_why() {
    let mut desk = Desk::start(Daemon::None, true);
    log(&desk.home().join(".local/share/tocsin"));
    let central = Central::start(&mut desk, &[]);
    let window = Window::open(&mut desk, &[]).await;
    load_axe(&window).await;
    window.listen(&central, &["security"]).await;
    window.resize(1280, 800).await;
    window.go("Alerts").await;
    for (_, _, words, _) in REASONS {
        window.see(&format!(".coverage .hole[aria-label*='{words}']")).await;
    }
    // From the log's last row to this start nobody listened: nothing but what is so is added.
    assert_eq!(window.count(".coverage .hole").await, REASONS.len() + 1);
    window.script("document.querySelector('.coverage .hole').dispatchEvent(new PointerEvent('pointerenter', { bubbles: true }))").await;
    for (width, height) in [(1280, 800), (900, 600)] {
        window.resize(width, height).await;
        for theme in ["dark", "light"] {
            window.choose_theme(theme).await;
            window.settle().await;
            let found = findings(&window, &format!("coverage, {theme}")).await;
            assert!(found.is_empty(), "{}", found.join("\n"));
            window.photograph(&format!("coverage-{theme}-{width}x{height}")).await;
        }
    }
    window.go("Connections").await;
    for (_, _, words, _) in REASONS {
        window.read("main", words).await;
    }
    window.photograph("coverage-connections").await;
    window.close().await;
}
