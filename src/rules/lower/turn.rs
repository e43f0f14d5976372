//! In which turn the columns are asked: first those that leave the fewest rules, as events go. Nothing but speed depends on
//! it.

use crate::event::Readings;

/// The turn, and what it goes by.
#[derive(Debug, Default)]
pub(super) struct Turn {
    columns: Vec<usize>,
    /// How many rules each left, of the events that were looked at for it.
    left: Vec<u64>,
    events: usize,
}

impl Turn {
    /// Looks at each of the first events, then at one in so many.
    const FIRST: usize = 32;
    const ONE_IN: usize = 1024;
    /// After so many events, what they said counts half.
    const MEMORY: usize = 1 << 17;

    /// The turn of so many columns for these events. `leaves` tells how many rules a column leaves for an event.
    pub fn of<B: Readings>(
        &mut self,
        events: &B,
        columns: usize,
        leaves: impl Fn(&B::One<'_>, usize) -> u64,
    ) -> &[usize] {
        if self.columns.len() != columns {
            *self = Self { columns: (0..columns).collect(), left: vec![0; columns], events: 0 };
        }
        let count = events.count();
        let first = Self::FIRST.saturating_sub(self.events).min(count);
        let due = first.max(usize::from(self.events % Self::ONE_IN + count >= Self::ONE_IN));
        for event in 0..due {
            let event = events.one(event);
            for (column, left) in self.left.iter_mut().enumerate() {
                *left += leaves(&event, column);
            }
        }
        if due > 0 {
            self.columns.sort_by_key(|column| self.left[*column]);
        }
        self.events += count;
        if self.events >= Self::MEMORY {
            self.events = Self::FIRST;
            self.left.iter_mut().for_each(|left| *left /= 2);
        }
        &self.columns
    }
}
