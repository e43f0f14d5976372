//! What the checker says of bad rules: message, place, underline and help, as snapshots beside the rules.
#![allow(clippy::unwrap_used)] // a test may

use std::{collections::BTreeSet, fs, path::Path, process::Command, time::Duration};

use tocsin::{diagnostic::Level, rules::check_path};

/// How long the log keeps rows.
const KEEPS: Option<Duration> = Some(Duration::from_hours(30 * 24));

#[test]
fn findings_read_well() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/rules");
    let checked = check_path(&rules, KEEPS).unwrap();
    assert!(checked.len() > 10);
    for rule in &checked {
        let name = rule.file.file_stem().unwrap().to_string_lossy();
        let pictures: Vec<String> =
            rule.findings.iter().map(|finding| finding.picture(&format!("{name}.rhai"), &rule.text)).collect();
        insta::with_settings!({ snapshot_path => "snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(&*name, pictures.join("\n"));
        });
    }
}

#[test]
fn a_single_file_is_checked_as_in_its_folder() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/rules");
    for rule in check_path(&rules, KEEPS).unwrap() {
        let alone = check_path(&rule.file, KEEPS).unwrap();
        // That another rule has its title only the folder tells.
        let of_itself: Vec<_> = rule.findings.into_iter().filter(|finding| finding.code != "same-title").collect();
        assert_eq!(alone[0].findings, of_itself, "{}", rule.file.display());
    }
    assert!(check_path(&rules.join("none.rhai"), KEEPS).is_err());
    assert!(fs::metadata(rules.join("lists")).is_ok());
}

/// The command's exit code and standard output.
fn command(arguments: &[&str]) -> (Option<i32>, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let data = tempfile::tempdir().unwrap();
    let mut check = Command::new(env!("CARGO_BIN_EXE_tocsin"));
    check.arg("check").args(arguments).arg("--data").arg(data.path());
    let run = check.current_dir(root).output().unwrap();
    (run.status.code(), String::from_utf8(run.stdout).unwrap())
}

#[test]
fn the_command_prints_for_people_and_for_programs() {
    assert_eq!(command(&["rules"]), (Some(0), String::new()));
    assert_eq!(command(&["no-such-folder"]).0, Some(2));
    let bad = "tests/diagnostics/rules/severity.rhai";
    let (code, text) = command(&["rules", bad]);
    assert_eq!(code, Some(1));
    assert!(text.starts_with("error[bad-severity]: ") && text.contains("severity.rhai:2:18"), "{text}");
    let (code, json) = command(&[bad, "--format", "json"]);
    assert_eq!(code, Some(1));
    let line: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(
        line,
        serde_json::json!({
            "file": bad,
            "code": "bad-severity",
            "severity": "error",
            "message": "SEVERITY is info, warning or critical.",
            "help": "Did you mean \"critical\"?",
            "span": {"line": 2, "column": 18, "end_line": 2, "end_column": 28},
        })
    );
}

#[test]
fn rules_that_are_named_one_by_one_are_told_apart() {
    let rules = "tests/diagnostics/rules";
    let (one, other) = (&*format!("{rules}/same-one.rhai"), &*format!("{rules}/same-other.rhai"));
    assert_eq!(command(&[one]), (Some(0), String::new()));
    assert_eq!(command(&[one, one, &format!("./{one}")]), (Some(0), String::new()));
    let (code, text) = command(&[one, other]);
    assert_eq!(code, Some(1));
    assert_eq!(text.matches("warning[same-title]").count(), 2, "{text}");
    assert!(text.contains("The rule tests/diagnostics/rules/same-other.rhai is called"), "{text}");
    // Each is told once in a folder, and not again beside it.
    let (_, text) = command(&[rules, one]);
    assert_eq!(text.matches("warning[same-title]").count(), 2, "{text}");
}

#[test]
fn windows_are_held_to_a_log_that_is_named() {
    let rule = "tests/diagnostics/rules/longer-than-log.rhai";
    assert_eq!(command(&[rule, "--keeps", "90d"]), (Some(0), String::new()));
    // Unless it is told, it is what the settings say, and 30 days where there are none.
    assert_eq!(command(&[rule]).1.matches("the log keeps 30d").count(), 2);
    let (code, text) = command(&[rule, "--keeps", "30d"]);
    assert_eq!((code, text.matches("[longer-than-log]").count()), (Some(1), 2), "{text}");
    assert_eq!(command(&[rule, "--keeps", "soon"]).0, Some(2));
}

#[test]
fn correct_rules_are_left_alone() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/correct");
    let checked = check_path(&rules, KEEPS).unwrap();
    assert!(checked.len() >= 50);
    for rule in checked {
        let pictures: Vec<String> = rule.findings.iter().map(|finding| finding.picture("", &rule.text)).collect();
        assert_eq!(pictures, [""; 0], "{}", rule.file.display());
    }
}

#[test]
fn every_code_is_in_the_manual_and_shown_by_a_wrong_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let found: BTreeSet<(String, String)> = check_path(&root.join("tests/diagnostics/rules"), KEEPS)
        .unwrap()
        .into_iter()
        .flat_map(|rule| rule.findings)
        .map(|finding| {
            let level = if finding.severity == Level::Error { "error" } else { "warning" };
            (finding.code, level.to_owned())
        })
        .collect();
    let manual = fs::read_to_string(root.join("docs/diagnostics.md")).unwrap();
    let listed = manual.lines().filter_map(|line| {
        let mut columns = line.strip_prefix("| `")?.split(" | ");
        Some((columns.next()?.trim_end_matches('`').to_owned(), columns.next()?.to_owned()))
    });
    assert_eq!(listed.collect::<BTreeSet<_>>(), found);
}
