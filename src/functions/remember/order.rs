//! What is new, and what is otherwise than before.

use std::rc::Rc;

use rhai::{Dynamic, Engine, NativeCallContext};

use super::{Answer, Item, Memory, key, memory::Asked, trail::Entry};
use crate::functions::{Function, Surroundings};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "first_seen",
        signature: "first_seen(memory, value)",
        says: "The value did not come to this point within the memory before. \
               At first it learns what is usual, for a day or const LEARN, and cannot tell.",
        example: "first_seen(\"30d\", event.rogue_id)",
    },
    Function {
        name: "changed",
        signature: "changed(memory, by, value)",
        says: "The value differs from the last one that came to this point with this \"by\" within the memory.",
        example: "changed(\"7d\", event.rogue_id, event.ssid)",
    },
    Function {
        name: "previous",
        signature: "previous(memory, by, value)",
        says: "The last value that came to this point with this \"by\" within the memory; () if none did.",
        example: "previous(\"7d\", event.rogue_id, event.classification) == \"SUSPECT_ROGUE\"",
    },
];

pub(super) fn register(engine: &mut Engine, surroundings: &Rc<Surroundings>) {
    let known = Rc::clone(surroundings);
    engine.register_fn("first_seen", move |call: NativeCallContext, _: Dynamic, value: Dynamic| -> Answer<bool> {
        known.ask(&call, |memory, asked| {
            let (_, from) = memory.window(asked)?;
            let key = key(&value)?;
            let seen = memory.last(asked, &key, from)?.is_some();
            memory.push(asked, &key, Entry::Last(Item::Absent), from)?;
            if !seen {
                memory.learned(asked)?;
                memory.whole(asked, from)?;
            }
            Ok(!seen)
        })
    });
    let known = Rc::clone(surroundings);
    engine.register_fn(
        "changed",
        move |call: NativeCallContext, _: Dynamic, by: Dynamic, value: Dynamic| -> Answer<bool> {
            known.ask(&call, |memory, asked| {
                let (before, now) = replace(memory, asked, &by, &value)?;
                Ok(before.is_some_and(|before| before.key() != now.key()))
            })
        },
    );
    let known = Rc::clone(surroundings);
    engine.register_fn(
        "previous",
        move |call: NativeCallContext, _: Dynamic, by: Dynamic, value: Dynamic| -> Answer<Dynamic> {
            known.ask(&call, |memory, asked| {
                let (before, _) = replace(memory, asked, &by, &value)?;
                Ok(before.map_or(Dynamic::UNIT, |before| before.dynamic()))
            })
        },
    );
}

/// The last value under a key, and this one, which is the last from now on. The last is not known if another may have
/// been missed since.
fn replace(memory: &mut Memory, asked: Asked, by: &Dynamic, value: &Dynamic) -> Result<(Option<Item>, Item), String> {
    let (_, from) = memory.window(asked)?;
    let (key, value) = (key(by)?, Item::of(value)?);
    let before = memory.last(asked, &key, from)?;
    memory.push(asked, &key, Entry::Last(value.clone()), from)?;
    memory.whole(asked, before.as_ref().map_or(from, |(at, _)| *at))?;
    Ok((before.map(|(_, item)| item), value))
}
