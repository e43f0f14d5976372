//! Every field of every event equals the sample's, reckoned from the sample's JSON without our decoder's tables.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde_json::{Map, Number, Value, json};
use tocsin::{
    decode,
    event::{Event, Topic},
};

use crate::sample::{self, Sample, octets};

/// The kind and the fields of each event that a sample should give.
fn expected(sample: &Sample) -> Vec<(String, Map<String, Value>)> {
    let message = &sample.message;
    let lists: &[(&[&str], &str)] = match sample.topic {
        Topic::Security => &[(&["rogue"], "security.rogue"), (&["idsEvent"], "security.wids")],
        Topic::Presence => &[
            (&["pa_client_state", "presence_client_state"], "presence.client_state"),
            (&["pa_rssi_event", "rssi"], "presence.rssi"),
            (&["pa_proximity_event", "proximity"], "presence.proximity"),
        ],
        Topic::Apprf => &[(&["client_firewall_session"], "apprf.session"), (&["url_detail_record"], "apprf.url")],
        Topic::Monitoring => &[
            (&["aps"], "monitoring.ap"),
            (&["device_stats"], "monitoring.device_stats"),
            (&["notification"], "monitoring.notification"),
        ],
        Topic::Location => return vec![("location.position".into(), plain_map(message))],
        Topic::Audit => return vec![audit(message)],
    };
    let around: Map<_, _> = message
        .iter()
        .filter(|(name, _)| lists.iter().all(|(path, _)| path[0] != *name))
        .map(|(name, value)| (name.clone(), plain(name, value)))
        .collect();
    let mut events = Vec::new();
    for (path, kind) in lists {
        let Some(mut found) = message.get(path[0]) else { continue };
        for step in &path[1..] {
            found = &found[step];
        }
        for record in found.as_array().unwrap() {
            let mut fields = around.clone();
            fields.extend(plain_map(record.as_object().unwrap()));
            events.push(((*kind).to_owned(), fields));
        }
    }
    events
}

fn audit(message: &Map<String, Value>) -> (String, Map<String, Value>) {
    let (kind, sub_message) = match message["service"].as_str().unwrap() {
        "CONFIGURATION" => ("audit.configuration", "config_info"),
        "FIRMWARE" => ("audit.firmware", "firmware_info"),
        "DEVICE_MGMT" => ("audit.device_mgmt", "dm_info"),
        other => panic!("no sample has {other}"),
    };
    let mut fields = plain_map(message);
    if let Some(Value::Object(inside)) = fields.remove(sub_message) {
        fields.extend(inside);
    }
    (kind.into(), fields)
}

fn plain_map(map: &Map<String, Value>) -> Map<String, Value> {
    map.iter().map(|(name, value)| (name.clone(), plain(name, value))).collect()
}

/// Protobuf's JSON as an event has it: addresses as text, 64-bit numbers as numbers.
fn plain(name: &str, value: &Value) -> Value {
    const WIDE: [&str; 9] = [
        "timestamp",
        "tx_bytes",
        "rx_bytes",
        "label_id",
        "label_category_id",
        "uptime",
        "mem_total",
        "mem_free",
        "mem_utilization",
    ];
    match value {
        Value::Object(map) if map.contains_key("af") => json!(address(&octets(&map["addr"]))),
        Value::Object(map) if map.contains_key("addr") => {
            let octets = octets(&map["addr"]);
            json!(octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(":"))
        }
        Value::Object(map) => Value::Object(plain_map(map)),
        Value::Array(items) => items.iter().map(|item| plain(name, item)).collect(),
        Value::String(text) if WIDE.contains(&name) => Value::Number(text.parse::<Number>().unwrap()),
        other => other.clone(),
    }
}

fn address(octets: &[u8]) -> String {
    match octets.len() {
        4 => Ipv4Addr::from(<[u8; 4]>::try_from(octets).unwrap()).to_string(),
        _ => Ipv6Addr::from(<[u8; 16]>::try_from(octets).unwrap()).to_string(),
    }
}

fn decoded(sample: &Sample) -> Vec<Event> {
    decode::frame(Some(sample.topic), 7, sample.sent(), &sample.frame).unwrap()
}

#[test]
fn every_field_of_every_sample_is_as_encoded() {
    let mut count = 0;
    for sample in sample::all() {
        let events: Vec<_> = decoded(sample)
            .iter()
            .map(|event| (event.kind.name.to_owned(), event.to_json().as_object().unwrap().clone()))
            .collect();
        // Lists of one message may be interleaved on the wire; within a kind the order is kept.
        for kind in events.iter().chain(&expected(sample)).map(|(kind, _)| kind) {
            let of = |all: &[(String, Map<String, Value>)]| -> Vec<_> {
                all.iter().filter(|(known, _)| known == kind).map(|(_, fields)| fields.clone()).collect()
            };
            assert_eq!(of(&events), of(&expected(sample)), "{}", sample.name);
        }
        assert_eq!(events.len(), expected(sample).len(), "{}", sample.name);
        count += events.len();
    }
    assert_eq!(count, 353);
}

#[test]
fn every_event_of_a_sample_has_its_place_its_time_and_its_account_and_no_mark() {
    for sample in sample::all() {
        for (place, event) in decoded(sample).iter().enumerate() {
            assert_eq!(event.id.to_string(), format!("7.{place}"));
            assert_eq!(event.topic, sample.topic);
            assert_eq!(event.received, sample.sent());
            assert_eq!(*event.customer_id, *sample.envelope["customer_id"].as_str().unwrap());
            assert_eq!(event.marks, [], "{}", sample.name);
            assert_eq!(event.values.len(), event.kind.fields.len());
            // Messages that say a time say seconds; else it is the envelope's, in nanoseconds.
            let seconds = event.get("timestamp").and_then(|value| value.as_int()).or_else(|| {
                let time = sample.message.get("timestamp")?;
                time.as_i64().or_else(|| time.as_str()?.parse().ok())
            });
            match seconds {
                Some(seconds) if seconds < 100_000_000_000 => assert_eq!(event.time.as_second(), seconds),
                Some(_) => assert!(event.time.duration_since(sample.sent()).as_secs().abs() < 86_400),
                None => assert_eq!(event.time, sample.sent()),
            }
        }
    }
}

#[test]
fn the_envelope_alone_tells_the_topic() {
    for sample in sample::all() {
        let fields = |events: Vec<Event>| events.iter().map(Event::to_json).collect::<Vec<_>>();
        let undated = decode::undated_frame(None, 7, &sample.frame).unwrap();
        assert_eq!(fields(undated), fields(decoded(sample)));
    }
}
