//! One entry of the system's keyring, asked with a time limit.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use keyring_core::{Entry, Error};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::oneshot;

use super::{KeyringError, Trouble, platform};
use crate::clock::Clock;

/// How long the keyring may take: enough for a busy daemon, not for a prompt nobody sees.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long it may take to say whether it is locked.
const PATIENCE_PROBE: Duration = Duration::from_secs(2);
/// So many calls may be stuck behind prompts before no more are made.
const MOST_WAITING: usize = 3;

/// An entry of the keyring. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Keyring {
    user: Arc<str>,
    clock: Clock,
    patience: Duration,
    waiting: Arc<AtomicUsize>,
}

impl Keyring {
    /// The entry for `user`, such as [`super::STREAMING_KEY`]. Nothing is asked yet.
    pub fn new(user: &str, clock: Clock) -> Self {
        Self { user: user.into(), clock, patience: PATIENCE, waiting: Arc::default() }
    }

    /// The same entry, with another time limit: longer where a person is there to answer the keyring's prompt.
    pub fn with_patience(mut self, patience: Duration) -> Self {
        self.patience = patience;
        self
    }

    /// The secret; `None` if there is no such entry.
    pub async fn read(&self) -> Result<Option<SecretString>, KeyringError> {
        self.ask(|entry| match entry.get_secret() {
            Ok(octets) => match String::from_utf8(octets) {
                Ok(text) => Ok(Some(text.into())),
                Err(_) => Err(Error::BadEncoding(Vec::new())),
            },
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Stores the secret in place of what was there.
    pub async fn store(&self, secret: &SecretString) -> Result<(), KeyringError> {
        let secret = secret.clone();
        self.ask(move |entry| entry.set_secret(secret.expose_secret().as_bytes())).await
    }

    /// Deletes the entry; `false` if there was none.
    pub async fn delete(&self) -> Result<bool, KeyringError> {
        self.ask(|entry| match entry.delete_credential() {
            Ok(()) => Ok(true),
            Err(Error::NoEntry) => Ok(false),
            Err(error) => Err(error),
        })
        .await
    }

    /// Runs `work` on a thread of its own: the runtime would wait for a blocking task at its end, and a locked keyring
    /// with a display waits for ever.
    async fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, KeyringError> {
        if self.waiting.load(Ordering::Relaxed) >= MOST_WAITING {
            return Err(KeyringError::new(Trouble::TimedOut, "earlier questions are still waiting"));
        }
        let user = Arc::clone(&self.user);
        let waiting = Arc::clone(&self.waiting);
        waiting.fetch_add(1, Ordering::Relaxed);
        let answer = on_thread(move || {
            let result =
                platform::entry(&user).and_then(|entry| work(&entry).map_err(|error| platform::explain(&error)));
            waiting.fetch_sub(1, Ordering::Relaxed);
            result
        });
        match self.clock.timeout(self.patience, answer).await {
            // A prompt that was dismissed, or that nothing could show, leaves it locked: that is what to say.
            Some(Some(Err(error))) if error.trouble == Trouble::Denied && self.is_locked().await => {
                Err(KeyringError::new(Trouble::Locked, error.said))
            }
            Some(Some(result)) => result,
            Some(None) => Err(KeyringError::new(Trouble::Other, "its thread could not run")),
            None if self.is_locked().await => Err(KeyringError::new(Trouble::Locked, "")),
            None => Err(KeyringError::new(Trouble::TimedOut, "")),
        }
    }

    async fn is_locked(&self) -> bool {
        self.clock.timeout(PATIENCE_PROBE, on_thread(platform::is_locked)).await == Some(Some(true))
    }
}

/// What `work` returns on a new thread; `None` if there was no thread to be had or it panicked.
async fn on_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (tell, told) = oneshot::channel();
    thread::Builder::new()
        .name("keyring".to_owned())
        .spawn(move || {
            let _ = tell.send(work()); // nobody waits any more
        })
        .ok()?;
    told.await.ok()
}
