//! Useful or noise: said of an alert that fires or is over, changed, and taken back.

use super::{Tried, minutes, state};
use crate::{
    alert::{AlertId, Judge, Judged, Signal, Verdict},
    rules::{Policy, Severity},
};

fn judge(alert: AlertId, verdict: Option<Verdict>) -> Signal {
    let (rule, key, title) = ("r".into(), "k".into(), "Title 1".into());
    Signal::Judge(Judge { alert, verdict, rule, key, severity: Severity::Warning, title })
}

#[test]
fn a_verdict_is_kept_changed_and_taken_back_and_changes_nothing_else() {
    let mut tried = Tried::new(Policy { remind: vec![minutes(10)], ..state() });
    tried.matches("8:00");
    let alert = tried.alert();
    let said = |tried: &Tried| tried.lifecycle.alerts().next().unwrap().judged;
    for (time, verdict) in [
        ("8:01", Some(Verdict::Useful)),
        ("8:02", Some(Verdict::Useful)),
        ("8:03", Some(Verdict::Noise)),
        ("8:04", None),
        ("8:05", None),
        ("8:06", Some(Verdict::Noise)),
    ] {
        tried.signal(time, judge(alert.clone(), verdict));
        assert_eq!(said(&tried).map(|judged| judged.verdict), verdict, "{time}");
    }
    assert_eq!(said(&tried), Some(Judged { verdict: Verdict::Noise, at: super::at("8:06") }));
    tried.until("8:10").resolves("8:20");
    assert_eq!(
        tried.story(),
        [
            "8:00:00 fired",
            "8:00:00 notified",
            "8:01:00 marked-useful",
            "8:03:00 marked-noise",
            "8:04:00 unmarked",
            "8:06:00 marked-noise",
            "8:10:00 reminded",
            "8:10:00 notified",
            "8:20:00 resolved over",
        ]
    );
    // The record that is kept after its end has it, and what begins anew has not.
    let kept = tried.lifecycle.take_saved().records;
    assert_eq!(kept[0].judged.map(|judged| judged.verdict), Some(Verdict::Noise));
    tried.matches("8:30");
    assert_eq!(said(&tried), None);
}

#[test]
fn what_is_over_can_be_judged_and_what_has_not_fired_cannot() {
    let mut tried = Tried::new(Policy { hold: Some(minutes(5)), ..state() });
    tried.matches("8:00");
    let alert = tried.alert();
    tried.signal("8:01", judge(alert.clone(), Some(Verdict::Noise))).until("8:05").resolves("8:06");
    assert_eq!(tried.story()[1..], ["8:05:00 fired", "8:05:00 notified", "8:06:00 resolved over"]);
    tried.signal("9:00", judge(alert.clone(), Some(Verdict::Noise)));
    let change = tried.changes.last().unwrap();
    assert_eq!((change.change.name(), &change.alert, &*change.key), ("marked-noise", &alert, "k"));
}
