//! What the scripting rivals have in common: prost decodes, a record becomes whatever the language calls an event, once,
//! and the rules of its kind run on it.

use super::{Engine, Failure, Hit};
use crate::{
    rule::Kind,
    stream::Frame,
    wire::{self, Value},
};

/// A language with its rules compiled.
pub trait Language {
    fn name(&self) -> &'static str;

    /// Runs the rules of a kind on one event, whose values stand in the order of the kind's fields, and says which match.
    fn event(&mut self, kind: Kind, values: &mut Vec<Value<'_>>, hit: &mut dyn FnMut(u32)) -> Result<(), Failure>;
}

/// A scripting rival.
pub struct Scripting<L>(pub L);

impl<L: Language> Engine for Scripting<L> {
    fn name(&self) -> &'static str {
        self.0.name()
    }

    fn run(&mut self, frames: &[Frame], hits: &mut Vec<Hit>) -> Result<(), Failure> {
        for (frame, message) in frames.iter().zip(0_u32..) {
            let decoded = wire::decode(&frame.bytes)?;
            let mut values = Vec::with_capacity(8);
            let mut outcome = Ok(());
            decoded.each(|place, record| {
                if outcome.is_ok() {
                    record.values(&mut values);
                    let mut hit = |rule| hits.push((message, place as u32, rule));
                    outcome = self.0.event(record.kind(), &mut values, &mut hit);
                }
            });
            outcome?;
        }
        Ok(())
    }
}
