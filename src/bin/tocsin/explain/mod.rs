//! `tocsin explain`: why a rule fired on an event of a log, or did not.

mod print;

use std::{
    fs::File,
    io::{self, BufRead, BufReader, IsTerminal},
    path::PathBuf,
};

use clap::{Args, ValueEnum};
use jiff::tz::TimeZone;
use tocsin::{
    event::EventId,
    pipeline::{
        Ruling,
        replay::{Explained, JsonLines, Replay},
    },
    rules::load_path,
    store::{Reader, Row, RowBody},
};

use crate::{
    Ending, Failure,
    output::{Lines, complain},
    replay::{PAGE, cannot_open, database},
};

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A Tocsin database (or its folder), or JSON Lines, each with frame (base64) and received (RFC 3339); `-` for
    /// JSON Lines from standard input
    log: PathBuf,
    /// The folder of rules; without it, those in the database
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// The rule to ask, as its path below the folder without .rhai: security/rogue-on-the-wire
    #[arg(long, value_name = "NAME")]
    rule: String,
    /// The event: its row (in JSON Lines: its line) and its record's place in it from 0, such as 18452.3
    #[arg(long, value_name = "ID")]
    event: EventId,
    /// The operator's time zone for between and weekday in JSON Lines
    #[arg(long, value_name = "NAME", default_value = "UTC")]
    zone: String,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people: each clause with its mark, and what came of it
    #[default]
    Text,
    /// One JSON line
    Json,
}

/// Plays the log up to the event, and explains. Ends well whatever the rule said.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let zone = TimeZone::get(&arguments.zone).map_err(|_| format!("\"{}\" is no time zone.", arguments.zone))?;
    let replay = match &arguments.rules {
        None => Replay::as_it_was(),
        Some(folder) => {
            let loaded =
                load_path(folder).map_err(|error| format!("{} could not be read: {error}.", folder.display()))?;
            for problem in &loaded.problems {
                complain(&format!("{}: {}", folder.join(&problem.path).display(), problem.message));
            }
            let replay =
                Replay::with(Ruling { rules: loaded.rules, lists: loaded.lists, ..Ruling::default() }, &arguments.zone);
            // Said at once, before a long log is gone through.
            replay.can_ask(&arguments.rule)?;
            replay
        }
    };
    let mut search = Search { replay, arguments, first: None, last: None };
    let explained = match database(&arguments.log)? {
        Some(reader) => search.database(&reader)?,
        None if arguments.rules.is_none() => {
            return Err("Name the rules with --rules DIR: JSON Lines hold none.".into());
        }
        None if arguments.log.as_os_str() == "-" => search.lines(io::stdin().lock())?,
        None => {
            let file = File::open(&arguments.log).map_err(|error| cannot_open(&arguments.log, &error))?;
            search.lines(BufReader::with_capacity(1 << 17, file))?
        }
    };
    let mut lines = Lines::new();
    match arguments.format {
        Format::Json => lines.line(&explained)?,
        Format::Text => {
            let colours = io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
            for line in print::lines(&explained, &zone, colours) {
                lines.shown(&line)?;
            }
        }
    }
    lines.flush()?;
    Ok(Ending::Good)
}

/// Going through a log for an event.
struct Search<'a> {
    replay: Replay,
    arguments: &'a Arguments,
    /// The first and the last row that held a frame.
    first: Option<u64>,
    last: Option<u64>,
}

impl Search<'_> {
    fn database(&mut self, reader: &Reader) -> Result<Explained, Failure> {
        let mut last = 0;
        loop {
            let page = reader.rows_after(last, PAGE)?;
            let Some(row) = page.last() else { return Err(self.nowhere("row")) };
            last = row.seq;
            for row in &page {
                if let Some(explained) = self.row(row)? {
                    return Ok(explained);
                }
            }
        }
    }

    fn lines(&mut self, input: impl BufRead) -> Result<Explained, Failure> {
        let mut lines = JsonLines::new(input);
        while let Some(line) = lines.next_row().map_err(|error| format!("The log cannot be read on: {error}."))? {
            match line {
                Ok(row) => {
                    if let Some(explained) = self.row(&row)? {
                        return Ok(explained);
                    }
                }
                Err(bad) if bad.number == self.arguments.event.seq => {
                    return Err(format!("Line {} has no events: {}", bad.number, bad.message).into());
                }
                Err(bad) => complain(&format!("line {}: {}", bad.number, bad.message)),
            }
        }
        Err(self.nowhere("line"))
    }

    /// The explanation, if it is the row of the event.
    fn row(&mut self, row: &Row) -> Result<Option<Explained>, Failure> {
        if row.seq == self.arguments.event.seq {
            if matches!(row.body, RowBody::Frame { .. }) {
                self.replay.can_ask(&self.arguments.rule)?;
            }
            return Ok(Some(self.replay.explain(row, self.arguments.event, &self.arguments.rule)?));
        }
        if matches!(row.body, RowBody::Frame { .. }) {
            self.first = self.first.or(Some(row.seq));
            self.last = Some(row.seq);
        }
        self.replay.row(row);
        Ok(None)
    }

    fn nowhere(&self, row_is: &str) -> Failure {
        let event = self.arguments.event;
        match (self.first, self.last) {
            (Some(first), Some(last)) => {
                format!("There is no event {event}: the log's frames are {row_is}s {first} to {last}.").into()
            }
            _ => format!("There is no event {event}: the log holds no frames.").into(),
        }
    }
}
