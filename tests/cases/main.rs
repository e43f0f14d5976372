//! `tocsin test`: the shipped rules' cases, what they would notice, and what the command says.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may")]

mod verdict;
mod window;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tocsin::{
    cases::{Tested, find, run_all, run_all_covered},
    rules::Folder,
};

const RULES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");

fn tocsin(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tocsin")).arg("test").args(arguments).current_dir(folder).output().unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_shipped_rule_has_cases_of_both_natures_and_passes_them() {
    let tested = run_all_covered(&find(Path::new(RULES)).unwrap());
    for rule in &tested {
        let missing: Vec<_> = rule.coverage.missing().collect();
        assert!(missing.is_empty() && !rule.coverage.clauses.is_empty(), "{}: {missing:#?}", rule.rule);
        assert!(rule.has_cases, "{}", rule.rule);
        assert_eq!(rule.findings, [], "{}", rule.rule);
        for verdict in &rule.verdicts {
            assert!(verdict.passed, "{}: {verdict:#?}", rule.rule);
        }
        assert!(rule.verdicts.iter().any(|verdict| !verdict.story.is_empty()), "{} never fires", rule.rule);
        assert!(rule.verdicts.iter().any(|verdict| verdict.story.is_empty()), "{} is never silent", rule.rule);
    }
    assert_eq!(tested.len(), Folder::new(RULES).load().rules.len());
}

/// Each rule with one thing in it changed: its cases notice.
#[test]
fn cases_notice_what_changes_in_a_rule() {
    let all = find(Path::new(RULES)).unwrap();
    let mut unnoticed = Vec::new();
    for beside in &all {
        let rule = beside.rule.as_ref().unwrap();
        let when = rule.text.find("fn when(event)").unwrap();
        let brace = when + rule.text[when..].find('{').unwrap() + 1;
        let answer = |answer| format!("{} return {answer}; {}", &rule.text[..brace], &rule.text[brace..]);
        let mut changed = vec![("always", answer(true)), ("never", answer(false))];
        // Clauses turned around, one after the other.
        for (place, _) in rule.text.match_indices("&& ") {
            changed.push(("or", format!("{}||{}", &rule.text[..place], &rule.text[place + 2..])));
        }
        for (place, _) in rule.text.match_indices("|| ") {
            changed.push(("and", format!("{}&&{}", &rule.text[..place], &rule.text[place + 2..])));
        }
        for (what, text) in changed {
            let mut beside = beside.clone();
            beside.rule.as_mut().unwrap().text = text;
            let tested = run_all(&[beside]).remove(0);
            assert_eq!(tested.findings, [], "{} ({what})", tested.rule);
            if tested.verdicts.iter().all(|verdict| verdict.passed) {
                unnoticed.push(format!("{} ({what})", tested.rule));
            }
        }
    }
    assert!(unnoticed.is_empty(), "{unnoticed:#?}");
}

const RULE: &str = "const ON = \"security.wids\";\nfn when(event) { event.level == \"high\" }\nfn key(event) { event.detected_ap }\nfn title(event) { \"Attack\" }\n";

#[test]
fn a_failure_is_read_at_a_glance() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.rhai"), RULE).unwrap();
    fs::write(folder.path().join("lone.rhai"), RULE).unwrap();
    let cases = "[[case]]\nname = \"rings \\u001B[31m\"\nevents = [{ level = \"high\", detected_ap = \"CN01\" }]\nadvance = \"15m\"\n\
                 expect = [{ at = \"1m\", fires = \"CN01\" }, { resolves = \"CN01\" }]\n\
                 [[case]]\nname = \"is silent\"\nevents = [{ level = \"low\" }]\nexpect = \"nothing\"\n";
    fs::write(folder.path().join("a.toml"), cases).unwrap();
    let output = tocsin(folder.path(), &["."]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "failed: a: rings \\u{1b}[31m\n  --> ./a.toml:1\n  -  1m  fires     CN01\n  +  0s  fires     CN01  Attack\n    \
                    15m  resolves  CN01  Attack\n    (- expected, did not happen; + happened, was not expected)\n\n";
    assert_eq!(out(&output), expected);
    assert!(said(&output).contains("Without cases: lone.") && said(&output).contains("2 cases: 1 failed."));

    let output = tocsin(folder.path(), &["--format", "json", "a.toml"]);
    assert_eq!(output.status.code(), Some(1));
    let lines: Vec<serde_json::Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[0]["passed"], false);
    assert_eq!(lines[0]["story"][0]["side"], "missing");
    assert_eq!(
        lines[0]["story"][1],
        serde_json::json!({
            "side": "unexpected", "at": "0s", "what": "fires", "key": "CN01", "title": "Attack",
            "body": lines[0]["story"][1]["body"], "severity": "warning"
        })
    );
    assert_eq!(
        lines[1],
        serde_json::json!({
            "file": "a.toml", "rule": "a", "case": "is silent", "line": 6, "passed": true, "story": [], "notes": []
        })
    );
    // A rule, named by itself.
    assert_eq!(tocsin(folder.path(), &["a.rhai"]).status.code(), Some(1));
    assert_eq!(tocsin(folder.path(), &["lone.rhai"]).status.code(), Some(0));
}

#[test]
fn what_does_nothing_is_told_and_the_case_runs() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let events =
        "events = [{ level = \"high\", detected_ap = \"CN01\", every = \"1m\" }]\nexpect = [{ fires = \"CN01\" }]\n";
    put("every.rhai", RULE);
    put("every.toml", &format!("[[case]]\nname = \"a\"\n{events}"));
    let silent = "[[case]]\nname = \"a\"\nexpect = \"nothing\"\n";
    put("list.rhai", &RULE.replace("event.level ==", "in_list(\"our-aps\", event.detected_ap) || event.level =="));
    put("list.toml", &format!("[lists]\nour-aps = [\"CN01\"]\nour-app = []\nnobody = []\n{silent}"));
    // A name that is put together may be any.
    put(
        "any.rhai",
        &RULE.replace("event.level ==", "in_list(`aps-${event.level}`, event.detected_ap) || event.level =="),
    );
    put("any.toml", &format!("[lists]\naps-high = []\n{silent}"));
    let none = silent.replace("expect", "events = []\nexpect");
    put("none.rhai", RULE);
    put("none.toml", &format!("{none}{}advance = \"1h\"\n", none.replace("\"a\"", "\"b\"")));
    let output = tocsin(folder.path(), &["."]);
    assert_eq!(output.status.code(), Some(1));
    let told: Vec<String> = out(&output).lines().filter(|line| !line.contains('|')).map(str::to_owned).collect();
    let expected = [
        "warning[no-effect]: every does nothing without times: the event comes once.",
        "  --> ./every.toml:3:59",
        "   = help: Write times = 5 beside it, or take it out.",
        "",
        "warning[no-effect]: The rule does not ask for a list \"our-app\".",
        "  --> ./list.toml:3:1",
        "   = help: Did you mean our-aps?",
        "",
        "warning[no-effect]: The rule does not ask for a list \"nobody\".",
        "  --> ./list.toml:4:1",
        "   = help: Take it out.",
        "",
        "warning[no-effect]: The case has no events, and no time goes by: it proves nothing.",
        "  --> ./none.toml:3:10",
        "   = help: Write events in it, or advance = \"1h\".",
        "",
    ];
    assert_eq!(told, expected);
    assert!(said(&output).ends_with("5 cases: none failed, and 4 warnings.\n"), "{}", said(&output));
}

#[test]
fn mistakes_are_findings_and_what_has_none_runs() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let silent = "[[case]]\nname = \"a\"\nexpect = \"nothing\"\n";
    put("misspelt.rhai", RULE);
    put("misspelt.toml", &format!("{}{}", silent.replace("expect", "expct"), silent.replace("\"a\"", "\"b\"")));
    put("orphan.toml", silent);
    put("broken.rhai", &RULE.replace("level", "levle"));
    put("broken.toml", silent);
    put("well.rhai", &RULE.replace("event.level", "in_list(\"own\", event.level) || event.level"));
    put("well.toml", &format!("[lists]\nown = [\"x\"]\n{silent}"));
    fs::write(folder.path().join("binary.rhai"), RULE).unwrap();
    fs::write(folder.path().join("binary.toml"), b"\xff\xfe").unwrap();
    put("big.rhai", RULE);
    put("big.toml", &"# \n".repeat(100_000));
    let output = tocsin(folder.path(), &["--format", "json", "."]);
    assert_eq!(output.status.code(), Some(1));
    let mut codes: Vec<(String, String)> = out(&output)
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|line| (line["file"].as_str().unwrap().to_owned(), line["code"].as_str().unwrap_or("ran").to_owned()))
        .collect();
    codes.sort();
    let expected = [
        ("./big.toml", "unreadable"),
        ("./binary.toml", "unreadable"),
        ("./broken.toml", "rule-errors"),
        ("./misspelt.toml", "missing-key"),
        ("./misspelt.toml", "ran"),
        ("./misspelt.toml", "unknown-key"),
        ("./orphan.toml", "no-rule"),
        ("./well.toml", "ran"),
    ];
    assert_eq!(codes, expected.map(|(file, code)| (file.to_owned(), code.to_owned())));
    // Rules are loaded as if cases were not there.
    let loaded = Folder::new(folder.path()).load();
    assert_eq!((loaded.rules.len(), loaded.problems.len()), (5, 0));

    for nothing in ["nowhere", "empty"] {
        fs::create_dir_all(folder.path().join("empty")).unwrap();
        let output = tocsin(folder.path(), &[nothing]);
        assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    }
}

/// The cases of one rule in a folder of its own, and which clauses they reach.
fn covered(rule: &str, text: &str) -> Tested {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("try.rhai"), rule).unwrap();
    std::fs::write(folder.path().join("try.toml"), text).unwrap();
    run_all_covered(&find(folder.path()).unwrap()).remove(0)
}

#[test]
fn coverage_counts_with_the_lists_of_the_cases_and_says_of_a_rule_with_errors_that_it_has_some() {
    let rule = "//! Ours\nconst ON = \"security.rogue\";\nfn when(event) { in_list(\"mine\", event.ssid) && event.encryption == 0 }";
    let text =
        "[lists]\nmine = [\"a\"]\n\n[[case]]\nname = \"one\"\nevents = [{ ssid = \"b\" }]\nexpect = \"nothing\"\n";
    let tested = covered(rule, text);
    assert!(tested.verdicts[0].passed && tested.findings.is_empty(), "{:?}", tested.findings);
    assert_eq!((tested.coverage.clauses.len(), tested.coverage.missing().count()), (2, 2));
    // Without them it cannot run.
    let tested = covered(rule, &text.replace("[lists]\nmine = [\"a\"]\n", ""));
    assert_eq!(tested.findings.iter().map(|finding| &*finding.code).collect::<Vec<_>>(), ["rule-errors"]);
}

#[test]
fn a_case_that_passes_because_the_rule_could_not_tell_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let rule = "//! Many\nconst ON = \"security.wids\";\nfn when(event) { count(\"1h\", event.detected_ap) >= 2 }";
    let text = "[[case]]\nname = \"silent\"\nevents = [{ level = \"high\", times = 3, every = \"1m\" }]\nexpect = \"nothing\"\n";
    fs::write(folder.path().join("many.rhai"), rule).unwrap();
    fs::write(folder.path().join("many.toml"), text).unwrap();
    let output = tocsin(folder.path(), &["."]);
    assert_eq!(output.status.code(), Some(0));
    let said = out(&output);
    assert!(said.starts_with("passed: many: silent\n    = The rule could not tell: "), "{said}");
}
