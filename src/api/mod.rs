//! What the window can ask of the engine, and what the engine tells it: typed, without a transport.
//!
//! The shell passes a [`Request`] in and a [`Response`] out, and forwards each [`Push`]; `ui/src/host` mirrors the
//! types, generated from here by ts-rs.

mod alerts;
mod app;
mod backtest;
mod cases;
mod connections;
mod error;
mod events;
mod history;
mod quiet;
mod rules;
mod settings;
mod through;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

pub use alerts::*;
pub use app::{AccountPlace, App, AppOptions, History, Unwritten, account_place, export_alerts, ruling, settings};
pub use backtest::*;
pub use cases::*;
pub use connections::*;
pub use events::*;
pub use history::*;
pub use quiet::*;
pub use rules::*;
pub use settings::*;
pub use through::*;

use crate::{
    alert::{Matchers, Noise, Verdict},
    diagnostic::Diagnostic,
    event::Topic,
};

/// A moment, in milliseconds since the epoch: what a window reckons in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[ts(export, type = "number")]
pub struct Millis(pub i64);

impl From<Timestamp> for Millis {
    fn from(time: Timestamp) -> Self {
        Self(time.as_millisecond())
    }
}

/// What the window asks. Each is answered by the [`Response`] named beside it.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Request {
    /// Everything a window needs to draw its first picture → `State`.
    State,

    /// Normalise what was pasted → `Endpoint`.
    ReadEndpoint { endpoint: String },
    /// Read a pasted key → `Key`. Nothing is sent or stored.
    ReadKey { key: String },
    /// Read a pasted private CA (PEM) → `Authority`.
    ReadAuthority { pem: String },
    /// Try an account → `Done`; each step comes as `Push::TestStep`. A running test is stopped first.
    TestConnection { draft: AccountDraft },
    /// → `Done`.
    StopTest,
    /// Save the account and listen → `State`.
    Connect { draft: AccountDraft },
    /// Listen to another of the accounts → `State`.
    SwitchAccount { id: String },
    /// Forget an account, its key and its log; if it is listened to, the next in the list is from then on → `State`.
    ForgetAccount { id: String },
    /// → `State`.
    StartDemo,
    /// Back to the account, or to the first run → `State`.
    LeaveDemo,
    /// Turn a topic on or off → `Done`.
    SetTopic { topic: Topic, on: bool },
    /// Try a refused or waiting topic now → `Done`.
    Retry { topic: Topic },
    /// → `Done`.
    ReconnectAll,
    /// Ask Central for the key that is valid now → `Done`; the answer shows in the next status.
    AskForKey,
    /// → `Done`.
    ReplaceKey { key: String, keep: KeyPlace },

    /// → `Alerts`.
    Alerts { tab: AlertTab, text: String, limit: u32 },
    /// → `Alert`.
    Alert { id: String },
    /// Alerts of the past behind that one (none: from the latest) → `History`.
    History { query: HistoryQuery, after: Option<String>, limit: u32 },
    /// How many there are, and when → `HistoryOverview`.
    HistoryOverview { query: HistoryQuery },
    /// Is this a filter of the history? → `Findings`, empty when it is.
    CheckHistoryFilter { filter: String },
    /// Write them to a new file, with times in UTC or in the operator's zone → `Exported`.
    ExportHistory { query: HistoryQuery, format: ExportFormat, utc: bool },
    /// → `Done`.
    Acknowledge { ids: Vec<String> },
    /// → `Done`.
    Unacknowledge { ids: Vec<String> },
    /// No pop-ups of these alerts for so long; 0 ends a snooze → `Done`.
    Snooze { ids: Vec<String>, minutes: u32 },
    /// These alerts, over or not, were useful or noise; none: that is taken back → `Done`.
    Judge { ids: Vec<String>, verdict: Option<Verdict> },
    /// No pop-ups at all for so long; 0 ends it → `Done`.
    SnoozeAll { minutes: u32 },

    /// The silences in force → `Silences`.
    Silences,
    /// What such a silence would have hidden in the past week → `SilencePreview`.
    PreviewSilence { matchers: Matchers },
    /// Show no pop-ups of what matches for so long, for a reason → `Done`; `Push::SilencesChanged` follows.
    Silence { matchers: Matchers, minutes: u32, comment: String },
    /// → `Done`; `Push::SilencesChanged` follows.
    EndSilence { id: String },
    /// What such settings would have done with the past week's pop-ups → `NoisePreview`.
    PreviewNoise { noise: Noise },
    /// Where every match went → `PopupAccount`.
    PopupAccount,

    /// Follow the events that pass the filter (empty: all) → `Live` with the latest; more come as `Push::Live`.
    Follow { filter: String },
    /// Stop sending live events → `Done`.
    Unfollow,
    /// Is this a filter? → `Findings`, empty when it is.
    CheckFilter { filter: String },
    /// → `Event`.
    Event { id: String },
    /// Events of the log of these kinds or topics (none: all) that pass a filter, newest first, before that one (none:
    /// the latest) → `Events`.
    Events { on: Vec<String>, filter: String, before: Option<String>, limit: u32 },

    /// → `Rules`.
    Rules,
    /// → `Rule`.
    Rule { name: String },
    /// Check a text as the rule of that name, without saving → `Findings`.
    CheckRule { name: String, text: String },
    /// What to write in the place of a finding of that text → `Fix`.
    FixRule { name: String, text: String, finding: Diagnostic },
    /// Save unless the file is no longer what `base` says (the hash the editor began from; none for a new file) →
    /// `Saved` or `Conflict`.
    SaveRule { name: String, text: String, base: Option<String> },
    /// Save the cases beside a rule unless the file is no longer what `base` says (none: there was none); an empty text
    /// takes the file away → `Saved` or `Conflict`.
    SaveCases { name: String, text: String, base: Option<String> },
    /// Run these cases of this rule, both as they stand in the editor → `CasesRun`.
    RunCases { name: String, text: String, cases: String },
    /// Add a case made of an event of the log, expecting what the rule does with it → `Cases`.
    CaseFromEvent { name: String, text: String, cases: String, event: String },
    /// Add a case made of the events that raised an alert, expecting what was said of it: nothing of noise, that it fires
    /// of a useful one, else what the rule does now → `AlertCase`. It takes some seconds at most.
    CaseFromAlert { name: String, text: String, cases: String, alert: String },
    /// Let the case that begins at that line expect what the rule does now → `Cases`.
    ExpectNow { name: String, text: String, cases: String, line: u32 },
    /// → `Done`.
    EnableRule { name: String, on: bool },
    /// Delete the file and its cases → `Deleted`, with the texts for an undo.
    DeleteRule { name: String },
    /// Bring back what was deleted → `Saved`.
    RestoreRule { name: String, text: String, cases: Option<String> },
    /// Why the rule, as it is now, does what it does with an event of the log; what it remembers is what the log held
    /// before → `Explanation`.
    Explain {
        rule: String,
        event: String,
        /// The rule as it stands in the editor, in the place of its file.
        text: Option<String>,
    },
    /// Try a text as the rule of that name on a stretch of the log (no `from`: from its first row, no `to`: to its last),
    /// beside the version that is saved → `Done`, or an error that says why it cannot be tried. What comes of it is
    /// pushed as `Push::Backtest` under the number `run`. One that still runs is stopped first.
    Backtest { run: u32, rule: String, text: String, from: Option<Millis>, to: Option<Millis> },
    /// How many events of a stretch of the log each clause of a text lets through, as the rule of that name → `LetThrough`,
    /// or an error: `stopped` when a backtest was begun, or it was asked again. One that still runs is stopped first.
    LetThrough { rule: String, text: String, from: Option<Millis>, to: Option<Millis> },
    /// Stop the backtest that runs, which ends with what it has, and what counts clauses → `Done`.
    StopBacktest,
    /// → `Done`.
    RenameRule { name: String, to: String },
    /// Let a paused rule run again now → `Done`.
    ResumeRule { name: String },
    /// The lists that rules may ask → `Lists`.
    Lists,
    /// → `List`.
    List { name: String, csv: bool },
    /// Save unless the file is no longer what `base` says (none: a new list) → `Saved` or `Conflict`.
    SaveList { name: String, csv: bool, text: String, base: Option<String> },
    /// → `Deleted`, with the text for an undo.
    DeleteList { name: String, csv: bool },
    /// → `Templates`.
    Templates,
    /// A rule to begin with, made of an event of the log, with a case of it → `Template`.
    RuleFromEvent { event: String },
    /// Kinds, fields, functions, lists: what completion offers → `Vocabulary`.
    Vocabulary,
    /// The values that a field had in the latest events of these kinds or topics (none: all) → `Seen`.
    Seen { on: Vec<String>, field: String },

    /// → `Done`.
    SaveSettings { settings: Settings },
    /// How much is stored → `Storage`.
    Storage,
    /// Write what helps to find a fault to a new file, without secrets → `Written`.
    SaveDiagnostics,
    /// Show a real pop-up → `Done`, or an error that says why none can be shown.
    TestNotification,

    /// Answered by the shell: tray, start at login → `Shell`.
    Shell,
    /// Answered by the shell → `Shell`.
    StartAtLogin { on: bool },
    /// Answered by the shell: show a folder in the system's file view → `Done`.
    OpenFolder { folder: Folder },
    /// Answered by the shell → `Done`.
    Quit,
}

/// A folder the window can ask to be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Folder {
    Data,
    Rules,
    /// Where exported files go.
    Exports,
}

/// The answer to a [`Request`].
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // one at a time, and soon written out
pub enum Response {
    Done,
    State(AppState),
    Endpoint(EndpointRead),
    Key(KeyRead),
    Authority(AuthorityRead),
    Alerts(AlertList),
    Alert(AlertDetail),
    History(HistoryPage),
    HistoryOverview(HistoryOverview),
    Exported(Exported),
    Silences(Vec<SilenceRow>),
    SilencePreview(SilencePreview),
    NoisePreview(NoisePreview),
    PopupAccount(PopupAccount),
    Live(LiveBatch),
    Findings(Vec<Diagnostic>),
    Event(EventDetail),
    Events(Vec<EventRow>),
    CasesRun(CasesRun),
    /// The text of cases.
    Cases(String),
    AlertCase(AlertCase),
    Rules(Vec<RuleRow>),
    Rule(RuleDetail),
    Saved {
        hash: String,
    },
    Conflict {
        theirs: String,
        hash: String,
    },
    Deleted {
        text: String,
        cases: Option<String>,
    },
    Explanation(Explained),
    LetThrough(LetThrough),
    Templates(Vec<Template>),
    Template(Template),
    Lists(Vec<ListRow>),
    List(ListText),
    Vocabulary(Vocabulary),
    Seen(SeenValues),
    /// None: nothing is sure to mend it.
    Fix(Option<String>),
    Storage(StorageUsed),
    /// The path of a file.
    Written(String),
    Shell(ShellState),
}

/// A request that could not be carried out: what happened and what to do, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ApiError {
    /// Stable, such as `no-daemon` or `keyring-locked`.
    pub code: String,
    pub message: String,
    /// What to do; may be empty.
    pub help: String,
}

/// What the engine tells an open window without being asked.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(tag = "type", content = "value", rename_all = "snake_case")]
#[allow(clippy::large_enum_variant)] // a status a second; the others are no smaller once boxed
pub enum Push {
    /// At most once a second, when something in it changed.
    Status(Status),
    /// These alerts are new or changed.
    Alerts(Vec<AlertRow>),
    Live(LiveBatch),
    /// The rules or their states changed: ask again.
    RulesChanged,
    /// Silences began or ended, or quiet hours changed: ask again.
    SilencesChanged,
    TestStep(TestStep),
    /// How the backtest that was asked for gets on.
    Backtest(BacktestNews),
    /// Show this alert: its pop-up was clicked.
    OpenAlert {
        id: String,
        /// The id of its account, if that is not the one that is listened to: its log cannot be asked now.
        account: Option<String>,
    },
    /// The mode, the account or the settings changed: ask for `State` again.
    StateChanged,
}

/// A window's first picture.
#[derive(Clone, Debug, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AppState {
    pub version: String,
    pub mode: Mode,
    /// What is being listened to; none on the first run.
    pub account: Option<AccountInfo>,
    /// All accounts that are set up, in the order in which they were added.
    pub accounts: Vec<AccountRow>,
    /// The id of the one that is listened to; none in the demo and on the first run.
    pub active: Option<String>,
    pub settings: Settings,
    pub status: Status,
    /// Where settings, rules and the log of the first account lie; those of others are below it.
    pub data_folder: String,
    pub rules_folder: String,
}

/// What the app is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    FirstRun,
    Demo,
    Account,
}
