//! From Rhai's syntax tree to conditions. When in doubt, nothing.

use std::sync::Arc;

use rhai::{AST, Dynamic, Expr, FnCallExpr, Position};

use super::{
    Named,
    compared::{Compared, Comparison, Operation, Reckoned, Side},
    condition::{Condition, Constant, Order, Test},
    named,
    recall::{Argument, Recall},
    template::Template,
};
use crate::{
    event::{FieldType, Kind},
    functions::{
        Lists, Network, pattern,
        remember::{self, Caller},
    },
    rules::script::Script,
};

/// A rule on events of one kind, seen as a tree.
#[derive(Clone, Copy)]
pub(super) struct Tree<'a> {
    /// The rule's place among all rules.
    pub rule: usize,
    pub script: &'a Script,
    pub lists: &'a Lists,
    pub kind: &'static Kind,
    /// What the function under way calls the event.
    pub event: &'a str,
}

/// The clauses at the head of a condition that are lowered, and why the rest is not.
pub(super) struct Clauses {
    pub conditions: Vec<Condition>,
    pub stopped: Option<String>,
}

/// What a function calls its first parameter.
pub(super) fn parameter(ast: &AST, function: &str) -> Option<String> {
    let found = ast.iter_functions().find(|known| known.name == function && known.params.len() == 1)?;
    found.params.first().map(ToString::to_string)
}

impl Tree<'_> {
    /// The clauses of a condition, as far as they are lowered.
    pub fn clauses(&self, expression: &Expr) -> Clauses {
        let parts = match expression {
            Expr::And(parts, _) => parts.iter().collect(),
            other => vec![other],
        };
        let mut clauses = Clauses { conditions: Vec::new(), stopped: None };
        for part in parts {
            let Some(condition) = self.condition(part) else {
                clauses.stopped = Some(why(part));
                break;
            };
            clauses.conditions.push(condition);
        }
        clauses
    }

    /// A condition, if all of it can be lowered: it gives true or false for every event, as Rhai does.
    pub fn condition(&self, expression: &Expr) -> Option<Condition> {
        match expression {
            Expr::BoolConstant(truth, _) => Some(Condition::Always(*truth)),
            Expr::And(parts, _) => {
                parts.iter().map(|part| self.condition(part)).collect::<Option<_>>().map(Condition::All)
            }
            Expr::Or(parts, _) => {
                parts.iter().map(|part| self.condition(part)).collect::<Option<_>>().map(Condition::Any)
            }
            Expr::FnCall(call, at) => {
                self.recall(call, *at, Test::Truth).map(Condition::Recall).or_else(|| self.call(call))
            }
            Expr::Dot(pair, ..) if self.is_event(&pair.lhs) => match &pair.rhs {
                Expr::Property(..) => {
                    self.test(expression, Test::Truth).filter(|_| self.ty(expression) == Some(FieldType::Bool))
                }
                Expr::Dot(rest, ..) => self.method(&rest.lhs, &rest.rhs),
                _ => None,
            },
            _ => None,
        }
    }

    fn call(&self, call: &FnCallExpr) -> Option<Condition> {
        if !call.namespace.is_empty() || self.script.has(&call.name) {
            return None;
        }
        match (call.name.as_str(), &call.args[..]) {
            ("!", [inner]) => {
                // Of a field that is absent, `!` says false as well: only what is surely true or false is turned round.
                let inner = self.condition(inner)?;
                Some(Condition::Not(Box::new(inner)))
            }
            (operator @ ("==" | "!=" | "<" | "<=" | ">" | ">="), [one, other]) if call.is_operator_call() => {
                self.comparison(operator, one, other)
            }
            ("contains", [of, part]) => self.contains(of, part),
            ("present", [field]) => self.test(field, Test::Present),
            ("in_list", [name, field]) => {
                let list = self.lists.shared(&self.text(name)?)?;
                self.test(field, Test::InList(Arc::clone(list)))
            }
            ("cidr", [net, field]) => match Network::parse(&self.text(net)?) {
                Some(network) => self.test(field, Test::InNetwork(network)),
                None => self.test(field, Test::Present).map(|_| Condition::Always(false)),
            },
            ("glob", [wanted, field]) => self.test(field, Test::Fits(self.text(wanted)?)),
            ("regex", [wanted, field]) => self.test(field, Test::Matches(pattern(&self.text(wanted)?).ok()?)),
            _ => None,
        }
    }

    /// `event.field.method(text)`.
    fn method(&self, field: &Expr, method: &Expr) -> Option<Condition> {
        let (Expr::Property(property, _), Expr::MethodCall(call, _)) = (field, method) else { return None };
        let [argument] = &call.args[..] else { return None };
        let part = self.text(argument)?;
        if self.script.has(&call.name) {
            return None;
        }
        let test = match call.name.as_str() {
            "contains" => Test::Contains(part),
            "starts_with" => Test::StartsWith(part),
            "ends_with" => Test::EndsWith(part),
            _ => return None,
        };
        self.test_of(&property.2, test)
    }

    /// `value in array` and `text in event.field`, which Rhai turns into calls of `contains`.
    fn contains(&self, of: &Expr, part: &Expr) -> Option<Condition> {
        if let Some(constants) = self.array(of) {
            return self.test(part, Test::OneOf(constants));
        }
        self.test(of, Test::Contains(self.text(part)?))
    }

    fn comparison(&self, operator: &str, one: &Expr, other: &Expr) -> Option<Condition> {
        let with = match operator {
            "==" => Comparison::Equals,
            "!=" => Comparison::Differs,
            "<" => Comparison::Order(Order::Less),
            "<=" => Comparison::Order(Order::AtMost),
            ">" => Comparison::Order(Order::More),
            _ => Comparison::Order(Order::AtLeast),
        };
        let asked = match (self.constant(one), self.constant(other)) {
            (None, Some(constant)) => with.test(constant).and_then(|test| self.asked(one, test)),
            (Some(constant), None) => with.flipped().test(constant).and_then(|test| self.asked(other, test)),
            _ => None,
        };
        asked.or_else(|| {
            let (one, other) = (self.side(one)?, self.side(other)?);
            Some(Condition::Compared(Compared { one, with, other }))
        })
    }

    /// A field, a number, or what is reckoned of them.
    fn side(&self, expression: &Expr) -> Option<Side> {
        if let Some(constant) = self.constant(expression) {
            return matches!(constant, Constant::Int(_) | Constant::Float(_)).then_some(Side::Constant(constant));
        }
        if let Expr::FnCall(call, _) = expression {
            return self.reckoned(call).map(|reckoned| Side::Reckoned(Box::new(reckoned)));
        }
        let field = self.field(expression)?;
        let deep = self.kind.field(field).is_some_and(|field| matches!(field.ty, FieldType::List | FieldType::Map));
        match named(self.kind, field) {
            Named::At(place) if !deep => Some(Side::Field(place)),
            _ => None,
        }
    }

    fn reckoned(&self, call: &FnCallExpr) -> Option<Reckoned> {
        if !call.is_operator_call() || self.script.has(&call.name) {
            return None;
        }
        let with = match call.name.as_str() {
            "+" => Operation::Plus,
            "-" => Operation::Minus,
            "*" => Operation::Times,
            "/" => Operation::Over,
            _ => return None,
        };
        let [one, other] = &call.args[..] else { return None };
        Some(Reckoned { one: self.side(one)?, with, other: self.side(other)? })
    }

    /// A test of `event.field`, or of what a call that remembers answers.
    fn asked(&self, of: &Expr, test: Test) -> Option<Condition> {
        match of {
            Expr::FnCall(call, at) => self.recall(call, *at, test).map(Condition::Recall),
            _ => self.test(of, test),
        }
    }

    /// A call that remembers, with what it is given read without Rhai.
    fn recall(&self, call: &FnCallExpr, at: Position, test: Test) -> Option<Recall> {
        if !call.namespace.is_empty() || self.script.has(&call.name) {
            return None;
        }
        let known = remember::literals(&call.name, call.args.len())?;
        // One whose durations are not known remembers nothing.
        let call_number = self.script.sites.iter().position(|site| site.position == at)?;
        let given = call.args.get(known..)?.iter().map(|argument| self.argument(argument)).collect::<Option<_>>()?;
        Some(Recall { caller: Caller { rule: self.rule, call: call_number }, given, test })
    }

    fn argument(&self, expression: &Expr) -> Option<Argument> {
        match expression {
            Expr::Array(elements, _) => {
                elements.iter().map(|element| self.argument(element)).collect::<Option<_>>().map(Argument::List)
            }
            Expr::InterpolatedString(..) => Template::of(self, expression).map(Argument::Text),
            _ => match (self.constant(expression), self.field(expression)) {
                (Some(constant), _) => Some(Argument::Constant(constant)),
                (None, Some(field)) => match named(self.kind, field) {
                    Named::At(place) => Some(Argument::Field(place)),
                    Named::Always(text) => Some(Argument::Constant(Constant::Text(text.to_owned()))),
                    Named::Other => None,
                },
                (None, None) => None,
            },
        }
    }

    /// A test of `event.field`.
    fn test(&self, field: &Expr, test: Test) -> Option<Condition> {
        self.test_of(self.field(field)?, test)
    }

    fn test_of(&self, field: &str, test: Test) -> Option<Condition> {
        match named(self.kind, field) {
            Named::At(place) => {
                let deep =
                    self.kind.field(field).is_some_and(|field| matches!(field.ty, FieldType::List | FieldType::Map));
                (!deep).then_some(Condition::Test(place, test))
            }
            // The same for every event: ask once.
            Named::Always(text) => test.ask_text(text).map(Condition::Always),
            Named::Other => None,
        }
    }

    /// The name of the field, if the expression is `event.field`.
    pub fn field<'e>(&self, expression: &'e Expr) -> Option<&'e str> {
        let Expr::Dot(pair, ..) = expression else { return None };
        match &pair.rhs {
            Expr::Property(property, _) if self.is_event(&pair.lhs) => Some(&property.2),
            _ => None,
        }
    }

    fn ty(&self, expression: &Expr) -> Option<FieldType> {
        self.kind.field(self.field(expression)?).map(|field| field.ty)
    }

    fn is_event(&self, expression: &Expr) -> bool {
        matches!(expression, Expr::Variable(variable, ..) if variable.1 == self.event && variable.2.is_empty())
    }

    /// What a text in quotes or a constant that is one says.
    pub fn text(&self, expression: &Expr) -> Option<String> {
        match self.constant(expression)? {
            Constant::Text(text) => Some(text),
            _ => None,
        }
    }

    pub fn constant(&self, expression: &Expr) -> Option<Constant> {
        if let Expr::Unit(_) = expression {
            return Some(Constant::Unit);
        }
        constant(&self.value(expression)?)
    }

    fn array(&self, expression: &Expr) -> Option<Vec<Constant>> {
        let values = match expression {
            Expr::Array(elements, _) => {
                elements.iter().map(|element| self.value(element)).collect::<Option<Vec<_>>>()?
            }
            other => self.value(other)?.into_array().ok()?,
        };
        let known = values.iter().map(|value| constant(value).filter(|constant| *constant != Constant::Unit));
        known.collect()
    }

    /// A literal, or what the rule's constant of that name holds.
    fn value(&self, expression: &Expr) -> Option<Dynamic> {
        match expression {
            Expr::Variable(variable, ..) if variable.2.is_empty() && variable.1 != self.event => {
                let known = self.script.constants.iter().find(|(name, _)| *name == variable.1);
                known.map(|(_, value)| value.clone())
            }
            Expr::BoolConstant(..)
            | Expr::IntegerConstant(..)
            | Expr::FloatConstant(..)
            | Expr::StringConstant(..)
            | Expr::DynamicConstant(..) => expression.get_literal_value(None),
            _ => None,
        }
    }
}

fn constant(value: &Dynamic) -> Option<Constant> {
    if value.is_unit() {
        return Some(Constant::Unit);
    }
    if let Ok(truth) = value.as_bool() {
        return Some(Constant::Bool(truth));
    }
    if let Ok(number) = value.as_int() {
        return Some(Constant::Int(number));
    }
    if let Ok(number) = value.as_float() {
        return Some(Constant::Float(number));
    }
    value.as_immutable_string_ref().ok().map(|text| Constant::Text(text.to_string()))
}

/// Why a clause is not lowered, in words.
fn why(expression: &Expr) -> String {
    let name = match expression {
        Expr::FnCall(call, _) if !call.is_operator_call() => Some(call.name.to_string()),
        Expr::FnCall(call, _) => call.args.iter().find_map(|argument| match argument {
            Expr::FnCall(inner, _) if !inner.is_operator_call() => Some(inner.name.to_string()),
            _ => None,
        }),
        _ => None,
    };
    let line = expression.start_position().line().unwrap_or(0);
    match name {
        Some(name) => format!("{name} on line {line}"),
        None => format!("a clause on line {line}"),
    }
}
