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
    store::Store,
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
        keep_authority: false,
        host_confirmed: true,
    }
}

/// Two Centrals, each with a campus of its own.
async fn centrals() -> (Simulator, Simulator) {
    let other = Options { seed: 2, ..Options::default() };
    let (head, branch) = tokio::join!(Simulator::start(Options::default()), Simulator::start(other));
    (head.unwrap(), branch.unwrap())
}

async fn app_in(data: &Path) -> App {
    App::start(AppOptions { data: Some(data.to_owned()), demo: false }).await.unwrap()
}

/// An account at each: "Head", the first, and "Branch", which is then listened to.
async fn connect_both(app: &App, head: &Simulator, branch: &Simulator) {
    for (central, name, add) in [(head, "Head", false), (branch, "Branch", true)] {
        state_of(app, Request::Connect { draft: draft(central, name, add, Topic::Security) }).await.unwrap();
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

/// The command's exit code on that data folder, and what it says.
fn tocsin(data: &Path, words: &[&str]) -> (i32, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_tocsin"));
    let ran = command.args(words).arg("--data").arg(data).output().unwrap();
    let said = [ran.stdout, ran.stderr].concat();
    (ran.status.code().unwrap_or(-1), String::from_utf8(said).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_account_has_a_log_of_its_own_and_one_is_listened_to_at_a_time() {
    let (head, branch) = centrals().await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let app = app_in(data).await;
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
    for (words, rules) in [(&["alerts"][..], "security/"), (&["alerts", "--account", "branch"], "audit/")] {
        let (code, said) = tocsin(data, words);
        assert!(code == 0 && said.contains(&format!("\"rule\":\"{rules}")), "{words:?}: {said}");
        let other = if rules == "audit/" { "security/" } else { "audit/" };
        assert!(!said.contains(other), "{words:?}: {said}");
    }
    let add = ["silence", "add", "--rule", "audit/*", "--for", "1h", "--comment", "a test"];
    for words in [&["alerts"][..], &["export"], &["stats"], &["silence", "list"], &add, &["silence", "end", "1"]] {
        let (code, said) = tocsin(data, &[words, &["--account", "nobody"]].concat());
        let all = format!("There are: {}, Branch.", head.endpoint());
        assert!(code == 2 && said.contains(&all), "{words:?}: {said}");
    }

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
    let (head, branch) = centrals().await;
    let data = tempfile::tempdir().unwrap();
    let app = app_in(data.path()).await;
    connect_both(&app, &head, &branch).await;
    app.stop().await;

    let app = app_in(data.path()).await;
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
    let (head, branch) = centrals().await;
    let data = tempfile::tempdir().unwrap();
    let app = app_in(data.path()).await;
    connect_both(&app, &head, &branch).await;
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

/// A line of JSON that the command prints.
fn printed(data: &Path, words: &[&str]) -> serde_json::Value {
    let (code, said) = tocsin(data, words);
    assert_eq!(code, 0, "{words:?}: {said}");
    serde_json::from_str(said.trim()).unwrap_or_else(|error| panic!("{words:?}: {error} in {said}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_exports_counts_and_silences_in_the_log_of_the_account_that_is_named_and_in_no_other() {
    let (head, branch) = centrals().await;
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let app = app_in(data).await;
    // Each is listened to twice: what is in a log came of several stays.
    for (central, name, add, topic) in
        [(&head, "Head", false, Topic::Security), (&branch, "Branch", true, Topic::Audit)]
    {
        state_of(&app, Request::Connect { draft: draft(central, name, add, topic) }).await.unwrap();
        until("an alert", async || !alerts(&app).await.alerts.is_empty()).await;
    }
    let ids: Vec<String> =
        state_of(&app, Request::State).await.unwrap().accounts.into_iter().map(|row| row.id).collect();
    for (id, topic) in [(&ids[0], Topic::Security), (&ids[1], Topic::Audit)] {
        state_of(&app, Request::SwitchAccount { id: id.clone() }).await.unwrap();
        until("it is heard again", async || listens(&app, topic).await).await;
    }

    // The first is not listened to: its log can be written. The second is, and only the window writes there.
    let add = |account: &str| {
        let words = ["silence", "add", "--rule", "x/*", "--for", "1h", "--comment", "a test", "--account", account];
        tocsin(data, &words)
    };
    let (code, said) = add("head");
    assert_eq!(code, 0, "{said}");
    let id = serde_json::from_str::<serde_json::Value>(&said).unwrap()["id"].to_string();
    let (code, said) = add("Branch");
    assert!(code == 2 && said.contains("Use its window, or close it first"), "{said}");
    app.stop().await;

    for (name, topic, other) in [("Head", "security", "audit"), ("Branch", "audit", "security")] {
        let stats = printed(data, &["stats", "--format", "json", "--account", name]);
        assert!(stats["stored"][topic].as_u64() > Some(0) && stats["stored"][other].is_null(), "{name}: {stats}");
        let (code, lines) = tocsin(data, &["export", "--account", name]);
        assert_eq!(code, 0);
        let lines: Vec<serde_json::Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let frames =
            |topic: &str| lines.iter().filter(|line| line["topic"] == topic && line.get("frame").is_some()).count();
        assert_eq!((frames(topic) as u64, frames(other)), (stats["stored"][topic].as_u64().unwrap(), 0), "{name}");
        // What was lived through switches is what is replayed.
        let place = if name == "Head" { data.to_owned() } else { data.join("accounts").join(&ids[1]) };
        let (lived, again) = (tocsin(data, &["alerts", "--account", name]), replayed(&place));
        assert_eq!(lived.0, 0);
        for (number, (lived, again)) in lived.1.lines().zip(again.lines()).enumerate() {
            assert_eq!(lived, again, "{name}: line {number}");
        }
        let counts = (lived.1.lines().count(), again.lines().count());
        assert!(counts.0 > 0 && counts.1 >= counts.0, "{name}: {counts:?}");
    }
    let (_, listed) = tocsin(data, &["silence", "list", "--account", "Branch"]);
    assert_eq!(listed, "", "the other's silence");
    assert_eq!(printed(data, &["silence", "list", "--account", "Head"])["id"].to_string(), id);
    assert_eq!(tocsin(data, &["silence", "end", &id, "--account", "Branch"]).0, 2);
    assert_eq!(tocsin(data, &["silence", "end", &id, "--account", "Head"]).0, 0);
    assert_eq!(tocsin(data, &["silence", "list", "--account", "Head"]), (0, String::new()));
}

/// What the command makes of the rows of that log, with the rules they name.
fn replayed(folder: &Path) -> String {
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_tocsin")).arg("replay").arg(folder).output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8(ran.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_private_authority_is_kept_with_its_host_and_for_no_other() {
    let (head, branch) = centrals().await;
    let data = tempfile::tempdir().unwrap();
    let app = app_in(data.path()).await;
    let given = draft(&head, "Head", false, Topic::Security);
    state_of(&app, Request::Connect { draft: given.clone() }).await.unwrap();

    let kept =
        AccountDraft { name: "Campus".into(), key: None, authority: None, keep_authority: true, ..given.clone() };
    let account = state_of(&app, Request::Connect { draft: kept.clone() }).await.unwrap().account.unwrap();
    assert!(account.name == "Campus" && account.authority.is_some());
    until("it is trusted", async || listens(&app, Topic::Security).await).await;

    // One more account never begins with that of another, and another host has none either.
    let key = Some(branch.key().expose_secret().to_owned());
    let elsewhere = AccountDraft { endpoint: branch.endpoint(), key: key.clone(), ..kept.clone() };
    for draft in [elsewhere.clone(), AccountDraft { add: true, name: String::new(), ..elsewhere }] {
        let account = state_of(&app, Request::Connect { draft }).await.unwrap().account.unwrap();
        assert!(account.endpoint == branch.endpoint() && account.authority.is_none());
    }
    app.stop().await;

    let data = tempfile::tempdir().unwrap();
    let app = app_in(data.path()).await;
    state_of(&app, Request::Connect { draft: given }).await.unwrap();
    let left_out = AccountDraft { keep_authority: false, ..kept };
    let account = state_of(&app, Request::Connect { draft: left_out }).await.unwrap().account.unwrap();
    assert!(account.authority.is_none());
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_account_whose_log_cannot_be_deleted_stays_until_it_can() {
    let (head, branch) = centrals().await;
    let folder = tempfile::tempdir().unwrap();
    let app = app_in(folder.path()).await;
    connect_both(&app, &head, &branch).await;
    // As `tocsin watch --account Head` has it.
    let other = Store::open(folder.path(), jiff::Timestamp::now()).unwrap();
    let refused = state_of(&app, Request::ForgetAccount { id: "first".into() }).await.unwrap_err();
    assert_eq!(refused.code, "log-left");
    let state = state_of(&app, Request::State).await.unwrap();
    assert_eq!(state.accounts.len(), 2);
    assert!(folder.path().join("tocsin.db").exists());
    drop(other);
    let state = state_of(&app, Request::ForgetAccount { id: "first".into() }).await.unwrap();
    assert_eq!((state.accounts.len(), state.account.unwrap().name.as_str()), (1, "Branch"));
    assert!(!folder.path().join("tocsin.db").exists());
    app.stop().await;
}
