//! From where an expression begins and ends for Rhai to what stands there.

use rhai::Position;

use super::super::place::{Source, length};
use crate::diagnostic::Span;

impl Source {
    /// From its first position to its last, and on to the brackets that belong to it.
    pub(in super::super) fn expression(&self, (first, last): (Position, Position)) -> Span {
        let mut span = self.between(first, last);
        let Some(after_last) = offset(last) else { return span };
        let Some(mut at) = offset(first) else { return span };
        let mut open = 0_u32;
        while let Some((from, to)) = self.next_token(at) {
            let first = self.lines[from.0].get(from.1).copied().unwrap_or(' ');
            let length = to.1.saturating_sub(from.1);
            match first {
                // A block, or the place of an element of it: both are of what it stands in.
                '{' | '[' if open == 0 && from > after_last => break,
                '(' | '[' | '{' => open += 1,
                '#' if length == 2 => open += 1,
                ')' | ']' | '}' if open > 0 => open -= 1,
                ')' | ']' | '}' if from > after_last => break,
                // It began outside of where its first name stands: (a + b) > c.
                ')' | ']' | '}' => match self.opening(&span) {
                    Some(start) => span = Span { line: number(start.0), column: number(start.1), ..span },
                    None => break,
                },
                _ if open == 0 && from > after_last => break,
                _ => {}
            }
            (span.end_line, span.end_column) = (number(to.0), number(to.1));
            at = to;
        }
        span
    }

    /// What stands there, with line ends as they are.
    pub(in super::super) fn text(&self, span: Span) -> String {
        let mut text = String::new();
        for line in span.line..=span.end_line {
            let Some(characters) = self.lines.get(line as usize - 1) else { break };
            let start = if line == span.line { span.column as usize - 1 } else { 0 };
            let end = if line == span.end_line { span.end_column as usize - 1 } else { characters.len() };
            if line > span.line {
                text.push('\n');
            }
            text.extend(characters.iter().take(end).skip(start));
        }
        text
    }

    /// The bracket that opens right before a place.
    fn opening(&self, span: &Span) -> Option<(usize, usize)> {
        let line = span.line as usize - 1;
        let before = self.lines.get(line)?.get(..span.column as usize - 1)?;
        let place = before.iter().rposition(|c| !c.is_whitespace())?;
        matches!(before[place], '(' | '[').then_some((line, place))
    }

    /// Where the next token from there on begins and ends, comments left out.
    pub(in super::super) fn next_token(
        &self,
        (mut line, mut column): (usize, usize),
    ) -> Option<((usize, usize), (usize, usize))> {
        loop {
            let characters = self.lines.get(line)?;
            column += characters.iter().skip(column).take_while(|c| c.is_whitespace()).count();
            let rest = characters.get(column..).unwrap_or_default();
            match rest {
                [] | ['/', '/', ..] => (line, column) = (line + 1, 0),
                ['/', '*', ..] => match (line..self.lines.len()).find_map(|line_after| {
                    let from = if line_after == line { column + 2 } else { 0 };
                    let pairs = self.lines[line_after].get(from..)?.windows(2).position(|pair| pair == ['*', '/'])?;
                    Some((line_after, from + pairs + 2))
                }) {
                    Some(end) => (line, column) = end,
                    None => return None,
                },
                // A text in backticks may go over lines.
                ['`', ..] => {
                    let closed = |at: usize| {
                        let from = if at == line { column + 1 } else { 0 };
                        Some((at, from + self.lines[at].get(from..)?.iter().position(|c| *c == '`')? + 1))
                    };
                    return Some(((line, column), (line..self.lines.len()).find_map(closed)?));
                }
                _ => return Some(((line, column), (line, column + length(rest).max(1)))),
            }
        }
    }
}

/// As people count, from 1.
fn number(offset: usize) -> u32 {
    u32::try_from(offset + 1).unwrap_or(u32::MAX)
}

/// Line and character, from 0.
fn offset(at: Position) -> Option<(usize, usize)> {
    Some((at.line()? - 1, at.position()?.checked_sub(1)?))
}
