//! Accounts, keys, connections and what they are up to.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::Millis;
use crate::event::Topic;

/// An account as the window's form has it.
#[derive(Clone, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AccountDraft {
    /// Beside the accounts that there are, in place of the one that is listened to.
    #[serde(default)]
    pub add: bool,
    /// What it is called; empty: by its host.
    #[serde(default)]
    pub name: String,
    pub endpoint: String,
    /// None: the key that is already held.
    pub key: Option<String>,
    pub keep: KeyPlace,
    pub topics: Vec<Topic>,
    /// Certificates (PEM) of a private CA to trust for this host beside the system's.
    pub authority: Option<String>,
    /// Without one: goes on trusting the one of the account that is changed, as long as its host is the same.
    #[serde(default)]
    pub keep_authority: bool,
    /// The user agreed to send the key to a host that is not Central's.
    pub host_confirmed: bool,
}

impl std::fmt::Debug for AccountDraft {
    /// Without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AccountDraft")
            .field("endpoint", &self.endpoint)
            .field("topics", &self.topics)
            .finish_non_exhaustive()
    }
}

/// Where the key is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum KeyPlace {
    Keyring,
    /// In memory until Tocsin ends.
    ThisRun,
}

/// A pasted endpoint, understood.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EndpointRead {
    /// `host` or `host:port`.
    pub host: String,
    /// Whether it is one of Central's own hosts; if not, the user is asked before a key is sent there.
    pub is_central: bool,
}

/// A pasted key, read.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KeyRead {
    pub customer: String,
    pub made: Millis,
    pub works_until: Millis,
    pub expired: bool,
}

/// A pasted private CA, read.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AuthorityRead {
    pub subject: String,
    /// SHA-256 in hex with colons.
    pub fingerprint: String,
    pub valid_until: Millis,
}

/// A step of a connection test.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TestStep {
    pub step: TestStage,
    /// In `topics`, the one this is about; none for the step as a whole.
    pub topic: Option<Topic>,
    pub state: StepState,
    /// What it found: an address, a date, a customer.
    pub found: String,
    pub millis: u32,
    pub problem: Option<ProblemInfo>,
}

/// The steps of a connection test, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum TestStage {
    Name,
    Line,
    Key,
    Topics,
    FirstMessage,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum StepState {
    Running,
    Good,
    Failed,
    /// Not tried, because an earlier step failed.
    Skipped,
}

/// Why a connection is not live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ProblemInfo {
    pub code: String,
    /// What happened and what it means.
    pub message: String,
    /// The other side's own words, made inert; may be empty.
    pub said: String,
    /// What to do, in order.
    pub steps: Vec<String>,
}

/// One of the accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AccountRow {
    pub id: String,
    /// What it is called: by its host, unless it was given a name.
    pub name: String,
    pub endpoint: String,
}

/// What is being listened to.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AccountInfo {
    /// What it was called; empty: by its host.
    pub name: String,
    pub endpoint: String,
    pub topics: Vec<Topic>,
    pub authority: Option<AuthorityRead>,
    pub key_place: KeyPlace,
}

/// How things stand, in one picture: rail, status bar, strips, tray.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Status {
    pub topics: Vec<TopicStatus>,
    pub key: Option<KeyStatus>,
    pub firing: Counts,
    pub acknowledged: u32,
    pub events_per_minute: f64,
    /// Frames that could not be read, since Tocsin started.
    pub rejected: u32,
    /// Messages that were let go because more came than could be stored, since Tocsin started.
    pub let_go: u32,
    /// Events that were not drawn by Live, since it was opened.
    pub not_drawn: u32,
    pub snoozed_until: Option<Millis>,
    /// Why pop-ups cannot be shown, when they cannot.
    pub popups: Option<ProblemInfo>,
    /// Why events cannot be stored, when they cannot.
    pub storage: Option<ProblemInfo>,
    pub rules_paused: u32,
    pub rules_broken: u32,
    pub rules_on: u32,
}

/// Firing alerts by severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Counts {
    pub critical: u32,
    pub warning: u32,
    pub info: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TopicStatus {
    pub topic: Topic,
    pub phase: TopicPhase,
    pub since: Millis,
    /// When the next try is due, while backing off.
    pub retry_at: Option<Millis>,
    pub tries: u32,
    pub problem: Option<ProblemInfo>,
    pub last_event: Option<Millis>,
    /// Events a minute over the last minute.
    pub rate: f64,
    /// Events in each of the last 60 minutes, oldest first, the last of them under way; none: not counted then.
    pub minutes: Vec<Option<u32>>,
    /// When the record of this topic begins, if that is within the last 24 h: before it there is nothing to say.
    pub begun: Option<Millis>,
    /// Stretches of the last 24 h in which this topic was not heard, oldest first.
    pub gaps: Vec<Gap>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum TopicPhase {
    Off,
    Connecting,
    Listening,
    Reconnecting,
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Gap {
    pub from: Millis,
    /// None: it goes on.
    pub to: Option<Millis>,
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct KeyStatus {
    pub customer: String,
    pub made: Millis,
    pub works_until: Millis,
    /// When Tocsin asks for the next one.
    pub renews: Millis,
    pub place: KeyPlace,
    /// What is wrong with the key or the keyring, when something is.
    pub problem: Option<ProblemInfo>,
}
