//! Texts that are compared as they are, where more is meant: an order, a pattern, a field.

use rhai::{Expr, FnCallExpr};

use super::{Checker, types::Ty};
use crate::{
    diagnostic::Level,
    functions::{self, remember},
};

impl Checker<'_> {
    /// `event.level > "medium"`: texts are in the order of their letters. Dates are written to be.
    pub(super) fn text_order(&mut self, operator: &str, (ty, of): (&Ty, &Expr), constant: &Expr) {
        let Some(text) = self.constant_text(constant) else { return };
        let is_date = text.len() >= 5 && text.bytes().take(4).all(|octet| octet.is_ascii_digit());
        let is_date = is_date && text.as_bytes().get(4) == Some(&b'-');
        let ordered = matches!(operator, "<" | "<=" | ">" | ">=") && ty.is_text() && *ty != Ty::Time;
        if !ordered || is_date || text.chars().count() < 2 {
            return;
        }
        let subject = self.subject(of);
        let (one, other) = if text.starts_with(|c: char| c.is_ascii_digit()) { ("9", "10") } else { ("low", "high") };
        let message = format!("Texts are compared letter by letter: \"{one}\" comes behind \"{other}\".");
        let help = match ty {
            Ty::Address => format!("Write cidr(\"…\", {subject}) with the network that is meant."),
            _ => format!("Name what it may be: {subject} in [\"…\", \"…\"]."),
        };
        self.warning("text-order", constant, message, &help);
    }

    /// `event.ssid == "free*"`: only glob and regex read patterns.
    pub(super) fn no_pattern(&mut self, (ty, of): (&Ty, &str), function: &str, text: &str, constant: &Expr) {
        let stars = text.matches('*').count();
        let ends = usize::from(text.starts_with('*')) + usize::from(text.ends_with('*'));
        let is_glob = text.len() > 2 && stars > 0 && stars == ends;
        let is_regex = text.contains(".*") || text.len() > 2 && (text.starts_with('^') || text.ends_with('$'));
        if !matches!(ty, Ty::Text | Ty::Lower | Ty::Upper) || !(is_glob || is_regex) {
            return;
        }
        let (family, pattern) = match (is_regex, function) {
            (true, _) => ("regex", text.to_owned()),
            (false, "==") => ("glob", text.to_owned()),
            (false, _) => ("glob", format!("*{}*", text.trim_matches('*'))),
        };
        let message = "This is compared as it stands: a pattern is read by glob and regex alone.";
        self.warning("bad-pattern", constant, message, &format!("Write {family}(\"{pattern}\", {of})."));
    }

    /// `count("10m", "mac_addr")`: the name of a field in quotes, where its value is meant.
    pub(super) fn quoted_field(&mut self, call: &FnCallExpr) {
        let name = call.name.as_str();
        let ours = functions::all().any(|function| function.name == name);
        if !ours || self.functions.iter().any(|function| function.name == name) {
            return;
        }
        let of_value = matches!(name, "oui" | "parse_json");
        let literals = remember::literals(name, call.args.len()).unwrap_or(usize::from(!of_value));
        for argument in call.args.iter().skip(literals) {
            if let Expr::StringConstant(text, _) = argument
                && self.is_field(text)
            {
                let message = format!("\"{text}\" is a text here, the same for every event, and not the field.");
                let span = self.source.whole(argument);
                self.finding(Level::Warning, "bad-arguments", span, message, format!("Write event.{text}."));
            }
        }
    }
}
