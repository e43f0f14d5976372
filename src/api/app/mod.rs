//! The engine as a desktop app runs it: one session at a time, asked by [`Request`]s, telling by [`Push`]es.

mod account_list;
mod alert_case;
mod alerts;
mod answer;
mod backtest;
mod board;
mod cases;
mod choices;
mod counting;
mod diagnostics;
mod events;
mod explain;
mod fewest;
mod history;
mod live;
mod new_file;
mod news;
mod probe;
mod quiet;
mod rules;
mod seen;
mod session;
mod through;

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, atomic::AtomicBool},
};

use secrecy::SecretString;
use tokio::{
    runtime::Handle,
    sync::{RwLock, broadcast},
    task::AbortHandle,
};

pub use self::{
    account_list::{AccountPlace, account_place},
    choices::settings,
    history::{Asked as History, Unwritten, write as export_alerts},
    rules::ruling,
};
use self::{
    board::Board,
    choices::{Choices, Found},
    live::Following,
    session::Session,
};
use super::{ApiError, Push, Request, Response, Status};
use crate::{
    clock::Clock,
    pipeline::{PopupBell, Ruling, Seen},
    rules::{
        folder::{Folder, Loaded},
        shipped,
        watch::Watch,
    },
    sink::desktop::{Answer, Popups},
    store::{self, CoverageReason},
};

/// How many pushes may wait for a slow window before it misses some.
const PUSHES: usize = 1_024;

/// What the app is started with.
#[derive(Clone, Debug, Default)]
pub struct AppOptions {
    /// The data folder; none: the system's usual place.
    pub data: Option<PathBuf>,
    /// Start the demo if no account is set up.
    pub demo: bool,
}

/// The running engine. Cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    clock: Clock,
    folder: PathBuf,
    rules: Folder,
    choices: Mutex<Choices>,
    board: Mutex<Board>,
    following: Mutex<Following>,
    session: RwLock<Option<Session>>,
    /// Held by whoever changes what is listened to: two at once would leave a session behind, or find its log taken.
    turn: tokio::sync::Mutex<()>,
    /// The keys that are held for this run only, of accounts that were listened to before, by the account's id.
    this_run: Mutex<BTreeMap<String, SecretString>>,
    pushes: broadcast::Sender<Push>,
    popups: OnceLock<Popups>,
    watch: Mutex<Option<Watch>>,
    /// The rules folder as it was last read.
    loaded: Mutex<Loaded>,
    test: Mutex<Option<AbortHandle>>,
    /// Set to stop the backtest that runs.
    backtest: Mutex<Option<Arc<AtomicBool>>>,
    /// Set to stop the counting of clauses that runs.
    through: Mutex<Option<Arc<AtomicBool>>>,
    /// The rules as compiled while no pipeline runs, and from what.
    idle: Mutex<Option<(Ruling, Arc<Seen>)>>,
}

impl App {
    /// Reads what was chosen, seeds the rules folder the first time, and begins to listen if there is an account.
    /// To be called inside a Tokio runtime.
    ///
    /// # Errors
    /// The data folder cannot be used. That the account cannot be listened to is no error: the status says so.
    pub async fn start(options: AppOptions) -> Result<Self, ApiError> {
        let clock = Clock::system();
        let folder = store::data_folder(options.data.as_deref())?;
        store::make_data_folder(&folder)?;
        let Found { choices, trouble } = Choices::load(&folder)?;
        let rules = Folder::new(folder.join("rules"));
        shipped::seed(rules.root()).map_err(|error| {
            ApiError::new(
                "rules-folder",
                &format!("The rules folder {} cannot be used: {error}.", rules.root().display()),
            )
        })?;
        let loaded = rules.load();
        let inner = Inner {
            clock,
            folder,
            rules,
            choices: Mutex::new(choices),
            board: Mutex::default(),
            following: Mutex::default(),
            session: RwLock::new(None),
            turn: tokio::sync::Mutex::default(),
            this_run: Mutex::default(),
            pushes: broadcast::channel(PUSHES).0,
            popups: OnceLock::new(),
            watch: Mutex::default(),
            loaded: Mutex::new(loaded),
            test: Mutex::default(),
            backtest: Mutex::default(),
            through: Mutex::default(),
            idle: Mutex::default(),
        };
        let app = Self { inner: Arc::new(inner) };
        app.start_popups();
        if let Some(trouble) = trouble {
            answer::popups::tell_of_settings(&app, &trouble.to_string());
        }
        app.start_watch();
        app.begin(options.demo).await;
        tokio::spawn(news::tick(app.clone()));
        Ok(app)
    }

    /// Carries out a request of the window.
    ///
    /// # Errors
    /// What happened and what to do, for people.
    pub async fn call(&self, request: Request) -> Result<Response, ApiError> {
        answer::answer(self, request).await
    }

    /// What the engine tells from now on.
    pub fn subscribe(&self) -> broadcast::Receiver<Push> {
        self.inner.pushes.subscribe()
    }

    /// How things stand.
    pub async fn status(&self) -> Status {
        let seen = self.seen().await;
        let now = self.inner.clock.now();
        self.board().status(&seen, now)
    }

    /// Of several accounts, the name of the one that is listened to.
    pub async fn one_of_several(&self) -> Option<String> {
        let demo =
            matches!(self.inner.session.read().await.as_ref(), Some(session) if session.mode == super::Mode::Demo);
        let choices = self.choices();
        let several = !demo && choices.accounts().nth(1).is_some();
        choices.active().filter(|_| several).map(|(_, chosen)| chosen.name().to_owned())
    }

    /// Where the database and the settings lie.
    pub fn data_folder(&self) -> PathBuf {
        self.inner.folder.clone()
    }

    /// Where files that the operator asks for go.
    pub fn exports_folder(&self) -> PathBuf {
        new_file::folder(&self.inner.folder)
    }

    /// Where the rules lie.
    pub fn rules_folder(&self) -> PathBuf {
        self.inner.rules.root().to_owned()
    }

    /// Stops listening, stores what is waiting and ends.
    pub async fn stop(&self) {
        backtest::stop(self);
        let _turn = self.inner.turn.lock().await;
        if let Some(session) = self.inner.session.write().await.take() {
            session.end(CoverageReason::NotRunning).await;
        }
    }

    /// What was chosen decides what to do first.
    async fn begin(&self, demo: bool) {
        let _turn = self.inner.turn.lock().await;
        let has_account = self.choices().active().is_some();
        let begun = match (has_account, demo) {
            (true, _) => answer::accounts::open_account(self, None).await,
            (false, true) => answer::accounts::open_demo(self).await,
            (false, false) => Ok(()),
        };
        if let Err(error) = begun {
            tracing::error!("{} {}", error.message, error.help);
            self.board().storage = Some(super::ProblemInfo {
                code: error.code,
                message: error.message,
                said: String::new(),
                steps: vec![error.help],
            });
        }
    }

    fn start_popups(&self) {
        let app = self.clone();
        let runtime = Handle::current();
        let started = Popups::start(move |answer: Answer| {
            let app = app.clone();
            runtime.spawn(async move { answer::popups::answered(&app, answer).await });
        });
        match started {
            // Set once, here.
            Ok(popups) => {
                popups.sound(self.choices().settings.sounds);
                drop(self.inner.popups.set(popups));
            }
            Err(error) => tracing::error!("pop-ups cannot be shown: {error}"),
        }
    }

    fn start_watch(&self) {
        let app = self.clone();
        let runtime = Handle::current();
        let known = self.loaded().clone();
        let watch = Watch::start(self.inner.rules.clone(), known, move |loaded| {
            let (app, loaded) = (app.clone(), loaded.clone());
            runtime.spawn(async move { app.rules_folder_changed(loaded).await });
        });
        match watch {
            Ok(watch) => *lock(&self.inner.watch) = Some(watch),
            Err(error) => {
                tracing::error!("the rules folder cannot be watched, so changes made outside are not seen: {error}");
            }
        }
    }

    async fn rules_folder_changed(&self, loaded: Loaded) {
        *self.loaded() = loaded;
        self.send_rules().await;
        self.push(Push::RulesChanged);
    }

    /// Gives the pipeline the rules as they are in the folder, with what is switched off.
    async fn send_rules(&self) {
        let ruling = rules::ruling(&self.loaded(), &self.choices().rules_off);
        if let Some(session) = self.inner.session.read().await.as_ref() {
            let _ = session.pipeline.input().send(crate::pipeline::Input::Rules(ruling)).await;
        }
    }

    /// Reads the folder again and gives it to the pipeline, without waiting for the watcher to notice.
    async fn reload_rules(&self) {
        let loaded = self.inner.rules.load();
        *self.loaded() = loaded;
        self.send_rules().await;
    }

    /// The rules as the pipeline has them; compiled here while there is none.
    async fn seen(&self) -> Arc<Seen> {
        if let Some(session) = self.inner.session.read().await.as_ref() {
            return session.pipeline.rules();
        }
        let ruling = rules::ruling(&self.loaded(), &self.choices().rules_off);
        let mut idle = lock(&self.inner.idle);
        if let Some((_, seen)) = idle.as_ref().filter(|(of, _)| *of == ruling) {
            return Arc::clone(seen);
        }
        let seen = Arc::new(ruling.seen());
        *idle = Some((ruling, Arc::clone(&seen)));
        seen
    }

    fn bell(&self, whose: String) -> PopupBell {
        PopupBell { popups: self.inner.popups.get().cloned(), whose }
    }

    fn push(&self, push: Push) {
        // No window is open: nobody has to be told.
        let _ = self.inner.pushes.send(push);
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        lock(&self.inner.board)
    }

    fn choices(&self) -> MutexGuard<'_, Choices> {
        lock(&self.inner.choices)
    }

    fn loaded(&self) -> MutexGuard<'_, Loaded> {
        lock(&self.inner.loaded)
    }

    /// Changes what was chosen, on disk too.
    fn choose(&self, change: impl FnOnce(&mut Choices)) -> Result<(), ApiError> {
        let mut choices = self.choices();
        let mut changed = choices.clone();
        change(&mut changed);
        if changed != *choices {
            changed.save(&self.inner.folder)?;
            *choices = changed;
        }
        Ok(())
    }
}

/// A lock whose holder panicked is still a lock: each change under it is whole.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
