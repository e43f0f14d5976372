//! The catalogue of fields is sound, and docs/fields.md is what it says.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use tocsin::{
    decode,
    event::{Field, FieldType, Topic, Value, catalogue},
};

use crate::sample::{self, Sample};

#[test]
fn every_kind_has_a_name_of_its_own_and_fields_to_key_and_tell_by() {
    let names: BTreeSet<_> = catalogue::kinds().iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), catalogue::kinds().len());
    for kind in catalogue::kinds() {
        assert_eq!(catalogue::kind(kind.name), Some(kind));
        assert!(kind.name.starts_with(&format!("{}.", kind.topic)));
        let fields: BTreeSet<_> = kind.fields.iter().map(|field| field.name).collect();
        assert_eq!(fields.len(), kind.fields.len(), "{}", kind.name);
        assert!(!kind.identity.is_empty() && !kind.telling.is_empty(), "{}", kind.name);
        for name in kind.identity.iter().chain(kind.telling) {
            assert!(fields.contains(name), "{}: {name}", kind.name);
        }
    }
    assert!(Topic::ALL.into_iter().all(|topic| catalogue::of_topic(topic).next().is_some()));
}

#[test]
fn the_kinds_are_those_of_the_design() {
    for name in [
        "security.rogue",
        "security.wids",
        "audit.configuration",
        "audit.firmware",
        "audit.device_mgmt",
        "audit.other",
        "presence.client_state",
        "presence.rssi",
        "presence.proximity",
        "location.position",
        "location.geofence",
        "apprf.session",
        "apprf.url",
        "monitoring.ap",
        "monitoring.swarm",
        "monitoring.switch",
        "monitoring.interface",
        "monitoring.notification",
        "monitoring.device_stats",
        "monitoring.wids_event",
        "monitoring.rogue_event",
        "monitoring.device_neighbour",
        "monitoring.switch_vlan_info",
        "monitoring.vsx",
    ] {
        assert!(catalogue::kind(name).is_some(), "{name}");
    }
    // 36 fields of MonitoringInformation hold records.
    assert_eq!(catalogue::of_topic(Topic::Monitoring).count(), 36);
}

#[test]
fn audits_kinds_have_the_same_fields() {
    let names = |kind: &catalogue::Kind| kind.fields.iter().map(|field| field.name).collect::<Vec<_>>();
    let kinds: Vec<_> = catalogue::of_topic(Topic::Audit).map(names).collect();
    assert!(kinds.iter().all(|kind| *kind == kinds[0]));
}

/// The page, from the catalogue.
fn page() -> String {
    let mut page = String::from(
        "# Fields\n\n\
         What a rule can ask of an event, kind by kind. This page is generated from the definitions in `proto/`; a test\n\
         keeps it so (`TOCSIN_WRITE_DOCS=1 cargo test --test wire` writes it anew).\n\n\
         Every event also has `id`, `kind`, `topic`, `time`, `received`, `customer_id` and `msp_id`. A field that is\n\
         absent is `()`. *Required* is what the vendor's definitions say; such a field may be missing all the same. An\n\
         enum's number that the definitions do not list is that number. Fields in *italics* stand in the message around\n\
         the record and belong to each of its records.\n\n\
         The texts behind *such as* are those of the sample messages that Tocsin is tested with. Of them no list is\n\
         published, so others may come: `tocsin export | tocsin decode` shows what your events hold.\n",
    );
    for topic in Topic::ALL {
        let _ = write!(page, "\n## {topic}\n");
        for kind in catalogue::of_topic(topic) {
            let _ = write!(page, "\n### {}\n\n", kind.name);
            let _ = writeln!(page, "Identified by `{}`.\n", kind.identity.join("`, `"));
            page += "| field | type | |\n| --- | --- | --- |\n";
            for field in kind.fields {
                row(&mut page, "", field, &texts(kind.name, field));
            }
        }
    }
    page
}

/// Fields whose texts are the vendor's own words, which a rule asks for.
const WORDS: [&str; 11] = [
    "app_cat",
    "app_name",
    "attack_type",
    "containment_status",
    "data",
    "event",
    "event_type",
    "level",
    "model",
    "radio_band",
    "type",
];

/// The texts that such a field has in the samples.
fn texts(kind: &str, field: &Field) -> BTreeSet<String> {
    if field.ty != FieldType::Text || !WORDS.contains(&field.name) {
        return BTreeSet::new();
    }
    let decoded = |sample: &Sample| decode::frame(Some(sample.topic), 1, sample.sent(), &sample.frame).unwrap();
    let events = sample::all().iter().flat_map(decoded).filter(|event| event.kind.name == kind);
    let texts = events.filter_map(|event| match event.get(field.name) {
        Some(Value::Text(text)) if !text.is_empty() => Some(text.to_string()),
        _ => None,
    });
    texts.collect()
}

fn row(page: &mut String, within: &str, field: &Field, texts: &BTreeSet<String>) {
    let emphasis = if field.around { "*" } else { "" };
    let name = format!("{within}{}", field.name);
    let mut notes = Vec::new();
    if field.required {
        notes.push("required".to_owned());
    }
    if !field.values.is_empty() {
        notes.push(field.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "));
    }
    if !texts.is_empty() {
        let texts: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
        notes.push(format!("such as {}", texts.join(", ")));
    }
    let ty = match field.item {
        Some(item) => format!("list of {}", type_name(item)),
        None => type_name(field.ty).to_owned(),
    };
    let _ = writeln!(page, "| {emphasis}`{name}`{emphasis} | {ty} | {} |", notes.join("; "));
    for nested in field.fields {
        row(page, &format!("{name}."), nested, &BTreeSet::new());
    }
}

fn type_name(ty: FieldType) -> &'static str {
    match ty {
        FieldType::Bool => "true or false",
        FieldType::Int => "whole number",
        FieldType::Float => "number",
        FieldType::Text => "text",
        FieldType::Mac => "MAC",
        FieldType::Address => "IP address",
        FieldType::Enum => "enum",
        FieldType::List => "list",
        FieldType::Map => "map",
    }
}

#[test]
fn the_page_of_fields_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/fields.md");
    if std::env::var_os("TOCSIN_WRITE_DOCS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, page()).unwrap();
    }
    let written = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(written == page(), "docs/fields.md is not what the catalogue says: run with TOCSIN_WRITE_DOCS=1");
}
