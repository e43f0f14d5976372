//! What each function that remembers answers, and what it leaves behind.

use std::sync::Arc;

use super::{
    Nanos,
    given::Given,
    item::Item,
    memory::{Caller, Memory},
    total::Number,
    trail::Entry,
};

/// Which function is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Asks {
    Count,
    Distinct,
    Sum,
    Avg,
    Min,
    Max,
    Rate,
    Spike,
    FirstSeen,
    Changed,
    Previous,
    Mark,
    Marked,
}

impl Asks {
    /// The function of that name, if it remembers.
    pub fn named(function: &str) -> Option<Self> {
        Some(match function {
            "count" => Self::Count,
            "distinct" => Self::Distinct,
            "sum" => Self::Sum,
            "avg" => Self::Avg,
            "min" => Self::Min,
            "max" => Self::Max,
            "rate" => Self::Rate,
            "spike" => Self::Spike,
            "first_seen" => Self::FirstSeen,
            "changed" => Self::Changed,
            "previous" => Self::Previous,
            "mark" => Self::Mark,
            "marked" => Self::Marked,
            _ => return None,
        })
    }
}

impl Memory {
    /// Evaluates a call that remembers, for the event that [`Memory::begin`] spoke of: what it answers, or why it
    /// cannot tell. This is the one door for whoever evaluates rules.
    ///
    /// `given` is what was evaluated of the call's arguments, in their order, without its durations and without a
    /// mark's name: those are literals and known already. So `count`, `rate`, `first_seen`, `mark` and `marked` are
    /// given one (`by` or `value`), `spike` two (`by`, `factor`), the others two (`by`, `value`).
    ///
    /// An event leaves one entry: asked again within an event with the same arguments, a call answers what it did the
    /// first time.
    ///
    /// # Errors
    /// Why it cannot tell, as a sentence.
    pub fn answer(&mut self, caller: Caller, given: &[Given<'_>]) -> Result<Item, String> {
        let asks = self.asks(caller)?;
        let answer = self.once(caller, asks, given);
        answer.map_err(|reason| {
            if reason.ends_with('.') {
                return reason;
            }
            format!("{} cannot tell: {reason}.", self.function(caller))
        })
    }

    /// Answers, if it was not asked the same within this event.
    fn once(&mut self, caller: Caller, asks: Asks, given: &[Given<'_>]) -> Result<Item, String> {
        let (Some(first), second) = (given.first(), given.get(1).unwrap_or(&Given::Absent)) else {
            return Err("an argument is missing".into());
        };
        // The room for the key is used again: most of them are known already.
        let mut key = std::mem::take(&mut self.scratch);
        key.clear();
        let answer = first.write_key(&mut key).and_then(|()| self.once_under(&key, caller, asks, second));
        self.scratch = key;
        answer
    }

    /// The same, with what stands first as a key.
    fn once_under(&mut self, key: &str, caller: Caller, asks: Asks, second: &Given<'_>) -> Result<Item, String> {
        match asks {
            Asks::Mark => return self.mark(caller, key).map(|()| Item::Bool(true)),
            Asks::Marked => return self.is_marked(caller, key).map(Item::Bool),
            _ => {}
        }
        // Whatever of the arguments is missing or odd is so for the whole event.
        let (entry, same) = match asks {
            Asks::Count | Asks::Rate => (Entry::Time, None),
            Asks::Spike => (Entry::Time, Some(second.number()?.key())),
            Asks::FirstSeen => (Entry::Last(Item::Absent), None),
            Asks::Changed | Asks::Previous => (Entry::Last(second.item()?), Some(second.key()?)),
            Asks::Distinct => {
                let value = second.key()?;
                (Entry::Value(Arc::clone(&value)), Some(value))
            }
            Asks::Min | Asks::Max => {
                let number = second.number()?;
                (Entry::Best { number, greatest: asks == Asks::Max }, Some(number.key()))
            }
            _ => {
                let number = second.number()?;
                (Entry::Number(number), Some(number.key()))
            }
        };
        if let Some(answer) = self.answered(caller, key, same.as_deref()) {
            return answer;
        }
        let answer = match asks {
            Asks::Spike => self.spike(caller, key, second.number()?.float()),
            Asks::Rate => self.rate(caller, key),
            Asks::FirstSeen => self.first_seen(caller, key),
            Asks::Changed | Asks::Previous => self.replace(caller, asks, key, entry, second),
            _ => self.sum_up(caller, asks, key, entry),
        };
        self.note(caller, key, same, &answer);
        answer
    }

    /// Those that look at all of one window.
    fn sum_up(&mut self, caller: Caller, asks: Asks, key: &str, entry: Entry) -> Result<Item, String> {
        let (_, from) = self.window(caller)?;
        let trail = self.push(caller, key, entry, from)?;
        let answer = match asks {
            Asks::Sum => trail.sum().map(Item::from),
            Asks::Avg => trail.sum().map(|sum| Item::Float(sum.float() / trail.len() as f64)),
            Asks::Min | Asks::Max => trail.best().map(Item::from),
            _ => Some(Item::Int(trail.len() as i64)),
        };
        // A count and a sum say "at least so many"; an average could be turned by whatever was missed, a greatest number
        // only be greater.
        match asks {
            Asks::Avg => self.whole(caller, from)?,
            Asks::Min | Asks::Max => self.whole_unless_settled(caller, from, answer.as_ref(), asks == Asks::Max)?,
            _ => {}
        }
        answer.ok_or_else(|| "there is no number".into())
    }

    /// Events a second, over the whole window. Before listening began there is nothing, neither an event nor a hole: the
    /// first events of all are few in their window, not many in the moment since. What was missed makes it only more.
    fn rate(&mut self, caller: Caller, key: &str) -> Result<Item, String> {
        let (now, from) = self.window(caller)?;
        let count = self.push(caller, key, Entry::Time, from)?.since(from);
        let rate = Item::Float(count as f64 / seconds(from, now));
        self.whole_unless_settled(caller, from, Some(&rate), true)?;
        Ok(rate)
    }

    /// Before listening began there is nothing, neither an event nor a hole: the rate before is the rate over as much
    /// of it as was heard, so a spike can be seen before all of `before` has gone by. What was missed of `recent` makes
    /// only more of a spike, and what was missed of `before` only less, if there was something before.
    fn spike(&mut self, caller: Caller, key: &str, factor: f64) -> Result<Item, String> {
        let (now, recent_from) = self.window(caller)?;
        let before_from = recent_from.saturating_sub(self.second_span(caller)?);
        let began = self.began(caller)?;
        let trail = self.push(caller, key, Entry::Time, before_from)?;
        let recent = trail.since(recent_from.max(began));
        let before = trail.since(began) - recent;
        let nothing = before == 0;
        let recent = recent as f64 / seconds(recent_from.max(began), now);
        let before = before as f64 / seconds(before_from.max(began), recent_from);
        self.compares(caller, recent, before);
        let spike = !nothing && recent >= factor * before;
        if !spike {
            self.whole(caller, recent_from)?;
        }
        if spike && factor > 0.0 || nothing {
            self.whole_until(caller, before_from, recent_from)?;
        }
        Ok(Item::Bool(spike))
    }

    /// Whether nothing was missed since `from`, or nothing that could turn what the answer is held against where the call
    /// stands: it could only be greater (`upwards`) or less.
    fn whole_unless_settled(
        &self,
        caller: Caller,
        from: Nanos,
        answer: Option<&Item>,
        upwards: bool,
    ) -> Result<(), String> {
        let number = match answer {
            Some(Item::Int(number)) => Some(*number as f64),
            Some(Item::Float(number)) => Some(*number),
            _ => None,
        };
        match number {
            Some(number) if self.is_settled(caller, number, upwards)? => Ok(()),
            _ => self.whole(caller, from),
        }
    }

    /// Seen is seen, whatever was missed. What was not seen may have been, in a hole or while it still learns.
    fn first_seen(&mut self, caller: Caller, key: &str) -> Result<Item, String> {
        let (_, from) = self.window(caller)?;
        let seen = self.last(caller, key, from)?.is_some();
        self.push(caller, key, Entry::Last(Item::Absent), from)?;
        if !seen {
            self.learned(caller)?;
            self.whole(caller, from)?;
        }
        Ok(Item::Bool(!seen))
    }

    /// The last value under a key, and this one, which is the last from now on. The last is not known if another may
    /// have been missed since, or, where there is none, at any time within the memory.
    fn replace(
        &mut self,
        caller: Caller,
        asks: Asks,
        key: &str,
        entry: Entry,
        value: &Given<'_>,
    ) -> Result<Item, String> {
        let (_, from) = self.window(caller)?;
        let before = self.last(caller, key, from)?.map(|(at, item)| (at, item.clone()));
        self.push(caller, key, entry, from)?;
        self.whole(caller, before.as_ref().map_or(from, |(at, _)| *at))?;
        let before = before.map(|(_, item)| item);
        Ok(if asks == Asks::Previous {
            before.unwrap_or(Item::Absent)
        } else {
            let value = value.item()?;
            Item::Bool(before.is_some_and(|before| !before.equals(&value)))
        })
    }

    /// A mark that was seen was seen; one that was not may have been missed.
    fn is_marked(&self, caller: Caller, key: &str) -> Result<bool, String> {
        let (_, from) = self.window(caller)?;
        let marked = self.marked(caller, key, from)?;
        if !marked {
            self.whole(caller, from)?;
        }
        Ok(marked)
    }
}

/// At least one.
fn seconds(from: Nanos, to: Nanos) -> f64 {
    (to.saturating_sub(from) as f64 / 1e9).max(1.0)
}

impl From<Number> for Item {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(number) => Self::Int(number),
            Number::Float(number) => Self::Float(number),
        }
    }
}
