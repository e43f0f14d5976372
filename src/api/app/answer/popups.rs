//! Pop-ups: what the operator does to one, and the test button.

use jiff::SignedDuration;

use super::{
    super::{App, news, session},
    control,
};
use crate::{
    api::{ApiError, Push, Response},
    pipeline::{popup_trouble, read_tag},
    rules::Severity,
    sink::desktop::{Action, Answer, Popup},
    store::Control,
};

/// The name under which the test pop-up goes.
const TEST: &str = "test";

/// The operator answered a pop-up.
pub async fn answered(app: &App, answer: Answer) {
    if answer.alert == TEST {
        return;
    }
    let Some((whose, alert)) = read_tag(&answer.alert) else { return };
    let id = alert.to_string();
    let here = app.inner.session.read().await.as_ref().is_some_and(|session| session.whose == whose);
    if !here {
        // Its log is not open, so all that can be done with it is to say so.
        if answer.action != Action::Dismissed {
            app.push(Push::OpenAlert { id, account: Some(whose.to_owned()) });
        }
        return;
    }
    let wanted = match answer.action {
        Action::Acknowledge => Control::Acknowledge { alert, by: "you".into() },
        Action::Snooze => {
            let until = app.inner.clock.now().checked_add(SignedDuration::from_hours(1)).ok();
            Control::Snooze { alert: Some(alert), until }
        }
        Action::Open => return app.push(Push::OpenAlert { id, account: None }),
        Action::Dismissed => Control::Dismissed { alert },
    };
    if let Err(error) = control(app, [wanted].into_iter()).await {
        tracing::warn!("the answer to a pop-up came to nothing: {}", error.message);
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
