//! Whole frames held to their records one by one in plain Rhai: what is sifted side by side is what each record says.

use jiff::{Timestamp, tz::TimeZone};
use tocsin::{
    decode,
    rules::{Outcome, RuleSet, RuleText, Sifted},
    simulator::story::Script,
};

use crate::{compile, sound};

/// Of one frame, in order: the record's place and what came of it.
type Came = Vec<(u32, Outcome)>;

fn sifted(set: &mut RuleSet, look: &decode::Look, now: Timestamp, sifted: &mut Sifted) -> Came {
    set.sift(look.runs(), sifted);
    let mut came = Came::new();
    for left in sifted.left() {
        let record = look.glance(left.place()).unwrap();
        came.extend(set.evaluate_left(&record, sifted, left, now).into_iter().map(|outcome| (left.place(), outcome)));
    }
    came
}

fn one_by_one(set: &mut RuleSet, look: &decode::Look, now: Timestamp) -> Came {
    let evaluated = look.glances().zip(0..).map(|(record, place)| (place, set.evaluate(&record, now)));
    evaluated.flat_map(|(place, outcomes)| outcomes.into_iter().map(move |outcome| (place, outcome))).collect()
}

/// A few rules on each kind, which stand in one word, or on one kind so many that they need three.
fn texts(many: bool, chance: &mut fastrand::Rng) -> Vec<RuleText> {
    let kinds = tocsin::event::catalogue::kinds();
    let one = tocsin::event::catalogue::kind(["presence.rssi", "security.rogue"][chance.usize(..2)]).unwrap();
    let kind = |number: usize| if many { one } else { &kinds[number % kinds.len()] };
    let rule = |number| RuleText { name: format!("r{number:03}"), text: sound(kind(number), chance), enabled: true };
    (0..if many { 150 } else { 90 }).map(rule).collect()
}

#[test]
fn a_frame_is_what_its_records_are() {
    let mut chance = fastrand::Rng::with_seed(4);
    let start: Timestamp = "2026-11-24T08:00:00Z".parse().unwrap();
    let (mut records, mut several, mut outcomes, mut passed) = (0, 0, 0, 0);
    for round in 0..4 {
        let texts = texts(round % 2 == 1, &mut chance);
        let (mut lowered, mut alone, mut plain) = (compile(&texts), compile(&texts), compile(&texts).in_plain_rhai());
        let mut room = Sifted::default();
        for (cue, seq) in Script::new(round, start, TimeZone::UTC).take(150).zip(1..) {
            let now = start + cue.at;
            let look = decode::look(Some(cue.topic), seq, now, &cue.frame).unwrap();
            let came = sifted(&mut lowered, &look, now, &mut room);
            passed += room.left().count();
            assert_eq!(came, one_by_one(&mut alone, &look, now), "frame {seq} of {round}, one by one");
            assert_eq!(came, one_by_one(&mut plain, &look, now), "frame {seq} of {round}, in plain Rhai");
            records += look.len();
            several += usize::from(look.len() > 1);
            outcomes += came.len();
        }
    }
    // It has teeth only if frames have several records, some are sifted out, and something comes of others.
    assert!(several > 50 && passed > 100 && passed < records, "{passed} of {records} records, {several} frames");
    assert!(outcomes > 500, "{outcomes}");
}
