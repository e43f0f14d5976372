//! `tocsin replay`: a log through the rules again.

mod against;

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    sync::Arc,
};

use clap::Args;
use jiff::{Timestamp, tz::TimeZone};
use tocsin::{
    diagnostic::Level,
    event::EventId,
    pipeline::{
        Ruling, Step,
        replay::{JsonLines, Replay},
    },
    rules::{RuleStatus, load_path},
    store::{FILE, Reader, Row},
};

use self::against::Against;
use crate::{
    Ending, Failure,
    output::{Lines, complain},
};

/// How many rows of a database are read at a time.
pub const PAGE: usize = 500;
/// What a SQLite database begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A Tocsin database (or its folder), or JSON Lines, each with frame (base64) and received (RFC 3339); `-` for
    /// JSON Lines from standard input
    log: PathBuf,
    /// The folder of rules to run; without it, those in the database
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
    /// Where time ends, RFC 3339; without it, when nothing is due any more
    #[arg(long, value_name = "TIME")]
    until: Option<Timestamp>,
    /// Print only what happened from then on, RFC 3339; what was before is played all the same
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// Print only what happened up to then, RFC 3339: the same as --until
    #[arg(long, value_name = "TIME", conflicts_with = "until")]
    to: Option<Timestamp>,
    /// Other rules: print the alerts that --rules (or the database's own) gain, lose and change beside these, and how
    /// many pop-ups a day each would mean
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// The operator's time zone for between and weekday in JSON Lines
    #[arg(long, value_name = "NAME", default_value = "UTC")]
    zone: String,
    /// How to print: JSON Lines is the only way
    #[arg(long, value_parser = ["json"], default_value = "json")]
    format: String,
}

/// A replay and what is seen of it.
struct Playing {
    replay: Replay,
    output: Lines,
    ending: Ending,
    from: Option<Timestamp>,
    against: Option<Against>,
    /// What to call a row: a line of a file, a row of a database.
    row_is: &'static str,
    /// Rules that were said not to run.
    broken: BTreeSet<String>,
    /// By rule and whether it is at fault: on how many events it gave no answer, and why the first time.
    troubles: BTreeMap<(Arc<str>, bool), Unanswered>,
}

/// The events on which a rule gave no answer.
struct Unanswered {
    events: u64,
    last: EventId,
    first: String,
}

/// Prints every change. A line that is no row, a frame that cannot be read and a rule that cannot run are findings.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    TimeZone::get(&arguments.zone).map_err(|_| format!("\"{}\" is no time zone.", arguments.zone))?;
    let until = arguments.until.or(arguments.to);
    let mut ending = Ending::Good;
    let replay = match &arguments.rules {
        None => Replay::as_it_was(),
        Some(folder) => with(folder, &arguments.zone, &mut ending)?,
    };
    let against = arguments.against.as_ref();
    let against = against.map(|folder| with(folder, &arguments.zone, &mut ending)).transpose()?;
    let mut playing = Playing {
        replay,
        output: Lines::new(),
        ending,
        from: arguments.from,
        against: against.map(|replay| Against::new(replay, arguments.from)),
        row_is: "line",
        broken: BTreeSet::new(),
        troubles: BTreeMap::new(),
    };
    playing.name_broken();
    match database(&arguments.log)? {
        Some(reader) => {
            playing.row_is = "row";
            playing.database(&reader, until)?;
        }
        None if arguments.rules.is_none() => {
            return Err("Name the rules to run with --rules DIR: JSON Lines hold none.".into());
        }
        None if arguments.log.as_os_str() == "-" => playing.lines(io::stdin().lock(), until)?,
        None => {
            let file = File::open(&arguments.log).map_err(|error| cannot_open(&arguments.log, &error))?;
            playing.lines(BufReader::with_capacity(1 << 17, file), until)?;
        }
    }
    playing.end()
}

/// A replay with the rules of that folder.
fn with(folder: &Path, zone: &str, ending: &mut Ending) -> Result<Replay, Failure> {
    let loaded = load_path(folder).map_err(|error| format!("{} could not be read: {error}.", folder.display()))?;
    for problem in &loaded.problems {
        *ending = Ending::Findings;
        complain(&format!("{}: {}", folder.join(&problem.path).display(), problem.message));
    }
    let ruling = Ruling { rules: loaded.rules, lists: loaded.lists, ..Ruling::default() };
    Ok(Replay::with(ruling, zone))
}

/// The database at that path, if it is one.
pub fn database(log: &Path) -> Result<Option<Reader>, Failure> {
    if log.as_os_str() == "-" {
        return Ok(None);
    }
    if log.is_dir() {
        return Ok(Some(Reader::open(log)?));
    }
    let file = File::open(log).map_err(|error| cannot_open(log, &error))?;
    // An empty file named so is a database that was never written.
    let begins = BufReader::with_capacity(SQLITE.len(), file).fill_buf().map(|octets| octets.starts_with(SQLITE));
    let is_database = begins.unwrap_or(false) || log.file_name().is_some_and(|name| name == FILE);
    Ok(if is_database { Some(Reader::open_file(log)?) } else { None })
}

pub fn cannot_open(path: &Path, error: &io::Error) -> String {
    format!("{} could not be opened: {error}.", path.display())
}

impl Playing {
    /// A database's time ends with its last row, unless it is told to go on: what happened since, it does not know.
    fn database(&mut self, reader: &Reader, until: Option<Timestamp>) -> Result<(), Failure> {
        let mut last = 0;
        'pages: loop {
            let page = reader.rows_after(last, PAGE)?;
            let Some(row) = page.last() else { break };
            last = row.seq;
            for row in &page {
                if is_past(row, until) {
                    break 'pages;
                }
                let step = self.replay.row_of(row, reader)?;
                self.step(row, step)?;
                if let Some(against) = &mut self.against {
                    against.row(row, Some(reader))?;
                }
            }
            self.output.flush()?;
        }
        if until.is_some() { self.go_on(until) } else { Ok(()) }
    }

    fn lines(&mut self, input: impl BufRead, until: Option<Timestamp>) -> Result<(), Failure> {
        let mut lines = JsonLines::new(input);
        while let Some(line) = lines.next_row().map_err(|error| format!("The log cannot be read on: {error}."))? {
            match line {
                Ok(row) if is_past(&row, until) => break,
                Ok(row) => {
                    let step = self.replay.row(&row);
                    // Whoever writes the lines may wait to see what comes of them.
                    let printed = !step.changes.is_empty();
                    self.step(&row, step)?;
                    if let Some(against) = &mut self.against {
                        against.row(&row, None)?;
                    } else if printed {
                        self.output.flush()?;
                    }
                }
                Err(bad) => {
                    self.ending = Ending::Findings;
                    complain(&format!("line {}: {}", bad.number, bad.message));
                }
            }
        }
        match lines.earlier() {
            0 => {}
            1 => complain("1 line is stamped earlier than the line before and counts as of that one."),
            more => {
                complain(&format!("{more} lines are stamped earlier than the line before and count as of that one."));
            }
        }
        self.go_on(until)
    }

    fn go_on(&mut self, until: Option<Timestamp>) -> Result<(), Failure> {
        let Self { replay, output, from, against, .. } = self;
        replay.go_on(until, |step| tell(output, against.as_mut(), *from, &step))?;
        if let Some(against) = against {
            against.go_on(until);
        }
        if until.is_none() && self.replay.engine().next_deadline().is_some() {
            complain("An alert lasts, and would remind for ever. --until TIME says how long to go on.");
        }
        Ok(())
    }

    fn step(&mut self, row: &Row, step: Step) -> Result<(), Failure> {
        if let Some((_, error)) = &step.rejected {
            self.ending = Ending::Findings;
            complain(&format!("{} {}: {}", self.row_is, row.seq, error.message));
        }
        if step.rules_changed {
            self.name_broken();
        }
        for trouble in &step.troubles {
            // More than one function of a rule may have no answer for an event.
            let noted = self.troubles.entry((trouble.rule.clone(), trouble.fault));
            noted
                .and_modify(|noted| {
                    noted.events += u64::from(noted.last != trouble.event);
                    noted.last = trouble.event;
                })
                .or_insert_with(|| Unanswered { events: 1, last: trouble.event, first: trouble.message.clone() });
        }
        tell(&mut self.output, self.against.as_mut(), self.from, &step)
    }

    /// Says of each rule that cannot run why it does not, once.
    fn name_broken(&mut self) {
        for rule in self.replay.engine().rules().rules() {
            if rule.status != RuleStatus::Broken || !rule.enabled || !self.broken.insert(rule.name.clone()) {
                continue;
            }
            self.ending = Ending::Findings;
            let first = rule.diagnostics.iter().find(|finding| finding.severity == Level::Error);
            let why = first.map_or_else(String::new, |finding| {
                format!(" {}:{} {}: {}", finding.span.line, finding.span.column, finding.code, finding.message)
            });
            complain(&format!("{} does not run.{why}", rule.name));
        }
    }

    fn end(mut self) -> Result<Ending, Failure> {
        if let Some(against) = &self.against {
            against.print(&mut self.output)?;
        }
        self.output.flush()?;
        for ((rule, fault), Unanswered { events, first, .. }) in &self.troubles {
            let events = if *events == 1 { "1 event".to_owned() } else { format!("{events} events") };
            if *fault {
                self.ending = Ending::Findings;
                complain(&format!("{rule} failed on {events}: {first}"));
            } else {
                complain(&format!("{rule} could not tell on {events}: {first}"));
            }
        }
        let engine = self.replay.engine();
        for rule in engine.rules().rules() {
            let forgotten = engine.forgotten(rule);
            if forgotten > 0 {
                complain(&format!(
                    "{} had to remember more than fits: what was heard longest ago was forgotten, {forgotten} in all. Its \
                     counts may be too low.",
                    rule.name
                ));
            }
        }
        Ok(self.ending)
    }
}

fn is_past(row: &Row, until: Option<Timestamp>) -> bool {
    until.is_some_and(|until| row.received > until)
}

/// Prints what happened, or keeps it to be compared.
fn tell(
    output: &mut Lines,
    against: Option<&mut Against>,
    from: Option<Timestamp>,
    step: &Step,
) -> Result<(), Failure> {
    if let Some(against) = against {
        against.now(&step.changes);
        return Ok(());
    }
    let wanted = step.changes.iter().filter(|change| from.is_none_or(|from| change.time >= from));
    for line in wanted.filter_map(tocsin::alert::Change::line) {
        output.line(&line)?;
    }
    Ok(())
}
