//! A request that could not be carried out, in words.

use super::{ApiError, ProblemInfo};
use crate::{secrets::KeyringError, source::Problem, store::StoreError};

impl ApiError {
    /// What happened and what it means.
    pub fn new(code: &str, message: &str) -> Self {
        Self { code: code.to_owned(), message: message.to_owned(), help: String::new() }
    }

    /// What to do.
    pub fn help(self, help: &str) -> Self {
        Self { help: help.to_owned(), ..self }
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> Self {
        Self { code: problem.code, message: problem.message, help: problem.steps.join(" ") }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        Self::new(error.code(), &error.to_string())
    }
}

impl From<KeyringError> for ApiError {
    fn from(error: KeyringError) -> Self {
        Self::new(error.code(), error.message()).help(&error.steps().join(" "))
    }
}

impl From<&Problem> for ProblemInfo {
    fn from(problem: &Problem) -> Self {
        Self {
            code: problem.code.clone(),
            message: problem.message.clone(),
            said: problem.said.clone(),
            steps: problem.steps.clone(),
        }
    }
}

impl From<&KeyringError> for ProblemInfo {
    fn from(error: &KeyringError) -> Self {
        Self {
            code: error.code().to_owned(),
            message: error.message().to_owned(),
            said: error.said.clone(),
            steps: error.steps(),
        }
    }
}
