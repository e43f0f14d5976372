//! What goes into the pipeline and what it tells.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::{engine::Trouble, ruling::Ruling};
use crate::{
    alert::{AlertRecord, Change, Silence},
    decode,
    event::{Event, Topic},
    store::{Control, Coverage, CoverageReason, SetAside},
};

/// What the pipeline's thread is given, in the order it comes.
#[derive(Debug)]
pub enum Input {
    /// A message of this topic.
    Frame { topic: Topic, bytes: bytes::Bytes },
    /// Whether this topic is heard from now on, and why.
    Coverage { topic: Topic, heard: bool, reason: CoverageReason, detail: String },
    /// So many messages of this topic came since the last one and were let go.
    LetGo { topic: Topic, missed: u64 },
    /// From the operator.
    Control(Control),
    /// The same, from one who waits until it is stored and evaluated. Dropped, it never was.
    Asked(Control, oneshot::Sender<()>),
    /// The rules folder as it is now.
    Rules(Ruling),
    /// Finish: say that nothing is heard any more, for that reason, commit, and end the thread.
    Stop(CoverageReason),
}

/// A frame that could be read. Nobody has decoded it yet: who wants its events asks for them.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The topic of the connection that it came on.
    pub topic: Topic,
    /// When its row was appended.
    pub received: Timestamp,
    /// How many events it holds, at least one.
    pub count: usize,
    pub(super) seq: u64,
    pub(super) bytes: bytes::Bytes,
}

impl Frame {
    /// One as the pipeline would tell of it.
    #[cfg(test)]
    pub fn of(topic: Topic, received: Timestamp, seq: u64, bytes: Vec<u8>) -> Self {
        let mut frame = Self { topic, received, count: 0, seq, bytes: bytes.into() };
        frame.count = frame.events().len();
        frame
    }

    /// The same under another number.
    #[cfg(test)]
    pub fn numbered(&self, seq: u64) -> Self {
        Self { seq, ..self.clone() }
    }

    /// Its events, as the rules saw them.
    pub fn events(&self) -> Vec<Event> {
        decode::frame(Some(self.topic), self.seq, self.received, &self.bytes).unwrap_or_default()
    }
}

/// What the pipeline tells whoever listens. All of it is committed.
#[derive(Clone, Debug)]
pub enum Told {
    /// What happened to alerts, in order, and those alerts as they are now.
    Changes { changes: Arc<[Change]>, alerts: Arc<[AlertRecord]> },
    /// The frames of a batch that could be read and hold events, in order.
    Frames(Arc<[Frame]>),
    /// Rules or their states are others than before.
    Rules,
    /// A topic is heard, or not, from that row on.
    Coverage { at: Timestamp, coverage: Coverage },
    /// Until when all pop-ups are snoozed; `None`: they are not, any more.
    SnoozedAll(Option<Timestamp>),
    /// Silences, or the settings against noise, are others than before: the silences there are now.
    Quiet(Vec<Silence>),
    /// A frame could not be read.
    Rejected { topic: Topic, code: &'static str },
    /// A rule gave no answer for an event.
    Trouble(Trouble),
    /// The database was damaged: it is kept as this, and a new one is begun. Whoever reads it opens it anew.
    BegunAnew(SetAside),
    /// Rows cannot be stored (why), or can again.
    Storage(Option<Problem>),
    /// A pop-up could not be shown (why), or was shown.
    Popups(Option<Arc<str>>),
}

/// Why something does not work: a stable code, and words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub code: &'static str,
    pub message: Arc<str>,
}
