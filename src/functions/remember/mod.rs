//! Functions that remember earlier events. Their meaning in time is a pure function of the rows: the engine says when it
//! is, and in which order events come.

mod answer;
mod given;
mod hearing;
mod item;
mod kept;
mod memory;
mod numbers;
mod order;
mod saved;
mod site;
mod total;
mod trail;

use std::rc::Rc;

use jiff::Timestamp;
use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext};

pub use given::Given;
pub use hearing::Hearing;
pub use item::{Item, LONGEST_TEXT};
pub use kept::{ENTRIES, KEYS};
pub use memory::{Aside, Caller, Calls, Memory, RuleMemory};
pub use saved::Damaged;
pub use site::{CallId, Site};

use super::{Function, Surroundings, cannot_tell};

/// Nanoseconds since 1970.
type Nanos = i64;

type Answer = Result<Dynamic, Box<EvalAltResult>>;

/// The functions that remember, and how many durations each takes, before everything else.
const REMEMBERING: &[(&str, usize)] = &[
    ("count", 1),
    ("distinct", 1),
    ("sum", 1),
    ("avg", 1),
    ("min", 1),
    ("max", 1),
    ("rate", 1),
    ("spike", 2),
    ("first_seen", 1),
    ("changed", 1),
    ("previous", 1),
    ("mark", 0),
    ("marked", 1),
];

/// How many durations come first in a call of this function with so many arguments; `None` if it does not remember.
/// `min` and `max` of two values are Rhai's own and do not.
pub fn durations(function: &str, arguments: usize) -> Option<usize> {
    let two_values = matches!(function, "min" | "max") && arguments == 2;
    let known = REMEMBERING.iter().find(|(name, _)| *name == function && !two_values);
    known.map(|(_, durations)| *durations)
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "count",
        signature: "count(window, by)",
        says: "How many events came to this point of the rule with this \"by\" within the window, this one included.",
        example: "event.attack_type.contains(\"deauth\") && count(\"10m\", event.detected_ap) >= 5",
    },
    Function {
        name: "distinct",
        signature: "distinct(window, by, value)",
        says: "How many different values came to this point with this \"by\" within the window, this one included.",
        example: "distinct(\"1h\", event.ssid, event.rogue_id) >= 3",
    },
    Function {
        name: "mark",
        signature: "mark(name, by)",
        says: "Remembers that this happened, for marked in the rules of the same folder, from the next event on. Always true.",
        example: "event.attack_type.contains(\"deauth\") && mark(\"thrown off\", event.detected_ap)",
    },
    Function {
        name: "marked",
        signature: "marked(window, name, by)",
        says: "A rule of the same folder set this mark with this \"by\" within the window, at an earlier event.",
        example: "marked(\"5m\", \"thrown off\", event.detected_ap)",
    },
];

/// All functions that remember, as the editor and the manual show them.
pub(super) fn all() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().chain(numbers::FUNCTIONS).chain(order::FUNCTIONS)
}

pub(super) fn register(engine: &mut Engine, surroundings: &Rc<Surroundings>) {
    // Durations and names of marks are literals, known before it runs.
    for name in ["count", "rate", "first_seen", "mark"] {
        let known = Rc::clone(surroundings);
        engine.register_fn(name, move |call: NativeCallContext, _: Dynamic, by: Dynamic| -> Answer {
            known.ask(&call, &[Given::from(&by)])
        });
    }
    for name in ["distinct", "sum", "avg", "min", "max", "changed", "previous"] {
        let known = Rc::clone(surroundings);
        engine.register_fn(name, move |call: NativeCallContext, _: Dynamic, by: Dynamic, value: Dynamic| -> Answer {
            known.ask(&call, &[Given::from(&by), Given::from(&value)])
        });
    }
    let known = Rc::clone(surroundings);
    engine.register_fn("marked", move |call: NativeCallContext, _: Dynamic, _: Dynamic, by: Dynamic| -> Answer {
        known.ask(&call, &[Given::from(&by)])
    });
    let known = Rc::clone(surroundings);
    engine.register_fn(
        "spike",
        move |call: NativeCallContext, _: Dynamic, _: Dynamic, by: Dynamic, factor: Dynamic| -> Answer {
            known.ask(&call, &[Given::from(&by), Given::from(&factor)])
        },
    );
}

impl Surroundings {
    /// Answers a call that remembers.
    fn ask(&self, call: &NativeCallContext, given: &[Given<'_>]) -> Answer {
        let rule = call.tag().and_then(|tag| tag.as_int().ok()).and_then(|index| usize::try_from(index).ok());
        let mut memory = self.memory.borrow_mut();
        let caller = rule.and_then(|rule| memory.caller(rule, call.call_position()));
        let caller = caller.ok_or_else(|| cannot_tell("This call cannot remember where it stands.".into()))?;
        memory.answer(caller, given).map(Into::into).map_err(cannot_tell)
    }
}

fn nanos(time: Timestamp) -> Nanos {
    let nanos = time.as_nanosecond();
    Nanos::try_from(nanos).unwrap_or(if nanos < 0 { Nanos::MIN } else { Nanos::MAX })
}
