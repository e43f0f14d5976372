//! Accounts and keys: reading what was pasted, connecting, leaving.

use std::path::PathBuf;

use secrecy::SecretString;

use super::super::{
    App,
    account_list::{self, DEMO, FIRST, key_entry},
    choices::Chosen,
    lock, news,
    rules::ruling,
    session::{Plan, Session},
};
use crate::{
    api::{
        AccountDraft, AccountInfo, ApiError, AuthorityRead, EndpointRead, KeyPlace, KeyRead, ProblemInfo, Push,
        Response,
    },
    event::Topic,
    pipeline::Input,
    secrets::Keyring,
    source::{self, Endpoint, PrivateCa},
    store::CoverageReason,
};

/// What a pasted endpoint means.
pub fn read_endpoint(pasted: &str) -> Result<Response, ApiError> {
    let endpoint = Endpoint::parse(pasted)?;
    Ok(Response::Endpoint(EndpointRead { host: endpoint.authority(), is_central: endpoint.is_central() }))
}

/// What a pasted key says about itself.
pub fn read_key(app: &App, pasted: &str) -> Result<Response, ApiError> {
    let info = source::read_key(&source::key::tidy(pasted))?;
    Ok(Response::Key(KeyRead {
        customer: info.customer_id.clone(),
        made: info.created.into(),
        works_until: info.expires.into(),
        expired: info.expired(app.inner.clock.now()),
    }))
}

/// What a pasted private CA is.
pub fn read_authority(pem: &str) -> Result<AuthorityRead, ApiError> {
    let authority = PrivateCa::from_pem(pem)?;
    let first = authority.certificates().first();
    let first = first.ok_or_else(|| ApiError::new("bad-authority", "There is no certificate in this text."))?;
    Ok(AuthorityRead {
        subject: first.subject.clone(),
        fingerprint: first.fingerprint.clone(),
        valid_until: first.valid_until.into(),
    })
}

/// An account as the window shows it.
pub fn info(chosen: &Chosen) -> Result<AccountInfo, ApiError> {
    Ok(AccountInfo {
        name: chosen.name.clone(),
        endpoint: chosen.endpoint.clone(),
        topics: chosen.topics.clone(),
        authority: chosen.authority.as_deref().map(read_authority).transpose()?,
        key_place: chosen.key_place,
    })
}

/// What a draft comes to, without its key, and under which id.
pub fn chosen(app: &App, draft: &AccountDraft) -> Result<(String, Chosen), ApiError> {
    let endpoint = Endpoint::parse(&draft.endpoint)?;
    if let Some(pem) = &draft.authority {
        PrivateCa::from_pem(pem)?;
    }
    if draft.topics.is_empty() {
        return Err(ApiError::new("no-topics", "No topic is ticked, so there is nothing to listen to.")
            .help("Tick at least one."));
    }
    let choices = app.choices();
    let id = match choices.active() {
        Some(_) if draft.add => free_id(app),
        Some((id, _)) => id.to_owned(),
        None => FIRST.to_owned(),
    };
    // It was given for that host and is trusted for no other.
    let held = choices.account(&id).filter(|held| draft.keep_authority && held.endpoint == endpoint.authority());
    let chosen = Chosen {
        name: choices.name_for(&id, &draft.name, &endpoint.authority())?,
        endpoint: endpoint.authority(),
        topics: draft.topics.clone(),
        authority: draft.authority.clone().or_else(|| held?.authority.clone()),
        host_confirmed: draft.host_confirmed,
        key_place: draft.keep,
    };
    Ok((id, chosen))
}

/// An id that no account has had: its folder or its key may still be there.
fn free_id(app: &App) -> String {
    let mut id = app.inner.clock.now().as_millisecond().unsigned_abs();
    while account_list::folder(&app.inner.folder, &format!("{id:x}")).exists() {
        id += 1;
    }
    format!("{id:x}")
}

/// The draft's own key, tidied; none: the one that is held.
pub fn draft_key(draft: &AccountDraft) -> Option<SecretString> {
    draft.key.as_deref().filter(|key| !key.trim().is_empty()).map(source::key::tidy)
}

/// Saves an account and listens to it.
pub async fn connect(app: &App, draft: AccountDraft) -> Result<Response, ApiError> {
    super::probe::stop(app);
    let (id, chosen) = chosen(app, &draft)?;
    super::super::session::account(&chosen, crate::api::Mode::Account)?.may_send_key()?;
    let key = draft_key(&draft);
    if let Some(key) = &key {
        source::read_key(key)?;
        if chosen.key_place == KeyPlace::Keyring {
            // First of all, so that a keyring that cannot be used is told before anything has changed.
            Keyring::new(&key_entry(&id), app.inner.clock).store(key).await?;
        }
    } else if app.choices().account(&id).is_none() {
        return Err(
            ApiError::new("no-key", "There is no key yet.").help("Paste the key from Central's Streaming page.")
        );
    }
    let before = app.choices().active().map(|(id, _)| id.to_owned());
    app.choose(|choices| {
        choices.put(&id, chosen);
        choices.active.clone_from(&id);
    })?;
    let other = before.is_some_and(|before| before != id);
    end_session(app, if other { CoverageReason::OtherAccount } else { CoverageReason::NotRunning }).await;
    open_account(app, key).await?;
    super::state(app).await
}

/// Listens to the chosen account, in place of whatever was listened to.
pub async fn open_account(app: &App, key: Option<SecretString>) -> Result<(), ApiError> {
    let active = app.choices().active().map(|(id, chosen)| (id.to_owned(), chosen.clone()));
    let Some((id, chosen)) = active else { return Ok(()) };
    end_session(app, CoverageReason::NotRunning).await;
    let key = key.or_else(|| lock(&app.inner.this_run).get(&id).cloned());
    let plan = plan(app, &id, account_list::folder(&app.inner.folder, &id));
    let (session, problem) = Session::account(plan, chosen, key).await?;
    put(app, session, problem).await
}

/// Starts the demo, in place of whatever was listened to.
pub async fn open_demo(app: &App) -> Result<(), ApiError> {
    end_session(app, CoverageReason::NotRunning).await;
    let plan = plan(app, DEMO, app.inner.folder.join("demo"));
    let (session, problem) = Session::demo(plan).await?;
    put(app, session, problem).await
}

/// → the demo runs.
pub async fn start_demo(app: &App) -> Result<Response, ApiError> {
    open_demo(app).await?;
    super::state(app).await
}

/// Back to the account, or to the first run.
pub async fn leave_demo(app: &App) -> Result<Response, ApiError> {
    end_session(app, CoverageReason::NotRunning).await;
    open_account(app, None).await?;
    app.push(Push::StateChanged);
    super::state(app).await
}

/// Turns a topic on or off, and connects anew.
pub async fn set_topic(app: &App, topic: Topic, on: bool) -> Result<Response, ApiError> {
    let mut session = app.inner.session.write().await;
    let session = session.as_mut().ok_or_else(super::nothing_runs)?;
    let mut topics: Vec<Topic> = session.chosen.topics.clone();
    topics.retain(|known| *known != topic);
    if on {
        topics.push(topic);
    }
    topics.sort();
    session.chosen.topics.clone_from(&topics);
    session.follow_topics().await?;
    if !on {
        let off = Input::Coverage { topic, heard: false, reason: CoverageReason::Off, detail: String::new() };
        let _ = session.pipeline.input().send(off).await;
    }
    let mut board = app.board();
    board.topics.clone_from(&topics);
    board.connections.retain(|known, _| topics.contains(known));
    drop(board);
    if session.mode == crate::api::Mode::Account {
        app.choose(|choices| choices.change(&session.whose, |account| account.topics = topics))?;
    }
    Ok(Response::Done)
}

/// Tries one topic now, or connects all anew. Without a key the keyring is asked again.
pub async fn retry(app: &App, topic: Option<Topic>) -> Result<Response, ApiError> {
    let mut guard = app.inner.session.write().await;
    let session = guard.as_mut().ok_or_else(super::nothing_runs)?;
    if session.is_listening() {
        match topic {
            Some(topic) => session.retry(topic),
            None => session.reconnect(),
        }
        return Ok(Response::Done);
    }
    let problem = session.listen(None).await?;
    app.board().key_problem.clone_from(&problem);
    news::key_changed(app, session);
    match problem {
        None => Ok(Response::Done),
        Some(problem) => Err(ApiError { code: problem.code, message: problem.message, help: problem.steps.join(" ") }),
    }
}

/// Asks Central for the key that is valid now.
pub async fn ask_for_key(app: &App) -> Result<Response, ApiError> {
    let session = app.inner.session.read().await;
    let session = session.as_ref().ok_or_else(super::nothing_runs)?;
    session.ask_for_key().await?;
    news::key_changed(app, session);
    app.board().key_problem = None;
    Ok(Response::Done)
}

/// Takes another key.
pub async fn replace_key(app: &App, key: String, keep: KeyPlace) -> Result<Response, ApiError> {
    let key = source::key::tidy(&key);
    source::read_key(&key)?;
    // Held, so that no other account is listened to meanwhile.
    let mut guard = app.inner.session.write().await;
    let session = guard.as_mut().ok_or_else(super::nothing_runs)?;
    if keep == KeyPlace::Keyring {
        Keyring::new(&key_entry(&session.whose), app.inner.clock).store(&key).await?;
    }
    app.choose(|choices| choices.change(&session.whose, |account| account.key_place = keep))?;
    session.chosen.key_place = keep;
    let problem = session.listen(Some(key)).await?;
    app.board().key_problem = problem;
    news::key_changed(app, session);
    Ok(Response::Done)
}

fn plan(app: &App, whose: &str, folder: PathBuf) -> Plan {
    // Its own copy: a second lock in the same expression would wait for the first for ever.
    let choices = app.choices().clone();
    Plan {
        whose: whose.to_owned(),
        folder,
        rules: ruling(&app.loaded(), &choices.rules_off),
        settings: choices.settings,
        clock: app.inner.clock,
        bell: app.bell(whose.to_owned()),
    }
}

async fn put(app: &App, mut session: Session, problem: Option<ProblemInfo>) -> Result<(), ApiError> {
    news::follow(app, &mut session)?;
    app.board().key_problem = problem;
    *app.inner.session.write().await = Some(session);
    app.push(Push::StateChanged);
    Ok(())
}

/// Ends what is listened to. The log says why.
pub async fn end_session(app: &App, why: CoverageReason) {
    lock(&app.inner.following).follow = None;
    if let Some(session) = app.inner.session.write().await.take() {
        if let (KeyPlace::ThisRun, Some(keys)) = (session.chosen.key_place, &session.keys) {
            // It was promised until the end of this run, whatever is listened to meanwhile.
            lock(&app.inner.this_run).insert(session.whose.clone(), keys.current().0);
        }
        session.end(why).await;
    }
    *app.board() = super::super::board::Board::default();
}
