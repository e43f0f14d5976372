//! Killed at any moment: nothing accepted goes unevaluated, nothing owed is lost.

use std::{
    collections::BTreeMap,
    fs::OpenOptions,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use tocsin::{
    alert::{AlertId, ChangeKind},
    clock::Clock,
    event::Topic,
    pipeline::{Bell, Input, Options, Pipeline, Ruling},
    rules::RuleText,
    simulator,
    store::{EngineSettings, Owed, Retention, Status, Store},
};

use crate::{
    command::{Run, Simulate, tocsin},
    frames::rogue,
    history,
    stand::{Heeding, plain, until},
};

/// Where the child of `owed_pop_ups_survive_kills` works.
const CHILD: &str = "TOCSIN_TEST_PIPELINE_IN";

/// Writes down what it shows, and takes its time.
struct Diary(PathBuf);

impl Bell for Diary {
    fn ring(&mut self, owed: &Owed) -> Result<(), String> {
        std::thread::sleep(Duration::from_millis(2));
        let mut diary =
            OpenOptions::new().create(true).append(true).open(&self.0).map_err(|error| error.to_string())?;
        writeln!(diary, "{}", owed.alert).map_err(|error| error.to_string())
    }

    fn hush(&mut self, _: &AlertId) {}
}

pub fn pipeline(folder: &Path, bell: impl Bell + 'static, runtime: &tokio::runtime::Runtime) -> Pipeline {
    let clock = Clock::system();
    let rule = |name: &str, text: String| RuleText { name: name.into(), text, enabled: true };
    // Beside the plain one a rule that runs away: its pauses are rows that the pipeline writes itself.
    let endless = "const ON = \"security\";\nfn when(event) { loop {} }\n".to_owned();
    let rules = vec![rule("endless", endless), rule("r", plain("Seen"))];
    let options = Options {
        store: Store::open(&folder.join("data"), clock.now()).unwrap().store,
        rules: Ruling { rules, ..Ruling::default() },
        settings: EngineSettings { zone: "UTC".into(), notifications: true },
        clock,
        bell: Box::new(bell),
        noise: None,
        keeps: Retention::default(),
    };
    Pipeline::start(options, runtime.handle()).unwrap()
}

/// Not a test by itself: a pipeline that is fed until it is killed.
#[test]
fn run_until_killed() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let pipeline = pipeline(&folder, Diary(folder.join("diary")), &runtime);
    for number in 0.. {
        // A rogue that comes again and again, and one that is new.
        for number in [number % 7, number] {
            let frame = Input::Frame { topic: Topic::Security, bytes: rogue(number, b"x").into() };
            pipeline.input().blocking_send(frame).unwrap();
        }
    }
}

#[test]
fn owed_pop_ups_survive_kills() {
    let place = tempfile::tempdir().unwrap();
    let (folder, data) = (place.path(), place.path().join("data"));
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut rows = 0;
    let kills: u64 = 6;
    for kill in 0..kills {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "crash::run_until_killed", "--nocapture"])
            .env(CHILD, folder)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        until("it writes", || {
            data.join("tocsin.db").exists() && history::reader(&data).stats().is_ok_and(|stats| stats.rows > rows + 100)
        });
        // Not at the same place twice.
        std::thread::sleep(Duration::from_millis(kill * 17 % 50));
        child.kill().unwrap();
        child.wait().unwrap();
        rows = history::reader(&data).stats().unwrap().rows;
    }
    let bell = Heeding::default();
    let last = pipeline(folder, bell.clone(), &runtime);
    until("nothing is owed any more", || !history::reader(&data).stats().unwrap().deliveries.contains_key("owed"));
    last.stop().unwrap();
    history::holds(&data);

    let mut shown: BTreeMap<String, usize> = BTreeMap::new();
    let diary = std::fs::read_to_string(folder.join("diary")).unwrap();
    for alert in diary.lines() {
        *shown.entry(alert.to_owned()).or_default() += 1;
    }
    let rung = std::mem::take(&mut bell.0.lock().unwrap().shown);
    assert!(!rung.is_empty(), "each kill left something owed");
    for owed in &rung {
        *shown.entry(owed.alert.to_string()).or_default() += 1;
    }
    let mut ids: Vec<i64> = rung.iter().map(|owed| owed.id).collect();
    ids.dedup();
    assert_eq!(ids.len(), rung.len(), "what is owed at a start is shown once");

    let reader = history::reader(&data);
    let (mut sent, mut twice) = (0, 0);
    for change in history::changes(&data).iter().filter(|change| change.change == ChangeKind::Fired) {
        let alert = reader.alert(&change.alert).unwrap().unwrap();
        let due = alert.notifications.iter().filter(|due| due.status == Status::Sent).count();
        let was = shown.get(change.alert.as_str()).copied().unwrap_or_default();
        assert!(was >= due, "{change:?}: shown {was} times, sent {due} times");
        sent += due;
        twice += was - due;
    }
    assert!(sent > 100, "{sent} pop-ups are too few to tell");
    assert!(twice as u64 <= kills, "one notification twice for each kill, at most: {twice}");
}

#[test]
fn watch_is_killed_and_goes_on() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let central = Simulate::start(&["--speed", "20"]);
    let topics = "security,audit,presence,monitoring,location,apprf";
    let arguments = [
        "watch",
        "--endpoint",
        &central.endpoint,
        "--topic",
        topics,
        "--key-stdin",
        "--ca",
        &central.ca,
        "--data",
        data.to_str().unwrap(),
    ];
    let mut printed = Vec::new();
    for moment in [0, 150, 400, 900] {
        let mut watch = Run::start(&arguments, &central.key);
        watch.says(": listening", 6);
        std::thread::sleep(Duration::from_millis(moment));
        watch.kill();
        // Whatever it printed was committed before.
        let text = watch.out();
        let whole = text.rfind('\n').map_or("", |end| &text[..end]);
        printed.extend(whole.lines().map(str::to_owned));
    }
    let mut watch = Run::start(&arguments, &central.key);
    watch.says(": listening", 6);
    until("an alert is printed", || watch.out().contains("\"fired\""));
    assert_eq!(watch.end(), 0);
    printed.extend(watch.out().lines().map(str::to_owned));

    history::holds(&data);
    // All of it is for this user alone, whoever made the folder first.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&data), mode(&data.join("tocsin.db"))), (0o700, 0o600));
    }
    // A run that ends in good order prints all of its changes, those of what the killed one left behind included.
    let (out, kept) = (watch.out(), tocsin(&["alerts"], &data));
    let kept = String::from_utf8(kept.stdout).unwrap();
    assert!(kept.ends_with(&out), "{out}\n\nbut\n\n{kept}");
    // Every row between two runs says that nobody listened.
    let deaf = history::coverage(&data)
        .iter()
        .filter(|coverage| coverage.reason == tocsin::store::CoverageReason::NotRunning)
        .count();
    assert!(deaf >= 5 * 6, "{deaf}");
    let alerts = String::from_utf8(tocsin(&["alerts"], &data).stdout).unwrap();
    for line in &printed {
        assert!(alerts.lines().any(|kept| kept == line), "printed, but not kept: {line}");
    }
    let stats = tocsin(&["stats", "--format", "json"], &data);
    assert_eq!(stats.status.code(), Some(0), "{}", String::from_utf8_lossy(&stats.stdout));
}

#[test]
fn a_backlog_with_a_runaway_in_it_is_evaluated_to_its_end() {
    let place = tempfile::tempdir().unwrap();
    let data = place.path().join("data");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    pipeline(place.path(), Heeding::default(), &runtime).stop().unwrap();
    // Accepted, and then the power failed. More than is evaluated between two commits.
    let mut store = Store::open(&data, jiff::Timestamp::now()).unwrap().store;
    let frame = |number| tocsin::store::RowBody::Frame { topic: Topic::Security, bytes: rogue(number, b"x").into() };
    store.append((0..700).map(frame).collect(), jiff::Timestamp::now()).unwrap();
    drop(store);
    let bell = Heeding::default();
    let next = pipeline(place.path(), bell.clone(), &runtime);
    until("nothing is owed any more", || !history::reader(&data).stats().unwrap().deliveries.contains_key("owed"));
    next.stop().unwrap();
    history::holds(&data);
    assert_eq!(history::of(&data, "r", ChangeKind::Fired).len(), 700);
    let shown: Arc<Mutex<_>> = bell.0;
    assert_eq!(shown.lock().unwrap().shown.len(), 701, "each once, and that a rule is paused");
}

#[test]
fn the_simulated_story_is_the_same_for_two_lives() {
    // The same rows with the same rules: the same changes, in one life of the pipeline or in many.
    let clock = Clock::hurried(30.0);
    let mut stand = crate::stand::Stand::start(crate::stand::Plan {
        simulator: simulator::Options { clock, ..simulator::Options::default() },
        rules: vec![
            ("r", plain("Seen")),
            ("s", plain("Held").replace("fn when", "const HOLD = \"20s\";\nconst REMIND = \"10s\";\nfn when")),
        ],
        ..crate::stand::Plan::default()
    });
    for _ in 0..3 {
        stand.hears();
        std::thread::sleep(Duration::from_millis(700));
        stand.stop();
        stand.go_on();
    }
    stand.end();
}
