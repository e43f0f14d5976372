//! Ours: from the frame to the outcomes of all rules, as the pipeline does it. Key, title and body of each match are
//! made too, which no rival does.

use std::{collections::BTreeMap, hint::black_box};

use jiff::tz::TimeZone;
use tocsin::{
    decode,
    functions::Lists,
    rules::{Lowering, Outcome, RuleInfo, RuleSet, RuleStatus, RuleText, Sifted},
};

use super::{Engine, Failure, Hit};
use crate::{
    rule::{self, Rule},
    stream::{self, Frame},
};

struct Words;

impl rule::Language for Words {
    fn field(&self, name: &str) -> String {
        format!("event.{name}")
    }
    fn one_of(&self, field: &str, texts: &[String]) -> String {
        format!("{field} in {texts:?}")
    }
    fn contains(&self, field: &str, text: &str) -> String {
        format!("{field}.contains(\"{text}\")")
    }
    fn starts_with(&self, field: &str, text: &str) -> String {
        format!("{field}.starts_with(\"{text}\")")
    }
    fn ends_with(&self, field: &str, text: &str) -> String {
        format!("{field}.ends_with(\"{text}\")")
    }
}

/// The rules as an operator writes them, in files named so that their order is that of the rules.
pub fn texts(rules: &[Rule]) -> Vec<RuleText> {
    let texts = rules.iter().enumerate().map(|(number, rule)| {
        let condition = rule::Language::write(&Words, rule);
        let on = rule.kind.on();
        let text = format!("//! Rule {number}\n\nconst ON = \"{on}\";\n\nfn when(event) {{\n    {condition}\n}}\n");
        RuleText { name: format!("bench/rule-{number:05}"), text, enabled: true }
    });
    texts.collect()
}

pub struct Tocsin {
    name: &'static str,
    set: RuleSet,
    sifted: Sifted,
}

impl Tocsin {
    pub fn new(name: &'static str, rules: &[Rule]) -> Result<Self, Failure> {
        let set = RuleSet::compile(&texts(rules), Lists::default(), TimeZone::UTC, None);
        // The clause that never holds contradicts others of some rules, and is there to do so.
        let wrong = |info: &&RuleInfo| {
            info.status != RuleStatus::Running || info.diagnostics.iter().any(|finding| finding.code != "contradiction")
        };
        match set.rules().iter().find(wrong) {
            Some(info) => Err(format!("{}: {:?}", info.name, info.diagnostics).into()),
            None => Ok(Self { name, set, sifted: Sifted::default() }),
        }
    }

    /// Every rule through plain Rhai.
    pub fn unlowered(name: &'static str, rules: &[Rule]) -> Result<Self, Failure> {
        let Self { set, sifted, .. } = Self::new(name, rules)?;
        Ok(Self { name, set: set.in_plain_rhai(), sifted })
    }

    /// Why rules are not lowered whole, and how many of them for that reason.
    pub fn not_lowered(&self) -> BTreeMap<String, usize> {
        let mut reasons = BTreeMap::new();
        for info in self.set.rules() {
            let reason = match &info.lowering {
                Lowering::Whole => continue,
                Lowering::Part(reason) | Lowering::None(reason) => reason.clone(),
                Lowering::Unknown => "never looked at".to_owned(),
            };
            *reasons.entry(reason).or_default() += 1;
        }
        reasons
    }
}

impl Engine for Tocsin {
    fn name(&self) -> &'static str {
        self.name
    }

    fn run(&mut self, frames: &[Frame], hits: &mut Vec<Hit>) -> Result<(), Failure> {
        for (frame, message) in frames.iter().zip(0_u32..) {
            let received = stream::received(message as usize);
            let look = decode::look(Some(frame.topic), u64::from(message), received, &frame.bytes)?;
            self.set.sift(look.runs(), &mut self.sifted);
            for left in self.sifted.left() {
                let Some(record) = look.glance(left.place()) else { return Err("a record is gone".into()) };
                for outcome in self.set.evaluate_left(&record, &self.sifted, left, received) {
                    match outcome {
                        Outcome::Match { rule, .. } => hits.push((message, left.place(), rule as u32)),
                        other => return Err(format!("a rule did not answer: {other:?}").into()),
                    }
                }
            }
        }
        Ok(())
    }
}

/// Only what happens before the rules: frames looked at, records found and checked.
pub struct Look;

impl Engine for Look {
    fn name(&self) -> &'static str {
        "tocsin-look"
    }

    fn has_rules(&self) -> bool {
        false
    }

    fn run(&mut self, frames: &[Frame], _: &mut Vec<Hit>) -> Result<(), Failure> {
        for (frame, message) in frames.iter().zip(0_u32..) {
            let received = stream::received(message as usize);
            black_box(decode::look(Some(frame.topic), u64::from(message), received, &frame.bytes)?.len());
        }
        Ok(())
    }
}

/// Frames to whole events, as the window and the export want them.
pub struct Decode;

impl Engine for Decode {
    fn name(&self) -> &'static str {
        "tocsin-decode"
    }

    fn has_rules(&self) -> bool {
        false
    }

    fn run(&mut self, frames: &[Frame], _: &mut Vec<Hit>) -> Result<(), Failure> {
        for (frame, message) in frames.iter().zip(0_u32..) {
            let received = stream::received(message as usize);
            black_box(decode::frame(Some(frame.topic), u64::from(message), received, &frame.bytes)?);
        }
        Ok(())
    }
}
