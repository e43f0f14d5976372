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

impl Span {
    /// Whether another stands within this one.
    pub fn holds(self, other: Self) -> bool {
        (self.line, self.column) <= (other.line, other.column)
            && (other.end_line, other.end_column) <= (self.end_line, self.end_column)
    }
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

impl Diagnostic {
    /// The finding as a compiler shows it: where, the line itself, an underline, what to write instead.
    ///
    /// ```text
    /// error[unknown-field]: security.rogue has no field "ssidd".
    ///   --> rules/security/imitation.rhai:4:26
    ///    |
    ///  4 | fn when(event)  { event.ssidd == "eduroam" }
    ///    |                         ^^^^^
    ///    = help: Did you mean ssid?
    /// ```
    pub fn picture(&self, file: &str, text: &str) -> String {
        let level = match self.severity {
            Level::Error => "error",
            Level::Warning => "warning",
        };
        let number = self.span.line.to_string();
        let margin = " ".repeat(number.len().max(2));
        let mut picture = vec![
            format!("{level}[{}]: {}", self.code, self.message),
            format!("{margin}--> {file}:{number}:{}", self.span.column),
        ];
        let line = self.span.line as usize;
        let line = text.trim_start_matches('\u{feff}').split('\n').nth(line.saturating_sub(1));
        if let Some(line) = line.map(|line| line.trim_end_matches('\r')).filter(|line| !line.trim().is_empty()) {
            let start = (self.span.column as usize).saturating_sub(1);
            let length = line.chars().count();
            let end = if self.span.end_line > self.span.line {
                length
            } else {
                (self.span.end_column as usize).saturating_sub(1)
            };
            // As a terminal shows it wherever it is printed: a tab is one place wide.
            let shown = line.replace('\t', " ");
            let before = " ".repeat(start);
            let underline = "^".repeat(end.saturating_sub(start).clamp(1, length.saturating_sub(start).max(1)));
            let label = if self.label.is_empty() { String::new() } else { format!(" {}", self.label) };
            picture.push(format!("{margin} |"));
            picture.push(format!("{number:>width$} | {shown}", width = margin.len()));
            picture.push(format!("{margin} | {before}{underline}{label}"));
        }
        if !self.help.is_empty() {
            picture.push(format!("{margin} = help: {}", self.help));
        }
        picture.push(String::new());
        picture.join("\n")
    }
}
