//! The only place that knows SQLite: the log of rows, what came of them, and what is owed.
//!
//! One writer ([`Store`]) appends rows, committed before anything is evaluated, and commits what came of them (the
//! cursor, alert changes, the live state, the notifications owed) in one transaction. Everybody who only looks has a
//! [`Reader`] of their own. A [`Keeper`] beside the writer seals frames into blocks and lets go of what is too old.

mod block;
mod doubt;
mod error;
mod folder;
mod history;
mod keep;
mod log;
mod memory;
mod merge;
mod open;
mod outbox;
mod outcome;
mod quiet;
mod reader;
mod row;
mod schema;
mod stamp;
mod stats;
mod tally;
#[cfg(test)]
mod tests;
mod usage;
mod verdict;

use std::{fs::File, path::PathBuf};

use jiff::Timestamp;
use rusqlite::Connection;

pub use doubt::Doubt;
pub use error::StoreError;
pub use folder::{data_folder, make_data_folder};
pub use history::{AlertCounts, AlertHistory, AlertQuery, Popups, Stretch, Which};
pub use keep::{Keeper, Retention};
pub use open::{LOCK, Opened, SetAside};
pub use outbox::{Delivery, Notification, Owed, Status};
pub use outcome::{Count, Outcome};
pub use quiet::{Preview, Previewed};
pub use reader::Reader;
pub use row::{Control, Coverage, CoverageReason, EngineSettings, Row, RowBody};
pub use stats::{Hit, Stats};
pub use usage::{TopicUsage, Usage};
pub use verdict::Judgements;

/// The database's file in the data folder.
pub const FILE: &str = "tocsin.db";

/// The one writer of a data folder.
#[derive(Debug)]
pub struct Store {
    connection: Connection,
    unpacked: merge::Unpacked,
    /// What to open for a [`Reader`].
    place: Place,
    last_seq: u64,
    last_received: Timestamp,
    cursor: u64,
    /// Held while the store is open, so that a second instance finds the folder taken.
    lock: Option<File>,
    /// The damaged database that this one was begun in place of, until somebody is told.
    set_aside: Option<SetAside>,
    /// This database is kept aside already, and a new one is yet to be made.
    moved: bool,
}

/// Where a database is.
#[derive(Clone, Debug)]
enum Place {
    File(PathBuf),
    /// A shared in-memory database, by its URI.
    Memory(String),
}

impl Store {
    /// The number of the last row appended; 0 before the first.
    pub fn last_seq(&self) -> u64 {
        self.last_seq
    }

    /// The stamp of the last row appended; the epoch before the first.
    pub fn last_received(&self) -> Timestamp {
        self.last_received
    }

    /// The number of the last row whose outcome is committed; 0 before the first.
    pub fn cursor(&self) -> u64 {
        self.cursor
    }

    /// The damaged database that this one was begun in place of, until somebody was told.
    pub fn set_aside(&self) -> Option<&SetAside> {
        self.set_aside.as_ref()
    }

    /// Somebody was told.
    pub fn told_of_it(&mut self) {
        self.set_aside = None;
    }
}
