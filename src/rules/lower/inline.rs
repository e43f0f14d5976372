//! A rule's own functions put in place where they are called: `near(event.rssi_val)` becomes what `fn near(rssi)` consists
//! of, and a name that `let` gives to a field becomes the field. What is handed on are the event, its fields and constants:
//! they are the same whenever they are read, so the whole says what Rhai says.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    rc::Rc,
};

use rhai::{ASTFlags, BinaryExpr, Expr, FnCallExpr, Position, Stmt};

use crate::rules::script::{Script, body};

/// How deep functions are put into each other. Rhai's own limit is above it.
const DEPTH: usize = 6;
/// How much may be put in place, in nodes of the tree: two functions that call each other twice make many.
const NODES: usize = 2_000;

/// A function by its name and how many values it takes.
type Named = (String, usize);
/// What names stand for.
type Given = HashMap<String, Expr>;

/// The one expression that a function of one parameter consists of, with whatever can be put in place in it; `None` if it
/// is more than that.
pub(super) fn whole(script: &Script, function: &str) -> Option<Expr> {
    let inline = Inline { script, nodes: Cell::new(NODES), known: RefCell::default() };
    let lone = inline.lone(function, 1)?;
    let [event] = &lone.parameters[..] else { return None };
    let event = (event.clone(), variable(event));
    inline.placed(&lone, Given::from([event]), 0)
}

struct Inline<'a> {
    script: &'a Script,
    /// How many nodes may still be put in place.
    nodes: Cell<usize>,
    /// The functions that were looked at, by name and arity.
    known: RefCell<HashMap<Named, Option<Rc<Lone>>>>,
}

/// A function that is names for values, and then one expression.
struct Lone {
    parameters: Vec<String>,
    lets: Vec<(String, Expr)>,
    value: Expr,
}

impl Inline<'_> {
    fn lone(&self, function: &str, arity: usize) -> Option<Rc<Lone>> {
        let mut known = self.known.borrow_mut();
        known.entry((function.to_owned(), arity)).or_insert_with(|| self.look(function, arity).map(Rc::new)).clone()
    }

    fn look(&self, function: &str, arity: usize) -> Option<Lone> {
        let (parameters, mut statements) = body(&self.script.ast, function, arity)?;
        let last = statements.pop()?;
        let value = match last {
            Stmt::Expr(value) => *value,
            Stmt::FnCall(call, at) => Expr::FnCall(call, at),
            Stmt::Return(Some(value), flags, _) if !flags.contains(ASTFlags::BREAK) => *value,
            _ => return None,
        };
        let named = |statement| match statement {
            Stmt::Var(named, ..) => Some((named.0.name.to_string(), named.1)),
            _ => None,
        };
        let lets = statements.into_iter().map(named).collect::<Option<_>>()?;
        Some(Lone { parameters, lets, value })
    }

    /// A function with what it is given in place of its parameters.
    fn placed(&self, lone: &Lone, mut given: Given, depth: usize) -> Option<Expr> {
        for (name, value) in &lone.lets {
            let value = self.put(value, &given, depth)?;
            if !is_plain(&value) {
                return None;
            }
            given.insert(name.clone(), value);
        }
        self.put(&lone.value, &given, depth)
    }

    /// The expression with values for names, and with functions in place of calls. `None`: there is something in it that is
    /// not looked into; in the function itself, not one that it calls, that is left as it is.
    fn put(&self, expression: &Expr, given: &Given, depth: usize) -> Option<Expr> {
        let all = |parts: &[Expr]| parts.iter().map(|part| self.put(part, given, depth)).collect::<Option<Vec<_>>>();
        Some(match expression {
            Expr::Variable(variable, ..) => match given.get(variable.1.as_str()) {
                Some(value) => value.clone(),
                None if depth == 0 => expression.clone(),
                None => self.constant(&variable.1)?,
            },
            Expr::And(parts, at) => Expr::And(Box::new(all(parts)?.into()), *at),
            Expr::Or(parts, at) => Expr::Or(Box::new(all(parts)?.into()), *at),
            Expr::Array(parts, at) => Expr::Array(all(parts)?.into(), *at),
            Expr::InterpolatedString(parts, at) => Expr::InterpolatedString(all(parts)?.into(), *at),
            Expr::FnCall(call, at) => {
                let call = self.call(call, given, depth)?;
                match self.own(&call, depth) {
                    Some(whole) => whole,
                    None => Expr::FnCall(Box::new(call), *at),
                }
            }
            Expr::Dot(pair, flags, at) => {
                let (of, links) = (self.put(&pair.lhs, given, depth)?, self.links(&pair.rhs, given, depth)?);
                match of {
                    // `event.ssid` for a name before `.contains("x")`: a chain begins at the event.
                    Expr::Dot(mut begin, _, begins) if matches!(begin.rhs, Expr::Property(..)) => {
                        let field = std::mem::take(&mut begin.rhs);
                        let rest = Expr::Dot(Box::new(BinaryExpr { lhs: field, rhs: links }), *flags, *at);
                        begin.rhs = rest;
                        Expr::Dot(begin, ASTFlags::empty(), begins)
                    }
                    of => Expr::Dot(Box::new(BinaryExpr { lhs: of, rhs: links }), *flags, *at),
                }
            }
            // What stands in `${…}` is a block.
            Expr::Stmt(block) => match block.statements() {
                [Stmt::Expr(inner)] => self.put(inner, given, depth)?,
                _ if depth == 0 => expression.clone(),
                _ => return None,
            },
            other if depth == 0 || other.is_constant() => other.clone(),
            _ => return None,
        })
    }

    /// What stands behind a dot.
    fn links(&self, chain: &Expr, given: &Given, depth: usize) -> Option<Expr> {
        Some(match chain {
            Expr::Property(..) => chain.clone(),
            Expr::MethodCall(call, at) => Expr::MethodCall(Box::new(self.call(call, given, depth)?), *at),
            Expr::Dot(pair, flags, at) => {
                let (lhs, rhs) = (self.links(&pair.lhs, given, depth)?, self.links(&pair.rhs, given, depth)?);
                Expr::Dot(Box::new(BinaryExpr { lhs, rhs }), *flags, *at)
            }
            other if depth == 0 => other.clone(),
            _ => return None,
        })
    }

    fn call(&self, call: &FnCallExpr, given: &Given, depth: usize) -> Option<FnCallExpr> {
        let mut placed = call.clone();
        for argument in &mut placed.args {
            *argument = self.put(argument, given, depth)?;
        }
        Some(placed)
    }

    /// What a function of the rule's own consists of, for this call of it.
    fn own(&self, call: &FnCallExpr, depth: usize) -> Option<Expr> {
        let plainly = !call.is_operator_call()
            && call.namespace.is_empty()
            && !call.capture_parent_scope
            && call.args.iter().all(is_plain);
        if !plainly || depth == DEPTH || !self.script.has(&call.name) {
            return None;
        }
        let lone = self.lone(&call.name, call.args.len())?;
        self.nodes.set(self.nodes.get().checked_sub(nodes(&lone.value))?);
        let given = lone.parameters.iter().cloned().zip(call.args.iter().cloned()).collect();
        self.placed(&lone, given, depth + 1)
    }

    /// A constant of the rule, by its name.
    fn constant(&self, name: &str) -> Option<Expr> {
        self.script.constants.iter().any(|(known, _)| known == name).then(|| variable(name))
    }
}

/// The event, a field of it, a constant or the name of one: read twice or not at all, nothing changes.
fn is_plain(given: &Expr) -> bool {
    match given {
        Expr::Dot(pair, ..) => matches!(pair.lhs, Expr::Variable(..)) && matches!(pair.rhs, Expr::Property(..)),
        Expr::Variable(..) => true,
        value => value.is_constant(),
    }
}

/// A name that is found by itself, not by how far up its value stands.
fn variable(name: &str) -> Expr {
    Expr::Variable(Box::new((None, name.into(), rhai::Namespace::NONE, 0)), None, Position::NONE)
}

fn nodes(expression: &Expr) -> usize {
    let mut nodes = 0;
    expression.walk(&mut Vec::new(), &mut |_| {
        nodes += 1;
        true
    });
    nodes
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use crate::{
        functions::Lists,
        rules::{Lowering, RuleSet, RuleText},
    };

    fn lowering(functions: &str) -> Lowering {
        let text = format!("const ON = \"presence.rssi\";\nconst NEAR = -44;\n{functions}");
        let rule = RuleText { name: "try".into(), text, enabled: true };
        RuleSet::compile(&[rule], Lists::default(), TimeZone::UTC, None).rules()[0].lowering.clone()
    }

    #[test]
    fn what_a_function_consists_of_stands_where_it_is_called() {
        for functions in [
            "fn near(rssi) { rssi > NEAR } fn when(event) { near(event.rssi_val) && !near(event.noise_floor) }",
            "fn near(e) { return e.rssi_val > NEAR; } fn when(event) { near(event) }",
            "fn value(e) { e.rssi_val } fn near(e) { value(e) > NEAR } fn when(event) { near(event) }",
            "fn when(event) { let rssi = event.rssi_val; let near = NEAR; rssi > near && rssi < 0 }",
            "fn often(mac) { count(\"5m\", mac) >= 3 } fn when(event) { often(event.sta_eth_mac) }",
            "fn ours(mac) { mac.starts_with(\"aa:\") || mac in [\"x\"] } fn when(event) { ours(event.sta_eth_mac) }",
        ] {
            assert_eq!(lowering(functions), Lowering::Whole, "{functions}");
        }
    }

    #[test]
    fn what_would_be_asked_otherwise_stays_a_call() {
        for functions in [
            // What remembers is asked once, whether or not its answer is looked at.
            "fn near(n) { n > 3 || n == 1 } fn when(event) { near(count(\"5m\", event.sta_eth_mac)) }",
            "fn when(event) { let n = count(\"5m\", event.sta_eth_mac); event.rssi_val > NEAR && n > 3 }",
            "fn near(rssi) { if rssi > NEAR { true } else { false } } fn when(event) { near(event.rssi_val) }",
            "fn near(rssi) { near(rssi) || rssi > 3 } fn when(event) { near(event.rssi_val) }",
        ] {
            assert!(matches!(lowering(functions), Lowering::None(_)), "{functions} {:?}", lowering(functions));
        }
    }

    #[test]
    fn functions_that_call_each_other_again_and_again_end() {
        let function = |number: usize| {
            let calls = vec![format!("f{}(x)", number - 1); 20].join(" || ");
            format!("fn f{number}(x) {{ {calls} }}\n")
        };
        let functions: String = (1..30).map(function).collect();
        let rule = format!("fn f0(x) {{ x > NEAR }}\n{functions}fn when(event) {{ f29(event.rssi_val) }}");
        assert!(matches!(lowering(&rule), Lowering::None(_)));
    }
}
