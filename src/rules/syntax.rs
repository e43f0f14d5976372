//! Rhai's parse errors in the operator's words.

use rhai::{LexError, ParseError, ParseErrorType as Kind, Position};

use super::{brackets, engine::DISABLED, neighbour, place::Source};
use crate::diagnostic::{Diagnostic, Level, Span};

/// The one finding that a text gives which does not parse: parsing stops at the first.
pub(super) fn finding(error: &ParseError, source: &Source) -> Diagnostic {
    if let Some(finding) = foreign(error, source) {
        return finding;
    }
    if let Some((span, message, help)) = brackets::unclosed(error.err_type(), error.position(), source) {
        return told(span, message, help);
    }
    let (message, help) = match (error.err_type(), source.word(error.position()).as_str()) {
        (Kind::MismatchedType(wanted, _), value)
            if wanted == "a boolean expression"
                && let Some(function) = neighbour::open_call(error.position(), source) =>
        {
            ("A ) is missing behind this.".into(), format!("Close what begins there: {function}({value})."))
        }
        (Kind::MissingToken(token, _), "fn") if token == ";" && source.open_before(error.position()) > 0 => {
            let help = brackets::open_body(error.position(), source);
            ("A } is missing before this function.".into(), help.unwrap_or_default())
        }
        (Kind::WrongFnDefinition, _) => {
            let help = brackets::open_body(error.position(), source);
            ("A function stands inside another.".into(), help.unwrap_or_default())
        }
        (Kind::MissingToken(token, _), word)
            if token == ";" && !source.is_end(error.position()) && source.is_first(error.position()) && word != "}" =>
        {
            let span = source.last_before(error.position());
            let help = if matches!(word, "fn" | "const") {
                "A constant ends with a ;."
            } else {
                "Or something that joins it to what stands below, such as &&."
            };
            return told(span, "A ; is missing behind this.".into(), help.into());
        }
        (Kind::MissingToken(token, _), "fn") if token == ";" => {
            ("A ; is missing before this function.".into(), "A constant ends with a ;.".into())
        }
        (Kind::MissingToken(token, _), _) if token == ";" && source.is_end(error.position()) => {
            ("A } is missing at the end of the rule.".into(), "Close each { with a }.".into())
        }
        (Kind::BadInput(LexError::UnexpectedInput(word)), "}")
            if word == "}" && source.open_before(error.position()) <= 0 =>
        {
            ("There is one } too many.".into(), "Take it out, or open a { before it.".into())
        }
        (Kind::MissingToken(token, purpose), ",") if token == ")" && purpose.contains("matching (") => {
            ("A , stands between brackets that hold one value.".into(), "A list is written [\"a\", \"b\"].".into())
        }
        (Kind::MissingToken(token, _), word) if token == "{" => (
            format!("A {{ is missing before {word}."),
            "What belongs to if, else and loops stands between { and }.".into(),
        ),
        (Kind::MismatchedType(wanted, got), _) if wanted == "a boolean expression" => (
            format!("&&, || and if take true or false, and this is {}.", a_type(got)),
            neighbour::compared(error.position(), source),
        ),
        (kind, _) => words(kind),
    };
    // What is missing at the end is missed where the text ends.
    let end = if source.is_end(error.position()) { Position::NONE } else { error.position() };
    told(source.token(end), message, help)
}

fn told(span: Span, message: String, help: String) -> Diagnostic {
    Diagnostic { code: "syntax".into(), severity: Level::Error, message, help, span, label: String::new() }
}

/// What other languages write.
fn foreign(error: &ParseError, source: &Source) -> Option<Diagnostic> {
    let at = error.position();
    let (before, word) = (source.before(at), source.word(at));
    let previous = before.map(|span| source.text(span)).unwrap_or_default();
    let here = source.token(at);
    let there = before.unwrap_or(here);
    let means_nothing = |word: &str| format!("\"{word}\" means nothing in a rule.");
    let operator = |ours: &str| (here, means_nothing(&word), format!("Write {ours}."));
    let (span, message, help) = match (error.err_type(), previous.as_str(), word.as_str()) {
        // A number with a letter at its end.
        (Kind::MissingToken(..), number, _)
            if number.starts_with(|c: char| c.is_ascii_digit()) && there.end_column > here.column =>
        {
            let message = format!("{number} is no number.");
            (there, message, format!("A duration stands in quotes: \"{number}\"."))
        }
        (Kind::FnMissingBody(name), _, "-") if !name.is_empty() => {
            let help = format!("Write fn {name}(event) {{ … }}.");
            (here, "The type of an answer is not written.".into(), help)
        }
        (Kind::MissingToken(token, purpose), name, ":") if token == "," && purpose.contains("parameters") => {
            (here, format!("The type of {name} is not written."), "Write fn when(event).".into())
        }
        (Kind::MissingToken(..), _, "=>") => operator(">= to compare"),
        (Kind::MissingToken(token, _), _, "=") if matches!(&**token, ")" | ",") => operator("== to compare"),
        (Kind::MissingToken(token, _), _, "then") if token == "{" => {
            (here, means_nothing("then"), "Write if … { … } else { … }.".into())
        }
        (Kind::MissingToken(token, _), word, _) if token == ";" && is_else_if(word) => {
            (there, means_nothing(word), "Write else if.".into())
        }
        (Kind::Reserved(_) | Kind::BadInput(_), _, "|" | "||") => {
            let help = "Write a loop, for value in list { … }, or ask value in list.";
            (here, "A function without a name, |…|, is not allowed here.".into(), help.into())
        }
        (Kind::MissingToken(token, _), previous, word) if token == ";" => {
            match (previous, word.to_lowercase().as_str()) {
                (_, "and") => operator("&&"),
                (_, "or") => operator("||"),
                (_, "is" | "equals" | "eq") => operator("=="),
                (_, "not") => operator("!in, !=, or ! before what is not to hold"),
                (_, "like" | "matches") => operator("glob(\"…\", …) or regex(\"…\", …)"),
                (_, "contains" | "starts_with" | "ends_with") => {
                    let of = neighbour::before(at, source);
                    let help = format!("Write it as a call: {of}.{word}(\"…\").");
                    (here, format!("{word} is a function, and stands after a dot."), help)
                }
                ("not" | "Not" | "NOT", _) => {
                    (there, means_nothing(previous), "Write ! before what is not to hold.".into())
                }
                ("function" | "func" | "fun" | "def", _) => {
                    (there, means_nothing(previous), "A function begins with fn.".into())
                }
                (_, "=") => operator("== to compare"),
                (_, ":") => (here, means_nothing(":"), "A constant is written const NAME = …;".into()),
                (_, "{") if previous == ")" && source.word(Position::new(here.line as u16, 1)) != "fn" => (
                    here,
                    "A { stands where none belongs.".into(),
                    "A function begins with fn: fn when(event) { … }.".into(),
                ),
                (_, ",") => (
                    here,
                    "A , stands only between the values of a call or a list.".into(),
                    "Conditions are joined with &&, and a list is written [\"a\", \"b\"].".into(),
                ),
                _ => return None,
            }
        }
        (Kind::Reserved(_) | Kind::BadInput(_), _, "null" | "nil" | "undefined") => {
            (here, means_nothing(&word), "Write () for what is absent, or ask present(…).".into())
        }
        (Kind::Reserved(_) | Kind::BadInput(_), _, "#") => {
            (here, means_nothing("#"), "A comment begins with //.".into())
        }
        (Kind::Reserved(_) | Kind::BadInput(_), "=", "~") => (
            Span { end_line: here.end_line, end_column: here.end_column, ..there },
            means_nothing("=~"),
            "Write regex(\"…\", …).".into(),
        ),
        (Kind::Reserved(_) | Kind::BadInput(_), _, "“" | "”" | "„" | "‘" | "’") => {
            (here, means_nothing(&word), "Write straight quotes: \"…\".".into())
        }
        (Kind::BadInput(LexError::UnexpectedInput(_)), "<", ">") => (
            Span { end_line: here.end_line, end_column: here.end_column, ..there },
            means_nothing("<>"),
            "Write !=.".into(),
        ),
        (Kind::BadInput(LexError::UnterminatedString), _, text) if text.starts_with('`') => {
            (here, "This text does not end.".into(), "Add the closing `.".into())
        }
        // An operator that is turned around, or has a space within.
        (Kind::Reserved(_) | Kind::BadInput(_), "=", "<" | ">")
        | (Kind::Reserved(_) | Kind::BadInput(_), "<" | ">" | "!" | "=", "=") => {
            let sign = if word == "=" { &previous } else { &word };
            let both = Span { end_line: here.end_line, end_column: here.end_column, ..there };
            (both, means_nothing(&source.text(both)), format!("Write {sign}= to compare."))
        }
        (Kind::Reserved(_) | Kind::BadInput(_), _, "=") => operator("== to compare"),
        (Kind::Reserved(_) | Kind::BadInput(_), _, "-") => {
            (here, means_nothing("->"), "A field stands after a dot: event.ssid.".into())
        }
        (Kind::UnknownOperator(_), _, "?") => {
            (here, means_nothing("?"), "Write if … { … } else { … }, or only the condition.".into())
        }
        _ => return None,
    };
    Some(told(span, message, help))
}

fn is_else_if(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "elseif" | "elsif" | "elif")
}

/// What Rhai calls a type, in the operator's words.
fn a_type(name: &str) -> &str {
    match name {
        "string" | "a string" => "a text",
        "a number" | "i64" | "f64" | "an integer" | "a floating-point number" => "a number",
        other => other,
    }
}

fn words(kind: &Kind) -> (String, String) {
    let say = |message: &str, help: &str| (message.to_owned(), help.to_owned());
    match kind {
        Kind::BadInput(LexError::UnterminatedString) => {
            say("This text does not end on its line.", "Add the closing \".")
        }
        Kind::Reserved(word) | Kind::BadInput(LexError::UnexpectedInput(word) | LexError::ImproperSymbol(word, _))
            if DISABLED.contains(&word.as_str()) =>
        {
            (format!("A rule may not use {word}."), "A rule only looks at an event and answers.".into())
        }
        Kind::BadInput(LexError::UnexpectedInput(input)) if is_operator(input) => {
            (format!("Something is missing before {input}."), "A value or a condition goes there.".into())
        }
        Kind::BadInput(LexError::UnexpectedInput(input)) => {
            (format!("\"{input}\" means nothing in a rule."), "Take it out, or put it in quotes if it is text.".into())
        }
        Kind::BadInput(LexError::MalformedEscapeSequence(text)) => (
            format!("\"{text}\" is no escape sequence."),
            "Write \\\\ for a backslash, \\\" for a quote, or use `back-ticks`.".into(),
        ),
        Kind::BadInput(LexError::MalformedNumber(text)) => (format!("\"{text}\" is no number."), String::new()),
        Kind::BadInput(LexError::MalformedChar(_)) => {
            say("Single quotes hold one character.", "Use \"double quotes\" for text.")
        }
        Kind::BadInput(LexError::ImproperSymbol(symbol, _)) => match symbol.as_str() {
            "===" => say("\"===\" means nothing in a rule.", "Write == to compare."),
            "!==" => say("\"!==\" means nothing in a rule.", "Write != to compare."),
            _ => (format!("\"{symbol}\" means nothing in a rule."), String::new()),
        },
        Kind::BadInput(other) => (format!("{other}."), String::new()),
        Kind::UnexpectedEOF => {
            say("The rule ends too early.", "A ), ] or } is missing, or something after the last line.")
        }
        Kind::UnknownOperator(operator) => (format!("\"{operator}\" is no operator."), String::new()),
        Kind::MissingToken(token, _) if token == ";" => {
            say("A ; is missing here.", "Or something that joins this to what stands before, such as &&.")
        }
        Kind::MissingToken(token, purpose) if purpose.is_empty() => {
            (format!("A {token} is missing here."), String::new())
        }
        Kind::MissingToken(token, purpose) => (
            format!("A {token} is missing here."),
            format!("It is needed {}.", purpose.trim_end_matches('.').replace("array literal", "list")),
        ),
        Kind::MissingSymbol(what) => (format!("{what}."), String::new()),
        Kind::Reserved(word) => (format!("\"{word}\" is a reserved word."), "Choose another name.".into()),
        Kind::VariableExpected => say("A name is missing here.", ""),
        Kind::PropertyExpected => say("The name of a field is missing here.", "Write it as event.field."),
        Kind::ExprExpected(_) => say("Something is missing here.", "A value or a condition goes here."),
        Kind::FnMissingName => say("This function has no name.", "Write fn when(event) { … }."),
        Kind::FnMissingParams(name) => {
            (format!("fn {name} does not say what it takes."), format!("Write fn {name}(event)."))
        }
        Kind::FnMissingBody(name) if name.is_empty() => {
            say("A function without a name is not allowed here.", "Write it as fn name(value) { … }.")
        }
        Kind::FnMissingBody(name) => (format!("fn {name} has no body."), format!("Write fn {name}(event) {{ … }}.")),
        Kind::FnDuplicatedDefinition(name, _) => {
            (format!("There are two functions {name}."), "Keep one of them.".into())
        }
        Kind::FnDuplicatedParam(name, parameter) => {
            (format!("fn {name} takes {parameter} twice."), "Give them different names.".into())
        }
        Kind::WrongDocComment => say(
            "A comment with /// stands where nothing follows that it could describe.",
            "Use // for a comment, and //! at the top of the file for the rule's title.",
        ),
        Kind::AssignmentToConstant(name) => {
            (format!("{name} is a constant and cannot be changed."), "Write == to compare.".into())
        }
        Kind::AssignmentToInvalidLHS(_) => say("This cannot be given a value.", "Write == to compare."),
        Kind::LiteralTooLarge(..) => {
            say("This is too long for a rule.", "Keep long lists in a file in the folder lists beside the rules.")
        }
        Kind::ExprTooDeep => say(
            "This is nested too deeply, or has too many parts in a row.",
            "Put some of them into a function of their own; to compare a field with many values, ask a list of them with in.",
        ),
        Kind::TooManyFunctions => say("A rule may have 100 functions.", "Split it into several rules."),
        Kind::LoopBreak => say("break and continue only work inside a loop.", ""),
        other => (format!("{other}."), String::new()),
    }
}

/// Whether this stands between or after values.
fn is_operator(input: &str) -> bool {
    matches!(
        input,
        "&&" | "||"
            | "=="
            | "!="
            | "<"
            | "<="
            | ">"
            | ">="
            | "+"
            | "*"
            | "/"
            | "%"
            | "."
            | ","
            | ";"
            | ")"
            | "]"
            | "}"
            | "??"
    )
}
