//! Pop-ups on a real notification daemon, on a bus and a display of their own.
//!
//! Each test starts its own `dbus-daemon`, `Xvfb` and daemon, and runs the pop-ups in a process of its own (this test
//! binary again, as the subject), for the session bus is found through the environment.
#![cfg(all(unix, not(target_os = "macos")))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a test may fail and say so"
)]

mod desk;
mod subject;

use desk::{Desk, until};
use serde_json::Value;

/// The newest pop-up with that summary that dunst has on the screen or in its history.
fn in_history(desk: &Desk, summary: &str) -> Option<Value> {
    let said = desk.dunstctl(&["history"]);
    let history: Value = serde_json::from_str(&said).ok()?;
    history["data"][0].as_array()?.iter().find(|shown| shown["summary"]["data"] == summary).cloned()
}

#[test]
fn what_is_shown_is_inert_urgent_and_bounded() {
    let Some(desk) = Desk::with_dunst() else { return };
    let mut app = desk.subject();
    let ssid = "<b>edu\u{202e}ro\u{1b}[31mam</b>\0\nfree & \"open\"";
    app.show("a", "critical", &format!("Rogue AP {ssid}"), &format!("{ssid} {}", "x".repeat(300)), false);
    desk.dunstctl(&["close-all"]);
    let shown =
        until("the pop-up is in the history", || in_history(&desk, "Rogue AP <b>eduro[31mam</b> free & \"open\""));
    assert_eq!(desk.urgency("</b> free & \"open\"").split(' ').next(), Some("CRITICAL"));
    assert_eq!(shown["appname"]["data"], "Tocsin");
    assert_eq!(shown["timeout"]["data"], 0, "critical stays");
    let body = shown["body"]["data"].as_str().unwrap();
    assert!(body.starts_with("&lt;b&gt;eduro[31mam&lt;/b&gt; free &amp; "), "{body}");
    assert!(body.ends_with('…'), "{body}");
    app.show("b", "info", "Quiet one", "", false);
    app.show("c", "warning", "Middle one", "", false);
    assert_eq!((desk.urgency("Quiet one"), desk.urgency("Middle one")), ("LOW".to_owned(), "NORMAL".to_owned()));
}

#[test]
fn each_answer_names_its_alert() {
    let Some(desk) = Desk::with_dunst() else { return };
    let mut app = desk.subject();
    for (label, action) in
        [("Acknowledge", "Acknowledge"), ("Snooze 1 h", "Snooze"), ("Open", "Open"), ("default", "Open")]
    {
        let alert = format!("alert-{action}-{}", label.len());
        app.show(&alert, "warning", label, "", false);
        desk.press(label);
        assert_eq!(app.answer(), format!("{action} {alert}"));
    }
    app.show("closed", "warning", "closed by hand", "", false);
    desk.dunstctl(&["close"]);
    assert_eq!(app.answer(), "Dismissed closed");
}

#[test]
fn an_alert_has_one_pop_up_at_a_time() {
    let Some(desk) = Desk::with_dunst() else { return };
    let mut app = desk.subject();
    app.show("one", "critical", "First", "", false);
    app.show("one", "critical", "Second", "×5", true);
    app.show("two", "critical", "Other", "", false);
    assert_eq!(desk.displayed(), 2);
    app.close("one");
    until("only the other one is left", || (desk.displayed() == 1).then_some(()));
    app.close("two");
    until("none is left", || (desk.displayed() == 0).then_some(()));
    assert!(in_history(&desk, "First").is_none(), "it was replaced, not closed");
    app.show("three", "critical", "Third", "", false);
    desk.press("Acknowledge");
    assert_eq!(app.answer(), "Acknowledge three", "closing gave no answer");
}

#[test]
fn a_missing_daemon_is_said_and_a_new_one_is_found() {
    let Some(mut desk) = Desk::new() else { return };
    let mut app = desk.subject();
    assert!(app.try_show("a", "Nobody sees this").starts_with("error: no notification service runs"));
    assert!(app.daemon().starts_with("error: no notification service runs"));
    desk.start_dunst();
    app.show("a", "critical", "Seen", "", false);
    assert!(app.daemon().starts_with("dunst "));
    desk.restart_dunst();
    app.show("b", "critical", "First of the new one", "", false);
    app.show("a", "critical", "Seen again", "", true);
    assert_eq!(desk.displayed(), 2, "a number of the old daemon is not used with the new one");
    desk.press("Open");
    let answer = app.answer();
    assert!(answer == "Open a" || answer == "Open b", "{answer}");
}

#[test]
fn a_flood_of_pop_ups_is_taken_on_one_connection() {
    let Some(desk) = Desk::with_dunst() else { return };
    let mut app = desk.subject();
    let before = desk.connections();
    for n in 0..60 {
        app.show(&format!("a{n}"), "critical", &format!("Pop-up {n}"), "", false);
    }
    assert_eq!(desk.connections(), before + 1, "sixty pop-ups, one connection");
}

#[test]
fn what_was_chosen_sounds_by_its_severity_and_nothing_else_does() {
    let Some(desk) = Desk::with_dunst() else { return };
    let mut app = desk.subject();
    let overheard = desk.overhear();
    let heard = |title: &str| {
        let said = overheard.pop_up(title);
        let name =
            said.split("\"sound-name\"").nth(1).map(|rest| rest.split('"').nth(1).unwrap_or_default().to_owned());
        (name, said.contains("\"suppress-sound\""))
    };
    app.show("a", "critical", "Not chosen", "", false);
    assert_eq!(heard("Not chosen"), (None, true), "off unless chosen");

    app.sound(&["critical", "warning"]);
    app.show("b", "critical", "A critical one", "", false);
    app.show("c", "warning", "A warning", "", false);
    app.show("d", "info", "Not of that severity", "", false);
    assert_eq!(heard("A critical one"), (Some("dialog-error".to_owned()), false));
    assert_eq!(heard("A warning"), (Some("dialog-warning".to_owned()), false));
    assert_eq!(heard("Not of that severity"), (None, true));

    // What is on the screen already was heard, unless it reminds.
    app.show("b", "critical", "The same, three times", "", false);
    assert_eq!(heard("The same, three times"), (None, true));
    app.show("b", "critical", "The same, after an hour", "", true);
    assert_eq!(heard("The same, after an hour"), (Some("dialog-error".to_owned()), false));
}
