//! What a pipeline wrote, played again: the same changes, whatever the batches and however often it was started.

use std::{fs, path::Path, process::Command, sync::Arc, time::Duration};

use jiff::Timestamp;
use tempfile::TempDir;
use tocsin::{
    alert::{Change, ChangeKind, Hours, Judge, Limits, Matchers, Noise, Reason, Verdict},
    clock::Clock,
    event::Topic,
    pipeline::{Input, Options, Pipeline, Ruling, Silent, replay::Replay},
    rules::load_path,
    simulator::story::{LAP, Script},
    store::{Control, CoverageReason, EngineSettings, Reader, Retention, Store},
};

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");

/// One run of a pipeline on a clock that hurries: a stretch of the story, in batches as they come, with an operator.
fn run(folder: &Path, run: usize, stretch: std::ops::Range<usize>, batch: usize) {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let clock = Clock::hurried(2_000.0);
    let store = Store::open(folder, clock.now()).unwrap().store;
    let loaded = load_path(Path::new(RULES)).unwrap();
    let mut rules = Ruling { rules: loaded.rules, lists: loaded.lists, ..Ruling::default() };
    if run == 1 {
        // One rule is off, one is gone, and one has an error: its last good version runs.
        rules.rules[0].enabled = false;
        rules.rules.remove(1);
        rules.rules[2].text.push_str("fn oops( {");
    }
    let settings = EngineSettings { zone: "Europe/Berlin".into(), notifications: run != 1 };
    let pipeline = Pipeline::start(
        Options { store, rules, settings, clock, bell: Box::new(Silent), noise: None, keeps: Retention::default() },
        runtime.handle(),
    )
    .unwrap();
    let input = pipeline.input();
    let send = |what| input.blocking_send(what).unwrap();
    for topic in Topic::ALL {
        send(Input::Coverage { topic, heard: true, reason: CoverageReason::Listening, detail: String::new() });
    }
    let start: Timestamp = "2026-03-02T14:00:00Z".parse().unwrap();
    let cues = Script::new(7, start, jiff::tz::TimeZone::UTC).take_while(|cue| cue.at < Duration::from_secs(2 * LAP));
    let reader = Reader::open(folder).unwrap();
    for (number, cue) in cues.enumerate().skip(stretch.start).take(stretch.len()) {
        send(Input::Frame { topic: cue.topic, bytes: cue.frame });
        if number % batch == 0 {
            // So that what follows is a batch of its own, and time goes by.
            std::thread::sleep(Duration::from_millis(1));
        }
        if number % 97 == 0 {
            let (heard, reason) = match number % 2 {
                0 => (true, CoverageReason::Listening),
                _ => (false, CoverageReason::Disconnected),
            };
            send(Input::Coverage { topic: Topic::Security, heard, reason, detail: "a test".into() });
        }
        if number % 143 == 0 {
            let quiet = (number % 4 == 0).then(|| Hours { days: (1..=7).collect(), from: 0, to: 1_439 });
            let limits = Limits { rule: 1, all: 2 };
            send(Input::Control(Control::Noise(Noise {
                quiet: quiet.into_iter().collect(),
                limits,
                ..Noise::default()
            })));
        }
        if number % 89 == 0 {
            let matchers = Matchers { rule: "security/*".into(), ..Matchers::default() };
            // Every other one outlasts the run: on a busy computer two minutes of this clock are over before anything fires.
            let lasts = if number % 2 == 0 { 120 } else { 3 * 86_400 };
            let until = clock.now() + Duration::from_secs(lasts);
            send(Input::Control(Control::Silence {
                matchers,
                until,
                comment: "a test: it is".into(),
                by: "me".into(),
            }));
        }
        if number % 41 == 0 {
            // One that fires, or one that is over.
            let wanted = if number % 2 == 0 { ChangeKind::Fired } else { ChangeKind::Resolved };
            let changes = reader.changes(0, 10_000).unwrap().into_iter().map(|(_, change)| change);
            if let Some(last) = changes.filter(|change| change.change == wanted).last() {
                let Change { alert, rule, key, severity, title, .. } = last;
                let verdict = [None, Some(Verdict::Useful), Some(Verdict::Noise)][number % 3];
                send(Input::Control(Control::Judge(Judge { alert, verdict, rule, key, severity, title })));
            }
        }
        if number % 61 == 0 {
            let changes = reader.changes(0, 10_000).unwrap().into_iter().map(|(_, change)| change);
            let Some(last) = changes.filter(|change| change.change == ChangeKind::Fired).last() else { continue };
            let until = (number % 2 == 0).then(|| clock.now() + Duration::from_secs(60));
            send(Input::Control(match number % 3 {
                0 => Control::Acknowledge { alert: last.alert, by: Arc::from("me") },
                1 => Control::Snooze { alert: Some(last.alert), until },
                _ => Control::Snooze { alert: None, until },
            }));
        }
    }
    pipeline.stop().unwrap();
}

fn lived(folder: &Path) -> Vec<Change> {
    Reader::open(folder).unwrap().changes(0, 1_000_000).unwrap().into_iter().map(|(_, change)| change).collect()
}

fn replayed(folder: &Path, page: usize) -> Vec<Change> {
    let reader = Reader::open(folder).unwrap();
    let mut replay = Replay::as_it_was();
    let mut changes = Vec::new();
    let mut last = 0;
    loop {
        let rows = reader.rows_after(last, page).unwrap();
        let Some(row) = rows.last() else { return changes };
        last = row.seq;
        for row in &rows {
            let all = replay.row_of(row, &reader).unwrap().changes;
            // The history counts those on their alert and keeps no entry of each.
            changes.extend(all.into_iter().filter(|change| change.change != ChangeKind::Repeated));
        }
    }
}

#[test]
fn live_is_replayed() {
    let folder: TempDir = tempfile::tempdir().unwrap();
    for (number, (stretch, batch)) in
        [(0..500, 13), (500..1_100, 1_000), (1_100..1_200, 1), (1_200..1_620, 97)].into_iter().enumerate()
    {
        run(folder.path(), number, stretch, batch);
    }
    let lived = lived(folder.path());
    for kind in [ChangeKind::Fired, ChangeKind::Resolved, ChangeKind::Suppressed, ChangeKind::MarkedNoise] {
        assert!(lived.iter().any(|change| change.change == kind), "nothing {kind:?} in {} changes", lived.len());
    }
    for reason in [Reason::Silenced, Reason::QuietHours] {
        assert!(lived.iter().any(|change| change.reason == reason), "nothing is {reason:?}");
    }
    for page in [1, 7, 10_000] {
        let replayed = replayed(folder.path(), page);
        for (place, (lived, replayed)) in lived.iter().zip(&replayed).enumerate() {
            assert_eq!(lived, replayed, "change {place}, read {page} rows at a time");
        }
        assert_eq!(lived.len(), replayed.len());
    }

    // Wherever its frames lie.
    let store = Store::open(folder.path(), Timestamp::now()).unwrap().store;
    let mut keeper = store.keeper().unwrap().unwrap().with_blocks_of(20_000);
    let mut blocks = 0;
    while keeper.seal().unwrap() {
        blocks += 1;
    }
    assert!(blocks > 5, "{blocks} blocks");
    drop((keeper, store));
    for page in [7, 10_000] {
        assert!(replayed(folder.path(), page) == lived, "sealed, read {page} rows at a time");
    }

    // The command says the same, of the folder and of the file, and as the history does.
    let tocsin = |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_tocsin")).args(arguments).output().unwrap();
    let place = folder.path().to_str().unwrap();
    let history = tocsin(&["alerts", "--data", place]).stdout;
    assert!(!history.is_empty());
    let file = folder.path().join("tocsin.db");
    let copy = folder.path().join("copy");
    fs::copy(&file, &copy).unwrap();
    // What is not yet in the file itself.
    let _ = fs::copy(folder.path().join("tocsin.db-wal"), folder.path().join("copy-wal"));
    for path in [place, file.to_str().unwrap(), copy.to_str().unwrap()] {
        let again = tocsin(&["replay", path]);
        assert_eq!(again.status.code(), Some(0), "{}", String::from_utf8_lossy(&again.stderr));
        assert!(again.stdout == history, "{path}");
    }

    // Other rules in the place of its own: the rest of the log stays.
    let rules = folder.path().join("rules");
    fs::create_dir(&rules).unwrap();
    fs::write(rules.join("any.rhai"), "const ON = \"security.wids\";\nfn when(event) { true }\n").unwrap();
    let other = tocsin(&["replay", place, "--rules", rules.to_str().unwrap()]);
    assert_eq!(other.status.code(), Some(0), "{}", String::from_utf8_lossy(&other.stderr));
    let other = String::from_utf8(other.stdout).unwrap();
    let of = |rule: &str| other.lines().filter(|line| line.contains(&format!("\"rule\":\"{rule}\""))).count();
    assert!(of("any") > 0 && of("any") + of("tocsin/digest") == other.lines().count());
}
