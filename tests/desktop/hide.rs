//! Closing the window, and coming back.

use std::time::Instant;

use crate::{
    bench::{Daemon, Desk, until},
    panel::Panel,
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn with_a_tray_closing_hides_and_a_second_start_brings_the_window_back() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let panel = Panel::start(&desk).await;
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    until("the tray icon is there", || panel.has_icon().then_some(()));
    window.resize(1000, 700).await;
    let open = desk.memory();

    desk.close_window();
    until("the web view is gone", || (desk.web_views() == 0).then_some(()));
    let app = desk.app().expect("the app still runs");
    assert_eq!(desk.windows(), 0);
    std::thread::sleep(std::time::Duration::from_secs(1)); // what is let go is given back a little later
    println!("measured: {open} MB with the window open, {} MB hidden", desk.memory());

    let asked = Instant::now();
    let second = desk.command(env!("CARGO_BIN_EXE_tocsin-desktop")).output().expect("a second start");
    assert!(second.status.success(), "{second:?}");
    until("the window is back", || (desk.windows() == 1).then_some(()));
    println!("measured: window back after {:.1} s", asked.elapsed().as_secs_f64());
    assert_eq!(desk.app(), Some(app), "the same program");
    window.follow_new().await;
    window.see("[role=option]").await;
    let size = window.script("return [innerWidth, innerHeight]").await;
    assert_eq!(size, serde_json::json!([1000, 700]), "as large as it was");
    window.photograph("back-again").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_tray_closing_quits() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.go("Settings").await;
    window.click_text(".panes nav button", "Start-up").await;
    window.read("main", "closing the window quits").await;
    desk.close_window();
    until("the app is gone", || desk.app().is_none().then_some(()));
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_where_it_was_after_a_restart() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    for (place, close) in [([(120, 40), (1010, 690)], true), ([(60, 90), (1100, 700)], false)] {
        let window = Window::open(&mut desk, &["--demo"]).await;
        window.see("[role=option]").await;
        let id = desk.window();
        let [at, size] = place.map(|(x, y): (u32, u32)| [x.to_string(), y.to_string()]);
        desk.run("xdotool", &["windowsize", &id, &size[0], &size[1]]);
        desk.run("xdotool", &["windowmove", &id, &at[0], &at[1]]);
        until("it was moved", || (desk.place(&id)? == place).then_some(()));
        // The window is closed, or the session ends.
        if close {
            desk.close_window();
        } else {
            desk.run("kill", &[&desk.app().expect("the app").to_string()]);
        }
        until("the app is gone", || desk.app().is_none().then_some(()));
        window.close().await;

        let window = Window::open(&mut desk, &["--demo"]).await;
        window.see("[role=option]").await;
        let id = desk.window();
        until("it is where it was", || (desk.place(&id)? == place).then_some(()));
        desk.close_window();
        until("the app is gone", || desk.app().is_none().then_some(()));
        window.close().await;
    }
}

impl Desk {
    /// How many windows of the app are on the screen.
    pub fn windows(&self) -> usize {
        self.text("xdotool", &["search", "--onlyvisible", "--name", "^Tocsin$"]).lines().count()
    }

    /// The window's number.
    fn window(&self) -> String {
        until("there is a window", || {
            let ids = self.text("xdotool", &["search", "--onlyvisible", "--name", "^Tocsin$"]);
            ids.lines().next().map(str::to_owned)
        })
    }

    /// Where it stands, and how large it is.
    fn place(&self, id: &str) -> Option<[(u32, u32); 2]> {
        let said = self.text("xdotool", &["getwindowgeometry", "--shell", id]);
        let of = |name: &str| said.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('=')?.parse().ok());
        Some([(of("X")?, of("Y")?), (of("WIDTH")?, of("HEIGHT")?)])
    }

    /// Asks the window to close, as the button of its frame does.
    pub fn close_window(&self) {
        crate::frame::close(&self.display, self.window().parse().expect("a number"));
    }
}
