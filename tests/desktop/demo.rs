//! A person who just tries it: the demo, its first alert, its first pop-up.

use std::time::{Duration, Instant};

use crate::{
    bench::{Daemon, Desk, until},
    process::began,
    window::Window,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_demo_rings_within_twenty_five_seconds() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &[]).await;
    let app = desk.app().expect("the app runs");
    println!("measured: start to first paint {:.0} ms", window.first_paint().await - began(app));
    window.see("section.demo").await;
    window.photograph("first-run").await;

    window.click_text("button", "Try the demo").await;
    let pressed = Instant::now();
    let title = window.read("[role=option] .title", " ").await;
    let rang = pressed.elapsed();
    println!("measured: first alert of the demo after {:.1} s", rang.as_secs_f64());
    assert!(rang < Duration::from_secs(25), "{rang:?}");
    assert_eq!(window.text(".whose").await, "Demo");

    until("dunst shows a pop-up", || (desk.text("dunstctl", &["count", "displayed"]) != "0").then_some(()));
    desk.photograph("popup-dunst");
    let shown = desk.popups();
    assert!(shown.iter().any(|popup| popup.title == title), "{title:?} among {shown:?}");
    window.photograph("first-alert").await;
    window.close().await;
}
