//! How much of the log is kept, and what is held back: as the settings in the folder say, or as the command is told.

use std::{path::Path, time::Duration};

use tocsin::{
    alert::Noise,
    clock::Clock,
    event::Topic,
    store::{Control, Outcome, Reader, RowBody, Store},
};

use crate::{command::Run, frames::rogue, history, stand::until};

/// A log that holds one frame of 40 days ago.
fn old(data: &Path) {
    let then = Clock::system().now().checked_sub(Duration::from_hours(40 * 24)).unwrap();
    let mut store = Store::open(data, then).unwrap().store;
    let frame = RowBody::Frame { topic: Topic::Security, bytes: rogue(1, b"x").into() };
    let rows = store.append(vec![frame], then).unwrap();
    store.commit_outcome(&Outcome { cursor: rows[0].seq, ..Outcome::default() }).unwrap();
}

/// How many frames there are, and how many of them are that one.
fn frames(data: &Path) -> (usize, usize) {
    let rows = history::rows(data);
    let frames = rows.iter().filter(|row| matches!(row.body, RowBody::Frame { .. }));
    (frames.clone().count(), frames.filter(|row| row.seq == 1).count())
}

#[test]
fn watch_keeps_what_the_settings_say_unless_it_is_told() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    old(&data);
    std::fs::write(data.join("settings.json"), r#"{"settings": {"keep_days": 365}}"#).unwrap();
    let arguments = ["watch", "--demo", "--data", data.to_str().unwrap()];
    let mut watch = Run::start(&arguments, "");
    until("the demo is heard", || frames(&data).0 > 3);
    assert_eq!(watch.end(), 0);
    let (all, those) = frames(&data);
    assert_eq!(those, 1, "it goes after 30 days, not after a year");
    let mut watch = Run::start(&[&arguments[..], &["--keeps", "35d"]].concat(), "");
    until("it is let go", || frames(&data).1 == 0);
    assert_eq!(watch.end(), 0);
    assert!(frames(&data).0 >= all - 1, "what is younger stays");
}

#[test]
fn watch_tells_of_a_rule_that_looks_further_back_than_the_log() {
    let place = tempfile::tempdir().unwrap();
    let (data, rules) = (place.path().join("data"), place.path().join("rules"));
    std::fs::create_dir(&rules).unwrap();
    let rule = "const ON = \"presence\";\nfn when(event) { first_seen(\"60d\", event.sta_eth_mac) }";
    std::fs::write(rules.join("new.rhai"), rule).unwrap();
    for (keeps, told) in [("30d", true), ("60d", false)] {
        let (data, rules) = (data.to_str().unwrap(), rules.to_str().unwrap());
        let mut watch = Run::start(&["watch", "--demo", "--data", data, "--rules", rules, "--keeps", keeps], "");
        watch.says("listening", 1);
        let said = watch.err().contains("rule new looks 60d back, and the log keeps 30d");
        assert_eq!(said, told, "{}", watch.err());
        assert_eq!(watch.end(), 0);
    }
}

#[test]
fn watch_goes_by_the_zone_and_the_quiet_hours_of_its_folder() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    std::fs::create_dir(&data).unwrap();
    let noise = r#"{"quiet": [{"days": [6, 7], "from": 60, "to": 420}], "limits": {"rule": 2, "all": 3}}"#;
    let settings = format!(r#"{{"settings": {{"zone": "Pacific/Auckland", "noise": {noise}}}}}"#);
    std::fs::write(data.join("settings.json"), settings).unwrap();
    let mut watch = Run::start(&["watch", "--demo", "--data", data.to_str().unwrap()], "");
    // The database may be there before its tables are.
    let rows = || Reader::open(&data).and_then(|reader| reader.rows_after(0, 1_000)).unwrap_or_default();
    until("the demo is heard", || rows().iter().any(|row| matches!(row.body, RowBody::Frame { .. })));
    assert_eq!(watch.end(), 0);
    let controls: Vec<Control> = history::rows(&data)
        .into_iter()
        .filter_map(|row| match row.body {
            RowBody::Control(control) => Some(control),
            _ => None,
        })
        .collect();
    let wanted: Noise = serde_json::from_str(noise).unwrap();
    assert!(controls.iter().any(|control| *control == Control::Noise(wanted.clone())), "{controls:?}");
    let zone =
        |control: &Control| matches!(control, Control::Settings(settings) if settings.zone == "Pacific/Auckland");
    assert!(controls.iter().any(zone), "{controls:?}");
}

#[test]
fn watch_leaves_off_what_is_switched_off_in_its_folder() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("settings.json"), r#"{"rules_off": ["security/rogue-on-the-wire"]}"#).unwrap();
    let mut watch = Run::start(&["watch", "--demo", "--data", data.to_str().unwrap()], "");
    let rows = || Reader::open(&data).and_then(|reader| reader.rows_after(0, 1_000)).unwrap_or_default();
    until("the demo is heard", || rows().iter().any(|row| matches!(row.body, RowBody::Frame { .. })));
    assert_eq!(watch.end(), 0);
    let rules = rows().into_iter().find_map(|row| match row.body {
        RowBody::Control(Control::RuleSet { rules, .. }) => Some(rules),
        _ => None,
    });
    let rules = rules.unwrap();
    assert!(rules.iter().any(|rule| rule.name == "security/rogue-on-the-wire" && !rule.enabled));
    assert!(rules.iter().any(|rule| rule.enabled));
}
