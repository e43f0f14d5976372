//! What the operator does to alerts.

use jiff::{SignedDuration, Timestamp};
use tocsin::{
    alert::{ChangeKind, Reason},
    pipeline::Input,
    store::{Control, Which},
};

use crate::{
    frames::{id, rogue},
    history,
    stand::{Plan, Stand, plain, until},
};

/// Reminds at every match.
fn insistent() -> String {
    plain("Seen").replace("fn when", "const REMIND = \"1s\";\nfn when")
}

#[test]
fn what_was_acknowledged_and_snoozed_stays_so_after_a_restart() {
    let mut stand = Stand::start(Plan { rules: vec![("r", insistent())], ..Plan::default() });
    stand.hears();
    for number in 1..4 {
        stand.send(rogue(number, b"x"));
    }
    let alert = |stand: &Stand, number: u32| {
        stand.alerts(Which::Active, "r").into_iter().find(|alert| *alert.key == id(number)).unwrap()
    };
    let until_then = Timestamp::now() + SignedDuration::from_hours(1);
    stand.input(Input::Control(Control::Acknowledge { alert: alert(&stand, 1).id, by: "mira".into() }));
    stand.input(Input::Control(Control::Snooze { alert: Some(alert(&stand, 2).id), until: Some(until_then) }));
    stand.changed("r", ChangeKind::Acknowledged, 1);
    stand.changed("r", ChangeKind::Snoozed, 1);
    let hushed = || stand.bell.0.lock().unwrap().hushed.clone();
    until("their pop-ups are taken away", || hushed() == [alert(&stand, 1).id, alert(&stand, 2).id]);

    stand.stop();
    stand.go_on();
    stand.hears();
    assert_eq!(&*alert(&stand, 1).acknowledged_by, "mira");
    assert_eq!(alert(&stand, 2).snoozed_until.map(Timestamp::as_second), Some(until_then.as_second()));
    std::thread::sleep(std::time::Duration::from_millis(1_100));
    for number in 1..4 {
        stand.send(rogue(number, b"x"));
    }
    // All three speak again, and only one of them is shown.
    stand.changed("r", ChangeKind::Reminded, 3);
    let held_back: Vec<_> = history::of(stand.data(), "r", ChangeKind::Suppressed)
        .into_iter()
        .map(|change| (change.key.to_string(), change.reason))
        .collect();
    assert_eq!(held_back, [(id(1), Reason::Acknowledged), (id(2), Reason::Snoozed)]);
    until("the third is shown again", || stand.bell.0.lock().unwrap().shown.len() == 4);
    let shown = stand.bell.0.lock().unwrap().shown.clone();
    assert_eq!(shown.iter().map(|owed| owed.reminder).collect::<Vec<_>>(), [false, false, false, true]);
    assert_eq!(shown[3].alert, alert(&stand, 3).id);
    stand.end();
}

#[test]
fn snoozing_everything_survives_a_restart_and_says_afterwards_what_still_fires() {
    let mut stand = Stand::start(Plan { rules: vec![("r", plain("Seen"))], ..Plan::default() });
    stand.hears();
    let until_then = Timestamp::now() + SignedDuration::from_secs(4);
    stand.input(Input::Control(Control::Snooze { alert: None, until: Some(until_then) }));
    stand.send(rogue(1, b"x"));
    stand.stop();
    assert!(stand.bell.0.lock().unwrap().shown.is_empty());
    assert_eq!(history::of(stand.data(), "r", ChangeKind::Suppressed)[0].reason, Reason::SnoozedAll);
    stand.go_on();
    stand.changed("r", ChangeKind::Reminded, 1);
    let reminded = &history::of(stand.data(), "r", ChangeKind::Reminded)[0];
    assert_eq!(reminded.reason, Reason::SnoozeOver);
    assert_eq!(reminded.time.as_second(), until_then.as_second());
    until("it is shown now", || stand.bell.0.lock().unwrap().shown.len() == 1);
    stand.end();
}
