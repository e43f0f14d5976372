//! The pipeline's thread: append and commit, evaluate, commit what came of it, tell.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use jiff::Timestamp;
use tokio::{
    runtime::Handle,
    sync::{broadcast, mpsc},
};

use super::{
    engine::{Engine, Step},
    notifier::Order,
    told::{Input, Problem, Told},
    view::{self, RulesView},
};
use crate::{
    alert::{AlertRecord, ChangeKind},
    clock::Clock,
    event::{Event, Topic},
    store::{Control, Count, Coverage, CoverageReason, Delivery, Outcome, Row, RowBody, Store, StoreError},
};

/// How many inputs are taken into one commit at most.
const BATCH: usize = 1_000;
/// How many rows are evaluated between two commits while catching up.
const CATCH_UP: usize = 500;
/// How long to wait before writing again after the disk refused.
const RETRY: Duration = Duration::from_secs(1);

/// All the thread owns.
pub(super) struct Worker {
    pub store: Store,
    pub engine: Engine,
    pub clock: Clock,
    pub runtime: Handle,
    pub input: mpsc::Receiver<Input>,
    pub told: broadcast::Sender<Told>,
    pub orders: std::sync::mpsc::Sender<Order>,
    pub view: RulesView,
    pub storage_trouble: bool,
}

/// What a batch of inputs asks for.
#[derive(Default)]
struct Batch {
    rows: Vec<RowBody>,
    received: BTreeMap<Topic, u64>,
    shown: Vec<(i64, Result<(), String>)>,
    stop: bool,
}

impl Worker {
    /// Evaluates what an earlier run accepted and did not get to, and shows what it owed.
    pub fn catch_up(&mut self) -> Result<(), StoreError> {
        loop {
            let rows = self.store.rows_after(self.store.cursor(), CATCH_UP)?;
            if rows.is_empty() {
                break;
            }
            self.evaluate(&rows, Vec::new())?;
        }
        for owed in self.store.owed()? {
            let _ = self.orders.send(Order::Ring(owed));
        }
        Ok(())
    }

    /// Appends these rows as of `now` and evaluates them.
    pub fn take(&mut self, rows: Vec<RowBody>, now: Timestamp) -> Result<(), StoreError> {
        let rows = self.store.append(rows, now)?;
        self.evaluate(&rows, Vec::new())
    }

    /// Runs until told to stop.
    pub fn run(mut self) {
        loop {
            let batch = self.next_batch();
            let stop = batch.stop;
            self.persist(batch);
            if stop {
                return;
            }
        }
    }

    /// Waits for inputs, or until a timer is due: then time itself is the row.
    fn next_batch(&mut self) -> Batch {
        let mut batch = Batch::default();
        let first = match self.engine.next_deadline() {
            Some(deadline) => {
                let wait = Duration::try_from(deadline.duration_since(self.clock.now())).unwrap_or(Duration::ZERO);
                let (runtime, clock) = (self.runtime.clone(), self.clock);
                runtime.block_on(async { clock.timeout(wait, self.input.recv()).await })
            }
            None => Some(self.input.blocking_recv()),
        };
        match first {
            None => batch.rows.push(RowBody::Tick),
            Some(None) => batch.stop = true,
            Some(Some(input)) => self.sort(input, &mut batch),
        }
        while batch.rows.len() < BATCH && !batch.stop {
            match self.input.try_recv() {
                Ok(input) => self.sort(input, &mut batch),
                Err(_) => break,
            }
        }
        if batch.stop {
            let heard: Vec<Topic> = Topic::ALL.into_iter().filter(|topic| self.hears(*topic)).collect();
            batch.rows.extend(heard.into_iter().map(not_running));
        }
        batch
    }

    fn sort(&self, input: Input, batch: &mut Batch) {
        match input {
            Input::Frame { topic, bytes } => {
                *batch.received.entry(topic).or_default() += 1;
                batch.rows.push(RowBody::Frame { topic, bytes });
            }
            Input::Coverage { topic, heard, reason, detail } => {
                batch.rows.push(RowBody::Coverage(Coverage { topic, heard, reason, detail }));
            }
            Input::Control(control) => batch.rows.push(RowBody::Control(control)),
            Input::Rules(folder) => {
                if self.engine.ruling().differs(&folder) {
                    batch.rows.push(RowBody::Control(folder.control(self.engine.rules())));
                }
            }
            Input::Shown { owed, result } => batch.shown.push((owed, result)),
            Input::Stop => batch.stop = true,
        }
    }

    /// Stores and evaluates, again and again while the disk refuses: nothing that was taken in is dropped, and the
    /// full channel behind it holds the connections back.
    fn persist(&mut self, mut batch: Batch) {
        for (owed, result) in std::mem::take(&mut batch.shown) {
            self.shown(owed, result);
        }
        let counts: Vec<Count> = batch
            .received
            .iter()
            .map(|(topic, by)| Count { name: "received", label: topic.name().to_owned(), by: *by })
            .collect();
        if batch.rows.is_empty() {
            return;
        }
        loop {
            // A batch is kept whole until it is stored.
            match self.store.append(batch.rows.clone(), self.clock.now()) {
                Ok(rows) => {
                    self.storage(None);
                    return self.evaluate_until_stored(&rows, counts);
                }
                Err(error) => self.storage(Some(&error)),
            }
            if batch.stop {
                return;
            }
            let (runtime, clock) = (self.runtime.clone(), self.clock);
            runtime.block_on(clock.sleep(RETRY));
        }
    }

    fn evaluate_until_stored(&mut self, rows: &[Row], counts: Vec<Count>) {
        if let Err(error) = self.evaluate(rows, counts) {
            self.storage(Some(&error));
        }
    }

    /// Evaluates committed rows and commits what came of them in one transaction.
    fn evaluate(&mut self, rows: &[Row], mut counts: Vec<Count>) -> Result<(), StoreError> {
        let Some(last) = rows.last() else { return Ok(()) };
        let mut all = Step::default();
        let mut rejected = Vec::new();
        for row in rows {
            let step = self.engine.row(row);
            all.changes.extend(step.changes);
            all.events.extend(step.events);
            all.troubles.extend(step.troubles);
            all.runaways.extend(step.runaways);
            all.rules_changed |= step.rules_changed;
            if let Some((topic, error)) = step.rejected {
                tracing::warn!(seq = row.seq, %topic, code = error.code, "a frame could not be read: {}", error.message);
                counts.push(Count { name: "rejected", label: error.code.to_owned(), by: 1 });
                rejected.push((topic, error.code));
            }
        }
        for trouble in &all.troubles {
            let name = if trouble.fault { "failed" } else { "cannot-tell" };
            counts.push(Count { name, label: trouble.rule.to_string(), by: 1 });
        }
        let saved = self.engine.lifecycle_mut().take_saved();
        let outcome = Outcome { cursor: last.seq, changes: all.changes, saved, counts };
        self.commit(&outcome)?;
        self.tell(outcome, all.events, rejected, all.rules_changed);
        self.tell_rows(rows);
        for trouble in all.troubles {
            let _ = self.told.send(Told::Trouble(trouble));
        }
        self.pause(all.runaways)
    }

    /// Commits an outcome, again and again while the disk refuses: the engine has moved on and cannot go back.
    fn commit(&mut self, outcome: &Outcome) -> Result<(), StoreError> {
        let mut tries = 0;
        let owed = loop {
            match self.store.commit_outcome(outcome) {
                Ok(owed) => break owed,
                Err(error) if tries < 3600 => {
                    tries += 1;
                    self.storage(Some(&error));
                    let (runtime, clock) = (self.runtime.clone(), self.clock);
                    runtime.block_on(clock.sleep(RETRY));
                }
                Err(error) => return Err(error),
            }
        };
        self.storage(None);
        for owed in owed {
            let _ = self.orders.send(Order::Ring(owed));
        }
        for change in &outcome.changes {
            let over = matches!(
                change.change,
                ChangeKind::Resolved | ChangeKind::Acknowledged | ChangeKind::Snoozed | ChangeKind::Dropped
            );
            if over {
                let _ = self.orders.send(Order::Hush(change.alert.clone()));
            }
        }
        Ok(())
    }

    fn tell(
        &mut self,
        outcome: Outcome,
        events: Vec<Event>,
        rejected: Vec<(Topic, &'static str)>,
        rules_changed: bool,
    ) {
        if rules_changed {
            view::publish(&self.view, &self.engine);
            let _ = self.told.send(Told::Rules);
        }
        for (topic, code) in rejected {
            let _ = self.told.send(Told::Rejected { topic, code });
        }
        if !outcome.changes.is_empty() || !outcome.saved.records.is_empty() {
            let alerts: Arc<[AlertRecord]> = outcome.saved.records.into();
            let _ = self.told.send(Told::Changes { changes: outcome.changes.into(), alerts });
        }
        // After the alerts, so that who shows the events knows which of them raised one.
        if !events.is_empty() {
            let _ = self.told.send(Told::Events(events.into()));
        }
    }

    /// Tells what some rows say by themselves.
    fn tell_rows(&self, rows: &[Row]) {
        for row in rows {
            let told = match &row.body {
                RowBody::Coverage(coverage) => Told::Coverage { at: row.received, coverage: coverage.clone() },
                RowBody::Control(Control::Snooze { alert: None, .. }) => {
                    Told::SnoozedAll(self.engine.lifecycle().snoozed_all())
                }
                _ => continue,
            };
            let _ = self.told.send(told);
        }
    }

    /// Pauses the rules that ran away, each by a row, so that a replay pauses them at the same place.
    fn pause(&mut self, runaways: Vec<super::engine::Runaway>) -> Result<(), StoreError> {
        let mut pauses: Vec<RowBody> = Vec::new();
        let mut seen: Vec<Arc<str>> = Vec::new();
        for runaway in runaways {
            if seen.contains(&runaway.rule) {
                continue;
            }
            seen.push(runaway.rule.clone());
            tracing::warn!(rule = %runaway.rule, until = %runaway.until, "a rule ran away and is paused: {}", runaway.reason);
            pauses.push(RowBody::Control(Control::RulePaused {
                rule: runaway.rule,
                until: Some(runaway.until),
                reason: runaway.reason.into(),
            }));
        }
        if pauses.is_empty() { Ok(()) } else { self.take(pauses, self.clock.now()) }
    }

    fn shown(&mut self, owed: i64, result: Result<(), String>) {
        let trouble = result.as_ref().err().map(|reason| Arc::from(reason.as_str()));
        let delivery = match result {
            Ok(()) => Delivery::Sent,
            Err(reason) => Delivery::Failed(reason),
        };
        if let Err(error) = self.store.delivered(owed, &delivery, self.clock.now()) {
            self.storage(Some(&error));
        }
        let _ = self.told.send(Told::Popups(trouble));
    }

    fn storage(&mut self, error: Option<&StoreError>) {
        if error.is_some() != self.storage_trouble {
            self.storage_trouble = error.is_some();
            if let Some(error) = error {
                tracing::error!("{error}");
            } else {
                tracing::info!("the database can be written again");
            }
            let problem = error.map(|error| Problem { code: error.code(), message: error.to_string().into() });
            let _ = self.told.send(Told::Storage(problem));
        }
    }

    fn hears(&self, topic: Topic) -> bool {
        self.engine.lifecycle().deaf().all(|deaf| deaf != topic)
    }
}

/// The row that says that from here on nobody listens.
pub(super) fn not_running(topic: Topic) -> RowBody {
    RowBody::Coverage(Coverage { topic, heard: false, reason: CoverageReason::NotRunning, detail: String::new() })
}
