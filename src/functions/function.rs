//! What is written down of a function: the checker, the editor and the manual all read it here.

/// A function, as the editor and the manual show it.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    pub name: &'static str,
    /// With its arguments: `in_list(name, value)`.
    pub signature: &'static str,
    /// What kind of value it gives.
    pub gives: Gives,
    /// What it gives, in a sentence.
    pub says: &'static str,
    /// What it answers of a value that is absent or odd, and of what was not heard.
    pub unknown: &'static str,
    pub example: Example,
}

/// The kind of value that a function gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gives {
    /// True or false.
    Truth,
    /// A whole number.
    Whole,
    /// A number, whole or not.
    Number,
    /// A text, or `()`.
    Text,
    /// A list of texts.
    Texts,
    /// Whatever it was asked about; or `()`.
    Any,
}

impl Gives {
    /// As the manual says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Truth => "true or false",
            Self::Whole => "a whole number",
            Self::Number => "a number",
            Self::Text => "a text, or ()",
            Self::Texts => "a list of texts",
            Self::Any => "any value, or ()",
        }
    }
}

/// A rule that uses a function, and what it says of events. A test runs each.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// The kind of event that the rule looks at.
    pub on: &'static str,
    /// The condition.
    pub clause: &'static str,
    /// What else the rule needs, such as `const ZONE = "Europe/Berlin";`. Often nothing.
    pub also: &'static str,
    /// Lists that it needs, with their entries.
    pub lists: &'static [(&'static str, &'static [&'static str])],
    /// Events one after another, as cases write them, and whether the condition holds.
    pub events: &'static [(&'static str, bool)],
}

impl Example {
    pub(super) const fn new(on: &'static str, clause: &'static str, events: &'static [(&'static str, bool)]) -> Self {
        Self { on, clause, also: "", lists: &[], events }
    }

    pub(super) const fn also(self, also: &'static str) -> Self {
        Self { also, ..self }
    }

    pub(super) const fn lists(self, lists: &'static [(&'static str, &'static [&'static str])]) -> Self {
        Self { lists, ..self }
    }

    /// The whole rule.
    pub fn rule(&self) -> String {
        let also = if self.also.is_empty() { String::new() } else { format!("{}\n", self.also) };
        format!("const ON = \"{}\";\n{also}\nfn when(event) {{\n    {}\n}}\n", self.on, self.clause)
    }
}
