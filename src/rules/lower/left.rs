//! What is left of events and rules when the columns were asked.

/// The events for which rules are left, and which.
#[derive(Debug, Default)]
pub(in crate::rules) struct Left {
    events: Vec<LeftEvent>,
    /// The sets of rules, one after another.
    sets: Vec<u64>,
    /// Columns that could not say, with the event's place: their clauses are to be asked.
    unclear: Vec<(u32, usize)>,
    /// The events under way and what is left of the rules for each: where there are no more than 64, and where more.
    few: Vec<(u32, u64)>,
    many: Vec<u32>,
    /// Where among the sets those of the events under way begin, and how many words each has; 1: they stand in `few`.
    begun: usize,
    width: usize,
    /// The place of the first event under way.
    first: u32,
}

/// An event for which rules are left.
#[derive(Clone, Copy, Debug)]
pub(in crate::rules) struct LeftEvent {
    /// Its place in its frame.
    pub place: u32,
    at: u32,
    width: u32,
}

/// A set of rules: which of the sets of its column.
pub(super) type Set = u32;

/// A column and its sets, each with as many words as all rules need.
#[derive(Clone, Copy)]
pub(super) struct Keep<'c> {
    pub column: usize,
    pub sets: &'c [u64],
}

impl Left {
    pub fn clear(&mut self) {
        self.events.clear();
        self.sets.clear();
        self.unclear.clear();
    }

    /// So many events, the first of them at this place of its frame, each with all rules.
    pub(super) fn begin(&mut self, first: u32, events: usize, all: &[u64]) {
        (self.first, self.begun, self.width) = (first, self.sets.len(), all.len());
        self.few.clear();
        self.many.clear();
        match all {
            [] => {}
            [all] => self.few.extend((0..events as u32).map(|event| (event, *all))),
            _ => {
                self.many.extend(0..events as u32);
                (0..events).for_each(|_| self.sets.extend_from_slice(all));
            }
        }
    }

    /// Keeps of each event's rules those of the set that is told for it, and the events for which there are any. `None`: the
    /// column cannot say. `FEW`: all rules stand in one word.
    #[inline]
    pub(super) fn keep<const FEW: bool>(&mut self, of: Keep, set: impl Fn(usize) -> Option<Set>) {
        if FEW {
            self.keep_few(of, set);
        } else {
            self.keep_many(of, set);
        }
    }

    #[inline]
    fn keep_few(&mut self, Keep { column, sets }: Keep, set: impl Fn(usize) -> Option<Set>) {
        let mut kept = 0;
        for at in 0..self.few.len() {
            let (event, mut rules) = self.few[at];
            match set(event as usize).and_then(|set| sets.get(set as usize)) {
                Some(set) => rules &= set,
                None => self.unclear.push((self.first + event, column)),
            }
            // Without asking whether it is kept, which nobody foresees.
            self.few[kept] = (event, rules);
            kept += usize::from(rules != 0);
        }
        self.few.truncate(kept);
    }

    #[inline]
    fn keep_many(&mut self, Keep { column, sets }: Keep, set: impl Fn(usize) -> Option<Set>) {
        let (width, mut kept) = (self.width, 0);
        for at in 0..self.many.len() {
            let event = self.many[at];
            let (from, to) = (self.begun + at * width, self.begun + kept * width);
            let set = set(event as usize).map(|set| set as usize * width);
            let mut any = 0;
            if let Some(set) = set.and_then(|set| sets.get(set..set + width)) {
                for (word, of) in set.iter().enumerate() {
                    let rules = self.sets[from + word] & of;
                    self.sets[to + word] = rules;
                    any |= rules;
                }
            } else {
                self.unclear.push((self.first + event, column));
                self.sets.copy_within(from..from + width, to);
                any = 1;
            }
            self.many[kept] = event;
            kept += usize::from(any != 0);
        }
        self.many.truncate(kept);
    }

    /// All columns were asked.
    pub(super) fn end(&mut self) {
        let (begun, width) = (self.begun as u32, self.width as u32);
        let event =
            |number: u32, event: u32| LeftEvent { place: self.first + event, at: begun + number * width, width };
        if width == 1 {
            self.events.extend(self.few.iter().zip(0..).map(|((place, _), number)| event(number, *place)));
            self.sets.extend(self.few.iter().map(|(_, rules)| rules));
        } else {
            self.events.extend(self.many.iter().zip(0..).map(|(place, number)| event(number, *place)));
            self.sets.truncate(self.begun + self.many.len() * self.width);
        }
    }

    /// The events for which rules are left, in their order.
    pub fn events(&self) -> &[LeftEvent] {
        &self.events
    }

    /// The rules of one of them, in their order.
    pub(super) fn rules(&self, of: LeftEvent) -> impl Iterator<Item = usize> {
        let set = self.sets.get(of.at as usize..(of.at + of.width) as usize).unwrap_or_default();
        set.iter().enumerate().flat_map(|(number, word)| {
            let mut word = *word;
            std::iter::from_fn(move || {
                let bit = word.trailing_zeros() as usize;
                word &= word.wrapping_sub(1);
                (bit < 64).then_some(number * 64 + bit)
            })
        })
    }

    /// Whether this column could not say of it.
    pub(super) fn is_unclear(&self, of: LeftEvent, column: usize) -> bool {
        self.unclear.contains(&(of.place, column))
    }
}
