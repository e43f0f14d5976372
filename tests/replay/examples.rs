//! The worked examples of engine time, by their numbers.

use tocsin::decode::wire::monitoring::Status;

use super::log::{Case, at, attack, line, story};

const QUARTER: &str = "const RESOLVE_AFTER = \"15m\";";

#[test]
fn one_a_match_and_nothing_after() {
    let story = Case::occurrence(QUARTER).matches("8:00").story(&[]);
    assert_eq!(story, ["8:00:00 fired", "8:00:00 notified", "8:15:00 resolved not-seen"]);
}

#[test]
fn two_a_match_at_the_very_end_belongs_to_it() {
    let story = Case::occurrence(QUARTER).matches("8:00").matches("8:15").story(&[]);
    assert_eq!(story, ["8:00:00 fired", "8:00:00 notified", "8:30:00 resolved not-seen"]);
}

#[test]
fn three_a_match_after_the_end_begins_anew() {
    let story =
        Case::occurrence(QUARTER).matches("8:00").matches("8:15:01").story(&["--until", "2026-11-24T08:30:00Z"]);
    let expected =
        ["8:00:00 fired", "8:00:00 notified", "8:15:00 resolved not-seen", "8:15:01 fired", "8:15:01 notified"];
    assert_eq!(story, expected);
}

#[test]
fn four_what_the_record_says_does_not_count() {
    let mut case = Case::occurrence(QUARTER).matches("8:00");
    case.log += &line(at("8:15:30"), &attack(at("8:14:50")));
    let expected = [
        "8:00:00 fired",
        "8:00:00 notified",
        "8:15:00 resolved not-seen",
        "8:15:30 fired",
        "8:15:30 notified",
        "8:30:30 resolved not-seen",
    ];
    assert_eq!(case.story(&[]), expected);
}

#[test]
fn seven_an_occurrence_that_holds_fires_at_a_match() {
    let hold = "const RESOLVE_AFTER = \"15m\"; const HOLD = \"5m\";";
    let story = Case::occurrence(hold).matches("8:00").matches("8:04").matches("8:05").story(&[]);
    assert_eq!(story, ["8:05:00 fired", "8:05:00 notified", "8:20:00 resolved not-seen"]);

    let late = || Case::occurrence(hold).matches("8:00").matches("8:16");
    assert_eq!(late().story(&[]), [""; 0]);
    assert_eq!(late().matches("8:20:59").story(&[]), [""; 0]);
    let story = late().matches("8:21").story(&["--until", "2026-11-24T08:30:00Z"]);
    assert_eq!(story, ["8:21:00 fired", "8:21:00 notified"]);
}

#[test]
fn eight_a_state_that_holds_fires_by_timer() {
    let down = || Case::state("const HOLD = \"5m\";").ap("8:00", Status::Down);
    assert_eq!(down().story(&[]), ["8:05:00 fired", "8:05:00 notified"]);
    for up in ["8:04", "8:05"] {
        assert_eq!(down().ap(up, Status::Up).story(&[]), [""; 0], "{up}");
    }
    let story = down().ap("8:05:01", Status::Up).story(&[]);
    assert_eq!(story, ["8:05:00 fired", "8:05:00 notified", "8:05:01 resolved over"]);
}

#[test]
fn nine_a_state_reminds_by_its_schedule_for_as_long_as_asked() {
    let case = Case::state("const REMIND = [\"10m\", \"1h\"];").ap("8:00", Status::Down);
    let expected = [
        "8:00:00 fired",
        "8:00:00 notified",
        "8:10:00 reminded",
        "8:10:00 notified",
        "9:10:00 reminded",
        "9:10:00 notified",
        "10:10:00 reminded",
        "10:10:00 notified",
    ];
    // Timers due at the end are included.
    assert_eq!(case.story(&["--until", "2026-11-24T10:10:00Z"]), expected);
    assert_eq!(case.story(&["--until", "2026-11-24T10:09:59.999999999Z"]), expected[..6]);
    // Without an end, reminders that would go on for ever do not.
    let output = case.run(&[]);
    assert_eq!(story(&output), expected[..2]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("--until"));
}

#[test]
fn ten_an_occurrence_reminds_at_a_match() {
    let case = Case::occurrence("const RESOLVE_AFTER = \"2h\"; const REMIND = \"1h\";");
    let expected =
        ["8:00:00 fired", "8:00:00 notified", "9:00:00 reminded", "9:00:00 notified", "11:00:00 resolved not-seen"];
    assert_eq!(case.matches("8:00").matches("8:30").matches("9:00").story(&[]), expected);
}

#[test]
fn the_end_also_ends_the_log() {
    let case = Case::occurrence(QUARTER).matches("8:00").matches("9:00");
    let story = case.story(&["--until", "2026-11-24T08:15:00Z"]);
    assert_eq!(story, ["8:00:00 fired", "8:00:00 notified", "8:15:00 resolved not-seen"]);
    let story = case.story(&["--until", "2026-11-24T08:14:59Z"]);
    assert_eq!(story, ["8:00:00 fired", "8:00:00 notified"]);
}
