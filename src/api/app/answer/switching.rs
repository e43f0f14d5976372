//! From one account to another, and forgetting one.

use super::super::{
    App,
    account_list::{self, key_entry},
    lock,
};
use super::accounts::{end_session, open_account};
use crate::{
    api::{ApiError, KeyPlace, Push, Response},
    secrets::Keyring,
    store::{CoverageReason, Store},
};

/// Listens to another account. What was heard for the one before stays in its log, which says that it is no longer
/// listened to.
pub async fn switch(app: &App, id: &str) -> Result<Response, ApiError> {
    if app.choices().account(id).is_none() {
        return Err(no_account());
    }
    let running = app.inner.session.read().await.as_ref().map(|session| session.whose.clone());
    if running.as_deref() != Some(id) {
        super::super::backtest::stop(app);
        super::super::probe::stop(app);
        app.choose(|choices| id.clone_into(&mut choices.active))?;
        end_session(app, CoverageReason::OtherAccount).await;
        open(app).await?;
    }
    super::state(app).await
}

/// Forgets an account, with its key and its log. The next one is listened to if this one was.
pub async fn forget(app: &App, id: &str) -> Result<Response, ApiError> {
    let place = app.choices().account(id).map(|account| account.key_place).ok_or_else(no_account)?;
    if place == KeyPlace::Keyring {
        // First of all, so that a keyring that cannot be used is told before anything has changed.
        Keyring::new(&key_entry(id), app.inner.clock).delete().await?;
    }
    let running = app.inner.session.read().await.as_ref().is_some_and(|session| session.whose == id);
    if running {
        super::super::backtest::stop(app);
        end_session(app, CoverageReason::OtherAccount).await;
    }
    let (folder, data) = (account_list::folder(&app.inner.folder, id), app.inner.folder.clone());
    let (log, gone) = (folder.clone(), id.to_owned());
    // Before the account: who is interrupted here, or whose log cannot be deleted, finds it in the list and forgets it
    // again. A log of no account would be found by nobody, or by the next account in its place.
    let deleted =
        super::super::session::blocking(move || Store::delete(&log).map(|()| account_list::clear(&data, &gone)))
            .await?;
    let forgotten = match deleted {
        Ok(()) => app.choose(|choices| choices.forget(id)),
        Err(error) => Err(ApiError::new(
            "log-left",
            &format!("The account is still there, since its log could not be deleted: {error}"),
        )
        .help("Its key is gone. Mend that, and forget the account again.")),
    };
    if forgotten.is_ok() {
        lock(&app.inner.this_run).remove(id);
    }
    let opened = if running { open(app).await } else { Ok(()) };
    app.push(Push::StateChanged);
    forgotten.and(opened)?;
    super::state(app).await
}

/// Opens the account that is chosen now. The window is told either way: what it showed is not there any more.
async fn open(app: &App) -> Result<(), ApiError> {
    let opened = open_account(app, None).await;
    if opened.is_err() {
        app.push(Push::StateChanged);
    }
    opened
}

fn no_account() -> ApiError {
    ApiError::new("no-account", "There is no such account any more.")
}
