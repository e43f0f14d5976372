//! A log as JSON Lines: `{"frame": base64, "received": RFC 3339}` each.

use std::{
    borrow::Cow,
    io::{self, BufRead, Read},
};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use jiff::Timestamp;
use serde::Deserialize;

use crate::{
    decode::{self, MAX_FRAME},
    event::Topic,
    store::{Row, RowBody},
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

/// Other members are ignored.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    frame: Cow<'a, str>,
    #[serde(borrow)]
    received: Cow<'a, str>,
    /// Of the connection it came on; if it is not said, the envelope tells.
    topic: Option<Topic>,
}

impl<R: BufRead> JsonLines<R> {
    /// Reads from there.
    pub fn new(input: R) -> Self {
        Self { input, line: Vec::new(), number: 0, last: None, earlier: 0 }
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
        let bytes = BASE64
            .decode(line.frame.trim_ascii().as_bytes())
            .map_err(|error| format!("Its frame is not base64: {error}."))?;
        let topic = match line.topic {
            Some(topic) => topic,
            None => decode::topic(&bytes).map_err(|error| error.message)?,
        };
        let stamp = self.last.map_or(received, |last| last.max(received));
        self.earlier += u64::from(stamp != received);
        self.last = Some(stamp);
        Ok(Row { seq: self.number, received: stamp, body: RowBody::Frame { topic, bytes: bytes.into() } })
    }
}
