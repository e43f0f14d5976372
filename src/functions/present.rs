//! Whether there is a value at all.

use rhai::{Array, Dynamic, Engine, Map};

use super::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "present",
    signature: "present(value)",
    gives: Gives::Truth,
    says: "The value is there and not empty.",
    unknown: "An absent field is (), which is not present; nor is an empty text or list. Zero and false are.",
    example: Example::new(
        "security.rogue",
        "present(event.lan_mac)",
        &[(r#"lan_mac = "d8:07:b6:5e:1c:80""#, true), (r#"lan_mac = """#, false), (r#"ssid = "eduroam""#, false)],
    ),
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
