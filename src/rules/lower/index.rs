//! Which rules an event can match at all: by one equality or one range each.
//!
//! A rule is left out only by a clause that stands before anything that remembers and before anything that may be
//! unclear, so that leaving it out is what evaluating it would come to.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxBuildHasher;

use super::{
    Place, Seen,
    condition::{Condition, Constant, Order, Test},
};
use crate::event::{Peek, Reading};

/// Whole numbers up to this are the same as numbers with a fraction.
const EXACT: i64 = 1 << 53;

/// More entries than this are not worth their memory: their rules are asked every time.
const MOST: usize = 2_000_000;

type Fast<K> = HashMap<K, Vec<u32>, FxBuildHasher>;

/// The rules of one kind, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Index {
    always: Vec<u32>,
    equal: Vec<(Place, Equal)>,
    within: Vec<(Place, Steps)>,
}

/// Rules by what a field equals.
#[derive(Debug, Default)]
struct Equal {
    texts: Fast<Box<str>>,
    numbers: Fast<i64>,
    truths: [Vec<u32>; 2],
    /// All that are found by a whole number. With a number that has a fraction, what is very near counts as equal.
    numbered: Vec<u32>,
}

/// Rules by the range that a number is in.
#[derive(Debug)]
struct Steps {
    /// Ascending.
    bounds: Vec<f64>,
    /// For each stretch between bounds, from below the first to above the last.
    rules: Vec<Vec<u32>>,
    all: Vec<u32>,
}

/// A rule and the range, ends included, that a number must be in.
type Range = (u32, f64, f64);

/// What an equality can be looked up by.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Text(String),
    Number(i64),
    Truth(bool),
}

/// The clause that a rule is found by.
enum Handle {
    /// And which clause it is.
    Equal(Place, Vec<Key>, usize),
    Within(Place, f64, f64),
}

impl Index {
    /// An index of rules, each with the clauses that may be asked in any order; and for each rule the clause that need not
    /// be asked, because being found answers it.
    pub fn of(rules: &[(u32, &[Condition])]) -> (Self, Vec<Option<usize>>) {
        let mut index = Self::default();
        let mut common: BTreeMap<(usize, Key), usize> = BTreeMap::new();
        for (place, keys) in rules.iter().flat_map(|(_, clauses)| clauses.iter().filter_map(equality)) {
            for key in keys {
                *common.entry((number(place), key)).or_default() += 1;
            }
        }
        let mut ranges: BTreeMap<usize, (Place, Vec<Range>)> = BTreeMap::new();
        let mut answered = Vec::with_capacity(rules.len());
        for (rule, clauses) in rules {
            answered.push(None);
            match handle(clauses, &common) {
                Some(Handle::Equal(place, keys, clause)) => {
                    // Of texts only: a number with a fraction is found by what it may be near.
                    if keys.iter().all(|key| matches!(key, Key::Text(_)))
                        && let Some(last) = answered.last_mut()
                    {
                        *last = Some(clause);
                    }
                    index.equal_at(place).add(*rule, keys);
                }
                Some(Handle::Within(place, from, to)) => {
                    ranges.entry(number(place)).or_insert((place, Vec::new())).1.push((*rule, from, to));
                }
                None => index.always.push(*rule),
            }
        }
        for (place, ranges) in ranges.into_values() {
            match Steps::of(&ranges) {
                Some(steps) => index.within.push((place, steps)),
                None => index.always.extend(ranges.iter().map(|(rule, ..)| rule)),
            }
        }
        (index, answered)
    }

    fn equal_at(&mut self, place: Place) -> &mut Equal {
        let at = self.equal.iter().position(|(known, _)| *known == place).unwrap_or_else(|| {
            self.equal.push((place, Equal::default()));
            self.equal.len() - 1
        });
        &mut self.equal[at].1
    }

    /// The rules to be asked about an event, in their order.
    pub fn find<R: Reading>(&self, seen: &Seen<R>, found: &mut Vec<u32>) {
        found.clear();
        found.extend(&self.always);
        for (place, equal) in &self.equal {
            equal.find(&seen.peek(*place), found);
        }
        for (place, steps) in &self.within {
            steps.find(&seen.peek(*place), found);
        }
        found.sort_unstable();
    }
}

impl Equal {
    fn add(&mut self, rule: u32, mut keys: Vec<Key>) {
        keys.sort();
        keys.dedup();
        for key in keys {
            match key {
                Key::Text(text) => self.texts.entry(text.into()).or_default().push(rule),
                Key::Number(number) => {
                    self.numbers.entry(number).or_default().push(rule);
                    if self.numbered.last() != Some(&rule) {
                        self.numbered.push(rule);
                    }
                }
                Key::Truth(truth) => self.truths[usize::from(truth)].push(rule),
            }
        }
    }

    fn find(&self, peek: &Peek, found: &mut Vec<u32>) {
        let rules = match peek {
            Peek::Bool(truth) => Some(&self.truths[usize::from(*truth)]),
            Peek::Int(number) => self.numbers.get(number),
            Peek::Float(_) => Some(&self.numbered),
            Peek::Text(text) => self.texts.get(&**text),
            _ => None,
        };
        found.extend(rules.into_iter().flatten());
    }
}

impl Steps {
    fn of(ranges: &[Range]) -> Option<Self> {
        let mut bounds: Vec<f64> = ranges.iter().flat_map(|(_, from, to)| [*from, *to]).collect();
        bounds.retain(|bound| bound.is_finite());
        bounds.sort_by(f64::total_cmp);
        bounds.dedup();
        let mut rules = Vec::with_capacity(bounds.len() + 1);
        let mut entries = 0;
        for stretch in 0..=bounds.len() {
            // From `begin`, which is in it, to `end`, which is not.
            let begin = stretch.checked_sub(1).map_or(f64::NEG_INFINITY, |before| bounds[before]);
            let end = bounds.get(stretch).copied().unwrap_or(f64::INFINITY);
            let of: Vec<u32> = ranges
                .iter()
                .filter(|(_, from, to)| (*from < end || end.is_infinite()) && *to >= begin)
                .map(|(rule, ..)| *rule)
                .collect();
            entries += of.len();
            if entries > MOST {
                return None;
            }
            rules.push(of);
        }
        Some(Self { bounds, rules, all: ranges.iter().map(|(rule, ..)| *rule).collect() })
    }

    fn find(&self, peek: &Peek, found: &mut Vec<u32>) {
        let number = match peek {
            Peek::Int(number) => *number as f64,
            Peek::Float(number) if number.is_finite() => *number,
            // Rhai has odd answers for these: let the clauses tell.
            Peek::Float(_) => return found.extend(&self.all),
            _ => return,
        };
        let stretch = self.bounds.partition_point(|bound| *bound <= number);
        found.extend(self.rules.get(stretch).into_iter().flatten());
    }
}

/// The clause that tells most: the equality that the fewest rules share, else a range.
fn handle(clauses: &[Condition], common: &BTreeMap<(usize, Key), usize>) -> Option<Handle> {
    let shared = |(place, keys): &(Place, Vec<Key>)| -> usize {
        keys.iter().filter_map(|key| common.get(&(number(*place), key.clone()))).sum()
    };
    let is_truth = |keys: &[Key]| keys.iter().any(|key| matches!(key, Key::Truth(_)));
    let equalities = clauses.iter().enumerate().filter_map(|(clause, condition)| Some((clause, equality(condition)?)));
    let equalities: Vec<_> = equalities.collect();
    let telling = equalities.iter().filter(|(_, (_, keys))| !is_truth(keys)).min_by_key(|(_, found)| shared(found));
    if let Some((clause, (place, keys))) = telling {
        return Some(Handle::Equal(*place, keys.clone(), *clause));
    }
    if let Some((place, from, to)) = range(clauses) {
        return Some(Handle::Within(place, from, to));
    }
    equalities.into_iter().next().map(|(clause, (place, keys))| Handle::Equal(place, keys, clause))
}

fn equality(clause: &Condition) -> Option<(Place, Vec<Key>)> {
    match clause {
        Condition::Test(place, Test::Equals(constant)) => Some((*place, vec![key(constant)?])),
        Condition::Test(place, Test::OneOf(constants)) => {
            Some((*place, constants.iter().map(key).collect::<Option<_>>()?))
        }
        _ => None,
    }
}

fn key(constant: &Constant) -> Option<Key> {
    match constant {
        Constant::Text(text) => Some(Key::Text(text.clone())),
        Constant::Int(number) if number.abs() <= EXACT => Some(Key::Number(*number)),
        Constant::Bool(truth) => Some(Key::Truth(*truth)),
        _ => None,
    }
}

/// The narrowest range that the clauses leave of one field. Bounds count as within: the clauses themselves are exact.
fn range(clauses: &[Condition]) -> Option<(Place, f64, f64)> {
    let mut ranges: Vec<(Place, f64, f64)> = Vec::new();
    for clause in clauses {
        let Condition::Test(place, Test::Order(order, constant)) = clause else { continue };
        let bound = constant.number();
        if bound.is_nan() {
            continue;
        }
        let at = ranges.iter().position(|(known, ..)| known == place).unwrap_or_else(|| {
            ranges.push((*place, f64::NEG_INFINITY, f64::INFINITY));
            ranges.len() - 1
        });
        // What is very near counts as equal where one number has a fraction.
        let about = 4.0 * f64::EPSILON * (bound.abs() + 1.0);
        match order {
            Order::More | Order::AtLeast => ranges[at].1 = ranges[at].1.max(bound - about),
            Order::Less | Order::AtMost => ranges[at].2 = ranges[at].2.min(bound + about),
        }
    }
    let open = |(_, from, to): &(Place, f64, f64)| usize::from(from.is_infinite()) + usize::from(to.is_infinite());
    ranges.into_iter().min_by_key(open)
}

/// A number for each place, to sort by.
fn number(place: Place) -> usize {
    match place {
        Place::Field(place) => place,
        Place::Customer => usize::MAX,
        Place::Msp => usize::MAX - 1,
        Place::Nowhere => usize::MAX - 2,
    }
}
