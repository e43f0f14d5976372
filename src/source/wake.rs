//! Notices that the computer sleeps and wakes: connections that were open may be dead without knowing it.
//!
//! The clocks tell of each sleep when it is over. Where there is a logind, it says so before, and when it is over. Both
//! tell of the same sleep, which is passed on once.

use std::time::Duration;

use tokio::sync::mpsc;

use super::topic::Nudge;
use crate::clock::{Clock, Look};

const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long after a sleep the system's word of it may be on its way to us.
const ON_ITS_WAY: Duration = Duration::from_millis(300);

/// What the system says of its sleep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "only logind says any"))]
pub(super) enum Word {
    /// It is about to sleep.
    Sleeps,
    /// It woke, or did not sleep after all.
    Wakes,
}

/// Passes on whenever the computer is about to sleep, and whenever it woke.
pub(super) async fn watch(clock: Clock, mut words: mpsc::Receiver<Word>, tell: impl Fn(Nudge)) {
    let mut last = Look::at(clock);
    let mut night = Night::default();
    loop {
        let mut word = tokio::select! {
            Some(word) = words.recv() => Some(word),
            () = clock.sleep(LOOK_EVERY) => None,
        };
        let now = Look::at(clock);
        let slept = last.slept_until(&now, LOOK_EVERY);
        last = now;
        if slept && word.is_none() {
            word = clock.timeout(ON_ITS_WAY, words.recv()).await.flatten();
        }
        if let Some(nudge) = night.next(slept, word) {
            let said = if nudge == Nudge::Sleeps { "is about to sleep" } else { "slept; connecting anew" };
            tracing::info!("the computer {said}");
            tell(nudge);
        }
    }
}

/// What has been passed on of the sleep that is spoken of.
#[derive(Default)]
struct Night {
    /// That it is over has been told, and the system has yet to say so.
    over: bool,
}

impl Night {
    /// What is told, if the clocks show sleep since the last look, and the system says this.
    fn next(&mut self, slept: bool, word: Option<Word>) -> Option<Nudge> {
        let over = slept || (word == Some(Word::Wakes) && !self.over);
        self.over = match word {
            Some(Word::Wakes) => false,
            // If the clocks show sleep, the word lay here all the while: it is about what is over.
            Some(Word::Sleeps) => slept,
            None => self.over || slept,
        };
        if over { Some(Nudge::Woke) } else { (word == Some(Word::Sleeps)).then_some(Nudge::Sleeps) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is told of a series of looks.
    fn told(looks: &[(bool, Option<Word>)]) -> Vec<Nudge> {
        let mut night = Night::default();
        looks.iter().filter_map(|&(slept, word)| night.next(slept, word)).collect()
    }

    const SLEEPS: Option<Word> = Some(Word::Sleeps);
    const WAKES: Option<Word> = Some(Word::Wakes);
    const BOTH: &[Nudge] = &[Nudge::Sleeps, Nudge::Woke];

    #[test]
    fn a_sleep_is_told_once_whoever_notices_first() {
        assert_eq!(told(&[(false, None), (true, None), (false, None), (true, None)]), [Nudge::Woke, Nudge::Woke]);
        assert_eq!(told(&[(false, SLEEPS), (true, WAKES), (false, None)]), BOTH, "logind first");
        assert_eq!(told(&[(false, SLEEPS), (true, None), (false, None), (false, WAKES)]), BOTH, "the clocks first");
        assert_eq!(told(&[(false, SLEEPS), (false, None), (false, WAKES)]), BOTH, "too short for the clocks");
        assert_eq!(told(&[(true, SLEEPS), (false, WAKES)]), [Nudge::Woke], "asleep before the word was heard");
        assert_eq!(told(&[(true, None), (false, SLEEPS)]), BOTH.iter().rev().copied().collect::<Vec<_>>());
    }

    #[test]
    fn the_next_sleep_is_told_again() {
        let twice = [BOTH, BOTH].concat();
        assert_eq!(told(&[(false, SLEEPS), (true, None), (false, WAKES), (false, SLEEPS), (false, WAKES)]), twice);
        // It went without a word: that of the next one counts all the same.
        assert_eq!(told(&[(false, SLEEPS), (true, None), (false, SLEEPS), (false, WAKES)]), twice);
        assert_eq!(
            told(&[(true, SLEEPS), (false, WAKES), (false, SLEEPS), (true, WAKES)]),
            [&[Nudge::Woke], BOTH].concat()
        );
    }
}
