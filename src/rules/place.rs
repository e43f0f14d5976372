//! From Rhai's positions to spans: Rhai says where a token starts, the text says where it ends.

use rhai::{ASTNode, Expr, Position};

use crate::diagnostic::Span;

/// Operators of more than one character, the longest first.
const OPERATORS: [&str; 28] = [
    "===", "!==", "..=", "<<=", ">>=", "**=", "&&", "||", "==", "!=", "<=", ">=", "+=", "-=", "*=", "/=", "%=", "**",
    "..", "?.", "??", "=>", "#{", "::", "<<", ">>", "${", "//",
];

/// A rule's text by line and character.
pub(super) struct Source {
    pub(super) lines: Vec<Vec<char>>,
}

impl Source {
    pub fn new(text: &str) -> Self {
        Self { lines: text.split('\n').map(|line| line.trim_end_matches('\r').chars().collect()).collect() }
    }

    /// The token that starts there. Without a position: the last character of the text.
    pub fn token(&self, at: Position) -> Span {
        let (Some(line), Some(column)) = (at.line(), at.position()) else { return self.end() };
        let Some(characters) = self.lines.get(line - 1) else { return self.end() };
        let start = (column - 1).min(characters.len());
        one_line(line - 1, start, start + length(&characters[start..]).max(1))
    }

    /// What the token that starts there says.
    pub fn word(&self, at: Position) -> String {
        let span = self.token(at);
        let line = self.lines.get(span.line as usize - 1).map_or(&[][..], Vec::as_slice);
        line.iter().skip(span.column as usize - 1).take((span.end_column - span.column) as usize).collect()
    }

    /// The token before the one that starts there, if it is on the same line.
    pub fn before(&self, at: Position) -> Option<Span> {
        let (line, column) = (at.line()? - 1, at.position()? - 1);
        let (mut place, mut last) = ((line, 0), None);
        while let Some((from, to)) = self.next_token(place).filter(|(from, _)| *from < (line, column)) {
            last = Some(one_line(line, from.1, to.1));
            place = to;
        }
        last
    }

    /// Whether nothing stands before a place on its line.
    pub fn is_first(&self, at: Position) -> bool {
        at.line().is_some() && self.before(at).is_none()
    }

    /// The last token before a place, on whatever line.
    pub fn last_before(&self, at: Position) -> Span {
        let (Some(line), Some(column)) = (at.line(), at.position()) else { return self.end() };
        let (mut place, mut last) = ((0, 0), self.top());
        while let Some((from, to)) = self.next_token(place).filter(|(from, _)| *from < (line - 1, column - 1)) {
            last = if from.0 == to.0 { one_line(from.0, from.1, to.1) } else { one_line(to.0, 0, to.1) };
            place = to;
        }
        last
    }

    /// From the start of one token to the end of another.
    pub fn between(&self, from: Position, to: Position) -> Span {
        let (from, to) = (self.token(from), self.token(to));
        Span { end_line: to.end_line, end_column: to.end_column, ..from }
    }

    /// A whole expression, with the brackets that belong to it.
    pub fn whole(&self, expression: &Expr) -> Span {
        self.expression(ends(expression))
    }

    /// A whole expression as it stands there, if it is short.
    pub fn written(&self, expression: &Expr) -> String {
        let text = self.text(self.whole(expression));
        if text.chars().count() > 40 || text.contains('\n') { "…".into() } else { text }
    }

    /// From the start of one expression to the end of another.
    pub fn across(&self, one: &Expr, other: &Expr) -> Span {
        let (one, other) = (self.whole(one), self.whole(other));
        Span { end_line: other.end_line, end_column: other.end_column, ..one }
    }

    /// The `/*` of a comment that is never closed.
    pub fn unclosed_comment(&self) -> Option<Span> {
        let mut at = (0, 0);
        while let Some((_, to)) = self.next_token(at) {
            at = to;
        }
        let (mut number, mut column) = at;
        while let Some(line) = self.lines.get(number) {
            let rest: String = line.iter().skip(column).collect();
            let code = rest.trim_start();
            if code.starts_with("/*") {
                let start = column + rest.chars().count() - code.chars().count();
                return Some(one_line(number, start, start + 2));
            }
            if !code.is_empty() && !code.starts_with("//") {
                return None;
            }
            (number, column) = (number + 1, 0);
        }
        None
    }

    /// The tokens from a place on, as long as they lie where is wanted, with a space between; the event's name is made the
    /// same in all functions.
    pub fn tokens(
        &self,
        mut at: (usize, usize),
        mut wanted: impl FnMut(&str, (usize, usize)) -> bool,
        event: Option<&str>,
    ) -> String {
        let mut tokens = String::new();
        while let Some((from, to)) = self.next_token(at) {
            let line = self.lines.get(from.0).map_or(&[][..], Vec::as_slice);
            let token: String = if from.0 == to.0 {
                line.iter().skip(from.1).take(to.1.saturating_sub(from.1)).collect()
            } else {
                self.text(Span {
                    line: u32::try_from(from.0 + 1).unwrap_or(u32::MAX),
                    column: u32::try_from(from.1 + 1).unwrap_or(u32::MAX),
                    end_line: u32::try_from(to.0 + 1).unwrap_or(u32::MAX),
                    end_column: u32::try_from(to.1 + 1).unwrap_or(u32::MAX),
                })
            };
            if !wanted(&token, to) {
                break;
            }
            tokens.push_str(if Some(token.as_str()) == event { "event" } else { &token });
            tokens.push(' ');
            at = to;
        }
        tokens
    }

    /// What stands between the brackets of a function, as tokens.
    pub fn body(&self, function: &str, event: Option<&str>) -> Option<String> {
        let name = self.function(function)?;
        let mut at = (name.line as usize - 1, name.end_column as usize - 1);
        loop {
            let (from, to) = self.next_token(at)?;
            at = to;
            if self.lines.get(from.0)?.get(from.1) == Some(&'{') {
                break;
            }
        }
        let mut open = 1;
        let within = |token: &str, _: (usize, usize)| {
            open += i32::from(token == "{" || token == "#{") - i32::from(token == "}");
            open > 0
        };
        Some(self.tokens(at, within, event))
    }

    /// How many `{` are open before that place, texts and comments left out as far as a line tells.
    pub fn open_before(&self, at: Position) -> i32 {
        let (line, column) = (at.line().unwrap_or(usize::MAX), at.position().unwrap_or(1));
        let mut open = 0;
        for (number, characters) in self.lines.iter().enumerate().take(line) {
            let end = if number + 1 == line { (column - 1).min(characters.len()) } else { characters.len() };
            let mut quote = None;
            for (offset, letter) in characters[..end].iter().enumerate() {
                match (quote, letter) {
                    (None, '"' | '`') => quote = Some(*letter),
                    (Some(begun), letter) if begun == *letter => quote = None,
                    (None, '/') if characters.get(offset + 1) == Some(&'/') => break,
                    (None, '{') => open += 1,
                    (None, '}') => open -= 1,
                    _ => {}
                }
            }
        }
        open
    }

    /// Whether nothing but white space stands from there on.
    pub fn is_end(&self, at: Position) -> bool {
        let (Some(line), Some(column)) = (at.line(), at.position()) else { return true };
        let rest = self.lines.iter().enumerate().skip(line - 1);
        let blank = |(number, line_of): (usize, &Vec<char>)| {
            let from = if number + 1 == line { column - 1 } else { 0 };
            line_of.iter().skip(from).all(|c| c.is_whitespace())
        };
        rest.into_iter().all(blank)
    }

    /// The name in `fn name`, if it is written like that.
    pub fn function(&self, name: &str) -> Option<Span> {
        self.lines.iter().enumerate().find_map(|(number, characters)| {
            let line: String = characters.iter().collect();
            let code = &line[..line.find("//").unwrap_or(line.len())];
            let keyword = code.match_indices("fn ").find(|(at, _)| {
                let rest = code[at + 3..].trim_start();
                rest.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('('))
            })?;
            let start = code[keyword.0 + 3..].find(name)? + keyword.0 + 3;
            let column = code[..start].chars().count();
            Some(one_line(number, column, column + name.chars().count()))
        })
    }

    /// The first line that is no comment: where something is missing that stands nowhere.
    pub fn top(&self) -> Span {
        let code = |line: &Vec<char>| {
            let text: String = line.iter().collect();
            !text.trim().is_empty() && !text.trim_start().starts_with("//")
        };
        let number = self.lines.iter().position(code).unwrap_or(0);
        let line = &self.lines[number];
        let start = line.iter().take_while(|c| c.is_whitespace()).count();
        one_line(number, start, line.len().max(start + 1))
    }

    fn end(&self) -> Span {
        let number = self.lines.iter().rposition(|line| line.iter().any(|c| !c.is_whitespace())).unwrap_or(0);
        let end = self.lines[number].len().max(1);
        one_line(number, end - 1, end)
    }
}

/// The first and the last position in an expression.
fn ends(expression: &Expr) -> (Position, Position) {
    let (mut first, mut last) = (Position::NONE, Position::NONE);
    expression.walk(&mut Vec::new(), &mut |path: &[ASTNode]| {
        let at = path.last().map_or(Position::NONE, ASTNode::position);
        if !at.is_none() {
            first = if first.is_none() { at } else { first.min(at) };
            last = last.max(at);
        }
        true
    });
    (first, last)
}

/// From offsets counted from 0 to a span, which counts from 1.
fn one_line(line: usize, start: usize, end: usize) -> Span {
    let number = |offset: usize| u32::try_from(offset + 1).unwrap_or(u32::MAX);
    Span { line: number(line), column: number(start), end_line: number(line), end_column: number(end) }
}

/// How long the token is that these characters begin with.
pub(super) fn length(rest: &[char]) -> usize {
    let Some(&first) = rest.first() else { return 0 };
    match first {
        '"' | '\'' | '`' => {
            let mut escaped = false;
            for (offset, &character) in rest.iter().enumerate().skip(1) {
                if character == first && !escaped {
                    return offset + 1;
                }
                escaped = character == '\\' && !escaped && first != '`';
            }
            rest.len()
        }
        c if c.is_alphabetic() || c == '_' => rest.iter().take_while(|c| c.is_alphanumeric() || **c == '_').count(),
        '-' | '0'..='9' if first != '-' || rest.get(1).is_some_and(char::is_ascii_digit) => {
            let fraction = |offset: usize| rest.get(offset + 1).is_some_and(char::is_ascii_digit);
            let more = |(offset, c): &(usize, &char)| {
                *offset == 0 || c.is_alphanumeric() || **c == '_' || **c == '.' && fraction(*offset)
            };
            rest.iter().enumerate().take_while(more).count()
        }
        _ => {
            let starts = |operator: &&&str| operator.chars().eq(rest.iter().copied().take(operator.len()));
            OPERATORS.iter().find(starts).map_or(1, |operator| operator.len())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_ends_where_it_ends() {
        let source = Source::new("event.ssid == \"a\\\"b\" && x\r\nfn  when(e) { 12.5 .. `é${1}` }\n");
        let width = |line, column| {
            let span = source.token(Position::new(line, column));
            (span.column, span.end_column)
        };
        assert_eq!(width(1, 1), (1, 6));
        assert_eq!(width(1, 7), (7, 11));
        assert_eq!(width(1, 12), (12, 14));
        assert_eq!(width(1, 15), (15, 21));
        assert_eq!(width(1, 22), (22, 24));
        assert_eq!(width(2, 15), (15, 19));
        assert_eq!(width(2, 23), (23, 30));
        assert_eq!(source.function("when").map(|span| (span.line, span.column, span.end_column)), Some((2, 5, 9)));
        assert_eq!(source.token(Position::NONE).line, 2);
    }
}
