//! Each request's answer.

pub mod accounts;
pub mod popups;
mod switching;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use tokio::sync::oneshot;

use super::{
    App, Session, alert_case, alerts, backtest, cases, diagnostics, events, explain, history,
    live::{self, Follow},
    lock, probe, quiet, rules, seen, through,
};
use crate::{
    alert::{AlertId, Phase},
    api::{ApiError, AppState, LiveBatch, Mode, Push, Request, Response, Settings},
    event::{EventId, filter::Filter},
    pipeline::Input,
    store::{Control, Reader},
};

type Answered = Result<Response, ApiError>;

/// What the operator did is waited for so long at most until it is stored.
const STORED: Duration = Duration::from_secs(5);

/// The fewest events of an alert are looked for so long at most: somebody waits.
const FEWEST: Duration = Duration::from_secs(2);

/// Does what changes what is listened to, one after the other.
async fn in_turn(app: &App, doing: impl Future<Output = Answered>) -> Answered {
    let _turn = app.inner.turn.lock().await;
    doing.await
}

/// Carries a request out.
pub async fn answer(app: &App, request: Request) -> Answered {
    match request {
        Request::State => state(app).await,

        Request::ReadEndpoint { endpoint } => accounts::read_endpoint(&endpoint),
        Request::ReadKey { key } => accounts::read_key(app, &key),
        Request::ReadAuthority { pem } => accounts::read_authority(&pem).map(Response::Authority),
        Request::TestConnection { draft } => probe::start(app, draft).await,
        Request::StopTest => {
            probe::stop(app);
            Ok(Response::Done)
        }
        Request::Connect { draft } => in_turn(app, accounts::connect(app, draft)).await,
        Request::SwitchAccount { id } => in_turn(app, switching::switch(app, &id)).await,
        Request::ForgetAccount { id } => in_turn(app, switching::forget(app, &id)).await,
        Request::StartDemo => in_turn(app, accounts::start_demo(app)).await,
        Request::LeaveDemo => in_turn(app, accounts::leave_demo(app)).await,
        Request::SetTopic { topic, on } => accounts::set_topic(app, topic, on).await,
        Request::Retry { topic } => accounts::retry(app, Some(topic)).await,
        Request::ReconnectAll => accounts::retry(app, None).await,
        Request::AskForKey => accounts::ask_for_key(app).await,
        Request::ReplaceKey { key, keep } => accounts::replace_key(app, key, keep).await,

        Request::Alerts { tab, text, limit } => {
            let (now, silences) = (app.inner.clock.now(), app.board().silences.clone());
            read(app, move |reader| alerts::list(reader, &silences, tab, &text, limit, now).map(Response::Alerts)).await
        }
        Request::Alert { id } => {
            let (seen, now) = (app.seen().await, app.inner.clock.now());
            let silences = app.board().silences.clone();
            read(app, move |reader| alerts::detail(reader, &seen, &silences, &id, now).map(Response::Alert)).await
        }
        Request::History { query, after, limit } => {
            let after = after.map(|id| alert(&id));
            past(app, move |asked| asked.page(&query, after.as_ref(), limit).map(Response::History)).await
        }
        Request::HistoryOverview { query } => {
            past(app, move |asked| asked.overview(&query).map(Response::HistoryOverview)).await
        }
        Request::CheckHistoryFilter { filter } => {
            Ok(Response::Findings(history::read(&filter).err().into_iter().collect()))
        }
        Request::ExportHistory { query, format, utc } => {
            let zone = super::session::engine_settings(&app.choices().settings).zone;
            let zone = if utc { TimeZone::UTC } else { TimeZone::get(&zone).unwrap_or(TimeZone::UTC) };
            let folder = app.exports_folder();
            past(app, move |asked| history::save(asked, &query, format, &zone, &folder).map(Response::Exported)).await
        }
        Request::Acknowledge { ids } => {
            control(app, ids.iter().map(|id| Control::Acknowledge { alert: alert(id), by: "you".into() })).await
        }
        Request::Unacknowledge { ids } => {
            control(app, ids.iter().map(|id| Control::Unacknowledge { alert: alert(id) })).await
        }
        Request::Snooze { ids, minutes } => {
            let until = until(app, minutes);
            control(app, ids.iter().map(|id| Control::Snooze { alert: Some(alert(id)), until })).await
        }
        Request::Judge { ids, verdict } => {
            let judges = read(app, move |reader| alerts::judge(reader, &ids, verdict)).await?;
            control(app, judges.into_iter().map(Control::Judge)).await
        }
        Request::SnoozeAll { minutes } => {
            control(app, [Control::Snooze { alert: None, until: until(app, minutes) }].into_iter()).await
        }

        Request::Silences => {
            let now = app.inner.clock.now();
            if app.inner.session.read().await.is_none() {
                return Ok(Response::Silences(Vec::new()));
            }
            read(app, move |reader| quiet::list(reader, now).map(Response::Silences)).await
        }
        Request::PreviewSilence { matchers } => {
            let now = app.inner.clock.now();
            read(app, move |reader| quiet::preview(reader, &matchers, now).map(Response::SilencePreview)).await
        }
        Request::Silence { matchers, minutes, comment } => {
            let now = app.inner.clock.now();
            let begin = read(app, move |reader| quiet::begin(reader, matchers, minutes, &comment, now)).await?;
            control(app, [begin].into_iter()).await
        }
        Request::EndSilence { id } => {
            let id = id.parse().map_err(|_| ApiError::new("no-silence", "There is no such silence."))?;
            control(app, [Control::EndSilence { id }].into_iter()).await
        }
        Request::PreviewNoise { noise } => {
            quiet::check(&noise)?;
            let zone = super::session::engine_settings(&app.choices().settings).zone;
            let now = app.inner.clock.now();
            read(app, move |reader| quiet::foresee(reader, &noise, &zone, now).map(Response::NoisePreview)).await
        }
        Request::PopupAccount => read(app, move |reader| quiet::account(reader).map(Response::PopupAccount)).await,

        Request::Follow { filter } => follow(app, &filter).await,
        Request::Unfollow => {
            lock(&app.inner.following).follow = None;
            Ok(Response::Done)
        }
        Request::CheckFilter { filter } => {
            let found = if filter.trim().is_empty() { None } else { Filter::parse(&filter).err() };
            Ok(Response::Findings(found.into_iter().collect()))
        }
        Request::Event { id } => event(app, &id).await,
        Request::Events { on, filter, before, limit } => {
            let filter = live::filter(&filter)?;
            let before =
                before.map(|id| id.parse()).transpose().map_err(|_| ApiError::new("no-event", "This is no event."))?;
            let past =
                move |reader: &Reader| events::past(reader, &on, filter.as_ref(), before, limit.min(500) as usize);
            read(app, past).await.map(Response::Events)
        }

        Request::Rules => {
            let (seen, beside) = (app.seen().await, beside(app).await?);
            Ok(Response::Rules(rules::list(&seen, &beside)))
        }
        Request::Rule { name } => {
            let (seen, beside) = (app.seen().await, beside(app).await?);
            let keeps = Some(app.choices().settings.retention().age);
            let loaded = app.loaded().clone();
            rules::detail(&app.inner.rules, &seen, &beside, &name, &loaded, keeps).map(Response::Rule)
        }
        Request::CheckRule { name, text } => {
            let loaded = app.loaded().clone();
            let beside = rules::folder_with(&loaded, &name, &text);
            let lists = loaded.lists;
            let keeps = Some(app.choices().settings.retention().age);
            Ok(Response::Findings(
                super::session::blocking(move || crate::rules::check_with(&text, beside, &lists, keeps)).await?,
            ))
        }
        Request::FixRule { name, text, finding } => {
            let loaded = app.loaded().clone();
            let beside = rules::folder_with(&loaded, &name, &text);
            let keeps = Some(app.choices().settings.retention().age);
            let fix = move || crate::rules::fix(&text, &beside, &loaded.lists, keeps, &finding);
            Ok(Response::Fix(super::session::blocking(fix).await?))
        }
        Request::SaveRule { name, text, base } => {
            let answer = rules::save(&app.inner.rules, &name, &text, base.as_deref())?;
            app.reload_rules().await;
            Ok(answer)
        }
        Request::SaveCases { name, text, base } => {
            let answer = rules::save_cases(&app.inner.rules, &name, &text, base.as_deref())?;
            app.reload_rules().await;
            Ok(answer)
        }
        Request::RunCases { name, text, cases } => {
            let texts = texts(app, name, text, cases);
            Ok(Response::CasesRun(super::session::blocking(move || cases::run(texts)).await?))
        }
        Request::CaseFromEvent { name, text, cases, event } => {
            let texts = texts(app, name, text, cases);
            let zone = super::session::engine_settings(&app.choices().settings).zone;
            read(app, move |reader| cases::from_event(reader, texts, &event, &zone).map(Response::Cases)).await
        }
        Request::CaseFromAlert { name, text, cases, alert } => {
            let texts = texts(app, name, text, cases);
            let zone = super::session::engine_settings(&app.choices().settings).zone;
            // It may take a while: others ask the log, too.
            let reader = read(app, |reader| Ok(reader.another()?)).await?;
            let clock = app.inner.clock;
            let made = move || {
                let until = clock.elapsed() + FEWEST;
                alert_case::from_alert(&reader, texts, &alert, &zone, || clock.elapsed() >= until)
            };
            super::session::blocking(made).await?.map(Response::AlertCase)
        }
        Request::ExpectNow { name, text, cases, line } => {
            let texts = texts(app, name, text, cases);
            super::session::blocking(move || cases::expect_now(texts, line).map(Response::Cases)).await?
        }
        Request::EnableRule { name, on } => {
            app.choose(|choices| {
                let _ = if on { choices.rules_off.remove(&name) } else { choices.rules_off.insert(name) };
            })?;
            app.send_rules().await;
            Ok(Response::Done)
        }
        Request::DeleteRule { name } => {
            let answer = rules::delete(&app.inner.rules, &name)?;
            app.reload_rules().await;
            Ok(answer)
        }
        Request::RestoreRule { name, text, cases } => {
            let hash = app.inner.rules.restore(&name, &text, cases.as_deref())?;
            app.reload_rules().await;
            Ok(Response::Saved { hash })
        }
        Request::Explain { rule, event, text } => {
            let ruling = super::rules::ruling(&app.loaded(), &app.choices().rules_off);
            let zone = super::session::engine_settings(&app.choices().settings).zone;
            // It may take a while: others ask the log, too.
            let reader = read(app, |reader| Ok(reader.another()?)).await?;
            let asked = move || explain::explain(&reader, &ruling, &zone, &rule, &event, text);
            super::session::blocking(asked).await?.map(Response::Explanation)
        }
        Request::Backtest { run, rule, text, from, to } => {
            backtest::start(app, backtest::Asked { run, rule, text, from, to }).await
        }
        Request::LetThrough { rule, text, from, to } => {
            through::count(app, backtest::Asked { run: 0, rule, text, from, to }).await
        }
        Request::StopBacktest => {
            backtest::stop(app);
            Ok(Response::Done)
        }
        Request::RenameRule { name, to } => {
            rename_rule(app, &name, to)?;
            app.reload_rules().await;
            Ok(Response::Done)
        }
        Request::ResumeRule { name } => {
            let resume = Control::RulePaused { rule: name.into(), until: None, reason: "resumed".into() };
            control(app, [resume].into_iter()).await
        }
        Request::RuleFromEvent { event } => {
            let lists = app.loaded().lists.clone();
            let zone = super::session::engine_settings(&app.choices().settings).zone;
            read(app, move |reader| cases::rule_from_event(reader, &event, lists, &zone).map(Response::Template)).await
        }
        Request::Lists => Ok(Response::Lists(rules::list_files(&app.inner.rules, &app.loaded()))),
        Request::List { name, csv } => rules::list_text(&app.inner.rules, &name, csv).map(Response::List),
        Request::SaveList { name, csv, text, base } => {
            let answer = rules::save_list(&app.inner.rules, &name, csv, &text, base.as_deref())?;
            app.reload_rules().await;
            Ok(answer)
        }
        Request::DeleteList { name, csv } => {
            let text = app.inner.rules.delete_list(&name, csv)?;
            app.reload_rules().await;
            Ok(Response::Deleted { text, cases: None })
        }
        Request::Templates => Ok(Response::Templates(rules::templates())),
        Request::Vocabulary => Ok(Response::Vocabulary(rules::vocabulary(&*app.seen().await))),

        Request::Seen { on, field } => {
            read(app, move |reader| seen::seen(reader, &on, &field).map(Response::Seen)).await
        }

        Request::SaveSettings { settings } => save_settings(app, settings).await,
        Request::Storage => {
            let reader = read(app, |reader| Ok(reader.another()?)).await?;
            super::session::blocking(move || Ok(Response::Storage(reader.usage()?.into()))).await?
        }
        Request::SaveDiagnostics => save_diagnostics(app).await,
        Request::TestNotification => popups::test(app).await,

        Request::Shell | Request::StartAtLogin { .. } | Request::OpenFolder { .. } | Request::Quit => {
            Err(ApiError::new("no-shell", "This program has no desktop window to do that in."))
        }
    }
}

/// A window's first picture.
pub async fn state(app: &App) -> Answered {
    let session = app.inner.session.read().await;
    let (mode, account) = match session.as_ref() {
        Some(session) => (session.mode, Some(accounts::info(&session.chosen)?)),
        None => match app.choices().active() {
            Some((_, chosen)) => (Mode::Account, Some(accounts::info(chosen)?)),
            None => (Mode::FirstRun, None),
        },
    };
    let (accounts, active) = {
        let choices = app.choices();
        let active = choices.active().map(|(id, _)| id.to_owned());
        (choices.rows(), active.filter(|_| mode == Mode::Account))
    };
    drop(session);
    let settings = app.choices().settings.clone();
    let status = app.status().await;
    Ok(Response::State(AppState {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        mode,
        account,
        accounts,
        active,
        settings,
        status,
        data_folder: app.data_folder().display().to_string(),
        rules_folder: app.rules_folder().display().to_string(),
    }))
}

async fn save_diagnostics(app: &App) -> Answered {
    let state = match state(app).await? {
        Response::State(state) => state,
        other => return Ok(other),
    };
    let (seen, beside) = (app.seen().await, beside(app).await?);
    let rules = rules::list(&seen, &beside);
    let (now, folder) = (app.inner.clock.now(), app.exports_folder());
    // On the first run there is no database yet.
    let reader = match app.inner.session.read().await.as_ref() {
        Some(session) => Some(session.read(Reader::another)?),
        None => None,
    };
    let save = move || {
        let stats = reader.as_ref().map(Reader::stats).transpose()?;
        let storage = reader.as_ref().map(Reader::usage).transpose()?.map(Into::into);
        let known = diagnostics::Known { state: &state, rules: &rules, stats, storage, now };
        diagnostics::save(&known, &folder).map(Response::Written)
    };
    super::session::blocking(save).await?
}

fn alert(id: &str) -> AlertId {
    AlertId::from(id)
}

fn until(app: &App, minutes: u32) -> Option<Timestamp> {
    (minutes > 0).then(|| {
        app.inner.clock.now().saturating_add(SignedDuration::from_mins(minutes.into())).unwrap_or(Timestamp::MAX)
    })
}

/// Gives controls to the pipeline, and waits until they are stored and evaluated: what the window says is done is not lost
/// in a crash. What comes of them is pushed.
async fn control(app: &App, controls: impl Iterator<Item = Control>) -> Answered {
    let session = app.inner.session.read().await;
    let input = open(session.as_ref())?.pipeline.input();
    drop(session);
    let stored = async {
        let mut waiting = Vec::new();
        for control in controls {
            let (stored, told) = oneshot::channel();
            input.send(Input::Asked(control, stored)).await.map_err(|_| nothing_runs())?;
            waiting.push(told);
        }
        for told in waiting {
            told.await.map_err(|_| nothing_runs())?;
        }
        Ok(Response::Done)
    };
    app.inner.clock.timeout(STORED, stored).await.unwrap_or_else(|| {
        Err(ApiError::new("not-stored", "This is not stored yet, and counts only when it is.")
            .help("If the disk is full, make room: what waits is then stored by itself."))
    })
}

fn texts(app: &App, name: String, text: String, cases: String) -> cases::Texts {
    cases::Texts { name, text, cases, lists: app.loaded().lists.clone() }
}

fn open(session: Option<&Session>) -> Result<&Session, ApiError> {
    session.ok_or_else(nothing_runs)
}

pub fn nothing_runs() -> ApiError {
    ApiError::new("not-listening", "Nothing is being listened to.").help("Connect an account or start the demo.")
}

/// Asks the database, off the async threads.
async fn read<T: Send + 'static>(
    app: &App,
    ask: impl FnOnce(&Reader) -> Result<T, ApiError> + Send + 'static,
) -> Result<T, ApiError> {
    let session = app.inner.session.read().await;
    let reader = open(session.as_ref())?.reader.clone();
    drop(session);
    super::session::blocking(move || ask(&lock(&reader))).await?
}

/// Asks about the alerts of the past, through a reader of its own: it may take a while, and others ask, too.
async fn past(app: &App, ask: impl FnOnce(&history::Asked<'_>) -> Answered + Send + 'static) -> Answered {
    let (now, silences) = (app.inner.clock.now(), app.board().silences.clone());
    let reader = read(app, |reader| Ok(reader.another()?)).await?;
    super::session::blocking(move || ask(&history::Asked { reader: &reader, silences: &silences, now })).await?
}

async fn follow(app: &App, filter: &str) -> Answered {
    let follow = Follow::new(filter)?;
    let (follow, latest) = read(app, move |reader| {
        let latest = follow.latest(reader)?;
        Ok((follow, latest))
    })
    .await?;
    let mut following = lock(&app.inner.following);
    following.follow = Some(follow);
    following.stay += 1;
    let stay = following.stay;
    drop(following);
    app.board().not_drawn = 0;
    tokio::spawn(live::send(app.clone(), stay));
    Ok(Response::Live(LiveBatch { events: latest, not_drawn: 0 }))
}

async fn event(app: &App, id: &str) -> Answered {
    let gone = || ApiError::new("no-event", "This event is no longer in the log.");
    let id: EventId = id.parse().map_err(|_| gone())?;
    let look = move |reader: &Reader| {
        let alert = reader.raised(id.seq)?.get(&id).map(ToString::to_string);
        events::detail(reader, id, alert)
    };
    let found = read(app, look).await?;
    found.map(Response::Event).ok_or_else(gone)
}

async fn beside(app: &App) -> Result<rules::Beside, ApiError> {
    let firing: Vec<String> = {
        let board = app.board();
        board.active.values().filter(|one| one.phase == Phase::Firing).map(|one| one.rule.to_string()).collect()
    };
    let now = app.inner.clock.now();
    if app.inner.session.read().await.is_none() {
        return Ok(rules::Beside::nothing(now));
    }
    read(app, move |reader| rules::Beside::look_up(reader, firing, now)).await
}

/// One that is switched off stays so, whenever this is interrupted.
fn rename_rule(app: &App, name: &str, to: String) -> Result<(), ApiError> {
    let off = app.choices().rules_off.contains(name);
    if off {
        app.choose(|choices| _ = choices.rules_off.insert(to.clone()))?;
    }
    let renamed = app.inner.rules.rename(name, &to);
    if off {
        let gone = if renamed.is_ok() { name } else { &to };
        app.choose(|choices| _ = choices.rules_off.remove(gone))?;
    }
    Ok(renamed?)
}

async fn save_settings(app: &App, settings: Settings) -> Answered {
    if !settings.zone.is_empty() && jiff::tz::TimeZone::get(&settings.zone).is_err() {
        return Err(ApiError::new("bad-zone", &format!("\"{}\" is not a time zone.", settings.zone))
            .help("Write its name as in Europe/Vienna, or leave it empty for the system's."));
    }
    quiet::check(&settings.noise)?;
    let settings = Settings {
        text_size: settings.text_size.clamp(100, 200),
        keep_days: settings.keep_days.clamp(1, 3_650),
        keep_megabytes: settings.keep_megabytes.clamp(50, 1_000_000),
        ..settings
    };
    let before = app.choices().settings.clone();
    app.choose(|choices| choices.settings = settings.clone())?;
    if let Some(popups) = app.inner.popups.get() {
        popups.sound(settings.sounds);
    }
    let engine = super::session::engine_settings(&settings);
    if let Some(session) = app.inner.session.read().await.as_ref() {
        session.pipeline.keep(settings.retention());
    }
    if app.inner.session.read().await.is_some() {
        let noise = (settings.noise != before.noise).then(|| Control::Noise(settings.noise.clone()));
        control(app, [Control::Settings(engine)].into_iter().chain(noise)).await?;
    }
    app.push(Push::StateChanged);
    Ok(Response::Done)
}
