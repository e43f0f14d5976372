//! What rules remember, kept beside the log as of one of its rows, so that a start runs only the rows after it. It is a
//! cache: whatever is wrong with it, it is let go, and the log says the same.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{engine::Engine, recall};
use crate::{
    rules::Paused,
    store::{Store, StoreError},
};

/// How often it is written, in engine time.
const EVERY: Duration = Duration::from_secs(60);
/// Goes up with every change of what is remembered, or of how it is written.
const FORMAT: u32 = 1;
/// The part that says what the others belong to.
const HEAD: &str = "head";

type Sum = [u8; 32];

/// What the parts belong to.
#[derive(Serialize, Deserialize)]
struct Head {
    format: u32,
    /// Of the program that wrote it.
    version: String,
    /// Of the rules, their lists and the zone.
    ruling: Sum,
    /// The row up to which it goes.
    seq: u64,
    parts: BTreeMap<String, Sum>,
    pauses: Vec<Paused>,
}

/// What of it is on disk.
#[derive(Debug, Default)]
pub(super) struct Cache {
    /// When it was written last, in engine time.
    at: Option<Timestamp>,
    /// Up to which row it goes.
    seq: u64,
    /// Empty: whatever is there is not known to be good.
    parts: BTreeMap<String, Sum>,
}

impl Cache {
    /// Whether it is time to write it again after a row received at `now`.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.at.is_none_or(|at| now.duration_since(at) >= SignedDuration::try_from(EVERY).unwrap_or_default())
    }

    /// Writes down what the rules remember as of the cursor, the last row that `engine` has seen, which was received at
    /// `now`: the parts that changed since the last time, and nothing if no row came.
    ///
    /// # Errors
    /// The disk refuses. All of it is written the next time.
    pub fn keep(&mut self, store: &mut Store, engine: &mut Engine, now: Timestamp) -> Result<(), StoreError> {
        self.at = Some(now);
        if self.seq == store.cursor() && !self.parts.is_empty() {
            return Ok(());
        }
        let known = std::mem::take(&mut self.parts);
        let mut changed = engine.rules().save_memory(known.is_empty());
        let mut sums: BTreeMap<String, Sum> = BTreeMap::new();
        let mut unchanged = BTreeSet::new();
        for part in engine.rules().memory_parts() {
            match (changed.get(&part), known.get(&part)) {
                (Some(state), _) => drop(sums.insert(part, sum(state))),
                (None, Some(sum)) => {
                    sums.insert(part.clone(), *sum);
                    unchanged.insert(part);
                }
                // It cannot be written: then none of it is any good.
                (None, None) => return Ok(()),
            }
        }
        let head = Head {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            ruling: engine.fingerprint(),
            seq: store.cursor(),
            parts: sums.clone(),
            pauses: engine.rules().pauses(),
        };
        let Ok(head) = postcard::to_stdvec(&head) else { return Ok(()) };
        changed.insert(HEAD.to_owned(), [&sum(&head)[..], &head].concat());
        store.keep_memory(&changed, &unchanged)?;
        engine.rules_mut().memory_saved();
        (self.parts, self.seq) = (sums, store.cursor());
        Ok(())
    }

    /// Lets the rules remember what was kept, with the rules and settings that were in force then: gives the row up to
    /// which it goes. `None`: it is of no use, and the rules remember nothing.
    ///
    /// # Errors
    /// The database cannot be read.
    pub fn load(store: &Store, engine: &mut Engine) -> Result<Option<u64>, StoreError> {
        let parts = store.kept_memory()?;
        if parts.is_empty() {
            return Ok(None);
        }
        let row = read(store, engine, parts)?;
        if let Err(why) = row {
            tracing::info!("what rules remember is taken from the log, since what was kept of it {why}");
        }
        Ok(row.ok())
    }
}

/// The same, or why it is of no use.
fn read(
    store: &Store,
    engine: &mut Engine,
    mut parts: BTreeMap<String, Vec<u8>>,
) -> Result<Result<u64, &'static str>, StoreError> {
    const DAMAGED: &str = "is damaged";
    let Some(head) = parts.remove(HEAD) else { return Ok(Err(DAMAGED)) };
    let Some((said, head)) = head.split_first_chunk::<32>() else { return Ok(Err(DAMAGED)) };
    if *said != sum(head) {
        return Ok(Err(DAMAGED));
    }
    let Ok(head) = postcard::from_bytes::<Head>(head) else { return Ok(Err("is of another version")) };
    if head.format != FORMAT || head.version != env!("CARGO_PKG_VERSION") {
        return Ok(Err("is of another version"));
    }
    if head.seq > store.cursor() {
        return Ok(Err("is newer than the log"));
    }
    if parts.len() != head.parts.len() || parts.iter().any(|(part, state)| head.parts.get(part) != Some(&sum(state))) {
        return Ok(Err(DAMAGED));
    }
    let (settings, ruling) = recall::in_force(store, head.seq)?;
    engine.restore(settings.as_ref(), ruling);
    if head.ruling != engine.fingerprint() {
        return Ok(Err("is of other rules"));
    }
    if engine.rules_mut().load_memory(parts).is_err() {
        return Ok(Err(DAMAGED));
    }
    engine.rules_mut().put_back_pauses(head.pauses);
    Ok(Ok(head.seq))
}

fn sum(octets: &[u8]) -> Sum {
    Sha256::digest(octets).into()
}
