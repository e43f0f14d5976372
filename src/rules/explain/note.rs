//! What else says why a part of a clause is as it is: the rates that `spike` compares, the local time that `between` and
//! `weekday` see.

use rhai::{Dynamic, Expr, FnCallExpr, Position};

use super::{super::clause::Part, walk::Walk};

/// From here on a rate reads better by the minute than by the hour, in events a second.
const BY_THE_MINUTE: f64 = 1.0 / 60.0;

/// The note, which is empty for most; `value` evaluates an argument of the part. The part itself was evaluated before.
pub(super) fn note(walk: &Walk<'_>, part: &Part, mut value: impl FnMut(&Expr) -> Option<Dynamic>) -> String {
    let Expr::FnCall(call, at) = &part.code else { return String::new() };
    let said = match call.name.as_str() {
        "spike" => spike(walk, call, *at, &mut value),
        "between" | "weekday" => call.args.last().and_then(&mut value).and_then(|time| {
            let local = walk.surroundings.local(walk.rule, &time)?;
            Some(format!("it was {}", local.strftime("%A, %F %T %Z")))
        }),
        _ => None,
    };
    said.unwrap_or_default()
}

fn spike(
    walk: &Walk<'_>,
    call: &FnCallExpr,
    at: Position,
    value: &mut impl FnMut(&Expr) -> Option<Dynamic>,
) -> Option<String> {
    let (recent, before) = walk.memory.borrow().rates(walk.rule, at)?;
    let [recently, before_it, _, factor] = &call.args[..] else { return None };
    let (recently, before_it) = (value(recently)?, value(before_it)?);
    if before == 0.0 {
        return Some(format!("nothing came in the {before_it} before the last {recently}"));
    }
    let (each, unit) = if recent.max(before) >= BY_THE_MINUTE { (60.0, "a minute") } else { (3600.0, "an hour") };
    let needed = value(factor).map_or_else(String::new, |factor| format!(", needed {factor}"));
    Some(format!(
        "{} {unit} within {recently}, {} {unit} in the {before_it} before: {} times as many{needed}",
        short(recent * each),
        short(before * each),
        short(recent / before)
    ))
}

/// With two digits behind the point at most.
fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
