//! Brackets that are open where Rhai stops reading: which one, and where it is missed.

use rhai::{ParseErrorType as Kind, Position};

use super::place::Source;
use crate::diagnostic::Span;

impl Source {
    /// The last bracket before a place that is not closed there, brackets in texts and comments left out.
    pub fn open_bracket(&self, before: Position) -> Option<(char, Span)> {
        let end = match (before.line(), before.position()) {
            (Some(line), Some(column)) if !self.is_end(before) => (line - 1, column - 1),
            _ => (usize::MAX, 0),
        };
        let mut open: Vec<(char, Span)> = Vec::new();
        let mut at = (0, 0);
        while let Some((from, to)) = self.next_token(at).filter(|(from, _)| *from < end) {
            let bracket = self.lines.get(from.0).and_then(|line| line.get(to.1.saturating_sub(1))).copied();
            match bracket.filter(|_| from.0 == to.0 && to.1 - from.1 <= 2) {
                Some(opens @ ('(' | '[' | '{')) => open.push((opens, place(from, to))),
                Some(closes @ (')' | ']' | '}')) => {
                    // One that closes another than the last has its mate below, if it has one.
                    if let Some(mate) = open.iter().rposition(|(opens, _)| closing(*opens) == closes) {
                        if mate + 1 < open.len() {
                            return open.pop();
                        }
                        open.truncate(mate);
                    }
                }
                _ => {}
            }
            at = to;
        }
        open.pop()
    }
}

/// From the place where a token begins to the one where it ends, both counted from 0.
fn place(from: (usize, usize), to: (usize, usize)) -> Span {
    let number = |offset: usize| u32::try_from(offset + 1).unwrap_or(u32::MAX);
    Span { line: number(from.0), column: number(from.1), end_line: number(to.0), end_column: number(to.1) }
}

/// The bracket that is missing, where Rhai misses it or a comma in its place: where it opens, a message and what to do.
pub(super) fn unclosed(kind: &Kind, at: Position, source: &Source) -> Option<(Span, String, String)> {
    let Kind::MissingToken(token, _) = kind else { return None };
    let word = source.word(at);
    let ends = source.is_end(at) || matches!(&*word, "}" | "{" | ";" | ")" | "]" | "fn" | "const");
    let (opens, span) = source.open_bracket(at)?;
    let closes = closing(opens);
    if !ends || opens == '{' || !matches!(&**token, ")" | "]" | ",") || word == closes.to_string() {
        return None;
    }
    let line = at.line().unwrap_or(0) as u32;
    let before = match &*word {
        _ if source.is_end(at) => "at the end".to_owned(),
        word if line == span.line => format!("before the {word}"),
        word => format!("before the {word} in line {line}"),
    };
    Some((span, format!("This {opens} is not closed."), format!("Write {closes} where it ends, {before}.")))
}

/// The `{` of a function or an `if` that is not closed before the next function.
pub(super) fn open_body(at: Position, source: &Source) -> Option<String> {
    let (opens, span) = source.open_bracket(at)?;
    (opens == '{').then(|| format!("Close it with a }}: the {{ in line {} is open.", span.line))
}

fn closing(opens: char) -> char {
    match opens {
        '(' => ')',
        '[' => ']',
        _ => '}',
    }
}
