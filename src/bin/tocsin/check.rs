//! `tocsin check`: what is wrong with rules, before they run.

use std::{path::PathBuf, time::Duration};

use clap::{Args, ValueEnum};
use serde::Serialize;
use tocsin::{
    api,
    diagnostic::{Diagnostic, Level},
    rules::{check_paths, duration},
};

use crate::{
    Ending, Failure,
    data::Data,
    output::{Lines, complain},
};

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Rules, or folders of them; lists are those in `lists/` there or above
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// How long the log keeps rows, such as 90d: windows that are longer are told; without it, as the settings in the
    /// data folder say (30 days)
    #[arg(long, value_name = "DURATION", value_parser = duration::parse)]
    keeps: Option<Duration>,
    #[command(flatten)]
    data: Data,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people: the line, an underline, what to write instead
    #[default]
    Text,
    /// One JSON line per finding
    Json,
}

/// A finding as it is printed.
#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    #[serde(flatten)]
    finding: &'a Diagnostic,
}

/// Checks all that is named. Warnings are findings, too.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let keeps = if let Some(keeps) = arguments.keeps {
        keeps
    } else {
        let (settings, _, trouble) = api::settings(&arguments.data.folder()?).map_err(|error| error.message)?;
        if let Some(trouble) = trouble {
            complain(&trouble);
        }
        settings.retention().age
    };
    let checked = check_paths(&arguments.paths, Some(keeps))
        .map_err(|(path, error)| format!("{} could not be read: {error}.", path.display()))?;
    let mut lines = Lines::new();
    let (mut errors, mut warnings) = (0, 0);
    for rule in &checked {
        let file = rule.file.display().to_string();
        for finding in &rule.findings {
            match finding.severity {
                Level::Error => errors += 1,
                Level::Warning => warnings += 1,
            }
            match arguments.format {
                Format::Text => {
                    for line in finding.picture(&file, &rule.text).lines() {
                        lines.text(line)?;
                    }
                    lines.text("")?;
                }
                Format::Json => lines.line(&Line { file: &file, finding })?,
            }
        }
    }
    lines.flush()?;
    complain(&format!(
        "{} checked: {}, {}.",
        number(checked.len(), "rule"),
        number(errors, "error"),
        number(warnings, "warning")
    ));
    Ok(if errors + warnings == 0 { Ending::Good } else { Ending::Findings })
}

fn number(count: usize, what: &str) -> String {
    match count {
        0 => format!("no {what}s"),
        1 => format!("1 {what}"),
        more => format!("{more} {what}s"),
    }
}
