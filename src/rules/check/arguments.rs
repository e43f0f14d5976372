//! What functions are given: how many values, in which order, and those that are known before any event.

use rhai::{Expr, FnCallExpr};

use super::{Checker, is_event, types::Ty};
use crate::{
    diagnostic::{Level, Span},
    functions::{self, Function, Network, clock_time, remember},
    rules::{calls::text, duration},
};

/// A comparison, or several joined.
fn is_condition(expression: &Expr) -> bool {
    match expression {
        Expr::And(..) | Expr::Or(..) => true,
        Expr::FnCall(call, _) => {
            call.is_operator_call() && matches!(call.name.as_str(), "==" | "!=" | "<" | "<=" | ">" | ">=" | "!")
        }
        _ => false,
    }
}

/// What the first arguments of a function are, where that tells them from the others.
#[derive(Clone, Copy, PartialEq)]
enum Leads {
    Duration,
    /// A text in quotes, or a constant that is one.
    Text,
    Network,
    TimeOfDay,
}

/// How a function begins, and the words for it.
fn leads(name: &str, durations: Option<usize>) -> Option<(Vec<Leads>, &'static str)> {
    Some(match (name, durations) {
        ("mark", _) => (vec![Leads::Text], "The name of the mark comes first."),
        ("marked", Some(_)) => {
            (vec![Leads::Duration, Leads::Text], "The duration comes first, then the name of the mark.")
        }
        (_, Some(1)) => (vec![Leads::Duration], "The duration comes first."),
        (_, Some(durations)) => (vec![Leads::Duration; durations], "The durations come first."),
        ("cidr", None) => (vec![Leads::Network], "The network comes first."),
        ("glob" | "regex", None) => (vec![Leads::Text], "The pattern comes first."),
        ("between", None) => (vec![Leads::TimeOfDay; 2], "The two times of day come first."),
        _ => return None,
    })
}

impl Checker<'_> {
    /// The arguments of a function of ours or of Rhai's.
    pub(super) fn arguments(&mut self, name: &str, call: &FnCallExpr, span: Span, event: Option<&str>) {
        let durations = remember::durations(name, call.args.len());
        let two_values = matches!(name, "min" | "max") && call.args.len() == 2; // Rhai's own
        if let Some(function) = functions::all().find(|function| function.name == name && !two_values) {
            let wanted = function.signature.matches(',').count() + 1;
            if call.args.len() != wanted {
                let message = format!("{name} takes {wanted} {}.", if wanted == 1 { "value" } else { "values" });
                return self.error("bad-arguments", span, message, self.rewritten(function, call));
            }
            if self.out_of_order(name, durations, call) {
                return;
            }
            self.sorts(name, call, event);
            self.alike(name, call, event);
        }
        self.remembers(name, durations, call);
        match (name, &call.args[..]) {
            ("list" | "in_list", [list, rest @ ..]) => self.list(list, rest.first(), event),
            // Of a key that was never heard there is no event.
            ("present", [value]) if is_event(value, event) && self.policy.silent_for.is_none() => {
                let message = "present is asked of a field: the event itself is always there.";
                let help = format!("Write present({}.{}).", self.written_as(value), self.some_field());
                self.error("always-holds", self.source.whole(value), message, help);
            }
            ("present", [value]) if value.is_constant() => {
                let field = self.constant_text(value).filter(|text| self.is_field(text));
                let help =
                    field.map_or_else(|| "Ask it of a field.".into(), |field| format!("Write present(event.{field})."));
                let message = "present is asked of a field, and this is always the same.";
                self.error("always-holds", self.source.whole(value), message, help);
            }
            ("between", [from, to, time]) => self.between((from, to, time), event),
            ("weekday", [time]) => self.asked_for_time("weekday", time, event),
            ("spike", [.., factor]) if self.constant_number(factor).is_some_and(|factor| factor <= 0.0) => {
                let message = "Every rate is at least this many times another: a factor is above 0.";
                self.error(
                    "bad-arguments",
                    self.source.whole(factor),
                    message,
                    "Write how many times as often, such as 3.",
                );
            }
            ("cidr", [net, _]) => {
                if let Some(text) = self.constant_text(net).filter(|text| Network::parse(text).is_none()) {
                    let help = "Write it like \"10.20.0.0/16\" or \"2001:db8::/32\".";
                    self.error("bad-network", self.source.whole(net), format!("\"{text}\" is no network."), help);
                }
            }
            ("glob" | "regex", [pattern, of]) => {
                self.pattern(name, pattern);
                self.never_fits(name, (pattern, of), event);
            }
            _ => {}
        }
    }

    /// `max("5m", event.age)`: of two values these are Rhai's own, and a duration is none.
    pub(super) fn window_of_two(&mut self, name: &str, call: &FnCallExpr, span: Span) {
        let begins = call.args.first().and_then(|first| text(first, self.texts));
        if matches!(name, "min" | "max") && begins.is_some_and(|text| duration::parse(text).is_ok()) {
            let message = format!("{name} of a window takes 3 values.");
            self.error("bad-arguments", span, message, format!("Write {name}(window, by, number)."));
        }
    }

    /// How a call with too many or too few values is written.
    fn rewritten(&self, function: &Function, call: &FnCallExpr) -> String {
        let several = matches!(function.name, "count" | "rate") && call.args.len() > 2;
        if !several || call.args.iter().skip(1).any(|by| text(by, self.texts).is_some()) {
            return format!("Write {}.", function.signature);
        }
        let written: Vec<String> = call.args.iter().map(|argument| self.written_as(argument)).collect();
        format!("To count by several values write {}({}, [{}]).", function.name, written[0], written[1..].join(", "))
    }

    /// Arguments of which each is right and stands in the wrong place: told once, with the call as it is meant.
    fn out_of_order(&mut self, name: &str, durations: Option<usize>, call: &FnCallExpr) -> bool {
        let Some((leads, message)) = leads(name, durations) else { return false };
        let fits = |lead: Leads, argument: &Expr| match (lead, text(argument, self.texts)) {
            (Leads::Duration, Some(text)) => duration::parse(text).is_ok(),
            (Leads::Text, Some(_)) => true,
            (Leads::Network, Some(text)) => Network::parse(text).is_some(),
            (Leads::TimeOfDay, Some(text)) => clock_time(text).is_some(),
            (_, None) => false,
        };
        let wrong = leads.iter().zip(&call.args).find(|(lead, argument)| !fits(**lead, argument));
        let Some((_, wrong)) = wrong else { return false };
        let mut rest: Vec<&Expr> = call.args.iter().collect();
        let mut meant: Vec<&Expr> = Vec::new();
        for lead in leads {
            let Some(place) = rest.iter().position(|argument| fits(lead, argument)) else { return false };
            meant.push(rest.remove(place));
        }
        let meant: Vec<String> = meant.into_iter().chain(rest).map(|argument| self.written_as(argument)).collect();
        let help = format!("Write {name}({}).", meant.join(", "));
        self.error("bad-arguments", self.source.whole(wrong), message, help);
        true
    }

    /// The sort of values that a function can do something with.
    fn sorts(&mut self, name: &str, call: &FnCallExpr, event: Option<&str>) {
        if let (Some(1), Some(by)) = (remember::durations(name, call.args.len()), call.args.get(1))
            && is_condition(by)
        {
            let message = format!("{name} counts by this: those where it holds, and those where it does not.");
            let help = format!("To count only some write {} && {name}(…).", self.subject(by));
            self.finding(Level::Warning, "bad-arguments", self.source.whole(by), message, help);
        }
        let (place, number) = match (name, call.args.len()) {
            ("sum" | "avg" | "min" | "max", 3) => (2, true),
            ("spike", 4) => (3, true),
            ("cidr" | "glob" | "regex", 2) => (1, false),
            ("oui" | "parse_json", 1) => (0, false),
            _ => return,
        };
        let argument = &call.args[place];
        let ty = self.ty(argument, event);
        let span = self.source.whole(argument);
        if number && (ty.is_text() || matches!(ty, Ty::Truth | Ty::List | Ty::Map)) {
            let help = if self.is_quoted_number(argument) {
                "Write the number without quotes."
            } else {
                "Give it a field that is a number."
            };
            self.error("bad-arguments", span, format!("{name} takes a number here, and this is {}.", ty.words()), help);
        } else if matches!((name, &ty), ("oui", Ty::Address | Ty::Time) | ("cidr", Ty::Mac | Ty::Time)) {
            let wanted = if name == "oui" { "a hardware address" } else { "an address such as 10.20.3.4" };
            let message = format!("{name} looks at {wanted}, and {} is none.", self.subject(argument));
            self.error("never-holds", span, message, "Give it another field.");
        } else if !number && (ty.is_number() || matches!(ty, Ty::Truth | Ty::List | Ty::Map)) {
            let message = format!("{name} looks at a text, and this is {}: that never holds.", ty.words());
            self.error("never-holds", span, message, "Give it a field that is a text.");
        }
    }

    /// The pattern of `glob` and `regex`, which is known before any event.
    fn pattern(&mut self, name: &str, pattern: &Expr) {
        let span = self.source.whole(pattern);
        let Some(written) = text(pattern, self.texts) else {
            if name == "glob" && matches!(pattern, Expr::Variable(..)) || self.means_nothing(pattern) {
                return;
            }
            let message = format!("The pattern of {name} is a text in quotes or a constant.");
            return self.error("bad-pattern", span, message, "To look for a text that is no constant use contains(…).");
        };
        if name == "glob" {
            if let Some((message, help)) = functions::wrong_glob(written) {
                self.error("bad-pattern", span, message, help);
            }
        } else if let Err(message) = functions::pattern(written) {
            let help = if message.contains("look") || message.contains("backreference") {
                "Look-around and back-references are not there; everything else of regular expressions is."
            } else if message.contains("repetition operator") {
                "A * repeats what stands before it: write .* for anything."
            } else {
                "For a plain text use contains(…), for * and ? use glob(…)."
            };
            self.error("bad-pattern", span, message, help);
        }
    }

    /// A name that means nothing, which is told where names are.
    fn means_nothing(&self, expression: &Expr) -> bool {
        let name = super::variable_name(expression);
        name.is_some_and(|name| !self.constants.contains(name) && !self.locals.contains_key(name))
    }

    /// The durations of a call that remembers, and the name of its mark: known before any event.
    fn remembers(&mut self, name: &str, durations: Option<usize>, call: &FnCallExpr) {
        let Some(durations) = durations else { return };
        for argument in call.args.iter().take(durations) {
            // What is wrong with a constant is mended where it is written.
            let constant = match argument {
                Expr::Variable(variable, ..) if !self.locals.contains_key(variable.1.as_str()) => {
                    self.written.iter().rfind(|constant| constant.name == variable.1.as_str())
                }
                _ => None,
            };
            let problem = match (text(argument, self.texts), constant) {
                (Some(text), _) => duration::parse(text).err(),
                (None, Some(constant)) if constant.value.is_unit() => None, // that is told
                (None, Some(constant)) => Some(format!("{} stands for a duration, which is in quotes.", constant.name)),
                (None, None) => Some(format!("{name} begins with a duration in quotes, or a constant that is one.")),
            };
            if let Some(problem) = problem {
                let help = duration::help(text(argument, self.texts).unwrap_or_default());
                let span = constant.map_or_else(|| self.source.whole(argument), |constant| constant.value_span);
                self.error("bad-duration", span, problem, help);
            }
        }
        let by = self.identity().unwrap_or("id");
        let (mark, help) = match name {
            "mark" => (call.args.first(), format!("Write it like mark(\"seen\", event.{by}).")),
            "marked" => (call.args.get(1), format!("Write it like marked(\"5m\", \"seen\", event.{by}).")),
            _ => return,
        };
        if let Some(mark) = mark.filter(|mark| text(mark, self.texts).is_none() && !self.means_nothing(mark)) {
            let message = "The name of a mark is a text in quotes or a constant.";
            self.error("bad-mark", self.source.whole(mark), message, help);
        }
    }

    /// Whether one of Rhai's own functions is there with that many values, that of which it is asked among them.
    pub(super) fn takes(&mut self, name: &str, given: usize, span: Span) {
        let Some(counts) = self.natives.get(name).filter(|counts| !counts.contains(&given)) else { return };
        let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
        let between = |count: usize| count.saturating_sub(1);
        let takes =
            if least == most { between(most).to_string() } else { format!("{} to {}", between(least), between(most)) };
        let values = if takes == "1" { "value" } else { "values" };
        let message = format!("{name} takes {takes} {values} between its brackets.");
        let several = matches!(name, "contains" | "starts_with" | "ends_with") && given > 2;
        let help = if several { "Ask once for each, with || between." } else { "" };
        self.error("bad-arguments", span, message, help);
    }

    /// An expression as it stands in the text.
    pub(super) fn written_as(&self, expression: &Expr) -> String {
        self.source.text(self.source.whole(expression))
    }
}
