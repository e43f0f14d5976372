//! Holding the engines to each other, and timing them in turns.

use std::{
    collections::BTreeSet,
    hint::black_box,
    time::{Duration, Instant},
};

use crate::{
    engine::{Engine, Failure, Hit},
    stream::Frame,
};

/// How long one turn of an engine is meant to last. A fast one goes through the whole stream however long it takes.
const TURN: Duration = Duration::from_millis(300);

/// An engine with its rules, and how long it took.
pub struct Lane {
    pub engine: Box<dyn Engine>,
    /// How many rules it runs; 0 for who runs none.
    pub rules: usize,
    /// How many messages of the stream a turn goes through.
    messages: usize,
    /// Nanoseconds a message, one figure a turn.
    turns: Vec<f64>,
}

impl Lane {
    pub fn new(engine: impl Engine + 'static, rules: usize) -> Self {
        Self::boxed(Box::new(engine), rules)
    }

    pub fn boxed(engine: Box<dyn Engine>, rules: usize) -> Self {
        Self { engine, rules, messages: 0, turns: Vec::new() }
    }

    /// The median of its turns, in nanoseconds a message.
    pub fn nanos(&self) -> f64 {
        let mut turns = self.turns.clone();
        turns.sort_by(f64::total_cmp);
        turns.get(turns.len() / 2).copied().unwrap_or_default()
    }

    /// The fastest and the slowest turn, beside the median.
    pub fn spread(&self) -> (f64, f64) {
        let least = self.turns.iter().copied().fold(f64::INFINITY, f64::min);
        (least, self.turns.iter().copied().fold(0.0, f64::max))
    }

    fn turn(&mut self, frames: &[Frame], hits: &mut Vec<Hit>) -> Result<Duration, Failure> {
        hits.clear();
        let start = Instant::now();
        self.engine.run(frames, hits)?;
        let took = start.elapsed();
        black_box(&hits);
        Ok(took)
    }
}

/// Runs all lanes over the first of the frames.
///
/// # Errors
/// Two of them do not find the same: says which, and the first pairs that they differ in.
pub fn agree(lanes: &mut [Lane], frames: &[Frame]) -> Result<usize, Failure> {
    let mut truth: Option<(&str, BTreeSet<Hit>)> = None;
    let mut wrong = String::new();
    for lane in lanes.iter_mut().filter(|lane| lane.engine.has_rules()) {
        let mut hits = Vec::new();
        lane.engine.run(frames, &mut hits)?;
        let found: BTreeSet<Hit> = hits.iter().copied().collect();
        let name = lane.engine.name();
        if found.len() != hits.len() {
            wrong += &format!("{name} says a pair twice.\n");
        }
        match &truth {
            Some((first, truth)) => {
                let surplus: Vec<&Hit> = found.difference(truth).take(3).collect();
                let lacking: Vec<&Hit> = truth.difference(&found).take(3).collect();
                if found != *truth {
                    let (rules, few, many) = (lane.rules, found.len(), truth.len());
                    wrong += &format!(
                        "{rules} rules: {name} finds {few} matches, {first} {many}. As (message, record, rule), {name} \
                         alone has {surplus:?}, and lacks {lacking:?}.\n"
                    );
                }
            }
            None => truth = Some((name, found)),
        }
    }
    if wrong.is_empty() { Ok(truth.map_or(0, |(_, truth)| truth.len())) } else { Err(wrong.into()) }
}

/// Times all lanes: each in its turn, over and over.
pub fn time(lanes: &mut [Lane], frames: &[Frame], rounds: usize) -> Result<(), Failure> {
    let mut hits = Vec::new();
    for lane in lanes.iter_mut() {
        // How far it comes, after a few messages to warm up.
        let some = &frames[..frames.len().min(200)];
        lane.turn(some, &mut hits)?;
        let each = lane.turn(some, &mut hits)?.as_nanos().max(1) / some.len().max(1) as u128;
        lane.messages = (TURN.as_nanos() / each.max(1)).clamp(100, frames.len() as u128) as usize;
    }
    for _ in 0..rounds {
        for lane in lanes.iter_mut() {
            let frames = &frames[..lane.messages];
            let took = lane.turn(frames, &mut hits)?;
            lane.turns.push(took.as_nanos() as f64 / frames.len() as f64);
        }
    }
    Ok(())
}
