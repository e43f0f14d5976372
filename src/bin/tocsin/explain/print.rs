//! An explanation as a person reads it: marks, aligned, with colours where there is a terminal.

use jiff::tz::TimeZone;
use tocsin::{
    alert::ChangeKind,
    inert,
    pipeline::replay::Explained,
    rules::explain::{Came, ClauseExplained, Condition, Joint, Told},
};

const GREEN: &str = "32";
const RED: &str = "31";
const PURPLE: &str = "35";
const DIM: &str = "2";
const BOLD: &str = "1";

/// How wide a clause is before what is said of it moves on to the next line, in characters.
const WIDE: usize = 64;

struct Print<'a> {
    colours: bool,
    zone: &'a TimeZone,
    lines: Vec<String>,
}

/// The lines, inert but for our own colours.
pub fn lines(explained: &Explained, zone: &TimeZone, colours: bool) -> Vec<String> {
    let mut print = Print { colours, zone, lines: Vec::new() };
    print.head(explained);
    for condition in &explained.explanation.conditions {
        print.condition(condition);
    }
    print.alert(explained);
    print.lifecycle(explained);
    print.lines
}

/// What holding of `resolved` came to.
fn resolved(explained: &Explained) -> &'static str {
    let did = |wanted| explained.lifecycle.iter().any(|consequence| consequence.change == Some(wanted));
    if did(ChangeKind::Resolved) {
        "Resolved: the state it watches is over"
    } else if did(ChangeKind::Dropped) {
        "Over before it had lasted long enough to fire"
    } else {
        "Its fn resolved holds, and there is no alert to resolve"
    }
}

impl Print<'_> {
    fn say(&mut self, line: &str) {
        self.lines.push(line.trim_end().to_owned());
    }

    fn paint(&self, colour: &str, text: &str) -> String {
        let text = inert::terminal(text);
        if self.colours { format!("\u{1b}[{colour}m{text}\u{1b}[0m") } else { text }
    }

    fn head(&mut self, explained: &Explained) {
        let about = &explained.explanation;
        let mut received = about.received.to_zoned(self.zone.clone()).strftime("%F %T %Z").to_string();
        // To the second, as both are shown.
        if about.happened.as_second() != about.received.as_second() {
            let happened = about.happened.to_zoned(self.zone.clone());
            received += &happened.strftime(" (by its sender it happened %F %T)").to_string();
        }
        let (colour, says) = match about.came {
            Came::Matched => (GREEN, "Matched"),
            Came::Resolved => (GREEN, resolved(explained)),
            Came::NotMatched => (RED, "Not matched"),
            Came::CannotTell => (PURPLE, "Could not tell, so it neither matched nor failed"),
            Came::Failed => (RED, "Failed"),
            Came::RanAway => (RED, "Ran away"),
            Came::NotAsked => (DIM, "Not asked"),
        };
        let line = format!("{}  {}", self.paint(BOLD, &about.about), self.paint(DIM, &about.rule));
        self.say(&line);
        let line = format!("event {}, {}, received {received}", about.event, about.kind);
        let line = self.paint(DIM, &line);
        self.say(&line);
        self.say("");
        let line = self.paint(colour, says);
        let why = inert::terminal(&about.why);
        match about.came {
            _ if why.is_empty() => self.say(&line),
            Came::Matched | Came::Resolved => {
                self.say(&line);
                self.say(&format!("{why} What Tocsin puts in its place stands."));
            }
            Came::CannotTell => self.say(&format!("{line}. {why}")),
            _ => self.say(&format!("{line}: {why}")),
        }
    }

    fn condition(&mut self, condition: &Condition) {
        self.say("");
        let mut line = self.paint(BOLD, &format!("fn {}", condition.function));
        if condition.function == "remember" {
            let marked = match condition.told {
                Told::True => "remembered, for marked from the next event on",
                Told::False | Told::NotReached => "nothing is remembered of this event",
                Told::CannotTell => "it cannot tell whether to remember this event",
            };
            line = format!("{line}  {}", self.paint(DIM, marked));
        }
        self.say(&line);
        let last = condition.clauses.iter().map(|clause| clause.span.line).max().unwrap_or(1);
        let digits = last.to_string().len();
        for clause in &condition.clauses {
            self.clause(clause, digits);
        }
        if condition.clauses.is_empty() {
            self.say("  It has no clauses: its answer does not depend on the event.");
        }
    }

    fn clause(&mut self, clause: &ClauseExplained, digits: usize) {
        let (mark, colour) = match clause.told {
            Told::True => ("✓", GREEN),
            Told::False => ("✗", RED),
            Told::CannotTell => ("?", PURPLE),
            Told::NotReached => ("–", DIM),
        };
        let joint = match clause.joint {
            Joint::First => "",
            Joint::And => "&& ",
            Joint::Or => "|| ",
        };
        let text = clause.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let indent = "  ".repeat(clause.depth as usize);
        // The mark is the clause's own: what turns a group around stands by itself, or it would seem to be marked, too.
        let turned = clause.opens.contains('!');
        if turned {
            let outside = clause.depth as usize - clause.opens.matches('(').count().min(clause.depth as usize);
            let opens = format!("{}{joint}{}", "  ".repeat(outside), clause.opens);
            let line = format!(
                "    {}  {}",
                self.paint(DIM, &format!("{:>digits$}", clause.span.line)),
                inert::terminal(&opens)
            );
            self.say(&line);
        }
        let (joint, opens) = if turned { ("", "") } else { (joint, clause.opens.as_str()) };
        let text = format!("{indent}{joint}{opens}{text}{}", ")".repeat(clause.closes as usize));
        let dim = clause.told == Told::NotReached;
        let code = if dim { self.paint(DIM, &text) } else { inert::terminal(&text) };
        let line = format!("{:>digits$}", clause.span.line);
        let line = format!("  {} {}  {code}", self.paint(colour, mark), self.paint(DIM, &line));
        let inset = " ".repeat(digits + 6 + indent.len());
        let why = match clause.told {
            Told::NotReached => format!("not reached: {}", clause.why),
            Told::CannotTell => format!("cannot tell: {}", clause.why),
            Told::True | Told::False => clause.why.clone(),
        };
        if why.is_empty() {
            self.say(&line);
        } else if text.chars().count() <= WIDE && dim {
            let pad = " ".repeat(2 + WIDE.saturating_sub(text.chars().count()).min(2));
            let line = format!("{line}{pad}{}", self.paint(DIM, &why));
            self.say(&line);
        } else {
            self.say(&line);
            let line = format!("{inset}  {}", self.paint(colour, &why));
            self.say(&line);
        }
        let width = clause.parts.iter().map(|part| part.text.chars().count()).max().unwrap_or(0).min(WIDE);
        for part in &clause.parts {
            let needed = part.needed.as_deref().map_or_else(String::new, |needed| format!("   needed {needed}"));
            let window = part.window.as_deref().map_or_else(String::new, |window| format!(" within {window}"));
            let said = format!(
                "{:<width$} = {}{needed}{}{}",
                part.text,
                part.value,
                if part.needed.is_some() { window } else { String::new() },
                if part.note.is_empty() { String::new() } else { format!("   {}", part.note) }
            );
            let line = format!("{inset}  {}", self.paint(DIM, &said));
            self.say(&line);
        }
    }

    fn alert(&mut self, explained: &Explained) {
        let about = &explained.explanation;
        let known = [("key", &about.key), ("title", &about.title), ("body", &about.body)];
        let mut known = known.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?))).peekable();
        if known.peek().is_some() {
            self.say("");
        }
        for (name, value) in known {
            let name = self.paint(DIM, &format!("{name:<5}"));
            let line = format!("{name}  {}", inert::terminal(value));
            self.say(&line);
        }
    }

    fn lifecycle(&mut self, explained: &Explained) {
        self.say("");
        let line = self.paint(BOLD, "What came of it");
        self.say(&line);
        for consequence in &explained.lifecycle {
            let time = consequence.time.to_zoned(self.zone.clone()).strftime("%T").to_string();
            let line = format!("  {}  {}", self.paint(DIM, &time), inert::terminal(&consequence.words));
            self.say(&line);
        }
    }
}
