//! The shipped rules on the events they are for, on a quiet day, and on the story that the demo plays.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a test may

mod story;

use std::{collections::BTreeSet, path::Path, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use tocsin::{
    event::{Event, EventId, Value, catalogue},
    rules::{Folder, Outcome, RuleSet, RuleStatus},
};

/// Tuesday, 2025-11-18 at noon, UTC.
const NOON: i64 = 1_763_467_200;

pub fn shipped() -> RuleSet {
    let loaded = Folder::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).load();
    assert_eq!(loaded.problems, []);
    let set = RuleSet::compile(&loaded.rules, loaded.lists, TimeZone::UTC, None);
    for rule in set.rules() {
        assert_eq!(rule.status, RuleStatus::Running, "{}: {:?}", rule.name, rule.diagnostics);
    }
    set
}

/// An event whose fields are written `name=value`; numbers and true and false become such.
fn event(kind: &str, fields: &[&str]) -> Event {
    let kind = catalogue::kind(kind).expect("a kind");
    let mut values = vec![Value::Absent; kind.fields.len()];
    for field in fields {
        let (name, value) = field.split_once('=').unwrap();
        let value = match value {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            number if number.parse::<i64>().is_ok() && name != "id" => Value::Int(number.parse().unwrap()),
            text => Value::Text(text.into()),
        };
        values[kind.field_index(name).unwrap_or_else(|| panic!("{name}"))] = value;
    }
    let time = Timestamp::from_second(NOON).unwrap();
    Event {
        id: EventId { seq: 1, record: 0 },
        kind,
        topic: kind.topic,
        time,
        received: time,
        customer_id: Arc::from("c"),
        msp_id: Arc::from(""),
        values,
        marks: Vec::new(),
    }
}

/// The rules that match; any trouble is a failure of the test.
fn matching(set: &mut RuleSet, event: &Event) -> BTreeSet<String> {
    let outcomes = set.evaluate(event, event.received);
    let matched = outcomes.iter().filter_map(|outcome| match outcome {
        Outcome::Match { rule, title, key, .. } => {
            assert!(!title.contains("()") && !key.is_empty() && title.chars().count() <= 60, "{title} {key}");
            Some(set.rules()[*rule].name.clone())
        }
        Outcome::Resolved { .. } => None,
        other => panic!("{}: {other:?}", event.kind.name),
    });
    matched.collect()
}

#[test]
fn each_fires_on_what_it_is_for() {
    let mut set = shipped();
    let admin = ["username=mira@campus.example", "client_ip=10.20.0.11", "group_name=library"];
    let with = |fields: &[&'static str]| [&admin[..], fields].concat();
    let wids = |attack: &'static str| {
        vec![attack, "detected_ap=CN01", "mac_addr=a6:11:c0:ff:ee:01", "level=high", "radio_band=2.4"]
    };
    let rogue = ["rogue_id=d8:07:b6:5e:1c:40", "last_det_device=LIB-2-AP03", "containment_status=none"];
    let story: Vec<(&str, &str, Vec<&str>)> = vec![
        (
            "security/rogue-on-the-wire",
            "security.rogue",
            [&rogue[..], &["ssid=x", "lan_mac=d8:07:b6:5e:1c:80", "port=1/1/7"]].concat(),
        ),
        ("security/our-network-imitated", "security.rogue", [&rogue[..], &["ssid=eduroam"]].concat()),
        ("security/deauthentication-attack", "security.wids", wids("attack_type=detect_deauth_broadcast")),
        ("security/access-point-spoofed", "security.wids", wids("attack_type=detect_ap_spoofing")),
        ("security/hotspotter", "security.wids", wids("attack_type=detect_hotspotter_attack")),
        ("security/client-with-a-stranger", "security.wids", wids("attack_type=detect_valid_client_misassociation")),
        ("security/flood", "security.wids", wids("attack_type=detect_client_flood")),
        ("audit/wlan-deleted", "audit.configuration", with(&["data=WLAN deleted", "target=campus-staff"])),
        (
            "audit/wlan-opened",
            "audit.configuration",
            with(&[
                "data=WLAN changed",
                "target=campus-guest",
                r#"detailed_data={"wlan": "campus-guest", "security": "open", "was": "wpa3"}"#,
            ]),
        ),
        (
            "audit/firmware-outside-the-window",
            "audit.firmware",
            with(&["data=Firmware upgrade started", "target=CN01"]),
        ),
        (
            "audit/admin-from-elsewhere",
            "audit.configuration",
            vec!["data=Admin login", "username=mira@campus.example", "client_ip=203.0.113.77", "target=portal"],
        ),
        (
            "audit/administrator-added",
            "audit.configuration",
            with(&["data=Admin added", "target=backup-admin@campus.example"]),
        ),
        ("audit/device-removed", "audit.device_mgmt", with(&["data=Device removed", "target=CN01"])),
        (
            "presence/watched-device",
            "presence.rssi",
            vec!["sta_eth_mac=02:de:70:c5:1a:01", "rssi_val=-60", "device_id=CN01"],
        ),
        (
            "presence/watched-device",
            "presence.proximity",
            vec!["sta_eth_mac=02:de:70:c5:1a:01", "rssi_val=-60", "device_id=CN01"],
        ),
        (
            "presence/stay-in-restricted-area",
            "presence.client_state",
            vec!["label_id=104", "state=engaged", "is_label=true"],
        ),
        ("monitoring/access-point-down", "monitoring.ap", vec!["serial=CN01", "name=LIB-2-AP03", "status=DOWN"]),
        (
            "monitoring/central-says-critical",
            "monitoring.notification",
            vec![
                "id=ap-down-1",
                "type=AP_DISCONNECTED",
                "severity=Critical",
                "state=Open",
                "device_id=CN01",
                "description=AP down",
            ],
        ),
    ];
    let mut fired = BTreeSet::new();
    for (rule, kind, fields) in &story {
        assert_eq!(matching(&mut set, &event(kind, fields)), BTreeSet::from([(*rule).to_owned()]), "{fields:?}");
        fired.insert((*rule).to_owned());
    }
    let all: BTreeSet<String> = set.rules().iter().map(|rule| rule.name.clone()).collect();
    assert_eq!(fired, all);
}

#[test]
fn a_quiet_day_is_quiet_and_absent_fields_are_no_trouble() {
    let mut set = shipped();
    let quiet: &[(&str, &[&str])] = &[
        (
            "security.rogue",
            &["rogue_id=d8:07:b6:5e:1c:40", "ssid=FRITZ!Box 7590", "classification=2", "containment_status=none"],
        ),
        (
            "security.rogue",
            &["rogue_id=d8:07:b6:5e:1c:40", "lan_mac=d8:07:b6:5e:1c:80", "containment_status=contained", "ssid=x"],
        ),
        (
            "audit.configuration",
            &["data=Configuration pushed", "username=system", "client_ip=127.0.0.1", "target=CN01"],
        ),
        ("audit.configuration", &["data=Admin login", "username=jonas@campus.example", "client_ip=10.20.0.12"]),
        ("audit.device_mgmt", &["data=Device joined", "username=system", "client_ip=127.0.0.1"]),
        ("audit.firmware", &["data=Firmware compliance checked", "username=system", "client_ip=127.0.0.1"]),
        (
            "audit.firmware",
            &["data=Firmware upgrade scheduled", "username=jonas@campus.example", "client_ip=10.20.0.12"],
        ),
        ("presence.rssi", &["sta_eth_mac=02:de:70:c5:1a:02", "rssi_val=-40", "associated=false"]),
        ("presence.rssi", &["sta_eth_mac=02:de:70:c5:1a:01", "rssi_val=-82", "associated=false"]),
        ("presence.client_state", &["label_id=104", "state=passerby"]),
        ("presence.client_state", &["label_id=101", "state=engaged"]),
        ("monitoring.ap", &["serial=CN01", "status=UP"]),
        ("monitoring.notification", &["id=1", "severity=Critical", "state=Close"]),
        ("monitoring.notification", &["id=1", "severity=Major", "state=Open"]),
    ];
    for (kind, fields) in quiet {
        assert_eq!(matching(&mut set, &event(kind, fields)), BTreeSet::new(), "{kind} {fields:?}");
    }
    for kind in catalogue::kinds() {
        assert_eq!(matching(&mut set, &event(kind.name, &[])), BTreeSet::new(), "{}", kind.name);
    }
}

#[test]
fn a_state_rule_resolves() {
    let mut set = shipped();
    let up = event("monitoring.ap", &["serial=CN01", "status=UP"]);
    let outcomes = set.evaluate(&up, up.received);
    let [Outcome::Resolved { rule, key }] = &outcomes[..] else { panic!("{outcomes:?}") };
    assert_eq!((set.rules()[*rule].name.as_str(), &**key), ("monitoring/access-point-down", "CN01"));
}
