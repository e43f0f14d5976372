//! Reading a TOML table key by key, with a finding for each mistake.

use std::ops::Range;

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use crate::{
    diagnostic::{Diagnostic, Level, Span},
    rules::words,
};

/// A value and where it stands.
pub(super) type Value<'i> = Spanned<DeValue<'i>>;

/// A file that is being read.
pub(super) struct Source<'t> {
    text: &'t str,
    pub findings: Vec<Diagnostic>,
}

impl<'t> Source<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, findings: Vec::new() }
    }

    /// Notes a mistake.
    pub fn error(&mut self, code: &str, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.finding(Level::Error, code, at, message.into(), help.into());
    }

    /// Notes what is no mistake and does nothing: the case runs.
    pub fn warning(&mut self, code: &str, at: Range<usize>, message: impl Into<String>, help: impl Into<String>) {
        self.finding(Level::Warning, code, at, message.into(), help.into());
    }

    fn finding(&mut self, severity: Level, code: &str, at: Range<usize>, message: String, help: String) {
        let (code, span) = (code.into(), self.span(at));
        self.findings.push(Diagnostic { code, severity, message, help, span, label: String::new() });
    }

    /// How many mistakes there are so far.
    pub fn mistakes(&self) -> usize {
        self.findings.iter().filter(|finding| finding.severity == Level::Error).count()
    }

    /// What the reader of TOML says of it.
    pub fn no_toml(&mut self, error: &toml::de::Error) {
        let message = format!("This is no TOML: {}.", error.message().trim_end_matches('.'));
        self.error("syntax", error.span().unwrap_or_default(), message, "");
    }

    /// A key that means nothing here.
    pub fn unknown(&mut self, key: &Spanned<impl AsRef<str>>, known: &[&str]) {
        let name = key.get_ref().as_ref();
        let help = words::suggest(words::nearest(name, known.iter().copied()), format!("Known: {}.", known.join(", ")));
        self.error("unknown-key", key.span(), format!("\"{}\" means nothing here.", name.escape_debug()), help);
    }

    fn wrong(&mut self, value: &Value<'_>, wanted: &str, help: &str) {
        let message = format!("This is to be {wanted}, not {}.", kind_of(value.get_ref()));
        self.error("wrong-type", value.span(), message, help);
    }

    /// A text.
    pub fn text<'v>(&mut self, value: &'v Value<'_>, help: &str) -> Option<&'v str> {
        let text = value.get_ref().as_str();
        if text.is_none() {
            self.wrong(value, "a text", help);
        }
        text
    }

    /// An array.
    pub fn array<'v, 'i>(&mut self, value: &'v Value<'i>, help: &str) -> Option<&'v [Value<'i>]> {
        let items = value.get_ref().as_array();
        if items.is_none() {
            self.wrong(value, "an array", help);
        }
        items.map(|items| &**items)
    }

    /// A table.
    pub fn table<'v, 'i>(&mut self, value: &'v Value<'i>, help: &str) -> Option<&'v DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(value, "a table", help);
        }
        table
    }

    /// The line of a place, from 1.
    pub fn line(&self, at: usize) -> u32 {
        self.span(at..at).line
    }

    /// Lines and columns of a stretch.
    pub fn span(&self, at: Range<usize>) -> Span {
        let place = |at: usize| {
            let before = &self.text[..self.text.floor_char_boundary(at.min(self.text.len()))];
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
            (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column).unwrap_or(u32::MAX))
        };
        let ((line, column), (end_line, end_column)) = (place(at.start), place(at.end));
        Span { line, column, end_line, end_column }
    }
}

/// What a value is, in words.
pub(super) fn kind_of(value: &DeValue<'_>) -> &'static str {
    match value {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a number with a fraction",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date or time",
        DeValue::Array(_) => "an array",
        DeValue::Table(_) => "a table",
    }
}
