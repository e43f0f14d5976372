//! Sound frames with odd content: the event has what could be read, and says what could not.

use jiff::{SignedDuration, Timestamp};
use tocsin::{
    decode::{
        self, MAX_TEXT,
        wire::{self, apprf, audit, location, monitoring, presence, security},
    },
    event::{Event, MarkKind, Topic, Value},
};

const SENT: i64 = 1_732_086_400_940_097_743;

fn events(topic: Topic, message: &impl prost::Message) -> Vec<Event> {
    decode::undated_frame(None, 0, &wire::envelope(topic, "customer", SENT, message)).unwrap()
}

fn only(topic: Topic, message: &impl prost::Message) -> Event {
    let mut events = events(topic, message);
    assert_eq!(events.len(), 1);
    events.remove(0)
}

fn rogue(rogue: security::RogueEvent) -> Event {
    let message =
        security::RapidsStreamingEvent { cust_id: Some("customer".into()), rogue: vec![rogue], ids_event: vec![] };
    only(Topic::Security, &message)
}

fn named(ssid: impl Into<Vec<u8>>) -> security::RogueEvent {
    security::RogueEvent {
        rogue_id: Some(security::MacAddress { addr: Some(vec![0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff]) }),
        classification: Some(1),
        ssid: Some(ssid.into()),
        ..security::RogueEvent::default()
    }
}

fn marks(event: &Event) -> Vec<(&str, MarkKind)> {
    event.marks.iter().map(|mark| (mark.field, mark.kind)).collect()
}

#[test]
fn nobody_hides_a_rogue_by_naming_it_in_bad_utf_8() {
    let event = rogue(named(*b"Free\xff\xfeWiFi"));
    assert_eq!(event.get("ssid"), Some("Free\u{fffd}\u{fffd}WiFi".into()));
    assert_eq!(event.get("rogue_id"), Some("aa:bb:cc:dd:ee:ff".into()));
    assert_eq!(marks(&event), [("ssid", MarkKind::NotUtf8)]);
}

#[test]
fn every_octet_survives_in_a_name() {
    for octet in 0..=255_u8 {
        let event = rogue(named(vec![octet; 32]));
        assert_eq!(event.get("classification"), Some(Value::Int(1)));
        assert_eq!(event.get("ssid").unwrap().as_text().unwrap().chars().count(), 32);
    }
}

#[test]
fn markup_and_controls_are_kept_as_they_are() {
    let text = "<b>\u{202e}evil\u{1b}[31m\0\n</b>";
    assert_eq!(rogue(named(text)).get("ssid"), Some(text.into()));
}

#[test]
fn long_text_is_cut_before_a_character() {
    for character in ["x", "é", "無", "😀"] {
        let event = rogue(named(format!("ab{}", character.repeat(MAX_TEXT))));
        let ssid = event.get("ssid").unwrap();
        let ssid = ssid.as_text().unwrap();
        assert!(ssid.len() <= MAX_TEXT && ssid.len() > MAX_TEXT - 4);
        assert!(ssid.ends_with(character));
        assert_eq!(marks(&event), [("ssid", MarkKind::Clipped)]);
    }
    let event = rogue(named(vec![0xff; MAX_TEXT]));
    assert!(event.get("ssid").unwrap().as_text().unwrap().len() <= MAX_TEXT);
    assert_eq!(marks(&event), [("ssid", MarkKind::NotUtf8), ("ssid", MarkKind::Clipped)]);
}

#[test]
fn what_is_required_and_missing_is_absent_and_zero_is_zero() {
    let event = rogue(security::RogueEvent { classification: Some(0), ..named("corp") });
    assert_eq!((event.get("classification"), marks(&event)), (Some(Value::Int(0)), vec![]));
    let event = rogue(security::RogueEvent { classification: None, rogue_id: None, ..named("corp") });
    assert_eq!(event.get("classification"), Some(Value::Absent));
    assert_eq!(marks(&event), [("rogue_id", MarkKind::Missing), ("classification", MarkKind::Missing)]);
    assert_eq!(event.get("no_such_field"), None);
}

#[test]
fn defaults_of_the_definitions_are_not_made_up() {
    let message = monitoring::MonitoringInformation {
        aps: vec![monitoring::Ap { serial: Some("CN1".into()), ..Default::default() }],
        ..Default::default()
    };
    let event = only(Topic::Monitoring, &message);
    assert_eq!(event.get("status"), Some(Value::Absent));
    assert_eq!(event.get("action"), Some(Value::Absent));
    assert_eq!(event.to_json(), serde_json::json!({ "serial": "CN1" }));
}

#[test]
fn addresses_of_odd_length_are_hexadecimal_and_marked() {
    let with = |addr: &[u8]| {
        let rogue_id = Some(security::MacAddress { addr: Some(addr.to_vec()) });
        rogue(security::RogueEvent { rogue_id, ..named("corp") })
    };
    let event = with(&[1, 2, 3]);
    assert_eq!(event.get("rogue_id"), Some("01:02:03".into()));
    assert_eq!(marks(&event), [("rogue_id", MarkKind::OddLength)]);
    assert_eq!(with(&[]).get("rogue_id"), Some("".into()));
    let address = |addr: &[u8]| {
        let client_ip = Some(audit::IpAddress { af: Some(1), addr: Some(addr.to_vec()) });
        only(Topic::Audit, &audit::AuditMessage { client_ip, ..Default::default() })
    };
    assert_eq!(address(&[10, 0, 0, 1]).get("client_ip"), Some("10.0.0.1".into()));
    assert_eq!(address(&[0; 16]).get("client_ip"), Some("::".into()));
    assert_eq!(address(&[10, 0]).get("client_ip"), Some("0a:00".into()));
}

#[test]
fn an_unlisted_enum_number_is_that_number() {
    let notification = monitoring::Notification { severity: Some(9), id: Some("n1".into()), ..Default::default() };
    let message = monitoring::MonitoringInformation { notification: vec![notification], ..Default::default() };
    let event = only(Topic::Monitoring, &message);
    assert_eq!(event.get("severity"), Some(Value::Int(9)));
    assert!(marks(&event).contains(&("severity", MarkKind::Unlisted)));
    // The record's own field, not the event's name.
    assert_eq!(event.get("id"), Some("n1".into()));
}

#[test]
fn numbers_beyond_the_range_are_clipped_and_marked() {
    let session = apprf::ClientFirewallSession { tx_bytes: Some(u64::MAX), ..Default::default() };
    let message = apprf::ApprfSession { client_firewall_session: vec![session], ..Default::default() };
    let event = only(Topic::Apprf, &message);
    assert_eq!(event.get("tx_bytes"), Some(Value::Int(i64::MAX)));
    assert_eq!(marks(&event), [("tx_bytes", MarkKind::Clipped)]);
}

#[test]
fn a_float_is_widened_by_its_shortest_text() {
    let message = location::StreamLocation { sta_location_x: Some(47.15384), ..Default::default() };
    assert_eq!(only(Topic::Location, &message).get("sta_location_x"), Some(Value::Float(47.15384)));
}

#[test]
fn audit_tells_its_kind_by_service_and_flattens_its_content() {
    let audit = |service, message: audit::AuditMessage| only(Topic::Audit, &audit::AuditMessage { service, ..message });
    let with_config = || audit::AuditMessage {
        config_info: Some(audit::Config { data: Some("a".into()), detailed_data: Some("{}".into()) }),
        ..Default::default()
    };
    let event = audit(Some(0), with_config());
    assert_eq!(event.kind.name, "audit.configuration");
    assert_eq!(event.get("data"), Some("a".into()));
    assert_eq!(event.get("detailed_data"), Some("{}".into()));
    // A number of tomorrow, a content that does not fit, a service left out, no content at all.
    let event = audit(Some(7), with_config());
    assert_eq!((event.kind.name, event.get("service")), ("audit.other", Some(Value::Int(7))));
    assert_eq!(event.get("data"), Some("a".into()));
    let event = audit(Some(1), with_config());
    assert_eq!((event.kind.name, event.get("data")), ("audit.firmware", Some("a".into())));
    let dm_info = Some(audit::DeviceManagement { data: Some("b".into()), ..Default::default() });
    let event = audit(None, audit::AuditMessage { dm_info, ..Default::default() });
    assert_eq!((event.kind.name, event.get("data")), ("audit.device_mgmt", Some("b".into())));
    let event = audit(Some(0), audit::AuditMessage { target: Some("t".into()), ..Default::default() });
    assert_eq!((event.kind.name, event.get("data")), ("audit.configuration", Some(Value::Absent)));
    assert!(marks(&event).contains(&("data", MarkKind::Missing)));
}

#[test]
fn a_geofence_is_told_from_a_position_by_its_fields() {
    let mac = || Some(location::MacAddress { addr: Some(vec![1, 2, 3, 4, 5, 6]) });
    let geofence = location::StreamGeofenceNotify {
        geofence_event: Some(1),
        geofence_id: Some("g\u{e9}".into()),
        geofence_name: Some("Lobby".into()),
        sta_eth_mac: mac(),
        associated: Some(true),
        dwell_time: Some(0),
        hashed_sta_eth_mac: None,
    };
    let event = only(Topic::Location, &geofence);
    assert_eq!(event.kind.name, "location.geofence");
    assert_eq!(event.get("geofence_event"), Some("ZONE_OUT".into()));
    assert_eq!(event.get("geofence_id"), Some("gé".into()));
    assert_eq!(event.get("dwell_time"), Some(Value::Int(0)));
    let little = location::StreamGeofenceNotify { sta_eth_mac: mac(), ..Default::default() };
    assert_eq!(only(Topic::Location, &little).kind.name, "location.geofence");
    let position = location::StreamLocation { sta_eth_mac: mac(), ..Default::default() };
    assert_eq!(only(Topic::Location, &position).kind.name, "location.position");
}

#[test]
fn every_list_of_monitoring_is_a_kind_of_its_own() {
    let message = monitoring::MonitoringInformation {
        customer_id: Some("c".into()),
        data_elements: vec![4, 999],
        switches: vec![monitoring::Switch {
            uplink_ports: vec!["1".into(), "2".into()],
            power_supplies: vec![monitoring::HardwareModule { index: Some(1), status: Some(1) }],
            ..Default::default()
        }],
        rogue_events: vec![monitoring::RogueEvent {
            am_rogue: Some(monitoring::AirMonitorRogueInfo { match_type: Some(2), ..Default::default() }),
            network: Some(b"corp\xff".to_vec()),
            ..Default::default()
        }],
        switch_vlan_info: Some(monitoring::SwitchVlanInfo { device_id: Some("d".into()), ..Default::default() }),
        vsx: Some(monitoring::VsxState { role: Some(1), ..Default::default() }),
        ..Default::default()
    };
    let events = events(Topic::Monitoring, &message);
    let names: Vec<_> = events.iter().map(|event| event.kind.name).collect();
    assert_eq!(names, ["monitoring.switch", "monitoring.rogue_event", "monitoring.switch_vlan_info", "monitoring.vsx"]);
    assert_eq!(
        events[0].to_json(),
        serde_json::json!({
            "uplink_ports": ["1", "2"], "power_supplies": [{ "index": 1, "status": "ERROR" }],
            "customer_id": "c", "data_elements": ["STATE_AP", 999],
        })
    );
    assert_eq!(marks(&events[0]), [("data_elements", MarkKind::Unlisted)]);
    assert_eq!(events[1].to_json()["am_rogue"], serde_json::json!({ "match_type": "RAP_MT_ETH_WM" }));
    assert_eq!(events[1].to_json()["network"], "corp\u{fffd}");
}

#[test]
fn the_time_is_the_records_else_the_messages_else_the_envelopes() {
    let stats = |timestamp| monitoring::DeviceStats { timestamp, ..Default::default() };
    let message = monitoring::MonitoringInformation {
        device_stats: vec![stats(Some(1_732_086_300)), stats(None)],
        timestamp: Some(1_732_086_350),
        ..Default::default()
    };
    let times: Vec<_> = events(Topic::Monitoring, &message).iter().map(|event| event.time.as_second()).collect();
    assert_eq!(times, [1_732_086_300, 1_732_086_350]);
    let event = rogue(named("corp"));
    assert_eq!(event.time.to_string(), "2024-11-20T07:06:40.940097743Z");
}

#[test]
fn units_of_time_are_told_apart_by_magnitude() {
    for timestamp in [1_732_086_400, 1_732_086_400_000, 1_732_086_400_000_000, 1_732_086_400_000_000_000] {
        let rssi = presence::PaRssiEvent { rssi: vec![presence::Rssi::default()] };
        let message = presence::PresenceEvent {
            timestamp: Some(timestamp),
            event: Some("pa".into()),
            pa_rssi_event: Some(rssi),
            ..Default::default()
        };
        let event = only(Topic::Presence, &message);
        assert_eq!(event.time.as_second(), 1_732_086_400);
        assert_eq!(event.get("event"), Some("pa".into()));
    }
}

#[test]
fn a_time_nobody_believes_reads_as_received() {
    let received: Timestamp = "2024-11-20T07:06:41Z".parse().unwrap();
    let at = |timestamp: Option<u64>, sent: i64| {
        let rssi = presence::PaRssiEvent { rssi: vec![presence::Rssi::default()] };
        let message = presence::PresenceEvent { timestamp, pa_rssi_event: Some(rssi), ..Default::default() };
        let frame = wire::envelope(Topic::Presence, "customer", sent, &message);
        decode::frame(None, 0, received, &frame).unwrap().remove(0)
    };
    let is_marked = |event: &Event| marks(event).contains(&("time", MarkKind::TimeIsReceived));
    for (timestamp, sent) in [(Some(4_102_444_800), SENT), (Some(1), SENT), (None, 0), (Some(0), -5), (None, i64::MIN)]
    {
        let event = at(timestamp, sent);
        assert_eq!((event.time, is_marked(&event)), (received, true), "{timestamp:?}");
    }
    let day = SignedDuration::from_hours(24);
    let event = at(Some((received - day).as_second() as u64), SENT);
    assert_eq!((event.time, is_marked(&event)), (received - day, false));
    assert!(is_marked(&at(Some((received - day).as_second() as u64 - 1), SENT)));
}

#[test]
fn unknown_fields_are_skipped_and_changed_types_are_left_out() {
    // 100: 1, then `classification` as text, then `ssid`, then a group of old.
    let record = [&[0xa0, 0x06, 0x01, 0x12, 0x01, b'x', 0x32, 0x04][..], b"corp", &[0xfb, 0x07, 0xfc, 0x07]].concat();
    let message = [&[0x12, record.len() as u8][..], &record].concat();
    let frame = [b"\x12\x08security\x1a", &[message.len() as u8][..], &message].concat();
    let events = decode::undated_frame(None, 0, &frame).unwrap();
    assert_eq!(events[0].to_json(), serde_json::json!({ "ssid": "corp" }));
    assert!(marks(&events[0]).contains(&("classification", MarkKind::Unreadable)));
}

#[test]
fn a_message_without_records_gives_no_event_and_no_error() {
    let message = security::RapidsStreamingEvent { cust_id: Some("customer".into()), ..Default::default() };
    assert_eq!(events(Topic::Security, &message).len(), 0);
}

#[test]
fn a_list_of_numbers_may_be_packed_or_not() {
    // `data_elements` packed (STATE_AP, STAT_DEVICE), then one more by itself, then an access point.
    let message = [&[0x12, 0x02, 0x04, 0x0d, 0x10, 0x1f, 0x22, 0x03, 0x12, 0x01][..], b"x"].concat();
    let frame = [b"\x12\x0amonitoring\x1a", &[message.len() as u8][..], &message].concat();
    let events = decode::undated_frame(None, 0, &frame).unwrap();
    let elements = serde_json::json!(["STATE_AP", "STAT_DEVICE", "NOTIFICATIONS"]);
    assert_eq!(events[0].to_json(), serde_json::json!({ "serial": "x", "data_elements": elements }));
}

#[test]
fn a_list_without_end_is_cut_and_marked() {
    let extra = vec![monitoring::KeyValueData::default(); 20_000];
    let message = monitoring::MonitoringInformation {
        notification: vec![monitoring::Notification { extra, ..Default::default() }],
        ..Default::default()
    };
    let event = only(Topic::Monitoring, &message);
    assert!(matches!(event.get("extra"), Some(Value::List(items)) if items.len() == 10_000));
    assert!(marks(&event).contains(&("extra", MarkKind::Clipped)));
}
