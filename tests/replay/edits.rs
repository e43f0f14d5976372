//! Rules that remember, edited while holes come and go, in several lives of the program: what was lived is what is
//! replayed.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
    time::Duration,
};

use jiff::Timestamp;
use tocsin::{
    alert::ChangeKind,
    clock::Clock,
    event::Topic,
    pipeline::{Input, Options, Pipeline, Ruling, Silent},
    rules::RuleText,
    simulator::story::{LAP, Script},
    store::{Coverage, CoverageReason, EngineSettings, Reader, Retention, RowBody, Store},
};

/// The rules in their edition of this number: windows grow and shrink, calls come and go, one rule is away at times.
fn edition(number: usize) -> Ruling {
    let span = ["3m", "20m", "7m", "1h"][number % 4];
    let limit = 2 + number % 3;
    let counting = format!(
        "const ON = \"security\"; const RESOLVE_AFTER = \"2m\";
         fn when(e) {{ count(\"{span}\", e.kind) >= {limit} && (distinct(\"10m\", 1, e.id) > 3 || rate(\"{span}\", 1) > 0.001) }}
         fn key(e) {{ e.kind }}"
    );
    let fresh = format!(
        "const ON = [\"presence\", \"security\"]; const RESOLVE_AFTER = \"1m\"; const LEARN = \"{}s\";
         fn when(e) {{ first_seen(\"{span}\", [e.kind, e.customer_id]) || changed(\"{span}\", 1, e.kind) }}
         fn key(e) {{ e.kind }}",
        30 + number
    );
    let first = "const ON = \"presence\"; fn remember(e) { mark(\"near\", e.kind); } fn when(e) { false }".to_owned();
    let then = format!(
        "const ON = \"security\"; const RESOLVE_AFTER = \"90s\"; fn when(e) {{ marked(\"{span}\", \"near\", \"presence.rssi\") }}
         fn key(e) {{ e.kind }}"
    );
    let rules = [("f/counting", counting), ("f/first", first), ("f/fresh", fresh), ("f/then", then)];
    let there = |(place, _): &(usize, _)| number % 5 != 4 || *place != number % 4;
    let rule = |(_, (name, text)): (usize, (&str, String))| RuleText { name: name.into(), text, enabled: true };
    Ruling { rules: rules.into_iter().enumerate().filter(there).map(rule).collect(), ..Ruling::default() }
}

fn live(folder: &Path, life: usize, stretch: std::ops::Range<usize>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let clock = Clock::hurried(2_000.0);
    let store = Store::open(folder, clock.now()).unwrap().store;
    let settings = EngineSettings { zone: "UTC".into(), notifications: true };
    let rules = edition(life);
    let options =
        Options { store, rules, settings, clock, bell: Box::new(Silent), noise: None, keeps: Retention::default() };
    let pipeline = Pipeline::start(options, runtime.handle()).unwrap();
    let input = pipeline.input();
    let send = |what| input.blocking_send(what).unwrap();
    let hear = |topic, heard| {
        let reason = if heard { CoverageReason::Listening } else { CoverageReason::Disconnected };
        send(Input::Coverage { topic, heard, reason, detail: "a test".into() });
    };
    for topic in Topic::ALL {
        hear(topic, true);
    }
    let start: Timestamp = "2026-03-02T14:00:00Z".parse().unwrap();
    let cues = Script::new(7, start, jiff::tz::TimeZone::UTC).take_while(|cue| cue.at < Duration::from_secs(2 * LAP));
    for (number, cue) in cues.enumerate().skip(stretch.start).take(stretch.len()) {
        send(Input::Frame { topic: cue.topic, bytes: cue.frame });
        if number % 4 == 0 {
            // So that what follows is a batch of its own, and time goes by.
            std::thread::sleep(Duration::from_millis(2));
        }
        match number % 50 {
            10 => hear(Topic::Security, false),
            14 => hear(Topic::Security, true),
            25 => send(Input::Rules(edition(number / 50 + life))),
            _ => {}
        }
    }
    pipeline.stop().unwrap();
}

#[test]
fn edits_and_holes_live_are_edits_and_holes_replayed() {
    let folder = tempfile::tempdir().unwrap();
    let tocsin = |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_tocsin")).args(arguments).output().unwrap();
    for (life, stretch) in [0..300, 300..600, 600..900, 900..1_100].into_iter().enumerate() {
        live(folder.path(), life, stretch);
        let mut store = Store::open(folder.path(), Timestamp::now()).unwrap().store;
        let mut kept = store.kept_memory().unwrap();
        assert!(kept.len() > 2, "what rules remember is kept at the end: {:?}", kept.keys());
        match life {
            // A start without it, and one with what is no good.
            0 => store.keep_memory(&BTreeMap::new(), &BTreeSet::new()).unwrap(),
            1 => {
                for state in kept.values_mut() {
                    state.truncate(state.len() / 2);
                }
                store.keep_memory(&kept, &BTreeSet::new()).unwrap();
            }
            _ => {}
        }
    }
    let place = folder.path().to_str().unwrap();
    let reader = Reader::open(folder.path()).unwrap();
    let changes: Vec<_> = reader.changes(0, 100_000).unwrap().into_iter().map(|(_, change)| change).collect();
    for rule in ["f/counting", "f/fresh", "f/then"] {
        let fired = changes.iter().filter(|change| &*change.rule == rule && change.change == ChangeKind::Fired).count();
        assert!(fired > 1, "{rule} fired {fired} times in {} changes", changes.len());
    }
    let (lived, again) = (tocsin(&["alerts", "--data", place]), tocsin(&["replay", place]));
    assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
    let (lived, again) = (String::from_utf8(lived.stdout).unwrap(), String::from_utf8(again.stdout).unwrap());
    for (number, (lived, again)) in lived.lines().zip(again.lines()).enumerate() {
        assert_eq!(lived, again, "line {number}");
    }
    assert_eq!(lived.lines().count(), again.lines().count());
}

#[test]
fn given_rules_learn_from_a_database_and_not_from_lines() {
    let folder = tempfile::tempdir().unwrap();
    let rule = "const ON = \"security.wids\";\nconst LEARN = \"1h\";\n\
                fn when(event) { first_seen(\"1d\", event.detected_ap) }\n";
    let lines = crate::log::Case::new(&[("new", rule)]).matches("8:30").matches("9:30");
    assert_eq!(lines.story(&["--until", "2026-11-24T09:00:00Z"])[0], "8:30:00 fired");

    // The same in a database that says since when somebody listened.
    let mut store = Store::open(folder.path(), crate::log::at("8:00")).unwrap().store;
    let heard = Coverage {
        topic: Topic::Security,
        heard: true,
        reason: CoverageReason::Listening,
        detail: String::new(),
        missed: 0,
    };
    store.append(vec![RowBody::Coverage(heard)], crate::log::at("8:00")).unwrap();
    let attack = |ap: &str| {
        let frame = crate::log::attack_on(ap, crate::log::at("8:00"));
        RowBody::Frame { topic: Topic::Security, bytes: frame.into() }
    };
    for (clock, ap) in [("8:30", "CN01"), ("9:30", "CN01"), ("9:31", "CN02")] {
        store.append(vec![attack(ap)], crate::log::at(clock)).unwrap();
    }
    drop(store);
    let rules = folder.path().join("rules");
    std::fs::create_dir(&rules).unwrap();
    std::fs::write(rules.join("new.rhai"), rule).unwrap();
    let (place, rules) = (folder.path().to_str().unwrap(), rules.to_str().unwrap());
    let output = Command::new(env!("CARGO_BIN_EXE_tocsin")).args(["replay", place, "--rules", rules]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(crate::log::story(&output), ["9:31:00 fired", "9:31:00 notified"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("first_seen learns what is usual until 2026-11-24 09:00"));
}
