//! The engines. Each reads frames, runs all rules on all records, and says which pairs match. All on one thread.
//!
//! What every rival is given: events decoded by prost, and the rules sorted by kind beforehand, so that only the rules of
//! an event's kind run on it. That much Tocsin's routing does for itself.

mod native;
mod prost;
#[cfg(feature = "rivals")]
mod rivals;
mod tocsin;

use crate::{rule::Rule, stream::Frame};

pub use self::tocsin::{Decode, Look, Tocsin};
pub use native::Native;
pub use prost::Prost;
#[cfg(feature = "rivals")]
pub use rivals::RIVALS;

/// Without the feature `rivals` there are none.
#[cfg(not(feature = "rivals"))]
pub const RIVALS: &[(&str, Make)] = &[];

/// What goes wrong while an engine is made or runs. None should.
pub type Failure = Box<dyn std::error::Error>;

/// How an engine is made of rules.
pub type Make = fn(Vec<Rule>) -> Result<Box<dyn Engine>, Failure>;

/// A pair that matches: message, record, rule.
pub type Hit = (u32, u32, u32);

pub trait Engine {
    fn name(&self) -> &'static str;

    /// Whether it runs rules at all.
    fn has_rules(&self) -> bool {
        true
    }

    /// Reads the frames and runs the rules, adding what matches.
    fn run(&mut self, frames: &[Frame], hits: &mut Vec<Hit>) -> Result<(), Failure>;
}
