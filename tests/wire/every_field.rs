//! Every field of every message, written at random by prost-reflect from the definitions, reads back as written.

use prost_reflect::{
    DescriptorPool, DynamicMessage, Kind, MessageDescriptor, Value as Wire,
    prost::{Message, bytes::Bytes},
};
use serde_json::{Map, Value, json};
use tocsin::{
    decode::{self, wire::streaming::MsgProto},
    event::Topic,
};

/// Where the records of each kind stand: the topic's message, the fields down to them, the kind.
pub const LISTS: [(&str, &[&str], &str); 43] = [
    ("Security.RapidsStreamingEvent", &["rogue"], "security.rogue"),
    ("Security.RapidsStreamingEvent", &["idsEvent"], "security.wids"),
    ("Presence.presence_event", &["pa_client_state", "presence_client_state"], "presence.client_state"),
    ("Presence.presence_event", &["pa_rssi_event", "rssi"], "presence.rssi"),
    ("Presence.presence_event", &["pa_proximity_event", "proximity"], "presence.proximity"),
    ("Apprf.apprf_session", &["client_firewall_session"], "apprf.session"),
    ("Apprf.apprf_session", &["url_detail_record"], "apprf.url"),
    ("Monitoring.MonitoringInformation", &["swarms"], "monitoring.swarm"),
    ("Monitoring.MonitoringInformation", &["aps"], "monitoring.ap"),
    ("Monitoring.MonitoringInformation", &["networks"], "monitoring.network"),
    ("Monitoring.MonitoringInformation", &["radios"], "monitoring.radio"),
    ("Monitoring.MonitoringInformation", &["vaps"], "monitoring.vap"),
    ("Monitoring.MonitoringInformation", &["interfaces"], "monitoring.interface"),
    ("Monitoring.MonitoringInformation", &["tunnels"], "monitoring.tunnel"),
    ("Monitoring.MonitoringInformation", &["wireless_clients"], "monitoring.wireless_client"),
    ("Monitoring.MonitoringInformation", &["switches"], "monitoring.switch"),
    ("Monitoring.MonitoringInformation", &["wired_clients"], "monitoring.wired_client"),
    ("Monitoring.MonitoringInformation", &["device_stats"], "monitoring.device_stats"),
    ("Monitoring.MonitoringInformation", &["radio_stats"], "monitoring.radio_stats"),
    ("Monitoring.MonitoringInformation", &["interface_stats"], "monitoring.interface_stats"),
    ("Monitoring.MonitoringInformation", &["vap_stats"], "monitoring.vap_stats"),
    ("Monitoring.MonitoringInformation", &["client_stats"], "monitoring.client_stats"),
    ("Monitoring.MonitoringInformation", &["tunnel_stats"], "monitoring.tunnel_stats"),
    ("Monitoring.MonitoringInformation", &["wids_events"], "monitoring.wids_event"),
    ("Monitoring.MonitoringInformation", &["modem_stats"], "monitoring.modem_stats"),
    ("Monitoring.MonitoringInformation", &["role_stats"], "monitoring.role_stats"),
    ("Monitoring.MonitoringInformation", &["vlan_stats"], "monitoring.vlan_stats"),
    ("Monitoring.MonitoringInformation", &["ssid_stats"], "monitoring.ssid_stats"),
    ("Monitoring.MonitoringInformation", &["ipprobe_stats"], "monitoring.ipprobe_stats"),
    ("Monitoring.MonitoringInformation", &["rogue_events"], "monitoring.rogue_event"),
    ("Monitoring.MonitoringInformation", &["mobility_controllers"], "monitoring.mobility_controller"),
    ("Monitoring.MonitoringInformation", &["uplinks"], "monitoring.uplink"),
    ("Monitoring.MonitoringInformation", &["uplink_stats"], "monitoring.uplink_stats"),
    ("Monitoring.MonitoringInformation", &["uplink_wan_stats"], "monitoring.uplink_wan_stats"),
    ("Monitoring.MonitoringInformation", &["uplink_probe_stats"], "monitoring.uplink_probe_stats"),
    ("Monitoring.MonitoringInformation", &["uplink_speedtest"], "monitoring.uplink_speedtest"),
    ("Monitoring.MonitoringInformation", &["device_neighbours"], "monitoring.device_neighbour"),
    ("Monitoring.MonitoringInformation", &["notification"], "monitoring.notification"),
    ("Monitoring.MonitoringInformation", &["switch_stacks"], "monitoring.switch_stack"),
    ("Monitoring.MonitoringInformation", &["ike_tunnels"], "monitoring.ike_tunnel"),
    ("Monitoring.MonitoringInformation", &["switch_vlan_info"], "monitoring.switch_vlan_info"),
    ("Monitoring.MonitoringInformation", &["vlans"], "monitoring.vlan"),
    ("Monitoring.MonitoringInformation", &["vsx"], "monitoring.vsx"),
];

/// The messages that are themselves records.
pub const RECORDS: [&str; 3] = ["Location.stream_location", "Location.stream_geofence_notify", "Audit.audit_message"];

pub fn pool() -> DescriptorPool {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/proto");
    let files =
        ["security", "audit", "presence", "location", "monitoring", "apprf"].map(|name| format!("{name}.proto"));
    DescriptorPool::from_file_descriptor_set(protox::compile(files, [folder]).unwrap()).unwrap()
}

/// A message with each field there or not, by chance (`all`: every field there).
pub fn fill(descriptor: &MessageDescriptor, chance: &mut fastrand::Rng, all: bool) -> DynamicMessage {
    let mut message = DynamicMessage::new(descriptor.clone());
    let address = descriptor.get_field_by_name("addr").is_some();
    for field in descriptor.fields() {
        if !all && !address && chance.u8(0..4) == 0 {
            continue;
        }
        let mut one = || match field.kind() {
            Kind::Bytes if address => {
                let length = if descriptor.get_field_by_name("af").is_none() { 6 } else { 4 << (2 * chance.u8(0..2)) };
                Wire::Bytes((0..length).map(|_| chance.u8(..)).collect())
            }
            Kind::Bytes => Wire::Bytes(Bytes::from(format!("é{}", chance.u32(..)))),
            Kind::String => Wire::String(format!("無{}", chance.u32(..))),
            Kind::Bool => Wire::Bool(chance.bool()),
            Kind::Int32 => Wire::I32(chance.i32(..)),
            Kind::Uint32 => Wire::U32(chance.u32(..)),
            Kind::Uint64 => Wire::U64(chance.u64(..=i64::MAX as u64)),
            Kind::Float => Wire::F32(chance.f32() * 100.0 - 50.0),
            Kind::Double => Wire::F64(chance.f64() * 100.0 - 50.0),
            Kind::Enum(names) => Wire::EnumNumber(chance.choice(names.values()).unwrap().number()),
            Kind::Message(inner) => Wire::Message(fill(&inner, chance, all)),
            other => panic!("no definition has {other:?}"),
        };
        let value = if field.is_list() { Wire::List(vec![one(), one()]) } else { one() };
        message.set_field(&field, value);
    }
    message
}

/// What the event should say of a message.
fn plain(message: &DynamicMessage) -> Map<String, Value> {
    message.fields().map(|(field, value)| (field.name().to_owned(), plain_value(&field.kind(), value))).collect()
}

fn plain_value(kind: &Kind, value: &Wire) -> Value {
    match (kind, value) {
        (_, Wire::List(items)) => items.iter().map(|item| plain_value(kind, item)).collect(),
        (_, Wire::Bool(truth)) => json!(truth),
        (_, Wire::I32(number)) => json!(number),
        (_, Wire::U32(number)) => json!(number),
        (_, Wire::U64(number)) => json!(number),
        (_, Wire::F32(number)) => json!(number.to_string().parse::<f64>().unwrap()),
        (_, Wire::F64(number)) => json!(number),
        (_, Wire::String(text)) => json!(text),
        (_, Wire::Bytes(octets)) => json!(std::str::from_utf8(octets).unwrap()),
        (Kind::Enum(names), Wire::EnumNumber(number)) => json!(names.get_value(*number).unwrap().name()),
        (_, Wire::Message(message)) => match message.get_field_by_name("addr").as_deref() {
            Some(Wire::Bytes(octets)) => json!(address(octets)),
            _ => Value::Object(plain(message)),
        },
        other => panic!("no definition has {other:?}"),
    }
}

fn address(octets: &[u8]) -> String {
    match octets.len() {
        6 => octets.iter().map(|octet| format!("{octet:02x}")).collect::<Vec<_>>().join(":"),
        4 => std::net::Ipv4Addr::from(<[u8; 4]>::try_from(octets).unwrap()).to_string(),
        _ => std::net::Ipv6Addr::from(<[u8; 16]>::try_from(octets).unwrap()).to_string(),
    }
}

/// Kind and fields of every event of a message.
fn events(topic: Topic, message: &DynamicMessage) -> Vec<(String, Value)> {
    let envelope = MsgProto { data: message.encode_to_vec(), timestamp: 1, ..MsgProto::default() };
    let events = decode::undated_frame(Some(topic), 0, &prost::Message::encode_to_vec(&envelope)).unwrap();
    for event in &events {
        // Nothing was lost on the way but what the definitions require and chance left out.
        let unexpected = event.marks.iter().find(|mark| mark.kind != tocsin::event::MarkKind::Missing);
        assert_eq!(unexpected, None, "{}", event.kind.name);
    }
    events.iter().map(|event| (event.kind.name.to_owned(), event.to_json())).collect()
}

pub fn topic(package: &str) -> Topic {
    package.split('.').next().unwrap().to_ascii_lowercase().parse().unwrap()
}

#[test]
fn records_in_lists() {
    let pool = pool();
    for seed in 0..8 {
        let mut chance = fastrand::Rng::with_seed(seed);
        for (name, path, kind) in LISTS {
            let message = fill(&pool.get_message_by_name(name).unwrap(), &mut chance, false);
            let written = plain(&message);
            let is_record = |field: &str| LISTS.iter().any(|(other, path, _)| *other == name && path[0] == field);
            let around = written.iter().filter(|(field, _)| !is_record(field));
            let around: Map<_, _> = around.map(|(field, value)| (field.clone(), value.clone())).collect();
            let records = path.iter().try_fold(&Value::Object(written.clone()), |at, step| at.get(step)).cloned();
            let records = match records {
                Some(Value::Array(records)) => records,
                Some(record) => vec![record],
                None => vec![],
            };
            let whole = |record: Value| {
                let mut fields = around.clone();
                fields.extend(record.as_object().unwrap().clone());
                Value::Object(fields)
            };
            let expected: Vec<_> = records.into_iter().map(whole).collect();
            let found = events(topic(name), &message).into_iter().filter(|(known, _)| known == kind);
            assert_eq!(found.map(|(_, fields)| fields).collect::<Vec<_>>(), expected, "{kind}, seed {seed}");
        }
    }
}

#[test]
fn messages_that_are_records() {
    let pool = pool();
    for seed in 0..40 {
        let mut chance = fastrand::Rng::with_seed(seed);
        for (name, kind) in [("stream_location", "location.position"), ("stream_geofence_notify", "location.geofence")]
        {
            let descriptor = pool.get_message_by_name(&format!("Location.{name}")).unwrap();
            let message = fill(&descriptor, &mut chance, true);
            assert_eq!(events(Topic::Location, &message), [(kind.to_owned(), Value::Object(plain(&message)))]);
        }
        let contents = ["config_info", "firmware_info", "dm_info"];
        let kinds = ["audit.configuration", "audit.firmware", "audit.device_mgmt"];
        let mut message = fill(&pool.get_message_by_name("Audit.audit_message").unwrap(), &mut chance, true);
        let which = chance.usize(0..3);
        message.set_field_by_name("service", Wire::EnumNumber(which as i32));
        let mut fields = plain(&message);
        let own = fields[contents[which]].as_object().unwrap().clone();
        for content in contents {
            fields.remove(content);
        }
        fields.extend(own);
        assert_eq!(events(Topic::Audit, &message), [(kinds[which].to_owned(), Value::Object(fields))]);
    }
}
