#![allow(clippy::unwrap_used, clippy::expect_used)] // a test fails by panicking

use std::collections::BTreeSet;

use jiff::civil::date;

use super::*;

fn script(seed: u64) -> Script {
    let zone = TimeZone::UTC;
    Script::new(seed, date(2026, 3, 2).at(14, 0, 0, 0).to_zoned(zone.clone()).unwrap().timestamp(), zone)
}

fn until(seconds: u64) -> Vec<Cue> {
    script(1).take_while(|cue| cue.at < Duration::from_secs(seconds)).collect()
}

fn holds(cue: &Cue, text: &str) -> bool {
    cue.frame.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn the_same_seed_tells_the_same_octets() {
    let first = script(5).take(2_000).collect::<Vec<_>>();
    assert_eq!(first, script(5).take(2_000).collect::<Vec<_>>());
    assert_ne!(first, script(6).take(2_000).collect::<Vec<_>>());
}

#[test]
fn cues_come_in_order() {
    let cues = until(2 * LAP);
    assert!(cues.is_sorted_by_key(|cue| cue.at));
}

#[test]
fn every_topic_speaks_and_the_three_that_matter_do_so_within_ten_seconds_at_any_time() {
    let cues = until(2 * LAP);
    for topic in Topic::ALL {
        let times = cues.iter().filter(|cue| cue.topic == topic).map(|cue| cue.at).collect::<Vec<_>>();
        let limit = match topic {
            Topic::Security | Topic::Audit | Topic::Presence => 9,
            _ => 30,
        };
        let mut last = Duration::ZERO;
        for time in times {
            assert!(
                time.saturating_sub(last) <= Duration::from_secs(limit),
                "{topic} is silent from {last:?} to {time:?}"
            );
            last = time;
        }
    }
}

#[test]
fn every_act_is_on_within_four_minutes_and_the_first_within_twelve_seconds() {
    let cues = until(241);
    for (text, latest) in [
        ("eduroam", 5),
        ("detect_ap_spoofing", 12),
        ("Admin login failed", 13),
        ("d8:07:b6:5e:1c:80", 39),
        ("Firmware upgrade started", 51),
        ("detect_deauth_broadcast", 71),
        ("WLAN deleted", 103),
        ("AP_DISCONNECTED", 121),
        ("Device removed", 161),
        ("is connected again", 186),
        ("Admin added", 201),
        ("WLAN changed", 241),
    ] {
        let first = cues.iter().find(|cue| holds(cue, text)).unwrap_or_else(|| panic!("no {text}"));
        assert!(first.at <= Duration::from_secs(latest), "{text} comes at {:?}", first.at);
    }
    let watched = super::super::campus::WATCHED;
    assert!(cues.iter().any(|cue| cue.frame.windows(6).any(|octets| octets == watched)));
}

#[test]
fn the_deauthentication_attack_swells_and_ends() {
    let cues = until(LAP);
    let per_second = |from: u64, to: u64| {
        let span = Duration::from_secs(from)..Duration::from_secs(to);
        cues.iter().filter(|cue| span.contains(&cue.at) && holds(cue, "detect_deauth")).count() as f64
            / (to - from) as f64
    };
    assert!(per_second(70, 82) < per_second(94, 102) && per_second(94, 102) < per_second(102, 116));
    assert!(per_second(116, 131) < per_second(102, 116));
    assert!(per_second(131, 300) < f64::EPSILON);
}

#[test]
fn each_lap_has_another_intruder() {
    let cues = script(1).take_while(|cue| cue.at < Duration::from_secs(3 * LAP)).collect::<Vec<_>>();
    let wired = (0..3u8)
        .filter(|lap| cues.iter().any(|cue| holds(cue, &format!("d8:07:b6:5e:1c:{:02x}", 0x80 + lap))))
        .collect::<BTreeSet<_>>();
    assert_eq!(wired.len(), 3);
}

#[test]
fn firmware_is_never_pushed_inside_its_window() {
    use crate::decode::wire::{audit::AuditMessage, streaming::MsgProto};
    use prost::Message;
    for hour in 0..24 {
        let start = date(2026, 3, 2).at(hour, 30, 0, 0).to_zoned(TimeZone::UTC).unwrap().timestamp();
        let cue = Script::new(1, start, TimeZone::UTC).find(|cue| holds(cue, "Firmware upgrade started")).unwrap();
        let message = AuditMessage::decode(MsgProto::decode(cue.frame).unwrap().data.as_slice()).unwrap();
        let time = Timestamp::from_second(message.timestamp.unwrap().into()).unwrap();
        assert!(!(2..4).contains(&time.to_zoned(TimeZone::UTC).hour()), "{time}");
    }
}
