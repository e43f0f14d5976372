//! Text that no one should ever draw, through the whole pipeline.

use std::time::Duration;

use tocsin::{
    alert::ChangeKind,
    clock::Clock,
    simulator::{self, Fault, hostile::TEXTS},
    store::Which,
};

use crate::{
    command::{Run, Simulate, tocsin},
    history,
    stand::{Plan, Stand, plain, until},
};

/// Whether a terminal may act on it, or it turns its neighbours round, or hides.
fn is_active(letter: char) -> bool {
    letter.is_control() && letter != '\n'
        || matches!(letter, '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

fn inert(what: &str, text: &str) {
    let found: Vec<_> = text.lines().filter(|line| line.chars().any(is_active)).collect();
    assert!(found.is_empty(), "{what}: {found:?}");
}

#[test]
fn what_a_terminal_and_a_script_read_is_inert() {
    for format in ["text", "json"] {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("data");
        let central = Simulate::start(&["--fault", "hostile"]);
        let arguments = [
            "watch",
            "--endpoint",
            &central.endpoint,
            "--topic",
            "security,audit",
            "--key-stdin",
            "--ca",
            &central.ca,
            "--format",
            format,
            "--data",
            data.to_str().unwrap(),
        ];
        let mut watch = Run::start(&arguments, &central.key);
        watch.says(": listening", 2);
        // Every text has its turn in 20 × 0.2 s; each makes a rogue of its own, on the wire.
        until("every hostile rogue has fired", || {
            data.join("tocsin.db").exists()
                && history::of(&data, "security/rogue-on-the-wire", ChangeKind::Fired)
                    .iter()
                    .filter(|change| change.key.starts_with("02:ba:d0:00:00"))
                    .count()
                    == TEXTS.len()
        });
        assert_eq!(watch.end(), 0);
        let (out, err) = (watch.out(), watch.err());
        inert("standard output", &out);
        inert("standard error", &err);
        assert!(out.contains("Rogue AP"));
        if format == "json" {
            for line in out.lines() {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                assert!(line["title"].is_string() && line["rule"].is_string(), "{line}");
            }
        }
        for command in ["alerts", "stats"] {
            let output = tocsin(&[command], &data);
            inert(command, std::str::from_utf8(&output.stdout).unwrap());
        }
        // Rules of audit saw them too, and nothing in the text broke the table it is kept in.
        assert!(!history::of(&data, "audit/wlan-deleted", ChangeKind::Fired).is_empty());
        history::holds(&data);
    }
}

#[test]
fn nobody_hides_by_what_they_call_themselves() {
    let clock = Clock::system();
    let every = plain("Seen");
    let with = plain("With").replace("{ true }", "{ event.ssid.len() >= 0 && event.ssid != \"never\" }");
    let mut stand = Stand::start(Plan {
        simulator: simulator::Options {
            clock,
            story: false,
            faults: vec![Fault::Hostile],
            ..simulator::Options::default()
        },
        rules: vec![("every", every), ("with", with)],
        ..Plan::default()
    });
    until("every text has its alert", || stand.alerts(Which::All, "every").len() == TEXTS.len());
    std::thread::sleep(Duration::from_millis(100));
    stand.stop();
    let without: Vec<_> = TEXTS.iter().filter(|text| text.octets.is_empty()).collect();
    assert!(stand.alerts(Which::All, "with").len() >= TEXTS.len() - without.len());
    let stats = history::reader(stand.data()).stats().unwrap();
    assert!(stats.rejected.is_empty(), "{stats:?}");
    assert!(!stats.other.contains_key("failed"), "{stats:?}");
    stand.end();
}
