//! Rhai, set up so that a rule means what it says and can do no harm.

use std::{
    cell::Cell,
    collections::{HashMap, HashSet},
    rc::Rc,
    time::Duration,
};

use rhai::{
    Array, Dynamic, Engine, ImmutableString, Map, OptimizationLevel,
    packages::{BasicIteratorPackage, BasicStringPackage, LogicPackage, MoreStringPackage, Package},
};

use super::record;
use crate::{
    clock::Clock,
    functions::{self, Surroundings},
};

/// The longest text of a rule, in bytes.
pub const LONGEST_RULE: usize = 64 * 1024;
/// Operations that one function of a rule may take for one event.
pub const OPERATIONS: u64 = 20_000;
/// The last breaker, for what operations do not measure. Not deterministic, so far above what they allow.
const DEADLINE: Duration = Duration::from_secs(2);
/// The longest text, in bytes: above the longest field that decoding lets through, and above a whole list, since Rhai
/// counts the texts of an array together.
const TEXT: usize = 2 * 1024 * 1024;
const ARRAY: usize = 50_000;
const MAP: usize = 1_000;
/// How deep functions may call each other, and how deep expressions may be nested, outside and inside of functions. Each
/// `&&` and `||` in a row counts as one. Together they keep the deepest rule of a debug build within [`super::room`].
pub(super) const CALLS: usize = 8;
const DEPTH: (usize, usize) = (128, 128);

/// Words of Rhai that a rule has no use for or could do harm with.
pub(super) const DISABLED: [&str; 5] = ["eval", "print", "debug", "import", "export"];

/// Functions by name, with how many values they take: that of which they are asked counts as well.
pub(super) type Natives = HashMap<String, HashSet<usize>>;

/// An engine and its stopwatch.
pub(super) struct Host {
    pub engine: Engine,
    clock: Clock,
    /// When the call under way began, by `clock`.
    began: Rc<Cell<Duration>>,
}

impl Host {
    pub fn new(surroundings: &Rc<Surroundings>) -> Self {
        let clock = Clock::system();
        let began = Rc::new(Cell::new(clock.elapsed()));
        let mut engine = Engine::new_raw();
        // "Simple" changes what a rule means, "full" runs functions while compiling.
        engine.set_optimization_level(OptimizationLevel::None);
        // Not the core package (it sleeps and exits), not arrays (sort and dedup escape every limit), not time.
        BasicStringPackage::new().register_into_engine(&mut engine);
        MoreStringPackage::new().register_into_engine(&mut engine);
        BasicIteratorPackage::new().register_into_engine(&mut engine);
        LogicPackage::new().register_into_engine(&mut engine);
        for word in DISABLED {
            engine.disable_symbol(word);
        }
        engine.set_allow_anonymous_fn(false);
        engine.set_max_operations(OPERATIONS);
        engine.set_max_call_levels(CALLS);
        engine.set_max_expr_depths(DEPTH.0, DEPTH.1);
        engine.set_max_string_size(TEXT);
        engine.set_max_array_size(ARRAY);
        engine.set_max_map_size(MAP);
        engine.set_max_variables(200);
        engine.set_max_functions(100);
        engine.set_max_modules(0);
        arrays(&mut engine);
        record::register(&mut engine);
        functions::register(&mut engine, surroundings);
        constants(&mut engine, surroundings);
        #[cfg(test)]
        engine.register_fn("panics_in_tests", || -> bool { panic!("as a test wants") });
        let since = Rc::clone(&began);
        engine.on_progress(move |operations| {
            (operations % 64 == 0 && clock.elapsed().saturating_sub(since.get()) > DEADLINE).then_some(Dynamic::UNIT)
        });
        Self { engine, clock, began }
    }

    /// The functions that a rule may call, Rhai's and ours.
    pub fn natives(&self) -> Natives {
        let mut natives = Natives::new();
        for signature in self.engine.gen_fn_signatures(true) {
            if let Some((name, rest)) = signature.split_once('(') {
                natives.entry(name.trim().to_owned()).or_default().insert(values(rest));
            }
        }
        natives
    }

    /// Starts the stopwatch: to be said before each call.
    pub fn begin(&self) {
        self.began.set(self.clock.elapsed());
    }
}

/// How many values stand before the bracket that closes a signature.
fn values(signature: &str) -> usize {
    let (mut depth, mut commas, mut any) = (0_u32, 0, false);
    for character in signature.chars() {
        match character {
            ')' if depth == 0 => break,
            '(' | '[' | '<' => depth += 1,
            ')' | ']' | '>' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => commas += 1,
            _ => {}
        }
        any |= !character.is_whitespace();
    }
    if any { commas + 1 } else { 0 }
}

/// Constants of a script are not visible in its functions: resolve them there.
fn constants(engine: &mut Engine, surroundings: &Rc<Surroundings>) {
    let known = Rc::clone(surroundings);
    #[allow(deprecated)] // Rhai marks what may change so; its version is pinned
    engine.on_var(move |name, index, context| {
        if index > 0 {
            return Ok(None); // a variable of the function itself
        }
        let rule = context.tag().as_int().ok().and_then(|tag| usize::try_from(tag).ok());
        let rules = known.rules.borrow();
        let constants = rule.and_then(|rule| rules.get(rule)).map(|rule| &rule.constants);
        Ok(constants.and_then(|all| all.iter().find(|(known, _)| known == name)).map(|(_, value)| value.clone()))
    });
}

/// The little that rules ask of arrays: `in`, `contains`, `==`, `len`, `is_empty`; and of maps, whether they have a key.
fn arrays(engine: &mut Engine) {
    engine.register_fn("contains", |array: &mut Array, value: Dynamic| array.iter().any(|entry| same(entry, &value)));
    engine.register_fn("contains", |map: &mut Map, key: ImmutableString| map.contains_key(key.as_str()));
    engine.register_fn("==", |one: &mut Array, other: Array| all_same(one, &other));
    engine.register_fn("!=", |one: &mut Array, other: Array| !all_same(one, &other));
    engine.register_fn("len", |array: &mut Array| array.len() as i64);
    engine.register_get("len", |array: &mut Array| array.len() as i64);
    engine.register_fn("is_empty", |array: &mut Array| array.is_empty());
    engine.register_get("is_empty", |array: &mut Array| array.is_empty());
}

/// What `==` says of plain values: a text is no number, a whole number may equal another.
fn same(one: &Dynamic, other: &Dynamic) -> bool {
    if one.is_unit() || other.is_unit() {
        return one.is_unit() && other.is_unit();
    }
    if let (Ok(one), Ok(other)) = (one.as_immutable_string_ref(), other.as_immutable_string_ref()) {
        return *one == *other;
    }
    if let (Some(one), Some(other)) = (one.read_lock::<Array>(), other.read_lock::<Array>()) {
        return all_same(&one, &other);
    }
    match (one.as_int(), other.as_int()) {
        (Ok(one), Ok(other)) => return one == other,
        (Ok(one), Err(_)) => return other.as_float().is_ok_and(|other| is_whole(other, one)),
        (Err(_), Ok(other)) => return one.as_float().is_ok_and(|one| is_whole(one, other)),
        (Err(_), Err(_)) => {}
    }
    match (one.as_float(), other.as_float()) {
        #[allow(clippy::float_cmp)] // as `==` does
        (Ok(one), Ok(other)) => one == other,
        _ => one.as_bool().is_ok_and(|one| other.as_bool() == Ok(one)),
    }
}

fn all_same(one: &[Dynamic], other: &[Dynamic]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
}

#[allow(clippy::float_cmp)] // as `==` does
fn is_whole(float: f64, whole: i64) -> bool {
    float == whole as f64
}
