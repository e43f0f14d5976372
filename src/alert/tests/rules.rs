//! Rules that go, change or are paused.

use super::{Tried, at, meta, minutes, occurrence, state};
use crate::{
    alert::{RuleMeta, Signal},
    rules::Policy,
};

#[test]
fn the_alerts_of_a_rule_that_goes_resolve() {
    let off = RuleMeta { enabled: false, ..meta("r", state()) };
    for (rules, end) in [(vec![], "8:10:00 resolved rule-gone"), (vec![off], "8:10:00 resolved rule-off")] {
        let mut tried = Tried::new(state());
        tried.matches("8:00").signal("8:10", Signal::Rules(rules));
        assert_eq!(tried.told(), ["8:00:00 fired", end]);
    }
}

#[test]
fn a_changed_rule_moves_the_deadlines_of_its_alerts() {
    let mut tried = Tried::new(occurrence());
    tried.matches("8:00");
    let longer = Policy { resolve_after: Some(minutes(30)), ..occurrence() };
    tried.signal("8:10", Signal::Rules(vec![meta("r", longer)])).until("8:29:59");
    assert_eq!(tried.told(), ["8:00:00 fired"]);
    let shorter = Policy { resolve_after: Some(minutes(5)), ..occurrence() };
    tried.signal("8:29:59", Signal::Rules(vec![meta("r", shorter)])).until("8:30");
    // Its time was over before the rule said so: it ends now, not in the past.
    assert_eq!(tried.told(), ["8:00:00 fired", "8:29:59 resolved not-seen"]);
}

#[test]
fn a_paused_rule_says_so_and_ends_nothing_meanwhile() {
    let mut tried = Tried::new(occurrence());
    let pause = |until| Signal::RulePaused { rule: "r".into(), until, reason: "It ran too long.".into(), row: 9 };
    tried.matches("8:00").signal("8:10", pause(Some(at("9:10")))).until("9:15");
    let told: Vec<_> = tried.changes.iter().filter(|change| change.reason.name() != "").collect();
    assert_eq!(told.len(), 2);
    assert_eq!((&*told[0].rule, &*told[0].key, told[0].time), ("tocsin/rule-paused", "r", at("9:10")));
    assert_eq!((&*told[1].rule, told[1].time), ("r", at("9:15")));
    assert_eq!(tried.lifecycle.paused_until("r"), None);
}
