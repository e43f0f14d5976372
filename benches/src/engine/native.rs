//! Every rule as a Rust closure written by hand over prost's structs: what no language that is loaded at run time can
//! hope for without an index.

use super::{Engine, Failure, Hit};
use crate::{
    rule::{self, Rule},
    stream::Frame,
    wire::{self, Record},
};

/// A rule's place and its condition.
type Place<T> = (u32, Box<dyn Fn(&T) -> bool>);

/// Rules by kind, in the order of [`Record`].
#[derive(Default)]
pub struct Native {
    wids: Vec<Place<wire::security::WidsEvent>>,
    rogue: Vec<Place<wire::security::RogueEvent>>,
    audit: Vec<Place<wire::audit::AuditMessage>>,
    rssi: Vec<Place<wire::presence::Rssi>>,
}

impl Native {
    pub fn new(rules: Vec<Rule>) -> Self {
        let mut engine = Self::default();
        for (rule, place) in rules.into_iter().zip(0..) {
            match rule.native {
                rule::Native::Wids(native) => engine.wids.push((place, native)),
                rule::Native::Rogue(native) => engine.rogue.push((place, native)),
                rule::Native::Audit(native) => engine.audit.push((place, native)),
                rule::Native::Rssi(native) => engine.rssi.push((place, native)),
            }
        }
        engine
    }
}

fn each<T>(rules: &[Place<T>], record: &T, mut hit: impl FnMut(u32)) {
    rules.iter().filter(|(_, holds)| holds(record)).for_each(|(rule, _)| hit(*rule));
}

impl Engine for Native {
    fn name(&self) -> &'static str {
        "native"
    }

    fn run(&mut self, frames: &[Frame], hits: &mut Vec<Hit>) -> Result<(), Failure> {
        for (frame, message) in frames.iter().zip(0_u32..) {
            wire::decode(&frame.bytes)?.each(|place, record| {
                let hit = |rule| hits.push((message, place as u32, rule));
                match record {
                    Record::Wids(wids) => each(&self.wids, wids, hit),
                    Record::Rogue(rogue) => each(&self.rogue, rogue, hit),
                    Record::Audit(audit) => each(&self.audit, audit, hit),
                    Record::Rssi(rssi) => each(&self.rssi, rssi, hit),
                }
            });
        }
        Ok(())
    }
}
