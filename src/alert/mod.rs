//! The lifecycle of alerts: a pure step from (state, signal, now) to changes.
//!
//! An alert is (rule, key). What the words mean in time is fixed by the worked examples in `tests/`; nothing here asks
//! for the time, touches a disk or shows a pop-up. [`Lifecycle`] is all of it: give it each row's signals in order,
//! and ask it for [`Lifecycle::next_deadline`] to know when a tick is due.

mod absence;
mod calm;
mod change;
mod digest;
mod foresee;
mod heard;
mod hours;
mod hush;
mod id;
mod lifecycle;
mod live;
mod noise;
mod own;
mod record;
mod saved;
mod signal;
mod silence;
#[cfg(test)]
mod tests;
mod timers;
mod verdict;

pub use change::{Change, ChangeKind, ChangeLine, Reason};
pub use foresee::{Due, Foreseen, foresee};
pub use heard::MOST_HEARD;
pub use hours::{Hours, Maintenance};
pub use id::AlertId;
pub use lifecycle::Lifecycle;
pub use noise::{Limits, Noise};
pub use own::{DATABASE, DIGEST, RULE_PAUSED, own_rules};
pub use record::{AlertRecord, Phase};
pub use saved::{Head, Saved, SavedAlert};
pub use signal::{Expected, Match, RuleMeta, Signal};
pub use silence::{Looked, MOST_SILENCES, Matchers, Silence, silence_of};
pub use verdict::{Judge, Judged, Verdict};
