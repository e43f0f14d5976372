//! Rules and lists that change while they run.

use tocsin::{
    alert::{ChangeKind, Reason},
    pipeline::Told,
    rules::RuleStatus,
    store::{Control, RowBody, Which},
};

use crate::{
    frames::{id, rogue},
    history,
    stand::{Plan, Stand, plain, until},
};

const BROKEN: &str = "//! Broken\nconst ON = \"security.rogue\";\nfn when(event) { true";

fn status(stand: &Stand) -> RuleStatus {
    stand.pipeline().rules().rules[0].status
}

fn title(stand: &Stand, number: u32) -> String {
    let alerts = stand.alerts(Which::All, "r");
    alerts.iter().find(|alert| *alert.key == id(number)).map(|alert| alert.title.to_string()).unwrap_or_default()
}

#[test]
fn a_saved_rule_judges_the_next_event() {
    let stand = Stand::start(Plan { rules: vec![("r", plain("Before"))], ..Plan::default() });
    stand.hears();
    stand.send(rogue(1, b"x"));
    assert!(title(&stand, 1).starts_with("Before"));
    for (number, text) in (2..6).zip(["Second", "Third", "Fourth", "Fifth"]) {
        stand.save("r", &plain(text));
        stand.told("the rules changed", |told| matches!(told, Told::Rules).then_some(()));
        stand.send(rogue(number, b"x"));
        assert!(title(&stand, number).starts_with(text), "{}", title(&stand, number));
    }
    stand.end();
}

#[test]
fn a_broken_save_keeps_the_last_good_version_across_restarts() {
    let mut stand = Stand::start(Plan { rules: vec![("r", plain("Good"))], ..Plan::default() });
    stand.hears();
    stand.save("r", BROKEN);
    until("the save is seen", || status(&stand) == RuleStatus::LastGood);
    assert!(!stand.pipeline().rules().rules[0].diagnostics.is_empty());
    stand.send(rogue(1, b"x"));
    assert!(title(&stand, 1).starts_with("Good"));
    for number in 2..4 {
        stand.stop();
        stand.go_on();
        stand.hears();
        assert_eq!(status(&stand), RuleStatus::LastGood);
        stand.send(rogue(number, b"x"));
        assert!(title(&stand, number).starts_with("Good"));
    }
    // The alerts that fired before go on: nobody said that they are over.
    assert_eq!(stand.alerts(Which::Active, "r").len(), 3);
    // Broken otherwise while nothing runs, with another rule beside it.
    stand.stop();
    stand.save("r", &format!("{BROKEN} (("));
    stand.save("s", &plain("Other"));
    stand.go_on();
    stand.hears();
    stand.send(rogue(7, b"x"));
    assert!(title(&stand, 7).starts_with("Good"));
    assert_eq!(stand.alerts(Which::Active, "s").len(), 1);
    let last_good = history::rows(stand.data()).into_iter().rev().find_map(|row| match row.body {
        RowBody::Control(Control::RuleSet { last_good, .. }) => Some(last_good),
        _ => None,
    });
    assert_eq!(last_good.unwrap()["r"], plain("Good"));
    stand.save("r", &plain("Mended"));
    until("the mended version runs", || status(&stand) == RuleStatus::Running);
    stand.send(rogue(8, b"x"));
    assert!(title(&stand, 8).starts_with("Mended"));
    stand.end();
}

#[test]
fn a_list_that_is_edited_counts_from_the_next_event() {
    let rule = plain("Not ours").replace("{ true }", "{ !in_list(\"ours\", event.rogue_id) }");
    let stand = Stand::start(Plan { rules: vec![("r", rule)], ..Plan::default() });
    stand.hears();
    let list = stand.rules.root().join("lists/ours.txt");
    let knows = |length: usize| {
        until("the list is read", || {
            stand.pipeline().rules().lists.get("ours").map_or(0, |list| list.entries().len()) == length
        });
    };
    // Without the list the rule cannot tell, and does not ring.
    stand.send(rogue(1, b"x"));
    std::fs::write(&list, format!("{}\n", id(1))).unwrap();
    knows(1);
    stand.send(rogue(1, b"x"));
    assert!(stand.alerts(Which::All, "r").is_empty());
    stand.send(rogue(2, b"x"));
    assert_eq!(stand.alerts(Which::All, "r").len(), 1);
    std::fs::write(&list, format!("{}\n{}\n", id(1), id(3))).unwrap();
    knows(2);
    stand.send(rogue(3, b"x"));
    assert_eq!(stand.alerts(Which::All, "r").len(), 1);
    std::fs::write(&list, "# none\n").unwrap();
    knows(0);
    stand.send(rogue(1, b"x"));
    assert_eq!(stand.alerts(Which::All, "r").len(), 2);
    stand.end();
}

#[test]
fn an_alert_follows_its_rule() {
    let stand = Stand::start(Plan { rules: vec![("r", plain("First")), ("s", plain("Stays"))], ..Plan::default() });
    stand.hears();
    stand.send(rogue(1, b"x"));
    // Edited while it fires: the same alert goes on, with what the new text says of the next match.
    stand.save("r", &plain("Second").replace("fn when", "const SEVERITY = \"critical\";\nfn when"));
    stand.told("the rules changed", |told| matches!(told, Told::Rules).then_some(()));
    stand.send(rogue(1, b"x"));
    let alerts = stand.alerts(Which::All, "r");
    assert_eq!(alerts.len(), 1);
    assert_eq!((alerts[0].severity.name(), alerts[0].matches), ("critical", 2));
    assert!(alerts[0].title.starts_with("Second"));
    // Deleted: the alert is over, and says why. Its neighbour's is not.
    stand.rules.delete("r").unwrap();
    stand.changed("r", ChangeKind::Resolved, 1);
    assert_eq!(history::of(stand.data(), "r", ChangeKind::Resolved)[0].reason, Reason::RuleGone);
    assert_eq!(stand.alerts(Which::Active, "s").len(), 1);
    assert_eq!(stand.bell.0.lock().unwrap().hushed, [alerts[0].id.clone()]);
    stand.end();
}
