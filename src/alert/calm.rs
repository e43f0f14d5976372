//! What the lifecycle does against noise: silences, quiet hours, digests.

use std::{sync::Arc, time::Duration};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    AlertId, Change, DIGEST, Lifecycle, MOST_SILENCES, Match, Noise, Phase, Reason, Silence,
    digest::HIDDEN,
    live::{Live, after},
    noise::MINUTE,
    timers::Slot,
};
use crate::rules::Policy;

/// How long the alert of a digest stays after it last spoke.
const STAYS: Duration = Duration::from_mins(15);

impl Lifecycle {
    /// The settings against noise, as the log says them; `None` before it does.
    pub fn noise(&self) -> Option<&Noise> {
        self.hush.noise.as_ref()
    }

    /// The silences in force, by the row that brought them.
    pub fn silences(&self) -> impl Iterator<Item = &Silence> {
        self.hush.silences.values()
    }

    /// The operator's zone from now on, for quiet hours and maintenance windows. It is not saved: say it again after
    /// [`Lifecycle::load`].
    pub fn set_zone(&mut self, zone: &TimeZone) {
        self.hush.zone.clone_from(zone);
    }

    pub(super) fn silence(&mut self, now: Timestamp, silence: Silence) {
        self.hush.silences.retain(|_, silence| silence.until > now);
        if silence.until > now && self.hush.silences.len() < MOST_SILENCES {
            self.hush.silences.insert(silence.id, silence);
        }
        self.head_changed = true;
    }

    pub(super) fn end_silence(&mut self, id: u64) {
        if self.hush.silences.remove(&id).is_some() {
            self.head_changed = true;
            self.look_again();
        }
    }

    pub(super) fn set_noise(&mut self, noise: Noise) {
        self.hush.noise = Some(noise);
        self.head_changed = true;
        self.look_again();
    }

    /// What hides alerts is otherwise than before: as soon as time goes on it is looked whether something may be shown.
    pub(super) fn look_again(&mut self) {
        if self.alerts.values().any(|live| live.hidden) {
            self.hush.look(self.now);
        }
        // Digests that were put off are asked anew.
        let latest = after(self.now, MINUTE);
        for (key, digest) in self.hush.digests.iter_mut().filter(|(_, digest)| digest.due > latest) {
            digest.due = self.now;
            self.hush.touched.insert(key.clone());
        }
    }

    /// Notes what came of alerts that spoke: digests that have something to say, and when to look again.
    pub(super) fn settle(&mut self) {
        for key in std::mem::take(&mut self.hush.touched) {
            self.touch(&Slot::alert(DIGEST.into(), key));
        }
        self.head_changed |= std::mem::take(&mut self.hush.changed);
        self.timers.set(&Slot::looking(), self.hush.looks);
    }

    /// What was hidden, was never shown and is still firing is told in one digest, unless something hides it still.
    pub(super) fn look_at_hidden(&mut self, now: Timestamp) {
        self.head_changed = true;
        self.hush.looks = None;
        self.hush.silences.retain(|_, silence| silence.until > now);
        let hidden = |live: &Live| live.hidden && live.record.phase == Phase::Firing;
        let slots: Vec<Slot> =
            self.alerts.iter().filter(|(_, live)| hidden(live)).map(|(slot, _)| slot.clone()).collect();
        for slot in slots {
            let Some(live) = self.alerts.get_mut(&slot) else { continue };
            if live.record.acknowledged.is_some() || live.record.snoozed_until.is_some() {
                continue;
            }
            if let Some((.., until)) = self.hush.hides(&live.record.looked(), now) {
                self.hush.look(until);
            } else if let Some(until) = self.hush.snoozed_all {
                self.hush.look(until);
            } else if !self.hush.off {
                live.hidden = false;
                live.shown = true;
                self.hush.tell_later(HIDDEN.into(), &live.record, now, now);
                self.touch(&slot);
            }
        }
    }

    /// A digest says what it holds: an alert of Tocsin's own, which is over some time after it last spoke.
    pub(super) fn digest_due(&mut self, deadline: Timestamp, slot: &Slot, out: &mut Vec<Change>) {
        let key = slot.key.clone().unwrap_or_default();
        let worst = self.hush.digests.get(&key).map(|digest| digest.worst);
        if let Some(until) = worst.and_then(|worst| self.hush.puts_off(worst, deadline)) {
            if let Some(digest) = self.hush.digests.get_mut(&key) {
                digest.due = until;
            }
            self.touch(slot);
            return;
        }
        let Some(digest) = self.hush.digests.remove(&key) else { return };
        let (title, body) = digest.says(&key);
        let policy = Policy { severity: digest.worst, resolve_after: Some(STAYS), ..Policy::default() };
        let found = Match {
            rule: DIGEST.into(),
            key: key.clone(),
            title: title.into(),
            body: body.into(),
            event: digest.first,
            topic: None,
            kind: Arc::default(),
        };
        if let Some(live) = self.alerts.get_mut(slot) {
            live.take_in(deadline, &found, &policy, false);
            live.told = live.record.matches;
            live.remind(deadline, Reason::None, None, &policy, &mut self.hush, out);
        } else {
            let mut live = Live::begin(deadline, &found, &policy, false);
            // Two digests may begin with the same event, one after the other.
            live.record.id = AlertId::new(DIGEST, &format!("{key}\0{deadline}"), digest.first);
            live.fire(deadline, None, &policy, &mut self.hush, out);
            self.alerts.insert(slot.clone(), live);
        }
        self.touch(slot);
    }
}
