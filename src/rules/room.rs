//! Room on the stack for the deepest rule that loads.
//!
//! Rhai, the checker, lowering and explaining go down a rule's tree by calls, and a stack that overflows cannot be caught.
//! A thread's usual 2 MiB would be enough for rows of about 18 `&&` only.

use rhai::{AST, ASTNode};

/// Half as much again as the deepest rule takes in a debug build; a test holds it to that.
pub(super) const NEEDED: usize = 12 * 1024 * 1024;
/// What a rule takes that is no deeper than [`SHALLOW_LEVELS`]: nearly all are. A thread's usual stack has it, and a stack
/// of its own for each call would cost many times what the call does.
pub(super) const SHALLOW: usize = 3 * 512 * 1024;
const SHALLOW_LEVELS: usize = 14;
/// The stack of threads that run many rules, so that not each call has to make room for itself.
pub const STACK: usize = NEEDED + 4 * 1024 * 1024;

/// Does work on rules where there is room for it: on this thread's stack if that has enough left, else on one made for
/// it. Nested, it costs next to nothing; whoever asks many rules in a row wraps the whole.
pub fn with_room<T>(work: impl FnOnce() -> T) -> T {
    with_room_for(NEEDED, work)
}

/// The same with so many bytes.
pub(super) fn with_room_for<T>(needed: usize, work: impl FnOnce() -> T) -> T {
    stacker::maybe_grow(needed, STACK, work)
}

/// How much of the stack calling a function of this tree takes, in bytes.
pub(super) fn needed(ast: &AST) -> usize {
    let mut deepest = 0;
    ast.walk(&mut |path: &[ASTNode]| {
        deepest = deepest.max(path.len());
        true
    });
    if deepest > SHALLOW_LEVELS { NEEDED } else { SHALLOW }
}
