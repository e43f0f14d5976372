//! Rules with `SILENT_FOR`: example 13, and what follows from the page's words on absence.

use std::sync::Arc;

use super::*;
use crate::alert::{Expected, MOST_HEARD};

fn silent() -> Policy {
    Policy { resolve_after: None, state: true, silent_for: Some(minutes(15)), ..Policy::default() }
}

fn expecting(keys: &[&str]) -> RuleMeta {
    let expected = |key: &&str| Expected { key: (*key).into(), title: "Never".into(), body: "Body".into(), row: 1 };
    RuleMeta { expected: keys.iter().map(expected).collect(), ..meta("r", silent()) }
}

impl Tried {
    fn heard(&mut self, time: &str, key: &str) -> &mut Self {
        self.seq += 1;
        let found = found("r", key, self.seq);
        self.signal(time, Signal::Heard(found))
    }

    /// As it would go on after a restart.
    fn restarts(&mut self, states: &mut std::collections::BTreeMap<(Arc<str>, Arc<str>), String>) -> &mut Self {
        let saved = self.lifecycle.take_saved();
        for live in saved.live {
            let slot = (live.rule, live.key);
            match live.state {
                Some(state) => drop(states.insert(slot, state)),
                None => drop(states.remove(&slot)),
            }
        }
        if let Some(head) = saved.head {
            states.insert(("".into(), "".into()), head);
        }
        let head = states.get(&("".into(), "".into())).map(String::as_str);
        let live = states.iter().filter(|(slot, _)| !slot.0.is_empty()).map(|(_, state)| state.as_str());
        self.lifecycle = Lifecycle::load(head, live).unwrap();
        self
    }
}

#[test]
fn example_13_deaf_time_does_not_count() {
    let mut tried = Tried::new(silent());
    tried.heard("8:00", "k").hears("8:05", false).hears("8:25", true).until("9:00");
    assert_eq!(tried.told(), ["8:35:00 fired"]);
}

#[test]
fn it_is_over_when_it_is_heard_again_and_begins_anew() {
    let mut tried = Tried::new(silent());
    tried.heard("8:00", "k").heard("8:15", "k").until("8:29:59");
    assert_eq!(tried.told(), [""; 0], "exactly at its deadline is heard in time");
    tried.heard("8:45", "k").until("9:00");
    assert_eq!(tried.told(), ["8:30:00 fired", "8:45:00 resolved heard-again", "9:00:00 fired"]);
}

#[test]
fn it_reminds_while_it_lasts_and_is_forgotten_in_the_end() {
    let mut tried = Tried::new(Policy { remind: vec![minutes(60)], forget_after: minutes(120), ..silent() });
    tried.heard("8:00", "k").until("23:00");
    assert_eq!(tried.told(), ["8:15:00 fired", "9:15:00 reminded", "10:00:00 resolved forgotten"]);
    tried.heard("23:00", "k").until("23:15");
    assert_eq!(tried.told().last().unwrap(), "23:15:00 fired");
}

#[test]
fn what_is_expected_counts_from_when_listening_began() {
    let mut tried = Tried::new(occurrence());
    tried.hears("7:00", false);
    tried.signal("7:30", Signal::Rules(vec![expecting(&["k", "l"])])).hears("8:00", true).heard("8:10", "l");
    tried.until("8:24");
    assert_eq!(tried.story(), ["8:15:00 fired", "8:15:00 notified"]);
    assert_eq!(&*tried.changes[0].title, "Never");
    // It is not forgotten, since it is expected; and when it is not any more, its alert is over.
    tried.signal("8:24:30", Signal::Rules(vec![expecting(&["l"])])).until("8:25");
    assert_eq!(tried.told()[1..], ["8:24:30 resolved not-expected", "8:25:00 fired"]);
}

#[test]
fn a_changed_rule_moves_the_deadline_and_a_rule_that_is_gone_waits_for_nothing() {
    let mut tried = Tried::new(silent());
    let shorter = Policy { silent_for: Some(minutes(10)), ..silent() };
    tried.heard("8:00", "k").signal("8:05", Signal::Rules(vec![meta("r", shorter)])).until("8:12");
    assert_eq!(tried.told(), ["8:10:00 fired"]);
    tried.signal("8:12", Signal::Rules(Vec::new())).until("20:00");
    assert_eq!(tried.told()[1..], ["8:12:00 resolved rule-gone"]);
    assert_eq!(tried.lifecycle.next_deadline(), None);
    let mut tried = Tried::new(silent());
    let off = RuleMeta { enabled: false, ..meta("r", silent()) };
    tried.heard("8:00", "k").signal("8:05", Signal::Rules(vec![off])).until("9:00");
    assert_eq!(tried.told(), [""; 0]);
}

#[test]
fn a_restart_at_any_moment_changes_nothing() {
    let acts: [fn(&mut Tried); 8] = [
        |tried| {
            tried.heard("8:00", "k");
        },
        |tried| {
            tried.hears("8:05", false);
        },
        |tried| {
            tried.heard("8:06", "l");
        },
        |tried| {
            tried.hears("8:25", true);
        },
        |tried| {
            tried.until("8:36");
        },
        |tried| {
            tried.signal("8:37", Signal::Rules(vec![expecting(&["m"])]));
        },
        |tried| {
            tried.heard("8:45", "k");
        },
        |tried| {
            tried.until("23:00");
        },
    ];
    let tell = |restarted: Option<usize>| {
        let mut tried = Tried::new(silent());
        let mut states = std::collections::BTreeMap::new();
        for (place, act) in acts.iter().enumerate() {
            act(&mut tried);
            tried.lifecycle.alerts().count();
            if restarted == Some(place) {
                tried.restarts(&mut states);
            }
        }
        tried.story()
    };
    let whole = tell(None);
    assert_eq!(whole.iter().filter(|line| line.contains("fired")).count(), 4, "{whole:?}");
    for place in 0..acts.len() {
        assert_eq!(tell(Some(place)), whole, "restarted after act {place}");
    }
}

#[test]
fn of_too_many_keys_the_one_heard_longest_ago_goes() {
    let mut tried = Tried::new(silent());
    let mut states = std::collections::BTreeMap::new();
    tried.restarts(&mut states);
    for number in 0..=MOST_HEARD {
        tried.heard(&format!("8:{:02}:{:02}", number / 1200, number / 20 % 60), &format!("k{number:05}"));
    }
    assert_eq!(tried.lifecycle.let_go("r"), 1);
    // That is told after a restart, too.
    tried.restarts(&mut states);
    assert_eq!(tried.lifecycle.let_go("r"), 1);
    tried.until("8:15");
    assert_eq!(tried.changes.iter().find(|change| change.change == ChangeKind::Fired).unwrap().key, "k00001".into());
}
