//! proto/ → prost types, the field catalogue and the layouts the decoder reads by. No protoc is needed.

#![allow(clippy::print_stdout, clippy::expect_used, reason = "a build script speaks to cargo on standard output")]

use std::{collections::BTreeMap, env, error::Error, fmt::Write as _, fs, path::Path};

use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorSet,
    field_descriptor_proto::{Label, Type},
};

const FILES: [&str; 7] = ["streaming", "security", "audit", "presence", "location", "monitoring", "apprf"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=proto");
    println!("cargo:rerun-if-changed=build.rs");
    let out = env::var("OUT_DIR")?;
    let files = protox::compile(FILES.map(|name| format!("proto/{name}.proto")), ["proto"])?;
    let definitions = Definitions::new(&files);
    let kinds = kinds(&definitions);
    fs::write(Path::new(&out).join("catalogue.rs"), catalogue(&definitions, &kinds))?;
    fs::write(Path::new(&out).join("layouts.rs"), layouts(&definitions, &kinds))?;
    prost_build::Config::new().compile_fds(tolerant(files))?;
    Ok(())
}

/// The same definitions as prost should see them: `required` fields may be missing, and the text of proto2 messages is
/// octets, for its writers check no UTF-8 and one bad octet would cost the whole message.
fn tolerant(mut files: FileDescriptorSet) -> FileDescriptorSet {
    for file in &mut files.file {
        // Comments are addressed by place; after an edit they would stand at the wrong ones.
        file.source_code_info = None;
        if file.syntax() == "proto3" {
            continue;
        }
        for field in file.message_type.iter_mut().flat_map(|message| &mut message.field) {
            if field.label() == Label::Required {
                field.set_label(Label::Optional);
            }
            if field.r#type() == Type::String {
                field.set_type(Type::Bytes);
            }
            field.default_value = None;
        }
    }
    files
}

/// All messages and enums by full name (`.Security.RogueEvent`).
struct Definitions<'a> {
    messages: BTreeMap<String, &'a DescriptorProto>,
    enums: BTreeMap<String, &'a EnumDescriptorProto>,
}

impl<'a> Definitions<'a> {
    fn new(files: &'a FileDescriptorSet) -> Self {
        let (mut messages, mut enums) = (BTreeMap::new(), BTreeMap::new());
        for file in &files.file {
            enums.extend(file.enum_type.iter().map(|item| (format!(".{}.{}", file.package(), item.name()), item)));
            for message in &file.message_type {
                let name = format!(".{}.{}", file.package(), message.name());
                enums.extend(message.enum_type.iter().map(|item| (format!("{name}.{}", item.name()), item)));
                messages.insert(name, message);
            }
        }
        Self { messages, enums }
    }

    fn fields(&self, message: &str) -> &'a [FieldDescriptorProto] {
        &self.messages.get(message).unwrap_or_else(|| panic!("no message {message}")).field
    }

    /// A message that reads as one text: a MAC (only `addr`) or an address (`af` and `addr`).
    fn short_form(&self, message: &str) -> Option<&'static str> {
        let names: Vec<_> = self.fields(message).iter().map(FieldDescriptorProto::name).collect();
        match names[..] {
            ["addr"] => Some("Mac"),
            ["af", "addr"] => Some("Address"),
            _ => None,
        }
    }

    /// The fields of a message that are not themselves records with a kind of their own.
    fn own_fields(&self, message: &str, kinds: &[Kind]) -> Vec<&'a FieldDescriptorProto> {
        let is_record = |field: &&FieldDescriptorProto| {
            kinds.iter().any(|kind| kind.around == message && kind.path[0] == field.name())
        };
        self.fields(message).iter().filter(|field| !is_record(field)).collect()
    }
}

/// A kind of event and where its records are.
struct Kind {
    name: String,
    package: &'static str,
    /// The topic's message; empty where the record is that message.
    around: String,
    /// From there to the records.
    path: Vec<String>,
    record: String,
    identity: Vec<String>,
    telling: Vec<String>,
}

impl Kind {
    fn new(name: &str, package: &'static str, around: &str, path: &str, record: &str, keys: &str, tell: &str) -> Self {
        let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        let full = |message: &str| if message.is_empty() { String::new() } else { format!(".{package}.{message}") };
        let (around, record) = (full(around), full(record));
        Self {
            name: name.into(),
            package,
            around,
            path: words(path),
            record,
            identity: words(keys),
            telling: words(tell),
        }
    }

    fn topic(&self) -> &str {
        self.name.split('.').next().unwrap_or_default()
    }
}

#[rustfmt::skip]
fn kinds(definitions: &Definitions) -> Vec<Kind> {
    let audit = |name: &str, path: &str, record: &str| {
        Kind::new(name, "Audit", "audit_message", path, record, "target data", "username target data group_name")
    };
    let mut kinds = vec![
        Kind::new("security.rogue", "Security", "RapidsStreamingEvent", "rogue", "RogueEvent", "rogue_id", "ssid rogue_id last_det_device port lan_mac"),
        Kind::new("security.wids", "Security", "RapidsStreamingEvent", "idsEvent", "WIDSEvent", "device_id attack_type", "attack_type description detected_ap mac_addr level"),
        audit("audit.configuration", "config_info", "config"),
        audit("audit.firmware", "firmware_info", "firmware"),
        audit("audit.device_mgmt", "dm_info", "device_management"),
        audit("audit.other", "config_info", "config"),
        Kind::new("presence.client_state", "Presence", "presence_event", "pa_client_state presence_client_state", "presence_client_state", "label_id", "label_id state is_associated"),
        Kind::new("presence.rssi", "Presence", "presence_event", "pa_rssi_event rssi", "rssi", "sta_eth_mac", "sta_eth_mac device_id rssi_val associated"),
        Kind::new("presence.proximity", "Presence", "presence_event", "pa_proximity_event proximity", "proximity", "sta_eth_mac", "sta_eth_mac device_id rssi_val associated"),
        Kind::new("location.position", "Location", "", "", "stream_location", "sta_eth_mac", "sta_eth_mac building_id_string floor_id_string sta_location_x sta_location_y"),
        Kind::new("location.geofence", "Location", "", "", "stream_geofence_notify", "sta_eth_mac", "sta_eth_mac geofence_event geofence_name dwell_time"),
        Kind::new("apprf.session", "Apprf", "apprf_session", "client_firewall_session", "client_firewall_session", "client_mac", "user_name app_name dest_ip session_flags tx_bytes rx_bytes"),
        Kind::new("apprf.url", "Apprf", "apprf_session", "url_detail_record", "url_detail_record", "client_mac", "client_mac dest_url_prefix dest_ip hit_count"),
    ];
    const KEYS: [&str; 5] = ["device_id", "serial", "swarm_id", "stack_id", "macaddr"];
    const TELLING: [&str; 29] = [
        "description", "name", "event_type", "attack_type", "type", "severity", "state", "status", "oper_state",
        "device_id", "username", "essid", "network", "detected_ap", "macaddr", "role", "port", "remote_device_id",
        "remote_port", "ip_address", "cpu_utilization", "mem_utilization", "utilization", "loss_pct", "probe_status",
        "upstream_bps", "downstream_bps", "tx_bytes", "rx_bytes",
    ];
    for field in definitions.fields(".Monitoring.MonitoringInformation") {
        if field.r#type() != Type::Message {
            continue;
        }
        let name = match field.name() {
            "switches" => "switch",
            name if name.ends_with("stats") => name,
            name => name.strip_suffix('s').unwrap_or(name),
        };
        let record = field.type_name().rsplit('.').next().unwrap_or_default();
        let has = |name: &&&str| definitions.fields(field.type_name()).iter().any(|field| field.name() == **name);
        let key = KEYS.iter().find(has).copied().unwrap_or("detected_ap");
        let telling: Vec<_> = TELLING.iter().filter(has).take(4).copied().collect();
        kinds.push(Kind::new(&format!("monitoring.{name}"), "Monitoring", "MonitoringInformation", field.name(), record, key, &telling.join(" ")));
    }
    kinds
}

/// `KINDS`: every kind with its fields, the record's first, then those of the message around it.
fn catalogue(definitions: &Definitions, kinds: &[Kind]) -> String {
    let mut text = format!("pub(super) static KINDS: [Kind; {}] = [\n", kinds.len());
    for kind in kinds {
        let mut topic = kind.topic().to_owned();
        topic[..1].make_ascii_uppercase();
        let _ = writeln!(text, "Kind {{ name: {:?}, topic: Topic::{topic}, fields: &[", kind.name);
        for field in definitions.fields(&kind.record) {
            text += &catalogue_field(definitions, field, false);
        }
        for (_, field) in around(definitions, kinds, kind) {
            text += &catalogue_field(definitions, field, true);
        }
        let _ = writeln!(text, "], identity: &{:?}, telling: &{:?} }},", kind.identity, kind.telling);
    }
    text + "];\n"
}

/// The fields of the message around a kind's record that the record does not have, with their places there.
fn around<'a>(definitions: &Definitions<'a>, kinds: &[Kind], kind: &Kind) -> Vec<(usize, &'a FieldDescriptorProto)> {
    if kind.around.is_empty() {
        return Vec::new();
    }
    let record = definitions.fields(&kind.record);
    let fields = definitions.own_fields(&kind.around, kinds).into_iter().enumerate();
    fields.filter(|(_, field)| record.iter().all(|own| own.name() != field.name())).collect()
}

/// The fields of the message around a kind's record that the record has too, by their places there and here.
fn instead(definitions: &Definitions, kinds: &[Kind], kind: &Kind) -> Vec<(usize, usize)> {
    let record = definitions.fields(&kind.record);
    let fields = definitions.own_fields(&kind.around, kinds).into_iter().enumerate();
    let place = |name: &str| record.iter().position(|own| own.name() == name);
    fields.filter_map(|(there, field)| Some((there, place(field.name())?))).collect()
}

fn catalogue_field(definitions: &Definitions, field: &FieldDescriptorProto, around: bool) -> String {
    let (mut ty, mut values, mut numbers, mut nested) = ("Int", Vec::new(), Vec::new(), String::new());
    match field.r#type() {
        Type::Bool => ty = "Bool",
        Type::Float | Type::Double => ty = "Float",
        Type::String | Type::Bytes => ty = "Text",
        Type::Enum => {
            ty = "Enum";
            let all = &definitions.enums[field.type_name()].value;
            values = all.iter().map(EnumValueDescriptorProto::name).collect();
            numbers = all.iter().map(EnumValueDescriptorProto::number).collect();
        }
        Type::Message => {
            ty = definitions.short_form(field.type_name()).unwrap_or("Map");
            if ty == "Map" {
                for field in definitions.fields(field.type_name()) {
                    nested += &catalogue_field(definitions, field, false);
                }
            }
        }
        _ => {}
    }
    let (name, required) = (field.name(), field.label() == Label::Required);
    let (least, most) = bounds(field.r#type());
    let (ty, item) = match field.label() {
        Label::Repeated => ("List", format!("Some(FieldType::{ty})")),
        _ => (ty, "None".into()),
    };
    format!(
        "Field {{ name: {name:?}, ty: FieldType::{ty}, item: {item}, values: &{values:?}, numbers: &{numbers:?}, \
         least: {least}, most: {most}, fields: &[{nested}], required: {required}, around: {around} }},\n"
    )
}

/// The least and the greatest whole number that a field of this type can hold, as rules read it.
const fn bounds(ty: Type) -> (&'static str, &'static str) {
    match ty {
        Type::Int32 | Type::Enum => ("-2_147_483_648", "2_147_483_647"),
        Type::Uint32 => ("0", "4_294_967_295"),
        Type::Uint64 => ("0", "i64::MAX"),
        _ => ("i64::MIN", "i64::MAX"),
    }
}

/// One `Layout` a message and one `Shape` a topic (two for location): how the decoder reads them.
fn layouts(definitions: &Definitions, kinds: &[Kind]) -> String {
    let mut text = String::new();
    for (name, message) in &definitions.messages {
        if name.starts_with(".StreamMessage") || definitions.short_form(name).is_some() {
            continue;
        }
        let fields = definitions.own_fields(name, kinds);
        let places = places(&fields);
        let time = fields.iter().position(|field| field.name() == "timestamp");
        let quick = quick(definitions, &fields);
        let slots: String = fields.into_iter().map(|field| slot(definitions, field)).collect();
        let _ = writeln!(
            text,
            "#[allow(dead_code)]\nstatic {}: Layout = Layout {{ name: {:?}, places: &{places:?}, quick: &[{quick}], time: {time:?}, \
             slots: &[\n{slots}] }};",
            constant(name),
            message.name()
        );
    }
    let mut shapes: Vec<(String, &str, String)> = Vec::new();
    for (index, kind) in kinds.iter().enumerate() {
        if kind.around.is_empty() {
            let name = constant(&format!(".Shape.{}", kind.name.replace('.', "_")));
            let record = format!(
                "Records {{ path: &[], kind: {index}, layout: &{}, around: &[], instead: &[] }}",
                constant(&kind.record)
            );
            shapes.push((name, "None", record));
            continue;
        }
        let numbers = path_numbers(definitions, kind);
        let places: Vec<_> = around(definitions, kinds, kind).iter().map(|(place, _)| *place).collect();
        let instead = instead(definitions, kinds, kind);
        let record = format!(
            "Records {{ path: &{numbers:?}, kind: {index}, layout: &{}, around: &{places:?}, instead: &{instead:?} }},\n",
            constant(&kind.record)
        );
        let name = constant(&format!(".Shape.{}", kind.package));
        match shapes.iter_mut().find(|(known, ..)| *known == name) {
            Some((.., records)) => *records += &record,
            None => shapes.push((name, kind.around.as_str(), record)),
        }
    }
    for (name, message, records) in shapes {
        let around = if message == "None" { message.into() } else { format!("Some(&{})", constant(message)) };
        let _ =
            writeln!(text, "pub(super) static {name}: Shape = Shape {{ around: {around}, records: &[\n{records}] }};");
    }
    text
}

/// By field number, one more than the field's place; 0 where there is no such field.
fn places(fields: &[&FieldDescriptorProto]) -> Vec<u8> {
    let most = fields.iter().map(|field| field.number()).max().unwrap_or(0);
    assert!(most < 256 && fields.len() < 255, "the decoder's tables are for small messages");
    let place = |number| fields.iter().position(|field| field.number() == number);
    (0..=most).map(|number| place(number).map_or(0, |place| place as u8 + 1)).collect()
}

/// By tag, how a field of that number and wire type is mostly written, and its place.
fn quick(definitions: &Definitions, fields: &[&FieldDescriptorProto]) -> String {
    let way = |field: &FieldDescriptorProto| match field.r#type() {
        _ if field.label() == Label::Repeated => None,
        Type::Bool | Type::Int32 | Type::Uint32 | Type::Uint64 | Type::Enum => Some((0, "Varint")),
        Type::Double => Some((1, "Eight")),
        Type::String | Type::Bytes => Some((2, "Text")),
        Type::Message if definitions.short_form(field.type_name()) == Some("Mac") => Some((2, "Mac")),
        Type::Float => Some((5, "Four")),
        _ => None,
    };
    let ways = fields.iter().enumerate();
    let ways: Vec<(usize, &str, usize)> = ways
        .filter_map(|(place, field)| way(field).map(|(wire, way)| ((field.number() as usize) << 3 | wire, way, place)))
        .collect();
    let most = ways.iter().map(|(tag, ..)| *tag).max().unwrap_or(0);
    let entry = |tag: usize| {
        let found = ways.iter().find(|(known, ..)| *known == tag);
        found.map_or("(Quick::No, 0),".to_owned(), |(_, way, place)| format!("(Quick::{way}, {place}),"))
    };
    (0..=most).map(entry).collect()
}

/// The field numbers from the topic's message to a kind's records.
fn path_numbers(definitions: &Definitions, kind: &Kind) -> Vec<i32> {
    let mut message = kind.around.as_str();
    let mut numbers = Vec::new();
    for step in &kind.path {
        let field = definitions.fields(message).iter().find(|field| field.name() == step);
        let field = field.unwrap_or_else(|| panic!("no field {step} in {message}"));
        numbers.push(field.number());
        message = field.type_name();
    }
    assert_eq!(message, kind.record, "{}", kind.name);
    numbers
}

fn slot(definitions: &Definitions, field: &FieldDescriptorProto) -> String {
    let read = match field.r#type() {
        Type::Bool => "Bool".into(),
        Type::Float => "Float".into(),
        Type::Double => "Double".into(),
        Type::Int32 => "Int32".into(),
        Type::Uint32 => "Uint32".into(),
        Type::Uint64 => "Uint64".into(),
        Type::String | Type::Bytes => "Text".into(),
        Type::Enum => {
            let values = &definitions.enums[field.type_name()].value;
            let values: Vec<_> = values.iter().map(|value| (value.number(), value.name())).collect();
            format!("Enum(&{values:?})")
        }
        Type::Message => match definitions.short_form(field.type_name()) {
            Some(short) => short.into(),
            None => format!("Message(&{})", constant(field.type_name())),
        },
        other => panic!("{}: the decoder does not know the type {other:?}", field.name()),
    };
    format!(
        "Slot {{ number: {}, name: {:?}, read: Read::{read}, repeated: {}, required: {} }},\n",
        field.number(),
        field.name(),
        field.label() == Label::Repeated,
        field.label() == Label::Required
    )
}

/// `.Security.RogueEvent` → `SECURITY_ROGUE_EVENT`.
fn constant(name: &str) -> String {
    let mut text = String::new();
    let mut lower = false;
    for letter in name.trim_start_matches('.').chars() {
        if letter.is_ascii_uppercase() && lower {
            text.push('_');
        }
        lower = letter.is_ascii_lowercase();
        text.push(if letter == '.' { '_' } else { letter.to_ascii_uppercase() });
    }
    text
}
