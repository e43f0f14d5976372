//! What the checker says of bad rules: message, place, underline and help, as snapshots beside the rules.
#![allow(clippy::unwrap_used)] // a test may

use std::{fs, path::Path, process::Command};

use tocsin::rules::check_path;

#[test]
fn findings_read_well() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics/rules");
    let checked = check_path(&rules).unwrap();
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
    for rule in check_path(&rules).unwrap() {
        let alone = check_path(&rule.file).unwrap();
        assert_eq!(alone[0].findings, rule.findings, "{}", rule.file.display());
    }
    assert!(check_path(&rules.join("none.rhai")).is_err());
    assert!(fs::metadata(rules.join("lists")).is_ok());
}

/// The command's exit code and standard output.
fn command(arguments: &[&str]) -> (Option<i32>, String) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let run =
        Command::new(env!("CARGO_BIN_EXE_tocsin")).arg("check").args(arguments).current_dir(root).output().unwrap();
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
