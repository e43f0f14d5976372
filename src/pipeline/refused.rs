//! What the pipeline's thread does about a disk that refuses.

use std::{sync::atomic::Ordering, time::Duration};

use super::{
    awake::Awake,
    told::{Problem, Told},
    worker::Worker,
};
use crate::store::StoreError;

/// How long to wait before writing again after the disk refused.
pub(super) const RETRY: Duration = Duration::from_secs(1);

impl Worker {
    /// Whether somebody waits for it to begin or to end, who can do something about what the disk refuses.
    pub fn is_awaited(&self) -> bool {
        self.starting || self.stopping.load(Ordering::Acquire)
    }

    /// Waits, as long as the disk refuses.
    pub fn pause_for(&mut self, span: Duration) {
        let (runtime, clock) = (self.runtime.clone(), self.clock);
        runtime.block_on(clock.sleep(span));
        // It was the disk that took so long.
        self.awake = Awake::now(self.clock);
    }

    /// Remembers that the database is damaged, if this error says so.
    pub fn look_into(&mut self, error: &StoreError) {
        if let StoreError::Corrupt { said } = error {
            self.damaged = Some(said.clone());
        }
    }

    /// Leaves a note for the next start if the database is damaged, as this error says.
    pub fn doubt(&self, error: &StoreError) {
        if matches!(error, StoreError::Corrupt { .. } | StoreError::Ruined { .. }) {
            self.store.doubt().note();
        }
    }

    /// Does it until the disk takes it, or somebody waits for the end.
    ///
    /// # Errors
    /// The database is damaged: trying again is of no use.
    pub fn again_and_again<T>(
        &mut self,
        mut write: impl FnMut(&mut Self) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        loop {
            match write(self) {
                Ok(written) => {
                    self.storage(None);
                    return Ok(written);
                }
                Err(error @ StoreError::Corrupt { .. }) => return Err(error),
                Err(error) => {
                    self.storage(Some(&error));
                    if self.is_awaited() {
                        return Err(error);
                    }
                }
            }
            self.pause_for(RETRY);
        }
    }

    pub fn storage(&mut self, error: Option<&StoreError>) {
        if error.is_some() != self.storage_trouble {
            self.storage_trouble = error.is_some();
            if let Some(error) = error {
                tracing::error!("{error}");
            } else {
                tracing::info!("the database can be written again");
            }
            let problem = error.map(|error| Problem { code: error.code(), message: error.to_string().into() });
            let _ = self.told.send(Told::Storage(problem));
        }
    }
}
