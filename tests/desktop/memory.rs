//! What the app holds with its window open, hidden, and started hidden, and how soon the window is there; measured by
//! `cargo xtask memory` in a release build.

use std::{
    process::Stdio,
    thread::sleep,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::{
    bench::{Daemon, Desk, until},
    panel::Panel,
    process::began,
    window::Window,
};

/// What is let go is given back a little later, and what is read at the start is read by then.
const SETTLE: Duration = Duration::from_secs(10);

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures, in a release build: cargo xtask memory"]
async fn memory_open_and_hidden() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let panel = Panel::start(&desk).await;
    start(&mut desk, &["--demo"]);
    until("the window is open", || (desk.windows() == 1 && desk.web_views() > 0).then_some(()));
    until("the tray icon is there", || panel.has_icon().then_some(()));
    sleep(SETTLE);
    let open = desk.memory();
    desk.close_window();
    until("the web view is gone", || (desk.web_views() == 0).then_some(()));
    sleep(SETTLE);
    let hidden = desk.memory();
    let app = desk.app().expect("it still runs");
    desk.run("kill", &[&app.to_string()]);
    until("it has ended", || desk.app().is_none().then_some(()));

    // On the same desktop: whoever uses GTK first on a display asks OpenGL what it can show, which takes 30 MB without a
    // graphics card, and leaves the answer for all who come after. On a desktop somebody has long done so.
    start(&mut desk, &["--demo", "--hidden"]);
    until("the app runs", || desk.app());
    sleep(SETTLE);
    assert_eq!((desk.windows(), desk.web_views()), (0, 0), "it was started without a window");
    let quiet = desk.memory();
    let share = |part: u64| part * 100 / open.max(1);
    println!("measured: PSS of the app and its web view, window open: {open} MB");
    println!("measured: window closed to the tray: {hidden} MB, {} %", share(hidden));
    println!("measured: started hidden: {quiet} MB, {} %", share(quiet));
    assert!(hidden < open && quiet < open, "open {open}, hidden {hidden}, started hidden {quiet}");
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "measures, in a release build: cargo xtask memory"]
async fn how_soon_the_window_is_there() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let panel = Panel::start(&desk).await;
    let window = Window::open(&mut desk, &["--demo"]).await;
    let app = desk.app().expect("the app runs");
    println!("measured: start to first paint: {:.0} ms", window.first_paint().await - began(app));
    window.see("[role=option]").await;
    until("the tray icon is there", || panel.has_icon().then_some(()));
    desk.close_window();
    until("the web view is gone", || (desk.web_views() == 0).then_some(()));

    let (asked, wall) = (Instant::now(), SystemTime::now().duration_since(UNIX_EPOCH).expect("a time after 1970"));
    let second = desk.command(env!("CARGO_BIN_EXE_tocsin-desktop")).output().expect("a second start");
    assert!(second.status.success(), "{second:?}");
    until("the window is back", || (desk.windows() == 1).then_some(()));
    let back = asked.elapsed();
    window.follow_new().await;
    let painted = window.first_paint().await - wall.as_secs_f64() * 1000.0;
    println!(
        "measured: asked for again, the window is back after {} ms, painted after {painted:.0} ms",
        back.as_millis()
    );
    assert!(painted > 0.0, "it was drawn anew");
    window.close().await;
}

fn start(desk: &mut Desk, words: &[&str]) {
    let log = std::fs::File::create(desk.log()).expect("a log");
    let mut app = desk.command(env!("CARGO_BIN_EXE_tocsin-desktop"));
    app.args(words).stdout(Stdio::null()).stderr(log);
    desk.keep(&mut app);
}
