//! Reading, running and comparing cases.

#![allow(clippy::unwrap_used)] // a test may

use std::time::Duration;

use proptest::prelude::*;

use super::{Side, Verdict, event::RESERVED, parse, run};
use crate::{
    event::{Value, catalogue},
    functions::Lists,
    rules::RuleText,
};

/// An occurrence that reminds; `constants` may say more.
fn rule(constants: &str) -> RuleText {
    let text = format!(
        "const ON = \"security.wids\";\nconst REMIND = \"10m\";\n{constants}\n\
         fn when(event) {{ event.level == \"high\" }}\nfn key(event) {{ event.detected_ap }}\n\
         fn title(event) {{ `Attack [${{event.detected_ap}}]` }}\n"
    );
    RuleText { name: "attack".into(), text, enabled: true }
}

fn verdicts(rule: &RuleText, text: &str) -> Vec<Verdict> {
    let (cases, findings) = parse(text, &[catalogue::kind("security.wids").unwrap()]);
    assert_eq!(findings, [], "{text}");
    cases.cases.iter().map(|case| run(rule, &Lists::default(), &cases, case)).collect()
}

fn verdict(rule: &RuleText, text: &str) -> Verdict {
    verdicts(rule, &format!("[[case]]\nname = \"x\"\n{text}")).remove(0)
}

/// What happened, as `+ 10m fires CN01`.
fn story(verdict: &Verdict) -> Vec<String> {
    let sign = |side| match side {
        Side::Both => ' ',
        Side::Missing => '-',
        Side::Unexpected => '+',
    };
    let at = |at: Option<Duration>| at.map_or(String::new(), |at| at.as_secs().to_string());
    let line = |line: &super::Line| format!("{} {} {} {}", sign(line.side), at(line.at), line.what.name(), line.key);
    verdict.story.iter().map(line).collect()
}

const HIGH: &str = "level = \"high\", detected_ap = \"CN01\"";

#[test]
fn no_field_is_hidden_by_a_word_of_cases() {
    for kind in catalogue::kinds() {
        for field in kind.fields {
            assert!(!RESERVED.contains(&field.name), "{}.{}", kind.name, field.name);
        }
    }
}

#[test]
fn time_goes_by_as_it_is_told() {
    for events in [
        format!("[{{ {HIGH} }}, {{ at = \"15m\", {HIGH} }}]"),
        format!("[{{ {HIGH} }}, {{ advance = \"10m\" }}, {{ advance = \"5m\" }}, {{ {HIGH} }}]"),
        format!("[{{ {HIGH}, times = 2, every = \"15m\" }}]"),
    ] {
        // A match exactly at the end still belongs to the alert; timers due at the end of the case run.
        let verdict = verdict(&rule(""), &format!("events = {events}\nadvance = \"15m\"\nexpect = \"nothing\""));
        assert_eq!(story(&verdict), ["+ 0 fires CN01", "+ 900 reminds CN01", "+ 1800 resolves CN01"], "{events}");
        assert!(!verdict.passed);
    }
    let verdict = verdict(&rule(""), &format!("events = [{{ {HIGH} }}]\nadvance = \"14m59s\"\nexpect = []"));
    assert_eq!(story(&verdict), ["+ 0 fires CN01"]);
}

#[test]
fn only_what_is_expected_in_that_order_passes() {
    let two = format!("events = [{{ {HIGH} }}, {{ at = \"1m\", level = \"high\", detected_ap = \"CN02\" }}]\n");
    for (expect, passes) in [
        ("[{ fires = \"CN01\" }, { fires = \"CN02\" }]", true),
        ("[{ fires = \"CN0?\" }, { at = \"1m\", fires = \"*\" }]", true),
        // A title with brackets is itself, and not only a pattern.
        ("[{ fires = \"*\", title = \"Attack [CN01]\", severity = \"warning\" }, { fires = \"*\" }]", true),
        ("[{ fires = \"CN02\" }, { fires = \"CN01\" }]", false),
        ("[{ fires = \"CN01\" }]", false),
        ("[{ fires = \"CN01\" }, { fires = \"CN02\" }, { fires = \"CN03\" }]", false),
        ("[{ fires = \"CN01\" }, { reminds = \"CN02\" }]", false),
        ("[{ fires = \"CN01\", at = \"1s\" }, { fires = \"CN02\" }]", false),
        ("[{ fires = \"CN01\", title = \"Attack\" }, { fires = \"CN02\" }]", false),
        ("[{ fires = \"CN01\", body = \"?\" }, { fires = \"CN02\" }]", false),
        ("[{ fires = \"CN01\", severity = \"info\" }, { fires = \"CN02\" }]", false),
        ("\"nothing\"", false),
    ] {
        assert_eq!(verdict(&rule(""), &format!("{two}expect = {expect}")).passed, passes, "{expect}");
    }
}

#[test]
fn what_happened_otherwise_stands_below_what_was_expected() {
    let text = format!(
        "events = [{{ {HIGH}, times = 2, every = \"10m\" }}]\n\
         expect = [{{ at = \"1m\", fires = \"CN01\" }}, {{ at = \"11m\", reminds = \"CN01\" }}, {{ resolves = \"*\" }}]"
    );
    let expected = ["- 60 fires CN01", "+ 0 fires CN01", "- 660 reminds CN01", "+ 600 reminds CN01", "-  resolves *"];
    assert_eq!(story(&verdict(&rule(""), &text)), expected);
}

#[test]
fn another_order_is_said_to_be_that() {
    let ends = "fn resolved(event) { event.level == \"low\" }";
    let events =
        format!("events = [{{ {HIGH} }}, {{ at = \"1m\", level = \"low\", detected_ap = \"CN01\" }}]\nexpect = ");
    for (expect, said) in [
        ("[{ resolves = \"CN01\" }, { fires = \"CN01\" }]", true),
        ("[{ fires = \"CN01\" }, { resolves = \"CN01\" }]", false),
        ("[{ fires = \"CN01\" }, { fires = \"CN02\" }]", false),
    ] {
        let verdict = verdict(&rule(ends), &format!("{events}{expect}"));
        assert_eq!(verdict.notes.iter().any(|note| note.contains("another order")), said, "{expect} {verdict:?}");
    }
}

#[test]
fn a_rule_that_runs_away_or_fails_does_not_pass() {
    let runaway = "fn resolved(event) { let n = 0; while true { n += 1; } false }";
    let fails = "fn resolved(event) { throw \"no\" }";
    for (constants, words) in [(runaway, "ran away"), (fails, "failed")] {
        let verdict = verdict(&rule(constants), "events = [{ level = \"low\" }]\nexpect = \"nothing\"");
        assert!(!verdict.passed, "{constants}");
        assert!(verdict.notes.iter().any(|note| note.contains(words)), "{:?}", verdict.notes);
    }
}

#[test]
fn what_would_never_end_ends() {
    let reminds = "const REMIND = \"1s\";\nfn resolved(event) { event.level == \"low\" }";
    let rule = RuleText { text: rule("").text.replace("const REMIND = \"10m\";", reminds), ..rule("") };
    let verdict = verdict(&rule, &format!("events = [{{ {HIGH} }}]\nadvance = \"90d\"\nexpect = \"nothing\""));
    assert!(!verdict.passed && verdict.story.len() < 1_100, "{}", verdict.story.len());
    assert!(verdict.notes.iter().any(|note| note.contains("More than 1000")), "{:?}", verdict.notes);
    // In one row, too.
    let many = format!("events = [{{ {HIGH}, times = 10_001 }}]\nexpect = []");
    let (_, findings) = parse(&format!("[[case]]\nname = \"x\"\n{many}"), &[catalogue::kind("security.wids").unwrap()]);
    assert_eq!(findings[0].code, "too-many");
}

#[test]
fn every_field_of_every_kind_can_be_written() {
    use crate::event::{Field, FieldType};
    fn sample(ty: FieldType, field: &Field) -> String {
        match ty {
            FieldType::Bool => "true".into(),
            FieldType::Int => "-7".into(),
            FieldType::Float => "1.5".into(),
            FieldType::Text => "'x'".into(),
            FieldType::Mac => "'D807.b65e.1c40'".into(),
            FieldType::Address => "'2001:DB8::1'".into(),
            FieldType::Enum => format!("'{}'", field.values[0]),
            FieldType::List => format!("[{0}, {0}]", sample(field.item.unwrap(), field)),
            FieldType::Map => {
                let parts: Vec<String> =
                    field.fields.iter().map(|part| format!("{} = {}", part.name, sample(part.ty, part))).collect();
                format!("{{ {} }}", parts.join(", "))
            }
        }
    }
    for kind in catalogue::kinds() {
        let fields: Vec<String> =
            kind.fields.iter().map(|field| format!("{} = {}", field.name, sample(field.ty, field))).collect();
        let text = format!("[[case]]\nname = 'x'\nevents = [{{ {} }}]\nexpect = []", fields.join(", "));
        let (cases, findings) = parse(&text, &[kind]);
        assert_eq!(findings, [], "{text}");
        let event = &cases.cases[0].events[0].event;
        for (field, value) in kind.fields.iter().zip(&event.values) {
            assert!(!value.is_absent(), "{}.{}", kind.name, field.name);
            if field.ty == FieldType::Mac {
                assert_eq!(*value, Value::from("d8:07:b6:5e:1c:40"));
            }
        }
    }
}

/// The codes of what is wrong with a text, in order.
fn codes(text: &str) -> Vec<String> {
    parse(text, &[]).1.into_iter().map(|finding| finding.code).collect()
}

#[test]
fn mistakes_are_found_all_at_once() {
    assert_eq!(codes(""), ["no-cases"]);
    assert_eq!(codes("a = ["), ["syntax"]);
    assert_eq!(codes("case = 7"), ["wrong-type"]);
    assert_eq!(codes("[case]"), ["wrong-type"]);
    assert_eq!(codes("[[case]]"), ["missing-key", "missing-key"]);
    let case = |rest: &str| codes(&format!("[[case]]\nname = 'x'\n{rest}"));
    assert_eq!(case("expect = 'something'"), ["wrong-type"]);
    assert_eq!(
        case("expect = []\nstart = 'noon'\nzone = 'Mars'\nkind = 'security.rouge'"),
        ["bad-value", "bad-value", "unknown-kind"]
    );
    assert_eq!(case("expect = []\nevents = [{}, { kind = 'x' }]"), ["missing-key", "unknown-kind"]);
    let wids = |fields: &str| case(&format!("kind = 'security.wids'\nexpect = []\nevents = [{fields}]"));
    assert_eq!(
        wids("{ attack_typ = 1 }, { level = 4 }, { at = '1h' }, { at = '1m' }"),
        ["unknown-field", "bad-value", "order"]
    );
    assert_eq!(
        wids("{ advance = '1x' }, { advance = '1s', level = 'x' }, { times = 0 }, { every = 5 }"),
        ["bad-duration", "unknown-key", "bad-value", "wrong-type"]
    );
    assert_eq!(
        case("expect = [{}, { fires = 'a', resolves = 'a' }, { fire = 'a' }, 7, { fires = 7 }]"),
        ["missing-key", "bad-value", "unknown-key", "wrong-type", "wrong-type"]
    );
    assert_eq!(case("expect = []\n[[case]]\nname = 'x'\nexpect = []"), ["duplicate-name"]);
    assert_eq!(codes("[lists]\na = 7\nb = [7]\n[[case]]\nname = 'x'\nexpect = []"), ["wrong-type", "wrong-type"]);
}

#[test]
fn a_case_with_a_mistake_does_not_keep_the_others_from_running() {
    let good = |name: &str| format!("[[case]]\nname = '{name}'\nexpect = []\n");
    for (bad, code, line) in [
        ("[[case]]\nname = 'b'\nexpct = []\nexpect = []\n", "unknown-key", 6),
        ("[[case]]\nname = 'b'\nexpect = [\n\n", "syntax", 6),
        ("[[case]]\nname = 'b' 'é'\nexpect = []\n", "syntax", 5),
        ("[[ case ]]\nname = 'b\nexpect = []\n", "syntax", 5),
        ("[[case]]\nname = 'a'\nexpect = []\n", "duplicate-name", 4),
        ("[[case]]\nname = 'b'\nname = 'b'\nexpect = []\n", "syntax", 6),
    ] {
        let text = format!("{}{bad}{}", good("a"), good("c"));
        let (cases, findings) = parse(&text, &[]);
        let [finding] = &findings[..] else { panic!("{text}: {findings:?}") };
        assert_eq!((finding.code.as_str(), finding.span.line), (code, line), "{text}");
        let names: Vec<_> = cases.cases.iter().map(|case| (case.name.as_str(), case.line)).collect();
        assert_eq!(names, [("a", 1), ("c", u32::try_from(4 + bad.matches('\n').count()).unwrap())], "{text}");
    }
    // What stands outside of the cases holds for all of them.
    for outside in ["[list]\nx = ['y']\n", "[lists]\nx = 7\n", "[lists]\nx = [\n", "x = [\n"] {
        let (cases, findings) = parse(&format!("{outside}{}", good("a")), &[]);
        assert!(cases.cases.is_empty() && findings.len() == 1, "{outside}: {findings:?}");
    }
}

#[test]
fn a_mistake_is_shown_where_it_is() {
    let text = "[[case]]\nname = 'ü'\nkind = 'security.wids'\nexpect = []\nevents = [{ level = 'é', levle = 1 }]\n";
    let (_, findings) = parse(text, &[]);
    let [finding] = &findings[..] else { panic!("{findings:?}") };
    assert_eq!((finding.span.line, finding.span.column, finding.span.end_column), (5, 26, 31));
    assert!(finding.help.contains("level"), "{}", finding.help);
}

proptest! {
    #[test]
    fn no_text_stops_the_reader(text in "\\PC{0,200}", at in 0_usize..400, cut in 0_usize..40) {
        parse(&text, &[]);
        let good = "[lists]\na = ['b']\n[[case]]\nname = 'x'\nkind = 'monitoring.notification'\nadvance = '1h'\n\
                    events = [{ extra = [{ key = 'a', value = 'b' }], timestamp = 5, times = 2 }]\n\
                    expect = [{ fires = '*' }]\n";
        let start = good.floor_char_boundary(at.min(good.len()));
        let end = good.floor_char_boundary((start + cut).min(good.len()));
        let mut strange = good.to_owned();
        strange.replace_range(start..end, &text);
        parse(&strange, &[]);
    }
}

#[test]
fn silence_is_told_in_a_case() {
    let text = "const ON = \"security.wids\";\nconst SILENT_FOR = \"15m\";\nconst FORGET_AFTER = \"1h\";\n\
        fn when(event) { event.level == \"high\" }\nfn key(event) { event.detected_ap }\n\
        fn expected() { list(\"sensors\") }\n\
        fn title(event) { if event == () { \"never\" } else { `${event.detected_ap} is silent` } }\n";
    let rule = RuleText { name: "silent".into(), text: text.into(), enabled: true };
    let file = "[lists]\nsensors = [\"s1\", \"s2\"]\n[[case]]\nname = \"x\"\n\
        events = [{ at = \"5m\", detected_ap = \"s1\", level = \"high\" }, { at = \"6m\", detected_ap = \"s2\", level = \"low\" }, \
        { at = \"30m\", detected_ap = \"s1\", level = \"high\" }]\nadvance = \"2h\"\n\
        expect = [{ at = \"15m\", fires = \"s2\", title = \"never\" }, { at = \"20m\", fires = \"s1\", title = \"s1 is silent\" }, \
        { at = \"30m\", resolves = \"s1\" }, { at = \"45m\", fires = \"s1\" }, { at = \"1h30m\", resolves = \"s1\" }]\n";
    let verdict = verdicts(&rule, file).remove(0);
    assert!(verdict.passed, "{:?} {:?}", story(&verdict), verdict.notes);
}
