//! What to write in the place of a finding, proven: with it the finding is gone, and nothing else is wrong.

use std::time::Duration;

use super::set::check_with;
use crate::{
    diagnostic::{Diagnostic, Level, Span},
    functions::Lists,
};

/// The text to put in the place of the finding's span; `None` where nothing is sure to mend it. `folder` is as in
/// [`check_with`].
pub fn fix(
    text: &str,
    folder: &[String],
    lists: &Lists,
    keeps: Option<Duration>,
    finding: &Diagnostic,
) -> Option<String> {
    let (start, end) = range(text, finding.span)?;
    let (before, stands, after) = (text.get(..start)?, text.get(start..end)?, text.get(end..)?);
    let found = check_with(text, folder.to_vec(), lists, keeps);
    let errors = |findings: &[Diagnostic]| findings.iter().filter(|one| one.severity == Level::Error).count();
    candidates(&finding.help, stands).into_iter().find(|written| {
        let mended = check_with(&format!("{before}{written}{after}"), folder.to_vec(), lists, keeps);
        let gone = mended.len() < found.len() && errors(&mended) <= errors(&found);
        gone && mended.iter().filter(|one| one.code == finding.code).count()
            < found.iter().filter(|one| one.code == finding.code).count()
    })
}

/// What the help may mean, the likeliest first.
fn candidates(help: &str, stands: &str) -> Vec<String> {
    let quoted = |text: &str| format!("\"{text}\"");
    let is_quoted = stands.len() > 1 && stands.starts_with('"') && stands.ends_with('"');
    let inside = stands.trim_matches('"');
    if let Some(word) = help.strip_prefix("Did you mean ").and_then(|rest| rest.strip_suffix('?')) {
        let mut words = vec![word.to_owned()];
        if is_quoted && !word.starts_with('"') {
            words.insert(0, quoted(word));
        }
        if let Some((owner, _)) = stands.rsplit_once('.') {
            words.push(format!("{owner}.{word}"));
        }
        return words;
    }
    match help {
        "Write the number without quotes." | "Write true or false, without quotes." => vec![inside.to_owned()],
        "Put it in quotes." => vec![quoted(inside)],
        _ => {
            let Some(rest) = help.strip_prefix("Write ") else { return Vec::new() };
            let ends = [" at most", " to compare", " between", " in it", ", or", ", with"];
            let end = ends.iter().filter_map(|end| rest.find(end)).min();
            let word = end.map_or(rest.trim_end_matches('.'), |end| &rest[..end]);
            if word.contains('…') { Vec::new() } else { vec![word.to_owned()] }
        }
    }
}

/// Where a span begins and ends in the text, in octets.
fn range(text: &str, span: Span) -> Option<(usize, usize)> {
    let place = |line: u32, column: u32| {
        let mut lines = text.split_inclusive('\n');
        let before: usize = lines.by_ref().take((line as usize).checked_sub(1)?).map(str::len).sum();
        let line = lines.next().unwrap_or_default();
        let within: usize = line.chars().take((column as usize).checked_sub(1)?).map(char::len_utf8).sum();
        Some(before + within)
    };
    let (start, end) = (place(span.line, span.column)?, place(span.end_line, span.end_column)?);
    (start <= end && end <= text.len()).then_some((start, end))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;

    /// The rule with its first finding mended; `None` if there is no sure way.
    fn mended(condition: &str) -> Option<String> {
        let text = format!("// ü 🔔\nconst ON = \"security.wids\";\nfn when(event) {{ {condition} }}\n");
        let mut lists = Lists::default();
        lists.add("our-aps", "a\n", false);
        let finding = check_with(&text, vec![text.clone()], &lists, None).into_iter().next().unwrap();
        let written = fix(&text, std::slice::from_ref(&text), &lists, None, &finding)?;
        let (start, end) = range(&text, finding.span).unwrap();
        let all = format!("{}{written}{}", &text[..start], &text[end..]);
        let line = all.lines().nth(2).unwrap();
        Some(line.trim_start_matches("fn when(event) { ").trim_end_matches(" }").to_owned())
    }

    #[test]
    fn what_is_sure_is_offered() {
        for (wrong, right) in [
            ("event.levl == \"high\"", "event.level == \"high\""),
            ("/* 🔔 */ event.attack_typ.contains(\"x\")", "/* 🔔 */ event.attack_type.contains(\"x\")"),
            ("in_list(\"our-ap\", event.detected_ap)", "in_list(\"our-aps\", event.detected_ap)"),
            ("in_lst(\"our-aps\", event.detected_ap)", "in_list(\"our-aps\", event.detected_ap)"),
            ("event.event_number == \"5\"", "event.event_number == 5"),
        ] {
            assert_eq!(mended(wrong).as_deref(), Some(right), "{wrong}");
        }
    }

    #[test]
    fn what_is_not_is_left_to_the_writer() {
        assert_eq!(mended("event.nothing_like_it == 1"), None);
        assert_eq!(mended("in_list(event.level)"), None);
    }

    #[test]
    fn a_span_from_elsewhere_is_no_place() {
        let span = |line, column, end_line, end_column| Span { line, column, end_line, end_column };
        assert_eq!(range("ab\ncd", span(1, 1, 2, 2)), Some((0, 4)));
        assert_eq!(range("ab", span(2, 1, 1, 1)), None);
        assert_eq!(range("ab", span(0, 0, 0, 0)), None);
        assert_eq!(range("ab", span(9, 9, 9, 9)), Some((2, 2)));
    }
}
