//! A word for a log that nobody works with: it counts from now on, and is evaluated at the next start.

use std::{collections::BTreeMap, path::Path};

use jiff::Timestamp;

use super::listening::goes_on_only_while_running;
use crate::{
    event::Topic,
    store::{Control, Coverage, CoverageReason, RowBody, SetAside, Store, StoreError},
};

/// What became of it.
#[derive(Debug)]
pub struct Noted {
    /// The number of its row.
    pub row: u64,
    /// The database that was there before, if it was found damaged.
    pub set_aside: Option<SetAside>,
}

/// Appends what the operator did to the log in that folder. Beside it stands what else has come about since the log was
/// last written: that a run which was killed has ended, and that a damaged database was kept aside.
///
/// # Errors
/// [`StoreError::InUse`] when a Tocsin works with the folder; see [`StoreError`] for the rest.
pub fn note(folder: &Path, control: Control, now: Timestamp) -> Result<Noted, StoreError> {
    let opened = Store::open(folder, now)?;
    let mut store = opened.store;
    // Before the log's time moves on: afterwards nobody could tell since when nobody listened.
    let ended = unheard_since_a_kill(&store)?;
    store.append(ended, store.last_received())?;
    let mut rows = Vec::new();
    if let Some(aside) = &opened.set_aside {
        rows.push(aside.row());
    }
    rows.push(RowBody::Control(control));
    let rows = store.append(rows, now)?;
    Ok(Noted { row: rows.last().map_or(0, |row| row.seq), set_aside: opened.set_aside })
}

/// The topics that the last run said were listened to, or tried, and that nobody listens to any more.
fn unheard_since_a_kill(store: &Store) -> Result<Vec<RowBody>, StoreError> {
    let said = store.coverage_until(store.last_seq())?;
    let last: BTreeMap<Topic, Coverage> = said.into_iter().map(|(_, coverage)| (coverage.topic, coverage)).collect();
    let open = last.into_values().filter(|coverage| goes_on_only_while_running(coverage.reason));
    Ok(open.map(|coverage| super::listening::unheard(coverage.topic, CoverageReason::NotRunning)).collect())
}
