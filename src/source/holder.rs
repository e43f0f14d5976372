//! The key in use, shared by all connections.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use secrecy::SecretString;

use super::{
    Problem,
    key::{KeyInfo, read_key},
};
use crate::secrets::{Held, KeyringError};

/// The key in use, and where it is kept. Shown to nobody: `Debug` tells only what the key says about itself.
pub struct KeyHolder {
    state: Mutex<State>,
    held: Held,
    /// Held while the next key is asked for, so that many refusals at once make one question; the last answer.
    pub(super) asking: tokio::sync::Mutex<Option<Asked>>,
}

/// How the last question for the next key ended.
pub(super) struct Asked {
    /// For which key.
    pub generation: u64,
    /// When, by [`crate::clock::Clock::elapsed`].
    pub at: Duration,
    pub result: Result<(), Problem>,
}

struct State {
    key: SecretString,
    info: KeyInfo,
    generation: u64,
}

impl KeyHolder {
    /// Holds `key`, which is kept in `held` already (or not at all).
    pub fn new(key: SecretString, held: Held) -> Result<Arc<Self>, Problem> {
        let info = read_key(&key)?;
        let state = Mutex::new(State { key, info, generation: 0 });
        Ok(Arc::new(Self { state, held, asking: tokio::sync::Mutex::default() }))
    }

    /// The key, and a number that changes with it.
    pub fn current(&self) -> (SecretString, u64) {
        let state = self.state();
        (state.key.clone(), state.generation)
    }

    /// What the key says about itself.
    pub fn info(&self) -> KeyInfo {
        self.state().info.clone()
    }

    /// Where it is kept.
    pub fn held(&self) -> &Held {
        &self.held
    }

    /// Takes another key from the user, of whatever customer, and keeps it. It is in use even if keeping it failed:
    /// then the error says why it will not be there at the next start.
    pub async fn replace(&self, key: SecretString) -> Result<(KeyInfo, Option<Problem>), Problem> {
        let info = read_key(&key)?;
        self.set(key.clone(), info.clone());
        Ok((info, self.keep(&key).await))
    }

    /// Puts the key's successor in its place, unless the user has given another one meanwhile.
    pub(super) async fn succeed(&self, generation: u64, key: SecretString, info: KeyInfo) -> Option<Problem> {
        {
            let mut state = self.state();
            if state.generation != generation {
                return None;
            }
            *state = State { key: key.clone(), info, generation: generation + 1 };
        }
        self.keep(&key).await
    }

    async fn keep(&self, key: &SecretString) -> Option<Problem> {
        self.held.keep(key).await.err().map(Problem::from)
    }

    fn set(&self, key: SecretString, info: KeyInfo) {
        let mut state = self.state();
        let generation = state.generation + 1;
        *state = State { key, info, generation };
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for KeyHolder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyHolder").field("info", &self.info()).finish_non_exhaustive()
    }
}

impl From<KeyringError> for Problem {
    fn from(error: KeyringError) -> Self {
        let mut problem = Self::new(error.code(), error.message()).said(&error.said);
        problem.steps = error.steps();
        problem
    }
}
