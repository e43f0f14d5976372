//! VRL: each rule compiled once, the types of the fields told to its compiler so that nothing is checked twice. Its
//! standard library is heavy to build, so `contains`, `starts_with` and `ends_with` are ours, and do less than its own.

use std::collections::BTreeMap;

use vrl::{
    compiler::{
        CompileConfig, Context, Program, TargetValue, TimeZone, compile_with_external,
        prelude::{
            ArgumentList, Collection, Compiled, Expression, ExpressionError, Field, Function, FunctionCompileContext,
            FunctionExpression, Kind as VrlKind, Parameter, Resolved, TypeDef, VrlValueConvert, kind,
        },
        state::{ExternalEnv, RuntimeState, TypeState},
    },
    value::{Secrets, Value as VrlValue},
};

use super::{Failure, Routes, by_kind, scripting::Language};
use crate::{
    rule::{self, Kind, Rule, Type},
    wire::Value,
};

struct Words;

impl rule::Language for Words {
    fn field(&self, name: &str) -> String {
        format!(".{name}")
    }
    fn contains(&self, field: &str, text: &str) -> String {
        format!("contains({field}, \"{text}\")")
    }
    fn starts_with(&self, field: &str, text: &str) -> String {
        format!("starts_with({field}, \"{text}\")")
    }
    fn ends_with(&self, field: &str, text: &str) -> String {
        format!("ends_with({field}, \"{text}\")")
    }
}

/// A function of two texts.
#[derive(Clone, Copy, Debug)]
struct OfTexts {
    name: &'static str,
    holds: fn(&[u8], &[u8]) -> bool,
}

const PARAMETERS: &[Parameter] =
    &[Parameter::required("value", kind::BYTES, "a text"), Parameter::required("part", kind::BYTES, "a part of it")];

impl Function for OfTexts {
    fn identifier(&self) -> &'static str {
        self.name
    }
    fn usage(&self) -> &'static str {
        ""
    }
    fn category(&self) -> &'static str {
        ""
    }
    fn return_kind(&self) -> u16 {
        kind::BOOLEAN
    }
    fn parameters(&self) -> &'static [Parameter] {
        PARAMETERS
    }
    fn examples(&self) -> &'static [vrl::compiler::prelude::Example] {
        &[]
    }
    fn compile(&self, _: &TypeState, _: &mut FunctionCompileContext, arguments: ArgumentList) -> Compiled {
        let (value, part) = (arguments.required("value"), arguments.required("part"));
        Ok(Holds { value, part, holds: self.holds }.as_expr())
    }
}

#[derive(Clone, Debug)]
struct Holds {
    value: Box<dyn Expression>,
    part: Box<dyn Expression>,
    holds: fn(&[u8], &[u8]) -> bool,
}

impl FunctionExpression for Holds {
    fn resolve(&self, context: &mut Context) -> Resolved {
        let (value, part) = (self.value.resolve(context)?.try_bytes()?, self.part.resolve(context)?.try_bytes()?);
        Ok((self.holds)(&value, &part).into())
    }
    fn type_def(&self, _: &TypeState) -> TypeDef {
        TypeDef::boolean().infallible()
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    // What its own does: both as text first.
    String::from_utf8_lossy(text).contains(&*String::from_utf8_lossy(part))
}

pub struct Vrl {
    routes: Routes<Program>,
    state: RuntimeState,
}

impl Vrl {
    pub fn new(rules: &[Rule]) -> Result<Self, Failure> {
        let functions: Vec<Box<dyn Function>> = vec![
            Box::new(OfTexts { name: "contains", holds: contains }),
            Box::new(OfTexts { name: "starts_with", holds: |text, part| text.starts_with(part) }),
            Box::new(OfTexts { name: "ends_with", holds: |text, part| text.ends_with(part) }),
        ];
        let routes = by_kind(rules, |rule| {
            let text = rule::Language::write(&Words, rule);
            let compiled = compile_with_external(&text, &functions, &environment(rule.kind), CompileConfig::default());
            Ok(compiled.map_err(|problems| format!("{text}: {problems:?}"))?.program)
        })?;
        Ok(Self { routes, state: RuntimeState::default() })
    }
}

/// What the fields of a kind hold.
fn environment(kind: Kind) -> ExternalEnv {
    let fields: BTreeMap<Field, VrlKind> = kind
        .fields()
        .iter()
        .map(|(name, of)| {
            let of = match of {
                Type::Text => VrlKind::bytes(),
                Type::Int => VrlKind::integer(),
                Type::Bool => VrlKind::boolean(),
            };
            ((*name).into(), of)
        })
        .collect();
    ExternalEnv::new_with_kind(VrlKind::object(Collection::from(fields)), VrlKind::object(Collection::empty()))
}

impl Language for Vrl {
    fn name(&self) -> &'static str {
        "vrl"
    }

    fn event(&mut self, kind: Kind, values: &mut Vec<Value<'_>>, hit: &mut dyn FnMut(u32)) -> Result<(), Failure> {
        let Some(rules) = self.routes.get(&kind) else { return Ok(()) };
        let fields = kind.fields().iter().zip(values.drain(..)).map(|((name, _), value)| {
            let value = match value {
                Value::Text(text) => VrlValue::from(text),
                Value::Made(text) => VrlValue::from(text),
                Value::Int(number) => VrlValue::Integer(number),
                Value::Bool(truth) => VrlValue::Boolean(truth),
            };
            ((*name).into(), value)
        });
        let value = VrlValue::Object(fields.collect());
        let metadata = VrlValue::Object(BTreeMap::new());
        let mut target = TargetValue { value, metadata, secrets: Secrets::default() };
        let zone = TimeZone::default();
        for (place, program) in rules {
            let mut context = Context::new(&mut target, &mut self.state, &zone);
            let answer = program.resolve(&mut context).map_err(|error: ExpressionError| error.to_string())?;
            if answer == VrlValue::Boolean(true) {
                hit(*place);
            }
        }
        Ok(())
    }
}
