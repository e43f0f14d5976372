//! `tocsin stats`: the counts behind the invariants.

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use tocsin::store::Stats;

use crate::{Ending, Failure, data::Log, output::Lines};

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    #[command(flatten)]
    log: Log,
    /// How to print
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// A table to read
    Text,
    /// One JSON object
    Json,
}

/// Prints the totals. That they do not balance is a finding.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let stats = arguments.log.reader()?.stats()?;
    let mut output = Lines::new();
    match arguments.format {
        Format::Json => output.line(&stats)?,
        Format::Text => {
            for (name, value) in table(&stats) {
                output.text(&format!("{name:<46} {value:>12}"))?;
            }
        }
    }
    output.flush()?;
    Ok(if stats.balances() { Ending::Good } else { Ending::Findings })
}

fn table(stats: &Stats) -> Vec<(String, u64)> {
    let mut lines = vec![("Rows in the log".to_owned(), stats.rows), ("Rows not evaluated yet".into(), stats.waiting)];
    let mut group = |title: &str, counts: &BTreeMap<String, u64>| {
        lines.push((title.to_owned(), counts.values().sum()));
        lines.extend(counts.iter().map(|(label, count)| (format!("    {label}"), *count)));
    };
    group("Frames received", &stats.received);
    group("Frames stored", &stats.stored);
    group("Frames let go: more came than could be stored", &stats.let_go);
    group("Frames that could not be read", &stats.rejected);
    lines.push(("Matches and reminders due".to_owned(), stats.matched));
    lines.push(("    led to a pop-up".to_owned(), stats.notified));
    lines.extend(stats.suppressed.iter().map(|(reason, count)| (format!("    no pop-up: {reason}"), *count)));
    lines.push(("Pop-ups".to_owned(), stats.deliveries.values().sum()));
    lines.extend(stats.deliveries.iter().map(|(status, count)| (format!("    {status}"), *count)));
    lines.push(("Alerts active".to_owned(), stats.active));
    lines.push(("Alerts resolved".to_owned(), stats.resolved));
    lines.push(("Alerts judged".to_owned(), stats.judged.values().map(|judged| judged.all()).sum()));
    // How many, beside each rule: "9 useful, 3 noise".
    lines.extend(
        stats.judged.iter().map(|(rule, judged)| {
            (format!("    {rule}: {} useful, {} noise", judged.useful, judged.noise), judged.all())
        }),
    );
    for (name, counts) in &stats.other {
        lines.push((name.clone(), counts.values().sum()));
        let labelled = counts.iter().filter(|(label, _)| !label.is_empty());
        lines.extend(labelled.map(|(label, count)| (format!("    {label}"), *count)));
    }
    lines
}
