//! The engines. Each reads frames, runs all rules on all records, and says which pairs match. All on one thread.
//!
//! What every rival is given: events decoded by prost, and the rules sorted by kind beforehand, so that only the rules of
//! an event's kind run on it. That much Tocsin's routing does for itself.

mod cel;
mod evalexpr;
mod luajit;
mod native;
mod prost;
mod scripting;
mod tocsin;
mod vrl;

use std::collections::HashMap;

use crate::{
    rule::{Kind, Rule},
    stream::Frame,
};

pub use self::tocsin::{Decode, Look, Tocsin};
pub use cel::Cel;
pub use evalexpr::Evalexpr;
pub use luajit::LuaJit;
pub use native::Native;
pub use prost::Prost;
pub use scripting::Scripting;
pub use vrl::Vrl;

/// What goes wrong while an engine is made or runs. None should.
pub type Failure = Box<dyn std::error::Error>;

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

/// The places of the rules of each kind.
fn by_kind<T>(rules: &[Rule], mut made: impl FnMut(&Rule) -> Result<T, Failure>) -> Result<Routes<T>, Failure> {
    let mut routes: Routes<T> = HashMap::new();
    for (rule, place) in rules.iter().zip(0..) {
        routes.entry(rule.kind).or_default().push((place, made(rule)?));
    }
    Ok(routes)
}

type Routes<T> = HashMap<Kind, Vec<(u32, T)>>;
