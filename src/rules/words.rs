//! The words of the language of rules, and the nearest good one to a bad one.

/// A constant that means something to Tocsin, as the editor and the manual show it.
#[derive(Clone, Copy, Debug)]
pub struct Constant {
    pub name: &'static str,
    /// What it does, in a sentence.
    pub says: &'static str,
    pub example: &'static str,
}

/// The constants a rule may set.
pub const CONSTANTS: &[Constant] = &[
    Constant {
        name: "ON",
        says: "Which events the rule looks at: a kind, a topic, or a list of them.",
        example: "const ON = \"security.rogue\";",
    },
    Constant {
        name: "SEVERITY",
        says: "How bad it is: info, warning or critical. Warning unless said.",
        example: "const SEVERITY = \"critical\";",
    },
    Constant {
        name: "HOLD",
        says: "How long it must last before the alert fires. At once unless said.",
        example: "const HOLD = \"5m\";",
    },
    Constant {
        name: "RESOLVE_AFTER",
        says: "How long after its last match an alert is over: 15 minutes unless said; with fn resolved, never unless said.",
        example: "const RESOLVE_AFTER = \"30m\";",
    },
    Constant {
        name: "REMIND",
        says: "After how long the alert speaks again while it lasts: one duration, or a list of which the last repeats.",
        example: "const REMIND = [\"10m\", \"1h\"];",
    },
    Constant {
        name: "SILENT_FOR",
        says: "Fires when something was not heard for so long: fn when then says which events count as heard, and the alert is over at the next one.",
        example: "const SILENT_FOR = \"15m\";",
    },
    Constant {
        name: "FORGET_AFTER",
        says: "How long after it was last heard a rule with SILENT_FOR stops waiting for something: 7 days unless said.",
        example: "const FORGET_AFTER = \"30d\";",
    },
    Constant {
        name: "ZONE",
        says: "The time zone of between and weekday in this rule; the operator's unless said.",
        example: "const ZONE = \"Europe/Berlin\";",
    },
    Constant {
        name: "LEARN",
        says: "How long first_seen learns what is usual after Tocsin began to listen: its memory, at most a day, unless said.",
        example: "const LEARN = \"6h\";",
    },
];

/// The functions of a rule that Tocsin calls with the event.
pub(super) const CALLED: [&str; 6] = ["remember", "when", "key", "title", "body", "resolved"];

/// The function of a rule with `SILENT_FOR` that says which keys are to be heard. It takes nothing.
pub(super) const EXPECTED: &str = "expected";

/// The nearest of the known names, if one is near enough to be meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    known
        .into_iter()
        .map(|known| (strsim::normalized_damerau_levenshtein(&folded, &known.to_lowercase()), known))
        .filter(|(likeness, _)| *likeness >= 0.6)
        .max_by(|one, other| one.0.total_cmp(&other.0).then_with(|| other.1.cmp(one.1)))
        .map(|(_, known)| known)
}

/// Whether a name is so near to another that it is surely meant for it.
pub(super) fn is_slip(name: &str, meant: &str) -> bool {
    name != meant && strsim::normalized_damerau_levenshtein(&name.to_lowercase(), &meant.to_lowercase()) >= 0.75
}

/// "Did you mean …?" where something is near, else the given words.
pub(crate) fn suggest(near: Option<&str>, otherwise: impl Into<String>) -> String {
    near.map_or_else(|| otherwise.into(), |near| format!("Did you mean {near}?"))
}
