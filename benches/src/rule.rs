//! A rule of the benchmark: four clauses joined by "and", once as data to be written in every language, once by hand.

use crate::wire::{audit::AuditMessage, presence::Rssi, security};

/// What a rule runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    Wids,
    Rogue,
    Audit,
    Rssi,
}

/// The type of a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Type {
    Text,
    Int,
    Bool,
}

impl Kind {
    pub const ALL: [Self; 4] = [Self::Wids, Self::Rogue, Self::Audit, Self::Rssi];

    /// What Tocsin's `ON` says.
    pub fn on(self) -> &'static str {
        match self {
            Self::Wids => "security.wids",
            Self::Rogue => "security.rogue",
            Self::Audit => "audit",
            Self::Rssi => "presence.rssi",
        }
    }

    /// The fields that rules of the mix ask for, in the order of [`crate::wire::Record::values`].
    pub fn fields(self) -> &'static [(&'static str, Type)] {
        use Type::{Bool, Int, Text};
        match self {
            Self::Wids => &[
                ("attack_type", Text),
                ("event_type", Text),
                ("level", Text),
                ("radio_band", Text),
                ("detected_ap", Text),
                ("description", Text),
            ],
            Self::Rogue => &[
                ("rogue_id", Text),
                ("classification", Int),
                ("ssid", Text),
                ("lan_mac", Text),
                ("last_det_device", Text),
                ("encryption", Int),
                ("containment_status", Text),
                ("mac_vendor", Text),
            ],
            Self::Audit => &[
                ("group_name", Text),
                ("client_ip", Text),
                ("username", Text),
                ("data", Text),
                ("detailed_data", Text),
            ],
            Self::Rssi => {
                &[("rssi_val", Int), ("noise_floor", Int), ("associated", Bool), ("age", Int), ("device_id", Text)]
            }
        }
    }
}

/// What a clause asks of its field. Texts are plain ASCII without quotes, so that they read alike in every language.
#[derive(Clone)]
pub enum Test {
    Is(String),
    IsNot(String),
    OneOf(Vec<String>),
    Contains(String),
    StartsWith(String),
    EndsWith(String),
    Equals(i64),
    Above(i64),
    Below(i64),
    Truth(bool),
}

/// One clause.
#[derive(Clone)]
pub struct Clause {
    pub field: &'static str,
    pub test: Test,
}

/// The same condition by hand: what a Rust programmer would have written for this one rule.
pub enum Native {
    Wids(Box<dyn Fn(&security::WidsEvent) -> bool>),
    Rogue(Box<dyn Fn(&security::RogueEvent) -> bool>),
    Audit(Box<dyn Fn(&AuditMessage) -> bool>),
    Rssi(Box<dyn Fn(&Rssi) -> bool>),
}

pub struct Rule {
    pub kind: Kind,
    pub clauses: Vec<Clause>,
    pub native: Native,
}

/// A language that clauses are written in.
pub trait Language {
    /// How the field is named.
    fn field(&self, name: &str) -> String {
        name.to_owned()
    }
    /// How "and" and "or" are written.
    fn and(&self) -> &'static str {
        " && "
    }
    fn or(&self) -> &'static str {
        " || "
    }
    fn differs(&self) -> &'static str {
        "!="
    }
    fn one_of(&self, field: &str, texts: &[String]) -> String {
        let any: Vec<String> = texts.iter().map(|text| format!("{field} == \"{text}\"")).collect();
        format!("({})", any.join(self.or()))
    }
    fn contains(&self, field: &str, text: &str) -> String;
    fn starts_with(&self, field: &str, text: &str) -> String;
    fn ends_with(&self, field: &str, text: &str) -> String;

    /// The condition of a rule.
    fn write(&self, rule: &Rule) -> String {
        let clauses: Vec<String> = rule.clauses.iter().map(|clause| self.clause(clause)).collect();
        clauses.join(self.and())
    }

    fn clause(&self, clause: &Clause) -> String {
        let field = self.field(clause.field);
        match &clause.test {
            Test::Is(text) => format!("{field} == \"{text}\""),
            Test::IsNot(text) => format!("{field} {} \"{text}\"", self.differs()),
            Test::OneOf(texts) => self.one_of(&field, texts),
            Test::Contains(text) => self.contains(&field, text),
            Test::StartsWith(text) => self.starts_with(&field, text),
            Test::EndsWith(text) => self.ends_with(&field, text),
            Test::Equals(number) => format!("{field} == {number}"),
            Test::Above(number) => format!("{field} > {number}"),
            Test::Below(number) => format!("{field} < {number}"),
            Test::Truth(truth) => format!("{field} == {truth}"),
        }
    }
}
