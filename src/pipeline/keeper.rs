//! Looks after the log on a thread of its own, so that nothing that is evaluated ever waits for it.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, SyncSender, TrySendError},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};

use crate::{
    clock,
    store::{Retention, Row, RowBody, Store, StoreError},
};

/// After so many octets of frames it looks again,
const OCTETS: usize = 256 << 10;
/// or after so much engine time.
const EVERY: SignedDuration = SignedDuration::from_secs(60);
/// Between two steps, so that whoever waits to write gets there.
const BREATH: Duration = Duration::from_millis(5);

/// How much is kept, for whoever changes it while it runs.
pub(super) type Kept = Arc<Mutex<Retention>>;

/// The thread, and when it is to look again.
pub(super) struct Keeper {
    looks: Option<SyncSender<Timestamp>>,
    thread: Option<JoinHandle<()>>,
    stopping: Arc<AtomicBool>,
    octets: usize,
    looked: Option<Timestamp>,
    /// That the database is damaged, in SQLite's words.
    damaged: Arc<Mutex<Option<String>>>,
}

impl Keeper {
    /// Starts it. A database in memory is not looked after.
    pub fn start(store: &Store, kept: Kept) -> Result<Self, StoreError> {
        let (looks, asked) = mpsc::sync_channel::<Timestamp>(1);
        let stopping = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&stopping);
        let damaged = Arc::<Mutex<Option<String>>>::default();
        let found = Arc::clone(&damaged);
        let thread = match store.keeper()? {
            None => None,
            Some(mut keeper) => {
                let work = move || {
                    while let Ok(now) = asked.recv() {
                        while !stop.load(Ordering::Acquire) {
                            let retention = *kept.lock().unwrap_or_else(PoisonError::into_inner);
                            match keeper.step(&retention, now) {
                                Ok(true) => clock::pause(BREATH),
                                Ok(false) => break,
                                Err(error) => {
                                    if let StoreError::Corrupt { said } = &error {
                                        *found.lock().unwrap_or_else(PoisonError::into_inner) = Some(said.clone());
                                    }
                                    tracing::warn!("the log could not be tidied, and will be later: {error}");
                                    break;
                                }
                            }
                        }
                    }
                };
                let failed = |error: std::io::Error| StoreError::Disk { said: error.to_string() };
                Some(thread::Builder::new().name("keeper".to_owned()).spawn(work).map_err(failed)?)
            }
        };
        Ok(Self { looks: Some(looks), thread, stopping, octets: 0, looked: None, damaged })
    }

    /// That it found the database damaged, if it did.
    pub fn found_damaged(&self) -> Option<String> {
        self.damaged.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// These rows were evaluated: it looks, if it is time.
    pub fn evaluated(&mut self, rows: &[Row]) {
        let frames = rows.iter().map(|row| match &row.body {
            RowBody::Frame { bytes, .. } => bytes.len(),
            _ => 0,
        });
        self.octets += frames.sum::<usize>();
        let Some(now) = rows.last().map(|row| row.received) else { return };
        let due = self.looked.is_none_or(|looked| now.duration_since(looked) >= EVERY);
        if !due && self.octets < OCTETS {
            return;
        }
        match self.looks.as_ref().map(|looks| looks.try_send(now)) {
            // It is at work, and is told already to look again.
            Some(Err(TrySendError::Full(_))) | None => {}
            Some(_) => (self.octets, self.looked) = (0, Some(now)),
        }
    }
}

impl Drop for Keeper {
    /// Waits for the step it is at: the database has one owner, and the owner is about to let go of it.
    fn drop(&mut self) {
        self.stopping.store(true, Ordering::Release);
        self.looks = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
