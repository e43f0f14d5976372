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
