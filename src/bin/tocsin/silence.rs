//! `tocsin silence`: add, list and end silences while Tocsin is not running.

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use tocsin::{
    alert::{Matchers, Silence},
    clock::Clock,
    pipeline::note,
    rules::{Severity, duration},
    store::{Control, FILE, StoreError},
};

use crate::{
    Ending, Failure,
    data::Log,
    output::{Lines, complain},
};

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show no pop-ups of the alerts that match, for a while and for a reason
    Add(Add),
    /// Print the silences in force, one JSON line each
    List {
        #[command(flatten)]
        log: Log,
        /// How to print: JSON Lines is the only way
        #[arg(long, value_parser = ["json"], default_value = "json")]
        format: String,
    },
    /// End a silence before its time
    End {
        /// Its id, as list prints it
        id: u64,
        #[command(flatten)]
        log: Log,
    },
}

/// Patterns are as in the function glob; one that is left out fits everything.
#[derive(Debug, Args)]
struct Add {
    /// Rules whose name fits, such as security/*
    #[arg(long, value_name = "PATTERN", default_value = "", hide_default_value = true)]
    rule: String,
    /// Keys that fit
    #[arg(long, value_name = "PATTERN", default_value = "", hide_default_value = true)]
    key: String,
    /// Kinds of events that fit, such as security.rogue
    #[arg(long, value_name = "PATTERN", default_value = "", hide_default_value = true)]
    kind: String,
    /// Titles that fit
    #[arg(long, value_name = "PATTERN", default_value = "", hide_default_value = true)]
    title: String,
    /// Only this severity
    #[arg(long, value_parser = ["info", "warning", "critical"])]
    severity: Option<String>,
    /// Show what is critical all the same
    #[arg(long)]
    spare_critical: bool,
    /// For how long, such as 2h
    #[arg(long = "for", value_name = "DURATION")]
    span: String,
    /// Why: it stands beside every pop-up that is not shown
    #[arg(long)]
    comment: String,
    #[command(flatten)]
    log: Log,
}

/// What adding one prints.
#[derive(Serialize)]
struct Added {
    id: u64,
}

/// A silence as it is printed.
#[derive(Serialize)]
struct Line<'a> {
    id: u64,
    matchers: &'a Matchers,
    since: Timestamp,
    until: Timestamp,
    comment: &'a str,
    by: &'a str,
}

/// Carries it out.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let now = Clock::system().now();
    match &arguments.what {
        What::Add(add) => {
            let silence = control(add, now)?;
            let row = append(&add.log, silence, now)?;
            let mut output = Lines::new();
            output.line(&Added { id: row })?;
            output.flush()?;
        }
        What::List { log, .. } => {
            let mut output = Lines::new();
            for Silence { id, matchers, since, until, comment, by } in &log.reader()?.silences(now)? {
                output.line(&Line { id: *id, matchers, since: *since, until: *until, comment, by })?;
            }
            output.flush()?;
        }
        What::End { id, log } => {
            if !log.reader()?.silences(now)?.iter().any(|silence| silence.id == *id) {
                return Err(
                    format!("No silence {id} is in force. \"tocsin silence list\" prints those that are.").into()
                );
            }
            append(log, Control::EndSilence { id: *id }, now)?;
        }
    }
    Ok(Ending::Good)
}

fn control(add: &Add, now: Timestamp) -> Result<Control, Failure> {
    let matchers = Matchers {
        rule: add.rule.clone(),
        key: add.key.clone(),
        kind: add.kind.clone(),
        title: add.title.clone(),
        severity: add.severity.as_deref().and_then(Severity::named),
        spare_critical: add.spare_critical,
    };
    if matchers.is_any() {
        return Err(
            "Say what to silence with --rule, --key, --kind, --title or --severity; --rule '*' is everything.".into()
        );
    }
    let comment = add.comment.split_whitespace().collect::<Vec<_>>().join(" ");
    if comment.is_empty() {
        return Err("A silence needs a reason: say it with --comment.".into());
    }
    let span = duration::parse(&add.span)?;
    let until = now.saturating_add(SignedDuration::try_from(span)?).unwrap_or(Timestamp::MAX);
    Ok(Control::Silence { matchers, until, comment: comment.into(), by: "you".into() })
}

/// Appends it to the log, to count from there on; gives the number of its row.
fn append(log: &Log, control: Control, now: Timestamp) -> Result<u64, Failure> {
    let folder = log.folder()?;
    if !folder.join(FILE).is_file() {
        // A log that is begun here is one that nobody will read: the folder's name is mistyped.
        return Err(StoreError::Missing { folder }.into());
    }
    let noted = match note(&folder, control, now) {
        Err(StoreError::InUse { folder }) => {
            return Err(format!(
                "Tocsin is running with {}, and only it writes there. Use its window, or close it first.",
                folder.display()
            )
            .into());
        }
        noted => noted?,
    };
    if let Some(aside) = noted.set_aside {
        complain(&format!("The database was damaged; it is kept as {}. A new one is begun.", aside.path.display()));
    }
    Ok(noted.row)
}
