//! What is right by its parts and still not what it looks like: the whole event where a value belongs, arguments in the
//! wrong order, a text that is not filled in.

use rhai::{Dynamic, Expr, FnCallExpr, Position};

use super::{Checker, foreign, is_event, types::Ty};
use crate::{
    diagnostic::Level,
    functions::{self, clock_time},
    rules::{
        calls::text,
        words::{nearest, suggest},
    },
};

/// What can be read of a text with a dot.
const PARTS_OF_TEXT: [&str; 4] = ["len", "is_empty", "bytes", "chars"];

impl Checker<'_> {
    /// The event itself among the arguments of a function that takes a value.
    pub(super) fn whole_event(&mut self, call: &FnCallExpr, at: Position, event: Option<&str>) {
        let name = call.name.as_str();
        let ours = functions::all().any(|function| function.name == name);
        let own = self.functions.iter().any(|function| function.name == name);
        if !ours || own || name == "present" {
            return;
        }
        if call.args.iter().any(|argument| is_event(argument, event)) {
            let message = format!("{name} takes values, and this is the whole event.");
            let help = "Write one of its fields, such as event.customer_id.";
            self.error("bad-arguments", self.source.token(at), message, help);
        }
    }

    /// `event.field.part`: of a text, a number, or a map whose parts are known.
    pub(super) fn part_of_field(&mut self, rest: &Expr) {
        let Expr::Dot(pair, ..) = rest else { return };
        let (Expr::Property(field, _), Expr::Property(part, at)) = (&pair.lhs, super::head(&pair.rhs)) else { return };
        let (field, part) = (field.2.as_str(), part.2.as_str());
        let ty = self.field_ty(field);
        let known: Vec<&str> = match &ty {
            Ty::Map => {
                let maps = self.kinds.iter().filter_map(|kind| kind.field(field));
                maps.flat_map(|field| field.fields.iter().map(|part| part.name)).collect()
            }
            ty if ty.is_text() => PARTS_OF_TEXT.to_vec(),
            ty if ty.is_number() || *ty == Ty::Truth => Vec::new(),
            _ => return,
        };
        if known.contains(&part) {
            return;
        }
        let help = match foreign::function(part) {
            Some(ours) if ty.is_text() => format!("Write {ours}()."),
            None if ty.is_text() && self.natives.contains_key(part) => format!("Write {part}(…), with brackets."),
            _ => match nearest(part, known.iter().copied()) {
                Some(near) => format!("Did you mean {near}?"),
                None if known.is_empty() || ty.is_text() => String::new(),
                None => format!("Its parts: {}.", known.join(", ")),
            },
        };
        let message = format!("{field} is {}, and has no part \"{part}\".", ty.words());
        self.error("unknown-field", self.source.token(*at), message, help);
    }

    /// Between double quotes nothing is filled in.
    pub(super) fn not_filled_in(&mut self, at: Position) {
        if self.source.word(at).starts_with('"') {
            let message = "Between double quotes ${…} stays as it is written.";
            let help = "Put the text in back-ticks: `…`.";
            self.finding(Level::Warning, "not-filled-in", self.source.token(at), message, help);
        }
    }

    /// The name of a list, and what is looked for in it.
    pub(super) fn list(&mut self, list: &Expr, value: Option<&Expr>) {
        let at = list.start_position();
        if let Some(name) = text(list, self.texts) {
            if self.lists.get(name).is_none() {
                let (message, instead) = self.lists.missing(name);
                let plain = name.rsplit('/').next().unwrap_or(name).trim_end_matches(".txt").trim_end_matches(".csv");
                if plain != name && instead.is_none() {
                    let help = format!("A list is named without its folder and ending: write \"{plain}\".");
                    return self.error("unknown-list", self.source.token(at), message, help);
                }
                let otherwise = instead.unwrap_or_else(|| format!("Add rules/lists/{name}.txt, one entry a line."));
                let help = suggest(nearest(name, self.lists.names()), otherwise);
                self.error("unknown-list", self.source.token(at), message, help);
            }
        } else if let Some(name) = value.and_then(|value| text(value, self.texts)) {
            let message = "The name of the list comes first.";
            let value = self.source.text(self.source.whole(list));
            let help = format!("Write in_list(\"{name}\", {value}).");
            self.error("bad-arguments", self.source.whole(list), message, help);
        } else if let written = self.written_as(list)
            && self.lists.get(&written).is_some()
        {
            // our-aps is our minus aps, and neither means anything.
            let span = self.source.whole(list);
            self.error("unknown-name", span, "The name of a list stands in quotes.", format!("Write \"{written}\"."));
            self.told.push(span);
        }
    }

    /// An end of `between`.
    pub(super) fn clock_time(&mut self, end: &Expr) {
        let Some(value) = self.constant_value(end) else { return };
        let time = value.as_immutable_string_ref().ok().is_some_and(|text| clock_time(&text).is_some());
        if !time {
            let written = self.source.text(self.source.whole(end));
            let message = format!("{written} is not a time of day.");
            self.error("bad-time", self.source.whole(end), message, "Write it like \"02:00\" or \"23:30\".");
        }
    }

    /// A date and time compared with a text that is none. Says whether it is one.
    pub(super) fn no_date(&mut self, (ty, of): (&Ty, &Expr), constant: &Expr) -> bool {
        let Some(Ok(text)) = self.constant_value(constant).map(Dynamic::into_string) else { return false };
        let begins = text.len() >= 4 && text.bytes().take(4).all(|octet| octet.is_ascii_digit());
        let date = begins && text.as_bytes().get(4).is_none_or(|octet| *octet == b'-');
        if *ty != Ty::Time || date || text.is_empty() {
            return false;
        }
        let subject = self.subject(of);
        let message = format!("{subject} is a date and a time of day, such as \"2026-01-05T12:00:00Z\".");
        let help = if clock_time(&text).is_some() {
            format!("Write between(\"{text}\", …, {subject}).")
        } else {
            "Ask weekday(…) or between(…) of it.".into()
        };
        self.error("bad-time", self.source.whole(constant), message, help);
        true
    }

    /// `&` and `|` between conditions.
    pub(super) fn single_operator(&mut self, call: &FnCallExpr, at: Position, event: Option<&str>) {
        if call.args.len() == 2 && call.args.iter().all(|side| self.ty(side, event) == Ty::Truth) {
            let message = format!("Between conditions stands {0}{0}, not {0}.", call.name);
            let help = format!("Write {0}{0}.", call.name);
            self.finding(Level::Warning, "operator", self.source.token(at), message, help);
        }
    }
}
