//! What must hold for any signals.

use std::{collections::BTreeMap, time::Duration};

use jiff::{Timestamp, ToSpan};
use proptest::{collection::vec, option, prelude::*, sample::select};

use super::{found, meta};
use crate::{
    alert::{
        AlertId, Change, ChangeKind, DIGEST, Hours, Judge, Judged, Lifecycle, Limits, Maintenance, Matchers, Noise,
        Phase, Reason, Signal, Silence, Verdict, digest::AWAY,
    },
    event::{EventId, Topic},
    rules::{Policy, Severity},
};

const RULES: [&str; 3] = ["a", "b", "c"];
const KEYS: [&str; 2] = ["j", "k"];

/// What a test tells, with alerts named by rule and key since their names are not known beforehand.
#[derive(Clone, Debug)]
enum Told {
    Match(&'static str, &'static str),
    Resolved(&'static str, &'static str),
    Acknowledge(&'static str, &'static str, bool),
    Judge(&'static str, &'static str, Option<Verdict>),
    Snooze(Option<(&'static str, &'static str)>, Option<i64>),
    Hear(bool),
    Pause(&'static str, Option<i64>),
    Notifications(bool),
    Silence(Option<&'static str>, i64),
    EndSilence(u64),
    Noise(Noise),
    Rules(Vec<(Policy, bool)>),
    /// A tick, at which what is due at that very moment runs too.
    Tick,
}

fn policy() -> impl Strategy<Value = Policy> {
    let seconds = || option::of((0..8_u64).prop_map(Duration::from_secs));
    let remind = vec((1..6_u64).prop_map(Duration::from_secs), 0..3);
    (seconds(), seconds(), remind, any::<bool>(), select(&Severity::ALL[..])).prop_map(
        |(hold, resolve_after, remind, state, severity)| Policy {
            severity,
            hold,
            resolve_after,
            remind,
            state,
            ..Policy::default()
        },
    )
}

/// The log begins at 13:46:40 on a Monday, so that hours begin and end in the middle of it.
fn hours() -> impl Strategy<Value = Hours> {
    (825..=831_u16, 825..=831_u16).prop_map(|(from, to)| Hours { days: vec![1], from, to })
}

fn noise() -> impl Strategy<Value = Noise> {
    let maintenance = (hours(), option::of(select(&RULES[..]))).prop_map(|(hours, rule)| {
        let matchers = Matchers { rule: rule.unwrap_or_default().to_owned(), ..Matchers::default() };
        Maintenance { name: "m".to_owned(), hours, matchers }
    });
    (option::of(hours()), option::of(maintenance), 0..4_u16, 0..5_u16).prop_map(|(quiet, maintenance, rule, all)| {
        Noise {
            quiet: quiet.into_iter().collect(),
            maintenance: maintenance.into_iter().collect(),
            limits: Limits { rule, all },
        }
    })
}

fn rules() -> impl Strategy<Value = Vec<(Policy, bool)>> {
    vec((policy(), prop::bool::weighted(0.9)), 2..4)
}

fn told() -> impl Strategy<Value = Told> {
    let rule = || select(&RULES[..]);
    let key = || select(&KEYS[..]);
    let until = || option::of(0..12_i64);
    prop_oneof![
        8 => (rule(), key()).prop_map(|(rule, key)| Told::Match(rule, key)),
        2 => (rule(), key()).prop_map(|(rule, key)| Told::Resolved(rule, key)),
        2 => (rule(), key(), any::<bool>()).prop_map(|(rule, key, on)| Told::Acknowledge(rule, key, on)),
        2 => (rule(), key(), option::of(select(&Verdict::ALL[..])))
            .prop_map(|(rule, key, verdict)| Told::Judge(rule, key, verdict)),
        2 => (option::of((rule(), key())), until()).prop_map(|(alert, until)| Told::Snooze(alert, until)),
        2 => any::<bool>().prop_map(Told::Hear),
        1 => (rule(), until()).prop_map(|(rule, until)| Told::Pause(rule, until)),
        1 => any::<bool>().prop_map(Told::Notifications),
        2 => (option::of(rule()), 1..30_i64).prop_map(|(rule, span)| Told::Silence(rule, span)),
        1 => (1..60_u64).prop_map(Told::EndSilence),
        2 => noise().prop_map(Told::Noise),
        1 => rules().prop_map(Told::Rules),
        2 => Just(Told::Tick),
    ]
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + (1_000_000 + seconds).seconds()
}

/// A log: how many seconds after the row before it, and what it says.
fn log() -> impl Strategy<Value = Vec<(i64, Told)>> {
    (rules(), vec((prop_oneof![12 => 0..5_i64, 1 => 100..400_i64], told()), 1..60)).prop_map(|(first, mut rest)| {
        rest.insert(0, (0, Told::Rules(first)));
        rest
    })
}

fn metas(policies: &[(Policy, bool)]) -> Signal {
    let metas = RULES.iter().zip(policies).map(|(name, (policy, enabled))| {
        let mut meta = meta(name, policy.clone());
        meta.enabled = *enabled;
        meta
    });
    Signal::Rules(metas.collect())
}

fn judge(alert: AlertId, rule: &str, key: &str, verdict: Option<Verdict>) -> Signal {
    let (rule, key, title) = (rule.into(), key.into(), "Title".into());
    Signal::Judge(Judge { alert, verdict, rule, key, severity: Severity::Info, title })
}

fn name(lifecycle: &Lifecycle, rule: &str, key: &str) -> AlertId {
    let found = lifecycle.alerts().find(|record| (&*record.rule, &*record.key) == (rule, key));
    found.map_or_else(|| AlertId::from("none"), |record| record.id.clone())
}

/// Runs one row.
fn row(lifecycle: &mut Lifecycle, seq: u64, now: i64, told: &Told) -> Vec<Change> {
    let until = |until: &Option<i64>| until.map(|seconds| at(now + seconds));
    let signal = match told {
        Told::Match(rule, key) => Signal::Match(found(rule, key, seq)),
        Told::Resolved(rule, key) => {
            Signal::Resolved { rule: (*rule).into(), key: (*key).into(), event: EventId { seq, record: 0 } }
        }
        Told::Acknowledge(rule, key, on) => {
            // The timers before the row may end the alert: a name is good only once they have run.
            let mut changes = lifecycle.run_due(at(now), false);
            let alert = name(lifecycle, rule, key);
            changes.extend(lifecycle.step(
                at(now),
                if *on { Signal::Acknowledge { alert, by: "ann".into() } } else { Signal::Unacknowledge { alert } },
            ));
            return changes;
        }
        Told::Judge(rule, key, verdict) => {
            let mut changes = lifecycle.run_due(at(now), false);
            let alert = name(lifecycle, rule, key);
            changes.extend(lifecycle.step(at(now), judge(alert, rule, key, *verdict)));
            return changes;
        }
        Told::Snooze(alert, span) => {
            let mut changes = lifecycle.run_due(at(now), false);
            let alert = alert.map(|(rule, key)| name(lifecycle, rule, key));
            changes.extend(lifecycle.step(at(now), Signal::Snooze { alert, until: until(span) }));
            return changes;
        }
        Told::Hear(heard) => Signal::Coverage { topic: Topic::Security, heard: *heard },
        Told::Pause(rule, span) => {
            Signal::RulePaused { rule: (*rule).into(), until: until(span), reason: "It ran too long.".into(), row: seq }
        }
        Told::Notifications(on) => Signal::Notifications(*on),
        Told::Silence(rule, span) => Signal::Silence(Silence {
            id: seq,
            matchers: Matchers { rule: rule.unwrap_or_default().to_owned(), ..Matchers::default() },
            since: at(now),
            until: at(now + span),
            comment: "work: in progress".into(),
            by: "ann".into(),
        }),
        Told::EndSilence(id) => Signal::EndSilence { id: *id },
        Told::Noise(noise) => Signal::Noise(noise.clone()),
        Told::Rules(policies) => metas(policies),
        Told::Tick => return lifecycle.run_due(at(now), true),
    };
    lifecycle.step(at(now), signal)
}

fn run(log: &[(i64, Told)], mut beside: impl FnMut(&mut Lifecycle, i64, &mut Vec<Change>)) -> (Vec<Change>, Lifecycle) {
    let mut lifecycle = Lifecycle::new();
    let (mut now, mut changes) = (0, Vec::new());
    for (seq, (later, told)) in (1..).zip(log) {
        beside(&mut lifecycle, now, &mut changes);
        now += later;
        changes.extend(lifecycle.run_missed(at(now), false));
        changes.extend(row(&mut lifecycle, seq, now, told));
    }
    // Bounded, since a state that is never over reminds for ever.
    changes.extend(lifecycle.run_due(at(now + 100), true));
    (changes, lifecycle)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn timers_run_early_change_nothing(log in log(), early in any::<u64>()) {
        let (plain, _) = run(&log, |_, _, _| ());
        let mut dice = early;
        let (ticked, _) = run(&log, |lifecycle, now, changes| {
            // Whatever is due before the stamp of the row just run has run; asking again is nothing new.
            dice = dice.rotate_left(7);
            if dice & 1 == 1 {
                changes.extend(lifecycle.run_due(at(now), false));
            }
        });
        prop_assert_eq!(plain, ticked);
    }

    #[test]
    fn a_restart_in_the_middle_changes_nothing(log in log(), place in 0..60_usize) {
        let (plain, _) = run(&log, |_, _, _| ());
        let (mut head, mut live, mut count) = (None, BTreeMap::new(), 0);
        let (restarted, _) = run(&log, |lifecycle, _, _| {
            // As the store does: what changed, after each row.
            let saved = lifecycle.take_saved();
            head = saved.head.or(head.take());
            for alert in saved.live {
                match alert.state {
                    Some(state) => drop(live.insert((alert.rule, alert.key), state)),
                    None => drop(live.remove(&(alert.rule, alert.key))),
                }
            }
            if count == place {
                *lifecycle = Lifecycle::load(head.as_deref(), live.values().map(String::as_str)).unwrap();
            }
            count += 1;
        });
        prop_assert_eq!(plain, restarted);
    }

    #[test]
    fn whatever_speaks_is_notified_or_suppressed(log in log()) {
        let (changes, _) = run(&log, |_, _, _| ());
        let mut rest = changes.iter();
        while let Some(change) = rest.next() {
            if change.spoke() {
                let beside = rest.next().unwrap();
                prop_assert!(matches!(beside.change, ChangeKind::Notified | ChangeKind::Suppressed));
                prop_assert_eq!((&beside.alert, beside.time), (&change.alert, change.time));
                prop_assert_eq!(beside.change == ChangeKind::Suppressed, !beside.reason.name().is_empty());
            } else {
                prop_assert!(!matches!(change.change, ChangeKind::Notified | ChangeKind::Suppressed));
            }
        }
    }

    #[test]
    fn time_never_goes_back_and_each_alert_lives_once(log in log()) {
        let (changes, lifecycle) = run(&log, |_, _, _| ());
        prop_assert!(changes.is_sorted_by_key(|change| change.time));
        let mut lives: BTreeMap<AlertId, Vec<ChangeKind>> = BTreeMap::new();
        // What is said of an alert is no part of its life, and may be said long after it.
        for change in changes.iter().filter(|change| change.change.verdict().is_none()) {
            lives.entry(change.alert.clone()).or_default().push(change.change);
        }
        for (alert, life) in lives {
            let count = |kind| life.iter().filter(|known| **known == kind).count();
            let ends = count(ChangeKind::Resolved) + count(ChangeKind::Dropped);
            prop_assert!(count(ChangeKind::Fired) <= 1 && ends <= 1);
            prop_assert!(matches!(life[0], ChangeKind::Fired | ChangeKind::Pending));
            if ends == 1 {
                let last = if count(ChangeKind::Fired) == 1 { ChangeKind::Resolved } else { ChangeKind::Dropped };
                prop_assert_eq!(*life.last().unwrap(), last);
            }
            // What has not ended is listed, acknowledged or not.
            let listed = lifecycle.alerts().find(|record| record.id == alert);
            prop_assert_eq!(listed.is_some(), ends == 0);
            if let Some(record) = listed {
                prop_assert_eq!(record.phase == Phase::Firing, count(ChangeKind::Fired) == 1);
            }
        }
        // Nothing is left undone.
        if let Some(deadline) = lifecycle.next_deadline() {
            prop_assert!(changes.iter().all(|change| change.time < deadline));
        }
    }

    #[test]
    fn acknowledging_changes_no_alert(log in log()) {
        let without: Vec<_> = log
            .iter()
            .map(|(later, told)| match told {
                Told::Acknowledge(..) => (*later, Told::Notifications(true)),
                // Reminding after a snooze is left out for an acknowledged alert.
                Told::Snooze(..) => (*later, Told::Notifications(true)),
                told => (*later, told.clone()),
            })
            .collect();
        let with: Vec<_> = log
            .iter()
            .map(|(later, told)| match told {
                Told::Snooze(..) => (*later, Told::Notifications(true)),
                told => (*later, told.clone()),
            })
            .collect();
        let told = |log: &[(i64, Told)]| {
            let (changes, _) = run(log, |_, _, _| ());
            let of_alerts = |change: &Change| {
                // What is told together depends on what is told at all.
                &*change.rule != DIGEST && matches!(
                    change.change,
                    ChangeKind::Pending
                        | ChangeKind::Dropped
                        | ChangeKind::Fired
                        | ChangeKind::Repeated
                        | ChangeKind::Reminded
                        | ChangeKind::Resolved
                )
            };
            changes.into_iter().filter(of_alerts).collect::<Vec<_>>()
        };
        prop_assert_eq!(told(&with), told(&without));
    }

    #[test]
    fn judging_changes_nothing_but_what_is_said(log in log()) {
        let without: Vec<_> = log
            .iter()
            .map(|(later, told)| match told {
                // A row all the same, so that events keep their numbers.
                Told::Judge(..) => (*later, Told::EndSilence(0)),
                told => (*later, told.clone()),
            })
            .collect();
        let others = |log: &[(i64, Told)]| {
            let (changes, _) = run(log, |_, _, _| ());
            changes.into_iter().filter(|change| change.change.verdict().is_none()).collect::<Vec<_>>()
        };
        prop_assert_eq!(others(&log), others(&without));
    }

    #[test]
    fn the_last_verdict_of_each_alert_is_the_one_it_has(log in log()) {
        let (changes, lifecycle) = run(&log, |_, _, _| ());
        for record in lifecycle.alerts() {
            let mut of_it = changes.iter().rev().filter(|change| change.alert == record.id);
            let last = of_it.find_map(|change| Some((change.change.verdict()?, change.time)));
            let kept = last.and_then(|(verdict, at)| Some(Judged { verdict: verdict?, at }));
            prop_assert_eq!(record.judged, kept);
        }
    }

    #[test]
    fn what_a_digest_takes_in_a_digest_tells(log in log()) {
        let (changes, lifecycle) = run(&log, |_, _, _| ());
        for (place, change) in changes.iter().enumerate() {
            let key = match change.reason {
                Reason::Away => AWAY,
                Reason::InDigest => &*change.note,
                _ => continue,
            };
            let told = |later: &&Change| &*later.rule == DIGEST && &*later.key == key && later.spoke();
            let waits = lifecycle.hush.digests.contains_key(key);
            prop_assert!(waits || changes[place..].iter().any(|later| told(&later)), "{:?}", change);
        }
    }

    #[test]
    fn what_is_critical_is_never_held_back_by_quiet_hours_or_a_storm(log in log()) {
        let (changes, _) = run(&log, |_, _, _| ());
        for change in changes.iter().filter(|change| change.severity == Severity::Critical) {
            prop_assert!(!matches!(change.reason, Reason::QuietHours | Reason::InDigest));
        }
    }

    #[test]
    fn limits_hold_in_every_minute(log in log(), limits in (1..4_u16, 1..5_u16)) {
        let limits = Limits { rule: limits.0, all: limits.1 };
        let mut log = log;
        for (_, told) in &mut log {
            if let Told::Noise(noise) = told {
                noise.limits = limits;
            }
        }
        log.insert(0, (0, Told::Noise(Noise { limits, ..Noise::default() })));
        let (changes, _) = run(&log, |_, _, _| ());
        let counted = |change: &&Change| {
            change.change == ChangeKind::Notified && change.severity < Severity::Critical && &*change.rule != DIGEST
        };
        let shown: Vec<_> = changes.iter().filter(counted).collect();
        for (place, first) in shown.iter().enumerate() {
            let minute = |change: &&&&Change| change.time.duration_since(first.time).as_secs() < 60;
            let within: Vec<_> = shown[place..].iter().take_while(|change| minute(&change)).collect();
            prop_assert!(within.len() <= usize::from(limits.all));
            let of_rule = within.iter().filter(|change| change.rule == first.rule).count();
            prop_assert!(of_rule <= usize::from(limits.rule));
        }
    }
}
