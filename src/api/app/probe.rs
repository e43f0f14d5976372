//! Testing a connection, step by step, while the form is open.

use secrecy::SecretString;

use super::{App, account_list::key_entry, answer::accounts, lock, session};
use crate::{
    api::{AccountDraft, ApiError, Mode, Push, Response, StepState, TestStage, TestStep},
    secrets::{Held, Keyring},
    source::{self, KeyHolder, Stage, StepReport},
};

/// Starts a test. Its steps are pushed; a test that still runs is stopped.
pub async fn start(app: &App, draft: AccountDraft) -> Result<Response, ApiError> {
    stop(app);
    let (_, chosen) = accounts::chosen(app, &draft)?;
    let account = session::account(&chosen, Mode::Account)?;
    let key = match accounts::draft_key(&draft) {
        Some(key) => key,
        None => held(app, &draft).await?.ok_or_else(|| {
            ApiError::new("no-key", "There is no key yet.").help("Paste the key from Central's Streaming page.")
        })?,
    };
    // A test keeps nothing: not even a key that Central answers with.
    let keys = KeyHolder::new(key, Held::ThisRunOnly)?;
    let teller = app.clone();
    let clock = app.inner.clock;
    let test = tokio::spawn(async move {
        let told = source::test_connection(account, keys, clock, |step| teller.push(Push::TestStep(told(step)))).await;
        if let Err(problem) = told {
            tracing::info!(code = problem.code, "the connection test ended: {}", problem.message);
        }
    });
    *lock(&app.inner.test) = Some(test.abort_handle());
    Ok(Response::Done)
}

/// The key of the account that is listened to, which a draft in its place may go on with.
async fn held(app: &App, draft: &AccountDraft) -> Result<Option<SecretString>, ApiError> {
    let id = app.choices().active().map(|(id, _)| id.to_owned());
    let Some(id) = id.filter(|_| !draft.add) else { return Ok(None) };
    if let Some(session) = app.inner.session.read().await.as_ref().filter(|session| session.whose == id)
        && let Some(keys) = &session.keys
    {
        return Ok(Some(keys.current().0));
    }
    Ok(Keyring::new(&key_entry(&id), app.inner.clock).read().await?)
}

/// Stops the test that runs, if one does.
pub fn stop(app: &App) {
    if let Some(test) = lock(&app.inner.test).take() {
        test.abort();
    }
}

fn told(step: StepReport) -> TestStep {
    TestStep {
        step: match step.stage {
            Stage::Name => TestStage::Name,
            Stage::Line => TestStage::Line,
            Stage::Key => TestStage::Key,
            Stage::Topics => TestStage::Topics,
            Stage::FirstMessage => TestStage::FirstMessage,
        },
        topic: step.topic,
        state: match step.state {
            source::StepState::Running => StepState::Running,
            source::StepState::Good => StepState::Good,
            source::StepState::Failed => StepState::Failed,
            source::StepState::Skipped => StepState::Skipped,
        },
        found: step.found,
        millis: u32::try_from(step.millis).unwrap_or(u32::MAX),
        problem: step.problem.as_ref().map(Into::into),
    }
}
