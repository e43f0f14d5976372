//! The fewest of some events that still do what all of them do.

/// How often it is tried with fewer.
const TRIES: usize = 500;

/// Those of them without which it no longer `does`, and whether that is known: it is not, if it took too many tries, or
/// `is_over` said so. All of them must do it.
pub fn fewest<T: Clone>(
    all: Vec<T>,
    mut does: impl FnMut(&[T]) -> bool,
    mut is_over: impl FnMut() -> bool,
) -> (Vec<T>, bool) {
    let mut left = all;
    let mut tries = 0;
    // First half of them at a time, then a quarter, and in the end each by itself, until none can be left out.
    let mut size = (left.len() / 2).max(1);
    loop {
        let (mut at, mut fewer_now) = (0, false);
        while at < left.len() && left.len() > 1 {
            if tries == TRIES || is_over() {
                return (left, false);
            }
            let mut fewer = left.clone();
            fewer.drain(at..(at + size).min(left.len()));
            tries += 1;
            if !fewer.is_empty() && does(&fewer) {
                (left, fewer_now) = (fewer, true);
            } else {
                at += size;
            }
        }
        match size {
            1 if !fewer_now => return (left, true),
            1 => {}
            _ => size /= 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_of_what_is_left_can_be_left_out() {
        for needed in [vec![0], vec![199], vec![3, 50, 51, 198], (0..40).map(|one| one * 5).collect()] {
            let does = |some: &[i32]| needed.iter().all(|one| some.contains(one));
            assert_eq!(fewest((0..200).collect(), does, || false), (needed.clone(), true));
        }
        // What is needed may hang on what else is there.
        let even = |some: &[i32]| some.len().is_multiple_of(2);
        assert_eq!(fewest((0..10).collect(), even, || false).0.len(), 2);
        assert_eq!(fewest(vec![7], |_| true, || false), (vec![7], true));
    }

    #[test]
    fn it_ends_in_time_and_says_that_it_may_be_more() {
        let mut asked = 0;
        let is_over = || {
            asked += 1;
            asked > 3
        };
        let (left, known) = fewest((0..200).collect(), |some: &[i32]| some.contains(&0), is_over);
        assert!(!known && left.len() < 200 && left.contains(&0), "{left:?}");
        let all = (0..200).collect::<Vec<_>>();
        assert_eq!(fewest(all.clone(), |_| false, || true), (all, false));
        // All are needed: that takes more tries than there are.
        let all = (0..600).collect::<Vec<_>>();
        let (left, known) = fewest(all.clone(), |some: &[i32]| some.len() == 600, || false);
        assert_eq!((left, known), (all, false));
    }
}
