//! A filter's pieces to a condition.

use super::{
    Condition, Literal, MAX_LENGTH, Operator,
    token::{Token, What, error, tokens},
};
use crate::{
    diagnostic::Diagnostic,
    event::{EVENT_FIELDS, catalogue},
};

/// How deep parentheses and `not` may nest.
const MAX_DEPTH: usize = 50;

/// The fields that a filter may compare.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    /// What has them, such as `event`.
    pub of: &'static str,
    /// Their names.
    pub known: fn() -> Vec<&'static str>,
    /// Those of them that have no order, so that `<` means nothing.
    pub unordered: &'static [&'static str],
}

/// Every name that some event can be asked for.
pub(super) const EVENTS: Names = Names { of: "event", known: of_events, unordered: &[] };

fn of_events() -> Vec<&'static str> {
    let of_kinds = catalogue::kinds().iter().flat_map(|kind| kind.fields).map(|field| field.name);
    EVENT_FIELDS.into_iter().chain(of_kinds).collect()
}

/// Reads a filter.
pub(super) fn filter(text: &str, names: &Names) -> Result<Condition, Diagnostic> {
    let length = text.chars().count();
    if length > MAX_LENGTH {
        let message = format!("The filter has {length} characters; at most {MAX_LENGTH} are read.");
        return Err(error("too-long", text, (MAX_LENGTH, length), message, "Write a shorter one."));
    }
    let tokens = tokens(text)?;
    let mut parser = Parser { text, names, tokens: &tokens, at: 0, depth: 0 };
    let condition = parser.any()?;
    match parser.peek() {
        None => Ok(condition),
        // Everything else is taken by `any`.
        Some(_) => Err(parser.fault("stray-parenthesis", "This parenthesis closes nothing.", "Remove it.")),
    }
}

struct Parser<'a> {
    text: &'a str,
    names: &'a Names,
    tokens: &'a [Token],
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a What> {
        self.tokens.get(self.at).map(|token| &token.what)
    }

    /// An error at the piece that comes next, or at the end.
    fn fault(&self, code: &str, message: &str, help: &str) -> Diagnostic {
        let end = self.text.chars().count();
        let place = self.tokens.get(self.at).map_or((end, end), |token| (token.start, token.end));
        error(code, self.text, place, message.into(), help)
    }

    fn any(&mut self) -> Result<Condition, Diagnostic> {
        let mut conditions = vec![self.all()?];
        while self.peek() == Some(&What::Or) {
            self.at += 1;
            self.needs_more()?;
            conditions.push(self.all()?);
        }
        Ok(if conditions.len() == 1 { conditions.remove(0) } else { Condition::Any(conditions) })
    }

    fn all(&mut self) -> Result<Condition, Diagnostic> {
        let mut conditions = Vec::new();
        loop {
            match self.peek() {
                None | Some(What::Close) => break,
                Some(What::Or) if !conditions.is_empty() => break,
                Some(What::And) if !conditions.is_empty() => {
                    self.at += 1;
                    self.needs_more()?;
                }
                _ => conditions.push(self.one()?),
            }
        }
        Ok(if conditions.len() == 1 { conditions.remove(0) } else { Condition::All(conditions) })
    }

    fn needs_more(&self) -> Result<(), Diagnostic> {
        match self.peek() {
            None | Some(What::Close | What::And | What::Or) => {
                Err(self.fault("missing-condition", "A condition is missing here.", "Write a word or a comparison."))
            }
            _ => Ok(()),
        }
    }

    fn one(&mut self) -> Result<Condition, Diagnostic> {
        let start = self.at;
        let what = self.peek();
        self.at += 1;
        match what {
            Some(What::Not) => {
                self.needs_more()?;
                let condition = self.deeper(Self::one)?;
                Ok(Condition::Not(Box::new(condition)))
            }
            Some(What::Open) => {
                self.needs_more()?;
                let condition = self.deeper(Self::any)?;
                if self.peek() != Some(&What::Close) {
                    self.at = start;
                    return Err(self.fault("open-parenthesis", "This parenthesis is not closed.", "Add `)`."));
                }
                self.at += 1;
                Ok(condition)
            }
            Some(What::Word(word)) => match self.peek() {
                Some(What::Compare(operator)) => self.comparison(start, word, *operator),
                _ => Ok(Condition::Anywhere(word.to_lowercase())),
            },
            Some(What::Quoted(text)) => Ok(Condition::Anywhere(text.to_lowercase())),
            _ => {
                self.at = start;
                let help = "Write a word to look for, or compare a field: ssid == \"corp\".";
                Err(self.fault("missing-condition", "A condition is missing here.", help))
            }
        }
    }

    fn deeper(&mut self, parse: fn(&mut Self) -> Result<Condition, Diagnostic>) -> Result<Condition, Diagnostic> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault("too-deep", "The filter nests too deep.", "Write a flatter one."));
        }
        let condition = parse(self);
        self.depth -= 1;
        condition
    }

    fn comparison(&mut self, start: usize, field: &str, operator: Operator) -> Result<Condition, Diagnostic> {
        let known = (self.names.known)();
        if !known.contains(&field) {
            self.at = start;
            let near = known.iter().map(|known| (strsim::jaro_winkler(known, field), *known));
            let near = near.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(score, _)| *score > 0.8);
            let help = near.map(|(_, known)| format!("Did you mean {known}?")).unwrap_or_default();
            let message = format!("No {} has a field \"{}\".", self.names.of, field.escape_debug());
            return Err(self.fault("unknown-field", &message, &help));
        }
        let orders = !matches!(operator, Operator::Equal | Operator::NotEqual | Operator::Contains);
        if orders && self.names.unordered.contains(&field) {
            let message = format!("\"{field}\" is neither more nor less than something.");
            return Err(self.fault("no-order", &message, &format!("Write {field} == or {field} !=.")));
        }
        self.at += 1;
        let with = match self.peek() {
            Some(What::Word(word)) => Literal::new(word.clone(), false),
            Some(What::Quoted(text)) => Literal::new(text.clone(), true),
            _ => {
                let message = "A value is missing here.";
                return Err(self.fault("missing-value", message, "Write a number, a word or a text in quotes."));
            }
        };
        self.at += 1;
        Ok(Condition::Compare { field: field.into(), operator, with })
    }
}
