//! Functions that remember earlier events. Their meaning in time is a pure function of the rows: the engine says when it
//! is, and in which order events come.

mod hearing;
mod item;
mod kept;
mod memory;
mod numbers;
mod order;
mod site;
mod total;
mod trail;

use std::{rc::Rc, sync::Arc};

use jiff::Timestamp;
use rhai::{Dynamic, Engine, EvalAltResult, NativeCallContext};

pub use hearing::Hearing;
pub use memory::{Calls, Memory, RuleMemory};
pub use site::{CallId, Site};

use self::{item::Item, memory::Asked, trail::Entry};
use super::{Function, Surroundings, cannot_tell};

/// Nanoseconds since 1970.
type Nanos = i64;

type Answer<T> = Result<T, Box<EvalAltResult>>;

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
    let known = Rc::clone(surroundings);
    engine.register_fn("count", move |call: NativeCallContext, _: Dynamic, by: Dynamic| -> Answer<i64> {
        known.ask(&call, |memory, asked| {
            let (_, from) = memory.window(asked)?;
            Ok(memory.push(asked, &key(&by)?, Entry::Time, from)?.len() as i64)
        })
    });
    let known = Rc::clone(surroundings);
    engine.register_fn(
        "distinct",
        move |call: NativeCallContext, _: Dynamic, by: Dynamic, value: Dynamic| -> Answer<i64> {
            known.ask(&call, |memory, asked| {
                let (_, from) = memory.window(asked)?;
                Ok(memory.push(asked, &key(&by)?, Entry::Value(key(&value)?), from)?.len() as i64)
            })
        },
    );
    let known = Rc::clone(surroundings);
    engine.register_fn("mark", move |call: NativeCallContext, _: Dynamic, by: Dynamic| -> Answer<bool> {
        known.ask(&call, |memory, asked| memory.mark(asked, key(&by)?).map(|()| true))
    });
    let known = Rc::clone(surroundings);
    engine.register_fn("marked", move |call: NativeCallContext, _: Dynamic, _: Dynamic, by: Dynamic| -> Answer<bool> {
        known.ask(&call, |memory, asked| {
            let (_, from) = memory.window(asked)?;
            let marked = memory.marked(asked, &key(&by)?, from)?;
            if !marked {
                memory.whole(asked, from)?;
            }
            Ok(marked)
        })
    });
    numbers::register(engine, surroundings);
    order::register(engine, surroundings);
}

impl Surroundings {
    /// Answers a call that remembers.
    fn ask<T>(
        &self,
        call: &NativeCallContext,
        answer: impl FnOnce(&mut Memory, Asked) -> Result<T, String>,
    ) -> Answer<T> {
        let rule = call.tag().and_then(|tag| tag.as_int().ok()).and_then(|index| usize::try_from(index).ok());
        let asked = Asked { rule: rule.unwrap_or(usize::MAX), position: call.call_position() };
        answer(&mut self.memory.borrow_mut(), asked).map_err(|reason| {
            let said = reason.ends_with('.');
            cannot_tell(if said { reason } else { format!("{} cannot tell: {reason}.", call.fn_name()) })
        })
    }
}

/// The key of a value to remember by.
fn key(value: &Dynamic) -> Result<Arc<str>, String> {
    Ok(Item::of(value)?.key().into())
}

fn nanos(time: Timestamp) -> Nanos {
    let nanos = time.as_nanosecond();
    Nanos::try_from(nanos).unwrap_or(if nanos < 0 { Nanos::MIN } else { Nanos::MAX })
}
