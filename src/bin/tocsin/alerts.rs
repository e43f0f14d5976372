//! `tocsin alerts`: the history of alert changes, or the alerts themselves as the window exports them.

use std::io::{BufWriter, stdout};

use clap::{Args, ValueEnum};
use jiff::{Timestamp, tz::TimeZone};
use tocsin::{
    api::{ExportFormat, History, HistoryQuery, Millis, Unwritten, export_alerts},
    clock::Clock,
    store::Reader,
};

use crate::{Ending, Failure, data::Log, output::Lines};

/// How many changes are read at a time.
const PAGE: usize = 1_000;

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    log: Log,
    /// How to print changes: JSON Lines is the only way
    #[arg(long, value_parser = ["json"], default_value = "json")]
    format: String,
    /// Print the alerts instead of their changes, the latest first: a table, or a list with the timeline of each
    #[arg(long = "as", value_name = "WAY")]
    table: Option<Way>,
    /// Only alerts that pass, such as 'severity == critical and rule != "security/flood"'
    #[arg(long, value_name = "FILTER", requires = "table", default_value = "")]
    filter: String,
    /// Only alerts that began then or later, RFC 3339
    #[arg(long, value_name = "TIME", requires = "table")]
    from: Option<Timestamp>,
    /// Only alerts that began before then, RFC 3339
    #[arg(long, value_name = "TIME", requires = "table")]
    to: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Way {
    Csv,
    Json,
}

/// Prints every change that `tocsin replay` would print, oldest first, one JSON line each; or alerts, with times in UTC.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let reader = arguments.log.reader()?;
    match arguments.table {
        Some(way) => alerts(arguments, &reader, way)?,
        None => changes(&reader)?,
    }
    Ok(Ending::Good)
}

fn changes(reader: &Reader) -> Result<(), Failure> {
    let mut output = Lines::new();
    let mut last = 0;
    loop {
        let page = reader.changes(last, PAGE)?;
        let Some((id, _)) = page.last() else { break };
        last = *id;
        for line in page.iter().filter_map(|(_, change)| change.line()) {
            output.line(&line)?;
        }
    }
    output.flush()?;
    Ok(())
}

fn alerts(arguments: &Arguments, reader: &Reader, way: Way) -> Result<(), Failure> {
    let now = Clock::system().now();
    let silences = reader.silences(now)?;
    let asked = History { reader, silences: &silences, now };
    let query = HistoryQuery {
        filter: arguments.filter.clone(),
        from: arguments.from.map(Millis::from),
        to: arguments.to.map(Millis::from),
    };
    let format = match way {
        Way::Csv => ExportFormat::Csv,
        Way::Json => ExportFormat::Json,
    };
    match export_alerts(&asked, &query, format, &TimeZone::UTC, BufWriter::new(stdout().lock())) {
        Ok(_) => Ok(()),
        // That nobody reads on is no failure: `main` looks for it.
        Err(Unwritten::Out(error)) => Err(error.into()),
        Err(Unwritten::Asked(error)) => Err(format!("{} {}", error.message, error.help).trim_end().into()),
    }
}
