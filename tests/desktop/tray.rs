//! The tray, used through the panel's menu: what fires, the snoozes, the way to the window, the way out.

use crate::{
    bench::{Daemon, Desk, until},
    panel::Panel,
    window::eventually,
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
    eventually("the window has drawn the alert", async || {
        // More than one flat colour on the screen.
        let colours = desk.text("identify", &["-format", "%k", &desk.photograph("from-the-tray").to_string_lossy()]);
        (colours.parse::<u32>().ok()? > 200).then_some(())
    })
    .await;

    panel.choose("Quit").await;
    until("the app is gone", || desk.app().is_none().then_some(()));
}
