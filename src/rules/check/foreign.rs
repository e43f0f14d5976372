//! Words of other languages, and what they are here.

/// Functions.
const FUNCTIONS: &[(&str, &str)] = &[
    ("includes", "contains"),
    ("include", "contains"),
    ("has", "contains"),
    ("startswith", "starts_with"),
    ("endswith", "ends_with"),
    ("tolowercase", "to_lower"),
    ("tolower", "to_lower"),
    ("lowercase", "to_lower"),
    ("lower", "to_lower"),
    ("touppercase", "to_upper"),
    ("toupper", "to_upper"),
    ("upper", "to_upper"),
    ("length", "len"),
    ("size", "len"),
    ("isempty", "is_empty"),
    ("match", "regex"),
    ("matches", "regex"),
    ("like", "glob"),
    ("exists", "present"),
    ("defined", "present"),
    ("isset", "present"),
    ("substring", "sub_string"),
    ("substr", "sub_string"),
    ("unique", "distinct"),
    ("average", "avg"),
    ("mean", "avg"),
    ("once", "first_seen"),
    ("new", "first_seen"),
    ("day", "weekday"),
    ("hour", "between"),
    ("hours", "between"),
    ("gethours", "between"),
    ("minute", "between"),
];

/// The function that another language's is here.
pub(super) fn function(name: &str) -> Option<&'static str> {
    let folded = name.to_lowercase();
    FUNCTIONS.iter().find(|(foreign, _)| *foreign == folded).map(|(_, ours)| *ours)
}

/// What to write in the place of another language's function, where that is no function here.
pub(super) fn instead(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "equals" | "eq" | "is" => "Compare with ==.",
        "equalsignorecase" | "iequals" | "casecmp" => {
            "Compare with ==, both in small letters: event.ssid.to_lower() == \"…\"."
        }
        "isnull" | "is_null" | "isnone" | "absent" | "missing" => "Write !present(…).",
        "notempty" | "isnotempty" | "not_empty" | "notnull" => "Write present(…).",
        "format" | "concat" | "join" | "sprintf" => {
            "Put texts and fields together in back-ticks: `Rogue ${event.ssid}`."
        }
        "tostring" | "str" | "string" => "A field in back-ticks is a text: `${event.port}`.",
        "parseint" | "parse_int" | "to_int" | "int" | "number" | "tonumber" | "parse_float" => {
            "A text cannot be made a number: compare it with texts, such as event.port in [\"1\", \"2\"]."
        }
        "any" | "some" | "all" | "every" | "filter" | "map" | "find" => {
            "Go through it with a loop: for value in list { … }."
        }
        "abs" => "Compare with both ends: … < -5 || … > 5.",
        "not" => "Write ! before what is not to hold.",
        "and" => "Write && between conditions.",
        "or" => "Write || between conditions.",
        _ => return None,
    })
}

/// The constant of Tocsin's that another program's is.
pub(super) fn constant(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "cooldown" | "throttle" | "repeat" | "repeat_interval" | "realert" => "REMIND",
        "for" | "duration" | "wait" | "pending" => "HOLD",
        "priority" | "level" | "urgency" => "SEVERITY",
        "kind" | "topic" | "event" | "events" => "ON",
        "timezone" | "time_zone" | "tz" => "ZONE",
        "timeout" | "keep_firing_for" | "expires" | "resolve" | "resolve_for" | "auto_resolve" => "RESOLVE_AFTER",
        "flatline" | "silence" => "SILENT_FOR",
        _ => return None,
    })
}

/// The function or constant of Tocsin's that a function of another program is.
pub(super) fn called(name: &str) -> Option<&'static str> {
    Some(match name.to_lowercase().as_str() {
        "description" | "message" | "text" | "summary" | "details" => "body",
        "name" | "subject" | "headline" => "title",
        "condition" | "match" | "matches" | "check" | "filter" | "trigger" => "when",
        "group_by" | "group" | "identity" => "key",
        "recovered" | "clear" | "cleared" | "until" => "resolved",
        "severity" | "priority" => "const SEVERITY",
        "on" => "const ON",
        _ => return None,
    })
}

/// What to write for a name that other languages have.
pub(super) fn name(name: &str) -> Option<&'static str> {
    match name.to_lowercase().as_str() {
        "true" | "yes" => Some("Write true."),
        "false" | "no" => Some("Write false."),
        "null" | "none" | "nil" | "undefined" => Some("Write () for what is absent, or ask present(…)."),
        _ => None,
    }
}

/// Whether a function of that name would ask for the time, wait or end the program.
pub(super) fn is_refused(name: &str) -> bool {
    matches!(name, "sleep" | "timestamp" | "exit" | "now" | "today" | "time" | "date")
}
