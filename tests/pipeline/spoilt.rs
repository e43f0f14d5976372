//! A database that is spoilt under the app while its window is open.

use std::{
    fs,
    io::{Seek as _, SeekFrom, Write as _},
    time::Duration,
};

use tocsin::{
    alert::{DATABASE, Matchers},
    api::{AlertList, AlertTab, App, AppOptions, Push, Request, Response, SilenceRow},
};

async fn alerts(app: &App) -> Option<AlertList> {
    let request = Request::Alerts { tab: AlertTab::Active, text: String::new(), limit: 1_000 };
    // While the one database takes the place of the other, the reader may come upon the damage.
    let Ok(Response::Alerts(list)) = app.call(request).await else { return None };
    Some(list)
}

async fn silences(app: &App) -> Vec<SilenceRow> {
    let Response::Silences(silences) = app.call(Request::Silences).await.unwrap() else { panic!() };
    silences
}

#[tokio::test(flavor = "multi_thread")]
async fn the_app_goes_on_with_a_new_database_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::start(AppOptions { data: Some(folder.path().to_owned()), demo: true }).await.unwrap();
    let wait = async |what: &str, so: &dyn Fn(&AlertList) -> bool| {
        let so = async {
            while !alerts(&app).await.is_some_and(|list| so(&list)) {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(90), so).await.unwrap_or_else(|_| panic!("never came about: {what}"));
    };
    wait("an alert of the demo", &|list| list.alerts.iter().any(|row| row.topic.is_some())).await;
    let matchers = Matchers { rule: "security/flood".into(), ..Matchers::default() };
    app.call(Request::Silence { matchers, minutes: 60, comment: "It stays".into() }).await.unwrap();
    let silenced = async {
        while silences(&app).await.is_empty() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), silenced).await.unwrap();
    let rules = app.status().await.rules_on;

    let mut pushes = app.subscribe();
    let data = folder.path().join("demo");
    for (name, from) in [("tocsin.db", 4096), ("tocsin.db-wal", 32)] {
        let length = fs::metadata(data.join(name)).map_or(0, |metadata| metadata.len());
        let mut file = fs::OpenOptions::new().write(true).open(data.join(name)).unwrap();
        file.seek(SeekFrom::Start(from)).unwrap();
        file.write_all(&vec![0xA5; usize::try_from(length.saturating_sub(from)).unwrap()]).unwrap();
    }
    wait("it is told by an alert", &|list| list.alerts.iter().any(|row| row.rule == DATABASE)).await;
    let told = async { while !matches!(pushes.recv().await, Ok(Push::StateChanged)) {} };
    tokio::time::timeout(Duration::from_secs(30), told).await.expect("the window is told to ask anew");
    // What the operator asked for is as it was, and the demo's story goes on.
    let silences = silences(&app).await;
    assert!(matches!(&silences[..], [one] if one.comment == "It stays"), "{silences:?}");
    wait("alerts go on", &|list| list.alerts.iter().any(|row| row.topic.is_some())).await;
    let status = app.status().await;
    assert_eq!((status.storage, status.rules_on), (None, rules));
    let names = || fs::read_dir(&data).unwrap().map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let kept = names().filter(|name| name.starts_with("tocsin.db.damaged-") && !name.contains("-wal"));
    assert_eq!(kept.filter(|name| !name.ends_with("-shm")).count(), 1);
    app.stop().await;
}
