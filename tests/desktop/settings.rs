//! What Settings tell: how much is stored, what Tocsin is made of, and a file of diagnostics that gives nobody away.

use std::{
    fs,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::{
    bench::{DEADLINE, Daemon, Desk},
    reach::{findings, load_axe},
    window::{Window, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn storage_diagnostics_and_licences_are_there_to_be_seen() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    load_axe(&window).await;
    window.see("[role=option]").await;
    window.go("Settings").await;
    window.click_text("label.sound", "Warning").await;
    let sounds = || async { window.call(json!({ "type": "state" })).await["value"]["settings"]["sounds"].clone() };
    let wanted = json!({ "critical": false, "warning": true, "info": false });
    eventually("warnings sound, and nothing else does", async || (sounds().await == wanted).then_some(())).await;
    window.photograph("settings-sound").await;
    window.click_text(".panes nav button", "Data").await;
    window.read(".numbers", "of 2 GB used").await;
    window.read(".numbers", "of 30 days").await;
    window.read("main table", "presence").await;
    window.click("button[aria-label^='More: keep for so many days']").await;
    let days = || async { window.call(json!({ "type": "state" })).await["value"]["settings"]["keep_days"].clone() };
    eventually("a day more is kept", async || (days().await == 31).then_some(())).await;
    window.read(".numbers", "of 31 days").await;

    window.script("document.activeElement.blur(); return true").await;
    window.press(&[], "d").await;
    window.read(".toasts", "Diagnostics written to").await;
    let folder = desk.home().join(".local/share/tocsin/exports");
    let file = fs::read_dir(&folder).expect("a folder for exports").next().expect("a file").expect("a file").path();
    let text = fs::read_to_string(&file).expect("the file");
    let told: Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!((&told["mode"], &told["settings"]["keep_days"]), (&json!("demo"), &json!(31)));
    assert_eq!(told["counts"]["balances"], true, "{told}");
    let state = window.call(json!({ "type": "state" })).await["value"].clone();
    for secret in [&state["status"]["key"]["customer"], &state["account"]["endpoint"], &state["data_folder"]] {
        let secret = secret.as_str().expect("a text");
        assert!(secret.len() > 4 && !text.contains(secret), "{secret} is in {text}");
    }
    look(&window, "settings-data").await;

    window.click_text(".panes nav button", "About").await;
    window.see(".part-line").await;
    let drawn = window.count(".part-line").await;
    assert!(drawn < 100, "only what is in sight is drawn: {drawn}");
    look(&window, "settings-about").await;
    window.paste_into(".filter input", "uplot").await;
    window.read(".part-line", "MIT").await;
    window.close().await;
}

/// In both themes: axe finds nothing, and a picture.
async fn look(window: &Window, name: &str) {
    for theme in ["dark", "light"] {
        window.choose_theme(theme).await;
        window.settle().await;
        let found = findings(window, &format!("{name}, {theme}")).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
        window.photograph(&format!("{name}-{theme}")).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn rates_are_drawn_in_the_colours_of_the_theme_and_told_in_words() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.see("[role=option]").await;
    window.go("Connections").await;
    let label = window.see(".rate .chart").await.attr("aria-label").await.expect("a label").unwrap_or_default();
    assert!(label.starts_with("Events a minute in the last hour: "), "{label}");
    // The minute under way is not drawn, so it takes the end of one until there is a line.
    let inked = "const canvas = document.querySelector('.rate .chart canvas'); const all = canvas.getContext('2d')\
                 .getImageData(0, 0, canvas.width, canvas.height).data; let sum = [0, 0]; for (let i = 0; i < all.length; \
                 i += 4) if (all[i + 3] > 200) { sum[0] += 1; sum[1] += all[i] } return sum";
    let ink = async || window.script(inked).await;
    let drawn = async || (ink().await[0].as_u64()? > 5).then_some(());
    let begun = Instant::now();
    while drawn().await.is_none() {
        assert!(begun.elapsed() < 2 * DEADLINE, "no line: {}", ink().await);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let mut bright = Vec::new();
    for theme in ["dark", "light"] {
        window.choose_theme(theme).await;
        window.settle().await;
        let sum = ink().await;
        bright.push(sum[1].as_f64().expect("a number") / sum[0].as_f64().expect("a number"));
        window.photograph(&format!("connections-rates-{theme}")).await;
    }
    assert!(bright[0] > bright[1] + 50.0, "ink is light on dark and dark on light: {bright:?}");
    window.close().await;
}
