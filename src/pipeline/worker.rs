//! The pipeline's thread: append and commit, evaluate, commit what came of it, tell.

use std::{
    collections::BTreeMap,
    sync::{Arc, atomic::AtomicBool},
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    runtime::Handle,
    sync::{broadcast, mpsc, oneshot},
};

use super::{
    Parts,
    awake::{Awake, LOOK_EVERY, Waking},
    begin::Renewals,
    cache::Cache,
    engine::{Engine, Step},
    keeper::{Keeper, Kept},
    listening,
    notifier::{Notifier, Shown},
    recall,
    told::{Frame, Input, Told},
    view::{self, RulesView},
};
use crate::{
    alert::{AlertRecord, Lifecycle},
    clock::Clock,
    event::Topic,
    store::{Control, Count, Coverage, CoverageReason, Delivery, Outcome, Row, RowBody, Store, StoreError},
};

/// How many inputs are taken into one commit at most.
const BATCH: usize = 1_000;
/// How many rows are evaluated between two commits while catching up.
const CATCH_UP: usize = 500;
/// How long the end waits to hear what became of pop-ups under way.
const FAREWELL: Duration = Duration::from_secs(2);

/// All the thread owns.
pub(super) struct Worker {
    /// Ends before the store does.
    pub keeper: Option<Keeper>,
    /// How much of the log is kept.
    pub kept: Kept,
    pub store: Store,
    pub engine: Engine,
    pub clock: Clock,
    pub runtime: Handle,
    pub input: mpsc::Receiver<Input>,
    pub told: broadcast::Sender<Told>,
    pub notifier: Notifier,
    pub view: RulesView,
    pub storage_trouble: bool,
    /// The rows of an earlier run are being evaluated: what they owe is shown at their end, each pop-up once.
    pub catching_up: bool,
    /// Nobody has been told yet that the pipeline runs.
    pub starting: bool,
    /// Somebody waits for the end: what the disk refuses is not tried for ever.
    pub stopping: Arc<AtomicBool>,
    /// What of the rules' memory is on disk.
    pub cache: Cache,
    /// The last row that the engine was given.
    pub evaluated: u64,
    /// When this thread was last known to be awake.
    pub awake: Awake,
    /// What it found asleep and has not heard of since.
    pub waking: Waking,
    /// What was last said of each topic, as the rows have it.
    pub heard: BTreeMap<Topic, Coverage>,
    /// The database was found damaged, where nothing could be done about it yet.
    pub damaged: Option<String>,
    pub renewals: Renewals,
}

/// What a batch of inputs asks for.
#[derive(Default)]
struct Batch {
    rows: Vec<RowBody>,
    /// Why nobody listens after it, if it is the last.
    stop: Option<CoverageReason>,
    /// What comes next depends on what comes of this.
    closed: bool,
    /// Those who wait until it is stored and evaluated.
    asked: Vec<oneshot::Sender<()>>,
}

/// What ended a wait.
enum Woke {
    Due,
    /// Nothing, for a while.
    Look,
    /// `None`: nobody is left to give any.
    Input(Option<Input>),
    /// `None`: the notifier has ended.
    Shown(Option<Shown>),
}

impl Worker {
    /// One that has not begun yet.
    pub fn new(store: Store, clock: Clock, parts: Parts) -> Self {
        Self {
            keeper: None,
            kept: parts.kept,
            store,
            engine: Engine::new(Lifecycle::new()),
            clock,
            runtime: parts.runtime,
            input: parts.received,
            told: parts.told,
            notifier: parts.notifier,
            view: parts.view,
            storage_trouble: false,
            catching_up: false,
            starting: true,
            stopping: parts.stopping,
            cache: Cache::default(),
            evaluated: 0,
            awake: Awake::now(clock),
            waking: Waking::none(),
            heard: BTreeMap::new(),
            damaged: None,
            renewals: Renewals::none(),
        }
    }

    /// Evaluates what an earlier run accepted and did not get to, and shows what it owed.
    pub fn catch_up(&mut self) -> Result<(), StoreError> {
        self.catching_up = true;
        loop {
            let rows = self.store.rows_after(self.store.cursor(), CATCH_UP)?;
            if rows.is_empty() {
                break;
            }
            self.evaluate(&rows)?;
        }
        self.catching_up = false;
        self.remember();
        let owed = self.store.owed()?;
        self.notifier.ring(owed);
        Ok(())
    }

    /// Appends these rows as of `now` and evaluates them.
    pub fn take(&mut self, rows: Vec<RowBody>, now: Timestamp) -> Result<(), StoreError> {
        let rows = self.store.append(rows, now)?;
        self.evaluate(&rows)
    }

    /// Runs until told to stop.
    ///
    /// # Errors
    /// [`StoreError::Ruined`]: it ends by itself.
    pub fn run(mut self) -> Result<(), StoreError> {
        let worked = self.work();
        if let Err(error) = &worked {
            self.storage(Some(error));
            self.doubt(error);
        }
        self.farewell();
        match worked {
            Err(error @ StoreError::Ruined { .. }) => Err(error),
            // The disk refused, and somebody waits for the end.
            _ => Ok(()),
        }
    }

    fn work(&mut self) -> Result<(), StoreError> {
        loop {
            let damage = self.damaged.take().or_else(|| self.keeper.as_ref().and_then(Keeper::found_damaged));
            if let Some(said) = damage {
                self.begin_anew(&said)?;
            }
            let mut batch = self.next_batch();
            let stop = batch.stop;
            // Taken before the look: who falls asleep between the two is found by it, and who does after it has rows of
            // before.
            let now = self.clock.now();
            self.deaf_in_sleep()?;
            batch.rows.retain(|row| self.waking.is_new(row));
            let asked = std::mem::take(&mut batch.asked);
            self.persist(batch, now)?;
            for asked in asked {
                let _ = asked.send(()); // who waited no longer is told by what changed
            }
            if stop.is_some() {
                return Ok(());
            }
        }
    }

    /// Waits a moment for the pop-ups that are owed: what was shown is not to be shown again at the next start.
    fn farewell(mut self) {
        self.remember();
        let (runtime, clock) = (self.runtime.clone(), self.clock);
        let until = clock.elapsed() + FAREWELL;
        while self.notifier.is_under_way() {
            let left = until.saturating_sub(clock.elapsed());
            match runtime.block_on(async { clock.timeout(left, self.notifier.heard()).await }) {
                Some(Some(shown)) => self.shown(shown),
                Some(None) | None => return,
            }
        }
    }

    /// Waits for inputs, or until a timer is due: then time itself is the row.
    fn next_batch(&mut self) -> Batch {
        let mut batch = Batch::default();
        while let Some(shown) = self.notifier.heard_already() {
            self.shown(shown);
        }
        match self.wait() {
            Woke::Look => return batch,
            Woke::Due => batch.rows.push(RowBody::Tick),
            Woke::Input(Some(input)) => self.sort(input, &mut batch),
            Woke::Input(None) => batch.stop = Some(CoverageReason::NotRunning),
            Woke::Shown(shown) => {
                if let Some(shown) = shown {
                    self.shown(shown);
                }
                return batch;
            }
        }
        while batch.rows.len() < BATCH && batch.stop.is_none() && !batch.closed {
            match self.input.try_recv() {
                Ok(input) => self.sort(input, &mut batch),
                Err(_) => break,
            }
        }
        if let Some(reason) = batch.stop {
            batch.rows.extend(self.no_longer_running(reason));
        }
        batch
    }

    /// Waits for whatever comes first.
    fn wait(&mut self) -> Woke {
        let (runtime, clock) = (self.runtime.clone(), self.clock);
        let left = |deadline: Timestamp| Duration::try_from(deadline.duration_since(clock.now())).unwrap_or_default();
        let due = self.engine.next_deadline().map(left);
        let (input, notifier) = (&mut self.input, &mut self.notifier);
        let rings = notifier.is_under_way();
        runtime.block_on(async {
            let due = async {
                match due {
                    Some(left) => clock.sleep(left).await,
                    None => std::future::pending().await,
                }
            };
            let look = Clock::system();
            tokio::select! {
                biased;
                shown = notifier.heard(), if rings => Woke::Shown(shown),
                input = input.recv() => Woke::Input(input),
                () = due => Woke::Due,
                () = look.sleep(LOOK_EVERY) => Woke::Look,
            }
        })
    }

    fn sort(&self, input: Input, batch: &mut Batch) {
        match input {
            Input::Frame { topic, bytes } => batch.rows.push(RowBody::Frame { topic, bytes }),
            // On the way for the first time: nothing has changed yet, and nothing went wrong.
            Input::Coverage { topic, heard: false, reason: CoverageReason::Disconnected, detail }
                if detail.is_empty() && !self.hears(topic) => {}
            Input::Coverage { topic, heard, reason, detail } => {
                batch.rows.push(RowBody::Coverage(Coverage { topic, heard, reason, detail, missed: 0 }));
            }
            Input::LetGo { topic, missed } => {
                // The end of an overload comes with its beginning: in a batch of its own, so that time is between them.
                batch.closed = true;
                batch.rows.push(RowBody::Coverage(listening::let_go(topic, missed)));
            }
            Input::Control(control) => batch.rows.push(RowBody::Control(control)),
            Input::Asked(control, asked) => {
                batch.rows.push(RowBody::Control(control));
                batch.asked.push(asked);
            }
            Input::Rules(folder) => {
                // What differs, and what is the last good version, is known only when all before has been evaluated:
                // so this is the last row of its batch.
                if self.engine.ruling().differs(&folder) {
                    batch.closed = true;
                    batch.rows.push(RowBody::Control(folder.control(self.engine.rules())));
                }
            }
            Input::Stop(reason) => batch.stop = Some(reason),
        }
    }

    /// If the computer slept, nothing is heard from when it was last awake until the connections say otherwise: that comes
    /// before any row of now, so that no timer runs out in a time in which nobody listened.
    fn deaf_in_sleep(&mut self) -> Result<(), StoreError> {
        if let Some(since) = self.awake.slept(self.clock) {
            let heard: Vec<Topic> = Topic::ALL.into_iter().filter(|topic| self.hears(*topic)).collect();
            let rows = self.waking.begin(heard);
            self.persist_at(&rows, |_| since)?;
        }
        let rows = self.waking.silent();
        self.persist_at(&rows, |clock| clock.now())
    }

    /// Stores and evaluates, again and again while the disk refuses: nothing that was taken in is dropped, and the
    /// full channel behind it holds the connections back.
    ///
    /// # Errors
    /// The disk refuses, and somebody waits for the end. What was stored is evaluated at the next start.
    fn persist(&mut self, batch: Batch, now: Timestamp) -> Result<(), StoreError> {
        let mut now = Some(now);
        self.persist_at(&batch.rows, |clock| now.take().unwrap_or_else(|| clock.now()))
    }

    /// The same, each try stamped with the time that `when` gives of the clock.
    fn persist_at(&mut self, rows: &[RowBody], mut when: impl FnMut(Clock) -> Timestamp) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        // A batch is kept whole until it is stored and evaluated.
        loop {
            match self.store_and_evaluate(rows, &mut when) {
                Err(StoreError::Corrupt { said }) if !self.is_awaited() => self.begin_anew(&said)?,
                persisted => return persisted,
            }
        }
    }

    fn store_and_evaluate(
        &mut self,
        rows: &[RowBody],
        when: &mut impl FnMut(Clock) -> Timestamp,
    ) -> Result<(), StoreError> {
        let rows = self.again_and_again(|worker| worker.store.append(rows.to_vec(), when(worker.clock)))?;
        match self.evaluate(&rows) {
            Err(error) if self.store.cursor() < rows.last().map_or(0, |row| row.seq) => Err(error),
            // A pause that could not be stored: the rule runs away again, and is paused then.
            Err(error) => {
                self.look_into(&error);
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Evaluates committed rows and commits what came of them in one transaction.
    fn evaluate(&mut self, rows: &[Row]) -> Result<(), StoreError> {
        let Some(last) = rows.last() else { return Ok(()) };
        self.evaluated = last.seq;
        let forgotten = self.engine.all_forgotten();
        let mut counts = received(rows);
        let mut all = Step::default();
        let (mut rejected, mut heard) = (Vec::new(), Vec::new());
        for row in rows {
            if let RowBody::Coverage(coverage) = &row.body {
                self.heard.insert(coverage.topic, Coverage { missed: 0, ..coverage.clone() });
            }
            let step = self.engine.row(row);
            self.again_and_again(|worker| recall::warm(&worker.store, &mut worker.engine, row))?;
            if matches!(row.body, RowBody::Control(_)) {
                // New rules go through the log, which may take long.
                self.awake = Awake::now(self.clock);
            }
            all.changes.extend(step.changes);
            heard.extend(told_of(row, step.events));
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
        for (rule, now) in self.engine.all_forgotten() {
            let by = now.saturating_sub(forgotten.get(&rule).copied().unwrap_or_default());
            if by > 0 {
                counts.push(Count { name: "forgotten", label: rule, by });
            }
        }
        let saved = self.engine.lifecycle_mut().take_saved();
        let outcome = Outcome { cursor: last.seq, changes: all.changes, saved, counts };
        self.commit(&outcome)?;
        self.tell(outcome, heard, rejected, all.rules_changed);
        self.tell_rows(rows);
        for trouble in all.troubles {
            let _ = self.told.send(Told::Trouble(trouble));
        }
        if let Some(keeper) = &mut self.keeper {
            keeper.evaluated(rows);
        }
        if !self.catching_up && self.cache.is_due(last.received) {
            self.remember();
        }
        self.pause(all.runaways)
    }

    /// Keeps what the rules remember. If the disk refuses, the log has it all the same.
    fn remember(&mut self) {
        // What could not be committed is evaluated again at the next start.
        if self.evaluated > self.store.cursor() {
            return;
        }
        let now = self.store.last_received();
        if let Err(error) = self.cache.keep(&mut self.store, &mut self.engine, now) {
            tracing::warn!("what rules remember could not be kept, and will be taken from the log: {error}");
            self.look_into(&error);
        }
    }

    /// Commits an outcome, again and again while the disk refuses: the engine has moved on and cannot go back.
    fn commit(&mut self, outcome: &Outcome) -> Result<(), StoreError> {
        let owed = self.again_and_again(|worker| worker.store.commit_outcome(outcome))?;
        if !self.catching_up {
            self.notifier.withdraw(&outcome.changes);
            self.notifier.ring(owed);
            self.notifier.hush(&outcome.changes);
        }
        Ok(())
    }

    fn tell(&mut self, outcome: Outcome, heard: Vec<Frame>, rejected: Vec<(Topic, &'static str)>, rules_changed: bool) {
        if rules_changed {
            view::publish(&self.view, &self.engine);
            let _ = self.told.send(Told::Rules);
        }
        for (topic, code) in rejected {
            let _ = self.told.send(Told::Rejected { topic, code });
        }
        if !outcome.changes.is_empty() || !outcome.saved.records.is_empty() {
            let mut alerts = outcome.saved.records;
            match self.store.judged_after_their_end(&outcome.changes) {
                Ok(judged) => alerts.extend(judged),
                Err(error) => tracing::warn!("alerts that were judged cannot be read: {error}"),
            }
            let alerts: Arc<[AlertRecord]> = alerts.into();
            let _ = self.told.send(Told::Changes { changes: outcome.changes.into(), alerts });
        }
        // After the alerts, so that who shows the events knows which of them raised one.
        if !heard.is_empty() {
            let _ = self.told.send(Told::Frames(heard.into()));
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
                RowBody::Control(Control::Silence { .. } | Control::EndSilence { .. } | Control::Noise(_)) => {
                    Told::Quiet(self.engine.lifecycle().silences().cloned().collect())
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
        if pauses.is_empty() {
            Ok(())
        } else if self.catching_up {
            // Behind what is still to be evaluated; its turn comes.
            self.store.append(pauses, self.clock.now()).map(drop)
        } else {
            self.take(pauses, self.clock.now())
        }
    }

    fn shown(&mut self, shown: Shown) {
        let trouble = shown.result.as_ref().err().map(|reason| Arc::from(reason.as_str()));
        let delivery = match shown.result {
            Ok(()) => Delivery::Sent,
            Err(reason) => Delivery::Failed(reason),
        };
        // As long as the disk does not take it, no other one is shown: a crash would show each of them again.
        let marked = match shown.owed {
            Some(owed) => self.again_and_again(|worker| worker.store.delivered(owed, &delivery, worker.clock.now())),
            None => Ok(true),
        };
        match marked {
            Ok(_) => self.notifier.go_on(),
            Err(error) => self.look_into(&error),
        }
        let _ = self.told.send(Told::Popups(trouble));
    }

    /// The rows that say that from here on nobody listens: of what is heard, and of what is not for a reason that goes on
    /// only while somebody tries.
    pub fn no_longer_running(&self, reason: CoverageReason) -> Vec<RowBody> {
        let ends = |topic: &Topic| match self.heard.get(topic).map(|coverage| coverage.reason) {
            Some(known) => listening::goes_on_only_while_running(known),
            None => self.hears(*topic),
        };
        Topic::ALL.into_iter().filter(ends).map(|topic| listening::unheard(topic, reason)).collect()
    }

    fn hears(&self, topic: Topic) -> bool {
        self.engine.lifecycle().deaf().all(|deaf| deaf != topic)
    }
}

/// What is told of a frame with so many events.
fn told_of(row: &Row, count: usize) -> Option<Frame> {
    match &row.body {
        RowBody::Frame { topic, bytes } if count > 0 => {
            Some(Frame { topic: *topic, received: row.received, count, seq: row.seq, bytes: bytes.clone() })
        }
        _ => None,
    }
}

/// How many frames of each topic came by these rows, and how many of them were let go.
pub(super) fn received(rows: &[Row]) -> Vec<Count> {
    let mut counts: BTreeMap<(&'static str, Topic), u64> = BTreeMap::new();
    for row in rows {
        match &row.body {
            RowBody::Frame { topic, .. } => *counts.entry(("received", *topic)).or_default() += 1,
            RowBody::Coverage(Coverage { topic, missed: missed @ 1.., .. }) => {
                *counts.entry(("received", *topic)).or_default() += missed;
                *counts.entry(("let-go", *topic)).or_default() += missed;
            }
            _ => {}
        }
    }
    let count = |((name, topic), by): ((&'static str, Topic), u64)| Count { name, label: topic.name().to_owned(), by };
    counts.into_iter().map(count).collect()
}
