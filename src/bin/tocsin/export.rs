//! `tocsin export`: a stretch of the log as JSON Lines, which `tocsin replay` reads back.

use clap::Args;
use jiff::Timestamp;
use tocsin::{
    decode::Mask,
    event::Topic,
    pipeline::replay::exported,
    store::{Control, Reader, Row, RowBody},
};

use crate::{
    Ending, Failure,
    data::Log,
    output::{Lines, complain},
    replay::PAGE,
};

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    log: Log,
    /// Begin with what was received then, RFC 3339; what still held then comes before
    #[arg(long, value_name = "TIME")]
    from: Option<Timestamp>,
    /// End with what was received then, RFC 3339
    #[arg(long, value_name = "TIME")]
    to: Option<Timestamp>,
    /// Only frames of this topic; may be given more than once
    #[arg(long = "topic", value_name = "TOPIC")]
    topics: Vec<Topic>,
    /// Give hardware addresses, IP addresses and names other names, the same one the same everywhere
    #[arg(long)]
    mask: bool,
    /// How to print: JSON Lines is the only way
    #[arg(long, value_parser = ["json"], default_value = "json")]
    format: String,
}

/// Prints every row but the rules: those are files, and are exported by copying them.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let reader = arguments.log.reader()?;
    let topics = if arguments.topics.is_empty() { Topic::ALL.to_vec() } else { arguments.topics.clone() };
    // A Tocsin that runs goes on writing: both times through the log end at the same row.
    let stretch = Stretch {
        first: reader.first_since(arguments.from.unwrap_or(Timestamp::MIN))?,
        end: reader.first_since(Timestamp::MAX)?,
        to: arguments.to,
        topics,
    };
    let mut mask = arguments.mask.then(Mask::default);
    if let Some(mask) = &mut mask {
        stretch.each(&reader, |row| {
            if let RowBody::Frame { topic, bytes } = &row.body {
                mask.learn(*topic, bytes);
            }
            Ok(())
        })?;
    }
    let mut output = Lines::new();
    let mut left_out = 0;
    let mut print = |row: Row| -> Result<(), Failure> {
        let Some(row) = written(row, mask.as_ref()) else {
            left_out += 1;
            return Ok(());
        };
        Ok(output.line(&exported(&row))?)
    };
    if let Some(from) = arguments.from {
        for row in reader.holding_before(stretch.first, from)? {
            print(row)?;
        }
    }
    stretch.each(&reader, &mut print)?;
    output.flush()?;
    if mask.is_some() {
        complain("Sentences (data, description) may still hold names that no field has. Look before you pass this on.");
        if left_out > 0 {
            complain(&format!(
                "Left out, since they name alerts or what to silence: {left_out} of the operator's acts."
            ));
        }
    }
    Ok(Ending::Good)
}

/// Which rows.
struct Stretch {
    first: u64,
    /// One more than the last.
    end: u64,
    to: Option<Timestamp>,
    topics: Vec<Topic>,
}

impl Stretch {
    fn each(&self, reader: &Reader, mut take: impl FnMut(Row) -> Result<(), Failure>) -> Result<(), Failure> {
        let mut seq = self.first.saturating_sub(1);
        loop {
            let rows = reader.rows_of(&self.topics, seq, PAGE)?;
            let Some(last) = rows.last() else { return Ok(()) };
            seq = last.seq;
            for row in rows {
                if row.seq >= self.end || self.to.is_some_and(|to| row.received > to) {
                    return Ok(());
                }
                if !matches!(row.body, RowBody::Control(Control::RuleSet { .. } | Control::RulePaused { .. })) {
                    take(row)?;
                }
            }
        }
    }
}

/// The row as it is to be seen; `None`: not at all.
fn written(row: Row, mask: Option<&Mask>) -> Option<Row> {
    let Some(mask) = mask else { return Some(row) };
    let body = match row.body {
        RowBody::Frame { topic, bytes } => RowBody::Frame { topic, bytes: mask.frame(topic, &bytes).into() },
        RowBody::Coverage(coverage) => RowBody::Coverage(tocsin::store::Coverage { detail: String::new(), ..coverage }),
        // An alert's name says its key to whoever tries all keys.
        RowBody::Control(
            Control::Acknowledge { .. }
            | Control::Unacknowledge { .. }
            | Control::Dismissed { .. }
            | Control::Judge(_)
            | Control::Snooze { alert: Some(_), .. },
        ) => return None,
        RowBody::Control(Control::Silence { matchers, until, .. }) => {
            if !matchers.key.is_empty() || !matchers.title.is_empty() {
                return None;
            }
            RowBody::Control(Control::Silence { matchers, until, comment: "masked".into(), by: "".into() })
        }
        // Of a maintenance window, what it is called and what it is for.
        RowBody::Control(Control::Noise(mut noise)) => {
            noise.maintenance.retain(|window| window.matchers.key.is_empty() && window.matchers.title.is_empty());
            for window in &mut noise.maintenance {
                window.name = "masked".into();
            }
            RowBody::Control(Control::Noise(noise))
        }
        other => other,
    };
    Some(Row { body, ..row })
}
