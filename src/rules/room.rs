//! Room on the stack for the deepest rule that loads.
//!
//! Rhai, the checker, lowering and explaining go down a rule's tree by calls, and a stack that overflows cannot be caught.
//! A thread's usual 2 MiB would be enough for rows of about 18 `&&` only.

/// Half as much again as the deepest rule takes in a debug build; a test holds it to that.
pub(super) const NEEDED: usize = 12 * 1024 * 1024;
/// The stack of threads that run many rules, so that not each call has to make room for itself.
pub const STACK: usize = NEEDED + 4 * 1024 * 1024;

/// Does work on rules where there is room for it: on this thread's stack if that has enough left, else on one made for
/// it. Nested, it costs next to nothing; whoever asks many rules in a row wraps the whole.
pub fn with_room<T>(work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(NEEDED, STACK, work)
}
