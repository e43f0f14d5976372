//! A condition taken apart into its clauses: the operands of `&&` and `||`, with where and how they stand in the text.

mod extent;
mod named;
mod names;
mod part;
mod split;
mod through;

use rhai::{Expr, Stmt};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::diagnostic::Span;

pub(super) use part::{Needed, Part};
pub(super) use split::split;

/// How a clause hangs together with the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "lowercase")]
pub enum Joint {
    /// It is the first, or stands in a statement of its own.
    First,
    /// Both must hold.
    And,
    /// One of them must hold.
    Or,
}

/// A clause as it is written.
#[derive(Clone, Debug)]
pub(super) struct Clause {
    pub code: Code,
    /// As it stands in the file.
    pub text: String,
    pub span: Span,
    pub joint: Joint,
    /// How many brackets that group clauses it stands in.
    pub depth: u32,
    /// The brackets that begin at it: `(`, or `!(` where what is in them is turned around.
    pub opens: String,
    /// How many of such brackets end at it.
    pub closes: u32,
    /// It calls a function of the rule, or names a condition, whose clauses follow, one level deeper.
    pub calls: bool,
    pub parts: Vec<Part>,
}

/// What is evaluated.
#[derive(Clone, Debug)]
pub(super) enum Code {
    Expression(Expr),
    /// What cannot be split: a `switch`, say.
    Statement(Stmt),
    /// What may return on its way, such as a loop: what follows it is asked if it does not. `otherwise` is what it says
    /// then: the other of what it returns.
    Through {
        statement: Stmt,
        otherwise: bool,
    },
}

/// How clauses make a condition. A leaf is the clause's place in [`Split::clauses`].
#[derive(Clone, Debug)]
pub(super) enum Logic {
    Clause(usize),
    Call(Call),
    /// A value that is written down: nothing hangs on an event.
    Constant(Expr),
    Not(Box<Logic>),
    And(Vec<Logic>),
    Or(Vec<Logic>),
}

impl Logic {
    /// The clause that it is, if it is one, turned around or not.
    pub fn clause(&self) -> Option<usize> {
        match self {
            Self::Clause(clause) | Self::Call(Call { clause, .. }) => Some(*clause),
            Self::Not(inner) => inner.clause(),
            Self::Constant(_) | Self::And(_) | Self::Or(_) => None,
        }
    }
}

/// A function of the rule that is called, taken apart.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// The clause that is the call itself.
    pub clause: usize,
    pub function: String,
    /// What its parameters are called, and what they are given.
    pub given: Vec<(String, Expr)>,
    pub steps: Vec<Step>,
    /// Its clauses are those after its own, up to here.
    pub end: usize,
}

/// A condition that is given a name: `let odd = event.a == 1 && event.b > 2;`.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// The clause that stands for all of it.
    pub clause: usize,
    pub name: String,
    pub value: Logic,
}

/// A statement of a condition.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// It names a value, or does something; it is no condition.
    Run(Stmt),
    /// It names a condition.
    Name(Named),
    /// The clause that may return on its way.
    Through(usize),
    /// Its value is that of the block if nothing follows.
    Value(Logic),
    Return(Option<Logic>),
    If(Logic, Vec<Step>, Vec<Step>),
    /// Nothing, which as the last statement is the block's value.
    Nothing,
}

/// The clauses of a function, in the order of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Split {
    pub clauses: Vec<Clause>,
    pub steps: Vec<Step>,
    /// What the function calls the event.
    pub event: String,
}
