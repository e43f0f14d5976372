//! What helps to find a fault, in one file that can be read before it is passed on. Only what is named here goes in: no
//! key, no customer, no host that is not Central's, no text from the air, nothing of the operator's own words.

use std::{collections::BTreeMap, io::Write as _, path::Path};

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use serde_json::{Value, json};

use super::new_file;
use crate::{
    api::{ApiError, AppState, Gap, KeyStatus, Millis, ProblemInfo, RuleRow, StorageUsed, TopicStatus},
    source::Endpoint,
    store::Stats,
};

/// What it is made of.
pub struct Known<'a> {
    pub state: &'a AppState,
    pub rules: &'a [RuleRow],
    /// Of the database, while there is one.
    pub stats: Option<Stats>,
    pub storage: Option<StorageUsed>,
    pub now: Timestamp,
}

/// Writes it to a new file in the folder, whose path is returned.
pub fn save(known: &Known<'_>, folder: &Path) -> Result<String, ApiError> {
    let failed = |error: &dyn std::fmt::Display| {
        ApiError::new("diagnostics", &format!("The file could not be written: {error}."))
            .help("Check that the disk has room and that the folder can be written.")
    };
    let text = serde_json::to_string_pretty(&report(known)).map_err(|error| failed(&error))?;
    let (path, mut file) = new_file::create(folder, "tocsin-diagnostics", "json", known.now, &TimeZone::UTC)
        .map_err(|error| failed(&error))?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(|error| failed(&error))?;
    Ok(path.display().to_string())
}

fn report(known: &Known<'_>) -> Value {
    let (state, status) = (known.state, &known.state.status);
    let settings = &state.settings;
    let desktop = |name: &str| std::env::var(name).unwrap_or_default();
    json!({
        "tocsin": state.version,
        "written": known.now.to_string(),
        "system": {
            "os": std::env::consts::OS,
            "arch": std::env::consts::ARCH,
            "desktop": desktop("XDG_CURRENT_DESKTOP"),
            "session": desktop("XDG_SESSION_TYPE"),
        },
        "mode": state.mode,
        "account": state.account.as_ref().map(|account| json!({
            "endpoint": host(&account.endpoint),
            "topics": account.topics,
            "private_ca": account.authority.is_some(),
            "key_place": account.key_place,
        })),
        "accounts": state.accounts.len(),
        "key": status.key.as_ref().map(key),
        "topics": status.topics.iter().map(topic).collect::<Vec<_>>(),
        "pop_ups": status.popups.as_ref().map(problem),
        "storage_problem": status.storage.as_ref().map(problem),
        "firing": status.firing,
        "acknowledged": status.acknowledged,
        "rejected": status.rejected,
        "let_go": status.let_go,
        "not_drawn": status.not_drawn,
        "settings": {
            "notifications": settings.notifications,
            "theme": settings.theme,
            "text_size": settings.text_size,
            "zone": settings.zone,
            "quiet_hours": settings.noise.quiet.len(),
            "maintenance_windows": settings.noise.maintenance.len(),
            "limits": settings.noise.limits,
            "keep_days": settings.keep_days,
            "keep_megabytes": settings.keep_megabytes,
        },
        "rules": known.rules.iter().enumerate().map(rule).collect::<Vec<_>>(),
        "storage": known.storage,
        "counts": known.stats.as_ref().map(counts),
    })
}

/// Totals; of those that are by rule, only the sum.
fn counts(stats: &Stats) -> Value {
    let sum = |counts: &BTreeMap<String, u64>| counts.values().sum::<u64>();
    json!({
        "rows": stats.rows,
        "waiting": stats.waiting,
        "received": stats.received,
        "stored": stats.stored,
        "let_go": stats.let_go,
        "rejected": stats.rejected,
        "matched": stats.matched,
        "notified": stats.notified,
        "suppressed": stats.suppressed,
        "deliveries": stats.deliveries,
        "active": stats.active,
        "resolved": stats.resolved,
        "balances": stats.balances(),
        "other": stats.other.iter().map(|(name, counts)| (name, sum(counts))).collect::<BTreeMap<_, _>>(),
    })
}

/// Central's own hosts say only which cluster it is; any other may say whose network it is.
fn host(endpoint: &str) -> String {
    match Endpoint::parse(endpoint) {
        Ok(endpoint) if endpoint.is_central() => endpoint.to_string(),
        _ => "another host".to_owned(),
    }
}

fn key(key: &KeyStatus) -> Value {
    json!({
        "made": time(key.made),
        "works_until": time(key.works_until),
        "renews": time(key.renews),
        "place": key.place,
        "problem": key.problem.as_ref().map(problem),
    })
}

fn topic(topic: &TopicStatus) -> Value {
    json!({
        "topic": topic.topic,
        "phase": topic.phase,
        "since": time(topic.since),
        "tries": topic.tries,
        "problem": topic.problem.as_ref().map(problem),
        "last_event": topic.last_event.map(time),
        "events_a_minute": topic.rate,
        "minutes": topic.minutes,
        "gaps": topic.gaps.iter().map(gap).collect::<Vec<_>>(),
    })
}

/// What went wrong by its code: its words may name hosts, proxies and customers.
fn problem(problem: &ProblemInfo) -> &str {
    &problem.code
}

fn gap(gap: &Gap) -> Value {
    // Behind the first sentence stands what the other side said.
    let reason = gap.reason.split(". ").next().unwrap_or_default();
    json!({ "from": time(gap.from), "to": gap.to.map(time), "reason": reason })
}

/// By its number: what a rule is called is the operator's own.
fn rule((number, rule): (usize, &RuleRow)) -> impl Serialize {
    json!({
        "rule": number + 1,
        "severity": rule.severity,
        "on": rule.on,
        "enabled": rule.enabled,
        "state": rule.state,
        "errors": rule.errors,
        "warnings": rule.warnings,
        "firing": rule.firing,
        "hits": rule.hits,
    })
}

fn time(Millis(ms): Millis) -> String {
    Timestamp::from_millisecond(ms).map(|time| time.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

    use super::*;
    use crate::{
        alert::{Hours, Maintenance, Matchers},
        api::{AccountInfo, AccountRow, Counts, KeyPlace, Mode, RuleState, Settings, Status, TopicPhase},
        event::Topic,
        rules::policy::Severity,
    };

    /// What stands for all that is not to be told.
    const SECRET: &str = "s3cr3t";

    fn problem_of(code: &str) -> ProblemInfo {
        ProblemInfo { code: code.into(), message: SECRET.into(), said: SECRET.into(), steps: vec![SECRET.into()] }
    }

    fn state(endpoint: &str) -> AppState {
        let at = Millis(1_700_000_000_000);
        let mut settings = Settings::default();
        settings.noise.maintenance.push(Maintenance {
            name: SECRET.into(),
            hours: Hours { days: vec![1], from: 0, to: 60 },
            matchers: Matchers { key: SECRET.into(), ..Matchers::default() },
        });
        let topic = TopicStatus {
            topic: Topic::Audit,
            phase: TopicPhase::Refused,
            since: at,
            retry_at: None,
            tries: 3,
            problem: Some(problem_of("unsubscribed")),
            last_event: Some(at),
            rate: 1.5,
            minutes: vec![None, Some(2)],
            begun: None,
            gaps: vec![Gap { from: at, to: None, reason: format!("Central refused this topic. {SECRET}. {SECRET}") }],
        };
        let key = KeyStatus {
            customer: SECRET.into(),
            made: at,
            works_until: at,
            renews: at,
            place: KeyPlace::Keyring,
            problem: Some(problem_of("keyring-locked")),
        };
        let status = Status {
            topics: vec![topic],
            key: Some(key),
            firing: Counts::default(),
            acknowledged: 0,
            events_per_minute: 1.5,
            rejected: 0,
            let_go: 0,
            not_drawn: 0,
            snoozed_until: None,
            popups: Some(problem_of("no-daemon")),
            storage: None,
            rules_paused: 0,
            rules_broken: 0,
            rules_on: 1,
        };
        AppState {
            version: "0.1.0".into(),
            mode: Mode::Account,
            account: Some(AccountInfo {
                name: SECRET.into(),
                endpoint: endpoint.into(),
                topics: vec![Topic::Audit],
                authority: None,
                key_place: KeyPlace::Keyring,
            }),
            accounts: vec![AccountRow { id: "first".into(), name: SECRET.into(), endpoint: endpoint.into() }],
            active: Some("first".into()),
            settings,
            status,
            data_folder: format!("/home/{SECRET}"),
            rules_folder: format!("/home/{SECRET}"),
        }
    }

    fn rules() -> Vec<RuleRow> {
        vec![RuleRow {
            name: SECRET.into(),
            title: SECRET.into(),
            severity: Severity::Warning,
            on: vec!["audit.firmware".into()],
            enabled: true,
            state: RuleState::Running,
            paused_until: None,
            learns_until: None,
            note: SECRET.into(),
            errors: 1,
            warnings: 0,
            firing: 0,
            hits: vec![0, 3],
            last_hit: None,
            useful: 0,
            noise: 0,
        }]
    }

    #[test]
    fn nothing_in_it_says_whose_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (private, rules) = (state(&format!("central.{SECRET}.example")), rules());
        let by_rule = BTreeMap::from([("cannot-tell".to_owned(), BTreeMap::from([(SECRET.to_owned(), 4)]))]);
        let stats = Stats { other: by_rule, matched: 9, notified: 9, ..Stats::default() };
        let known = |state| Known {
            state,
            rules: &rules,
            stats: Some(stats.clone()),
            storage: None,
            now: Timestamp::UNIX_EPOCH,
        };
        let path = save(&known(&private), folder.path()).unwrap();
        let text = std::fs::read_to_string(path).unwrap();
        assert!(!text.contains(SECRET), "{text}");
        let read: Value = serde_json::from_str(&text).unwrap();
        // But it says what a fault is found by.
        assert_eq!(read["account"]["endpoint"], "another host");
        assert_eq!(read["topics"][0]["problem"], "unsubscribed");
        assert_eq!(read["topics"][0]["gaps"][0]["reason"], "Central refused this topic");
        assert_eq!((&read["key"]["problem"], &read["pop_ups"]), (&"keyring-locked".into(), &"no-daemon".into()));
        assert_eq!((&read["rules"][0]["errors"], &read["settings"]["maintenance_windows"]), (&1.into(), &1.into()));
        assert_eq!((&read["counts"]["matched"], &read["counts"]["other"]["cannot-tell"]), (&9.into(), &4.into()));
        let central = state("app1-apigw.central.arubanetworks.com");
        assert_eq!(report(&known(&central))["account"]["endpoint"], "app1-apigw.central.arubanetworks.com");
    }
}
