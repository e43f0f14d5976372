//! A file of which some cases are no TOML: the others are to run all the same.

use std::ops::Range;

use toml::de::DeTable;

use super::table::Source;

/// The text with blanks in the place of cases that are no TOML, each of which is told. Everything else stays where it is.
/// What is wrong outside of the cases stays in the text.
pub(super) fn without_broken_cases(source: &mut Source<'_>, text: &str) -> String {
    let mut sound = text.to_owned();
    if DeTable::parse(text).is_ok() {
        return sound;
    }
    for part in parts(text).into_iter().filter(|part| begins_a_case(&text[part.clone()])) {
        let alone = format!("{}{}", blank(&text[..part.start]), &text[part.clone()]);
        if let Err(error) = DeTable::parse(&alone) {
            source.no_toml(&error);
            let blank = blank(&text[part.clone()]);
            sound.replace_range(part, &blank);
        }
    }
    sound
}

/// The text in parts: what stands before the first case or list, and from each of them to the next.
fn parts(text: &str) -> Vec<Range<usize>> {
    let mut begins = vec![0];
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if begins_a_case(line) || plain(line).starts_with("[lists]") {
            begins.push(at);
        }
        at += line.len();
    }
    let ends = begins.iter().skip(1).copied().chain([text.len()]);
    begins.iter().copied().zip(ends).map(|(begin, end)| begin..end).collect()
}

fn begins_a_case(part: &str) -> bool {
    plain(part.lines().next().unwrap_or_default()).starts_with("[[case]]")
}

fn plain(line: &str) -> String {
    line.chars().filter(|c| !c.is_whitespace()).collect()
}

/// As long in octets and in lines, and empty.
fn blank(text: &str) -> String {
    text.bytes().map(|octet| if octet == b'\n' { '\n' } else { ' ' }).collect()
}
