//! Rules of every shape that is lowered, and of some that are not.

use std::fmt::Write as _;

use fastrand::Rng;
use tocsin::event::{FieldType, Kind};

use crate::events::{FRACTIONS, NUMBERS, TEXTS};

pub fn rule(kind: &'static Kind, chance: &mut Rng) -> String {
    let on = if chance.u8(0..5) == 0 { kind.topic.name() } else { kind.name };
    let mut text = format!("//! A rule\nconst ON = \"{on}\";\nconst LIMIT = 7;\nconst NAME = \"Campus\";\n");
    text += "const SOME = [\"a\", 7, true, 0.5];\n";
    let parameter = if chance.u8(0..4) == 0 { "e" } else { "event" };
    let condition = |chance: &mut Rng| clauses(kind, parameter, chance);
    let when = with_functions(condition(chance), kind, parameter, chance, &mut text);
    match chance.u8(0..14) {
        0 => drop(writeln!(text, "fn when({parameter}) {{ let x = {when}; x }}")),
        2 => {
            let name = format!("{parameter}.{}", field(kind, chance));
            let _ = writeln!(text, "fn when({parameter}) {{ let NAME = {name}; NAME != \"Campus\" && ({when}) }}");
        }
        3 => {
            let call = ["max", "min", "avg"][chance.usize(..3)];
            let (number, limit) = (format!("{parameter}.{}", field(kind, chance)), chance.u8(0..9));
            let _ = writeln!(
                text,
                "fn when({parameter}) {{ let m = {call}(\"1h\", 1, {number}); m > {limit} && ({when} || m < LIMIT) }}"
            );
        }
        1 => drop(writeln!(text, "fn when({parameter}) {{ if {when} {{ return true; }} false }}")),
        _ => drop(writeln!(text, "fn when({parameter}) {{ {when} }}")),
    }
    if chance.u8(0..6) == 0 {
        let _ = writeln!(text, "fn resolved({parameter}) {{ {} }}", condition(chance));
    }
    if chance.u8(0..12) == 0 {
        let here = format!("{parameter}.{}", field(kind, chance));
        let remembers = if chance.bool() {
            format!("if {} {{ mark(\"m\", 1); }}", condition(chance))
        } else {
            format!("{} && mark(\"m\", {here})", condition(chance))
        };
        let _ = writeln!(text, "fn remember({parameter}) {{ {remembers} }}");
    }
    for function in ["key", "title", "body"] {
        if chance.bool() {
            let _ = writeln!(text, "fn {function}({parameter}) {{ {} }}", words(kind, parameter, chance));
        }
    }
    text
}

/// Puts some of a condition into functions of the rule's own, and those into others.
fn with_functions(condition: String, kind: &'static Kind, event: &str, chance: &mut Rng, text: &mut String) -> String {
    let joint = if chance.bool() { "&&" } else { "||" };
    let here = format!("{event}.{}", field(kind, chance));
    match chance.u8(0..12) {
        // The event is handed on, under another name.
        0 | 1 => {
            let inner = clauses(kind, "it", chance);
            let _ = writeln!(text, "fn inner(it) {{ {inner} }}");
            format!("({condition}) {joint} inner({event})")
        }
        // A field, under a name that is a constant's, or before a dot.
        2 | 3 => {
            let inner = match chance.u8(0..5) {
                0 => "LIMIT >= 3".to_owned(),
                1 => "LIMIT.contains(\"a\") || LIMIT in SOME".to_owned(),
                2 => format!("LIMIT == NAME || count(\"10m\", LIMIT) >= {}", chance.u8(1..4)),
                3 => "return !present(LIMIT) || LIMIT == 7".to_owned(),
                _ => format!("LIMIT != {}", number(chance)),
            };
            let _ = writeln!(text, "fn inner(LIMIT) {{ {inner} }}");
            format!("inner({here}) {joint} ({condition})")
        }
        // A value comes back, by way of another function; names stand for fields.
        4 => {
            let other = format!("x.{}", field(kind, chance));
            let _ = writeln!(text, "fn outer(x) {{ let y = {other}; inner(y) }}\nfn inner(y) {{ y }}");
            format!("outer({event}) {} {} {joint} ({condition})", ["==", "!=", ">"][chance.usize(..3)], number(chance))
        }
        5 => {
            let _ = writeln!(text, "fn inner(a, b, c) {{ a == b || a == c }}");
            format!("inner({here}, \"Campus\", LIMIT) {joint} ({condition})")
        }
        // Not in place: called with what is reckoned, or calling itself.
        6 => {
            let _ = writeln!(text, "fn inner(x) {{ if x > 3 {{ false }} else {{ inner(x + 1) }} }}");
            format!("inner(count(\"1m\", {here})) {joint} ({condition})")
        }
        _ => condition,
    }
}

/// Clauses, now and then with something in them that is not lowered.
fn clauses(kind: &'static Kind, event: &str, chance: &mut Rng) -> String {
    let mut clauses: Vec<String> = (0..chance.usize(1..4)).map(|_| clause(kind, event, chance, 2)).collect();
    if chance.u8(0..3) == 0 {
        let odd = odd(kind, event, chance);
        clauses.insert(chance.usize(..=clauses.len()), odd);
    }
    if chance.u8(0..3) == 0 {
        let recalled = recalled(kind, event, chance);
        clauses.insert(chance.usize(..=clauses.len()), recalled);
    }
    clauses.join(if chance.u8(0..8) == 0 { " || " } else { " && " })
}

fn clause(kind: &'static Kind, event: &str, chance: &mut Rng, depth: u8) -> String {
    let field = field(kind, chance);
    let here = format!("{event}.{field}");
    let text = TEXTS[chance.usize(1..TEXTS.len() - 2)];
    match chance.u8(0..if depth > 0 { 22 } else { 15 }) {
        0..=2 => format!("{here} == {}", fitting(kind, &field, chance)),
        3 => format!("{here} != {}", fitting(kind, &field, chance)),
        4..=6 => format!("{here} {} {}", ["<", "<=", ">", ">="][chance.usize(..4)], number(chance)),
        7 => format!("{} {} {here}", number(chance), ["<", ">=", "==", "!="][chance.usize(..4)]),
        8 => format!("{here}.{}(\"{text}\")", ["contains", "starts_with", "ends_with"][chance.usize(..3)]),
        9 => format!("\"{text}\" {} {here}", ["in", "!in"][chance.usize(..2)]),
        10 => format!("{here} in [\"a\", \"Campus\", 7, 1.0, {}]", fitting(kind, &field, chance)),
        11 => format!("present({here})"),
        12 => format!("in_list(\"{}\", {here})", ["ours", "nets"][chance.usize(..2)]),
        13 => match chance.u8(0..3) {
            0 => format!("cidr(\"10.20.0.0/16\", {here})"),
            1 => format!("glob(\"*a[m-p]*\", {here})"),
            _ => format!("regex(\"^(a|.*0)\", {here})"),
        },
        14 => match chance.u8(0..6) {
            3 => format!("{here} in [\"{text}\", 7, ()]"),
            4 => format!("{here} in #{{ a: 1, \"{text}\": 2 }}"),
            0 => format!("{here} == NAME"),
            1 => format!("{here} >= LIMIT"),
            2 => format!("{here} in SOME"),
            _ => format!("{event}.kind == \"{}\"", kind.name),
        },
        15 | 16 => format!("!({})", clause(kind, event, chance, depth - 1)),
        17 => format!("({} || {})", clause(kind, event, chance, depth - 1), clause(kind, event, chance, depth - 1)),
        18 => format!("({} && {})", clause(kind, event, chance, depth - 1), clause(kind, event, chance, depth - 1)),
        19 | 20 => compared(kind, event, chance),
        _ => flag(kind, chance).map_or_else(|| format!("{here} != ()"), |flag| format!("{event}.{flag}")),
    }
}

/// Fields that are compared with each other, and what is reckoned of fields.
fn compared(kind: &'static Kind, event: &str, chance: &mut Rng) -> String {
    let numbers: Vec<_> =
        kind.fields.iter().filter(|field| matches!(field.ty, FieldType::Int | FieldType::Float)).collect();
    let one_of = |chance: &mut Rng| {
        if numbers.is_empty() || chance.u8(0..6) == 0 {
            return format!("{event}.{}", field(kind, chance));
        }
        format!("{event}.{}", numbers[chance.usize(..numbers.len())].name)
    };
    let (one, other, third) = (one_of(chance), one_of(chance), one_of(chance));
    let operation = ["+", "-", "*", "/"][chance.usize(..4)];
    let comparison = ["==", "!=", "<", "<=", ">", ">="][chance.usize(..6)];
    match chance.u8(0..6) {
        0 => format!("{one} {comparison} {other}"),
        1 => format!("{one} {operation} {other} {comparison} {}", number(chance)),
        2 => format!("{} {comparison} {one} {operation} {}", number(chance), number(chance)),
        3 => format!("({one} {operation} {other}) * 2 {comparison} {third}"),
        4 => format!("{one} {operation} {} {comparison} {other} + LIMIT", number(chance)),
        _ => format!("{one} - {other} {comparison} \"7\""),
    }
}

/// Clauses that look back.
fn recalled(kind: &'static Kind, event: &str, chance: &mut Rng) -> String {
    let value = |chance: &mut Rng| format!("{event}.{}", field(kind, chance));
    let by = match chance.u8(0..8) {
        0 => "1".to_owned(),
        1 => format!("[{}, {}]", value(chance), value(chance)),
        2 => format!("`${{{}}} of ${{NAME}}`", value(chance)),
        3 => "NAME".to_owned(),
        _ => value(chance),
    };
    let span = ["1m", "10m", "1h", "1d"][chance.usize(..4)];
    let order = ["<", "<=", ">", ">=", "==", "!="][chance.usize(..6)];
    let call = match chance.u8(0..13) {
        0 | 1 => format!("count(\"{span}\", {by}) {order} {}", chance.u8(1..5)),
        2 => format!("{} {order} distinct(\"{span}\", {by}, {})", chance.u8(1..4), value(chance)),
        3 => {
            let function = ["sum", "avg", "min", "max"][chance.usize(..4)];
            format!("{function}(\"{span}\", {by}, {}) {order} {}", value(chance), number(chance))
        }
        4 => format!("rate(\"{span}\", {by}) {order} 0.5"),
        5 | 6 => format!("first_seen(\"{span}\", {by})"),
        7 => format!("changed(\"{span}\", {by}, {})", value(chance)),
        8 => format!("previous(\"{span}\", {by}, {}) {order} {}", value(chance), number(chance)),
        9 => format!("previous(\"{span}\", {by}, {}) != ()", value(chance)),
        10 => format!("spike(\"1m\", \"{span}\", {by}, {})", [1, 2][chance.usize(..2)]),
        11 => format!("mark(\"m\", {by})"),
        _ => format!("marked(\"{span}\", \"m\", {by})"),
    };
    if chance.u8(0..5) == 0 { format!("!({call})") } else { call }
}

/// Clauses that Rhai is asked about.
fn odd(kind: &'static Kind, event: &str, chance: &mut Rng) -> String {
    let here = format!("{event}.{}", field(kind, chance));
    match chance.u8(0..7) {
        0 => format!("count(\"10m\", {here}.to_lower()) >= 2"),
        1 => format!("count(\"1h\", 1) == {here}"),
        2 => format!("{here}.to_lower() == \"campus\""),
        3 => format!("{here} == {event}.{}", field(kind, chance)),
        4 => format!("{here} + 1 > 5"),
        5 => format!("{event}.time > \"2026\""),
        _ => here,
    }
}

fn words(kind: &'static Kind, event: &str, chance: &mut Rng) -> String {
    let here = format!("{event}.{}", field(kind, chance));
    match chance.u8(0..8) {
        0 => here,
        1 => "\"plain\"".into(),
        2 => format!("[{here}, {event}.{}]", field(kind, chance)),
        3 => format!("`a ${{{here}}} b ${{LIMIT}} ${{{event}.kind}}`"),
        4 => format!("`${{{here}}}${{{event}.{}}}`", field(kind, chance)),
        5 => format!("`${{{here}.to_upper()}}`"),
        6 => "NAME".into(),
        _ => format!("if {here} == () {{ \"none\" }} else {{ {here} }}"),
    }
}

fn field(kind: &'static Kind, chance: &mut Rng) -> String {
    if chance.u8(0..16) == 0 {
        return ["customer_id", "msp_id", "kind", "topic"][chance.usize(..4)].into();
    }
    kind.fields[chance.usize(..kind.fields.len())].name.into()
}

fn flag(kind: &'static Kind, chance: &mut Rng) -> Option<&'static str> {
    let flags: Vec<_> = kind.fields.iter().filter(|field| field.ty == FieldType::Bool).collect();
    (!flags.is_empty()).then(|| flags[chance.usize(..flags.len())].name)
}

/// A constant that the field may well equal.
fn fitting(kind: &'static Kind, field: &str, chance: &mut Rng) -> String {
    let known = kind.field(field);
    match known.map(|field| field.ty) {
        _ if chance.u8(0..10) == 0 => ["()", "true", "\"7\"", "7", "7.0"][chance.usize(..5)].into(),
        Some(FieldType::Bool) => chance.bool().to_string(),
        Some(FieldType::Int | FieldType::Float) => number(chance),
        Some(FieldType::Enum) if known.is_some_and(|field| !field.values.is_empty()) => {
            let values = known.map(|field| field.values).unwrap();
            format!("\"{}\"", values[chance.usize(..values.len())])
        }
        _ => format!("\"{}\"", TEXTS[chance.usize(..TEXTS.len() - 2)]),
    }
}

fn number(chance: &mut Rng) -> String {
    if chance.u8(0..3) == 0 {
        let number = FRACTIONS[chance.usize(..6)];
        return format!("{number:?}");
    }
    NUMBERS[chance.usize(..NUMBERS.len() - 1)].to_string()
}
