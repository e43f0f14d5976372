//! Two accounts, each at a Central of its own: switched between, kept apart, forgotten.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed unwrap is a failed test

use std::{fs, path::Path, time::Duration};

use secrecy::ExposeSecret as _;
use tocsin::{
    api::{
        AccountDraft, AlertList, AlertTab, ApiError, App, AppOptions, AppState, KeyPlace, Mode, Request, Response,
        TopicPhase,
    },
    event::Topic,
    simulator::{Options, Simulator},
};

const PATIENCE: Duration = Duration::from_secs(90);

/// An account at that Central, whose key is held for this run only.
fn draft(central: &Simulator, name: &str, add: bool, topic: Topic) -> AccountDraft {
    AccountDraft {
        add,
        name: name.to_owned(),
        endpoint: central.endpoint(),
        key: Some(central.key().expose_secret().to_owned()),
        keep: KeyPlace::ThisRun,
        topics: vec![topic],
        authority: Some(central.ca_pem().to_owned()),
        host_confirmed: true,
    }
}

async fn state_of(app: &App, request: Request) -> Result<AppState, ApiError> {
    let Response::State(state) = app.call(request).await? else { panic!("no state") };
    Ok(state)
}

async fn alerts(app: &App) -> AlertList {
    let request = Request::Alerts { tab: AlertTab::All, text: String::new(), limit: 1_000 };
    let Response::Alerts(list) = app.call(request).await.unwrap() else { panic!("no alerts") };
    list
}

/// The folders that the rules of its alerts are in.
async fn subjects(app: &App) -> Vec<String> {
    let subject = |rule: &str| rule.split('/').next().unwrap().to_owned();
    let mut all: Vec<String> = alerts(app).await.alerts.iter().map(|row| subject(&row.rule)).collect();
    all.sort();
    all.dedup();
    all
}

async fn until(what: &str, mut so: impl AsyncFnMut() -> bool) {
    let so = async {
        while !so().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, so).await.unwrap_or_else(|_| panic!("never came about: {what}"));
}

async fn listens(app: &App, topic: Topic) -> bool {
    app.status().await.topics.iter().all(|one| (one.phase == TopicPhase::Listening) == (one.topic == topic))
}

/// Whether any file below a folder holds that.
fn holds(folder: &Path, what: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() {
            return holds(&path, what);
        }
        fs::read(&path).unwrap().windows(what.len()).any(|window| window == what.as_bytes())
    })
}

/// The exit code of `tocsin alerts` on that data folder, and what it says.
fn tocsin(data: &Path, words: &[&str]) -> (i32, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tocsin"));
    let ran = command.arg("alerts").arg("--data").arg(data).args(words).output().unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    (ran.status.code().unwrap_or(-1), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_account_has_a_log_of_its_own_and_one_is_listened_to_at_a_time() {
    let (head, branch) =
        (Simulator::start(Options::default()), Simulator::start(Options { seed: 2, ..Options::default() }));
    let (head, branch) = (head.await.unwrap(), branch.await.unwrap());
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let app = App::start(AppOptions { data: Some(data.to_owned()), demo: false }).await.unwrap();
    let first = state_of(&app, Request::State).await.unwrap();
    assert_eq!((first.mode, first.accounts.len(), first.active), (Mode::FirstRun, 0, None));

    // The first stands where the only one always stood.
    let draft_of_head = draft(&head, "", false, Topic::Security);
    let state = state_of(&app, Request::Connect { draft: draft_of_head }).await.unwrap();
    assert_eq!((state.active.as_deref(), state.accounts[0].name.as_str()), (Some("first"), &*head.endpoint()));
    until("an alert of security", async || subjects(&app).await == ["security"]).await;
    until("the first is heard", async || listens(&app, Topic::Security).await).await;
    let of_head = alerts(&app).await.alerts[0].id.clone();

    let no_key = AccountDraft { key: None, ..draft(&branch, "Branch", true, Topic::Audit) };
    let refused = state_of(&app, Request::Connect { draft: no_key }).await.unwrap_err();
    assert_eq!(refused.code, "no-key", "the key of the one is not the other's");
    let draft_of_branch = draft(&branch, "Branch", true, Topic::Audit);
    let state = state_of(&app, Request::Connect { draft: draft_of_branch }).await.unwrap();
    let [_, second] = &state.accounts[..] else { panic!("{:?}", state.accounts) };
    let second = second.id.clone();
    assert_eq!(state.active.as_ref(), Some(&second));
    assert_eq!(state.account.unwrap().name, "Branch");
    until("the second is heard", async || listens(&app, Topic::Audit).await).await;
    until("an alert of audit", async || subjects(&app).await == ["audit"]).await;
    assert!(app.call(Request::Alert { id: of_head.clone() }).await.is_err(), "an alert of the other account");
    let log = data.join("accounts").join(&second).join("tocsin.db");
    assert!(data.join("tocsin.db").exists() && log.exists());

    let taken = draft(&head, "branch", true, Topic::Audit);
    assert_eq!(state_of(&app, Request::Connect { draft: taken }).await.unwrap_err().code, "name-taken");

    // Back: its alerts, its key, and a hole that says why.
    let state = state_of(&app, Request::SwitchAccount { id: "first".into() }).await.unwrap();
    assert_eq!(state.active.as_deref(), Some("first"));
    assert!(app.call(Request::Alert { id: of_head }).await.is_ok());
    until("the first is heard again", async || listens(&app, Topic::Security).await).await;
    // The log has its end a moment after the window says that it listens.
    until("the hole has an end and says why", async || {
        let status = app.status().await;
        let gaps = &status.topics.iter().find(|one| one.topic == Topic::Security).unwrap().gaps;
        let hole = gaps.iter().find(|gap| gap.reason == "Another account was listened to").expect("a hole");
        hole.to.is_some_and(|to| to > hole.from)
    })
    .await;
    assert_eq!(subjects(&app).await, ["security"]);

    // The command reads the log of the one that is listened to, or of the one that is named.
    for (words, rules) in [(&[][..], "security/"), (&["--account", "branch"], "audit/")] {
        let (code, said) = tocsin(data, words);
        assert!(code == 0 && said.contains(&format!("\"rule\":\"{rules}")), "{words:?}: {said}");
        let other = if rules == "audit/" { "security/" } else { "audit/" };
        assert!(!said.contains(other), "{words:?}: {said}");
    }
    let (code, said) = tocsin(data, &["--account", "nobody"]);
    assert!(code == 2 && said.contains(&format!("There are: {}, Branch.", head.endpoint())), "{said}");

    // No key of either is in any file, nor what a key is made of.
    for key in [head.key(), branch.key()] {
        for part in key.expose_secret().split('.').filter(|part| part.len() > 40) {
            assert!(!holds(data, part));
        }
    }

    // The one that is not listened to can be forgotten: its log goes, the other's goes on.
    let state = state_of(&app, Request::ForgetAccount { id: second.clone() }).await.unwrap();
    assert_eq!((state.accounts.len(), state.active.as_deref()), (1, Some("first")));
    assert!(!data.join("accounts").exists(), "nothing of it is left");
    assert!(listens(&app, Topic::Security).await, "the other is listened to all along");
    assert_eq!(state_of(&app, Request::SwitchAccount { id: second }).await.unwrap_err().code, "no-account");
    let state = state_of(&app, Request::ForgetAccount { id: "first".into() }).await.unwrap();
    assert_eq!((state.mode, state.accounts.len()), (Mode::FirstRun, 0));
    assert!(!data.join("tocsin.db").exists(), "its log is deleted");
    assert!(data.join("rules").exists() && data.join("settings.json").exists(), "rules and settings are everybody's");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_one_that_was_chosen_is_listened_to_after_a_restart_and_the_next_when_it_is_forgotten() {
    let (head, branch) =
        (Simulator::start(Options::default()), Simulator::start(Options { seed: 2, ..Options::default() }));
    let (head, branch) = (head.await.unwrap(), branch.await.unwrap());
    let data = tempfile::tempdir().unwrap();
    let start = async || App::start(AppOptions { data: Some(data.path().to_owned()), demo: false }).await.unwrap();
    let app = start().await;
    for (central, name, add) in [(&head, "Head", false), (&branch, "Branch", true)] {
        state_of(&app, Request::Connect { draft: draft(central, name, add, Topic::Security) }).await.unwrap();
    }
    app.stop().await;

    let app = start().await;
    let state = state_of(&app, Request::State).await.unwrap();
    let second = state.accounts[1].id.clone();
    assert_eq!((state.active.as_ref(), state.account.unwrap().name.as_str()), (Some(&second), "Branch"));
    let state = state_of(&app, Request::ForgetAccount { id: second }).await.unwrap();
    assert_eq!((state.active.as_deref(), state.account.unwrap().name.as_str()), (Some("first"), "Head"));
    assert!(data.path().join("tocsin.db").exists());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_switches_faster_than_an_account_opens_ends_at_the_one_asked_for_last() {
    let (head, branch) =
        (Simulator::start(Options::default()), Simulator::start(Options { seed: 2, ..Options::default() }));
    let (head, branch) = (head.await.unwrap(), branch.await.unwrap());
    let data = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(data.path().to_owned()), demo: false }).await.unwrap();
    for (central, name, add) in [(&head, "Head", false), (&branch, "Branch", true)] {
        state_of(&app, Request::Connect { draft: draft(central, name, add, Topic::Security) }).await.unwrap();
    }
    let second = state_of(&app, Request::State).await.unwrap().accounts[1].id.clone();
    let to = |id: &str| state_of(&app, Request::SwitchAccount { id: id.to_owned() });
    // Each is asked for before the one before it is there.
    let all = tokio::join!(to("first"), to(&second), to("first"), to(&second), to("first"));
    for state in [all.0, all.1, all.2, all.3, all.4] {
        state.unwrap();
    }
    let state = state_of(&app, Request::State).await.unwrap();
    assert_eq!((state.active.as_deref(), state.account.unwrap().endpoint), (Some("first"), head.endpoint()));
    until("the first is listened to", async || listens(&app, Topic::Security).await).await;
    app.stop().await;
}
