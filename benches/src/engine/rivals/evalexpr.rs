//! evalexpr: each rule a tree built once; the event's fields are variables of one context. It has no functions on texts
//! beside regular expressions, so it is given ours.

use evalexpr::{
    ContextWithMutableFunctions, ContextWithMutableVariables, EvalexprError, Function, HashMapContext, Node,
};

use super::{Failure, Routes, by_kind, scripting::Language};
use crate::{
    rule::{self, Kind, Rule},
    wire::Value,
};

struct Words;

impl rule::Language for Words {
    fn contains(&self, field: &str, text: &str) -> String {
        format!("holds({field}, \"{text}\")")
    }
    fn starts_with(&self, field: &str, text: &str) -> String {
        format!("starts({field}, \"{text}\")")
    }
    fn ends_with(&self, field: &str, text: &str) -> String {
        format!("ends({field}, \"{text}\")")
    }
}

pub struct Evalexpr {
    routes: Routes<Node>,
    /// By kind: the names of fields differ in type from kind to kind.
    contexts: Vec<HashMapContext>,
}

fn of_texts(holds: fn(&str, &str) -> bool) -> Function {
    Function::new(move |argument| match argument.as_fixed_len_tuple(2)?.as_slice() {
        [evalexpr::Value::String(text), evalexpr::Value::String(part)] => Ok(holds(text, part).into()),
        [other, _] => Err(EvalexprError::expected_string(other.clone())),
        _ => Ok(false.into()),
    })
}

impl Evalexpr {
    pub fn new(rules: &[Rule]) -> Result<Self, Failure> {
        let routes = by_kind(rules, |rule| Ok(evalexpr::build_operator_tree(&rule::Language::write(&Words, rule))?))?;
        let mut contexts = Vec::new();
        for _ in Kind::ALL {
            let mut context = HashMapContext::new();
            context.set_function("holds".to_owned(), of_texts(|text, part| text.contains(part)))?;
            context.set_function("starts".to_owned(), of_texts(|text, part| text.starts_with(part)))?;
            context.set_function("ends".to_owned(), of_texts(|text, part| text.ends_with(part)))?;
            contexts.push(context);
        }
        Ok(Self { routes, contexts })
    }
}

impl Language for Evalexpr {
    fn name(&self) -> &'static str {
        "evalexpr"
    }

    fn event(&mut self, kind: Kind, values: &mut Vec<Value<'_>>, hit: &mut dyn FnMut(u32)) -> Result<(), Failure> {
        let Some(rules) = self.routes.get(&kind) else { return Ok(()) };
        let context = &mut self.contexts[kind as usize];
        for ((name, _), value) in kind.fields().iter().zip(values.drain(..)) {
            let value = match value {
                Value::Text(text) => evalexpr::Value::String(text.to_owned()),
                Value::Made(text) => evalexpr::Value::String(text),
                Value::Int(number) => evalexpr::Value::Int(number),
                Value::Bool(truth) => evalexpr::Value::Boolean(truth),
            };
            context.set_value((*name).to_owned(), value)?;
        }
        for (place, tree) in rules {
            if tree.eval_boolean_with_context(context)? {
                hit(*place);
            }
        }
        Ok(())
    }
}
