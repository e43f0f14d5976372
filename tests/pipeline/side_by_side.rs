//! Rules that are well beside rules that are not.

use std::collections::BTreeSet;

use tocsin::{
    alert::{ChangeKind, RULE_PAUSED},
    clock::Clock,
    event::Topic,
    rules::RuleStatus,
    simulator,
    store::{Control, RowBody, Which},
};

use crate::{
    history,
    stand::{Plan, Stand, plain, until},
};

/// Goes round without end on every event that has a field, so not by what was sent.
const ENDLESS: &str = r#"//! Without end
const ON = "security";
fn when(event) { let n = 0; while true { n += 1; } n > 0 }
"#;
/// Fails in every function.
const FAILING: &str = r#"//! Fails
const ON = "security";
fn when(event) { true }
fn key(event) { throw "no key" }
fn title(event) { let big = 9223372036854775807; big + 1 }
fn body(event) { [1, 2][7] }
"#;
const BROKEN: &str = "//! Broken\nconst ON = \"security\";\nfn when(event) { event.ssid == \"x\" && ( }\n";
/// Needs, in every clause, what most of the events do not hold: only a rogue on the wire has a port.
const ABSENT: &str = r#"//! Absent
const ON = "security.rogue";
fn when(event) { event.port[0] == '1' && event.lan_mac[3] == ':' }
fn resolved(event) { [event.port][0] - 1 > event.lan_mac }
fn key(event) { event.port }
"#;
/// Matches all the same, and has nothing to say.
const NAMELESS: &str = r#"//! Nameless
const ON = "security.rogue";
fn when(event) { event.port == () }
fn key(event) { event.lan_mac }
fn title(event) { [event.port][0] * 5 }
fn body(event) { event.port.split('/')[0] + event.lan_mac[1] }
"#;
/// One alert for each event it gets to see.
const FINE: &str = r#"//! Fine
const ON = "security";
fn when(event) { true }
fn key(event) { event.id }
fn title(event) { `seen ${event.id}` }
"#;

#[test]
fn the_fine_rule_never_misses_an_event() {
    let clock = Clock::hurried(30.0);
    let mut stand = Stand::start(Plan {
        simulator: simulator::Options { clock, ..simulator::Options::default() },
        rules: vec![
            ("a/endless", ENDLESS.into()),
            ("b/failing", FAILING.into()),
            ("c/broken", BROKEN.into()),
            ("d/absent", ABSENT.into()),
            ("d/nameless", NAMELESS.into()),
            ("e/fine", FINE.into()),
        ],
        ..Plan::default()
    });
    // It is paused for a minute, runs away again, and is paused for two.
    stand.changed(RULE_PAUSED, ChangeKind::Fired, 2);
    stand.changed(RULE_PAUSED, ChangeKind::Resolved, 2);
    let status = |rule: &str| stand.pipeline().rules().rules.iter().find(|info| info.name == rule).unwrap().status;
    assert_eq!(status("c/broken"), RuleStatus::Broken);
    for rule in ["a/endless", "b/failing", "d/absent", "d/nameless", "e/fine"] {
        assert_eq!(status(rule), RuleStatus::Running, "{rule}");
    }
    stand.stop();

    let data = stand.data();
    let events: BTreeSet<String> = history::events(data).iter().map(|event| event.id.to_string()).collect();
    assert!(events.len() > 50, "{} events are too few to tell", events.len());
    let fired = history::of(data, "e/fine", ChangeKind::Fired);
    let seen: BTreeSet<String> = fired.iter().map(|change| change.event.unwrap().to_string()).collect();
    assert_eq!(seen, events);
    assert_eq!(fired.len(), events.len(), "each once");

    // Each pause is a row, twice as long as the one before, and an alert that ends when the rule runs again.
    let pauses: Vec<_> = history::rows(data)
        .into_iter()
        .filter_map(|row| match row.body {
            RowBody::Control(Control::RulePaused { rule, until: Some(until), reason }) => {
                Some((rule, row.received, until, reason))
            }
            _ => None,
        })
        .collect();
    assert!(pauses.iter().all(|(rule, ..)| &**rule == "a/endless"), "{pauses:?}");
    for ((_, at, until, reason), minutes) in pauses.iter().zip([1, 2]) {
        let long = until.duration_since(*at).as_secs_f64() / 60.0;
        assert!((f64::from(minutes) - 0.3..=f64::from(minutes)).contains(&long), "{minutes}: {long}");
        assert!(reason.contains("too many steps"), "{reason}");
    }
    let alert = &stand.alerts(Which::All, RULE_PAUSED).pop().unwrap();
    assert_eq!((&*alert.key, alert.resolved), ("a/endless", Some(pauses[0].2)));
    assert!(history::of(data, "a/endless", ChangeKind::Fired).is_empty());

    // What fails says so and still raises its alert by the kind's own key and the rule's doc line.
    let failing = stand.alerts(Which::All, "b/failing");
    assert!(failing.iter().all(|alert| &*alert.title == "Fails" && !alert.key.is_empty()));
    assert_eq!(failing.iter().map(|alert| alert.matches).sum::<u64>(), events.len() as u64);
    let other = history::reader(data).stats().unwrap().other;
    let count =
        |name: &str, rule: &str| other.get(name).and_then(|counts| counts.get(rule)).copied().unwrap_or_default();
    assert!(count("failed", "b/failing") >= events.len() as u64, "{other:?}");
    for rule in ["d/absent", "d/nameless"] {
        assert!(count("cannot-tell", rule) > 0 && count("failed", rule) == 0, "{rule}: {other:?}");
    }
    let nameless = stand.alerts(Which::All, "d/nameless");
    assert!(!nameless.is_empty());
    assert!(nameless.iter().all(|alert| &*alert.title == "Nameless" && alert.key.contains(':')), "{nameless:?}");
    stand.end();
}

#[test]
fn a_rule_that_is_mended_runs_again_at_once() {
    let stand = Stand::start(Plan { rules: vec![("r", ENDLESS.into())], ..Plan::default() });
    stand.hears();
    stand.send(crate::frames::rogue(1, b"one"));
    stand.changed(RULE_PAUSED, ChangeKind::Fired, 1);
    // A save that does not compile mends nothing: the version that runs away stays paused.
    stand.save("r", BROKEN);
    until("the broken version is seen", || stand.pipeline().rules().rules[0].status == RuleStatus::LastGood);
    assert!(stand.pipeline().rules().rules[0].paused_until.is_some());
    stand.send(crate::frames::rogue(2, b"two"));
    assert!(history::of(stand.data(), RULE_PAUSED, ChangeKind::Resolved).is_empty());

    stand.save("r", &plain("Mended"));
    stand.changed(RULE_PAUSED, ChangeKind::Resolved, 1);
    until("the mended version is seen", || stand.pipeline().rules().rules[0].paused_until.is_none());
    stand.send(crate::frames::rogue(3, b"three"));
    assert_eq!(&*stand.alerts(Which::Active, "r")[0].title, "Mended 02:aa:00:00:00:03");
    assert_eq!(stand.alerts(Which::Active, RULE_PAUSED).len(), 0);
    stand.end();
}

#[test]
fn what_is_sent_pauses_no_rule() {
    // Long for a long name only.
    let rule = r#"//! Goes through the name
const ON = "security.rogue";
fn when(event) { let n = 0; for letter in event.ssid { for other in event.ssid { n += 1; } } n >= 0 }
fn key(event) { event.rogue_id }
"#;
    let stand =
        Stand::start(Plan { rules: vec![("r", rule.into())], topics: vec![Topic::Security], ..Plan::default() });
    stand.hears();
    stand.send(crate::frames::rogue(1, &[b'x'; 3_000]));
    stand.send(crate::frames::rogue(2, b"short"));
    assert_eq!(stand.alerts(Which::Active, "r").len(), 1);
    assert!(history::of(stand.data(), RULE_PAUSED, ChangeKind::Fired).is_empty());
    assert_eq!(history::reader(stand.data()).stats().unwrap().other["cannot-tell"]["r"], 1);
    stand.end();
}
