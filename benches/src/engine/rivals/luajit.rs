//! LuaJIT, tuned by hand: fields are arguments, not a table made for each event; one call into Lua an event; the rules of a
//! kind written one after another into one function, which runs several times as fast as a function for each; texts are
//! compared as Lua's interned strings.

use mlua::{Function, Lua, MultiValue, Table};

use super::{Failure, scripting::Language};
use crate::{
    rule::{self, Kind, Rule},
    wire::Value,
};

/// How many rules one function holds: many, since calls cost more than what they would let the JIT do.
const RULES_A_PART: usize = 400;

struct Words;

impl rule::Language for Words {
    fn and(&self) -> &'static str {
        " and "
    }
    fn or(&self) -> &'static str {
        " or "
    }
    fn differs(&self) -> &'static str {
        "~="
    }
    fn contains(&self, field: &str, text: &str) -> String {
        format!("find({field}, \"{text}\", 1, true) ~= nil")
    }
    fn starts_with(&self, field: &str, text: &str) -> String {
        format!("sub({field}, 1, {}) == \"{text}\"", text.len())
    }
    fn ends_with(&self, field: &str, text: &str) -> String {
        format!("sub({field}, -{}) == \"{text}\"", text.len())
    }
}

pub struct LuaJit {
    lua: Lua,
    /// By kind: runs its rules and says how many match; their places stand in `hits`.
    run: Vec<Function>,
    hits: Table,
}

impl LuaJit {
    pub fn new(rules: &[Rule]) -> Result<Self, Failure> {
        let lua = Lua::new();
        let hits = lua.create_table()?;
        lua.globals().set("hits", &hits)?;
        let mut run = Vec::new();
        for kind in Kind::ALL {
            let rules: Vec<(usize, &Rule)> = rules.iter().enumerate().filter(|(_, rule)| rule.kind == kind).collect();
            run.push(lua.load(script(kind, &rules)).eval()?);
        }
        Ok(Self { lua, run, hits })
    }
}

/// A function of the kind's fields that runs the rules and says how many match.
fn script(kind: Kind, rules: &[(usize, &Rule)]) -> String {
    let names: Vec<&str> = kind.fields().iter().map(|(name, _)| *name).collect();
    let names = names.join(", ");
    let mut text = "local find, sub, hits = string.find, string.sub, hits\nlocal parts = {}\n".to_owned();
    for part in rules.chunks(RULES_A_PART) {
        text += &format!("parts[#parts + 1] = function(found, {names})\n");
        for (place, rule) in part {
            let condition = rule::Language::write(&Words, rule);
            text += &format!("  if {condition} then found = found + 1; hits[found] = {place} end\n");
        }
        text += "  return found\nend\n";
    }
    text += &format!("return function({names})\n  local found = 0\n");
    for part in 1..=rules.len().div_ceil(RULES_A_PART) {
        text += &format!("  found = parts[{part}](found, {names})\n");
    }
    text + "  return found\nend"
}

impl Language for LuaJit {
    fn name(&self) -> &'static str {
        "luajit"
    }

    fn event(&mut self, kind: Kind, values: &mut Vec<Value<'_>>, hit: &mut dyn FnMut(u32)) -> Result<(), Failure> {
        let mut arguments = MultiValue::with_capacity(values.len());
        for value in values.iter() {
            arguments.push_back(match value {
                Value::Text(text) => mlua::Value::String(self.lua.create_string(text)?),
                Value::Made(text) => mlua::Value::String(self.lua.create_string(text)?),
                Value::Int(number) => mlua::Value::Integer(*number),
                Value::Bool(truth) => mlua::Value::Boolean(*truth),
            });
        }
        let found: usize = self.run[kind as usize].call(arguments)?;
        for place in 1..=found {
            hit(self.hits.raw_get(place)?);
        }
        Ok(())
    }
}
