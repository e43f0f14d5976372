//! What is right by its parts and still not what it looks like: the whole event where a value belongs, arguments in the
//! wrong order, a text that is not filled in.

use rhai::{Expr, FnCallExpr, Position};

use super::{Checker, compare::field_name, foreign, is_event, links, types::Ty};
use crate::{
    diagnostic::{Level, Span},
    functions::{self, Network},
    rules::{
        calls::text,
        words::{nearest, suggest},
    },
};

/// What can be read of a text with a dot.
pub(super) const PARTS_OF_TEXT: [&str; 4] = ["len", "is_empty", "bytes", "chars"];

/// Functions that answer of a text, and of nothing else in an event.
pub(super) const OF_TEXTS: [&str; 6] = ["to_lower", "to_upper", "sub_string", "index_of", "split", "len"];

/// How files end that hold a list, or are taken for one.
const ENDINGS: [&str; 5] = [".txt", ".csv", ".rhai", ".list", ".lst"];

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
        // event.field[0].part
        if let Expr::Index(pair, ..) = rest
            && let (Expr::Property(field, _), Expr::Dot(behind, ..)) = (&pair.lhs, &pair.rhs)
            && let Expr::Property(part, at) = super::head(&behind.rhs)
            && self.field_ty(&field.2) == Ty::List
        {
            self.part_of_entry(&field.2, &part.2, *at);
        }
        let Expr::Dot(pair, ..) = rest else { return };
        let (Expr::Property(field, _), Expr::Property(part, at)) = (&pair.lhs, super::head(&pair.rhs)) else { return };
        let (field, part) = (field.2.as_str(), part.2.as_str());
        let ty = self.field_ty(field);
        let known: Vec<&str> = match &ty {
            Ty::Map => {
                let maps = self.kinds.iter().filter_map(|kind| kind.field(field));
                maps.flat_map(|field| field.fields.iter().map(|part| part.name)).collect()
            }
            Ty::List => vec!["len", "is_empty"],
            ty if ty.is_text() => PARTS_OF_TEXT.to_vec(),
            ty if ty.is_number() || *ty == Ty::Truth => Vec::new(),
            _ => return,
        };
        if known.contains(&part) {
            return;
        }
        let help = match foreign::function(part) {
            _ if ty == Ty::List => format!("Go through it: for one in event.{field} {{ … one.{part} … }}."),
            _ if ty == Ty::Time => {
                format!("Ask between(\"08:00\", \"18:00\", event.{field}), or weekday(event.{field}).")
            }
            Some(ours) if ty.is_text() => format!("Write {ours}()."),
            None if ty.is_text() && self.natives.contains_key(part) => format!("Write {part}(…), with brackets."),
            _ => match nearest(part, known.iter().copied()) {
                Some(near) => format!("Did you mean {near}?"),
                None if ty == Ty::Text && field.contains("data") => {
                    format!("Where it holds JSON write parse_json(event.{field}).{part}.")
                }
                None if known.is_empty() || ty.is_text() => String::new(),
                None => format!("Its parts: {}.", known.join(", ")),
            },
        };
        let message = format!("{field} is {}, and has no part \"{part}\".", ty.words());
        self.error("unknown-field", self.source.token(*at), message, help);
    }

    /// A part of what has none: `event.ssid.to_lower().first`, `"Rogue " . event.ssid`.
    pub(super) fn part_of_value(&mut self, chain: &Expr, event: Option<&str>) {
        let links = links::links(chain);
        for place in 1..links.len() {
            let ty = self.of_links(&links[..place], event);
            if let Expr::MethodCall(call, at) = links[place]
                && (ty.is_number() || ty == Ty::Truth)
                && OF_TEXTS.contains(&call.name.as_str())
            {
                let message = format!("{} is asked of a text, and this is {}.", call.name, ty.words());
                return self.error("bad-arguments", self.source.token(*at), message, "Compare it with == or <.");
            }
            let Expr::Property(part, at) = links[place] else { continue };
            let part = part.2.as_str();
            if let Ty::Entry(field) = &ty {
                self.part_of_entry(field, part, *at);
            }
            let of_field = place == 2 && is_event(links[0], event); // that is told by itself
            let has = of_field || ty.is_text() && PARTS_OF_TEXT.contains(&part) || part == "len";
            if has || !(ty.is_text() || ty.is_number() || ty == Ty::Truth) {
                continue;
            }
            let help = match foreign::function(part) {
                _ if Some(part) == event => {
                    format!("Put texts and fields together in back-ticks: `Rogue ${{{part}.…}}`.")
                }
                Some(ours) => format!("Write {ours}()."),
                None if self.natives.contains_key(part) => format!("Write {part}(…), with brackets."),
                None => String::new(),
            };
            let message = format!("This is {}, and has no part \"{part}\".", ty.words());
            return self.error("unknown-field", self.source.token(*at), message, help);
        }
    }

    /// A part of an entry of a list, where its parts are known.
    fn part_of_entry(&mut self, field: &str, part: &str, at: Position) {
        let known: Vec<&str> = self.parts(field).map(|part| part.name).collect();
        if !known.is_empty() && !known.contains(&part) {
            let message = format!("An entry of {field} has no part \"{part}\".");
            let help = suggest(nearest(part, known.iter().copied()), format!("Its parts: {}.", known.join(", ")));
            self.error("unknown-field", self.source.token(at), message, help);
        }
    }

    /// What is meant to be filled in and is not: between double quotes nothing is, elsewhere only `${…}`.
    pub(super) fn not_filled_in(&mut self, text: &str, at: Position, event: Option<&str>) {
        let span = self.source.token(at);
        if text.contains("${") && self.source.word(at).starts_with('"') {
            let message = "Between double quotes ${…} stays as it is written.";
            let help = "Put the text in back-ticks: `…`.";
            return self.finding(Level::Warning, "not-filled-in", span, message, help);
        }
        let Some(event) = event else { return };
        let named = text.match_indices(&format!("{event}.")).find_map(|(start, dot)| {
            let rest = &text[start + dot.len()..];
            let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
            let begins = !text[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            (begins && self.is_field(&rest[..end])).then(|| format!("{event}.{}", &rest[..end]))
        });
        if let Some(field) = named {
            let message = format!("{field} stands here as it is written: only ${{…}} between back-ticks is filled in.");
            let help = if field == text { format!("Write {field}.") } else { format!("Write `… ${{{field}}} …`.") };
            self.finding(Level::Warning, "not-filled-in", span, message, help);
        }
    }

    /// The name of a list, and what is looked for in it.
    pub(super) fn list(&mut self, list: &Expr, value: Option<&Expr>, event: Option<&str>) {
        let at = list.start_position();
        if let Some(name) = text(list, self.texts) {
            self.named_list(name, self.source.token(at));
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
        } else if let Some(field) = field_name(list, event) {
            let message = format!("{field} is what the event says, and here stands the name of a list.");
            let help = match value {
                Some(value) => format!("Write in_list(\"…\", {}).", self.written_as(value)),
                None => "Write list(\"…\").".into(),
            };
            self.finding(Level::Warning, "unknown-list", self.source.whole(list), message, help);
        }
    }

    /// A list by its name, which stands there.
    pub(super) fn named_list(&mut self, name: &str, span: Span) {
        if self.lists.get(name).is_some() {
            return;
        }
        let (message, instead) = self.lists.missing(name);
        let file = name.rsplit('/').next().unwrap_or(name);
        let plain = ENDINGS.iter().find_map(|ending| file.strip_suffix(ending)).unwrap_or(file);
        let help = if Network::parse(name).is_some() {
            format!("Write cidr(\"{name}\", …).")
        } else if plain != name && (instead.is_none() || self.lists.get(plain).is_some()) {
            let there = if self.lists.get(plain).is_some() { Some(plain) } else { nearest(plain, self.lists.names()) };
            let written = there.unwrap_or(plain);
            format!("A list is named without its folder and ending: write \"{written}\".")
        } else {
            let otherwise = instead
                .unwrap_or_else(|| format!("Add lists/{name}.txt in the folder of the rules, one entry a line."));
            suggest(nearest(name, self.lists.names()), otherwise)
        };
        self.error("unknown-list", span, message, help);
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
