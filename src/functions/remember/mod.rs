//! Functions that remember earlier events. Their meaning in time is a pure function of the rows: the engine says when it
//! is, and in which order events come.

mod answer;
mod asked;
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
pub use site::{Against, CallId, Site};

use super::{Example, Function, Gives, Surroundings, cannot_tell};

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

/// How many arguments of such a call are literals that stand in the rule, not values: its durations and a mark's name.
/// `None` if no function that remembers takes so many arguments.
pub fn literals(function: &str, arguments: usize) -> Option<usize> {
    let durations = durations(function, arguments)?;
    let (literals, values) = match function {
        "mark" | "marked" => (durations + 1, 1),
        "count" | "rate" | "first_seen" => (durations, 1),
        _ => (durations, 2),
    };
    (literals + values == arguments).then_some(literals)
}

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "count",
        signature: "count(window, by)",
        gives: Gives::Whole,
        says: "How many events came to this point of the rule with this \"by\" within the window, this one included.",
        unknown: "What was not heard is not counted: at least so many. A \"by\" that is absent or longer than 512 bytes: the rule cannot tell.",
        example: Example::new(
            "security.wids",
            r#"event.attack_type.contains("deauth") && count("10m", event.detected_ap) >= 3"#,
            &[
                (r#"attack_type = "detect_deauth_broadcast", detected_ap = "CN01""#, false),
                (r#"at = "2m", attack_type = "detect_deauth_broadcast", detected_ap = "CN01""#, false),
                (r#"at = "3m", attack_type = "detect_client_flood", detected_ap = "CN01""#, false),
                (r#"at = "10m", attack_type = "detect_deauth_broadcast", detected_ap = "CN01""#, true),
                (r#"at = "11m", attack_type = "detect_deauth_broadcast", detected_ap = "CN02""#, false),
            ],
        ),
    },
    Function {
        name: "distinct",
        signature: "distinct(window, by, value)",
        gives: Gives::Whole,
        says: "How many different values came to this point with this \"by\" within the window, this one included.",
        unknown: "What was not heard is not counted: at least so many. A \"by\" that is absent or longer than 512 bytes: the rule cannot tell.",
        example: Example::new(
            "security.rogue",
            r#"distinct("1h", event.ssid, event.rogue_id) >= 3"#,
            &[
                (r#"ssid = "eduroam", rogue_id = "d8:07:b6:5e:1c:40""#, false),
                (r#"at = "1m", ssid = "eduroam", rogue_id = "d8:07:b6:5e:1c:41""#, false),
                (r#"at = "2m", ssid = "eduroam", rogue_id = "d8:07:b6:5e:1c:41""#, false),
                (r#"at = "3m", ssid = "eduroam", rogue_id = "d8:07:b6:5e:1c:42""#, true),
            ],
        ),
    },
    Function {
        name: "mark",
        signature: "mark(name, by)",
        gives: Gives::Truth,
        says: "Remembers that this happened, for marked in the rules of the same folder, from the next event on. Always true. It stands in fn when or in fn remember, which runs for each event before when.",
        unknown: "A \"by\" that is absent: nothing is marked, and the rule cannot tell.",
        example: Example::new(
            "security.wids",
            r#"event.attack_type.contains("hotspotter") && mark("lured", event.detected_ap)"#,
            &[
                (r#"attack_type = "detect_hotspotter_attack", detected_ap = "CN01""#, true),
                (r#"attack_type = "detect_client_flood", detected_ap = "CN01""#, false),
            ],
        ),
    },
    Function {
        name: "marked",
        signature: "marked(window, name, by)",
        gives: Gives::Truth,
        says: "A rule of the same folder set this mark with this \"by\" within the window, at an earlier event.",
        unknown: "True is true. Where it would be false and Tocsin was not listening for a while within the window, it cannot tell.",
        example: Example::new(
            "security.wids",
            r#"event.attack_type.contains("misassociation") && marked("5m", "thrown off", event.mac_addr)"#,
            &[
                (r#"attack_type = "detect_valid_client_misassociation", mac_addr = "3c:22:fb:00:00:01""#, false),
                (r#"at = "1m", attack_type = "detect_deauth_broadcast", mac_addr = "3c:22:fb:00:00:01""#, false),
                (
                    r#"at = "2m", attack_type = "detect_valid_client_misassociation", mac_addr = "3c:22:fb:00:00:01""#,
                    true,
                ),
                (
                    r#"at = "7m", attack_type = "detect_valid_client_misassociation", mac_addr = "3c:22:fb:00:00:01""#,
                    false,
                ),
            ],
        )
        .also(r#"fn remember(event) { event.attack_type.contains("deauth") && mark("thrown off", event.mac_addr) }"#),
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

#[cfg(test)]
mod tests;
