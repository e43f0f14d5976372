//! Killed while the operator's work is written: rules, cases, settings and verdicts are there whole, as they were or as
//! they are to be, and what was said to be saved stays.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use tocsin::{
    alert::{AlertId, ChangeKind, Judge, Verdict},
    api::{App, AppOptions, Request, Response, Settings},
    event::Topic,
    pipeline::{Input, Told},
};

use crate::{
    crash,
    frames::rogue,
    history,
    stand::{Heeding, until},
};

/// Where the children of these tests work.
const CHILD: &str = "TOCSIN_TEST_WRITTEN_IN";

fn child(test: &str, folder: &Path) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What the child noted as done, whole lines only.
fn diary(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("diary")).unwrap_or_default();
    text[..text.rfind('\n').map_or(0, |end| end + 1)].lines().map(str::to_owned).collect()
}

fn note(folder: &Path, line: &str) {
    // One write: a kill leaves it or does not.
    let mut diary = OpenOptions::new().create(true).append(true).open(folder.join("diary")).unwrap();
    diary.write_all(format!("{line}\n").as_bytes()).unwrap();
}

/// Long, so that it takes more than one page; no number has the beginning of another's.
fn rule(number: u64) -> String {
    let long = format!("// {number:08}\n").repeat(4_000);
    format!("//! Number {number}.\nconst ON = \"audit\";\nfn when(event) {{ false }}\n{long}")
}

fn cases(number: u64) -> String {
    format!("# {number:08}\n").repeat(20_000)
}

/// Not a test by itself: an operator who saves again and again until killed.
#[tokio::test(flavor = "multi_thread")]
async fn save_until_killed() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    let app = App::start(AppOptions { data: Some(folder.join("data")), demo: false }).await.unwrap();
    let saved = |answer: Response| match answer {
        Response::Saved { hash } => hash,
        other => panic!("{other:?}"),
    };
    let number = last(&folder, "rule").map_or(0, |last| last + 1);
    let read = |path: PathBuf| fs::read_to_string(path).ok().map(|text| tocsin::rules::folder::hash(&text));
    let mut base = read(folder.join("data/rules/mine.rhai"));
    let mut base_of_cases = read(folder.join("data/rules/mine.toml"));
    for number in number.. {
        let (name, text) = ("mine".to_owned(), rule(number));
        base = Some(saved(app.call(Request::SaveRule { name: name.clone(), text, base }).await.unwrap()));
        note(&folder, &format!("rule {number}"));
        let (text, base) = (cases(number), base_of_cases);
        base_of_cases = Some(saved(app.call(Request::SaveCases { name, text, base }).await.unwrap()));
        note(&folder, &format!("cases {number}"));
        let keep_days = (number % 3_000 + 1) as u32;
        app.call(Request::SaveSettings { settings: Settings { keep_days, ..Settings::default() } }).await.unwrap();
        note(&folder, &format!("settings {number}"));
    }
}

fn last(folder: &Path, what: &str) -> Option<u64> {
    let diary = diary(folder);
    diary.iter().rev().find_map(|line| line.strip_prefix(what)?.trim().parse().ok())
}

#[test]
fn what_is_saved_is_whole_whenever_it_is_killed() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path();
    for kill in 0..12 {
        let before = diary(folder).len();
        let mut child = child("written::save_until_killed", folder);
        until("it saves", || diary(folder).len() > before + 6);
        // Not at the same place twice.
        std::thread::sleep(Duration::from_millis(kill * 7 % 60));
        child.kill().unwrap();
        child.wait().unwrap();

        let rules = folder.join("data/rules");
        for (what, file, text) in
            [("rule", "mine.rhai", rule as fn(u64) -> String), ("cases", "mine.toml", cases as fn(u64) -> String)]
        {
            let (there, saved) = (fs::read_to_string(rules.join(file)).unwrap(), last(folder, what).unwrap());
            assert!(there == text(saved) || there == text(saved + 1), "{what} {saved}: {}", &there[..60]);
        }
        let settings = fs::read_to_string(folder.join("data/settings.json")).unwrap();
        let settings: serde_json::Value = serde_json::from_str(&settings).unwrap();
        let (days, saved) = (settings["settings"]["keep_days"].as_u64().unwrap(), last(folder, "settings").unwrap());
        assert!(days == saved + 1 || days == saved + 2, "{days} for {saved}");
        // What a kill leaves has a hidden name: it is no rule, no cases, no list.
        let mine = fs::read_dir(&rules).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let odd: Vec<String> = mine.filter(|name| name.contains("mine") && !name.starts_with('.')).collect();
        assert_eq!(odd.len(), 2, "{odd:?}");
    }
}

/// Not a test by itself: who judges the same alerts again and again until killed.
#[test]
fn judge_until_killed() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else { return };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let pipeline = crash::pipeline(&folder, Heeding::default(), &runtime);
    let mut told = pipeline.listen();
    let (input, judging) = (pipeline.input(), pipeline.input());
    for number in 0..4 {
        input.blocking_send(Input::Frame { topic: Topic::Security, bytes: rogue(number, b"x").into() }).unwrap();
    }
    let alerts = loop {
        let fired = history::of(&folder.join("data"), "r", ChangeKind::Fired);
        if fired.len() >= 4 {
            break fired;
        }
        std::thread::sleep(Duration::from_millis(5));
    };
    let noting = std::thread::spawn(move || {
        loop {
            let Ok(said) = told.blocking_recv() else { continue };
            let Told::Changes { changes, .. } = said else { continue };
            for change in changes.iter().filter(|change| change.change.verdict().is_some()) {
                note(&folder, &format!("{} {}", change.alert, change.change.name()));
            }
        }
    });
    for number in 0.. {
        let of = alerts[number % alerts.len()].clone();
        let verdict = [Some(Verdict::Useful), Some(Verdict::Noise), None][number % 3];
        let (alert, rule, key, severity, title) = (of.alert, of.rule, of.key, of.severity, of.title);
        let judge = Judge { alert, verdict, rule, key, severity, title };
        judging.blocking_send(Input::Control(tocsin::store::Control::Judge(judge))).unwrap();
        std::thread::sleep(Duration::from_millis(1));
    }
    noting.join().unwrap();
}

#[test]
fn a_verdict_that_was_told_is_kept_and_none_is_half_written_whenever_it_is_killed() {
    let place = tempfile::tempdir().unwrap();
    let (folder, data) = (place.path(), place.path().join("data"));
    for kill in 0..8 {
        let before = diary(folder).len();
        let mut child = child("written::judge_until_killed", folder);
        until("it judges", || diary(folder).len() > before + 20);
        std::thread::sleep(Duration::from_millis(kill * 7 % 50));
        child.kill().unwrap();
        child.wait().unwrap();

        let changes = history::changes(&data);
        let verdicts = |of: &AlertId| {
            let of = changes.iter().filter(move |change| change.alert == *of && change.change.verdict().is_some());
            of.map(|change| change.change.name().to_owned()).collect::<Vec<_>>()
        };
        for line in diary(folder) {
            let (alert, verdict) = line.split_once(' ').unwrap();
            assert!(verdicts(&alert.into()).iter().any(|kept| kept == verdict), "told and not kept: {line}");
        }
        let reader = history::reader(&data);
        let mut judged = 0;
        for fired in changes.iter().filter(|change| change.change == ChangeKind::Fired && &*change.rule == "r") {
            let record = reader.record(&fired.alert).unwrap().unwrap();
            let said = changes.iter().rev().find(|one| one.alert == fired.alert && one.change.verdict().is_some());
            let said = said.and_then(|change| change.change.verdict()).flatten();
            assert_eq!(record.judged.map(|judged| judged.verdict), said, "{}", fired.alert);
            judged += u32::from(said.is_some());
        }
        let counted = reader.stats().unwrap().judged.values().map(|of| of.all()).sum::<u64>();
        assert_eq!(counted, u64::from(judged), "as tocsin stats counts them");
    }
    // What was accepted and not evaluated is evaluated at the next start.
    let runtime = tokio::runtime::Runtime::new().unwrap();
    crash::pipeline(folder, Heeding::default(), &runtime).stop().unwrap();
    history::holds(&data);
}
