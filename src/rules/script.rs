//! One rule, compiled.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    panic::{AssertUnwindSafe, catch_unwind},
    rc::Rc,
};

use rhai::{AST, ASTFlags, ASTNode, Dynamic, Expr, ImmutableString, Scope, ScriptFnMetadata, Stmt};

use super::{
    beyond::Beyond,
    calls::{self, Texts},
    check::{Checker, Own},
    engine::{Host, LONGEST_RULE, Natives},
    folder::stands_in,
    lists_asked,
    place::Source,
    room,
    settings::{self, Constant, Settings},
    syntax,
};
use crate::{
    diagnostic::{Diagnostic, Level, Span},
    functions::{
        Lists, RuleSurroundings,
        remember::{Calls, Site},
    },
};

/// A rule that runs.
pub(super) struct Script {
    pub ast: AST,
    /// What calling one of its functions takes of the stack, in bytes.
    pub room: usize,
    pub settings: Settings,
    pub constants: Vec<(ImmutableString, Dynamic)>,
    /// The names of its functions.
    pub functions: HashSet<String>,
    /// Its calls that remember, in the order of the file.
    pub sites: Vec<Site>,
    /// The lists that it asks for, if all are known by name.
    pub lists: Option<BTreeSet<String>>,
}

impl Script {
    pub fn has(&self, function: &str) -> bool {
        self.functions.contains(function)
    }

    /// What it brings to the memory; `name` is the rule's, which says its folder.
    pub fn calls(&self, name: &str) -> Calls {
        let mut topics: Vec<_> = self.settings.kinds.iter().map(|kind| kind.topic).collect();
        topics.sort();
        topics.dedup();
        let folder = stands_in(name).into();
        Calls { sites: self.sites.clone(), topics, folder, learn: self.settings.learn }
    }

    pub fn surroundings(&self) -> RuleSurroundings {
        RuleSurroundings { zone: self.settings.zone.clone(), constants: self.constants.clone() }
    }
}

/// What compiling a text gives. Without a script, the findings say why.
pub(super) struct Compiled {
    pub script: Option<Rc<Script>>,
    pub findings: Vec<Diagnostic>,
    /// What could be read of the constants, for showing, even if the rule does not run.
    pub settings: Settings,
    /// What its neighbours and the log have to say of it.
    pub beyond: Beyond,
}

/// Compiles and checks a rule: all findings at once if it parses, else the first.
pub(super) fn compile(host: &Host, natives: &Natives, lists: &Lists, text: &str) -> Compiled {
    let text = text.trim_start_matches('\u{feff}');
    let source = Source::new(text);
    let broken = |finding| Compiled {
        script: None,
        findings: vec![finding],
        settings: Settings::default(),
        beyond: Beyond::default(),
    };
    if text.len() > LONGEST_RULE {
        let message = format!("A rule has at most {} KiB of text.", LONGEST_RULE / 1024);
        return broken(error(
            "too-long",
            source.top(),
            message,
            "Keep long lists in a file in the folder lists beside the rules.",
        ));
    }
    if let Some(span) = source.unclosed_comment() {
        // Rhai takes it for the end of the text.
        return broken(error("syntax", span, "This comment never ends.", "Write */ where it ends."));
    }
    // Whatever Rhai makes of a text, the other rules go on.
    let parsed = catch_unwind(AssertUnwindSafe(|| host.engine.compile(text)));
    let ast = match parsed {
        Ok(Ok(ast)) => ast,
        Err(_) => {
            let message = "Reading this rule ended in an error of Tocsin.";
            return broken(error("internal", source.top(), message, "Write it in another way, and report it."));
        }
        Ok(Err(error)) => return broken(syntax::finding(&error, &source)),
    };
    let mut findings = Vec::new();
    top_level(&ast, &source, &mut findings);
    let constants = constants(host, &ast, &source, &mut findings);
    let mut definitions: Vec<ScriptFnMetadata> = ast.iter_functions().collect();
    // The tree's order of functions is by hash.
    definitions.sort_by_key(|function| (source.function(function.name).map(|at| at.line), function.name.to_owned()));
    let functions: HashSet<String> = definitions.iter().map(|function| function.name.to_string()).collect();
    let settings = settings::read(&constants, &functions, &source, &mut findings);
    let names = constants.iter().map(|constant| constant.name.clone()).collect();
    let texts: Texts = constants
        .iter()
        .filter_map(|constant| Some((constant.name.clone(), constant.value.clone().into_string().ok()?)))
        .collect();
    // One without a value has its finding already.
    let values = constants.iter().filter(|constant| !constant.value.is_unit());
    let values = values.map(|constant| (constant.name.clone(), constant.value.clone())).collect();
    let meant = settings.kinds_meant();
    Checker {
        ast: &ast,
        source: &source,
        kinds: &meant,
        constants: &names,
        texts: &texts,
        values: &values,
        written: &constants,
        policy: &settings.policy,
        functions: &definitions,
        natives,
        lists,
        findings: &mut findings,
        told: Vec::new(),
        locals: HashMap::new(),
        lets: HashMap::new(),
        own: Own::default(),
        unused: Vec::new(),
    }
    .check();
    findings.sort_by_key(|finding| (finding.span.line, finding.span.column, finding.severity));
    let runs = findings.iter().all(|finding| finding.severity != Level::Error);
    let constants: Vec<(ImmutableString, Dynamic)> =
        constants.into_iter().map(|constant| (constant.name.into(), constant.value)).collect();
    let sites = calls::sites(&ast, &texts, &constants);
    let asked = lists_asked::of(&ast, &texts);
    let beyond = Beyond::of(&ast, &texts, &source);
    let script = runs.then(|| {
        Rc::new(Script {
            room: room::needed(&ast),
            ast,
            settings: settings.clone(),
            constants,
            functions,
            sites,
            lists: asked,
        })
    });
    Compiled { script, findings, settings, beyond }
}

/// The tree with one function and nothing else. (Rhai's own filtered clone, into an empty module, keeps them all.)
pub(super) fn function_alone(ast: &AST, function: &str, arity: usize) -> AST {
    let mut alone = ast.clone_functions_only();
    alone.retain_functions(|_, _, name, takes| (name, takes) == (function, arity));
    alone
}

/// What a function of a rule calls its parameters, and its statements; `None` if there is none of that name and arity.
pub(super) fn body(ast: &AST, function: &str, arity: usize) -> Option<(Vec<String>, Vec<Stmt>)> {
    let known = ast.iter_functions().find(|known| known.name == function && known.params.len() == arity)?;
    let parameters = known.params.iter().map(ToString::to_string).collect();
    let mut statements: Vec<Stmt> = Vec::new();
    function_alone(ast, function, arity).walk(&mut |path: &[ASTNode]| {
        if let [ASTNode::Stmt(statement)] = path {
            statements.push((*statement).clone());
        }
        true
    });
    Some((parameters, statements))
}

/// Where the title stands, if the rule has one.
pub(super) fn place_of_title(text: &str) -> Option<Span> {
    let lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let (number, line) = lines
        .into_iter()
        .find(|(_, line)| line.trim_start().strip_prefix("//!").is_some_and(|title| !title.trim().is_empty()))?;
    let start = line.chars().take_while(|c| c.is_whitespace() || matches!(c, '/' | '!')).count();
    let (line_number, end) = (u32::try_from(number + 1).ok()?, line.trim_end().chars().count());
    let column = |offset: usize| u32::try_from(offset + 1).unwrap_or(u32::MAX);
    Some(Span { line: line_number, column: column(start), end_line: line_number, end_column: column(end) })
}

/// Where a function of a rule is named.
pub(super) fn place_of(text: &str, function: &str) -> Span {
    let source = Source::new(text.trim_start_matches('\u{feff}'));
    source.function(function).unwrap_or_else(|| source.top())
}

fn error(code: &str, span: Span, message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic {
        code: code.into(),
        severity: Level::Error,
        message: message.into(),
        help: help.into(),
        span,
        label: String::new(),
    }
}

/// At the top level a rule has constants and functions and nothing else.
fn top_level(ast: &AST, source: &Source, findings: &mut Vec<Diagnostic>) {
    for statement in ast.statements() {
        let (message, help) = match statement {
            Stmt::Noop(_) => continue,
            Stmt::Var(_, flags, _) if flags.contains(ASTFlags::CONSTANT) => continue,
            Stmt::Var(variable, ..) => {
                let name = &variable.0.name;
                let value = source.written(&variable.1);
                (
                    format!("{name} is a variable, and functions cannot see it."),
                    format!("Write const {name} = {value};"),
                )
            }
            Stmt::Assignment(assignment) if matches!(assignment.1.lhs, Expr::Variable(..)) => {
                let name = source.word(assignment.1.lhs.start_position());
                let message = format!("{name} is given a value without const.");
                let span = source.token(assignment.1.lhs.start_position());
                let value = source.written(&assignment.1.rhs);
                findings.push(error("top-level", span, message, format!("Write const {name} = {value};")));
                continue;
            }
            _ => ("Only constants and functions stand here.".into(), "Move it into fn when(event).".to_owned()),
        };
        findings.push(error("top-level", source.token(statement.position()), message, help));
    }
}

/// The constants with their values.
fn constants(host: &Host, ast: &AST, source: &Source, findings: &mut Vec<Diagnostic>) -> Vec<Constant> {
    let mut scope = Scope::new();
    let told = findings.is_empty();
    let mut failed: Vec<String> = Vec::new();
    for statement in ast.statements() {
        let Stmt::Var(variable, flags, _) = statement else { continue };
        if !flags.contains(ASTFlags::CONSTANT) {
            continue;
        }
        host.begin();
        let alone = AST::new([statement.clone()], rhai::Module::new());
        let before = scope.len();
        if host.engine.run_ast_with_scope(&mut scope, &alone).is_ok() {
            continue;
        }
        scope.rewind(before);
        let (name, expression) = (variable.0.name.to_string(), &variable.1);
        let span = source.whole(expression);
        let written = source.text(span);
        // One that needs another without a value has none because of that.
        if told && !failed.iter().any(|failed| written.contains(failed.as_str())) {
            let is_word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
            let help = if written.starts_with("event.") {
                "A constant is known before any event: use the field in fn when.".into()
            } else if written.starts_with(char::is_alphabetic) && written.chars().all(is_word) {
                format!("Put it in quotes: \"{written}\".")
            } else {
                "Write a value such as 5 or \"text\".".into()
            };
            findings.push(error("bad-constant", span, "This constant has no value.", help));
        }
        failed.push(name);
    }
    let value = |name: &str, expression: &Expr| {
        scope.get(name).cloned().or_else(|| expression.get_literal_value(None)).unwrap_or(Dynamic::UNIT)
    };
    ast.statements()
        .iter()
        .filter_map(|statement| {
            let Stmt::Var(variable, flags, _) = statement else { return None };
            if !flags.contains(ASTFlags::CONSTANT) {
                return None;
            }
            let (identifier, expression, _) = &**variable;
            let element_spans = match expression {
                Expr::Array(elements, _) => elements.iter().map(|element| source.whole(element)).collect(),
                _ => Vec::new(),
            };
            Some(Constant {
                value: value(&identifier.name, expression),
                name: identifier.name.to_string(),
                name_span: source.token(identifier.pos),
                value_span: source.whole(expression),
                element_spans,
            })
        })
        .collect()
}

/// The title (the first `//!` line that says something) and the rest of the doc text.
pub(super) fn doc(text: &str) -> (Option<String>, String) {
    let lines: Vec<&str> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim_start)
        .skip_while(|line| line.is_empty())
        .map_while(|line| line.strip_prefix("//!"))
        .map(|line| line.strip_prefix(' ').unwrap_or(line).trim_end())
        .collect();
    let Some(first) = lines.iter().position(|line| !line.trim().is_empty()) else { return (None, String::new()) };
    (Some(lines[first].trim().to_owned()), lines[first + 1..].join("\n").trim().to_owned())
}
