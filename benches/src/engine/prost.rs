//! Plain prost: envelope and topic message, and nothing else. The yardstick.

use std::hint::black_box;

use super::{Engine, Failure, Hit};
use crate::{stream::Frame, wire};

pub struct Prost;

impl Engine for Prost {
    fn name(&self) -> &'static str {
        "prost-decode"
    }

    fn has_rules(&self) -> bool {
        false
    }

    fn run(&mut self, frames: &[Frame], _: &mut Vec<Hit>) -> Result<(), Failure> {
        for frame in frames {
            black_box(wire::decode(&frame.bytes)?);
        }
        Ok(())
    }
}
