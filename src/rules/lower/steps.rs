//! Stretches of numbers over which comparisons with some constants say the same.

use std::collections::BTreeMap;

use super::condition::Constant;

/// A value of each stretch in their order, and the rules that may think otherwise there than in the stretch before.
type Stretches<T> = Vec<(T, Vec<usize>)>;

/// Stretches of whole numbers.
#[derive(Debug)]
pub(super) struct Numbers {
    /// Where each but the first begins, ascending.
    begins: Vec<i64>,
    /// The stretch of each number from one below the first of them to the last, if that is not far.
    table: Vec<u16>,
    /// The first number that the table has, and the last.
    ends: (i64, i64),
}

impl Numbers {
    /// The most numbers that have a table.
    const TABLE: i64 = 4096;

    /// Of constants that rules compare with.
    pub fn of(constants: &[(Constant, usize)]) -> (Self, Stretches<i64>) {
        let mut begins: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        for (constant, rule) in constants {
            // Below it, at it, above it; a number with a fraction lies between two and may be near to either.
            let (first, several) = match constant {
                Constant::Int(number) => (*number, 2),
                other => (other.number().floor() as i64, 3),
            };
            for begin in (0..several).filter_map(|next| first.checked_add(next)) {
                begins.entry(begin).or_default().push(*rule);
            }
        }
        begins.remove(&i64::MIN); // nothing is below it
        let mut numbers = Self { begins: begins.keys().copied().collect(), table: Vec::new(), ends: (0, 0) };
        if let (Some(first), Some(last)) = (numbers.begins.first(), numbers.begins.last())
            && last.checked_sub(*first).is_some_and(|span| span < Self::TABLE)
        {
            numbers.ends = (first - 1, *last);
            numbers.table = (first - 1..=*last).map(|number| numbers.search(number) as u16).collect();
        }
        (numbers, std::iter::once((i64::MIN, Vec::new())).chain(begins).collect())
    }

    #[inline]
    pub fn stretch(&self, number: i64) -> usize {
        // What is beyond the table is as its ends are.
        let (first, last) = self.ends;
        let at = number.max(first).min(last) - first;
        self.table.get(at as usize).map_or_else(|| self.search(number), |stretch| usize::from(*stretch))
    }

    fn search(&self, number: i64) -> usize {
        self.begins.partition_point(|begin| *begin <= number)
    }
}

/// Stretches of numbers with a fraction, without their ends.
#[derive(Debug)]
pub(super) struct Floats {
    /// Ascending.
    bounds: Vec<f64>,
}

impl Floats {
    /// Of numbers that rules compare with.
    pub fn of(mut constants: Vec<(f64, usize)>) -> (Self, Stretches<f64>) {
        constants.sort_by(|(one, _), (other, _)| one.total_cmp(other));
        let mut bounds: Vec<f64> = constants.iter().map(|(bound, _)| *bound).collect();
        bounds.dedup();
        let value = |stretch: usize| match (stretch.checked_sub(1).map(|before| bounds[before]), bounds.get(stretch)) {
            (None, None) => 0.5,
            (None, Some(end)) => end - end.abs() - 1.0,
            (Some(begin), None) => begin + begin.abs() + 1.0,
            (Some(begin), Some(end)) => begin / 2.0 + end / 2.0,
        };
        let rules = |bound: f64| {
            let first = constants.partition_point(|(known, _)| *known < bound);
            constants[first..].iter().take_while(|(known, _)| *known <= bound).map(|(_, rule)| *rule).collect()
        };
        let stretches = (0..=bounds.len()).map(|stretch| {
            (value(stretch), stretch.checked_sub(1).map(|before| rules(bounds[before])).unwrap_or_default())
        });
        let stretches = stretches.collect();
        (Self { bounds }, stretches)
    }

    /// `None` where it is not sure: at a bound, very near to one, or of what is no number.
    pub fn stretch(&self, number: f64) -> Option<usize> {
        // Rhai compares what is very near as if it were equal.
        let near = |bound: &&f64| (number - **bound).abs() <= 8.0 * f64::EPSILON * (bound.abs() + 1.0);
        let stretch = self.bounds.partition_point(|bound| *bound <= number);
        let around = self.bounds.get(stretch.saturating_sub(1)..).unwrap_or_default();
        (number.is_finite() && around.iter().take(2).find(near).is_none()).then_some(stretch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_whole_number_has_a_stretch_of_its_own_only_where_a_constant_is() {
        let (numbers, stretches) = Numbers::of(&[(Constant::Int(5), 0), (Constant::Float(-2.5), 1)]);
        let found: Vec<usize> = [-9, -4, -3, -2, -1, 0, 4, 5, 6, 7].map(|number| numbers.stretch(number)).into();
        assert_eq!(found, [0, 0, 1, 2, 3, 3, 3, 4, 5, 5]);
        assert_eq!(stretches.len(), 6);
        assert_eq!(stretches[4], (5, vec![0]));
    }

    #[test]
    fn the_greatest_number_has_nothing_above_it() {
        let (numbers, stretches) = Numbers::of(&[(Constant::Int(i64::MAX), 0), (Constant::Int(i64::MIN), 1)]);
        assert_eq!(numbers.stretch(i64::MAX), stretches.len() - 1);
        assert_eq!(numbers.stretch(i64::MIN), 0);
        assert_eq!(numbers.stretch(0), 1);
    }

    #[test]
    fn what_is_near_a_bound_is_not_sure() {
        let (floats, stretches) = Floats::of(vec![(3.0, 0), (-1.5, 1), (3.0, 2)]);
        assert_eq!(stretches.len(), 3);
        assert_eq!(stretches[2].1, [0, 2]);
        let found = [-7.0, -1.5, 0.0, 3.0, 3.0 + f64::EPSILON, 3.1, f64::NAN, f64::INFINITY];
        let found = found.map(|number| floats.stretch(number));
        assert_eq!(found, [Some(0), None, Some(1), None, None, Some(2), None, None]);
    }
}
