//! What is new, and what is otherwise than before, as the editor and the manual show it.

use crate::functions::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "first_seen",
        signature: "first_seen(memory, value)",
        gives: Gives::Truth,
        says: "The value did not come to this point within the memory before.",
        unknown: "Seen is seen. What was not is not told apart from what was missed: where Tocsin was not listening for a while within the memory, it cannot tell. Nor can it while it learns what is usual: for the memory, a day at most, or const LEARN, counted from when its topics were first heard. The rule says until when.",
        example: Example::new(
            "audit.configuration",
            r#"event.data.contains("login") && first_seen("30d", event.username)"#,
            &[
                (r#"data = "Admin login", username = "mira""#, true),
                (r#"at = "1d", data = "Admin login", username = "mira""#, false),
                (r#"at = "2d", data = "Admin login", username = "jonas""#, true),
                (r#"at = "32d", data = "Admin login", username = "mira""#, true),
            ],
        ),
    },
    Function {
        name: "changed",
        signature: "changed(memory, by, value)",
        gives: Gives::Truth,
        says: "The value differs from the last one that came to this point with this \"by\" within the memory. False for the first.",
        unknown: "If Tocsin was not listening for a while since the last one, it cannot tell. Nor can it where \"by\" or the value is absent.",
        example: Example::new(
            "security.rogue",
            r#"changed("7d", event.rogue_id, event.ssid)"#,
            &[
                (r#"rogue_id = "d8:07:b6:5e:1c:40", ssid = "free wifi""#, false),
                (r#"at = "1h", rogue_id = "d8:07:b6:5e:1c:40", ssid = "free wifi""#, false),
                (r#"at = "2h", rogue_id = "d8:07:b6:5e:1c:40", ssid = "eduroam""#, true),
            ],
        ),
    },
    Function {
        name: "previous",
        signature: "previous(memory, by, value)",
        gives: Gives::Any,
        says: "The last value that came to this point with this \"by\" within the memory, before this one.",
        unknown: "() if none did. If Tocsin was not listening for a while since, it cannot tell.",
        example: Example::new(
            "monitoring.ap",
            r#"previous("1d", event.serial, event.firmware_version).starts_with("10.5")"#,
            &[
                (r#"serial = "CN01", firmware_version = "10.5.1.0""#, false),
                (r#"at = "1h", serial = "CN01", firmware_version = "10.6.0.0""#, true),
                (r#"at = "2h", serial = "CN01", firmware_version = "10.6.0.0""#, false),
            ],
        ),
    },
];
