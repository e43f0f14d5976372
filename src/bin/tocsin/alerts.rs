//! `tocsin alerts`: the history of alert changes.

use clap::Args;

use crate::{Ending, Failure, data::Data, output::Lines};

/// How many changes are read at a time.
const PAGE: usize = 1_000;

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    data: Data,
    /// How to print: JSON Lines is the only way
    #[arg(long, value_parser = ["json"], default_value = "json")]
    format: String,
}

/// Prints every change that `tocsin replay` would print, oldest first, one JSON line each.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let reader = arguments.data.reader()?;
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
    Ok(Ending::Good)
}
