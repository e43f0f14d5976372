//! The rules: 35 % on intrusion detection, 25 % on rogues, 20 % on the audit trail, 20 % thresholds on presence. Four
//! clauses each; about 0.2 % of the pairs of an event and a rule on its kind match.

use fastrand::Rng;
use tocsin::simulator::campus::Campus;

use crate::{
    rule::{Clause, Kind, Native, Rule, Test},
    stream::{ATTACKS, BANDS, CHANGES, GROUPS, LEVELS, PEOPLE, SSIDS, VENDORS},
    wire::{audit::AuditMessage, details, presence::Rssi, security},
};

/// A condition written by hand.
type Condition<T> = Box<dyn Fn(&T) -> bool>;

/// So many rules. The same seed and campus give the same rules.
pub fn rules(count: usize, seed: u64, campus: &Campus) -> Vec<Rule> {
    let mut rng = Rng::with_seed(seed);
    // A step of seven goes through all twenty, so that few rules are of all kinds too.
    let rules = (0..count).map(|number| match number * 7 % 20 {
        0..7 => wids(&mut rng, campus),
        7..12 => rogue(&mut rng, campus),
        12..16 => audit(&mut rng),
        _ => presence(&mut rng, campus),
    });
    rules.collect()
}

/// The same rules with a fifth clause that never holds and no index can use: what is left is the work up to a match.
pub fn silent(mut rules: Vec<Rule>) -> Vec<Rule> {
    for rule in &mut rules {
        let field = match rule.kind {
            Kind::Wids => "description",
            Kind::Rogue => "ssid",
            Kind::Audit => "username",
            Kind::Rssi => "device_id",
        };
        rule.clauses.push(clause(field, Test::EndsWith("nothing ends so".to_owned())));
    }
    rules
}

fn one<T: Clone>(rng: &mut Rng, of: &[T]) -> T {
    of[rng.usize(..of.len())].clone()
}

fn clause(field: &'static str, test: Test) -> Clause {
    Clause { field, test }
}

fn is(text: &str) -> Test {
    Test::Is(text.to_owned())
}

fn is_not(text: &str) -> Test {
    Test::IsNot(text.to_owned())
}

fn of(text: Option<&String>) -> &str {
    text.map_or("", String::as_str)
}

fn wids(rng: &mut Rng, campus: &Campus) -> Rule {
    let (attack, class) = one(rng, &ATTACKS);
    let (level, band) = (one(rng, &LEVELS), one(rng, &BANDS));
    let ap = campus.ap(rng.usize(..48)).serial.clone();
    let (clauses, native): (_, Condition<security::WidsEvent>) = match rng.u8(..3) {
        0 => (
            vec![
                clause("attack_type", is(attack)),
                clause("level", is(level)),
                clause("radio_band", is_not(band)),
                clause("description", Test::Contains("00 frames".into())),
            ],
            Box::new(move |wids| {
                of(wids.attack_type.as_ref()) == attack
                    && of(wids.level.as_ref()) == level
                    && of(wids.radio_band.as_ref()) != band
                    && of(wids.description.as_ref()).contains("00 frames")
            }),
        ),
        1 => {
            let levels = ["high".to_owned(), "critical".to_owned()];
            let word = attack.rsplit('_').next().unwrap_or(attack);
            (
                vec![
                    clause("detected_ap", is(&ap)),
                    clause("level", Test::OneOf(levels.to_vec())),
                    clause("attack_type", Test::Contains(word.into())),
                    clause("radio_band", is(band)),
                ],
                Box::new(move |wids| {
                    let level = of(wids.level.as_ref());
                    of(wids.detected_ap.as_ref()) == ap
                        && (level == "high" || level == "critical")
                        && of(wids.attack_type.as_ref()).contains(word)
                        && of(wids.radio_band.as_ref()) == band
                }),
            )
        }
        _ => {
            let tail = ap[ap.len() - 1..].to_owned();
            (
                vec![
                    clause("event_type", is(class)),
                    clause("attack_type", is(attack)),
                    clause("detected_ap", Test::EndsWith(tail.clone())),
                    clause("level", is_not("low")),
                ],
                Box::new(move |wids| {
                    of(wids.event_type.as_ref()) == class
                        && of(wids.attack_type.as_ref()) == attack
                        && of(wids.detected_ap.as_ref()).ends_with(&tail)
                        && of(wids.level.as_ref()) != "low"
                }),
            )
        }
    };
    Rule { kind: Kind::Wids, clauses, native: Native::Wids(native) }
}

fn rogue(rng: &mut Rng, campus: &Campus) -> Rule {
    let (ssid, vendor) = (one(rng, &SSIDS), one(rng, &VENDORS));
    let class = rng.u32(..4);
    let (clauses, native): (_, Condition<security::RogueEvent>) = match rng.u8(..3) {
        0 => {
            let encryption = rng.u32(..4);
            (
                vec![
                    clause("ssid", is(ssid)),
                    clause("classification", Test::Equals(class.into())),
                    clause("encryption", Test::Equals(encryption.into())),
                    clause("containment_status", is("contained")),
                ],
                Box::new(move |rogue| {
                    of(rogue.ssid.as_ref()) == ssid
                        && rogue.classification == class
                        && rogue.encryption == Some(encryption)
                        && of(rogue.containment_status.as_ref()) == "contained"
                }),
            )
        }
        1 => {
            let name = &campus.ap(rng.usize(..48)).name;
            let floor = name[..name.len() - 2].to_owned();
            (
                vec![
                    clause("mac_vendor", Test::Contains(vendor.name.into())),
                    clause("last_det_device", Test::StartsWith(floor.clone())),
                    clause("classification", Test::Above(1)),
                    clause("encryption", Test::Below(3)),
                ],
                Box::new(move |rogue| {
                    of(rogue.mac_vendor.as_ref()).contains(vendor.name)
                        && of(rogue.last_det_device.as_ref()).starts_with(&floor)
                        && rogue.classification > 1
                        && rogue.encryption.unwrap_or_default() < 3
                }),
            )
        }
        _ => (
            vec![
                clause("rogue_id", Test::StartsWith(crate::wire::mac_text(&vendor.oui))),
                clause("lan_mac", Test::StartsWith(crate::wire::mac_text(&vendor.oui[..2]))),
                clause("ssid", is_not(ssid)),
                clause("classification", Test::Equals(class.into())),
            ],
            {
                let lan = crate::wire::mac_text(&vendor.oui[..2]);
                Box::new(move |rogue| {
                    rogue.rogue_id.addr.starts_with(&vendor.oui)
                        && of(rogue.lan_mac.as_ref()).starts_with(&lan)
                        && of(rogue.ssid.as_ref()) != ssid
                        && rogue.classification == class
                })
            },
        ),
    };
    Rule { kind: Kind::Rogue, clauses, native: Native::Rogue(native) }
}

fn audit(rng: &mut Rng) -> Rule {
    let (data, _) = one(rng, &CHANGES);
    let (person, group) = (one(rng, &PEOPLE), one(rng, &GROUPS));
    let (clauses, native): (_, Condition<AuditMessage>) = match rng.u8(..2) {
        0 => (
            vec![
                clause("data", is(data)),
                clause("username", is(person)),
                clause("group_name", is_not(group)),
                clause("detailed_data", Test::Contains("scheduled: no".into())),
            ],
            Box::new(move |audit| {
                let (said, detailed) = details(audit);
                said == data
                    && audit.username == person
                    && audit.group_name != group
                    && detailed.contains("scheduled: no")
            }),
        ),
        _ => {
            let subject = data.split(' ').next().unwrap_or(data);
            (
                vec![
                    clause("data", Test::StartsWith(subject.into())),
                    clause("client_ip", Test::StartsWith("203.0.113.".into())),
                    clause("username", Test::EndsWith("@campus.example".into())),
                    clause("group_name", is(group)),
                ],
                Box::new(move |audit| {
                    details(audit).0.starts_with(subject)
                        && audit.client_ip.addr.as_ref().is_some_and(|octets| octets.starts_with(&[203, 0, 113]))
                        && audit.username.ends_with("@campus.example")
                        && audit.group_name == group
                }),
            )
        }
    };
    Rule { kind: Kind::Audit, clauses, native: Native::Audit(native) }
}

fn presence(rng: &mut Rng, campus: &Campus) -> Rule {
    let (strong, quiet, young) = (-rng.i32(43..51), rng.u32(89..93), rng.u32(6..16));
    let associated = rng.bool();
    let ap = campus.ap(rng.usize(..48)).serial.clone();
    let (clauses, native): (_, Condition<Rssi>) = match rng.u8(..3) {
        0 => (
            vec![
                clause("device_id", is(&ap)),
                clause("rssi_val", Test::Above(i64::from(strong) - 12)),
                clause("noise_floor", Test::Below(i64::from(quiet) + 2)),
                clause("age", Test::Below(i64::from(young) * 2)),
            ],
            Box::new(move |rssi| {
                of(rssi.device_id.as_ref()) == ap
                    && rssi.rssi_val.unwrap_or_default() > strong - 12
                    && rssi.noise_floor.unwrap_or_default() < quiet + 2
                    && rssi.age.unwrap_or_default() < young * 2
            }),
        ),
        _ => (
            vec![
                clause("rssi_val", Test::Above(strong.into())),
                clause("noise_floor", Test::Below(quiet.into())),
                clause("associated", Test::Truth(associated)),
                clause("age", Test::Below(young.into())),
            ],
            Box::new(move |rssi| {
                rssi.rssi_val.unwrap_or_default() > strong
                    && rssi.noise_floor.unwrap_or_default() < quiet
                    && rssi.associated.unwrap_or_default() == associated
                    && rssi.age.unwrap_or_default() < young
            }),
        ),
    };
    Rule { kind: Kind::Rssi, clauses, native: Native::Rssi(native) }
}
