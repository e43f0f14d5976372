//! One rule on one event.

use std::{
    cell::RefCell,
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
    sync::Arc,
};

use rhai::{Array, CallFnOptions, Dynamic, FuncArgs, Scope};
use sha2::{Digest, Sha256};

pub(super) use super::record::Record;
use super::{
    Outcome,
    engine::Host,
    record,
    room::with_room_for,
    script::Script,
    trouble::{Trouble, value},
};
use crate::functions::remember::Memory;

/// The longest key, title and body, in characters. A longer key is cut and told apart by its hash.
const KEY: usize = 200;
const TITLE: usize = 200;
const BODY: usize = 2000;

/// A rule and the event it looks at.
pub(super) struct Call<'a> {
    pub host: &'a Host,
    pub script: &'a Script,
    pub memory: &'a RefCell<Memory>,
    /// The rule's index, which is also its tag.
    pub rule: usize,
    pub title: &'a Arc<str>,
    pub record: &'a Record,
    pub outcomes: &'a mut Vec<Outcome>,
    /// It ran away on this event: no more of its functions are called.
    pub ran_away: bool,
}

impl Call<'_> {
    /// Adds what comes of it. Nothing, if it does not match.
    pub fn run(&mut self) {
        if self.script.has("remember") {
            self.ask("remember");
        }
        if !self.ran_away && self.script.has("resolved") && self.condition("resolved") {
            let key = self.key();
            return self.outcomes.push(Outcome::Resolved { rule: self.rule, key });
        }
        if !self.ran_away && self.condition("when") {
            let key = self.key();
            let title = self.title();
            let body = self.body();
            self.outcomes.push(Outcome::Match { rule: self.rule, key, title, body });
        }
    }

    /// Whether a condition holds. An absent value does not.
    fn condition(&mut self, function: &str) -> bool {
        match self.ask(function) {
            None => false,
            Some(answer) if answer.is_unit() => false,
            Some(answer) => answer.as_bool().unwrap_or_else(|kind| {
                let message = format!("fn {function} gives {}, not true or false.", value(kind));
                self.outcomes.push(Outcome::Failed { rule: self.rule, message, line: None });
                false
            }),
        }
    }

    /// What the alert is about: what the rule says, else what identifies an event of the kind.
    fn key(&mut self) -> Arc<str> {
        let said = self.words("key", " ");
        let key = said.unwrap_or_else(|| {
            let kind = self.record.0.kind;
            let parts =
                kind.identity.iter().filter_map(|field| self.record.0.get(field)).map(|value| record::text(&value));
            let key = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
            if key.is_empty() { kind.name.into() } else { key }
        });
        bounded_key(&key)
    }

    fn title(&mut self) -> Arc<str> {
        self.words("title", " ").map_or_else(|| Arc::clone(self.title), |title| bounded_title(&title))
    }

    fn body(&mut self) -> Arc<str> {
        let body = self.words("body", ", ").unwrap_or_else(|| {
            let told = self.record.0.kind.telling.iter().filter_map(|field| {
                let value = record::text(&self.record.0.get(field)?);
                (!value.is_empty()).then(|| format!("{field} {value}"))
            });
            told.collect::<Vec<_>>().join(", ")
        });
        bounded_body(&body)
    }

    /// What a function gives, as text; `None` if there is no such function, it fails, or it gives nothing.
    fn words(&mut self, function: &str, between: &str) -> Option<String> {
        if !self.script.has(function) {
            return None;
        }
        let answer = self.ask(function)?;
        let text = match answer.read_lock::<Array>() {
            Some(parts) => parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(between),
            None => answer.to_string(),
        };
        Some(text).filter(|text| !text.trim().is_empty())
    }

    /// Calls a function of the rule. Trouble becomes an outcome and no answer.
    fn ask(&mut self, function: &str) -> Option<Dynamic> {
        if self.ran_away {
            return None;
        }
        let mut trouble = match self.call(function, self.record.clone()) {
            Ok(answer) => return Some(answer),
            Err(trouble) => trouble,
        };
        if matches!(trouble, Trouble::Runaway(_)) {
            let short = Record(Rc::new(record::shortened(&self.record.0)));
            // The second look is not another event: nothing of it is remembered.
            let aside = self.memory.borrow().lay_aside(self.rule);
            let still = matches!(self.call(function, short), Err(Trouble::Runaway(_)));
            if let Some(aside) = aside {
                self.memory.borrow_mut().put_back(self.rule, aside);
            }
            if !still {
                // Only this event makes it long: nobody may switch a rule off by what they send.
                trouble = Trouble::CannotTell(format!("fn {function} takes too many steps to go through this event."));
            }
        }
        self.ran_away = matches!(trouble, Trouble::Runaway(_));
        if function != "when" {
            trouble = trouble.within(function);
        }
        let rule = self.rule;
        self.outcomes.push(match trouble {
            Trouble::CannotTell(reason) => Outcome::CannotTell { rule, reason },
            Trouble::Runaway(reason) => Outcome::Runaway { rule, reason, until: self.record.0.received },
            Trouble::Failed { message, line } => Outcome::Failed { rule, message, line },
        });
        None
    }

    fn call(&self, function: &str, record: Record) -> Result<Dynamic, Trouble> {
        call(self.host, self.script, self.rule, function, (record,))
    }
}

/// Calls a function of the rule at this place of the rules, with room for it.
pub(super) fn call(
    host: &Host,
    script: &Script,
    rule: usize,
    function: &str,
    given: impl FuncArgs,
) -> Result<Dynamic, Trouble> {
    host.begin();
    let options = CallFnOptions::new().eval_ast(false).with_tag(rule as i64);
    let called = catch_unwind(AssertUnwindSafe(|| {
        with_room_for(script.room, || {
            host.engine.call_fn_with_options(options, &mut Scope::new(), &script.ast, function, given)
        })
    }));
    match called {
        Ok(answer) => answer.map_err(|error| Trouble::of(&error)),
        Err(_) => Err(Trouble::Failed { message: format!("fn {function} ended in an error of Tocsin."), line: None }),
    }
}

/// A key of bearable length: a longer one is cut and told apart by its hash.
pub(super) fn bounded_key(key: &str) -> Arc<str> {
    match beyond(key, KEY) {
        None => key.into(),
        Some(end) => {
            let hash = Sha256::digest(key);
            let hash = hash.iter().take(8).fold(0_u64, |hash, byte| hash << 8 | u64::from(*byte));
            format!("{}… {hash:016x}", &key[..end]).into()
        }
    }
}

/// A title of bearable length.
pub(super) fn bounded_title(text: &str) -> Arc<str> {
    cut(text, TITLE)
}

/// A body of bearable length.
pub(super) fn bounded_body(text: &str) -> Arc<str> {
    cut(text, BODY)
}

pub(super) fn cut(text: &str, length: usize) -> Arc<str> {
    match beyond(text, length) {
        None => text.into(),
        Some(end) => format!("{}…", &text[..end]).into(),
    }
}

/// Where the text has had so many characters, if it has more.
fn beyond(text: &str, length: usize) -> Option<usize> {
    // No text has more characters than octets.
    (text.len() > length).then(|| text.char_indices().nth(length).map(|(end, _)| end)).flatten()
}
