//! Alerts as CSV, one row each, or as JSON, each with its timeline.

use std::{
    io::{self, Write},
    ops::ControlFlow,
};

use jiff::{Timestamp, Unit, tz::TimeZone};
use serde::Serialize;

use super::{Asked, looked, popups, stretch};
use crate::{
    alert::{AlertRecord, Change},
    api::{ApiError, ExportFormat, HistoryQuery, app::alerts},
    inert,
    store::StoreError,
};

/// The columns of the table, which are the names in JSON as well.
const COLUMNS: [&str; 21] = [
    "id",
    "severity",
    "state",
    "title",
    "rule",
    "key",
    "body",
    "topic",
    "kind",
    "began",
    "fired",
    "last_match",
    "resolved",
    "why_resolved",
    "matches",
    "pop_ups",
    "withheld",
    "withheld_because",
    "acknowledged",
    "verdict",
    "judged",
];

/// One alert as it is written. Texts have no control or bidirectional characters; times are RFC 3339 to the second,
/// with the offset of the zone.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    severity: &'static str,
    state: &'static str,
    title: String,
    rule: String,
    key: String,
    body: String,
    topic: Option<&'static str>,
    kind: String,
    began: String,
    fired: Option<String>,
    last_match: String,
    resolved: Option<String>,
    why_resolved: &'static str,
    matches: u64,
    pop_ups: u32,
    withheld: u64,
    withheld_because: Vec<String>,
    acknowledged: Option<String>,
    /// `useful` or `noise`, and when the operator said so.
    verdict: Option<&'static str>,
    judged: Option<String>,
}

/// An alert with all that happened to it.
#[derive(Serialize)]
struct Told {
    #[serde(flatten)]
    line: Line,
    timeline: Vec<Moment>,
}

#[derive(Serialize)]
struct Moment {
    time: String,
    change: &'static str,
    reason: String,
    event: Option<String>,
}

/// Writes the alerts of a query, the latest begun first, and says how many they were. Only one is held at a time.
pub fn write(
    asked: &Asked<'_>,
    query: &HistoryQuery,
    format: ExportFormat,
    zone: &TimeZone,
    out: impl Write,
) -> Result<u64, Unwritten> {
    let filter = looked::filter(&query.filter)?;
    let mut sheet = Sheet::begin(format, out)?;
    let mut written = 0;
    asked.reader.each_alert(stretch(query)?, None, |record| {
        if asked.passes(&filter, &record) {
            let line = line(asked, &record, zone)?;
            let timeline = || -> Result<Vec<Moment>, ApiError> {
                let history = asked.reader.alert(&record.id)?;
                Ok(history.map(|told| told.changes.iter().map(|one| moment(one, zone)).collect()).unwrap_or_default())
            };
            sheet.line(line, timeline)?;
            written += 1;
        }
        Ok::<_, Unwritten>(ControlFlow::Continue(()))
    })?;
    sheet.end()?;
    Ok(written)
}

fn line(asked: &Asked<'_>, record: &AlertRecord, zone: &TimeZone) -> Result<Line, ApiError> {
    let (sent, withheld) = popups(asked.reader, record)?;
    let at = |time: Timestamp| written_time(time, zone);
    Ok(Line {
        id: record.id.to_string(),
        severity: record.severity.name(),
        state: alerts::state_of(record, asked.silences, asked.now).name(),
        title: inert::line(&record.title),
        rule: inert::line(&record.rule),
        key: inert::line(&record.key),
        body: inert::line(&record.body),
        topic: record.topic.map(crate::event::Topic::name),
        kind: record.kind.to_string(),
        began: at(record.since),
        fired: record.fired.map(at),
        last_match: at(record.last),
        resolved: record.resolved.map(at),
        why_resolved: record.end.words(),
        matches: record.matches,
        pop_ups: sent,
        withheld: withheld.iter().map(|(_, count)| count).sum(),
        withheld_because: withheld.iter().map(|(why, count)| format!("{count} {}", inert::line(why))).collect(),
        acknowledged: record.acknowledged.map(at),
        verdict: record.judged.map(|judged| judged.verdict.name()),
        judged: record.judged.map(|judged| at(judged.at)),
    })
}

fn moment(change: &Change, zone: &TimeZone) -> Moment {
    Moment {
        time: written_time(change.time, zone),
        change: change.change.name(),
        reason: inert::line(&change.words()),
        event: change.event.map(|event| event.to_string()),
    }
}

fn written_time(time: Timestamp, zone: &TimeZone) -> String {
    // Down to the whole second, as the window shows it.
    let second = time.round(jiff::TimestampRound::new().smallest(Unit::Second).mode(jiff::RoundMode::Floor));
    let second = second.unwrap_or(time);
    if zone == &TimeZone::UTC {
        return second.to_string();
    }
    second.display_with_offset(zone.to_offset(second)).to_string()
}

/// Why alerts could not be written.
#[derive(Debug)]
pub enum Unwritten {
    /// They could not be asked for.
    Asked(ApiError),
    /// They could not be put where they were to go.
    Out(io::Error),
}

impl From<ApiError> for Unwritten {
    fn from(error: ApiError) -> Self {
        Self::Asked(error)
    }
}

impl From<StoreError> for Unwritten {
    fn from(error: StoreError) -> Self {
        Self::Asked(error.into())
    }
}

impl From<io::Error> for Unwritten {
    fn from(error: io::Error) -> Self {
        Self::Out(error)
    }
}

/// What is written to.
enum Sheet<W: Write> {
    Csv(Box<csv::Writer<W>>),
    Json { out: W, empty: bool },
}

impl<W: Write> Sheet<W> {
    fn begin(format: ExportFormat, mut out: W) -> io::Result<Self> {
        Ok(match format {
            ExportFormat::Csv => {
                // Spreadsheets take a file without this mark for one of their own old character sets.
                out.write_all("\u{feff}".as_bytes())?;
                let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
                writer.write_record(COLUMNS)?;
                Self::Csv(Box::new(writer))
            }
            ExportFormat::Json => {
                out.write_all(b"[")?;
                Self::Json { out, empty: true }
            }
        })
    }

    fn line(&mut self, line: Line, timeline: impl FnOnce() -> Result<Vec<Moment>, ApiError>) -> Result<(), Unwritten> {
        match self {
            Self::Csv(writer) => writer.write_record(cells(&line)).map_err(io::Error::from)?,
            Self::Json { out, empty } => {
                let told = Told { line, timeline: timeline()? };
                let before: &[u8] = if std::mem::take(empty) { b"\n" } else { b",\n" };
                out.write_all(before)?;
                serde_json::to_writer(out, &told).map_err(io::Error::from)?;
            }
        }
        Ok(())
    }

    fn end(self) -> io::Result<()> {
        match self {
            Self::Csv(mut writer) => writer.flush(),
            Self::Json { mut out, .. } => out.write_all(b"\n]\n").and_then(|()| out.flush()),
        }
    }
}

/// In the order of [`COLUMNS`].
fn cells(line: &Line) -> [String; 21] {
    let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
    [
        line.id.clone(),
        line.severity.to_owned(),
        line.state.to_owned(),
        cell(&line.title),
        cell(&line.rule),
        cell(&line.key),
        cell(&line.body),
        line.topic.unwrap_or_default().to_owned(),
        cell(&line.kind),
        line.began.clone(),
        or_empty(&line.fired),
        line.last_match.clone(),
        or_empty(&line.resolved),
        line.why_resolved.to_owned(),
        line.matches.to_string(),
        line.pop_ups.to_string(),
        line.withheld.to_string(),
        cell(&line.withheld_because.join("; ")),
        or_empty(&line.acknowledged),
        line.verdict.unwrap_or_default().to_owned(),
        or_empty(&line.judged),
    ]
}

/// A text as a cell. What a stranger called a network may begin as a formula does: a spreadsheet would reckon it, so an
/// apostrophe stands before it, which says that text follows.
fn cell(text: &str) -> String {
    let reckoned = |c: char| matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '＝' | '＋' | '－' | '＠');
    if text.trim_start().starts_with(reckoned) { format!("'{text}") } else { text.to_owned() }
}
