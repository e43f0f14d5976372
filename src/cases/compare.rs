//! What happened beside what was expected.

use std::time::Duration;

use serde::{Serialize, Serializer};

use super::{Expected, Happening, What};
use crate::{functions::fits, rules::duration};

/// Whose line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// It was expected, and happened.
    Both,
    /// It was expected, and did not happen.
    Missing,
    /// It happened, and was not expected.
    Unexpected,
}

/// One line of a story. In a missing one, what does not matter is empty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    pub side: Side,
    #[serde(serialize_with = "short")]
    pub at: Option<Duration>,
    #[serde(serialize_with = "name")]
    pub what: What,
    pub key: String,
    pub title: String,
    pub body: String,
    pub severity: String,
}

#[allow(clippy::ref_option)] // as serde wants it
fn short<S: Serializer>(at: &Option<Duration>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&at.map_or_else(String::new, duration::format))
}

#[allow(clippy::trivially_copy_pass_by_ref)] // as serde wants it
fn name<S: Serializer>(what: &What, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(what.name())
}

/// Both stories as one, with as much in common as they have.
pub(super) fn compare(expected: &[Expected], happened: &[Happening]) -> Vec<Line> {
    // How many lines the rests have in common, from each pair of places on.
    let width = happened.len() + 1;
    let mut common = vec![0_u32; (expected.len() + 1) * width];
    for (row, wanted) in expected.iter().enumerate().rev() {
        for (column, got) in happened.iter().enumerate().rev() {
            let here = row * width + column;
            common[here] =
                if is(wanted, got) { common[here + width + 1] + 1 } else { common[here + 1].max(common[here + width]) };
        }
    }
    let (mut row, mut column) = (0, 0);
    let mut lines = Vec::new();
    loop {
        match (expected.get(row), happened.get(column)) {
            (Some(wanted), Some(got)) if is(wanted, got) => {
                lines.push(of_happening(Side::Both, got));
                (row, column) = (row + 1, column + 1);
            }
            (Some(wanted), got)
                if got.is_none() || common[(row + 1) * width + column] >= common[row * width + column + 1] =>
            {
                lines.push(of_expected(wanted));
                row += 1;
            }
            (_, Some(got)) => {
                lines.push(of_happening(Side::Unexpected, got));
                column += 1;
            }
            _ => return paired(lines),
        }
    }
}

/// Whether more of it happened than the story tells, at another place in the order.
pub(super) fn in_another_order(expected: &[Expected], happened: &[Happening], story: &[Line]) -> bool {
    let mut rest: Vec<&Happening> = happened.iter().collect();
    let found = expected.iter().filter(|wanted| {
        let place = rest.iter().position(|got| is(wanted, got));
        place.map(|place| rest.remove(place)).is_some()
    });
    found.count() > story.iter().filter(|line| line.side == Side::Both).count()
}

/// The same lines, with what happened otherwise than expected right below what was expected.
fn paired(lines: Vec<Line>) -> Vec<Line> {
    let mut paired = Vec::with_capacity(lines.len());
    for run in lines.chunk_by(|one, next| (one.side == Side::Both) == (next.side == Side::Both)) {
        let mut rest: Vec<&Line> = run.iter().filter(|line| line.side != Side::Missing).collect();
        for missing in run.iter().filter(|line| line.side == Side::Missing) {
            paired.push(missing.clone());
            let same = |line: &&Line| line.what == missing.what && is_text(&missing.key, &line.key);
            if let Some(place) = rest.iter().position(same) {
                paired.push(rest.remove(place).clone());
            }
        }
        paired.extend(rest.into_iter().cloned());
    }
    paired
}

fn is(wanted: &Expected, got: &Happening) -> bool {
    let text = |wanted: &Option<String>, got: &str| wanted.as_deref().is_none_or(|wanted| is_text(wanted, got));
    wanted.what == got.what
        && is_text(&wanted.key, &got.key)
        && wanted.at.is_none_or(|at| at == got.at)
        && text(&wanted.title, &got.title)
        && text(&wanted.body, &got.body)
        && wanted.severity.is_none_or(|severity| severity == got.severity)
}

/// The text itself, whatever is in it, or a pattern that it fits.
fn is_text(wanted: &str, got: &str) -> bool {
    wanted == got || fits(wanted, got)
}

fn of_happening(side: Side, got: &Happening) -> Line {
    Line {
        side,
        at: Some(got.at),
        what: got.what,
        key: got.key.to_string(),
        title: got.title.to_string(),
        body: got.body.to_string(),
        severity: got.severity.name().to_owned(),
    }
}

fn of_expected(wanted: &Expected) -> Line {
    Line {
        side: Side::Missing,
        at: wanted.at,
        what: wanted.what,
        key: wanted.key.clone(),
        title: wanted.title.clone().unwrap_or_default(),
        body: wanted.body.clone().unwrap_or_default(),
        severity: wanted.severity.map(|severity| severity.name().to_owned()).unwrap_or_default(),
    }
}
