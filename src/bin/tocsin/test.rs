//! `tocsin test`: the cases beside rules.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde::Serialize;
use tocsin::{
    cases::{self, Beside, Line, Reached, Side, Tested, Verdict},
    diagnostic::{Diagnostic, Level, Span},
    rules::duration,
};

use crate::{
    Ending, Failure,
    output::{Lines, complain},
};

/// What the command is told.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Rules, their cases (NAME.toml beside NAME.rhai), or folders of them
    #[arg(required = true)]
    paths: Vec<PathBuf>,
    /// Say also which clauses were never true, never false or never reached; any of them is a finding (exit 1)
    #[arg(long)]
    coverage: bool,
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Debug, Default, ValueEnum)]
enum Format {
    /// For people: of each case that failed, what happened beside what was expected
    #[default]
    Text,
    /// One JSON line per case, and per mistake in a file of cases
    Json,
}

/// A mistake as it is printed.
#[derive(Serialize)]
struct Finding<'a> {
    file: &'a str,
    #[serde(flatten)]
    finding: &'a Diagnostic,
}

/// A case as it is printed.
#[derive(Serialize)]
struct Ran<'a> {
    file: &'a str,
    rule: &'a str,
    #[serde(flatten)]
    verdict: &'a Verdict,
}

/// A rule's coverage as it is printed.
#[derive(Serialize)]
struct Ways<'a> {
    rule: &'a str,
    file: &'a str,
    covered: bool,
    coverage: &'a [Reached],
}

/// Runs all cases of what is named.
pub fn run(arguments: &Arguments) -> Result<Ending, Failure> {
    let mut all: Vec<Beside> = Vec::new();
    for path in &arguments.paths {
        all.extend(cases::find(path).map_err(|error| format!("{} could not be read: {error}.", path.display()))?);
    }
    if all.iter().all(|beside| beside.rule.is_none() && beside.text.is_none()) {
        return Err("There are no rules there.".into());
    }
    let tested = if arguments.coverage { cases::run_all_covered(&all) } else { cases::run_all(&all) };
    let mut lines = Lines::new();
    for tested in &tested {
        let file = tested.file.display().to_string();
        for finding in &tested.findings {
            match arguments.format {
                Format::Text => {
                    for line in finding.picture(&file, &tested.text).lines() {
                        lines.text(line)?;
                    }
                    lines.text("")?;
                }
                Format::Json => lines.line(&Finding { file: &file, finding })?,
            }
        }
        for verdict in &tested.verdicts {
            match arguments.format {
                Format::Text if verdict.passed => {
                    // Silent, perhaps, because it could not tell.
                    for note in &verdict.notes {
                        lines.text(&format!("passed: {}: {}", tested.rule, verdict.case))?;
                        lines.text(&format!("    = {note}"))?;
                    }
                }
                Format::Text => failure(&mut lines, &file, &tested.rule, verdict)?,
                Format::Json => lines.line(&Ran { file: &file, rule: &tested.rule, verdict })?,
            }
        }
    }
    let mut ending = Ending::Good;
    if arguments.coverage {
        for (beside, tested) in all.iter().zip(&tested).filter(|(beside, _)| beside.rule.is_some()) {
            coverage(&mut lines, arguments.format, &beside.file.with_extension("rhai").display().to_string(), tested)?;
        }
    }
    lines.flush()?;
    if sum(&tested) == Ending::Findings || arguments.coverage && sum_of_coverage(&tested) == Ending::Findings {
        ending = Ending::Findings;
    }
    Ok(ending)
}

/// A case that failed, as a person reads it.
fn failure(lines: &mut Lines, file: &str, rule: &str, verdict: &Verdict) -> Result<(), Failure> {
    lines.text(&format!("failed: {rule}: {}", verdict.case))?;
    lines.text(&format!("  --> {file}:{}", verdict.line))?;
    // What is known of every alert is said only where it is part of what was expected.
    let is_more = |line: &Line| line.side == Side::Missing && !(line.severity.is_empty() && line.body.is_empty());
    let more = verdict.story.iter().any(is_more);
    let rows: Vec<[String; 4]> = verdict.story.iter().map(|line| row(line, more)).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    if rows.is_empty() {
        lines.text("    nothing happened, as expected")?;
    }
    for (line, [at, what, key, rest]) in verdict.story.iter().zip(&rows) {
        let sign = match line.side {
            Side::Both => ' ',
            Side::Missing => '-',
            Side::Unexpected => '+',
        };
        let [first, second, third] = widths;
        let text = format!("  {sign} {at:>first$}  {what:<second$}  {key:<third$}  {rest}");
        lines.text(text.trim_end())?;
    }
    if verdict.story.iter().any(|line| line.side != Side::Both) {
        lines.text("    (- expected, did not happen; + happened, was not expected)")?;
    }
    for note in &verdict.notes {
        lines.text(&format!("    = {note}"))?;
    }
    lines.text("")?;
    Ok(())
}

fn row(line: &Line, more: bool) -> [String; 4] {
    let mut rest = vec![line.title.clone()];
    if more && line.side != Side::Both {
        rest.extend([line.severity.clone(), line.body.clone()]);
    }
    let rest: Vec<String> = rest.into_iter().filter(|part| !part.is_empty()).collect();
    [
        line.at.map_or_else(String::new, duration::format),
        line.what.name().to_owned(),
        line.key.clone(),
        rest.join(" | "),
    ]
}

/// The clauses of a rule that were not seen both ways.
fn coverage(lines: &mut Lines, format: Format, file: &str, tested: &Tested) -> Result<(), Failure> {
    let clauses = &tested.coverage.clauses;
    let missing: Vec<&Reached> = tested.coverage.missing().collect();
    // One with errors has no clauses that anybody could miss.
    let runs = tested.findings.iter().all(|finding| finding.code != "rule-errors");
    match format {
        Format::Json => {
            lines.line(&Ways { rule: &tested.rule, file, covered: missing.is_empty() && runs, coverage: clauses })?;
        }
        Format::Text if missing.is_empty() => {}
        Format::Text => {
            lines.text(&format!(
                "{}: {} of {} not reached both ways",
                tested.rule,
                missing.len(),
                number(clauses.len(), "clause")
            ))?;
            let width = missing.iter().map(|clause| clause.missing().len()).max().unwrap_or(0);
            for clause in missing {
                let Span { line, column, .. } = clause.span;
                let says = clause.clause.split_whitespace().collect::<Vec<_>>().join(" ");
                lines.text(&format!("  {:width$}  {says}", clause.missing()))?;
                lines.text(&format!("  {:width$}  --> {file}:{line}:{column}", ""))?;
            }
            lines.text("")?;
        }
    }
    Ok(())
}

/// Says of all clauses together how many were reached, on standard error.
fn sum_of_coverage(tested: &[Tested]) -> Ending {
    let clauses: usize = tested.iter().map(|tested| tested.coverage.clauses.len()).sum();
    let missing: usize = tested.iter().map(|tested| tested.coverage.missing().count()).sum();
    let all = number(clauses, "clause");
    complain(&match missing {
        0 => format!("{all}: each was true in a case and false in a case."),
        some => format!("{all}: {some} not reached both ways. Add a case in which each is what it never was."),
    });
    if missing == 0 { Ending::Good } else { Ending::Findings }
}

/// Says how it went, on standard error.
fn sum(tested: &[Tested]) -> Ending {
    let verdicts = || tested.iter().flat_map(|tested| &tested.verdicts);
    let (ran, failed) = (verdicts().count(), verdicts().filter(|verdict| !verdict.passed).count());
    let of = |level: Level| {
        let findings = tested.iter().flat_map(|tested| &tested.findings);
        findings.filter(|finding| finding.severity == level).count()
    };
    let (findings, warnings) = (of(Level::Error), of(Level::Warning));
    let without: Vec<&str> =
        tested.iter().filter(|tested| !tested.has_cases).map(|tested| tested.rule.as_str()).collect();
    if !without.is_empty() {
        complain(&format!("Without cases: {}.", without.join(", ")));
    }
    let failed_of = if failed == 0 { "none failed".to_owned() } else { format!("{failed} failed") };
    let mistakes = match findings {
        0 => String::new(),
        1 => ", and 1 mistake in their files: what has it did not run".to_owned(),
        some => format!(", and {some} mistakes in their files: what has one did not run"),
    };
    let needless = if warnings == 0 { String::new() } else { format!(", and {}", number(warnings, "warning")) };
    complain(&format!("{}: {failed_of}{mistakes}{needless}.", number(ran, "case")));
    if failed + findings + warnings == 0 { Ending::Good } else { Ending::Findings }
}

fn number(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
