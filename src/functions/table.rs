//! CSV as lists need it: a line's cells, and columns by the names in the first line.

use std::sync::Arc;

use super::list::entry;

/// What may stand between cells.
const BETWEEN: [char; 3] = [',', ';', '\t'];
/// The most columns that have names.
const COLUMNS: usize = 32;

/// The first cell of a line.
pub(super) fn first_cell(line: &str) -> String {
    cells(line, &BETWEEN).swap_remove(0)
}

/// The columns that the first line names, with their entries: none, where it names none, or nothing follows it.
pub(super) fn columns(text: &str) -> Vec<(String, Vec<Arc<str>>)> {
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    let mut lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#')).peekable();
    let Some(heading) = lines.next() else { return Vec::new() };
    // What the first line uses, so that the others may stand in a cell.
    let between: Vec<char> =
        BETWEEN.into_iter().max_by_key(|between| cells(heading, &[*between]).len()).into_iter().collect();
    let names: Vec<String> = cells(heading, &between).iter().map(|name| name.trim().to_owned()).collect();
    if lines.peek().is_none() || !(2..=COLUMNS).contains(&names.len()) || !names.iter().all(|name| is_name(name)) {
        return Vec::new();
    }
    let mut columns: Vec<(String, Vec<Arc<str>>)> = names.into_iter().map(|name| (name, Vec::new())).collect();
    for line in lines {
        for ((_, entries), cell) in columns.iter_mut().zip(cells(line, &between)) {
            entries.extend(entry(&cell).map(Arc::from));
        }
    }
    columns
}

/// A word such as a heading has, and no entry such as an address.
fn is_name(name: &str) -> bool {
    name.starts_with(char::is_alphabetic) && name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '_' | '-'))
}

/// The cells of a line, at least one; one in quotes may hold what else stands between cells.
fn cells(line: &str, between: &[char]) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut characters = line.trim_start().chars().peekable();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        let Some(cell) = cells.last_mut() else { break };
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => cell.extend(characters.next()),
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            other if !quoted && between.contains(&other) => cells.push(String::new()),
            other => cell.push(other),
        }
    }
    cells
}
