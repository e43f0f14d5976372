//! More alerts than anybody can look at.

use std::time::Duration;

use tocsin::{
    alert::{ChangeKind, DIGEST},
    store::Status,
};

use crate::{
    afterwards::{holds, numbered, reader},
    lab::Lab,
    program::until,
};

/// The same frames as the critical rule has, and each an alert of its own.
const STORM: &str = "//! Storm\n\nconst ON = \"security.rogue\";\n\nfn when(event) { event.ssid == \"numbered\" }\n\
    fn key(event) { event.rogue_id }\nfn title(event) { `Storm ${event.rogue_id}` }\n";

#[test]
fn a_storm_is_a_few_pop_ups_and_a_digest_and_hides_nothing_that_is_critical() {
    let Some(lab) = Lab::new(0.0) else { return };
    lab.rule("storm", STORM);
    let mut program = lab.rehearse(20.0, jiff::Timestamp::now());
    program.says("security: listening");
    let feed = lab.feed(Duration::from_millis(20));
    let fired = |rule: &str| {
        let changes = reader(&lab.data).changes(0, 1_000_000).unwrap().into_iter().map(|(_, change)| change);
        changes.filter(|change| &*change.rule == rule && change.change == ChangeKind::Fired).count()
    };
    until("a storm", || fired("storm") >= 60);
    drop(feed);
    until("it is told in one pop-up", || fired(DIGEST) >= 1);
    until("nothing is owed any more", || !reader(&lab.data).stats().unwrap().deliveries.contains_key("owed"));
    assert_eq!(program.end().0, Some(0));
    // No more than five in any minute, which is three seconds here; and each of the critical ones.
    let shown = lab.bus.shown();
    let storms = shown.iter().filter(|shown| shown.title.starts_with("Storm")).count();
    let all = fired("storm");
    assert!((1..=all / 2).contains(&storms), "{storms} of {all} were shown");
    assert!(shown.iter().any(|shown| shown.title.contains("more alerts of storm")), "no digest is shown");
    numbered(&lab.data, &shown);
    let stats = holds(&lab.data);
    assert_eq!(stats.deliveries.get(Status::Failed.name()), None);
}
