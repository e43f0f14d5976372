//! A stretch of the log taken along, as it is or with other names, and played again.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::{Command, Output},
    time::Duration,
};

use jiff::Timestamp;
use tocsin::{
    alert::{Judge, Matchers, Verdict},
    decode,
    event::{FieldType, Topic, Value},
    pipeline::replay::JsonLines,
    rules::Severity,
    simulator::story::{LAP, Script},
    store::{Control, Coverage, CoverageReason, EngineSettings, RowBody, Store},
};

const START: &str = "2026-03-02T14:00:00Z";

/// Rules that name nothing.
const RULES: [(&str, &str); 3] = [
    (
        "wids",
        "const ON = \"security.wids\";\nfn when(e) { count(\"5m\", e.detected_ap) >= 2 }\nfn key(e) { e.detected_ap }\n",
    ),
    (
        "rogue",
        "const ON = \"security.rogue\";\nfn when(e) { first_seen(\"1h\", [e.rogue_id, e.ssid]) }\nfn key(e) { e.rogue_id }\n",
    ),
    ("change", "const ON = \"audit\";\nfn when(e) { present(e.username) }\nfn key(e) { e.username }\n"),
];

/// Two laps of the story, among what else a log has.
fn log(folder: &Path) {
    let start: Timestamp = START.parse().unwrap();
    let mut store = Store::open(folder, start).unwrap().store;
    let heard = |topic| {
        RowBody::Coverage(Coverage {
            topic,
            heard: true,
            reason: CoverageReason::Listening,
            detail: "x".into(),
            missed: 0,
        })
    };
    let mut rows = Topic::ALL.map(heard).to_vec();
    rows.push(RowBody::Control(Control::Settings(EngineSettings {
        zone: "Europe/Berlin".into(),
        notifications: true,
    })));
    rows.push(RowBody::Control(Control::Silence {
        matchers: Matchers { rule: "change".into(), ..Matchers::default() },
        until: start + Duration::from_secs(LAP),
        comment: "\u{202e} a change".into(),
        by: "me".into(),
    }));
    store.append(rows, start).unwrap();
    for cue in Script::new(7, start, jiff::tz::TimeZone::UTC).take_while(|cue| cue.at < Duration::from_secs(2 * LAP)) {
        store.append(vec![RowBody::Frame { topic: cue.topic, bytes: cue.frame }], start + cue.at).unwrap();
    }
    store.append(vec![RowBody::Tick], start + Duration::from_secs(2 * LAP)).unwrap();
}

fn rules(folder: &Path) -> String {
    let place = folder.join("rules");
    fs::create_dir_all(&place).unwrap();
    for (name, text) in RULES {
        fs::write(place.join(format!("{name}.rhai")), text).unwrap();
    }
    place.to_str().unwrap().to_owned()
}

fn tocsin(arguments: &[&str]) -> Output {
    let output = Command::new(env!("CARGO_BIN_EXE_tocsin")).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn export(folder: &Path, more: &[&str]) -> (String, Vec<u8>) {
    let exported = tocsin(&[&["export", "--data", folder.to_str().unwrap()], more].concat()).stdout;
    let file = folder.join("exported.jsonl");
    fs::write(&file, &exported).unwrap();
    (file.to_str().unwrap().to_owned(), exported)
}

#[test]
fn what_is_exported_replays_as_the_log_does() {
    let folder = tempfile::tempdir().unwrap();
    log(folder.path());
    let (place, rules) = (folder.path().to_str().unwrap(), rules(folder.path()));
    let replay = |log: &str| tocsin(&["replay", log, "--rules", &rules, "--until", "2026-03-02T18:00:00Z"]).stdout;
    let whole = replay(place);
    let printed = String::from_utf8(whole.clone()).unwrap();
    assert!(printed.contains("\"silenced") && printed.contains("\"rule\":\"wids\""), "{printed}");
    let (file, lines) = export(folder.path(), &[]);
    assert!(!lines.windows(3).any(|octets| octets == "\u{202e}".as_bytes()), "what is exported is inert");
    assert!(replay(&file) == whole, "an export gives what the log gives");

    // One topic; a stretch, before which stands what still held.
    let (_, lines) = export(folder.path(), &["--topic", "audit", "--from", "2026-03-02T14:01:00Z"]);
    let mut read = JsonLines::new(&lines[..]);
    let mut rows = Vec::new();
    while let Some(row) = read.next_row().unwrap() {
        rows.push(row.unwrap());
    }
    let frames = |row: &&tocsin::store::Row| matches!(row.body, RowBody::Frame { .. });
    assert!(rows.iter().filter(frames).count() > 0);
    assert!(rows.iter().filter(frames).all(|row| matches!(row.body, RowBody::Frame { topic: Topic::Audit, .. })));
    assert_eq!(rows.iter().take_while(|row| row.received < "2026-03-02T14:01:00Z".parse().unwrap()).count(), 8);
    assert_eq!(rows.last().unwrap().body, RowBody::Tick);
}

#[test]
fn what_was_said_of_an_alert_goes_along_but_not_masked() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = Store::open(folder.path(), START.parse().unwrap()).unwrap().store;
    let (rule, key, title) = ("change".into(), "mira".into(), "Mira \u{202e}changed".into());
    let (alert, verdict) = ("7.0-x".into(), Some(Verdict::Noise));
    let judge = Control::Judge(Judge { alert, verdict, rule, key, severity: Severity::Info, title });
    store.append(vec![RowBody::Control(judge.clone()), RowBody::Tick], START.parse().unwrap()).unwrap();
    drop(store);
    let (_, plain) = export(folder.path(), &[]);
    assert!(!plain.windows(3).any(|octets| octets == "\u{202e}".as_bytes()), "what is exported is inert");
    let mut rows = JsonLines::new(&plain[..]);
    let first = rows.next_row().unwrap().unwrap().unwrap();
    assert_eq!(first.body, RowBody::Control(judge));
    // Its name, its key and its title say whom it was about.
    let (_, masked) = export(folder.path(), &["--mask"]);
    let masked = String::from_utf8(masked).unwrap();
    assert!(masked.lines().count() == 1 && !masked.to_lowercase().contains("mira"), "{masked}");
}

/// What of a frame names somebody or something, by field.
fn names(topic: Topic, frame: &[u8]) -> Vec<(&'static str, FieldType, String)> {
    let events = decode::frame(Some(topic), 1, START.parse().unwrap(), frame).unwrap_or_default();
    let mut names = Vec::new();
    for event in events {
        for (field, value) in event.kind.fields.iter().zip(&event.values) {
            let by_name = ["ssid", "essid", "username", "target", "group_name", "name", "detected_ap", "customer_id"];
            let named = matches!(field.ty, FieldType::Mac | FieldType::Address) || by_name.contains(&field.name);
            if named && let Value::Text(text) = value {
                names.push((field.name, field.ty, text.to_string()));
            }
        }
    }
    names
}

#[test]
fn masked_it_names_nobody_and_rings_the_same() {
    let folder = tempfile::tempdir().unwrap();
    log(folder.path());
    let (place, rules) = (folder.path().to_str().unwrap(), rules(folder.path()));
    let (plain, _) = export(folder.path(), &[]);
    let plain = fs::read(plain).unwrap();
    let (file, masked) = export(folder.path(), &["--mask"]);
    let (mut before, mut after) = (JsonLines::new(&plain[..]), JsonLines::new(&masked[..]));
    let mut others: BTreeMap<String, String> = BTreeMap::new();
    let mut macs = 0;
    while let Some(row) = before.next_row().unwrap() {
        let (row, other) = (row.unwrap(), after.next_row().unwrap().unwrap().unwrap());
        assert_eq!((row.seq, row.received), (other.seq, other.received));
        let (RowBody::Frame { topic, bytes }, RowBody::Frame { bytes: other, .. }) = (row.body, other.body) else {
            continue;
        };
        let (names, masked) = (names(topic, &bytes), names(topic, &other));
        assert_eq!(names.len(), masked.len());
        for ((field, ty, name), (_, _, other)) in names.into_iter().zip(masked) {
            if name.is_empty() {
                continue;
            }
            macs += u32::from(ty == FieldType::Mac);
            assert_ne!(name, other, "{field}");
            assert!(ty != FieldType::Mac || name.len() == other.len(), "{name} {other}");
            assert_eq!(others.entry(name.clone()).or_insert_with(|| other.clone()), &other, "{field} {name}");
        }
    }
    assert!(macs > 1_000 && others.len() > 30, "{macs} {}", others.len());
    assert_eq!(others.values().collect::<BTreeSet<_>>().len(), others.len(), "no two get the same name");

    let rung = |log: &str| {
        let output = tocsin(&["replay", log, "--rules", &rules, "--until", "2026-03-02T18:00:00Z"]).stdout;
        let mut rung: Vec<String> = String::from_utf8(output)
            .unwrap()
            .lines()
            .map(|line| {
                let line: serde_json::Value = serde_json::from_str(line).unwrap();
                let reason = line["reason"].as_str().unwrap().split(':').next().unwrap().to_owned();
                format!("{} {} {} {reason}", line["time"], line["rule"], line["change"])
            })
            .collect();
        // What is due at one moment runs in the order of keys, which are others.
        rung.sort();
        rung
    };
    assert_eq!(rung(&file), rung(place));
    let again = export(folder.path(), &["--mask"]).1;
    assert!(again != masked, "names differ from one export to the next");
}
