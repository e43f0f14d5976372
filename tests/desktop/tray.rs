//! The tray, used through the panel's menu: what fires, the snoozes, the way to the window, the way out.

use crate::{
    bench::{Daemon, Desk, until},
    panel::Panel,
    window::{Window, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn started_hidden_the_tray_tells_and_leads() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let panel = Panel::start(&desk).await;
    let log = std::fs::File::create(desk.log()).expect("a log");
    let mut app = desk.command(env!("CARGO_BIN_EXE_tocsin-desktop"));
    app.args(["--demo", "--hidden"]).stdout(std::process::Stdio::null()).stderr(log);
    desk.keep(&mut app);

    let firing = eventually("the menu names a critical alert", async || {
        let menu = panel.menu().await;
        let words = menu.iter().any(|(_, text)| text.starts_with("Tocsin: ") && text.contains("critical"));
        menu.into_iter().find(|(_, text)| words && text.starts_with("Critical · "))
    })
    .await;
    assert_eq!((desk.windows(), desk.web_views()), (0, 0), "it was started without a window");
    println!("measured: {} MB started hidden", desk.memory());
    eventually("the icon is the octagon", async || {
        let shown = panel.picture().await?;
        let drawn = concat!(env!("CARGO_MANIFEST_DIR"), "/icons/tray/critical-dark.png");
        let compared = desk.run("compare", &["-metric", "AE", &shown.to_string_lossy(), drawn, "null:"]);
        compared.status.success().then_some(())
    })
    .await;

    panel.choose("Snooze pop-ups for 15 min").await;
    eventually("the tray says that pop-ups are snoozed", async || {
        let menu = panel.menu().await;
        menu.iter().any(|(_, text)| text.ends_with("pop-ups snoozed")).then_some(())
    })
    .await;
    panel.choose("Resume pop-ups").await;
    eventually("the snooze is over", async || {
        let menu = panel.menu().await;
        (!menu.is_empty() && !menu.iter().any(|(_, text)| text == "Resume pop-ups")).then_some(())
    })
    .await;

    panel.choose(&firing.1).await;
    until("the window opens", || (desk.windows() == 1).then_some(()));
    panel.choose("Quit").await;
    until("the app is gone", || desk.app().is_none().then_some(()));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_chosen_in_the_tray_is_what_the_window_shows() {
    let mut desk = Desk::start(Daemon::None, true);
    let panel = Panel::start(&desk).await;
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    desk.close_window();
    until("the web view is gone", || (desk.web_views() == 0).then_some(()));

    // The third from the top is not what the window shows by itself.
    let chosen = eventually("three alerts fire", async || {
        let menu = panel.menu().await;
        menu.into_iter().filter(|(_, text)| text.contains(" · ")).nth(2)
    })
    .await;
    panel.choose(&chosen.1).await;
    until("the window is back", || (desk.windows() == 1).then_some(()));
    window.follow_new().await;
    let title = chosen.1.split_once(" · ").expect("a title").1;
    window.read("h2.selectable", title).await;
    window.settle().await;
    window.photograph("from-the-tray").await;
    window.close().await;
}
