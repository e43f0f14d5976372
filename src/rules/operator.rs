//! Comparisons as they are written.

/// The operator that says the same with its sides exchanged.
pub(super) fn turned(operator: &str) -> &str {
    match operator {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        same => same,
    }
}

/// The operator, if it compares.
pub(super) fn comparison(operator: &str) -> Option<&'static str> {
    ["==", "!=", "<", "<=", ">", ">="].into_iter().find(|known| *known == operator)
}

/// The comparison that is true where this one is false.
pub(super) fn negated(operator: &str) -> &str {
    match operator {
        "==" => "!=",
        "!=" => "==",
        "<" => ">=",
        "<=" => ">",
        ">" => "<=",
        ">=" => "<",
        same => same,
    }
}
