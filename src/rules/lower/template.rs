//! Keys, titles and bodies without Rhai: texts with fields in them.

use std::fmt::Write as _;

use rhai::{Expr, Stmt};

use super::{Named, Place, Seen, condition::Constant, named, seen::Fields, tree::Tree};
use crate::event::{FieldType, Peek, Reading};

/// More text than this is left to Rhai and its limits, in octets.
const LONGEST: usize = 1 << 20;

/// A piece of a text.
#[derive(Clone, Debug)]
enum Piece {
    Text(String),
    Field(Place),
}

/// A text that is made of pieces, or several with something between them.
#[derive(Clone, Debug)]
pub(super) struct Template {
    parts: Vec<Vec<Piece>>,
}

impl Template {
    /// Lowers the expression of `key`, `title` or `body`.
    pub fn of(tree: &Tree, expression: &Expr) -> Option<Self> {
        let parts = match expression {
            Expr::Array(elements, _) => {
                elements.iter().map(|element| pieces(tree, element)).collect::<Option<Vec<_>>>()?
            }
            other => vec![pieces(tree, other)?],
        };
        Some(Self { parts })
    }

    /// Adds the text for an event, with this between its parts. `None`: Rhai is to be asked.
    pub fn write<R: Reading>(&self, seen: &Seen<R>, between: &str, text: &mut String) -> Option<()> {
        for (number, part) in self.parts.iter().enumerate() {
            if number > 0 {
                text.push_str(between);
            }
            for piece in part {
                match piece {
                    Piece::Text(plain) => text.push_str(plain),
                    Piece::Field(place) => add(&seen.peek(*place), ["false", "true"], text)?,
                }
            }
            if text.len() > LONGEST {
                return None;
            }
        }
        Some(())
    }
}

fn pieces(tree: &Tree, expression: &Expr) -> Option<Vec<Piece>> {
    match expression {
        Expr::InterpolatedString(parts, _) => parts.iter().map(|part| piece(tree, part)).collect(),
        other => Some(vec![piece(tree, other)?]),
    }
}

fn piece(tree: &Tree, expression: &Expr) -> Option<Piece> {
    // What stands in `${…}` is a block.
    if let Expr::Stmt(block) = expression {
        return match block.statements() {
            [Stmt::Expr(inner)] => piece(tree, inner),
            _ => None,
        };
    }
    if let Some(constant) = tree.constant(expression) {
        return match constant {
            Constant::Text(text) => Some(Piece::Text(text)),
            Constant::Int(number) => Some(Piece::Text(number.to_string())),
            _ => None,
        };
    }
    let field = tree.field(expression)?;
    match named(tree.kind, field) {
        Named::At(place) => {
            let deep = tree.kind.field(field).is_some_and(|field| matches!(field.ty, FieldType::List | FieldType::Map));
            (!deep).then_some(Piece::Field(place))
        }
        Named::Always(text) => Some(Piece::Text(text.to_owned())),
        Named::Other => None,
    }
}

/// Adds a value to a text as Rhai writes it, but for the names of false and true. `None`: it is not for here.
pub(super) fn add(peek: &Peek, truths: [&str; 2], text: &mut String) -> Option<()> {
    match peek {
        Peek::Absent => {}
        Peek::Bool(truth) => text.push_str(truths[usize::from(*truth)]),
        Peek::Int(number) => drop(write!(text, "{number}")),
        Peek::Float(_) | Peek::Held(_) => return None,
        Peek::Text(plain) => text.push_str(plain),
    }
    Some(())
}
