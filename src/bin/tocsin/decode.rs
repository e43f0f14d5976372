//! `tocsin decode`: what is in frames.

use std::{
    fs::File,
    io::{self, BufRead, BufReader, Read},
    path::PathBuf,
};

use base64::{
    Engine as _, alphabet,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use clap::Args;
use serde::{Deserialize, Serialize};
use tocsin::{
    decode::{self, DecodeError, MAX_FRAME},
    event::{Event, Fields, Mark, MarkKind, Topic},
};

use crate::{Ending, Failure, output::Lines};

/// The longest line that can hold a frame, in octets: base64, its padding and an end of line, and what an export writes
/// beside it.
const MAX_LINE: usize = MAX_FRAME.div_ceil(3) * 4 + 1_024;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Frames in base64, one a line, or what `export` prints; standard input if left out or `-`
    file: Option<PathBuf>,
    /// How to print: JSON Lines is the only way
    #[arg(long, value_parser = ["json"], default_value = "json")]
    format: String,
}

/// An event as it is printed.
#[derive(Serialize)]
struct EventLine<'a> {
    frame: u64,
    kind: &'static str,
    /// Null where neither record, message nor envelope says a time.
    time: Option<String>,
    customer_id: &'a str,
    fields: Fields<'a>,
    /// What is not quite as the wire said it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    marks: Vec<&'a Mark>,
}

/// A line of an export. Others members are left aside; without a frame it is one about the log itself.
#[derive(Deserialize)]
struct Exported {
    frame: Option<String>,
    seq: Option<u64>,
    topic: Option<Topic>,
}

/// A frame that is no message.
#[derive(Serialize)]
struct ErrorLine {
    frame: u64,
    error: Said,
}

#[derive(Serialize)]
struct Said {
    code: &'static str,
    message: String,
}

/// Prints every event of every frame. A frame that cannot be read is a finding and never the end.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let file = arguments.file.as_ref().filter(|path| path.as_os_str() != "-");
    let is_live = file.is_none();
    let mut input: Box<dyn BufRead> = match file {
        Some(path) => {
            let file = File::open(path).map_err(|error| format!("cannot open {}: {error}", path.display()))?;
            Box::new(BufReader::new(file))
        }
        None => Box::new(io::stdin().lock()),
    };
    let mut output = Lines::new();
    let mut ending = Ending::Good;
    let mut line = Vec::new();
    for frame in 0.. {
        let Some(whole) = next_line(&mut input, &mut line).map_err(|error| format!("cannot read on: {error}"))? else {
            break;
        };
        let exported = whole && line.trim_ascii_start().first() == Some(&b'{');
        let read = match () {
            () if !whole => Err(too_large()),
            () if exported => events_exported(frame, &line),
            () => events(frame, None, &line),
        };
        match read {
            Ok(events) => {
                for event in &events {
                    output.line(&event_line(frame, event))?;
                }
            }
            Err(error) => {
                ending = Ending::Findings;
                output.line(&ErrorLine { frame, error })?;
            }
        }
        if is_live {
            // Whoever feeds frames by hand or from a running source sees each one's answer at once.
            output.flush()?;
        }
    }
    output.flush()?;
    Ok(ending)
}

/// Reads a line without its end. `None`: there are no more. `false`: it is longer than any frame, and was passed over.
fn next_line(input: &mut dyn BufRead, line: &mut Vec<u8>) -> io::Result<Option<bool>> {
    line.clear();
    if Read::take(&mut *input, MAX_LINE as u64).read_until(b'\n', line)? == 0 {
        return Ok(None);
    }
    if line.last() == Some(&b'\n') || line.len() < MAX_LINE {
        return Ok(Some(true));
    }
    input.skip_until(b'\n')?;
    Ok(Some(false))
}

fn events_exported(frame: u64, line: &[u8]) -> Result<Vec<Event>, Said> {
    let line: Exported = serde_json::from_slice(line)
        .map_err(|error| Said { code: "not-json", message: format!("The line is no line of an export: {error}.") })?;
    match line.frame {
        Some(text) => events(line.seq.unwrap_or(frame), line.topic, text.as_bytes()),
        None => Ok(Vec::new()),
    }
}

fn events(frame: u64, topic: Option<Topic>, line: &[u8]) -> Result<Vec<Event>, Said> {
    let bytes = BASE64.decode(line.trim_ascii()).map_err(|error| Said {
        code: "not-base64",
        message: format!("The line is not base64: {}.", reason(&error)),
    })?;
    decode::undated_frame(topic, frame, &bytes).map_err(Said::from)
}

fn reason(error: &base64::DecodeError) -> String {
    match error {
        base64::DecodeError::InvalidByte(place, _) => format!("character {} does not belong to it", place + 1),
        base64::DecodeError::InvalidPadding => "its end is padded wrongly".into(),
        _ => "its last characters do not make an octet".into(),
    }
}

fn too_large() -> Said {
    DecodeError::too_large().into()
}

impl From<DecodeError> for Said {
    fn from(error: DecodeError) -> Self {
        Self { code: error.code, message: error.message }
    }
}

fn event_line(frame: u64, event: &Event) -> EventLine<'_> {
    let timeless = event.marks.iter().any(|mark| mark.kind == MarkKind::TimeIsReceived);
    EventLine {
        frame,
        kind: event.kind.name,
        time: (!timeless).then(|| event.time.to_string()),
        customer_id: &event.customer_id,
        fields: event.fields(),
        // That there is no time is said by its being null.
        marks: event.marks.iter().filter(|mark| mark.kind != MarkKind::TimeIsReceived).collect(),
    }
}
