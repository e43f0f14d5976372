//! Which rules an event can match at all: each field is asked once, for all rules together.
//!
//! A column is a field. For each stretch of its values it holds the set of the rules that have nothing against it: those
//! whose clauses on that field all hold, and those without one. What is left after all columns can match. Only clauses
//! that stand before anything that remembers and before anything that may be unclear are answered so; the answers are the
//! clauses' own, asked of one value of each stretch when the rules are compiled.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxBuildHasher;

use super::{
    Place,
    condition::{Condition, Constant, Test},
    left::{Keep, Left, Set},
    seen::peek,
    steps::{Floats, Numbers},
    turn::Turn,
};
use crate::event::{Peek, Reading, Readings};

/// At most so many words of sets for the rules of a kind (32 MB). A field that needs more is asked rule by rule.
const MOST: usize = 4 << 20;

/// The rules of one kind by what the fields hold.
#[derive(Debug, Default)]
pub(super) struct Columns {
    /// All rules.
    all: Vec<u64>,
    columns: Vec<(Place, Column)>,
}

/// Which column answers each clause of each rule, if one does.
pub(super) type Answered = Vec<Vec<Option<usize>>>;

impl Columns {
    /// The columns of rules, each with the clauses that may be asked in any order. `is_float` tells of a field whether it
    /// holds numbers with a fraction.
    pub fn of(rules: &[&[Condition]], is_float: impl Fn(Place) -> bool) -> (Self, Answered) {
        let mut clauses: BTreeMap<Place, Clauses> = BTreeMap::new();
        for (rule, of) in rules.iter().enumerate() {
            for condition in *of {
                if let Some(place) = subject(condition) {
                    clauses.entry(place).or_default().entry(rule).or_default().push(condition);
                }
            }
        }
        let mut words = 0;
        let mut columns: Vec<(Place, Column)> = Vec::new();
        for (place, clauses) in clauses {
            let Some(column) = Column::of(rules.len(), &clauses, is_float(place), MOST - words) else { continue };
            words += column.sets.len();
            columns.push((place, column));
        }
        let answers = |condition: &Condition| {
            let place = subject(condition)?;
            columns.iter().position(|(known, _)| *known == place)
        };
        let answered = rules.iter().map(|clauses| clauses.iter().map(answers).collect()).collect();
        let mut all = vec![0; rules.len().div_ceil(64)];
        (0..rules.len()).for_each(|rule| put(&mut all, rule, true));
        (Self { all, columns }, answered)
    }

    /// Looks at events of the kind side by side, column by column, and adds to `left` those for which a rule is left.
    pub fn sift<B: Readings>(&self, events: &B, turn: &mut Turn, left: &mut Left) {
        let columns = turn.of(events, self.columns.len(), |event, number| {
            let (place, column) = &self.columns[number];
            let set = column.look(event, *place).map_or(&*self.all, |set| column.set(set));
            set.iter().map(|word| u64::from(word.count_ones())).sum()
        });
        left.begin(events.first(), events.count(), &self.all);
        for &number in columns {
            // Each in a loop of its own, in which nothing is asked twice.
            if self.all.len() == 1 {
                self.keep::<true, B>(number, events, left);
            } else {
                self.keep::<false, B>(number, events, left);
            }
        }
        left.end();
    }

    fn keep<const FEW: bool, B: Readings>(&self, number: usize, events: &B, left: &mut Left) {
        let (place, column) = &self.columns[number];
        let keep = Keep { column: number, sets: &column.sets };
        let closely = |event| column.look(&events.one(event), *place);
        let Place::Field(field) = place else { return left.keep::<FEW>(keep, closely) };
        if let Some(wholes) = events.wholes(*field) {
            left.keep::<FEW>(keep, |event| match wholes(event) {
                Some(whole) => Some(column.of_whole(whole)),
                None => closely(event),
            });
        } else if let Some(texts) = events.texts(*field).filter(|_| column.is_plain) {
            left.keep::<FEW>(keep, |event| match texts(event) {
                Some(octets) => Some(column.of_text(octets)),
                None => closely(event),
            });
        } else {
            left.keep::<FEW>(keep, closely);
        }
    }

    /// Adds all of them, with all rules.
    pub fn leave_all<B: Readings>(&self, events: &B, left: &mut Left) {
        left.begin(events.first(), events.count(), &self.all);
        left.end();
    }
}

/// The clauses of each rule on one field.
type Clauses<'a> = BTreeMap<usize, Vec<&'a Condition>>;

/// What a field's values say of all rules.
#[derive(Debug)]
struct Column {
    /// Words a set has.
    width: usize,
    /// All sets, one after another.
    sets: Vec<u64>,
    absent: Set,
    truths: [Set; 2],
    numbers: Numbers,
    /// Where the sets of the stretches of whole numbers begin, and those of others.
    of_numbers: Set,
    floats: Option<(Floats, Set)>,
    texts: HashMap<Box<[u8]>, Set, FxBuildHasher>,
    /// No text has U+FFFD, which stands for octets that are not UTF-8: octets that are equal are equal texts.
    is_plain: bool,
    /// Every other text.
    other: Set,
}

impl Column {
    /// `None`: it would need more than so many words.
    fn of(rules: usize, clauses: &Clauses, is_float: bool, most: usize) -> Option<Self> {
        let mut named: BTreeMap<&str, Vec<usize>> = BTreeMap::from([("", clauses.keys().copied().collect())]);
        let (mut numbers, mut floats) = (Vec::new(), Vec::new());
        for (&rule, conditions) in clauses {
            for constant in conditions.iter().flat_map(|condition| constants(condition)) {
                match constant {
                    Constant::Text(text) => named.entry(text).or_default().push(rule),
                    Constant::Int(_) | Constant::Float(_) => {
                        numbers.push((constant.clone(), rule));
                        floats.push((constant.number(), rule));
                    }
                    Constant::Unit | Constant::Bool(_) => {}
                }
            }
        }
        let (numbers, at_numbers) = Numbers::of(&numbers);
        let (floats, at_floats) = Floats::of(if is_float { floats } else { Vec::new() });
        let sets = 4 + named.len() + at_numbers.len() + at_floats.len();
        let width = rules.div_ceil(64);
        if sets.saturating_mul(width) > most {
            return None;
        }
        let unnamed = "x".repeat(named.keys().map(|text| text.len()).max().unwrap_or(0) + 1);
        let mut making = Making { rules, width, clauses, sets: Vec::with_capacity(sets * width) };
        let everyone: Vec<usize> = clauses.keys().copied().collect();
        let absent = making.add(None, &Peek::Absent, &everyone);
        let truths = [false, true].map(|truth| making.add(None, &Peek::Bool(truth), &everyone));
        let other = making.add(None, &Peek::from(&*unnamed), &everyone);
        let texts = named.iter().map(|(text, rules)| {
            let set = making.add(Some(other), &Peek::from(*text), rules);
            (text.as_bytes().into(), set)
        });
        let texts = texts.collect();
        let is_plain = named.keys().all(|text| !text.contains('\u{fffd}'));
        let of_numbers = making.stretches(at_numbers.into_iter().map(|(at, rules)| (Peek::Int(at), rules)));
        let of_floats = making.stretches(at_floats.into_iter().map(|(at, rules)| (Peek::Float(at), rules)));
        let floats = is_float.then_some((floats, of_floats));
        let sets = making.sets;
        Some(Self { width, sets, absent, truths, numbers, of_numbers, floats, texts, is_plain, other })
    }

    /// Which rules have nothing against what the field holds; `None`: it cannot say.
    #[inline(never)]
    fn look<R: Reading>(&self, reading: &R, place: Place) -> Option<Set> {
        Some(match &peek(reading, place) {
            Peek::Absent => self.absent,
            Peek::Bool(truth) => self.truths[usize::from(*truth)],
            Peek::Int(number) => self.of_whole(*number),
            Peek::Float(number) => {
                let (floats, first) = self.floats.as_ref()?;
                first + floats.stretch(*number)? as Set
            }
            Peek::Text(text) => self.of_text(text.as_bytes()),
            Peek::Held(_) => return None,
        })
    }

    #[inline]
    fn of_whole(&self, number: i64) -> Set {
        self.of_numbers + self.numbers.stretch(number) as Set
    }

    #[inline]
    fn of_text(&self, octets: &[u8]) -> Set {
        self.texts.get(octets).copied().unwrap_or(self.other)
    }

    fn set(&self, set: Set) -> &[u64] {
        let at = set as usize * self.width;
        self.sets.get(at..at + self.width).unwrap_or_default()
    }
}

/// The sets of a column, as they are made.
struct Making<'a> {
    rules: usize,
    width: usize,
    clauses: &'a Clauses<'a>,
    sets: Vec<u64>,
}

impl Making<'_> {
    /// Adds the set for a value: as the set `like`, but that these rules are asked.
    fn add(&mut self, like: Option<Set>, value: &Peek, ask: &[usize]) -> Set {
        let at = self.sets.len();
        if let Some(set) = like {
            let from = set as usize * self.width;
            self.sets.extend_from_within(from..from + self.width);
        } else {
            self.sets.resize(at + self.width, 0);
            (0..self.rules).for_each(|rule| put(&mut self.sets[at..], rule, true));
        }
        for rule in ask {
            let holds = self.clauses[rule].iter().all(|clause| clause.holds_of(value));
            put(&mut self.sets[at..], *rule, holds);
        }
        (at / self.width.max(1)) as Set
    }

    /// Adds a set for each stretch, given by one of its values and the rules that may think otherwise than before it.
    fn stretches<'p>(&mut self, stretches: impl Iterator<Item = (Peek<'p>, Vec<usize>)>) -> Set {
        let first = (self.sets.len() / self.width.max(1)) as Set;
        let everyone: Vec<usize> = self.clauses.keys().copied().collect();
        let mut last = None;
        for (value, rules) in stretches {
            last = Some(self.add(last, &value, if last.is_none() { &everyone } else { &rules }));
        }
        first
    }
}

fn put(set: &mut [u64], rule: usize, holds: bool) {
    let bit = 1 << (rule % 64);
    if holds { set[rule / 64] |= bit } else { set[rule / 64] &= !bit }
}

/// The one field that a condition asks about, if a few constants tell all that it can say.
fn subject(condition: &Condition) -> Option<Place> {
    match condition {
        Condition::Test(place, test) => is_told_by_constants(test).then_some(*place),
        Condition::Not(inner) => subject(inner),
        Condition::All(inner) | Condition::Any(inner) => {
            let place = subject(inner.first()?)?;
            inner.iter().all(|one| subject(one) == Some(place)).then_some(place)
        }
        Condition::Always(_) | Condition::Compared(_) | Condition::Recall(_) => None,
    }
}

fn is_told_by_constants(test: &Test) -> bool {
    /// Among whole numbers up to this, what is near a number with a fraction is what it rounds to.
    const MOST: f64 = (1_u64 << 40) as f64;
    let plain = |constant: &Constant| match constant {
        Constant::Float(number) => number.abs() <= MOST, // no NaN either
        _ => true,
    };
    match test {
        Test::Equals(constant) | Test::Differs(constant) => plain(constant),
        Test::Order(_, constant) => plain(constant) && matches!(constant, Constant::Int(_) | Constant::Float(_)),
        Test::OneOf(constants) => constants.iter().all(plain),
        Test::Present => true,
        _ => false,
    }
}

/// The constants that a condition compares with.
fn constants(condition: &Condition) -> Vec<&Constant> {
    match condition {
        Condition::Test(_, Test::Equals(one) | Test::Differs(one) | Test::Order(_, one)) => vec![one],
        Condition::Test(_, Test::OneOf(several)) => several.iter().collect(),
        Condition::Test(..) | Condition::Always(_) | Condition::Compared(_) | Condition::Recall(_) => Vec::new(),
        Condition::Not(inner) => constants(inner),
        Condition::All(inner) | Condition::Any(inner) => inner.iter().flat_map(constants).collect(),
    }
}
