//! Rules made of plausible pieces, as the octets of the fuzzer say. They are read, and most have an error that the checker
//! finds: what runs is made otherwise, see the target `evaluate`.

use arbitrary::{Result, Unstructured};

const KINDS: &[&str] = &[
    "security.rogue", "security.wids", "security", "audit.configuration", "audit", "presence.rssi", "presence",
    "location", "apprf.session", "monitoring.ap", "monitoring", "nothing.known",
];

const FIELDS: &[&str] = &[
    "rogue_id", "ssid", "lan_mac", "classification", "attack_type", "device_id", "target", "data", "username", "sta_eth_mac",
    "rssi_val", "associated", "time", "received", "kind", "customer_id", "name", "status", "no_such_field",
];

const VALUES: &[&str] = &[
    "\"\"", "\"aa:bb:cc:dd:ee:ff\"", "\"ERA_POSITIVE\"", "\"up\"", "0", "-1", "3", "3.5", "1.0e300", "true", "false",
    "()", "9223372036854775807", "-9223372036854775807", "[1, \"a\", ()]", "[]", "'x'", "#{a: 1}", "LIMIT", "event",
];

const SPANS: &[&str] = &["\"10s\"", "\"5m\"", "\"1h\"", "\"90d\"", "\"1h30m\"", "\"0s\"", "\"x\"", "LIMIT", "7"];

const CALLS: &[&str] = &[
    "count", "distinct", "sum", "avg", "min", "max", "rate", "spike", "first_seen", "changed", "previous", "mark",
    "marked", "present", "list", "in_list", "cidr", "glob", "regex", "between", "weekday", "parse_json", "oui", "own",
];

const METHODS: &[&str] = &[
    "contains", "starts_with", "ends_with", "len", "to_lower", "trim", "split", "replace", "index_of", "sub_string",
    "chars", "to_string", "is_empty", "abs", "pad", "push", "map",
];

const OPERATORS: &[&str] =
    &["&&", "||", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "in", "**", "<<", "??", "&", "^"];

/// How deep an expression may nest.
const DEPTH: u8 = 5;

/// Makes rule texts of the fuzzer's octets.
pub struct Pieces<'a>(Unstructured<'a>);

impl<'a> Pieces<'a> {
    /// Takes its decisions from these octets.
    pub fn new(octets: &'a [u8]) -> Self {
        Self(Unstructured::new(octets))
    }

    /// What no decision was taken from yet.
    pub fn rest(self) -> &'a [u8] {
        self.0.take_rest()
    }

    /// A whole rule.
    pub fn rule(&mut self) -> Result<String> {
        let mut text = String::from("//! A title\n");
        text += &format!("const ON = \"{}\";\n", self.pick(KINDS)?);
        for constant in ["HOLD", "RESOLVE_AFTER", "REMIND", "SILENT_FOR", "FORGET_AFTER", "LEARN"] {
            if self.0.ratio(1, 8)? {
                text += &format!("const {constant} = {};\n", self.pick(SPANS)?);
            }
        }
        text += &format!("const LIMIT = {};\n", self.pick(VALUES)?);
        if self.0.ratio(1, 4)? {
            text += &format!("fn own(a) {{ {} }}\n", self.expression(DEPTH - 2)?);
        }
        text += &format!("fn when(event) {{ {} }}\n", self.body()?);
        for function in ["resolved", "key", "title", "body", "remember"] {
            if self.0.ratio(1, 4)? {
                text += &format!("fn {function}(event) {{ {} }}\n", self.body()?);
            }
        }
        if self.0.ratio(1, 16)? {
            text += &format!("fn expected() {{ {} }}\n", self.expression(2)?);
        }
        Ok(text)
    }

    fn body(&mut self) -> Result<String> {
        let value = self.expression(DEPTH)?;
        Ok(match self.0.int_in_range(0..=9)? {
            0 => format!("let x = {value}; x"),
            1 => format!("if {value} {{ return {}; }} {}", self.expression(2)?, self.expression(2)?),
            2 => format!("for x in {value} {{ if {} {{ return true; }} }} false", self.expression(2)?),
            3 => format!("switch {value} {{ 1 => true, \"a\" => {}, _ => false }}", self.expression(2)?),
            4 => format!("`${{{value}}} and ${{event.ssid}}`"),
            5 => format!("loop {{ if {value} {{ break; }} }} true"),
            _ => value,
        })
    }

    fn expression(&mut self, depth: u8) -> Result<String> {
        // Where the octets end, so does the nesting: short ones make short rules.
        if depth == 0 || self.0.is_empty() {
            return self.leaf();
        }
        let next = depth - 1;
        Ok(match self.0.int_in_range(0..=11)? {
            0..=4 => {
                let (one, operator, other) = (self.expression(next)?, self.pick(OPERATORS)?, self.expression(next)?);
                format!("({one} {operator} {other})")
            }
            5 => format!("!{}", self.expression(next)?),
            6 => {
                let (of, method, with) = (self.expression(next)?, self.pick(METHODS)?, self.leaf()?);
                format!("{of}.{method}({with})")
            }
            7 | 8 => self.call(next)?,
            9 => {
                let (condition, yes, no) = (self.expression(next)?, self.leaf()?, self.leaf()?);
                format!("if {condition} {{ {yes} }} else {{ {no} }}")
            }
            _ => self.leaf()?,
        })
    }

    fn call(&mut self, depth: u8) -> Result<String> {
        let function = self.pick(CALLS)?;
        let mut arguments = Vec::new();
        for _ in 0..self.0.int_in_range(0..=1)? + u8::from(depth > 0) {
            arguments.push(self.pick(SPANS)?.to_owned());
        }
        for _ in 0..self.0.int_in_range(0..=2)? {
            arguments.push(self.leaf()?);
        }
        Ok(format!("{function}({})", arguments.join(", ")))
    }

    fn leaf(&mut self) -> Result<String> {
        Ok(if self.0.ratio(3, 5)? {
            format!("event.{}", self.pick(FIELDS)?)
        } else {
            self.pick(VALUES)?.to_owned()
        })
    }

    fn pick(&mut self, from: &[&'static str]) -> Result<&'static str> {
        self.0.choose(from).copied()
    }
}
