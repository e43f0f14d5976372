//! What a rule may call, one family a file.
//!
//! A function never raises an error because of what an event holds or lacks: an absent or odd value gives `false` or `()`.
//! Where an answer would be a guess (a list that is not there), the evaluation ends as "cannot tell".

mod absent;
mod address;
mod glob;
mod json;
mod list;
mod oui;
mod present;
mod regex;
pub mod remember;
mod time;

use std::cell::RefCell;

use jiff::tz::TimeZone;
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext, Position};

pub use address::Network;
pub use glob::{LONGEST_PATTERN, fits};
pub use list::{List, Lists, fold};
pub use regex::pattern;
pub use time::clock_time;

/// A function, as the editor and the manual show it.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub name: &'static str,
    /// With its arguments: `in_list(name, value)`.
    pub signature: &'static str,
    /// What it gives, in a sentence.
    pub says: &'static str,
    /// A clause that uses it.
    pub example: &'static str,
}

/// All functions that a rule may call beside Rhai's own, by family.
pub fn all() -> impl Iterator<Item = &'static Function> {
    let plain = [
        present::FUNCTIONS,
        list::FUNCTIONS,
        address::FUNCTIONS,
        oui::FUNCTIONS,
        glob::FUNCTIONS,
        regex::FUNCTIONS,
        json::FUNCTIONS,
        time::FUNCTIONS,
    ];
    plain.into_iter().flatten().chain(remember::all())
}

/// What a function needs to know beside its arguments. The rule that calls is named by the call's tag (its index).
#[derive(Debug)]
pub struct Surroundings {
    pub lists: Lists,
    /// The operator's zone.
    pub zone: TimeZone,
    /// By rule: its own zone, if it names one, and its constants.
    pub rules: RefCell<Vec<RuleSurroundings>>,
    /// What the rules remember, in the same order.
    pub memory: RefCell<remember::Memory>,
}

/// What one rule brings with it.
#[derive(Clone, Debug, Default)]
pub struct RuleSurroundings {
    pub zone: Option<TimeZone>,
    pub constants: Vec<(ImmutableString, Dynamic)>,
}

impl Surroundings {
    /// For rules yet to be added.
    pub fn new(lists: Lists, zone: TimeZone) -> Self {
        Self { lists, zone, rules: RefCell::default(), memory: RefCell::default() }
    }

    /// The zone of the rule that calls.
    fn zone_of(&self, call: &NativeCallContext) -> TimeZone {
        let rule = call.tag().and_then(|tag| tag.as_int().ok()).and_then(|index| usize::try_from(index).ok());
        let rules = self.rules.borrow();
        rule.and_then(|index| rules.get(index)?.zone.clone()).unwrap_or_else(|| self.zone.clone())
    }
}

/// Ends an evaluation without an answer; see `time.md`, "cannot tell".
#[derive(Clone, Debug)]
pub struct CannotTell(pub String);

#[allow(clippy::unnecessary_box_returns)] // as Rhai wants it
/// The error that carries [`CannotTell`] through Rhai.
fn cannot_tell(reason: String) -> Box<EvalAltResult> {
    EvalAltResult::ErrorRuntime(Dynamic::from(CannotTell(reason)), Position::NONE).into()
}

/// Makes all functions known to an engine.
pub fn register(engine: &mut Engine, surroundings: &std::rc::Rc<Surroundings>) {
    absent::register(engine);
    present::register(engine);
    list::register(engine, surroundings);
    address::register(engine);
    oui::register(engine);
    glob::register(engine);
    regex::register(engine);
    json::register(engine);
    remember::register(engine, surroundings);
    time::register(engine, surroundings);
}
