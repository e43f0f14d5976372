//! What is new, and what is otherwise than before, as the editor and the manual show it.

use crate::functions::Function;

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
