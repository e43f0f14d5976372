//! What a rule may call, one family a file.
//!
//! A function never raises an error because of what an event holds or lacks: an absent or odd value gives `false` or `()`.
//! Where an answer would be a guess (a list that is not there), the evaluation ends as "cannot tell".

mod absent;
mod address;
mod function;
mod glob;
mod json;
mod list;
mod oui;
mod present;
mod regex;
pub mod remember;
mod table;
mod time;

use std::cell::RefCell;

use jiff::{Zoned, tz::TimeZone};
use rhai::{Dynamic, Engine, EvalAltResult, ImmutableString, NativeCallContext, Position};

pub use address::Network;
pub use function::{Example, Function, Gives};
pub use glob::{LONGEST_PATTERN, fits, literals as glob_literals, wrong as wrong_glob};
pub use list::{List, Lists, fold};
pub use regex::{begins as regex_begins, pattern};
pub use time::clock_time;

/// A heading of the manual, and the functions below it.
pub type Family = (&'static str, Vec<&'static Function>);

/// All functions that a rule may call beside Rhai's own, by family, in the order of the manual.
pub fn families() -> Vec<Family> {
    let join = |tables: &[&'static [Function]]| tables.iter().copied().flatten().collect();
    vec![
        ("Values and lists", join(&[present::FUNCTIONS, list::FUNCTIONS])),
        ("Addresses", join(&[address::FUNCTIONS, oui::FUNCTIONS])),
        ("Texts", join(&[glob::FUNCTIONS, regex::FUNCTIONS, json::FUNCTIONS])),
        ("Time of day", join(&[time::FUNCTIONS])),
        ("Memory", remember::all().collect()),
    ]
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Function> {
    families().into_iter().flat_map(|(_, functions)| functions)
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
        rule.map_or_else(|| self.zone.clone(), |rule| self.zone_of_rule(rule))
    }

    /// The zone of the rule at that place: its own, or the operator's.
    fn zone_of_rule(&self, rule: usize) -> TimeZone {
        self.rules.borrow().get(rule).and_then(|rule| rule.zone.clone()).unwrap_or_else(|| self.zone.clone())
    }

    /// A time as `between` and `weekday` see it when the rule at that place calls them; `None` for what is no time.
    pub fn local(&self, rule: usize, time: &Dynamic) -> Option<Zoned> {
        Some(time::timestamp(time)?.to_zoned(self.zone_of_rule(rule)))
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
