//! Walking through a condition as Rhai does, and noting what each clause gave.

use std::{
    cell::RefCell,
    mem,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
};

use rhai::{AST, Array, Dynamic, Expr, Module, Position, Scope, Stmt};

use super::{
    super::{
        clause::{Call, Code, Logic, Named, Needed, Split, Step},
        engine::Host,
        evaluate::cut,
        record::Record,
        script::Script,
        trouble::Trouble,
    },
    ClauseExplained, Condition, PartExplained, Told, answer, note,
};
use crate::functions::{Surroundings, remember::Memory};

/// The longest value that is shown, in characters.
const VALUE: usize = 120;
const CANNOT_TELL: &str = "cannot tell";

/// A rule that is asked about an event. The engine's own tag says which rule it is.
pub(super) struct Walk<'a> {
    pub host: &'a Host,
    pub script: &'a Script,
    pub surroundings: &'a Surroundings,
    pub memory: &'a RefCell<Memory>,
    pub rule: usize,
    pub record: Record,
    /// Whether the parts of clauses are asked for what they gave.
    pub values: bool,
}

/// Stands behind what may return, and is its value if it did not.
#[derive(Clone)]
struct RanThrough;

/// How a block ended.
enum Flow {
    /// With this value.
    Value(Dynamic),
    /// The function is left with this value.
    Return(Dynamic),
}

/// A condition on its way.
struct Noting<'a> {
    split: &'a Split,
    clauses: Vec<ClauseExplained>,
    scope: Scope<'static>,
    /// What decided last: the reason why what follows is not reached.
    decided: String,
}

impl Noting<'_> {
    /// Notes what a clause gave, and hands it on if that is no end of the evaluation.
    fn gave(&mut self, place: usize, value: Dynamic, strict: bool) -> Result<Dynamic, ()> {
        self.clauses[place].told = match value.as_bool() {
            Ok(true) => Told::True,
            Ok(false) => Told::False,
            Err(_) if value.is_unit() && !strict => Told::False,
            Err(_) => {
                self.clauses[place].told = Told::CannotTell;
                self.clauses[place].why = format!("it gives {}, not true or false", shown(&value));
                return if strict { Err(()) } else { Ok(value) };
            }
        };
        Ok(value)
    }

    /// Notes that the evaluation ended at a clause, and why.
    fn cannot_tell(&mut self, place: usize, why: String) -> Result<Dynamic, ()> {
        let clause = &mut self.clauses[place];
        clause.told = Told::CannotTell;
        // Said once: not of its part, too, and not at all of a part that is all of the clause.
        let same = format!("{CANNOT_TELL}: {why}");
        clause.parts.retain(|part| part.value != same || part.text != clause.text.trim_start_matches('!'));
        for part in clause.parts.iter_mut().filter(|part| part.value == same) {
            CANNOT_TELL.clone_into(&mut part.value);
        }
        clause.why = why;
        if self.decided.is_empty() {
            "an earlier clause cannot tell".clone_into(&mut self.decided);
        }
        Err(())
    }

    /// Says of the clauses of a function that were not reached what decided before them.
    fn not_reached(&mut self, clauses: Range<usize>, function: &str) {
        let decided = if self.decided.is_empty() { format!("{function} ends before it") } else { self.decided.clone() };
        for clause in &mut self.clauses[clauses] {
            if clause.told == Told::NotReached && clause.why.is_empty() {
                clause.why.clone_from(&decided);
            }
        }
    }
}

impl Walk<'_> {
    /// What the rule remembers of every event, before its conditions: true if it left a mark.
    pub fn remember(&mut self, split: &Split) -> Condition {
        let marks = |walk: &Self| walk.memory.borrow().marks_of_event();
        let before = marks(self);
        let mut condition = self.condition("remember", split);
        // What it gives is nobody's; one that could not go on may have marked before.
        let marked = marks(self) > before;
        if marked || condition.told != Told::CannotTell {
            condition.told = if marked { Told::True } else { Told::False };
        }
        condition
    }

    pub fn condition(&mut self, function: &str, split: &Split) -> Condition {
        let mut scope = Scope::new();
        scope.push(split.event.clone(), self.record.clone());
        let Condition { clauses, .. } = answer::skipped(function, split, "");
        let mut noting = Noting { split, clauses, scope, decided: String::new() };
        let told = match self.block(&mut noting, &split.steps, false) {
            Ok(Flow::Value(value) | Flow::Return(value)) => match value.as_bool() {
                Ok(true) => Told::True,
                _ => Told::False,
            },
            Err(()) => Told::CannotTell,
        };
        let all = 0..noting.clauses.len();
        noting.not_reached(all, "fn");
        Condition { function: function.to_owned(), told, clauses: noting.clauses }
    }

    /// An error means that the evaluation ended there; which clause it was is noted. `strict` as for [`Walk::logic`].
    fn block(&mut self, noting: &mut Noting, steps: &[Step], strict: bool) -> Result<Flow, ()> {
        let depth = noting.scope.len();
        let mut value = Dynamic::UNIT;
        for step in steps {
            value = match step {
                Step::Nothing => Dynamic::UNIT,
                Step::Run(statement) => match self.run(&mut noting.scope, vec![statement.clone()]) {
                    Ok(value) => value,
                    Err(trouble) => {
                        noting.decided = format!("the rule could not go on: {}", words(&trouble));
                        return Err(());
                    }
                },
                Step::Name(named) => self.name(noting, named)?,
                Step::Through(place) => match self.through(noting, *place, strict)? {
                    None => Dynamic::UNIT,
                    Some(value) => {
                        if noting.decided.is_empty() {
                            let line = noting.split.clauses[*place].span.line;
                            noting.decided = format!("what begins on line {line} has returned");
                        }
                        noting.scope.rewind(depth);
                        return Ok(Flow::Return(value));
                    }
                },
                Step::Value(logic) => self.logic(noting, logic, strict)?,
                Step::Return(logic) => {
                    let value = match logic {
                        Some(logic) => self.logic(noting, logic, strict)?,
                        None => Dynamic::UNIT,
                    };
                    noting.scope.rewind(depth);
                    return Ok(Flow::Return(value));
                }
                Step::If(condition, then, otherwise) => {
                    let holds = self.truth(noting, condition)?;
                    let (taken, other) = if holds { (then, otherwise) } else { (otherwise, then) };
                    let line = |logic: &Logic| first(logic).map(|clause| noting.split.clauses[clause].span.line);
                    let why = match line(condition) {
                        Some(line) => {
                            format!("the condition on line {line} {}", if holds { "holds" } else { "does not hold" })
                        }
                        None => "another branch is taken".to_owned(),
                    };
                    skip_steps(noting, other, &why);
                    match self.block(noting, taken, strict)? {
                        Flow::Value(value) => value,
                        Flow::Return(value) => {
                            if noting.decided.is_empty() {
                                noting.decided = format!("fn has returned: {why}");
                            }
                            noting.scope.rewind(depth);
                            return Ok(Flow::Return(value));
                        }
                    }
                }
            };
        }
        noting.scope.rewind(depth);
        Ok(Flow::Value(value))
    }

    fn truth(&mut self, noting: &mut Noting, logic: &Logic) -> Result<bool, ()> {
        let value = self.logic(noting, logic, true)?;
        value.as_bool().map_err(|_| ())
    }

    /// `strict`: anything but true and false ends the evaluation, as it does beside `&&`.
    fn logic(&mut self, noting: &mut Noting, logic: &Logic, strict: bool) -> Result<Dynamic, ()> {
        match logic {
            Logic::Clause(clause) => self.clause(noting, *clause, strict),
            Logic::Call(call) => self.call(noting, call, strict),
            Logic::Constant(value) => Ok(value.get_literal_value(None).unwrap_or(Dynamic::UNIT)),
            Logic::Not(inner) => {
                let holds = match self.logic(noting, inner, false)? {
                    // What is absent is neither, turned around or not.
                    absent if absent.is_unit() => false,
                    value => !value.as_bool().map_err(|_| ())?,
                };
                // A call shows its `!` as its own; a group's stands before its bracket.
                if let Some(clause) = inner.clause() {
                    noting.clauses[clause].told = if holds { Told::True } else { Told::False };
                }
                Ok(holds.into())
            }
            Logic::And(operands) => self.all(noting, operands, false),
            Logic::Or(operands) => self.all(noting, operands, true),
        }
    }

    /// Asks one after the other until one is `decisive`.
    fn all(&mut self, noting: &mut Noting, operands: &[Logic], decisive: bool) -> Result<Dynamic, ()> {
        for (place, operand) in operands.iter().enumerate() {
            let Ok(holds) = self.truth(noting, operand) else {
                "an earlier clause cannot tell".clone_into(&mut noting.decided);
                return Err(());
            };
            if holds == decisive {
                let says = match (operand.clause(), decisive) {
                    (Some(clause), _) => {
                        let line = noting.split.clauses[clause].span.line;
                        format!("the clause before it on line {line} is {decisive}")
                    }
                    (None, true) => "what stands before it holds".to_owned(),
                    (None, false) => "what stands before it does not hold".to_owned(),
                };
                for rest in &operands[place + 1..] {
                    skip(noting, rest, &says);
                }
                return Ok(decisive.into());
            }
        }
        Ok((!decisive).into())
    }

    fn clause(&mut self, noting: &mut Noting, place: usize, strict: bool) -> Result<Dynamic, ()> {
        noting.clauses[place].parts = self.parts(noting, place);
        let depth = noting.scope.len();
        let value = match &noting.split.clauses[place].code {
            Code::Expression(expression) => self.expression(&mut noting.scope, expression),
            Code::Statement(statement) | Code::Through { statement, .. } => {
                self.run(&mut noting.scope, vec![statement.clone()])
            }
        };
        noting.scope.rewind(depth);
        match value {
            Ok(value) => noting.gave(place, value, strict),
            Err(trouble) => noting.cannot_tell(place, words(&trouble)),
        }
    }

    /// A loop, or the like: what it returned, if it did.
    fn through(&mut self, noting: &mut Noting, place: usize, strict: bool) -> Result<Option<Dynamic>, ()> {
        let Code::Through { statement, otherwise } = &noting.split.clauses[place].code else { return Ok(None) };
        noting.clauses[place].parts = self.parts(noting, place);
        let depth = noting.scope.len();
        let behind = Expr::DynamicConstant(Box::new(Dynamic::from(RanThrough)), Position::NONE);
        let came = self.run(&mut noting.scope, vec![statement.clone(), Stmt::Expr(Box::new(behind))]);
        noting.scope.rewind(depth);
        match came {
            Ok(value) if value.is::<RanThrough>() => {
                noting.clauses[place].told = if *otherwise { Told::True } else { Told::False };
                "it returned nothing, so what follows is asked".clone_into(&mut noting.clauses[place].why);
                Ok(None)
            }
            Ok(value) => {
                let value = noting.gave(place, value, strict)?;
                let clause = &mut noting.clauses[place];
                if clause.why.is_empty() {
                    clause.why = format!("it returned {}", shown(&value));
                }
                Ok(Some(value))
            }
            Err(trouble) => noting.cannot_tell(place, words(&trouble)).map(Some),
        }
    }

    /// A condition that is given a name: its clauses, and what they give together.
    fn name(&mut self, noting: &mut Noting, named: &Named) -> Result<Dynamic, ()> {
        let Ok(value) = self.logic(noting, &named.value, false) else {
            return noting.cannot_tell(named.clause, "a clause of it cannot tell".to_owned());
        };
        let value = noting.gave(named.clause, value, false)?;
        noting.scope.push_dynamic(named.name.clone(), value);
        Ok(Dynamic::UNIT)
    }

    /// A function of the rule: its clauses, and what they give together.
    fn call(&mut self, noting: &mut Noting, call: &Call, strict: bool) -> Result<Dynamic, ()> {
        let place = call.clause;
        noting.clauses[place].parts = self.parts(noting, place);
        let mut inner = Scope::new();
        for (name, given) in &call.given {
            match self.expression(&mut noting.scope, given) {
                Ok(value) => inner.push_dynamic(name.clone(), value),
                Err(trouble) => return noting.cannot_tell(place, words(&trouble)),
            };
        }
        let outer = (mem::replace(&mut noting.scope, inner), mem::take(&mut noting.decided));
        let flow = self.block(noting, &call.steps, strict);
        noting.not_reached(place + 1..call.end, &format!("fn {}", call.function));
        (noting.scope, noting.decided) = outer;
        match flow {
            Ok(Flow::Value(value) | Flow::Return(value)) => noting.gave(place, value, strict),
            Err(()) => noting.cannot_tell(place, "a clause of it cannot tell".to_owned()),
        }
    }

    /// What a clause is made of, each part by itself.
    fn parts(&self, noting: &mut Noting, place: usize) -> Vec<PartExplained> {
        if !self.values {
            return Vec::new();
        }
        let before = self.memory.borrow().lay_aside(self.rule);
        let put_back = || {
            if let Some(before) = before.clone() {
                self.memory.borrow_mut().put_back(self.rule, before);
            }
        };
        let parts = noting.split.clauses[place].parts.iter().map(|part| {
            let value = match self.expression(&mut noting.scope, &part.code) {
                Ok(value) => shown(&value),
                Err(trouble) => format!("{CANNOT_TELL}: {}", words(&trouble)),
            };
            let note = note::note(self, part, |argument| self.expression(&mut noting.scope, argument).ok());
            put_back();
            // A threshold reads as its value, as of the same moment.
            let needed = part.needed.as_ref().map(|Needed { operator, code, text }| {
                let value =
                    self.expression(&mut noting.scope, code).map_or_else(|_| text.clone(), |value| shown(&value));
                put_back();
                format!("{operator} {value}")
            });
            PartExplained { text: part.text.clone(), value, window: part.window.clone(), needed, note }
        });
        parts.collect()
    }

    fn expression(&self, scope: &mut Scope, expression: &Expr) -> Result<Dynamic, Trouble> {
        self.run(scope, vec![Stmt::Expr(Box::new(expression.clone()))])
    }

    /// Plain Rhai, with what the function has named so far.
    fn run(&self, scope: &mut Scope, statements: Vec<Stmt>) -> Result<Dynamic, Trouble> {
        let mut ast = self.script.ast.clone_functions_only();
        ast.combine(AST::new(statements, Module::new()));
        self.host.begin();
        let ran = catch_unwind(AssertUnwindSafe(|| self.host.engine.eval_ast_with_scope::<Dynamic>(scope, &ast)));
        match ran {
            Ok(answer) => answer.map_err(|error| Trouble::of(&error)),
            Err(_) => Err(Trouble::Failed { message: "it ended in an error of Tocsin".into(), line: None }),
        }
    }
}

fn skip(noting: &mut Noting, logic: &Logic, why: &str) {
    match logic {
        Logic::Clause(clause) => why.clone_into(&mut noting.clauses[*clause].why),
        Logic::Call(call) => {
            for clause in &mut noting.clauses[call.clause..call.end] {
                why.clone_into(&mut clause.why);
            }
        }
        Logic::Constant(_) => {}
        Logic::Not(inner) => skip(noting, inner, why),
        Logic::And(all) | Logic::Or(all) => all.iter().for_each(|one| skip(noting, one, why)),
    }
}

fn skip_steps(noting: &mut Noting, steps: &[Step], why: &str) {
    for step in steps {
        match step {
            Step::Value(logic) | Step::Return(Some(logic)) => skip(noting, logic, why),
            Step::If(condition, then, otherwise) => {
                skip(noting, condition, why);
                skip_steps(noting, then, why);
                skip_steps(noting, otherwise, why);
            }
            Step::Through(place) => why.clone_into(&mut noting.clauses[*place].why),
            Step::Name(named) => {
                why.clone_into(&mut noting.clauses[named.clause].why);
                skip(noting, &named.value, why);
            }
            Step::Run(_) | Step::Return(None) | Step::Nothing => {}
        }
    }
}

/// The first clause in it.
fn first(logic: &Logic) -> Option<usize> {
    match logic {
        Logic::Clause(clause) | Logic::Call(Call { clause, .. }) => Some(*clause),
        Logic::Constant(_) => None,
        Logic::Not(inner) => first(inner),
        Logic::And(all) | Logic::Or(all) => all.iter().find_map(first),
    }
}

fn words(trouble: &Trouble) -> String {
    let (Trouble::CannotTell(said) | Trouble::Runaway(said) | Trouble::Failed { message: said, .. }) = trouble;
    // What cannot tell is said already where this is shown.
    answer::split(said).1.trim_end_matches('.').to_owned()
}

/// A value as a rule would write it.
fn shown(value: &Dynamic) -> String {
    let text = if value.is_unit() {
        "absent".to_owned()
    } else if let Ok(text) = value.as_immutable_string_ref() {
        format!("\"{}\"", text.as_str())
    } else if let Some(list) = value.read_lock::<Array>() {
        format!("[{}]", list.iter().take(20).map(shown).collect::<Vec<_>>().join(", "))
    } else if let Ok(character) = value.as_char() {
        format!("'{character}'")
    } else if value.is::<Record>() {
        "the event".to_owned()
    } else {
        value.to_string()
    };
    cut(&text, VALUE).to_string()
}
