//! `tocsin explain` and `tocsin test --coverage`.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use base64::{Engine, prelude::BASE64_STANDARD as BASE64};
use jiff::Timestamp;
use serde_json::{Value, json};
use tocsin::{
    alert::Matchers,
    event::Topic,
    store::{Control, RowBody, Store},
};

fn tocsin(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tocsin")).args(arguments).current_dir(folder).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const RULE: &str = "//! Spoofing\nconst ON = \"security.wids\";\nfn when(event) { event.attack_type.contains(\"spoof\") }\nfn key(event) { event.detected_ap }\n";

/// A log with the same attack three times, five minutes apart, and a folder of rules beside it.
fn folder(rule: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir_all(folder.path().join("rules/deep")).unwrap();
    fs::write(folder.path().join("rules/deep/spoofed.rhai"), rule).unwrap();
    let samples = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/wire/frames.jsonl")).unwrap();
    let sample = samples.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let frame = sample.into_iter().find(|sample| sample["name"] == "security-1").unwrap()["frame"].clone();
    let line = |minute| format!("{}\n", json!({"frame": frame, "received": format!("2026-01-05T12:{minute:02}:00Z")}));
    fs::write(folder.path().join("log.jsonl"), [0, 5, 10].map(line).concat()).unwrap();
    folder
}

fn explain(folder: &Path, rule: &str, event: &str) -> Output {
    tocsin(folder, &["explain", "log.jsonl", "--rules", "rules", "--rule", rule, "--event", event])
}

#[test]
fn what_the_lifecycle_did_is_said_with_its_reason() {
    let there = folder(RULE);
    let first = explain(there.path(), "deep/spoofed", "1.0");
    assert_eq!(first.status.code(), Some(0), "{}", said(&first));
    let text = out(&first);
    for wanted in [
        "Matched\n",
        "✓ 3  event.attack_type.contains(\"spoof\")\n",
        "= \"detect_ap_spoofing\"",
        "Fired: a new alert",
        "Pop-up shown",
    ] {
        assert!(text.contains(wanted), "{wanted}: {text}");
    }
    assert!(!text.contains('\u{1b}'), "colours are for terminals");
    let third = out(&explain(there.path(), "deep/spoofed", "3.0"));
    assert!(third.contains("Counted, ×3: the alert is firing already, since 12:00:00"), "{third}");

    let there = folder(&RULE.replace("fn when", "const HOLD = \"7m\";\nfn when"));
    let told = |event| out(&explain(there.path(), "deep/spoofed", event));
    assert!(told("1.0").contains("Pending: it fires if it lasts"), "{}", told("1.0"));
    assert!(told("2.0").contains("Counted, ×2: pending since 12:00:00"), "{}", told("2.0"));
    assert!(told("3.0").contains("Fired: it has lasted long enough, since 12:00:00"), "{}", told("3.0"));
}

#[test]
fn what_withholds_a_pop_up_says_its_comment() {
    let there = folder(RULE);
    let log = fs::read_to_string(there.path().join("log.jsonl")).unwrap();
    let first: Value = serde_json::from_str(log.lines().next().unwrap()).unwrap();
    let bytes = BASE64.decode(first["frame"].as_str().unwrap()).unwrap();
    let start: Timestamp = first["received"].as_str().unwrap().parse().unwrap();
    let data = there.path().join("data");
    let mut store = Store::open(&data, start).unwrap().store;
    let silence = Control::Silence {
        matchers: Matchers { rule: "deep/spoofed".into(), ..Matchers::default() },
        until: start + jiff::SignedDuration::from_hours(1),
        comment: "work on the roof".into(),
        by: "me".into(),
    };
    let frame = RowBody::Frame { topic: Topic::Security, bytes: bytes.into() };
    let rows = store.append(vec![RowBody::Control(silence), frame], start).unwrap();
    let event = format!("{}.0", rows[1].seq);
    drop(store);
    let asked = ["explain", "data", "--rules", "rules", "--rule", "deep/spoofed", "--event", &event];
    let text = out(&tocsin(there.path(), &asked));
    assert!(text.contains("Pop-up withheld: silenced: work on the roof\n"), "{text}");
    let told: Value =
        serde_json::from_str(&out(&tocsin(there.path(), &[&asked[..], &["--format", "json"]].concat()))).unwrap();
    let [fired, withheld] = &told["lifecycle"].as_array().unwrap()[..] else { panic!("{told}") };
    assert_eq!((&withheld["reason"], &withheld["note"]), (&json!("silenced"), &json!("work on the roof")));
    assert_eq!(fired.get("note"), None);
}

#[test]
fn what_turns_a_group_around_has_no_mark_of_a_clause() {
    let turned = "event.attack_type.contains(\"spoof\")\n        && !(event.level == \"x\" || over(event))";
    let over = "fn over(event) { event.level == \"y\" }\n";
    let there = folder(
        &RULE.replace("event.attack_type.contains(\"spoof\")", turned).replace("fn key", &format!("{over}fn key")),
    );
    let text = out(&explain(there.path(), "deep/spoofed", "1.0"));
    let wanted = "    4  && !(\n  ✗ 4    event.level == \"x\"\n";
    assert!(text.contains(wanted), "{text}");
    assert!(text.contains("\n  ✗ 4    || over(event))\n"), "{text}");
}

#[test]
fn what_it_came_to_is_said_as_it_was() {
    let over = format!("{RULE}fn resolved(event) {{ event.attack_type.contains(\"spoof\") }}\n");
    let there = folder(&over);
    let text = out(&explain(there.path(), "deep/spoofed", "1.0"));
    assert!(text.contains("Its fn resolved holds, and there is no alert to resolve\n"), "{text}");

    let silent = RULE.replace("fn when", "const SILENT_FOR = \"4m\";\nfn when");
    let there = folder(&silent);
    let text = out(&explain(there.path(), "deep/spoofed", "2.0"));
    assert!(text.contains("Resolved: it was heard again"), "{text}");

    let titled = format!(
        "{RULE}fn title(event) {{ [event.attack_type][0] - 1 }}\nfn body(event) {{ [event.attack_type][0] - 1 }}\n"
    );
    let there = folder(&titled);
    let text = out(&explain(there.path(), "deep/spoofed", "1.0"));
    assert!(text.contains("Matched\nIn fn title, line 5: - does not work on text and a whole number."), "{text}");
    // Both have no answer for each of the three events.
    let replayed = tocsin(there.path(), &["replay", "log.jsonl", "--rules", "rules"]);
    assert!(said(&replayed).contains("could not tell on 3 events: In fn title, line 5"), "{}", said(&replayed));
}

#[test]
fn without_an_event_it_is_the_last_on_which_the_rule_said_something() {
    let explain =
        |folder: &Path, log: &str| tocsin(folder, &["explain", log, "--rules", "rules", "--rule", "deep/spoofed"]);
    let there = folder(&RULE.replace("fn when(event) { ", "fn when(event) { count(\"6m\", 1) < 2 && "));
    let text = out(&explain(there.path(), "log.jsonl"));
    assert!(text.contains("event 1.0,") && text.contains("Fired: a new alert"), "{text}");
    let there = folder(&RULE.replace("spoof", "flood"));
    let output = explain(there.path(), "log.jsonl");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("deep/spoofed said nothing on any event"), "{}", said(&output));
    assert!(said(&explain(there.path(), "-")).contains("--event ID"));
}

#[test]
fn a_script_reads_the_same_as_json() {
    let there = folder(RULE);
    let arguments =
        ["explain", "log.jsonl", "--rules", "rules", "--rule", "deep/spoofed", "--event", "2.0", "--format", "json"];
    let told: Value = serde_json::from_str(&out(&tocsin(there.path(), &arguments))).unwrap();
    assert_eq!(told["came"], "matched");
    assert_eq!(told["event"], "2.0");
    assert_eq!(told["before"]["phase"], "firing");
    assert_eq!(told["lifecycle"][0]["change"], "repeated");
    assert_eq!(told["lifecycle"][0]["reason"], "already-firing");
    let clause = &told["conditions"][0]["clauses"][0];
    assert_eq!(clause["told"], "true");
    assert_eq!(clause["span"], json!({"line": 3, "column": 18, "end_line": 3, "end_column": 53}));
}

#[test]
fn what_cannot_be_explained_says_what_there_is() {
    let there = folder(RULE);
    let cases = [
        ("spoofed", "1.0", "Did you mean deep/spoofed?"),
        ("nothing/like/it", "1.0", "The only rule is deep/spoofed."),
        ("deep/spoofed", "4.0", "the log's frames are lines 1 to 3."),
        ("deep/spoofed", "2.7", "its only event is 2.0."),
        ("deep/spoofed", "2", "It looks like 18452.3."),
    ];
    for (rule, event, wanted) in cases {
        let output = explain(there.path(), rule, event);
        assert_eq!(output.status.code(), Some(2), "{rule} {event}");
        assert!(said(&output).contains(wanted), "{}", said(&output));
        assert_eq!(out(&output), "");
    }
    let there = folder("//! Broken\nconst ON = \"security.wids\";\nfn when(event) { event.atack_type == \"x\" }\n");
    let output = explain(there.path(), "deep/spoofed", "1.0");
    assert_eq!(output.status.code(), Some(2));
    assert!(said(&output).contains("has errors and does not run"), "{}", said(&output));

    let there = folder(
        &RULE
            .replace("security.wids", "security.rogue")
            .replace("event.attack_type.contains(\"spoof\")", "present(event.ssid)")
            .replace("detected_ap", "rogue_id"),
    );
    let output = explain(there.path(), "deep/spoofed", "1.0");
    assert_eq!(output.status.code(), Some(0));
    assert!(
        out(&output).contains("Not asked: The event is security.wids; the rule is on security.rogue."),
        "{}",
        out(&output)
    );
}

#[test]
fn coverage_names_what_was_not_reached_both_ways() {
    let there = folder(
        "//! Spoofing\nconst ON = \"security.wids\";\nfn when(event) {\n    event.attack_type.contains(\"spoof\")\n        && (event.level == \"high\" || event.radio_band == \"5\")\n}\n",
    );
    let cases = there.path().join("rules/deep/spoofed.toml");
    let fires = "[[case]]\nname = \"fires\"\nevents = [{ detected_ap = \"ap\", attack_type = \"spoof\", level = \"high\" }]\nexpect = [{ fires = \"*\" }]\n";
    fs::write(&cases, fires).unwrap();
    let output = tocsin(there.path(), &["test", "rules", "--coverage"]);
    assert_eq!(output.status.code(), Some(1), "{}", said(&output));
    let text = out(&output);
    assert!(text.contains("deep/spoofed: 3 of 3 clauses not reached both ways"), "{text}");
    assert!(text.contains("never false    event.attack_type.contains(\"spoof\")"), "{text}");
    assert!(text.contains("never reached  event.radio_band == \"5\""), "{text}");
    assert!(text.contains("spoofed.rhai:5:38"), "{text}");
    assert_eq!(tocsin(there.path(), &["test", "rules"]).status.code(), Some(0), "without --coverage it is no finding");

    let more = [("other", "flood", "high", "5"), ("band", "spoof", "low", "2"), ("band 5", "spoof", "low", "5")];
    let case = |(name, attack, level, band): (&str, &str, &str, &str)| {
        let expect = if name == "band 5" { "[{ fires = \"*\" }]" } else { "[]" };
        format!(
            "[[case]]\nname = \"{name}\"\nevents = [{{ detected_ap = \"ap\", attack_type = \"{attack}\", level = \"{level}\", radio_band = \"{band}\" }}]\nexpect = {expect}\n"
        )
    };
    fs::write(&cases, format!("{fires}{}", more.map(case).concat())).unwrap();
    let output = tocsin(there.path(), &["test", "rules", "--coverage", "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}{}", out(&output), said(&output));
    let last: Value = serde_json::from_str(out(&output).lines().last().unwrap()).unwrap();
    assert_eq!(last["covered"], true);
    assert_eq!(last["coverage"][2]["true"], 1);
    assert_eq!(last["coverage"][2]["false"], 1);
}
