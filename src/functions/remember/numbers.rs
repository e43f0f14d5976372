//! Sums and rates over a window.

use std::rc::Rc;

use rhai::{Dynamic, Engine, NativeCallContext};

use super::{
    Answer, Memory, Nanos, key,
    memory::Asked,
    total::Number,
    trail::{Entry, Trail},
};
use crate::functions::{Function, Surroundings};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "sum",
        signature: "sum(window, by, number)",
        says: "The sum of the numbers that came to this point with this \"by\" within the window, this one included.",
        example: "sum(\"1h\", event.macaddr, event.tx_bytes) > 1000000000",
    },
    Function {
        name: "avg",
        signature: "avg(window, by, number)",
        says: "The average of the numbers that came to this point with this \"by\" within the window, this one included.",
        example: "avg(\"15m\", event.sta_eth_mac, event.rssi_val) > -50",
    },
    Function {
        name: "min",
        signature: "min(window, by, number)",
        says: "The least of the numbers that came to this point with this \"by\" within the window, this one included.",
        example: "min(\"15m\", event.sta_eth_mac, event.rssi_val) > -60",
    },
    Function {
        name: "max",
        signature: "max(window, by, number)",
        says: "The greatest of the numbers that came to this point with this \"by\" within the window, this one included.",
        example: "max(\"15m\", event.sta_eth_mac, event.rssi_val) > -40",
    },
    Function {
        name: "rate",
        signature: "rate(window, by)",
        says: "How many events a second came to this point with this \"by\" within the window, this one included.",
        example: "rate(\"1m\", event.rogue_id) > 0.5",
    },
    Function {
        name: "spike",
        signature: "spike(recent, before, by, factor)",
        says: "Events come to this point with this \"by\" at least \"factor\" times as often as in the time before. \
               Never true where nothing came before.",
        example: "spike(\"10m\", \"2h\", event.rogue_id, 3)",
    },
];

/// The largest number that is summed.
const LARGEST: f64 = 1e300;

pub(super) fn register(engine: &mut Engine, surroundings: &Rc<Surroundings>) {
    type Of = fn(&Trail) -> Option<Number>;
    // A sum says "at least so many"; the others could be turned by what was missed.
    let functions: [(&str, Of, bool); 4] = [
        ("sum", sum, false),
        ("avg", avg, true),
        ("min", |trail| best(trail, -1.0), true),
        ("max", |trail| best(trail, 1.0), true),
    ];
    for (name, of, whole) in functions {
        let known = Rc::clone(surroundings);
        engine.register_fn(
            name,
            move |call: NativeCallContext, _: Dynamic, by: Dynamic, value: Dynamic| -> Answer<Dynamic> {
                known.ask(&call, |memory, asked| {
                    let (_, from) = memory.window(asked)?;
                    let trail = memory.push(asked, &key(&by)?, Entry::Number(number(&value)?), from)?;
                    let answer = of(trail).ok_or("there is no number")?;
                    if whole {
                        memory.whole(asked, from)?;
                    }
                    Ok(match answer {
                        Number::Int(number) => number.into(),
                        Number::Float(number) => number.into(),
                    })
                })
            },
        );
    }
    let known = Rc::clone(surroundings);
    engine.register_fn("rate", move |call: NativeCallContext, _: Dynamic, by: Dynamic| -> Answer<f64> {
        known.ask(&call, |memory, asked| {
            let (now, from) = memory.window(asked)?;
            let count = memory.push(asked, &key(&by)?, Entry::Time, from)?.len();
            memory.whole(asked, from)?;
            Ok(count as f64 / memory.seconds(asked, from, now)?)
        })
    });
    let known = Rc::clone(surroundings);
    engine.register_fn(
        "spike",
        move |call: NativeCallContext, _: Dynamic, _: Dynamic, by: Dynamic, factor: Dynamic| -> Answer<bool> {
            known.ask(&call, |memory, asked| spike(memory, asked, &by, number(&factor)?.float()))
        },
    );
}

fn spike(memory: &mut Memory, asked: Asked, by: &Dynamic, factor: f64) -> Result<bool, String> {
    let (now, recent_from): (Nanos, Nanos) = memory.window(asked)?;
    let before_from = recent_from.saturating_sub(memory.spans(asked)?.1);
    let trail = memory.push(asked, &key(by)?, Entry::Time, before_from)?;
    let recent = trail.since(recent_from);
    let before = trail.len() - recent;
    memory.whole(asked, before_from)?;
    if before == 0 {
        return Ok(false);
    }
    let recent = recent as f64 / memory.seconds(asked, recent_from, now)?;
    let before = before as f64 / memory.seconds(asked, before_from, recent_from)?;
    Ok(recent >= factor * before)
}

fn number(value: &Dynamic) -> Result<Number, String> {
    if let Ok(number) = value.as_int() {
        return Ok(Number::Int(number));
    }
    match value.as_float() {
        Ok(number) if number.abs() <= LARGEST => Ok(Number::Float(number)),
        Ok(_) => Err("a number is too large to be summed".into()),
        Err(_) if value.is_unit() => Err("the number is absent".into()),
        Err(_) => Err("this needs a number".into()),
    }
}

fn sum(trail: &Trail) -> Option<Number> {
    trail.numbers().map(|(_, total)| total.sum())
}

fn avg(trail: &Trail) -> Option<Number> {
    let (entries, total) = trail.numbers()?;
    Some(Number::Float(total.sum().float() / entries.len() as f64))
}

/// The greatest number (`sign` 1) or the least (-1), the later one of equals.
fn best(trail: &Trail, sign: f64) -> Option<Number> {
    let (entries, _) = trail.numbers()?;
    let order = |one: &Number, other: &Number| match (one, other) {
        (Number::Int(one), Number::Int(other)) if sign > 0.0 => one.cmp(other),
        (Number::Int(one), Number::Int(other)) => other.cmp(one),
        _ => (one.float() * sign).total_cmp(&(other.float() * sign)),
    };
    entries.iter().map(|(_, number)| *number).max_by(order)
}
