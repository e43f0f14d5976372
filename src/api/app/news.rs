//! What a session tells, made into pushes and status.

use std::{sync::Arc, time::Duration};

use tokio::sync::{broadcast, mpsc};

use super::{App, alerts, board::Board, live::Marked, lock, session::Session};
use crate::{
    alert::{AlertRecord, Change, ChangeKind},
    api::{ApiError, KeyPlace, ProblemInfo, Push, Status},
    pipeline::Told,
    source::Heard,
    store::{AlertQuery, Which},
};

/// How often the status is looked at.
const TICK: Duration = Duration::from_secs(1);

/// Begins to follow a session: first what its database knows, then what it tells. The tasks end with the session.
pub fn follow(app: &App, session: &mut Session) -> Result<(), ApiError> {
    let board = known(app, session)?;
    *app.board() = board;
    key_changed(app, session);
    let events = session.events();
    session.tasks.spawn(told(app.clone(), events));
    if let Some(news) = session.news.take() {
        // They end before the next session is shown: none of this one's alerts is to stand among the other's.
        session.tasks.spawn(heard(app.clone(), news, session.chosen.key_place));
    }
    Ok(())
}

/// What a session's database knows.
fn known(app: &App, session: &Session) -> Result<Board, ApiError> {
    let now = app.inner.clock.now();
    let since = now.checked_sub(jiff::SignedDuration::from_hours(24)).unwrap_or(now);
    let (active, coverage, silences, snoozed_until) = session.read(|reader| {
        let query = AlertQuery { which: Which::Active, limit: 10_000, ..AlertQuery::default() };
        let (alerts, coverage) = (reader.alerts(&query)?, reader.coverage(since)?);
        Ok::<_, ApiError>((alerts, coverage, reader.silences(now)?, reader.snoozed_all()?))
    })?;
    let mut board = Board {
        topics: session.chosen.topics.clone(),
        counting: super::counting::Counting::since(now),
        since: Some(now),
        silences,
        snoozed_until,
        ..Board::default()
    };
    for (at, coverage) in &coverage {
        board.coverage(*at, coverage);
    }
    for record in &active {
        board.alert(record);
    }
    Ok(board)
}

/// Another database has taken the place of the one that was damaged: what is known is what it knows, but for the
/// connections and the key, which go on.
async fn begun_anew(app: App) {
    let guard = app.inner.session.read().await;
    let Some(session) = guard.as_ref() else { return };
    // Held meanwhile: what is told now is either read here or taken in afterwards.
    let mut board = app.board();
    match session.read_anew().and_then(|()| known(&app, session)) {
        Ok(new) => {
            let old = std::mem::take(&mut *board);
            *board = Board {
                connections: old.connections,
                // What was counted was heard, whatever became of the database.
                counting: old.counting,
                key: old.key,
                key_problem: old.key_problem,
                popups: old.popups,
                ..new
            };
        }
        Err(error) => tracing::error!("the new database cannot be read: {}", error.message),
    }
    drop(board);
    app.push(Push::StateChanged);
}

/// The key of a session is another one.
pub fn key_changed(app: &App, session: &Session) {
    let key = session.keys.as_ref().map(|keys| (keys.info(), session.chosen.key_place));
    app.board().key = key;
}

/// Sends the status whenever it has changed, at most once a second.
pub async fn tick(app: App) {
    let mut last: Option<Status> = None;
    loop {
        app.inner.clock.sleep(TICK).await;
        let status = app.status().await;
        if last.as_ref() != Some(&status) {
            last = Some(status.clone());
            app.push(Push::Status(status));
        }
    }
}

async fn told(app: App, mut told: broadcast::Receiver<Told>) {
    lock(&app.inner.following).marked = Marked::default();
    loop {
        match told.recv().await {
            Ok(told) => take(&app, told),
            // More was told than this task could take: what it missed is in the database.
            Err(broadcast::error::RecvError::Lagged(missed)) => {
                tracing::warn!(missed, "the window is behind");
                app.push(Push::StateChanged);
            }
            Err(broadcast::error::RecvError::Closed) => return,
        }
    }
}

fn take(app: &App, told: Told) {
    match told {
        Told::Changes { changes, alerts } => changed(app, &changes, &alerts),
        Told::Frames(heard) => {
            let mut board = app.board();
            for frame in heard.iter() {
                board.counting.events(frame.topic, frame.received, frame.count as u32);
            }
            drop(board);
            if let Some(follow) = &mut lock(&app.inner.following).follow {
                follow.hear(&heard);
            }
        }
        Told::Coverage { at, coverage } => {
            let mut board = app.board();
            board.let_go = board.let_go.saturating_add(u32::try_from(coverage.missed).unwrap_or(u32::MAX));
            board.coverage(at, &coverage);
        }
        Told::BegunAnew(_) => drop(tokio::spawn(begun_anew(app.clone()))),
        Told::SnoozedAll(until) => app.board().snoozed_until = until,
        Told::Quiet(silences) => {
            app.board().silences = silences;
            app.push(Push::SilencesChanged);
        }
        Told::Rules => app.push(Push::RulesChanged),
        Told::Rejected { .. } => app.board().rejected += 1,
        Told::Trouble(trouble) => tracing::debug!(rule = %trouble.rule, fault = trouble.fault, "{}", trouble.message),
        Told::Storage(problem) => {
            let problem = problem.map(|problem| ProblemInfo {
                code: problem.code.to_owned(),
                message: problem.message.to_string(),
                said: String::new(),
                steps: Vec::new(),
            });
            app.board().storage = problem;
        }
        Told::Popups(reason) => app.board().popups = reason.map(|reason| popup_problem(&reason)),
    }
}

fn changed(app: &App, changes: &[Change], records: &[AlertRecord]) {
    let now = app.inner.clock.now();
    for change in changes {
        if let (Some(event), ChangeKind::Pending | ChangeKind::Fired | ChangeKind::Repeated) =
            (change.event, change.change)
        {
            lock(&app.inner.following).marked.add(event, change.alert.to_string());
        }
    }
    let mut board = app.board();
    for record in records {
        board.alert(record);
    }
    let rows = records.iter().map(|record| alerts::row(record, &board.silences, now)).collect();
    drop(board);
    app.push(Push::Alerts(rows));
}

async fn heard(app: App, mut news: mpsc::Receiver<Heard>, place: KeyPlace) {
    while let Some(heard) = news.recv().await {
        let mut board = app.board();
        match heard {
            Heard::Frame { .. } | Heard::Overload { .. } => {} // the pipeline's alone
            Heard::State(state) => drop(board.connections.insert(state.topic, state)),
            Heard::KeyRenewed { info, unkept } => {
                board.key = Some((info, place));
                board.key_problem = unkept.as_ref().map(Into::into);
            }
            Heard::KeyTrouble(problem) => board.key_problem = Some((&problem).into()),
        }
    }
}

/// Why pop-ups are not shown, and what to do about it.
pub fn popup_problem(reason: &Arc<str>) -> ProblemInfo {
    let no_daemon = reason.as_ref() == "no-daemon";
    let step = if no_daemon {
        "Start your desktop's notification service. Until then alerts are listed here."
    } else {
        "Alerts are listed here all the same."
    };
    ProblemInfo {
        code: if no_daemon { "no-daemon" } else { "popups" }.to_owned(),
        message: alerts::popup_trouble(reason).to_owned(),
        said: String::new(),
        steps: vec![step.to_owned()],
    }
}
