//! A filter's text to words, quoted texts, operators and parentheses.

use super::Operator;
use crate::diagnostic::{Diagnostic, Level, Span};

/// A piece of a filter and where it stands, in characters.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Token {
    pub what: What,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum What {
    /// Text without quotes: a word to look for, a field's name, a value, or `and`, `or`, `not`, `contains`.
    Word(String),
    Quoted(String),
    Compare(Operator),
    And,
    Or,
    Not,
    Open,
    Close,
}

/// An error at a stretch of the filter's characters.
pub(super) fn error(code: &str, text: &str, (start, end): (usize, usize), message: String, help: &str) -> Diagnostic {
    let place = |at: usize| {
        let before = text.chars().take(at);
        let (mut line, mut column) = (1, 1);
        for letter in before {
            (line, column) = if letter == '\n' { (line + 1, 1) } else { (line, column + 1) };
        }
        (line, column)
    };
    let ((line, column), (end_line, end_column)) = (place(start), place(end));
    Diagnostic {
        code: code.into(),
        severity: Level::Error,
        message,
        help: help.into(),
        span: Span { line, column, end_line, end_column },
        label: String::new(),
    }
}

/// All pieces of a filter.
pub(super) fn tokens(text: &str) -> Result<Vec<Token>, Diagnostic> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(letter) = letters.get(at).copied() {
        let start = at;
        at += 1;
        let followed_by = |wanted: char| letters.get(start + 1) == Some(&wanted);
        let what = match letter {
            letter if letter.is_whitespace() => continue,
            '(' => What::Open,
            ')' => What::Close,
            '"' | '\'' => {
                let (quoted, end) = quoted(&letters, start).ok_or_else(|| {
                    let message = "The text in quotes does not end.".to_owned();
                    error("open-quote", text, (start, letters.len()), message, "Add a quote at its end.")
                })?;
                at = end;
                What::Quoted(quoted)
            }
            '=' | '!' | '<' | '>' | '&' | '|' => {
                let double = followed_by('=') || matches!(letter, '&' | '|') && followed_by(letter);
                at += usize::from(double);
                match (letter, double) {
                    ('=', _) => What::Compare(Operator::Equal),
                    ('!', true) => What::Compare(Operator::NotEqual),
                    ('!', false) => What::Not,
                    ('<', true) => What::Compare(Operator::LessOrEqual),
                    ('<', false) => What::Compare(Operator::Less),
                    ('>', true) => What::Compare(Operator::GreaterOrEqual),
                    ('>', false) => What::Compare(Operator::Greater),
                    ('&', _) => What::And,
                    _ => What::Or,
                }
            }
            _ => {
                while letters.get(at).is_some_and(|letter| is_word(*letter)) {
                    at += 1;
                }
                word(letters[start..at].iter().collect())
            }
        };
        tokens.push(Token { what, start, end: at });
    }
    Ok(tokens)
}

fn is_word(letter: char) -> bool {
    !letter.is_whitespace() && !matches!(letter, '(' | ')' | '"' | '\'' | '=' | '!' | '<' | '>' | '&' | '|')
}

fn word(word: String) -> What {
    match word.to_ascii_lowercase().as_str() {
        "and" => What::And,
        "or" => What::Or,
        "not" => What::Not,
        "contains" => What::Compare(Operator::Contains),
        _ => What::Word(word),
    }
}

/// The text that begins with the quote at `start`, and where it ends. `\` takes the next character as it is.
fn quoted(letters: &[char], start: usize) -> Option<(String, usize)> {
    let quote = letters[start];
    let mut text = String::new();
    let mut at = start + 1;
    loop {
        let mut letter = *letters.get(at)?;
        if letter == quote {
            return Some((text, at + 1));
        }
        if letter == '\\' {
            at += 1;
            letter = *letters.get(at)?;
        }
        text.push(letter);
        at += 1;
    }
}
