//! Sums that are exact, so that they do not depend on where they began.

use serde::{Deserialize, Serialize};

/// A number as an event has it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Number {
    Int(i64),
    /// Finite.
    Float(f64),
}

impl Number {
    /// One text for each number, as [`Given`](super::Given) has it.
    pub fn key(self) -> std::sync::Arc<str> {
        match self {
            Self::Int(number) => format!("n{number}").into(),
            Self::Float(number) => format!("n{}", if number == 0.0 { 0.0 } else { number }).into(),
        }
    }

    /// Whether it is the greater one (`greatest`) or the smaller one of the two, or they are equal.
    pub fn beats(self, other: Self, greatest: bool) -> bool {
        let order = match (self, other) {
            (Self::Int(one), Self::Int(other)) => one.cmp(&other),
            _ => self.float().total_cmp(&other.float()),
        };
        if greatest { order.is_ge() } else { order.is_le() }
    }

    pub fn float(self) -> f64 {
        match self {
            Self::Int(number) => number as f64,
            Self::Float(number) => number,
        }
    }
}

/// The sum of numbers of which some are taken out again.
#[derive(Clone, Debug, Default)]
pub(super) struct Total {
    whole: i64,
    /// How often `whole` went over its end, up or down.
    carry: i64,
    floats: usize,
    /// Floats whose exact sum is the sum of all floats taken in (Shewchuk 1997, growing an expansion).
    parts: Vec<f64>,
}

impl Total {
    pub fn add(&mut self, number: Number) {
        match number {
            Number::Int(number) => {
                let (sum, over) = self.whole.overflowing_add(number);
                self.carry += if over { number.signum() } else { 0 };
                self.whole = sum;
            }
            Number::Float(number) => {
                self.floats += 1;
                grow(&mut self.parts, number);
            }
        }
    }

    /// Takes out a number that was added before.
    pub fn take(&mut self, number: Number) {
        match number {
            Number::Int(number) => {
                let (sum, over) = self.whole.overflowing_sub(number);
                self.carry -= if over { number.signum() } else { 0 };
                self.whole = sum;
            }
            Number::Float(number) => {
                self.floats -= 1;
                grow(&mut self.parts, -number);
            }
        }
    }

    /// A whole number if all are and it fits, else the nearest float to the exact sum.
    pub fn sum(&self) -> Number {
        if self.floats == 0 && self.carry == 0 { Number::Int(self.whole) } else { Number::Float(self.float()) }
    }

    fn float(&self) -> f64 {
        let mut parts = self.parts.clone();
        // 64 bits in two halves that a float holds exactly; a carry stands for 2^64.
        grow(&mut parts, (self.whole >> 32) as f64 * 4_294_967_296.0);
        grow(&mut parts, (self.whole & 0xffff_ffff) as f64);
        grow(&mut parts, self.carry as f64 * 18_446_744_073_709_551_616.0);
        nearest(&parts)
    }
}

/// Adds a number to an expansion without losing a bit. Parts stay ordered by size, and none overlaps another.
fn grow(parts: &mut Vec<f64>, number: f64) {
    let mut rest = number;
    let mut kept = 0;
    for index in 0..parts.len() {
        let (mut large, mut small) = (rest, parts[index]);
        if large.abs() < small.abs() {
            (large, small) = (small, large);
        }
        let high = large + small;
        let low = small - (high - large);
        if low != 0.0 {
            parts[kept] = low;
            kept += 1;
        }
        rest = high;
    }
    parts.truncate(kept);
    if rest != 0.0 {
        parts.push(rest);
    }
}

/// The float nearest to the sum of an expansion; halves go to the even one.
fn nearest(parts: &[f64]) -> f64 {
    let mut rest = parts.iter().rev().copied();
    let Some(mut high) = rest.next() else { return 0.0 };
    let mut low = 0.0;
    for part in rest.by_ref() {
        let before = high;
        high = before + part;
        low = part - (high - before);
        if low != 0.0 {
            break;
        }
    }
    // Halfway between two floats, what follows decides.
    if let Some(next) = rest.next()
        && (low < 0.0 && next < 0.0 || low > 0.0 && next > 0.0)
    {
        let twice = low * 2.0;
        let rounded = high + twice;
        #[allow(clippy::float_cmp)] // exact on purpose
        if rounded - high == twice {
            return rounded;
        }
    }
    high
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_do_not_depend_on_where_they_began() {
        let numbers = [1e16, 0.1, -1e16, 1e-9, 3.5, 0.1, 0.1, 0.1, 7e300];
        for start in 0..numbers.len() {
            let mut long = Total::default();
            let mut short = Total::default();
            for (index, number) in numbers.into_iter().enumerate() {
                long.add(Number::Float(number));
                if index >= start {
                    short.add(Number::Float(number));
                }
            }
            for number in &numbers[..start] {
                long.take(Number::Float(*number));
            }
            assert_eq!(long.sum(), short.sum(), "{start}");
        }
    }

    #[test]
    fn sums_are_the_nearest_to_the_exact_one() {
        let sum = |numbers: &[f64]| {
            let mut total = Total::default();
            for number in numbers {
                total.add(Number::Float(*number));
            }
            total.sum()
        };
        // As a correctly rounding sum has them.
        assert_eq!(sum(&[0.1; 10]), Number::Float(1.0));
        assert_eq!(sum(&[0.1, 0.2]), Number::Float(0.300_000_000_000_000_04));
        assert_eq!(sum(&[1e100, 1.0, -1e100, 1e-100, 1e50, -1.0, -1e50]), Number::Float(1e-100));
    }

    #[test]
    fn whole_numbers_stay_whole_and_never_wrap() {
        let mut total = Total::default();
        total.add(Number::Int(i64::MAX));
        total.add(Number::Int(i64::MAX));
        assert_eq!(total.sum(), Number::Float(18_446_744_073_709_551_614.0));
        total.take(Number::Int(i64::MAX));
        assert_eq!(total.sum(), Number::Int(i64::MAX));
        total.add(Number::Float(0.5));
        total.take(Number::Int(i64::MAX));
        assert_eq!(total.sum(), Number::Float(0.5));
        total.add(Number::Int(i64::MIN));
        total.add(Number::Int(-1));
        total.take(Number::Float(0.5));
        assert_eq!(total.sum(), Number::Float(-9_223_372_036_854_775_809.0));
    }
}
