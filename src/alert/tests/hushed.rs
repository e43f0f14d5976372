//! Acknowledge, snooze, and pop-ups turned off.

use super::{Tried, at, minutes, occurrence, state};
use crate::{alert::Signal, rules::Policy};

#[test]
fn an_acknowledged_alert_is_silent_and_stays() {
    let mut tried = Tried::new(Policy { remind: vec![minutes(10)], ..state() });
    tried.matches("8:00");
    let alert = tried.alert();
    tried.signal("8:01", Signal::Acknowledge { alert: alert.clone(), by: "ann".into() }).until("8:10");
    assert_eq!(&*tried.lifecycle.alerts().next().unwrap().acknowledged_by, "ann");
    tried.signal("8:11", Signal::Unacknowledge { alert }).until("8:20");
    assert_eq!(
        tried.story(),
        [
            "8:00:00 fired",
            "8:00:00 notified",
            "8:01:00 acknowledged",
            "8:10:00 reminded",
            "8:10:00 suppressed acknowledged",
            "8:11:00 unacknowledged",
            "8:20:00 reminded",
            "8:20:00 notified",
        ]
    );
    tried.resolves("8:21").matches("8:22");
    // It ended: what begins anew is not acknowledged.
    assert_eq!(tried.story()[8..], ["8:21:00 resolved over", "8:22:00 fired", "8:22:00 notified"]);
}

#[test]
fn a_snoozed_alert_that_still_fires_says_so_when_the_snooze_is_over() {
    let mut tried = Tried::new(Policy { resolve_after: Some(minutes(120)), ..occurrence() });
    tried.matches("8:00");
    let alert = tried.alert();
    tried.signal("8:05", Signal::Snooze { alert: Some(alert), until: Some(at("9:05")) }).until("9:05");
    assert_eq!(
        tried.story()[2..],
        ["8:05:00 snoozed", "9:05:00 unsnoozed", "9:05:00 reminded snooze-over", "9:05:00 notified"]
    );
}

#[test]
fn what_fires_while_everything_is_snoozed_speaks_afterwards() {
    let mut tried = Tried::new(state());
    tried.signal("7:55", Signal::Snooze { alert: None, until: Some(at("8:55")) }).matches("8:00").until("9:00");
    assert_eq!(
        tried.story(),
        ["8:00:00 fired", "8:00:00 suppressed snoozed-all", "8:55:00 reminded snooze-over", "8:55:00 notified"]
    );
    assert_eq!(tried.lifecycle.snoozed_all(), None);
}

#[test]
fn pop_ups_turned_off_are_counted_as_such() {
    let mut tried = Tried::new(state());
    tried.signal("7:55", Signal::Notifications(false)).matches("8:00");
    assert_eq!(tried.story(), ["8:00:00 fired", "8:00:00 suppressed notifications-off"]);
}
