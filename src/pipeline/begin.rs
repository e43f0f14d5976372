//! Taking up a database where an earlier run left it; and beginning a new one in place of one that is damaged.

use std::time::Duration;

use super::{cache, engine::Engine, keeper, recall, refused::RETRY, ruling::Ruling, told::Told, view, worker::Worker};
use crate::{
    alert::{Lifecycle, Noise},
    clock::Clock,
    store::{Control, Coverage, CoverageReason, EngineSettings, RowBody, Store, StoreError},
};

/// After so many databases that were damaged within this time, another would be too.
const MOST: usize = 3;
const WITHIN: Duration = Duration::from_mins(10);

/// What a pipeline is to go by, whatever its database says.
#[derive(Clone, Debug)]
pub(super) struct InForce {
    pub rules: Ruling,
    pub settings: EngineSettings,
    /// `None`: as the database says.
    pub noise: Option<Noise>,
}

/// When databases were kept aside, by the system's clock.
#[derive(Debug)]
pub(super) struct Renewals {
    clock: Clock,
    times: Vec<Duration>,
}

impl Renewals {
    /// None yet.
    pub fn none() -> Self {
        Self { clock: Clock::system(), times: Vec::new() }
    }

    /// Counts another one, unless there were too many: how many there were.
    fn another(&mut self) -> Result<(), usize> {
        let now = self.clock.elapsed();
        self.times.retain(|time| now.saturating_sub(*time) < WITHIN);
        if self.times.len() >= MOST {
            return Err(self.times.len());
        }
        self.times.push(now);
        Ok(())
    }
}

impl Worker {
    /// Takes up the database with this in force; one that is damaged is kept aside, and a new one taken.
    pub fn begin_or_anew(&mut self, force: &InForce) -> Result<(), StoreError> {
        match self.begin(force) {
            Err(StoreError::Corrupt { said }) => self.renew(&said, force, &[])?,
            begun => begun?,
        }
        self.starting = false;
        Ok(())
    }

    /// Evaluates what an earlier run accepted and did not get to, and puts this in force.
    fn begin(&mut self, force: &InForce) -> Result<(), StoreError> {
        self.engine = Engine::new(lifecycle(&self.store)?);
        (self.cache, self.evaluated) = (cache::Cache::default(), 0);
        recall::recall(&self.store, &mut self.engine, true)?;
        let said = self.store.coverage_until(self.store.cursor())?.into_iter();
        self.heard = said.map(|(_, coverage)| (coverage.topic, Coverage { missed: 0, ..coverage })).collect();
        self.keeper = Some(keeper::Keeper::start(&self.store, self.kept.clone())?);
        self.catch_up()?;
        self.forget_listening()?;
        let mut rows = Vec::new();
        if self.engine.settings() != Some(&force.settings) {
            rows.push(RowBody::Control(Control::Settings(force.settings.clone())));
        }
        if self.engine.ruling().differs(&force.rules) || self.store.last_seq() == 0 {
            rows.push(RowBody::Control(force.rules.clone().control(self.engine.rules())));
        }
        if let Some(noise) = &force.noise
            && self.engine.lifecycle().noise() != Some(noise)
        {
            rows.push(RowBody::Control(Control::Noise(noise.clone())));
        }
        if let Some(aside) = self.store.set_aside() {
            rows.push(aside.row());
        }
        if !rows.is_empty() {
            self.take(rows, self.clock.now())?;
        }
        self.store.told_of_it();
        view::publish(&self.view, &self.engine);
        // Whoever listens does so after the start, and reads from the database what came of catching up.
        Ok(())
    }

    /// When the last run ended without a word (a crash, a power cut), nobody listened since the last row it wrote.
    fn forget_listening(&mut self) -> Result<(), StoreError> {
        let rows = self.no_longer_running(CoverageReason::NotRunning);
        if rows.is_empty() {
            return Ok(());
        }
        let since = if self.store.last_seq() == 0 { self.clock.now() } else { self.store.last_received() };
        self.take(rows, since)
    }

    /// The database that is in use is damaged: keeps it aside and goes on with a new one, in which rules, settings,
    /// silences and what is heard are as they were.
    ///
    /// # Errors
    /// [`StoreError::Ruined`] if that happens again and again; another error if somebody waits for the end.
    pub fn begin_anew(&mut self, said: &str) -> Result<(), StoreError> {
        let rules = self.engine.ruling().clone();
        let Some(settings) = self.engine.settings().cloned() else {
            return Err(StoreError::Corrupt { said: said.to_owned() });
        };
        let noise = self.engine.lifecycle().noise().cloned();
        let carried = self.carried();
        self.notifier.forget_owed();
        self.renew(said, &InForce { rules, settings, noise }, &carried)?;
        self.notifier.go_on();
        Ok(())
    }

    fn renew(&mut self, said: &str, force: &InForce, carried: &[RowBody]) -> Result<(), StoreError> {
        let mut damage = Some(said.to_owned());
        loop {
            if damage.is_some() {
                self.renewals.another().map_err(|times| StoreError::Ruined { times, said: said.to_owned() })?;
            }
            let begun = self.try_renew(&mut damage, force, carried);
            match begun {
                Ok(()) => return Ok(()),
                Err(StoreError::Corrupt { said }) => damage = Some(said),
                Err(error) => {
                    self.storage(Some(&error));
                    if self.is_awaited() {
                        return Err(error);
                    }
                    self.pause_for(RETRY);
                }
            }
        }
    }

    fn try_renew(
        &mut self,
        damage: &mut Option<String>,
        force: &InForce,
        carried: &[RowBody],
    ) -> Result<(), StoreError> {
        // It has the database open too.
        self.keeper = None;
        if let Some(said) = damage.as_deref() {
            tracing::error!("the database is damaged: {said}");
            self.store.begin_anew(said, self.clock.now())?;
            *damage = None;
        }
        let aside = self.store.set_aside().cloned();
        // First the rules in the versions that ran, so that those of them that have errors now go on as they did.
        let rules = &force.rules;
        let ran = Ruling { rules: rules.last_good(), ..rules.clone() };
        self.begin(&InForce { rules: ran, ..force.clone() })?;
        let mut rows = carried.to_vec();
        if self.engine.ruling().differs(rules) {
            rows.push(RowBody::Control(rules.clone().control(self.engine.rules())));
        }
        if !rows.is_empty() {
            self.take(rows, self.clock.now())?;
        }
        self.storage(None);
        if let Some(aside) = aside {
            tracing::error!("the damaged database is kept as {}", aside.path.display());
            let _ = self.told.send(Told::BegunAnew(aside));
        }
        Ok(())
    }

    /// What holds beside that, as rows.
    fn carried(&self) -> Vec<RowBody> {
        let lifecycle = self.engine.lifecycle();
        let silence = |silence: &crate::alert::Silence| Control::Silence {
            matchers: silence.matchers.clone(),
            until: silence.until,
            comment: silence.comment.clone(),
            by: silence.by.clone(),
        };
        let snooze = lifecycle.snoozed_all().map(|until| Control::Snooze { alert: None, until: Some(until) });
        let controls = lifecycle.silences().map(silence).chain(snooze);
        controls.map(RowBody::Control).chain(self.heard.values().cloned().map(RowBody::Coverage)).collect()
    }
}

/// The alerts that were live when the last run ended.
pub(super) fn lifecycle(store: &Store) -> Result<Lifecycle, StoreError> {
    let (head, live) = store.live()?;
    Lifecycle::load(head.as_deref(), live.iter().map(String::as_str))
        .map_err(|error| StoreError::Unreadable { what: "The state of the alerts".to_owned(), said: error.to_string() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_ruins_each_new_file_is_given_up() {
        let mut renewals = Renewals::none();
        for _ in 0..MOST {
            assert_eq!(renewals.another(), Ok(()));
        }
        assert_eq!(renewals.another(), Err(MOST));
        // One that was damaged long ago says nothing of this disk.
        renewals.times.clear();
        assert_eq!(renewals.another(), Ok(()));
    }
}
