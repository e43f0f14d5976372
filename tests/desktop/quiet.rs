//! What a person does against noise, in the real window: a silence from an alert, snoozes, quiet hours, maintenance.

use std::time::{Duration, Instant};

use fantoccini::key::Key;
use serde_json::json;

use crate::{
    bench::{Daemon, Desk},
    reach::{findings, load_axe},
    window::{Window, eventually},
};

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_is_silenced_and_the_silence_is_ended_and_taken_back() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    load_axe(&window).await;
    window.click("[role=option].firing").await;
    let title = window.read("article.detail h2", " ").await;
    window.press(&[], "s").await;

    // The form is filled in, and says what it would have hidden: the alert's own pop-up at least.
    window.see("dialog[open] textarea").await;
    window.read("dialog .subject", &title).await;
    window.read("dialog .numbers", "hidden of").await;
    window.read("dialog tbody", "this one").await;
    for theme in ["dark", "light"] {
        window.choose_theme(theme).await;
        axe_finds_nothing(&window, &format!("a silence, {theme}")).await;
    }
    window.photograph("silence").await;
    // Its words are selected, so that typing replaces them.
    window.press(&[], "New carpet").await;
    window.press(&[Key::Control], "\u{e007}").await;
    window.read(".toasts", "Silenced").await;
    window.see("[role=option].silenced[aria-selected=true]").await;
    window.read("article.detail .hushed", "New carpet").await;
    window.read("footer.bar", "1 silence").await;
    window.photograph("silenced").await;

    window.click_text("footer.bar button, footer.bar a", "1 silence").await;
    window.read("main table", "New carpet").await;
    axe_finds_nothing(&window, "silences").await;
    window.photograph("silences").await;
    window.click_text("main table button", "End").await;
    window.read("main", "Nothing is silenced").await;
    // The last thing done is what is taken back.
    window.press(&[Key::Control], "z").await;
    window.read("main table", "New carpet").await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn several_alerts_are_silenced_in_one_dialog_and_taken_back_at_once() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    load_axe(&window).await;
    eventually("several fire", async || (window.count("[role=option].firing").await >= 3).then_some(())).await;
    window.click("[role=option].firing").await;
    window.press(&[], "x").await;
    for picked in ["1", "2"] {
        window.read(".picked", picked).await;
        window.press(&[], "j").await;
        window.press(&[], "x").await;
    }
    window.read(".picked", "3").await;
    window.photograph("alerts-picked").await;
    window.press(&[], "s").await;
    window.see("dialog[open] .several li:nth-child(3)").await;
    window.read("dialog .numbers", "hidden of").await;
    for (width, height) in [(900, 600), (1280, 800)] {
        window.resize(width, height).await;
        for theme in ["dark", "light"] {
            window.choose_theme(theme).await;
            axe_finds_nothing(&window, &format!("a silence of several, {theme}")).await;
            window.photograph(&format!("silence-several-{theme}-{width}x{height}")).await;
        }
    }
    window.press(&[Key::Control], "\u{e007}").await;
    window.read(".toasts", "3 alerts silenced").await;
    window.read("footer.bar", "3 silences").await;
    assert_eq!(window.count(".picked").await, 0, "they are done with");
    window.press(&[Key::Control], "z").await;
    eventually("all three are taken back", async || {
        (!window.text("footer.bar").await.contains("silence")).then_some(())
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_alert_and_all_pop_ups_are_snoozed_for_as_long_as_was_asked() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    window.click("[role=option].firing").await;
    window.press(&[Key::Shift], "Z").await;
    window.read(".toasts", "1 snoozed until tomorrow 07:30").await;
    window.see("[role=option].snoozed[aria-selected=true]").await;
    window.read("article.detail header", "tomorrow 07:30").await;

    window.click("article.detail button[aria-haspopup=menu]").await;
    window.photograph("snooze-menu").await;
    window.click_text("article.detail [role=menuitem]", "Snooze 15 min").await;
    eventually("snoozed for a quarter of an hour", async || {
        let header = window.text("article.detail header").await;
        (header.contains("Snoozed") && !header.contains("tomorrow")).then_some(())
    })
    .await;

    window.press(&[Key::Control, Key::Shift], "Z").await;
    window.read("footer.bar", "No pop-ups until").await;
    window.press(&[Key::Alt], "w").await;
    eventually("pop-ups are back", async || {
        (!window.text("footer.bar").await.contains("No pop-ups until")).then_some(())
    })
    .await;
    window.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn quiet_hours_and_maintenance_are_set_and_the_settings_say_what_they_would_have_done() {
    let mut desk = Desk::start(Daemon::Dunst, true);
    let window = Window::open(&mut desk, &["--demo"]).await;
    load_axe(&window).await;
    window.see("[role=option]").await;
    window.go("Settings").await;
    window.read(".account", "pop-ups shown").await;
    window.read(".account", "Where every match went").await;

    window.click_text("main button", "Weeknights").await;
    window.read("main .said", "Mon to Fri 00:00 to 07:30 and 18:00 to 24:00; Sat, Sun all day.").await;
    window.read(".account .cost", "The last change").await;
    let noise = || async { window.call(json!({ "type": "state" })).await["value"]["settings"]["noise"].clone() };
    eventually("they are kept", async || (noise().await["quiet"].as_array()?.len() == 3).then_some(())).await;

    // The keyboard paints too: Monday, 09:00 to 10:00.
    window.script("document.querySelector('[role=grid]').focus(); return true").await;
    window.press(&[Key::Shift], "\u{e014}").await;
    window.press(&[], " ").await;
    window.read("main .said", "09:00 to 10:00").await;
    window.click_text(".toasts button", "Undo").await;
    eventually("it is taken back", async || (!window.text("main .said").await.contains("09:00")).then_some(())).await;

    window.click_text("main button", "Add a window").await;
    window.type_into("dialog input[id$=name]", "Core update").await;
    window.click("dialog button[aria-label=Wednesday]").await;
    window.type_into("dialog input[id$=rule]", "monitoring/*").await;
    axe_finds_nothing(&window, "a maintenance window").await;
    window.photograph("maintenance").await;
    window.press(&[Key::Control], "\u{e007}").await;
    window.read("main", "Wed 22:00 to 02:00").await;
    let kept = eventually("it is kept", async || noise().await["maintenance"].as_array()?.first().cloned()).await;
    assert_eq!((&kept["name"], &kept["matchers"]["rule"]), (&json!("Core update"), &json!("monitoring/*")));
    axe_finds_nothing(&window, "quiet hours").await;
    window.photograph("quiet-hours").await;
    window.close().await;
}

/// Nothing, once the colours of a theme that was just chosen have come.
async fn axe_finds_nothing(window: &Window, what: &str) {
    let begun = Instant::now();
    loop {
        let found = findings(window, what).await;
        if found.is_empty() {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{}", found.join("\n"));
    }
}
