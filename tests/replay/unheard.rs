//! The worked examples that need coverage or an edit: through a real database, whose rows say when nobody listened.

use std::{path::Path, process::Command};

use tempfile::TempDir;
use tocsin::{
    event::Topic,
    functions::Lists,
    rules::RuleText,
    store::{Control, Coverage, CoverageReason, RowBody, Store},
};

use super::log::{at, attack_on, story};

/// A database as it is written while the program runs.
struct Log {
    folder: TempDir,
    store: Store,
}

impl Log {
    /// Security is heard from then on, with this rule.
    fn begin(clock: &str, rule: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path(), at(clock)).unwrap().store;
        Self { folder, store }.hears(clock, true).rule(clock, rule)
    }

    fn row(mut self, clock: &str, body: RowBody) -> Self {
        self.store.append(vec![body], at(clock)).unwrap();
        self
    }

    fn hears(self, clock: &str, heard: bool) -> Self {
        let reason = if heard { CoverageReason::Listening } else { CoverageReason::Disconnected };
        self.row(
            clock,
            RowBody::Coverage(Coverage { topic: Topic::Security, heard, reason, detail: String::new(), missed: 0 }),
        )
    }

    fn rule(self, clock: &str, text: &str) -> Self {
        let rules = vec![RuleText { name: "attack".into(), text: text.into(), enabled: true }];
        let last_good = [].into();
        self.row(clock, RowBody::Control(Control::RuleSet { rules, lists: Lists::default(), last_good }))
    }

    fn attack(self, clock: &str, ap: &str) -> Self {
        self.row(clock, RowBody::Frame { topic: Topic::Security, bytes: attack_on(ap, at(clock)).into() })
    }

    /// What the command makes of it, with the rules that the log names.
    fn story(self) -> Vec<String> {
        let Self { folder, store } = self;
        drop(store);
        replayed(folder.path())
    }
}

fn replayed(folder: &Path) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_tocsin"))
        .args(["replay", "--format", "json"])
        .arg(folder)
        .args(["--until", "2026-11-24T12:00:00Z"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    story(&output)
}

fn when(constants: &str, condition: &str) -> String {
    format!(
        "//! Attack\nconst ON = \"security.wids\";\n{constants}\nfn when(event) {{ {condition} }}\n\
         fn key(event) {{ event.detected_ap }}\n"
    )
}

#[test]
fn eleven_nothing_resolves_because_nobody_listened() {
    let rule = when("const RESOLVE_AFTER = \"15m\";", "event.attack_type.contains(\"spoofing\")");
    let log = Log::begin("7:00", &rule).attack("8:00", "CN01").hears("8:10", false).hears("9:10", true);
    assert_eq!(log.story(), ["8:00:00 fired", "8:00:00 notified", "9:15:00 resolved not-seen"]);
}

#[test]
fn twelve_what_was_missed_may_have_been_the_first() {
    // It began to listen so long ago that it has learnt.
    let rule = when("const LEARN = \"1s\";", "first_seen(\"1h\", event.detected_ap)");
    let log = Log::begin("5:00", &rule)
        .attack("6:30", "CN01")
        .hears("8:10", false)
        .hears("8:12", true)
        .attack("8:30", "CN01")
        .attack("9:13", "CN01")
        .attack("9:30", "CN02");
    let fired: Vec<String> = log.story().into_iter().filter(|line| line.ends_with(" fired")).collect();
    assert_eq!(fired, ["6:30:00 fired", "9:30:00 fired"]);
}

#[test]
fn thirteen_deaf_time_is_not_silence() {
    let rule = when("const SILENT_FOR = \"15m\";", "true");
    let log = Log::begin("7:00", &rule).attack("8:00", "CN01").hears("8:05", false).hears("8:25", true);
    assert_eq!(log.story()[..2], ["8:35:00 fired", "8:35:00 notified"]);
}

#[test]
fn fifteen_an_edit_never_pages_for_the_past() {
    let rule = |limit| when("", &format!("count(\"10m\", event.detected_ap) >= {limit}"));
    let log = Log::begin("7:00", &rule(5))
        .attack("8:12", "CN01")
        .attack("8:14", "CN01")
        .attack("8:16", "CN01")
        .rule("8:20", &rule(3))
        .attack("8:21", "CN01");
    assert_eq!(log.story()[..2], ["8:21:00 fired", "8:21:00 notified"]);
}
