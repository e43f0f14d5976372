//! Wires the stages; the one folder that knows them all.
//!
//! [`Pipeline::start`] brings up the thread that owns the database, the rules and the lifecycle. Frames, controls and
//! rules go in by a bounded channel; what happened comes out by a broadcast, after it is committed.

mod awake;
mod begin;
mod bell;
mod cache;
mod closed;
mod engine;
mod keeper;
mod listening;
mod notifier;
mod recall;
mod refused;
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

#[cfg(test)]
use begin::lifecycle;
pub use bell::{PopupBell, popup_trouble, read_tag};
pub use closed::{Noted, note};
pub use engine::{Engine, Runaway, Step, Trouble};
pub use listening::{coverage, overload};
pub use notifier::{Bell, Silent};
pub use ruling::Ruling;
pub use told::{Frame, Input, Problem, Told};
pub use view::{RulesView, Seen};

use crate::{
    alert::Noise,
    clock::Clock,
    rules::STACK,
    store::{CoverageReason, EngineSettings, Retention, Store, StoreError},
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
    /// `None`: as the database says; where it says nothing, nothing is held back.
    pub noise: Option<Noise>,
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
    thread: Option<JoinHandle<Result<(), StoreError>>>,
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
        let Options { store, rules, settings, noise, clock, .. } = Options { bell: Box::new(Silent), ..options };
        // The compiled rules cannot move between threads, so they are made where they will run.
        let work = move || {
            let mut worker = worker::Worker::new(store, clock, parts);
            match worker.begin_or_anew(&begin::InForce { rules, settings, noise }) {
                Ok(()) => {
                    let _ = ready.send(Ok(()));
                    worker.run()
                }
                Err(error) => {
                    worker.doubt(&error);
                    drop(ready.send(Err(error)));
                    Ok(())
                }
            }
        };
        let thread =
            thread::Builder::new().name("pipeline".to_owned()).stack_size(STACK).spawn(work).map_err(failed)?;
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
    ///
    /// # Errors
    /// [`StoreError::Ruined`]: it had ended by itself before.
    pub fn stop(self) -> Result<(), StoreError> {
        self.stop_for(CoverageReason::NotRunning)
    }

    /// As [`Pipeline::stop`], with the reason for which nobody listens from here on.
    ///
    /// # Errors
    /// As [`Pipeline::stop`].
    pub fn stop_for(mut self, reason: CoverageReason) -> Result<(), StoreError> {
        self.stopping.store(true, Ordering::Release);
        let _ = self.input.blocking_send(Input::Stop(reason));
        let ended = self.thread.take().and_then(|thread| thread.join().ok());
        // The notifier ends with the pipeline, which held its orders; a daemon that hangs must not hold us.
        drop(self.notifier.take());
        ended.unwrap_or(Ok(()))
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

#[cfg(test)]
mod tests;
