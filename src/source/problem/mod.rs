//! Every way a connection can fail, in the words of the person who has to mend it.

mod answer;
mod network;
mod words;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use answer::{about_answer, about_close, about_validate_answer};
pub use network::{
    about_tls, half_open, oversized, reset, sleeps, slept, timed_out, unknown_host, unreachable, unresolved,
};
pub use words::inert;

/// Why something does not work, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable and short, such as `unsubscribed-topic`.
    pub code: String,
    /// The other side's own words, made inert and at most 300 characters; empty when it said nothing.
    pub said: String,
    /// What happened and what it means.
    pub message: String,
    /// What to do, in order.
    pub steps: Vec<String>,
    /// When it makes sense to try again without anybody having done anything.
    pub retry: Retry,
}

/// When a failed connection may try again by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// It may pass: back off and try.
    Soon,
    /// As [`Retry::Soon`], but the server asked for at least so many seconds.
    After(u32),
    /// Somebody has to act, perhaps elsewhere: look again every few minutes, in case they did.
    Slowly,
    /// Trying again would do harm or cannot help: wait for the user.
    Never,
}

impl Problem {
    /// A problem that may pass by itself.
    pub fn new(code: &str, message: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            said: String::new(),
            message: message.into(),
            steps: Vec::new(),
            retry: Retry::Soon,
        }
    }

    /// Adds what the other side said.
    pub fn said(mut self, words: &str) -> Self {
        self.said = inert(words, 300);
        self
    }

    /// Adds something to do.
    pub fn step(mut self, step: impl Into<String>) -> Self {
        self.steps.push(step.into());
        self
    }

    /// Says when to try again.
    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// The least time to wait before the next try, if the server named one.
    pub fn wait_at_least(&self) -> Duration {
        match self.retry {
            Retry::After(seconds) => Duration::from_secs(seconds.into()),
            _ => Duration::ZERO,
        }
    }
}

impl std::fmt::Display for Problem {
    /// In one line: the message, what the other side said, what to do.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)?;
        if !self.said.is_empty() {
            write!(f, " It says: \"{}\".", self.said)?;
        }
        for step in &self.steps {
            write!(f, " {step}")?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests;
