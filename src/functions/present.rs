//! Whether there is a value at all.

use rhai::{Array, Dynamic, Engine, Map};

use super::Function;

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "present",
    signature: "present(value)",
    says: "The value is there and not empty.",
    example: "present(event.lan_mac)",
}];

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("present", |value: Dynamic| {
        if value.is_unit() {
            return false;
        }
        let empty = value.as_immutable_string_ref().is_ok_and(|text| text.is_empty())
            || value.read_lock::<Array>().is_some_and(|array| array.is_empty())
            || value.read_lock::<Map>().is_some_and(|map| map.is_empty());
        !empty
    });
}
