//! The operator's work on a disk that is full: told that it was not saved, with what was there before untouched.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use tocsin::{
    alert::{Judge, Verdict},
    api::{AlertTab, App, AppOptions, Request, Response, Settings},
    clock::Clock,
    event::Topic,
    pipeline::{Input, Options, Pipeline, Ruling, Silent, Told},
    rules::{RuleText, folder::hash},
    store::{AlertQuery, Control, EngineSettings, Retention, Store, Which},
};

use crate::{
    afterwards::{holds, reader},
    bus::Bus,
    disk::Disk,
    frames,
    program::{PATIENCE, Program, tocsin, until},
};

/// The files below a folder, with what is in them; of the database only that it is there.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(files(&path));
        } else if !path.ends_with("ballast") {
            all.push((path.display().to_string(), fs::read(&path).unwrap()));
        }
    }
    all.sort();
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_saved_on_a_full_disk_is_said_and_leaves_all_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::new(&folder.path().join("disk"), "4m") else { return };
    let data = folder.path().join("disk/data");
    let app = App::start(AppOptions { data: Some(data.clone()), demo: false }).await.unwrap();
    let name = || "mine".to_owned();
    let text = "//! Mine.\nconst ON = \"audit\";\nfn when(event) { false }\n".to_owned();
    let save = |text: String, base| app.call(Request::SaveRule { name: name(), text, base });
    let cases = |text: String, base| app.call(Request::SaveCases { name: name(), text, base });
    let settings =
        |keep_days| app.call(Request::SaveSettings { settings: Settings { keep_days, ..Settings::default() } });
    save(text.clone(), None).await.unwrap();
    cases("# cases".into(), None).await.unwrap();
    settings(77).await.unwrap();
    let before = files(&data);

    let ballast = disk.fill();
    let long = |line: &str| format!("{text}{}", line.repeat(3_000));
    let refused = save(long("// more\n"), Some(hash(&text))).await.unwrap_err();
    assert!(refused.code == "file" && refused.message.contains("No space"), "{refused:?}");
    let refused = cases(long("# more\n"), Some(hash("# cases"))).await.unwrap_err();
    assert_eq!(refused.code, "file");
    let refused = settings(88).await.unwrap_err();
    assert!(refused.code == "settings" && refused.message.contains("No space"), "{refused:?}");
    let list = Request::SaveList { name: "new".into(), csv: false, text: long("x\n"), base: None };
    assert_eq!(app.call(list).await.unwrap_err().code, "file");
    assert!(files(&data) == before, "nothing is changed, and nothing half written is left");
    let Response::State(state) = app.call(Request::State).await.unwrap() else { panic!() };
    assert_eq!(state.settings.keep_days, 77, "the window shows what holds");

    fs::remove_file(ballast).unwrap();
    save(long("// more\n"), Some(hash(&text))).await.unwrap();
    cases(long("# more\n"), Some(hash("# cases"))).await.unwrap();
    settings(88).await.unwrap();
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_start_on_a_full_disk_leaves_no_half_of_the_rules() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::new(&folder.path().join("disk"), "4m") else { return };
    let data = folder.path().join("disk/data");
    let ballast = disk.fill();
    // Room for some of the rules.
    fs::OpenOptions::new().write(true).open(&ballast).unwrap().set_len((4 << 20) - 80_000).unwrap();
    let start = || App::start(AppOptions { data: Some(data.clone()), demo: false });
    let Err(refused) = start().await else { panic!("there was room for all") };
    assert_eq!(refused.code, "rules-folder", "{refused:?}");
    assert_eq!(files(&data), [], "what is left of them");
    fs::remove_file(ballast).unwrap();
    let app = start().await.unwrap();
    let Response::Rules(rules) = app.call(Request::Rules).await.unwrap() else { panic!() };
    assert!(rules.len() >= 12, "{}", rules.len());
    app.stop().await;
}

#[test]
fn a_verdict_on_a_full_disk_is_shown_when_it_is_stored_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::new(&folder.path().join("disk"), "8m") else { return };
    let data = folder.path().join("disk/data");
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let start = || {
        let clock = Clock::system();
        let text = "const ON = \"security.rogue\";\nfn when(event) { true }\nfn key(event) { event.rogue_id }\n".into();
        let rules = vec![RuleText { name: "r".into(), text, enabled: true }];
        let options = Options {
            store: Store::open(&data, clock.now()).unwrap().store,
            rules: Ruling { rules, ..Ruling::default() },
            settings: EngineSettings { zone: "UTC".into(), notifications: true },
            clock,
            bell: Box::new(Silent),
            noise: None,
            keeps: Retention::default(),
        };
        Pipeline::start(options, runtime.handle()).unwrap()
    };
    let alert = || {
        let query = AlertQuery { which: Which::Active, limit: 10, ..AlertQuery::default() };
        reader(&data).alerts(&query).unwrap().into_iter().next()
    };
    let pipeline = start();
    let frame = Input::Frame { topic: Topic::Security, bytes: frames::rogue(1, b"x").into() };
    pipeline.input().blocking_send(frame).unwrap();
    until("it fires", || alert().is_some());
    let judge = |pipeline: &Pipeline, verdict| {
        let of = alert().unwrap();
        let judge = Judge {
            alert: of.id,
            verdict: Some(verdict),
            rule: of.rule,
            key: of.key,
            severity: of.severity,
            title: of.title,
        };
        pipeline.input().blocking_send(Input::Control(Control::Judge(judge))).unwrap();
    };
    let said = || alert().unwrap().judged.map(|judged| judged.verdict);
    let count = || {
        reader(&data).changes(0, 1_000).unwrap().into_iter().filter(|(_, one)| one.change.verdict().is_some()).count()
    };

    let mut told = pipeline.listen();
    let ballast = disk.fill();
    judge(&pipeline, Verdict::Useful);
    until("that the disk is full is told", || matches!(told.try_recv(), Ok(Told::Storage(Some(_)))));
    assert_eq!((said(), count()), (None, 0));
    while let Ok(said) = told.try_recv() {
        assert!(!matches!(said, Told::Changes { .. }), "shown, and not stored: {said:?}");
    }
    fs::remove_file(&ballast).unwrap();
    until("it is stored once there is room", || said() == Some(Verdict::Useful));
    assert_eq!(count(), 1);

    // Ended while the disk is full: what was not stored is not there, whole or half.
    let ballast = disk.fill();
    judge(&pipeline, Verdict::Noise);
    pipeline.stop().unwrap();
    fs::remove_file(&ballast).unwrap();
    assert_eq!((said(), count()), (Some(Verdict::Useful), 1));
    let pipeline = start();
    judge(&pipeline, Verdict::Noise);
    until("it is stored", || said() == Some(Verdict::Noise));
    pipeline.stop().unwrap();
    assert_eq!(count(), 2);
    holds(&data);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_window_says_is_done_is_stored_and_on_a_full_disk_it_says_that_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::new(&folder.path().join("disk"), "64m") else { return };
    let data = folder.path().join("disk/data");
    let app = App::start(AppOptions { data: Some(data.clone()), demo: true }).await.unwrap();
    let firing = async || {
        let request = Request::Alerts { tab: AlertTab::Active, text: String::new(), limit: 100 };
        let Response::Alerts(list) = app.call(request).await.unwrap() else { panic!() };
        list.alerts.into_iter().find(|row| row.topic.is_some()).map(|row| row.id)
    };
    let id = loop {
        if let Some(id) = firing().await {
            break id;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    // As another reader finds it: one that a kill right now would leave.
    let kept =
        || reader(&data.join("demo")).record(&id.as_str().into()).unwrap().unwrap().judged.map(|one| one.verdict);
    let judge = |verdict| app.call(Request::Judge { ids: vec![id.clone()], verdict });
    for verdict in [Some(Verdict::Useful), None, Some(Verdict::Noise)] {
        judge(verdict).await.unwrap();
        assert_eq!(kept(), verdict, "stored when it is said to be done, and not some time later");
    }
    let ballast = disk.fill();
    let refused = judge(Some(Verdict::Useful)).await.unwrap_err();
    assert_eq!((refused.code.as_str(), kept()), ("not-stored", Some(Verdict::Noise)));
    fs::remove_file(ballast).unwrap();
    let stored = async {
        while kept() != Some(Verdict::Useful) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, stored).await.expect("it is stored once there is room");
    app.stop().await;
}

/// Where the child of the test below works.
const CHILD: &str = "TOCSIN_TEST_SETTINGS_IN";

/// Not a test by itself: the app, without a window, until it is ended.
#[tokio::test(flavor = "multi_thread")]
async fn start_and_stay() {
    let Some(data) = std::env::var_os(CHILD).map(std::path::PathBuf::from) else { return };
    let app = App::start(AppOptions { data: Some(data.clone()), demo: false }).await.unwrap();
    let Response::State(state) = app.call(Request::State).await.unwrap() else { panic!() };
    fs::write(data.join("goes-on-with"), state.settings.keep_days.to_string()).unwrap();
    std::future::pending::<()>().await;
}

#[test]
fn settings_that_were_damaged_are_told_by_a_pop_up_and_left_alone_by_commands() {
    let Some(bus) = Bus::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    fs::write(data.join("settings.json.before"), "{\"settings\": {\"keep_days\": 400}}").unwrap();
    fs::write(data.join("settings.json"), "{\"settings\": {\"keep_days\": 500").unwrap();
    fs::create_dir(data.join("rules")).unwrap();
    let checked = tocsin(&["check"]).arg(data.join("rules")).arg("--data").arg(data).output().unwrap();
    let said = String::from_utf8_lossy(&checked.stderr).into_owned();
    assert!(checked.status.success() && said.contains("settings.json cannot be understood"), "{said}");
    assert!(fs::read_to_string(data.join("settings.json")).unwrap().ends_with("500"), "a command moves nothing");

    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "written::start_and_stay", "--nocapture"]).env(CHILD, data);
    command.env("DBUS_SESSION_BUS_ADDRESS", &bus.address).stdout(Stdio::null());
    let app = Program::start(command, "");
    until("it starts", || fs::read_to_string(data.join("goes-on-with")).is_ok_and(|days| days == "400"));
    until("it is told", || bus.shown().iter().any(|shown| shown.title == "Tocsin's settings were damaged"));
    assert!(fs::read_to_string(data.join("settings.json.damaged")).unwrap().ends_with("500"));
    app.kill();
}
