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
        Ruling, Step,
        replay::{BadLine, Explained, JsonLines, Replay},
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
    /// The event: its row (in JSON Lines: its line) and its record's place in it from 0, such as 18452.3; without it,
    /// the last one of the log on which the rule said something
    #[arg(long, value_name = "ID")]
    event: Option<EventId>,
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
    if arguments.event.is_none() && arguments.log.as_os_str() == "-" {
        return Err("Name the event with --event ID: standard input is read only once.".into());
    }
    let replay = begin(arguments)?;
    let event = match arguments.event {
        Some(event) => event,
        None => latest(arguments)?,
    };
    let explained = Search { replay, arguments, zone: &zone, event, first: None, last: None }.find()?;
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

/// The engine before the first row.
fn begin(arguments: &Arguments) -> Result<Replay, Failure> {
    let Some(folder) = &arguments.rules else { return Ok(Replay::as_it_was()) };
    let loaded = load_path(folder).map_err(|error| format!("{} could not be read: {error}.", folder.display()))?;
    for problem in &loaded.problems {
        complain(&format!("{}: {}", folder.join(&problem.path).display(), problem.message));
    }
    let ruling = Ruling { rules: loaded.rules, lists: loaded.lists, ..Ruling::default() };
    let replay = Replay::with(ruling, &arguments.zone);
    // Said at once, before a long log is gone through.
    replay.can_ask(&arguments.rule)?;
    Ok(replay)
}

/// The last event that did something to an alert of the rule.
fn latest(arguments: &Arguments) -> Result<EventId, Failure> {
    let mut replay = begin(arguments)?;
    let mut latest = None;
    rows(arguments, |log, row| {
        let Ok(row) = row else { return Ok(None::<()>) };
        let step = play(&mut replay, log, &row)?;
        let mine = step.changes.iter().filter(|change| *change.rule == *arguments.rule);
        latest = mine.filter_map(|change| change.event).next_back().or(latest);
        Ok(None)
    })?;
    latest.ok_or_else(|| {
        format!("{} said nothing on any event of the log. Name an event with --event ID.", arguments.rule).into()
    })
}

fn play(replay: &mut Replay, log: Option<&Reader>, row: &Row) -> Result<Step, Failure> {
    Ok(match log {
        Some(log) => replay.row_of(row, log)?,
        None => replay.row(row),
    })
}

/// Hands over the rows of the log, one after the other, and the database that they are of, until something comes of it.
fn rows<T>(
    arguments: &Arguments,
    mut take: impl FnMut(Option<&Reader>, Result<Row, BadLine>) -> Result<Option<T>, Failure>,
) -> Result<Option<T>, Failure> {
    let path = &arguments.log;
    if let Some(reader) = database(path)? {
        let mut last = 0;
        loop {
            let page = reader.rows_after(last, PAGE)?;
            let Some(row) = page.last() else { return Ok(None) };
            last = row.seq;
            for row in page {
                if let Some(found) = take(Some(&reader), Ok(row))? {
                    return Ok(Some(found));
                }
            }
        }
    }
    if arguments.rules.is_none() {
        return Err("Name the rules with --rules DIR: JSON Lines hold none.".into());
    }
    let input: Box<dyn BufRead> = if path.as_os_str() == "-" {
        Box::new(io::stdin().lock())
    } else {
        let file = File::open(path).map_err(|error| cannot_open(path, &error))?;
        Box::new(BufReader::with_capacity(1 << 17, file))
    };
    let mut lines = JsonLines::new(input);
    while let Some(line) = lines.next_row().map_err(|error| format!("The log cannot be read on: {error}."))? {
        if let Some(found) = take(None, line)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Going through a log for an event.
struct Search<'a> {
    replay: Replay,
    arguments: &'a Arguments,
    zone: &'a TimeZone,
    event: EventId,
    /// The first and the last row that held a frame.
    first: Option<u64>,
    last: Option<u64>,
}

impl Search<'_> {
    fn find(mut self) -> Result<Explained, Failure> {
        let mut row_is = "line";
        let found = rows(self.arguments, |log, row| {
            if log.is_some() {
                row_is = "row";
            }
            match row {
                Ok(row) => self.row(log, &row),
                Err(bad) if bad.number == self.event.seq => {
                    Err(format!("Line {} has no events: {}", bad.number, bad.message).into())
                }
                Err(bad) => {
                    complain(&format!("line {}: {}", bad.number, bad.message));
                    Ok(None)
                }
            }
        })?;
        found.ok_or_else(|| self.nowhere(row_is))
    }

    /// The explanation, if it is the row of the event.
    fn row(&mut self, log: Option<&Reader>, row: &Row) -> Result<Option<Explained>, Failure> {
        if row.seq == self.event.seq {
            if matches!(row.body, RowBody::Frame { .. }) {
                self.replay.can_ask(&self.arguments.rule)?;
            }
            return Ok(Some(self.replay.explain(row, self.event, &self.arguments.rule, self.zone)?));
        }
        if matches!(row.body, RowBody::Frame { .. }) {
            self.first = self.first.or(Some(row.seq));
            self.last = Some(row.seq);
        }
        play(&mut self.replay, log, row)?;
        Ok(None)
    }

    fn nowhere(&self, row_is: &str) -> Failure {
        let event = self.event;
        match (self.first, self.last) {
            (Some(first), Some(last)) => {
                format!("There is no event {event}: the log's frames are {row_is}s {first} to {last}.").into()
            }
            _ => format!("There is no event {event}: the log holds no frames.").into(),
        }
    }
}
