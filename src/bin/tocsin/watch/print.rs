//! What `watch` prints.

use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

use jiff::tz::TimeZone;
use tocsin::{
    alert::{Change, ChangeKind},
    diagnostic::Level,
    pipeline::{Seen, Told},
    rules::{RuleStatus, duration, folder::Loaded},
    sink::terminal::Line,
    source::{ConnectionState, Phase},
};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use super::Format;
use crate::output::{Lines, complain};

/// Prints alert changes as they are committed.
pub struct Printer {
    format: Format,
    told: Receiver<Told>,
}

impl Printer {
    pub fn new(format: Format, told: Receiver<Told>) -> Self {
        Self { format, told }
    }

    /// Runs until the pipeline ends or nobody reads any more.
    pub async fn run(mut self) -> io::Result<()> {
        loop {
            match self.told.recv().await {
                Ok(Told::Changes { changes, .. }) => self.changes(&changes)?,
                Ok(Told::BegunAnew(aside)) => {
                    complain(&format!(
                        "The database was damaged; it is kept as {}. A new one is begun.",
                        aside.path.display()
                    ));
                }
                Ok(Told::Storage(Some(problem))) => complain(&problem.message),
                Ok(Told::Popups(Some(reason))) => complain(&format!("a pop-up could not be shown: {reason}")),
                Ok(Told::Rejected { topic, code }) => {
                    complain(&format!("a frame of {topic} could not be read: {code}"));
                }
                Ok(Told::Trouble(trouble)) if trouble.fault => {
                    complain(&format!("rule {}: {}", trouble.rule, trouble.message));
                }
                Ok(_) => {}
                Err(RecvError::Lagged(missed)) => {
                    complain(&format!("{missed} messages were too fast to print; they are stored"));
                }
                Err(RecvError::Closed) => return Ok(()),
            }
        }
    }

    fn changes(&self, changes: &[Change]) -> io::Result<()> {
        let mut lines = Lines::new();
        for change in changes {
            match self.format {
                Format::Json => {
                    if let Some(line) = change.line() {
                        lines.line(&line)?;
                    }
                }
                Format::Text if change.spoke() || change.change == ChangeKind::Resolved => {
                    let time = change.time.to_zoned(TimeZone::system());
                    let line = Line {
                        time: &time,
                        severity: change.severity,
                        change: change.change.name(),
                        title: &change.title,
                        body: &change.body,
                    };
                    lines.shown(&line.show(io::stdout().is_terminal()))?;
                }
                Format::Text => {}
            }
        }
        lines.flush()
    }
}

/// Names on standard error the rules that do not run, and why, and those that look back further than the log `keeps` rows.
pub fn name_findings(seen: &Seen, loaded: &Loaded, keeps: Duration) {
    for problem in &loaded.problems {
        complain(&format!("{}: {}", problem.path.display(), problem.message));
    }
    for rule in seen.rules.iter().filter(|rule| rule.status != RuleStatus::Running) {
        let first = rule.diagnostics.iter().find(|finding| finding.severity == Level::Error);
        let message = first.map_or("it has errors", |finding| &finding.message);
        complain(&format!("rule {} does not run: {message}", rule.name));
    }
    for rule in seen.rules.iter().filter(|rule| rule.looks_back > keeps) {
        complain(&format!(
            "rule {} looks {} back, and the log keeps {}: when it is new or edited, it cannot see further. Keep the log \
             for longer with --keeps, or look less far back.",
            rule.name,
            duration::format(rule.looks_back),
            duration::format(keeps)
        ));
    }
}

/// Says how a connection stands.
pub fn connection(state: &ConnectionState) {
    let topic = state.topic;
    let problem = state.problem.as_ref();
    match state.phase {
        Phase::Live => complain(&format!("{topic}: listening")),
        Phase::Connecting => {}
        Phase::BackingOff => {
            complain(&format!(
                "{topic}: not listening. {} Tried again by itself.",
                problem.map_or("", |problem| &problem.message)
            ));
        }
        Phase::Refused => {
            let (message, steps) =
                problem.map_or_else(Default::default, |problem| (problem.message.clone(), problem.steps.join(" ")));
            complain(&format!("{topic}: refused. {message} {steps}"));
        }
    }
}
