//! Pop-ups: what the operator does to one, and the test button.

use jiff::SignedDuration;

use super::{
    super::{App, account_list, news, session},
    control,
};
use crate::{
    alert::AlertId,
    api::{ApiError, Push, Response},
    pipeline::{note, popup_trouble, read_tag},
    rules::Severity,
    sink::desktop::{Action, Answer, Popup},
    store::Control,
};

/// The name under which the test pop-up goes.
const TEST: &str = "test";
/// The name under which the word about damaged settings goes.
const SETTINGS: &str = "settings";

/// The operator answered a pop-up.
pub async fn answered(app: &App, answer: Answer) {
    if answer.alert == TEST {
        return;
    }
    let Some((whose, alert)) = read_tag(&answer.alert) else { return };
    let id = alert.to_string();
    // A switch that is under way decides whose log is open.
    let turn = app.inner.turn.lock().await;
    let here = app.inner.session.read().await.as_ref().is_some_and(|session| session.whose == whose);
    if !here {
        let noted = match wanted(app, answer.action, alert) {
            Some(control) => note_elsewhere(app, whose, control).await,
            None => false,
        };
        if !noted && answer.action != Action::Dismissed {
            // All that can be done with it is to lead there.
            app.push(Push::OpenAlert { id, account: Some(whose.to_owned()) });
        }
        return;
    }
    drop(turn);
    let Some(wanted) = wanted(app, answer.action, alert) else {
        return app.push(Push::OpenAlert { id, account: None });
    };
    if let Err(error) = control(app, [wanted].into_iter()).await {
        tracing::warn!("the answer to a pop-up came to nothing: {}", error.message);
    }
}

/// What is asked for; `None`: to see the alert.
fn wanted(app: &App, action: Action, alert: AlertId) -> Option<Control> {
    Some(match action {
        Action::Acknowledge => Control::Acknowledge { alert, by: "you".into() },
        Action::Snooze => {
            let until = app.inner.clock.now().checked_add(SignedDuration::from_hours(1)).ok();
            Control::Snooze { alert: Some(alert), until }
        }
        Action::Open => return None,
        Action::Dismissed => Control::Dismissed { alert },
    })
}

/// Writes it into the log of an account that is not listened to; `false` if that cannot be.
async fn note_elsewhere(app: &App, whose: &str, control: Control) -> bool {
    if app.choices().account(whose).is_none() {
        return false; // the demo, or forgotten
    }
    let (folder, now) = (account_list::folder(&app.inner.folder, whose), app.inner.clock.now());
    let why = match session::blocking(move || note(&folder, control, now)).await {
        Ok(Ok(_)) => return true,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.message,
    };
    tracing::warn!("the answer to a pop-up of another account came to nothing: {why}");
    false
}

/// Says that what was chosen cannot be understood: at a start in the background nobody would see that nothing is listened
/// to. No alert of a log: there may be none.
pub fn tell_of_settings(app: &App, trouble: &str) {
    tracing::error!("{trouble}");
    let popup = Popup {
        alert: SETTINGS.to_owned(),
        // So that it stays until somebody closes it.
        severity: Severity::Critical,
        title: "Tocsin's settings were damaged".to_owned(),
        body: trouble.to_owned(),
        reminder: false,
    };
    if let Some(popups) = app.inner.popups.get() {
        popups.show_then(popup, |shown| {
            if let Err(error) = shown {
                tracing::error!("nobody could be told by a pop-up: {error}");
            }
        });
    }
}

/// Shows a pop-up now, or says why none can be shown.
pub async fn test(app: &App) -> Result<Response, ApiError> {
    let Some(popups) = app.inner.popups.get().cloned() else {
        return Err(ApiError::new("no-daemon", "Pop-ups cannot be shown on this system."));
    };
    let popup = Popup {
        alert: TEST.to_owned(),
        severity: Severity::Info,
        title: "This is how an alert looks".to_owned(),
        body: "Tocsin can show pop-ups on this desktop.".to_owned(),
        reminder: false,
    };
    let shown = session::blocking(move || popups.show(popup)).await?;
    let problem = shown.err().map(|error| news::popup_problem(&popup_trouble(&error).into()));
    app.board().popups.clone_from(&problem);
    match problem {
        None => Ok(Response::Done),
        Some(problem) => Err(ApiError { code: problem.code, message: problem.message, help: problem.steps.join(" ") }),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;
    use crate::{
        alert::{ChangeKind, DATABASE},
        api::{
            AppOptions, KeyPlace, Settings,
            app::choices::{Choices, Chosen},
        },
        clock::Clock,
        event::EventId,
        pipeline::{Options, Pipeline, Ruling, Silent},
        store::{EngineSettings, Reader, RowBody, Store},
    };

    fn two_accounts() -> Choices {
        let mut choices = Choices::default();
        for (id, name) in [("first", "Head"), ("19a", "Branch")] {
            let chosen = Chosen {
                name: name.into(),
                endpoint: "127.0.0.1:9".into(),
                topics: vec![],
                authority: None,
                host_confirmed: true,
                key_place: KeyPlace::ThisRun,
            };
            choices.put(id, chosen);
        }
        choices
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_answered_on_a_pop_up_of_an_account_that_is_not_listened_to_stands_in_its_log() {
        let data = tempfile::tempdir().unwrap();
        two_accounts().save(data.path()).unwrap();
        // An alert of the second one.
        let folder = account_list::folder(data.path(), "19a");
        let clock = Clock::system();
        let mut store = Store::open(&folder, clock.now()).unwrap().store;
        let begun = Control::BegunAnew { kept: "x".into(), reason: "a test".into() };
        let row = store.append(vec![RowBody::Control(begun)], clock.now()).unwrap()[0].seq;
        drop(store);
        let alert = AlertId::new(DATABASE, "x", EventId { seq: row, record: 0 });

        let app = App::start(AppOptions { data: Some(data.path().to_owned()), demo: false }).await.unwrap();
        assert_eq!(app.inner.session.read().await.as_ref().unwrap().whose, "first");
        let mut pushes = app.subscribe();
        for action in [Action::Dismissed, Action::Snooze, Action::Acknowledge] {
            answered(&app, Answer { alert: format!("19a/{alert}"), action }).await;
        }
        while let Ok(push) = pushes.try_recv() {
            assert!(!matches!(push, Push::OpenAlert { .. }), "nobody is led anywhere");
        }

        // As long as another program listens to it, all that can be done is to lead there; a button is no wish to see it
        // closed without a word.
        let opened = Store::open(&folder, clock.now()).unwrap();
        answered(&app, Answer { alert: format!("19a/{alert}"), action: Action::Acknowledge }).await;
        answered(&app, Answer { alert: format!("19a/{alert}"), action: Action::Dismissed }).await;
        let mut led = Vec::new();
        while let Ok(push) = pushes.try_recv() {
            if let Push::OpenAlert { id, account } = push {
                led.push((id, account));
            }
        }
        assert_eq!(led, [(alert.to_string(), Some("19a".to_owned()))]);
        drop(opened);

        // One that was forgotten gets no log again.
        answered(&app, Answer { alert: format!("77/{alert}"), action: Action::Dismissed }).await;
        assert!(!account_list::folder(data.path(), "77").exists());
        app.stop().await;

        // Whoever listens to it next finds all of it.
        let options = Options {
            store: Store::open(&folder, clock.now()).unwrap().store,
            rules: Ruling::default(),
            settings: EngineSettings { zone: Settings::default().zone(), notifications: true },
            noise: None,
            clock,
            bell: Box::new(Silent),
            keeps: Settings::default().retention(),
        };
        let runtime = tokio::runtime::Handle::current();
        session::blocking(move || Pipeline::start(options, &runtime).unwrap().stop().unwrap()).await.unwrap();
        let changes = Reader::open(&folder).unwrap().changes(0, 100).unwrap();
        let of = |(_, change): (_, crate::alert::Change)| (change.alert == alert).then_some(change.change);
        let answers = [ChangeKind::Dismissed, ChangeKind::Snoozed, ChangeKind::Acknowledged];
        let kept: Vec<_> = changes.into_iter().filter_map(of).filter(|change| answers.contains(change)).collect();
        assert_eq!(kept, answers);
    }
}
