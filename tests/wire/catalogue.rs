//! The catalogue of fields is sound, and docs/fields.md is what it says.

use std::{collections::BTreeSet, fmt::Write as _, path::Path};

use tocsin::event::{Field, FieldType, Topic, catalogue};

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
         the record and belong to each of its records.\n",
    );
    for topic in Topic::ALL {
        let _ = write!(page, "\n## {topic}\n");
        for kind in catalogue::of_topic(topic) {
            let _ = write!(page, "\n### {}\n\n", kind.name);
            let _ = writeln!(page, "Identified by `{}`.\n", kind.identity.join("`, `"));
            page += "| field | type | |\n| --- | --- | --- |\n";
            for field in kind.fields {
                row(&mut page, "", field);
            }
        }
    }
    page
}

fn row(page: &mut String, within: &str, field: &Field) {
    let emphasis = if field.around { "*" } else { "" };
    let name = format!("{within}{}", field.name);
    let mut notes = Vec::new();
    if field.required {
        notes.push("required".to_owned());
    }
    if !field.values.is_empty() {
        notes.push(field.values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", "));
    }
    let ty = match field.item {
        Some(item) => format!("list of {}", type_name(item)),
        None => type_name(field.ty).to_owned(),
    };
    let _ = writeln!(page, "| {emphasis}`{name}`{emphasis} | {ty} | {} |", notes.join("; "));
    for nested in field.fields {
        row(page, &format!("{name}."), nested);
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
