//! Comparisons that never hold, and conditions that are none.

use rhai::{Expr, FnCallExpr, Position};

use super::{Checker, types::Ty};
use crate::{
    diagnostic::Level,
    functions::{Network, fold},
    rules::words::{nearest, suggest},
};

impl Checker<'_> {
    /// What can be said of a call by the types of what it is given.
    pub(super) fn types_of_call(&mut self, call: &FnCallExpr, at: Position, event: Option<&str>) {
        if self.functions.iter().any(|function| function.name == call.name) {
            return;
        }
        match (call.name.as_str(), &call.args[..]) {
            (operator @ ("==" | "!=" | "<" | "<=" | ">" | ">="), [one, other]) if call.is_operator_call() => {
                self.comparison(operator, (one, other), at, event);
            }
            ("!", [inner]) if call.is_operator_call() => self.condition(inner, event, "! turns"),
            ("contains", [of, part]) => self.membership(of, part, event),
            ("cidr", [Expr::StringConstant(net, at), _]) if Network::parse(net).is_none() => {
                let message = format!("\"{net}\" is no network.");
                let help = "Write it like \"10.20.0.0/16\" or \"2001:db8::/32\".";
                self.error("bad-network", self.source.token(*at), message, help);
            }
            _ => {}
        }
    }

    /// An operand of `&&`, `||` or `!`, or a whole condition, that is neither true nor false.
    pub(super) fn condition(&mut self, expression: &Expr, event: Option<&str>, whose: &str) {
        let ty = self.ty(expression, event);
        if matches!(ty, Ty::Unknown | Ty::Truth | Ty::Unit) {
            return;
        }
        let message = format!("{whose} true or false, and this is {}.", ty.words());
        let help = match (&ty, expression) {
            (Ty::Number, Expr::FnCall(call, _)) if !call.is_operator_call() => {
                format!("Compare it: {}(…) >= 5.", call.name)
            }
            (Ty::Number, _) => "Compare it with a number: … > 0.".into(),
            (ty, _) if ty.is_text() => "Compare it with a text, or ask present(…).".into(),
            _ => "Ask something of it, such as present(…).".into(),
        };
        self.error("not-a-condition", self.source.whole(expression), message, help);
    }

    fn comparison(&mut self, operator: &str, (one, other): (&Expr, &Expr), at: Position, event: Option<&str>) {
        if let (Some(field), Some(again)) = (field_name(one, event), field_name(other, event))
            && field == again
        {
            let message = format!("This compares {field} with itself.");
            return self.error("never-holds", self.source.token(at), message, "Compare it with something else.");
        }
        let (left, right) = (self.ty(one, event), self.ty(other, event));
        if matches!(operator, "<" | "<=" | ">" | ">=") {
            for (ty, side) in [(&left, one), (&right, other)] {
                if matches!(ty, Ty::Truth | Ty::List | Ty::Map | Ty::Unit) {
                    let message = format!("{operator} compares numbers, and this is {}.", ty.words());
                    return self.error("never-holds", self.source.whole(side), message, "Use == or !=.");
                }
            }
        }
        if never_equal(&left, &right) {
            // The constant is what is to be changed, if one of them is one.
            let (bad, is, against) =
                if self.is_constant(other) { (other, &right, &left) } else { (one, &left, &right) };
            let message = format!(
                "{} is compared with {}: that {} holds.",
                capital(against.words()),
                is.words(),
                if operator == "!=" { "always" } else { "never" }
            );
            let help = match (is, against) {
                (Ty::Text, Ty::Number) => "Write the number without quotes.",
                (Ty::Number, against) if against.is_text() => "Put it in quotes.",
                (_, Ty::Truth) => "Write true or false, without quotes.",
                _ => "Compare it with something of its own sort.",
            };
            let code = if operator == "!=" { "always-holds" } else { "never-holds" };
            return self.error(code, self.source.whole(bad), message, help);
        }
        if matches!(operator, "==" | "!=") {
            for (ty, constant) in [(&left, other), (&right, one)] {
                self.value_of(ty, constant, operator == "!=");
            }
        }
    }

    /// A text that a field never has: a name that is not among its names, an address that is not written as one.
    fn value_of(&mut self, ty: &Ty, constant: &Expr, differs: bool) {
        let Some(text) = self.constant_text(constant) else { return };
        let span = self.source.whole(constant);
        let code = if differs { "always-holds" } else { "never-holds" };
        match ty {
            Ty::Names(names) if !names.is_empty() && !names.contains(&text.as_str()) => {
                let listed = names.join("\", \"");
                let all = format!("It is one of \"{listed}\".");
                let near = nearest(&text, names.iter().copied()).map(|name| format!("\"{name}\""));
                let message = format!("The field is never \"{text}\".");
                self.error(code, span, message, suggest(near.as_deref(), all));
            }
            Ty::Mac if !is_address(&text) && !text.is_empty() => {
                let message = format!("\"{text}\" is not how a hardware address is written here.");
                let folded = fold(&text);
                let help = if is_address(&folded) {
                    format!("Write \"{folded}\".")
                } else {
                    "Write it like \"aa:bb:cc:dd:ee:ff\".".into()
                };
                self.error(code, span, message, help);
            }
            _ => {}
        }
    }

    /// `value in list`, `part in text`, `text.contains(part)`.
    pub(super) fn membership(&mut self, of: &Expr, part: &Expr, event: Option<&str>) {
        let (whole, ty) = (self.ty(of, event), self.ty(part, event));
        if let Expr::Array(elements, _) = of {
            for element in elements {
                let other = self.ty(element, event);
                if never_equal(&ty, &other) {
                    let message = format!("{} is never {}.", capital(ty.words()), other.words());
                    let help = "Write entries of the same sort as what is looked for.";
                    self.error("never-holds", self.source.whole(element), message, help);
                } else {
                    self.value_of(&ty, element, false);
                }
            }
        } else if matches!(whole, Ty::Number | Ty::Truth) {
            let message = format!("This is {}, and nothing is in it.", whole.words());
            self.error("never-holds", self.source.whole(of), message, "Compare it with == or <.");
        } else if whole.is_text() && matches!(ty, Ty::Number | Ty::Truth | Ty::List) {
            let message = format!("A text never holds {}.", ty.words());
            self.error("never-holds", self.source.whole(part), message, "Put it in quotes.");
        }
    }

    /// Questions about a text, asked of a field that is none.
    pub(super) fn question(&mut self, field: &Expr, call: &FnCallExpr, event: Option<&str>) {
        let Expr::Property(property, at) = field else { return };
        if !matches!(call.name.as_str(), "contains" | "starts_with" | "ends_with") {
            return;
        }
        let ty = self.field_ty(&property.2);
        if matches!(ty, Ty::Number | Ty::Truth) {
            let message = format!("{} is {}, and {} never holds of it.", property.2, ty.words(), call.name);
            self.error("never-holds", self.source.token(*at), message, "Compare it with == or <.");
        } else if let [part] = &call.args[..]
            && ty.is_text()
            && matches!(self.ty(part, event), Ty::Number | Ty::Truth)
        {
            let message = "A text never holds a number or true and false.";
            self.error("never-holds", self.source.whole(part), message, "Put it in quotes.");
        }
    }

    fn is_constant(&self, expression: &Expr) -> bool {
        match expression {
            Expr::Variable(variable, ..) => self.constants.contains(variable.1.as_str()),
            other => other.is_constant(),
        }
    }

    fn constant_text(&self, expression: &Expr) -> Option<String> {
        match expression {
            Expr::StringConstant(text, _) => Some(text.to_string()),
            Expr::Variable(variable, ..) => self.texts.get(variable.1.as_str()).cloned(),
            _ => None,
        }
    }

    /// A warning, where the rule may mean it.
    pub(super) fn warning(&mut self, code: &str, expression: &Expr, message: impl Into<String>, help: &str) {
        let span = self.source.whole(expression);
        self.finding(Level::Warning, code, span, message, help);
    }
}

/// The field, if the expression is `event.field`.
pub(super) fn field_name<'e>(expression: &'e Expr, event: Option<&str>) -> Option<&'e str> {
    match expression {
        Expr::Dot(pair, ..) if super::is_event(&pair.lhs, event) => match &pair.rhs {
            Expr::Property(property, _) => Some(&property.2),
            _ => None,
        },
        _ => None,
    }
}

/// Whether two values of these types are never equal. A name may be a number that the definitions do not list.
fn never_equal(one: &Ty, other: &Ty) -> bool {
    match (one, other) {
        (Ty::Unknown | Ty::Unit, _) | (_, Ty::Unknown | Ty::Unit) => false,
        (Ty::Names(_), Ty::Number) | (Ty::Number, Ty::Names(_)) => false,
        (one, other) if one.is_text() && other.is_text() => false,
        (one, other) => one != other,
    }
}

/// Pairs of lower-case digits with colons between: as hardware addresses are written, those of odd length too.
fn is_address(text: &str) -> bool {
    let digit = |octet: u8| octet.is_ascii_digit() || (b'a'..=b'f').contains(&octet);
    text.len() % 3 == 2
        && text.bytes().enumerate().all(|(place, octet)| if place % 3 == 2 { octet == b':' } else { digit(octet) })
}

fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
