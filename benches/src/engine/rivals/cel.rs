//! CEL: each rule compiled once. The event is a resolver of variables that lends its texts, so that nothing is copied and
//! no map is made: the leanest way that the crate offers.

use cel::{
    Context, Program,
    common::{
        types::{CelBool, CelInt, CelString},
        value::CowVal,
    },
    context::VariableResolver,
};

use super::{Failure, Routes, by_kind, scripting::Language};
use crate::{
    rule::{self, Kind, Rule},
    wire::Value,
};

struct Words;

impl rule::Language for Words {
    fn one_of(&self, field: &str, texts: &[String]) -> String {
        format!("{field} in {texts:?}")
    }
    fn contains(&self, field: &str, text: &str) -> String {
        format!("{field}.contains(\"{text}\")")
    }
    fn starts_with(&self, field: &str, text: &str) -> String {
        format!("{field}.startsWith(\"{text}\")")
    }
    fn ends_with(&self, field: &str, text: &str) -> String {
        format!("{field}.endsWith(\"{text}\")")
    }
}

pub struct Cel {
    routes: Routes<Program>,
    root: Context<'static, 'static>,
}

impl Cel {
    pub fn new(rules: &[Rule]) -> Result<Self, Failure> {
        let routes = by_kind(rules, |rule| Ok(Program::compile(&rule::Language::write(&Words, rule))?))?;
        Ok(Self { routes, root: Context::default() })
    }
}

struct Event<'a> {
    kind: Kind,
    values: &'a [Value<'a>],
}

impl VariableResolver for Event<'_> {
    fn resolve<'b>(&'b self, variable: &str) -> Option<CowVal<'b, 'b>> {
        let place = self.kind.fields().iter().position(|(name, _)| *name == variable)?;
        Some(match self.values.get(place)? {
            Value::Text(text) => CowVal::owned(CelString::from(*text)),
            Value::Made(text) => CowVal::owned(CelString::from(text.as_str())),
            Value::Int(number) => CowVal::owned(CelInt::from(*number)),
            Value::Bool(truth) => CowVal::owned(CelBool::from(*truth)),
        })
    }
}

impl Language for Cel {
    fn name(&self) -> &'static str {
        "cel"
    }

    fn event(&mut self, kind: Kind, values: &mut Vec<Value<'_>>, hit: &mut dyn FnMut(u32)) -> Result<(), Failure> {
        let Some(rules) = self.routes.get(&kind) else { return Ok(()) };
        let event = Event { kind, values };
        let mut context = self.root.new_inner_scope();
        context.set_variable_resolver(&event);
        for (place, program) in rules {
            if program.execute(&context)? == cel::Value::Bool(true) {
                hit(*place);
            }
        }
        Ok(())
    }
}
