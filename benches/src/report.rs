//! What is printed: lines of JSON, or tables.

use std::{collections::BTreeMap, fmt::Write as _};

use serde_json::json;

use crate::measure::Lane;

/// The yardstick, and who is measured with it.
const YARDSTICK: &str = "prost-decode";
const OURS: &str = "tocsin";
const SCRIPTING: [&str; 4] = ["luajit", "evalexpr", "vrl", "cel"];

/// What the run was about.
pub struct Setting {
    pub messages: usize,
    pub octets: usize,
    pub records: usize,
    pub sizes: Vec<usize>,
    /// For each size: how many messages the engines were compared on, how many matches they agree on, and of how many
    /// pairs of an event and a rule on its kind.
    pub agreed: Vec<(usize, usize, usize)>,
    /// Milliseconds to check and compile the most rules.
    pub compile: f64,
    /// Why rules are not lowered whole, and how many for that reason.
    pub not_lowered: BTreeMap<String, usize>,
}

/// Timed lanes, by name and number of rules.
pub struct Figures<'a> {
    pub lanes: &'a [Lane],
    pub setting: &'a Setting,
}

/// A goal, whether it is met, and by how much.
pub struct Goal {
    pub says: String,
    pub figure: f64,
    pub met: bool,
}

impl Figures<'_> {
    fn lane(&self, name: &str, rules: usize) -> Option<&Lane> {
        self.lanes.iter().find(|lane| lane.engine.name() == name && (lane.rules == rules || lane.rules == 0))
    }

    fn nanos(&self, name: &str, rules: usize) -> f64 {
        self.lane(name, rules).map_or(f64::NAN, Lane::nanos)
    }

    fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        for lane in self.lanes {
            if !names.contains(&lane.engine.name()) {
                names.push(lane.engine.name());
            }
        }
        names
    }

    /// The goals that this run has figures for.
    pub fn goals(&self) -> Vec<Goal> {
        let mut goals = Vec::new();
        for (rules, most) in [(100, 1.0), (1000, 2.0)] {
            let figure = self.nanos(OURS, rules) / self.nanos(YARDSTICK, rules);
            let says = format!("{rules} rules take at most {most:.1} x {YARDSTICK}");
            goals.push(Goal { says, figure, met: figure <= most });
        }
        let fastest =
            SCRIPTING.into_iter().min_by(|one, other| self.nanos(one, 100).total_cmp(&self.nanos(other, 100)));
        if let Some(rival) = fastest {
            let figure = self.nanos(rival, 100) / self.nanos(OURS, 100);
            let says = format!("100 rules run at least 5 x as fast as with the fastest scripting rival ({rival})");
            goals.push(Goal { says, figure, met: figure >= 5.0 });
        }
        goals.retain(|goal| goal.figure.is_finite());
        goals
    }

    /// One JSON object a line.
    pub fn json(&self) -> String {
        let mut text = String::new();
        let mut line = |value: serde_json::Value| {
            let _ = writeln!(text, "{value}");
        };
        for &rules in &self.setting.sizes {
            for name in self.names() {
                let nanos = self.nanos(name, rules);
                if nanos.is_finite() {
                    line(json!({ "name": name, "rules": rules, "ns_per_message": nanos.round() as u64 }));
                }
            }
        }
        for goal in self.goals() {
            line(json!({ "goal": goal.says, "ratio": round(goal.figure), "met": goal.met }));
        }
        let setting = self.setting;
        let most = setting.sizes.last();
        line(json!({ "compiled_rules": most, "milliseconds": round(setting.compile) }));
        line(
            json!({ "rules": most, "not_lowered": setting.not_lowered.values().sum::<usize>(), "reasons": setting.not_lowered }),
        );
        text
    }

    /// For people.
    pub fn table(&self) -> String {
        let mut text = String::new();
        let setting = self.setting;
        let (each, octets) =
            (setting.records as f64 / setting.messages as f64, setting.octets as f64 / setting.messages as f64);
        let _ = writeln!(text, "{} messages, {octets:.0} octets and {each:.1} records each.", setting.messages);
        for (rules, (messages, matches, pairs)) in setting.sizes.iter().zip(&setting.agreed) {
            let share = *matches as f64 / *pairs as f64 * 100.0;
            let _ = writeln!(
                text,
                "{rules} rules: all engines agree on {matches} matches in {messages} messages ({share:.2} % of pairs)."
            );
        }
        let _ = writeln!(text, "\nTimes prost-decode (decode included); in brackets, nanoseconds a message:\n");
        let row = |first: &str, cells: Vec<String>| {
            let cells: String = cells.iter().map(|cell| format!(" {cell:>20} |")).collect();
            format!("| {first:18} |{cells}")
        };
        let sizes = &setting.sizes;
        let _ = writeln!(text, "{}", row("", sizes.iter().map(|rules| format!("{rules} rules")).collect()));
        let _ = writeln!(text, "|{:-<20}|{}", "", format!("{:->21}:|", "").repeat(sizes.len()));
        for name in self.names() {
            let cells = sizes.iter().map(|&rules| {
                let nanos = self.nanos(name, rules);
                let ratio = nanos / self.nanos(YARDSTICK, rules);
                if nanos.is_finite() { format!("{ratio:.2} ({nanos:.0})") } else { "-".to_owned() }
            });
            let _ = writeln!(text, "{}", row(name, cells.collect()));
        }
        text.push('\n');
        for goal in self.goals() {
            let word = if goal.met { "met" } else { "not met" };
            let _ = writeln!(text, "{word:7}  {}: {:.2}", goal.says, goal.figure);
        }
        let most = setting.sizes.last().copied().unwrap_or_default();
        let _ = writeln!(text, "\nWhere the time goes, nanoseconds a message:");
        for &rules in &setting.sizes {
            let [decode, silent, all] = ["tocsin-look", "tocsin-no-match", OURS].map(|name| self.nanos(name, rules));
            if silent.is_finite() {
                let (conditions, matches) = (silent - decode, all - silent);
                let _ = writeln!(
                    text,
                    "  {rules:5} rules: reading {decode:.0}, conditions {conditions:.0}, making what a match says {matches:.0}"
                );
            }
        }
        let _ = writeln!(text, "\nChecking and compiling {most} rules takes {:.0} ms.", setting.compile);
        if setting.not_lowered.is_empty() {
            text += "Every rule is lowered whole.\n";
        }
        for (reason, count) in &setting.not_lowered {
            let _ = writeln!(text, "{count} of {most} rules are not lowered whole: {reason}");
        }
        text
    }
}

fn round(figure: f64) -> f64 {
    (figure * 100.0).round() / 100.0
}
