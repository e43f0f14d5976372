//! A log as JSON Lines: `{"frame": base64, "received": RFC 3339}` each; of an export, rows of every kind.

use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    decode::{self, MAX_FRAME},
    event::Topic,
    store::{Control, Coverage, Row, RowBody},
};

/// The longest line, in octets: the longest frame in base64, and room for the rest.
const MAX_LINE: usize = MAX_FRAME.div_ceil(3) * 4 + (64 << 10);

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Reads a log line by line; of all lines, only one is held in memory.
#[derive(Debug)]
pub struct JsonLines<R> {
    input: R,
    line: Vec<u8>,
    number: u64,
    /// The number of the last row.
    seq: u64,
    last: Option<Timestamp>,
    earlier: u64,
}

/// A line that is no row of a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// From 1.
    pub number: u64,
    /// What is wrong with it, as a sentence.
    pub message: String,
}

/// Other members are ignored. A line is a frame, or what an export has beside frames.
#[derive(Deserialize)]
struct Line<'a> {
    frame: Option<String>,
    #[serde(borrow)]
    received: Cow<'a, str>,
    /// Of the connection it came on; if it is not said, the envelope tells.
    topic: Option<Topic>,
    /// Its number in the log that it comes from; else it is numbered as its line is.
    seq: Option<u64>,
    #[serde(default)]
    tick: bool,
    control: Option<Control>,
    coverage: Option<Coverage>,
}

/// A row as a line of an export.
#[derive(Serialize)]
struct Exported<'a> {
    seq: u64,
    received: Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    topic: Option<Topic>,
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<String>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tick: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<&'a Control>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<&'a Coverage>,
}

/// The row as [`JsonLines`] reads it back, to be serialised.
pub fn exported(row: &Row) -> impl Serialize {
    let mut line = Exported {
        seq: row.seq,
        received: row.received,
        topic: None,
        frame: None,
        tick: false,
        control: None,
        coverage: None,
    };
    match &row.body {
        RowBody::Frame { topic, bytes } => (line.topic, line.frame) = (Some(*topic), Some(BASE64.encode(bytes))),
        RowBody::Tick => line.tick = true,
        RowBody::Control(control) => line.control = Some(control),
        RowBody::Coverage(coverage) => line.coverage = Some(coverage),
    }
    line
}

impl<R: BufRead> JsonLines<R> {
    /// Reads from there.
    pub fn new(input: R) -> Self {
        Self { input, line: Vec::new(), number: 0, seq: 0, last: None, earlier: 0 }
    }

    /// How many lines so far were stamped earlier than the line before. Time does not go back: they count as of that line.
    pub fn earlier(&self) -> u64 {
        self.earlier
    }

    /// The next row, numbered as its line is, or what is wrong with the next line. `None` after the last. Empty lines are
    /// passed over.
    ///
    /// # Errors
    /// The log cannot be read on.
    pub fn next_row(&mut self) -> io::Result<Option<Result<Row, BadLine>>> {
        loop {
            self.line.clear();
            if Read::take(&mut self.input, MAX_LINE as u64).read_until(b'\n', &mut self.line)? == 0 {
                return Ok(None);
            }
            self.number += 1;
            if self.line.last() != Some(&b'\n') && self.line.len() == MAX_LINE {
                self.input.skip_until(b'\n')?;
                let message = "The line is longer than any frame.".to_owned();
                return Ok(Some(Err(BadLine { number: self.number, message })));
            }
            if !self.line.trim_ascii().is_empty() {
                return Ok(Some(self.row().map_err(|message| BadLine { number: self.number, message })));
            }
        }
    }

    fn row(&mut self) -> Result<Row, String> {
        let line: Line = serde_json::from_slice(&self.line)
            .map_err(|error| format!("The line is no JSON object with frame and received: {error}."))?;
        let received: Timestamp = line.received.parse().map_err(|_| {
            format!("\"{}\" is no time. It looks like 2026-11-24T08:00:00Z.", line.received.escape_debug())
        })?;
        let body = match (line.frame, line.control, line.coverage) {
            (Some(frame), ..) => {
                let bytes = BASE64.decode(frame.trim_ascii().as_bytes()).map_err(|error| {
                    format!("Its frame is not base64: {}.", error.to_string().trim_end_matches('.'))
                })?;
                let topic = match line.topic {
                    Some(topic) => topic,
                    None => decode::topic(&bytes).map_err(|error| error.message)?,
                };
                RowBody::Frame { topic, bytes: bytes.into() }
            }
            (None, Some(control), _) => RowBody::Control(control),
            (None, None, Some(coverage)) => RowBody::Coverage(coverage),
            (None, None, None) if line.tick => RowBody::Tick,
            (None, None, None) => return Err("The line has no frame.".to_owned()),
        };
        let stamp = self.last.map_or(received, |last| last.max(received));
        self.earlier += u64::from(stamp != received);
        self.last = Some(stamp);
        self.seq = line.seq.unwrap_or(self.number).max(self.seq.saturating_add(1));
        Ok(Row { seq: self.seq, received: stamp, body })
    }
}
