//! Wires the stages; the one folder that knows them all.
//!
//! [`Pipeline::start`] brings up the thread that owns the database, the rules and the lifecycle. Frames, controls and
//! rules go in by a bounded channel; what happened comes out by a broadcast, after it is committed.

mod awake;
mod bell;
mod cache;
mod engine;
mod keeper;
mod listening;
mod notifier;
mod recall;
pub mod replay;
mod ruling;
mod told;
mod view;
mod worker;

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
};

use tokio::{
    runtime::Handle,
    sync::{broadcast, mpsc},
};

pub use bell::{PopupBell, popup_trouble};
pub use engine::{Engine, Runaway, Step, Trouble};
pub use listening::{coverage, overload};
pub use notifier::{Bell, Silent};
pub use ruling::Ruling;
pub use told::{Frame, Input, Problem, Told};
pub use view::{RulesView, Seen};

use crate::{
    alert::Lifecycle,
    clock::Clock,
    event::Topic,
    store::{Control, EngineSettings, Retention, RowBody, Store, StoreError},
};

/// How many inputs may wait. When it is full the connections stop reading: the server holds back, or drops us and we
/// know it.
const WAITING: usize = 4_096;
/// How many things told may wait for a slow listener before it misses some, and is told so.
const TOLD: usize = 4_096;

/// What a pipeline is started with.
pub struct Options {
    pub store: Store,
    pub rules: Ruling,
    pub settings: EngineSettings,
    pub clock: Clock,
    pub bell: Box<dyn Bell>,
    /// How much of the log is kept, from the start on: what was let go once is gone.
    pub keeps: Retention,
}

/// A running pipeline.
pub struct Pipeline {
    input: mpsc::Sender<Input>,
    told: broadcast::Sender<Told>,
    view: RulesView,
    stopping: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    notifier: Option<JoinHandle<()>>,
    kept: keeper::Kept,
}

impl Pipeline {
    /// Catches up with what an earlier run left behind and starts the thread. Blocks while catching up.
    ///
    /// # Errors
    /// The database cannot be read or written, or the system gives no thread.
    pub fn start(options: Options, runtime: &Handle) -> Result<Self, StoreError> {
        Self::start_listening(options, runtime).map(|(pipeline, _)| pipeline)
    }

    /// As [`Pipeline::start`], with what is told from the start on, what came of catching up included.
    ///
    /// # Errors
    /// As [`Pipeline::start`].
    pub fn start_listening(
        options: Options,
        runtime: &Handle,
    ) -> Result<(Self, broadcast::Receiver<Told>), StoreError> {
        let (input, received) = mpsc::channel(WAITING);
        let (told, listening) = broadcast::channel(TOLD);
        let view = RulesView::default();
        let failed = |error: std::io::Error| StoreError::Disk { said: error.to_string() };
        let (notifier, ringing) = notifier::Notifier::start(options.bell).map_err(failed)?;

        let stopping = Arc::new(AtomicBool::new(false));
        let parts = Parts {
            received,
            told: told.clone(),
            notifier,
            view: view.clone(),
            runtime: runtime.clone(),
            stopping: Arc::clone(&stopping),
            kept: keeper::Kept::new(Mutex::new(options.keeps)),
        };
        let kept = Arc::clone(&parts.kept);
        let (ready, started) = std::sync::mpsc::channel();
        let Options { store, rules, settings, clock, .. } = Options { bell: Box::new(Silent), ..options };
        // The compiled rules cannot move between threads, so they are made where they will run.
        let doubt = store.doubt();
        let work = move || match begin(store, rules, settings, clock, parts) {
            Ok(worker) => {
                let _ = ready.send(Ok(()));
                worker.run();
            }
            Err(error) => {
                if matches!(error, StoreError::Corrupt { .. }) {
                    doubt.note();
                }
                drop(ready.send(Err(error)));
            }
        };
        let thread = thread::Builder::new().name("pipeline".to_owned()).spawn(work).map_err(failed)?;
        match started.recv() {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return Err(error),
            Err(_) => return Err(StoreError::Other { said: "the pipeline ended while starting".to_owned() }),
        }
        let pipeline = Self { input, told, view, stopping, thread: Some(thread), notifier: Some(ringing), kept };
        Ok((pipeline, listening))
    }

    /// Where to put frames, controls and rules.
    pub fn input(&self) -> mpsc::Sender<Input> {
        self.input.clone()
    }

    /// What happens from now on.
    pub fn listen(&self) -> broadcast::Receiver<Told> {
        self.told.subscribe()
    }

    /// Keeps so much of the log from now on.
    pub fn keep(&self, retention: Retention) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = retention;
    }

    /// The rules as they are.
    pub fn rules(&self) -> Arc<Seen> {
        self.view.load_full()
    }

    /// Stores what is waiting, says in the log that nobody listens any more, and ends. Blocks until it has. While the
    /// disk takes nothing it ends without: what was not stored is lost.
    pub fn stop(mut self) {
        self.stopping.store(true, Ordering::Release);
        let _ = self.input.blocking_send(Input::Stop);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        // The notifier ends with the pipeline, which held its orders; a daemon that hangs must not hold us.
        drop(self.notifier.take());
    }
}

struct Parts {
    received: mpsc::Receiver<Input>,
    told: broadcast::Sender<Told>,
    notifier: notifier::Notifier,
    view: RulesView,
    runtime: Handle,
    stopping: Arc<AtomicBool>,
    kept: keeper::Kept,
}

fn begin(
    store: Store,
    rules: Ruling,
    settings: EngineSettings,
    clock: Clock,
    parts: Parts,
) -> Result<worker::Worker, StoreError> {
    let mut engine = Engine::new(lifecycle(&store)?);
    recall::recall(&store, &mut engine, true)?;
    let mut worker = worker::Worker {
        keeper: keeper::Keeper::start(&store, parts.kept)?,
        store,
        engine,
        clock,
        runtime: parts.runtime,
        input: parts.received,
        told: parts.told,
        notifier: parts.notifier,
        view: parts.view,
        storage_trouble: false,
        catching_up: false,
        starting: true,
        stopping: parts.stopping,
        cache: cache::Cache::default(),
        evaluated: 0,
        awake: awake::Awake::now(clock),
        waking: awake::Waking::none(),
    };
    worker.catch_up()?;
    worker.forget_listening()?;
    let mut rows = Vec::new();
    if worker.engine.settings() != Some(&settings) {
        rows.push(RowBody::Control(Control::Settings(settings)));
    }
    if worker.engine.ruling().differs(&rules) || worker.store.last_seq() == 0 {
        rows.push(RowBody::Control(rules.control(worker.engine.rules())));
    }
    if !rows.is_empty() {
        worker.take(rows, clock.now())?;
    }
    view::publish(&worker.view, &worker.engine);
    worker.starting = false;
    // Whoever listens does so after the start, and reads from the database what came of catching up.
    Ok(worker)
}

impl worker::Worker {
    /// Whatever was heard when the last run ended without a word (a crash, a power cut) is not heard since the last
    /// row it wrote.
    fn forget_listening(&mut self) -> Result<(), StoreError> {
        let deaf: Vec<Topic> = self.engine.lifecycle().deaf().collect();
        let rows: Vec<RowBody> =
            Topic::ALL.into_iter().filter(|topic| !deaf.contains(topic)).map(worker::not_running).collect();
        if rows.is_empty() {
            return Ok(());
        }
        let since = if self.store.last_seq() == 0 { self.clock.now() } else { self.store.last_received() };
        self.take(rows, since)
    }
}

/// The alerts that were live when the last run ended.
fn lifecycle(store: &Store) -> Result<Lifecycle, StoreError> {
    let (head, live) = store.live()?;
    Lifecycle::load(head.as_deref(), live.iter().map(String::as_str))
        .map_err(|error| StoreError::Unreadable { what: "The state of the alerts".to_owned(), said: error.to_string() })
}

#[cfg(test)]
mod tests;
