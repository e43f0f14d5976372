//! How the values of a type are written, and texts that are never one of them, or a part of one.

use std::net::IpAddr;

use rhai::{Expr, Position};

use super::{
    Checker,
    address_part::{Place, as_written, in_address, in_pairs},
    links,
    range::shown,
    types::Ty,
};
use crate::{
    diagnostic::{Level, Span},
    functions::{Network, fold, glob_literals, regex_begins},
    rules::words::{nearest, suggest},
};

/// How many names are told, at most.
const LISTED: usize = 20;
/// How long a hardware address of six octets is, as text.
const MAC: f64 = 17.0;

impl Checker<'_> {
    /// A text that a value never is: a name that is not among its names, an address that is not written as one.
    pub(super) fn value_of(&mut self, (ty, of): (&Ty, &Expr), constant: &Expr, differs: bool) {
        let Some(text) = self.constant_text(constant) else { return };
        let subject = self.subject(of);
        self.no_pattern((ty, &subject), "==", &text, constant);
        let Some((level, message, help)) = never_written(ty, &text, &subject, differs) else { return };
        let code = if differs { "always-holds" } else { "never-holds" };
        self.finding(level, code, self.source.whole(constant), message, help);
    }

    /// A part that no value of the type has.
    pub(super) fn never_part(&mut self, (ty, subject): (&Ty, &str), function: &str, text: &str, part: &Expr) {
        let span = self.source.whole(part);
        self.no_pattern((ty, subject), function, text, part);
        match ty {
            Ty::Time if !text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | '.' | 'T' | 'Z')) => {
                let message = format!("\"{text}\" is in no date, which reads like \"2026-01-05T12:00:00Z\".");
                self.error("bad-time", span, message, "Ask weekday(…) or between(…) of it.");
            }
            Ty::Mac => {
                let written = |text: &str| text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f' | ':'));
                let folded = text.to_lowercase().replace('-', ":");
                if !written(text) {
                    let message = format!("\"{text}\" is in no hardware address as they are written here.");
                    let help = if written(&folded) {
                        format!("Write \"{folded}\".")
                    } else {
                        "They are written like \"aa:bb:cc:dd:ee:ff\".".into()
                    };
                    self.error("never-holds", span, message, help);
                } else if !in_pairs(text, Place::of(function)) {
                    self.cut_otherwise(("hardware address", true), function, text, span);
                }
            }
            Ty::Address => {
                let written = |text: &str| text.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f' | ':' | '.'));
                if !written(text) {
                    let message = format!("\"{text}\" is in no address as they are written here.");
                    let help = if Network::parse(text).is_some() {
                        format!("Write cidr(\"{text}\", {subject}).")
                    } else if written(&text.to_lowercase()) {
                        format!("Write \"{}\".", text.to_lowercase())
                    } else {
                        "They are written like \"10.20.3.4\" or \"2001:db8::7\".".into()
                    };
                    self.error("never-holds", span, message, help);
                } else if !in_address(text, Place::of(function)) {
                    self.cut_otherwise(("address", false), function, text, span);
                }
            }
            Ty::Lower | Ty::Upper => {
                if let Some((letters, written)) = otherwise(ty, text) {
                    let message = format!("{subject} has no {letters} letters, and this has.");
                    self.error("never-holds", span, message, format!("Write \"{written}\"."));
                }
            }
            Ty::Names(names, _) | Ty::OneOf(names) if !names.is_empty() => {
                let has = |name: &&str| match function {
                    "starts_with" => name.starts_with(text),
                    "ends_with" => name.ends_with(text),
                    _ => name.contains(text),
                };
                if !names.iter().any(has) {
                    let message = format!("No value of the field {} \"{text}\".", function_words(function));
                    self.error("never-holds", span, message, one_of(text, names));
                }
            }
            _ => {}
        }
    }

    /// A part with the right characters that no address has: `"300."`, `"aabbcc"`.
    fn cut_otherwise(&mut self, (address, of_mac): (&str, bool), function: &str, text: &str, span: Span) {
        let message = format!("No {address} {} \"{text}\".", function_words(function));
        let help = match as_written(text, of_mac, Place::of(function)) {
            Some(written) => format!("Write \"{written}\"."),
            None if above_255(text) => "Each of its numbers is at most 255.".into(),
            None if of_mac => "They are written like \"aa:bb:cc:dd:ee:ff\".".into(),
            None => "They are written like \"10.20.3.4\" or \"2001:db8::7\".".into(),
        };
        self.error("never-holds", span, message, help);
    }

    /// `glob("AA:BB:*", event.rogue_id)`, `regex("^AA:BB", event.rogue_id)`: what stands there as it is, held to how the
    /// values are written.
    pub(super) fn never_fits(&mut self, name: &str, (pattern, of): (&Expr, &Expr), event: Option<&str>) {
        let Some(written) = self.constant_text(pattern) else { return };
        let ty = self.ty(of, event);
        if !matches!(ty, Ty::Mac | Ty::Address | Ty::Lower | Ty::Upper | Ty::Names(..) | Ty::OneOf(_)) {
            return;
        }
        let parts = match name {
            "glob" => glob_literals(&written),
            _ => regex_begins(&written).map(|begins| ("starts_with", begins)).into_iter().collect(),
        };
        let (subject, told) = (self.subject(of), self.findings.len());
        for (function, part) in parts {
            if !part.is_empty() && self.findings.len() == told {
                self.never_part((&ty, &subject), function, &part, pattern);
            }
        }
    }

    /// `contains` and its like, asked of what is not a field alone: `event.ssid.to_lower().contains("x")`.
    pub(super) fn part_of_chain(&mut self, chain: &Expr, event: Option<&str>) {
        let links = links::links(chain);
        let [.., Expr::MethodCall(call, at)] = links[..] else { return };
        let ([part], true) = (&call.args[..], is_question(&call.name)) else { return };
        let is_field = matches!(links[..], [first, Expr::Property(..), _] if super::is_event(first, event));
        let Some(text) = self.constant_text(part).filter(|_| !is_field) else { return };
        let of = self.asked(chain, event);
        if matches!(of, Ty::Lower | Ty::Upper | Ty::Mac | Ty::Address) {
            let subject = self.asked_of(chain, *at);
            self.never_part((&of, &subject), &call.name, &text, part);
        }
    }

    /// What a link of a chain is asked of, as it is written.
    fn asked_of(&self, chain: &Expr, link: Position) -> String {
        let (from, to) = (self.source.whole(chain), self.source.token(link));
        let text = self.source.text(Span { end_line: to.line, end_column: to.column, ..from });
        shown(text.trim_end().trim_end_matches(['.', '?']).to_owned()).unwrap_or_else(|| "This".into())
    }

    /// `mac.len() == 12`: the colons count. Says whether it is that.
    pub(super) fn length_of_mac(
        &mut self,
        operator: &str,
        (length, number): (&Expr, &Expr),
        event: Option<&str>,
    ) -> bool {
        let is_length = matches!(links::links(length).last(), Some(Expr::Property(part, _)) if part.2 == "len")
            || links::asks(length).is_some_and(|call| call.name == "len");
        let whole_pairs = |number: f64| number == 0.0 || (number + 1.0) % 3.0 == 0.0;
        let Some(wanted) = self.constant_number(number).filter(|number| !whole_pairs(*number)) else { return false };
        if !is_length || !matches!(operator, "==" | "!=") || wanted < 0.0 || self.asked(length, event) != Ty::Mac {
            return false;
        }
        let (code, holds) = if operator == "==" { ("never-holds", "never") } else { ("always-holds", "always") };
        let message = format!("A hardware address has {MAC} characters, its colons counted: this {holds} holds.");
        let span = self.source.across(length, number);
        self.finding(Level::Warning, code, span, message, format!("Compare it with {MAC}."));
        true
    }
}

/// Why a value of a type is never that text, how sure that is, and what may be meant.
pub(super) fn never_written(ty: &Ty, text: &str, subject: &str, differs: bool) -> Option<(Level, String, String)> {
    let (message, help) = match ty {
        Ty::Names(names, _) | Ty::OneOf(names) if !names.is_empty() && !names.contains(&text) => {
            (format!("{subject} is never \"{text}\"."), one_of(text, names))
        }
        Ty::Mac | Ty::Address if text.is_empty() => return None,
        Ty::Mac if !is_pairs(text) => no_mac(text),
        Ty::Mac if !matches!(text.len(), 17 | 23) => {
            // One of another length is odd, and can be sent.
            let message = format!("\"{text}\" is no whole hardware address, which has six pairs.");
            let help = format!("For how it begins write {subject}.starts_with(\"{text}\").");
            return Some((Level::Warning, message, help));
        }
        Ty::Address => no_address(text, subject, differs)?,
        Ty::Lower | Ty::Upper => {
            let (letters, written) = otherwise(ty, text)?;
            (format!("{subject} has no {letters} letters, and this has."), format!("Write \"{written}\"."))
        }
        _ => return None,
    };
    Some((Level::Error, message, help))
}

/// Whether one of its numbers is greater than any of an address.
fn above_255(text: &str) -> bool {
    text.contains('.') && text.split('.').any(|number| number.parse::<u32>().is_ok_and(|number| number > 255))
}

/// Whether a function asks a text for a part of it.
pub(super) fn is_question(function: &str) -> bool {
    matches!(function, "contains" | "starts_with" | "ends_with")
}

fn no_mac(text: &str) -> (String, String) {
    let folded = fold(text);
    let help =
        if is_pairs(&folded) { format!("Write \"{folded}\".") } else { "Write it like \"aa:bb:cc:dd:ee:ff\".".into() };
    (format!("\"{text}\" is not how a hardware address is written here."), help)
}

/// Why no address is written like that, and what may be meant. One of odd length is written in pairs.
fn no_address(text: &str, subject: &str, differs: bool) -> Option<(String, String)> {
    if let Ok(address) = text.parse::<IpAddr>() {
        let written = address.to_string();
        let message = format!("\"{text}\" is not how this address is written here.");
        return (written != text).then(|| (message, format!("Write \"{written}\".")));
    }
    if is_pairs(text) {
        return None;
    }
    if text.contains('/') && Network::parse(text).is_some() {
        let not = if differs { "!" } else { "" };
        let message = format!("\"{text}\" is a network, and {subject} is one address.");
        return Some((message, format!("Write {not}cidr(\"{text}\", {subject}).")));
    }
    let message = format!("\"{text}\" is no address.");
    let begins = text.trim_end_matches(['*', 'x', '.']);
    let parts = begins.split('.').count();
    let is_beginning = parts < 4 && !begins.is_empty() && begins.split('.').all(|part| part.parse::<u8>().is_ok());
    let help = if is_beginning {
        format!("For how it begins write {subject}.starts_with(\"{begins}.\").")
    } else {
        "It is written like \"10.20.3.4\" or \"2001:db8::7\".".into()
    };
    Some((message, help))
}

/// What letters of a text are none of the type's, and the text as it would be written.
fn otherwise(ty: &Ty, text: &str) -> Option<(&'static str, String)> {
    let (letters, written) = match ty {
        Ty::Lower => ("capital", text.to_lowercase()),
        _ => ("small", text.to_uppercase()),
    };
    let changes = |c: char| match ty {
        Ty::Lower => !c.to_lowercase().eq([c]),
        _ => !c.to_uppercase().eq([c]),
    };
    text.chars().any(changes).then_some((letters, written))
}

/// What a text may have been meant for: the nearest of the names, or the names.
pub(super) fn one_of(text: &str, names: &[&'static str]) -> String {
    let folded = text.to_lowercase();
    let begins = |name: &&&str| folded.len() >= 2 && name.to_lowercase().starts_with(&folded);
    let near = nearest(text, names.iter().copied()).or_else(|| names.iter().find(begins).copied());
    let near = near.map(|name| format!("\"{name}\""));
    let one = if names.len() == 1 { "" } else { "one of " };
    let more = if names.len() > LISTED { " and others" } else { "" };
    let listed = names.iter().take(LISTED).copied().collect::<Vec<_>>().join("\", \"");
    suggest(near.as_deref(), format!("It is {one}\"{listed}\"{more}."))
}

pub(super) fn function_words(function: &str) -> &str {
    match function {
        "starts_with" => "begins with",
        "ends_with" => "ends with",
        _ => "contains",
    }
}

/// Pairs of lower-case digits with colons between: as hardware addresses are written, those of odd length too.
fn is_pairs(text: &str) -> bool {
    let digit = |octet: u8| octet.is_ascii_digit() || (b'a'..=b'f').contains(&octet);
    text.len() % 3 == 2
        && text.bytes().enumerate().all(|(place, octet)| if place % 3 == 2 { octet == b':' } else { digit(octet) })
}
