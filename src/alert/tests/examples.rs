//! The worked examples, by their numbers.

use super::{Tried, at, minutes, occurrence, state};
use crate::rules::Policy;

#[test]
fn one_a_match_and_nothing_after() {
    let mut tried = Tried::new(occurrence());
    tried.matches("8:00");
    assert_eq!(tried.lifecycle.next_deadline(), Some(at("8:15")));
    tried.until("8:15:01");
    assert_eq!(tried.story(), ["8:00:00 fired", "8:00:00 notified", "8:15:00 resolved not-seen"]);
    assert_eq!(tried.lifecycle.next_deadline(), None);
}

#[test]
fn two_a_match_at_the_very_end_belongs_to_it() {
    let mut tried = Tried::new(occurrence());
    tried.matches("8:00").matches("8:15").until("9:00");
    assert_eq!(tried.told(), ["8:00:00 fired", "8:30:00 resolved not-seen"]);
}

#[test]
fn three_a_match_after_the_end_begins_anew() {
    let mut tried = Tried::new(occurrence());
    tried.matches("8:00").matches("8:15:01").until("8:20");
    assert_eq!(tried.told(), ["8:00:00 fired", "8:15:00 resolved not-seen", "8:15:01 fired"]);
}

#[test]
fn four_only_the_stamp_counts() {
    // The record says 8:14:50; a signal has no place for that.
    let mut tried = Tried::new(occurrence());
    tried.matches("8:00").matches("8:15:30").until("8:20");
    assert_eq!(tried.told(), ["8:00:00 fired", "8:15:00 resolved not-seen", "8:15:30 fired"]);
}

#[test]
fn seven_an_occurrence_that_holds_fires_at_a_match() {
    let policy = Policy { hold: Some(minutes(5)), ..occurrence() };
    let mut tried = Tried::new(policy.clone());
    tried.matches("8:00").matches("8:04").matches("8:05");
    assert_eq!(tried.story(), ["8:00:00 pending held", "8:05:00 fired", "8:05:00 notified"]);

    let mut tried = Tried::new(policy);
    tried.matches("8:00").matches("8:16").until("8:20:59");
    assert_eq!(tried.story(), ["8:00:00 pending held", "8:15:00 dropped not-seen", "8:16:00 pending held"]);
    tried.matches("8:21");
    assert_eq!(tried.told(), ["8:15:00 dropped not-seen", "8:21:00 fired"]);
}

#[test]
fn eight_a_state_that_holds_fires_by_timer() {
    let policy = Policy { hold: Some(minutes(5)), ..state() };
    let mut tried = Tried::new(policy.clone());
    tried.matches("8:00").until("9:00");
    assert_eq!(tried.told(), ["8:05:00 fired"]);

    for up in ["8:04", "8:05"] {
        let mut tried = Tried::new(policy.clone());
        tried.matches("8:00").resolves(up).until("9:00");
        assert_eq!(tried.story(), ["8:00:00 pending held".to_owned(), format!("{up}:00 dropped over")]);
    }
}

#[test]
fn nine_a_state_reminds_by_its_schedule() {
    let mut tried = Tried::new(Policy { remind: vec![minutes(10), minutes(60)], ..state() });
    tried.matches("8:00").until("10:59");
    assert_eq!(tried.told(), ["8:00:00 fired", "8:10:00 reminded", "9:10:00 reminded", "10:10:00 reminded"]);
    tried.resolves("11:00").until("15:00");
    assert_eq!(tried.told().last().unwrap(), "11:00:00 resolved over");
}

#[test]
fn ten_an_occurrence_reminds_at_a_match() {
    let mut tried = Tried::new(Policy { remind: vec![minutes(60)], resolve_after: Some(minutes(120)), ..occurrence() });
    tried.matches("8:00").matches("8:30").matches("9:00").until("10:59");
    assert_eq!(tried.told(), ["8:00:00 fired", "9:00:00 reminded"]);
}

#[test]
fn eleven_deaf_time_does_not_count_towards_an_end() {
    let mut tried = Tried::new(Policy { resolve_after: Some(minutes(15)), ..occurrence() });
    tried.matches("8:00").hears("8:10", false).until("9:09");
    assert_eq!(tried.lifecycle.next_deadline(), None);
    // The specification's figures: ten minutes before, five after.
    tried.hears("9:10", true).until("12:00");
    assert_eq!(tried.told(), ["8:00:00 fired", "9:15:00 resolved not-seen"]);
}
