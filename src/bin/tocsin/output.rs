//! JSON Lines on standard output, sentences on standard error, both inert: whatever text came from the air, a terminal
//! sees no control character and no change of direction in it.

use std::{
    error::Error,
    io::{self, BufWriter, StdoutLock, Write},
};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, Serializer};
use tocsin::inert;

/// Writes JSON Lines to standard output.
pub struct Lines(BufWriter<StdoutLock<'static>>);

impl Lines {
    /// Takes standard output.
    pub fn new() -> Self {
        Self(BufWriter::new(io::stdout().lock()))
    }

    /// Writes one line.
    pub fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        value.serialize(&mut Serializer::with_formatter(&mut self.0, Inert))?;
        self.0.write_all(b"\n")
    }

    /// Writes one line of plain text.
    pub fn text(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.0, "{}", inert::terminal(line))
    }

    /// Writes one line that is inert already, but for colours of our own.
    pub fn shown(&mut self, line: &str) -> io::Result<()> {
        writeln!(self.0, "{line}")
    }

    /// Sends what was written on its way.
    pub fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// JSON as ever, but characters that a terminal may act on are written as their escapes: the same text to a parser.
struct Inert;

impl Formatter for Inert {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut plain = 0;
        for (place, letter) in fragment.char_indices().filter(|(_, letter)| inert::is_active(*letter)) {
            CompactFormatter.write_string_fragment(writer, &fragment[plain..place])?;
            for half in letter.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{half:04x}")?;
            }
            plain = place + letter.len_utf8();
        }
        CompactFormatter.write_string_fragment(writer, &fragment[plain..])
    }
}

/// One sentence on standard error.
pub fn complain(sentence: &str) {
    // Nothing can be done where not even this can be written.
    let _ = writeln!(io::stderr(), "tocsin: {}", inert::line(sentence));
}

/// Whether a failure is only that nobody reads our output any more.
pub fn is_closed(failure: &(dyn Error + 'static)) -> bool {
    failure.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
