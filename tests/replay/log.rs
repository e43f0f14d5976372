//! A log as JSON Lines, written from a few words, and what the command says of it.

use std::{
    fmt::Write as _,
    fs,
    process::{Command, Output},
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use jiff::Timestamp;
use tempfile::TempDir;
use tocsin::{
    decode::wire::{
        envelope,
        monitoring::{Ap, MonitoringInformation, Status},
        security::{RapidsStreamingEvent, WidsEvent},
    },
    event::Topic,
};

pub const DAY: &str = "2026-11-24";

/// `8:00` or `8:00:01` of the day.
pub fn at(clock: &str) -> Timestamp {
    let clock = if clock.matches(':').count() == 1 { format!("{clock}:00") } else { clock.to_owned() };
    format!("{DAY}T{clock:0>8}Z").parse().unwrap()
}

/// An attack, by the sender's account at that time.
pub fn attack(said: Timestamp) -> Vec<u8> {
    attack_on("CN01", said)
}

/// The same, on this access point.
pub fn attack_on(ap: &str, said: Timestamp) -> Vec<u8> {
    let wids = WidsEvent {
        attack_type: Some(b"detect_ap_spoofing".to_vec()),
        detected_ap: Some(ap.as_bytes().to_vec()),
        ..WidsEvent::default()
    };
    let message = RapidsStreamingEvent { cust_id: Some(b"c".to_vec()), ids_event: vec![wids], ..Default::default() };
    envelope(Topic::Security, "c", said.as_nanosecond() as i64, &message)
}

/// An access point is up or down.
pub fn ap(status: Status, said: Timestamp) -> Vec<u8> {
    let ap = Ap { serial: Some(b"CN01".to_vec()), status: Some(status.into()), ..Default::default() };
    let message = MonitoringInformation { customer_id: Some(b"c".to_vec()), aps: vec![ap], ..Default::default() };
    envelope(Topic::Monitoring, "c", said.as_nanosecond() as i64, &message)
}

/// A line of a log.
pub fn line(received: Timestamp, frame: &[u8]) -> String {
    format!("{{\"frame\": \"{}\", \"received\": \"{received}\"}}\n", BASE64_STANDARD.encode(frame))
}

/// A log and rules in a folder of their own.
pub struct Case {
    folder: TempDir,
    pub log: String,
}

impl Case {
    /// With these rules, by name and text.
    pub fn new(rules: &[(&str, &str)]) -> Self {
        let case = Self { folder: tempfile::tempdir().unwrap(), log: String::new() };
        let place = case.folder.path().join("rules");
        fs::create_dir_all(&place).unwrap();
        for (name, text) in rules {
            fs::write(place.join(format!("{name}.rhai")), text).unwrap();
        }
        case
    }

    /// An occurrence rule on attacks, with these constants.
    pub fn occurrence(constants: &str) -> Self {
        let text = format!(
            "//! Attack\nconst ON = \"security.wids\";\n{constants}\nfn when(event) {{ event.attack_type.contains(\"spoofing\") }}\n"
        );
        Self::new(&[("attack", &text)])
    }

    /// A state rule on access points, with these constants.
    pub fn state(constants: &str) -> Self {
        let text = format!(
            "//! Down\nconst ON = \"monitoring.ap\";\n{constants}\nfn when(event) {{ event.status == \"DOWN\" }}\n\
             fn resolved(event) {{ event.status == \"UP\" }}\nfn key(event) {{ event.serial }}\n"
        );
        Self::new(&[("down", &text)])
    }

    /// An attack is received.
    pub fn matches(mut self, clock: &str) -> Self {
        self.log += &line(at(clock), &attack(at(clock)));
        self
    }

    /// The access point goes down or comes up.
    pub fn ap(mut self, clock: &str, status: Status) -> Self {
        self.log += &line(at(clock), &ap(status, at(clock)));
        self
    }

    /// Runs the command on the log.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let log = self.folder.path().join("log.jsonl");
        fs::write(&log, &self.log).unwrap();
        self.command(log.to_str().unwrap(), arguments).output().unwrap()
    }

    /// The command on another log.
    pub fn command(&self, log: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
        command.args(["replay", log, "--rules"]).arg(self.folder.path().join("rules")).args(arguments);
        command
    }

    /// What the command prints, as `8:00:00 fired`; it finds nothing wrong.
    pub fn story(&self, arguments: &[&str]) -> Vec<String> {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
        story(&output)
    }
}

/// The lines of an output, as `8:00:00 fired`.
pub fn story(output: &Output) -> Vec<String> {
    let mut story = Vec::new();
    for line in String::from_utf8(output.stdout.clone()).unwrap().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        let word = |name: &str| line[name].as_str().unwrap().to_owned();
        let clock = word("time").trim_start_matches(&format!("{DAY}T")).trim_end_matches('Z').to_owned();
        let mut told = format!("{} {}", clock.trim_start_matches('0'), word("change"));
        if !word("reason").is_empty() {
            let _ = write!(told, " {}", word("reason"));
        }
        story.push(told);
    }
    story
}
