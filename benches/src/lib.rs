//! The engine beside its rivals, on one stream and one set of rules. `cargo xtask bench` runs it.

#![allow(
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    clippy::doc_markdown,
    reason = "nobody else calls this"
)]
#![allow(
    clippy::format_push_string,
    clippy::too_many_lines,
    clippy::single_match_else,
    clippy::struct_field_names,
    reason = "a benchmark is read from top to bottom"
)]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "figures")]

pub mod engine;
pub mod measure;
pub mod mix;
pub mod report;
pub mod rule;
pub mod stream;
pub mod wire;
