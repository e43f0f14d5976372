//! What every checker returns.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How bad a finding is: a rule with an error does not run, one with a warning does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    Error,
    Warning,
}

/// A stretch of text. Lines and columns count from 1, in characters; the end is exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Span {
    pub line: u32,
    pub column: u32,
    pub end_line: u32,
    pub end_column: u32,
}

/// One finding in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Diagnostic {
    /// Stable and short, such as `unknown-field`.
    pub code: String,
    pub severity: Level,
    /// What is wrong, in the operator's words.
    pub message: String,
    /// What to write instead; empty when there is nothing useful to say.
    pub help: String,
    pub span: Span,
    /// What the underline is labelled with; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
}
