//! Logs and rules that are not well: findings, and the rest goes on.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    process::{Command, Output, Stdio},
};

use super::log::{Case, at, attack, line, story};

const TOLD: [&str; 3] = ["8:00:00 fired", "8:00:00 notified", "8:15:00 resolved not-seen"];

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_bad_line_is_named_and_the_rest_goes_on() {
    let mut case = Case::occurrence("");
    let good = line(at("8:00"), &attack(at("8:00")));
    let frame = |text: &str| format!("{{\"frame\": \"{text}\", \"received\": \"2026-11-24T08:00:00Z\"}}\n");
    for bad in [
        "{\n".to_owned(),
        "[]\n".to_owned(),
        "{\"frame\": \"AA==\"}\n".to_owned(),
        "{\"frame\": 7, \"received\": \"2026-11-24T08:00:00Z\"}\n".to_owned(),
        good.replace("2026-11-24T", "yesterday "),
        frame("%%%"),
        frame(""),
        frame("AAAA"),
        "\u{1b}[2J\n".to_owned(),
    ] {
        case.log = format!("\n{bad}{good}");
        let output = case.run(&[]);
        assert_eq!(output.status.code(), Some(1), "{bad}");
        assert!(said(&output).contains("line 2: "), "{bad}: {}", said(&output));
        assert!(!output.stderr.contains(&0x1b));
        assert_eq!(story(&output), TOLD, "{bad}");
    }
    // The last line may lack its end.
    good.trim_end().clone_into(&mut case.log);
    assert_eq!(case.story(&[]), TOLD);
}

#[test]
fn time_does_not_go_back() {
    let mut case = Case::occurrence("").matches("8:00").matches("7:00");
    let output = case.run(&[]);
    assert_eq!(output.status.code(), Some(0));
    assert!(said(&output).contains("1 line is stamped earlier"), "{}", said(&output));
    assert_eq!(story(&output), TOLD);
    case.log.clear();
    assert_eq!(case.story(&[]), [""; 0]);
}

#[test]
fn a_line_may_name_the_topic() {
    let mut case = Case::occurrence("");
    let good = line(at("8:00"), &attack(at("8:00")));
    case.log = good.replace('{', "{\"note\": \"kept\", \"topic\": \"security\", ");
    assert_eq!(case.story(&[]), TOLD);
    case.log = good.replace('{', "{\"topic\": \"audit\", ");
    let output = case.run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("line 1: "), "{}", said(&output));
}

#[test]
fn a_rule_with_errors_is_named_and_its_neighbours_run() {
    let when = "const ON = \"security\";\nfn when(event) { true }\n";
    let rules = [("broken", "const ON = \"security\";\nfn when(event) { event.ssidd == 1 }\n"), ("well", when)];
    let output = Case::new(&rules).matches("8:00").run(&[]);
    assert_eq!(output.status.code(), Some(1));
    assert!(said(&output).contains("broken does not run. 2:"), "{}", said(&output));
    let printed = String::from_utf8(output.stdout).unwrap();
    assert!(printed.contains("\"rule\":\"well\"") && !printed.contains("\"rule\":\"broken\""), "{printed}");
}

#[test]
fn a_rule_that_runs_away_is_paused_and_says_so() {
    let text = "const ON = \"security\";\nfn when(event) { let n = 0; while true { n += 1; } true }\n";
    let output = Case::new(&[("runaway", text)]).matches("8:00").matches("8:00:10").run(&[]);
    let printed = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(story(&output), ["8:00:00 fired", "8:00:00 notified", "8:01:00 resolved over"], "{}", said(&output));
    assert!(printed.contains("tocsin/rule-paused"), "{printed}");
}

#[test]
fn what_cannot_be_played_is_said() {
    let tocsin = |arguments: &[&str]| Command::new(env!("CARGO_BIN_EXE_tocsin")).args(arguments).output().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    for (arguments, words) in [
        (&["replay", "nowhere.jsonl", "--rules", place][..], "could not be opened"),
        (&["replay", place], "no Tocsin database"),
        (&["replay", "nowhere.jsonl", "--rules", "nowhere"], "could not be read"),
        (&["replay", "-"], "--rules"),
        (&["replay", "-", "--rules", place, "--zone", "Mars/Olympus"], "no time zone"),
        (&["replay", "-", "--rules", place, "--until", "soon"], "--until"),
    ] {
        let output = tocsin(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", said(&output));
        assert!(said(&output).contains(words), "{arguments:?}: {}", said(&output));
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn what_does_not_fit_in_a_memory_is_said() {
    let text = "const ON = \"security\";\n\
        fn when(event) { let n = 0; while n < 400 { count(\"1h\", `${event.id} ${n}`); n += 1; } false }\n";
    let played = |events: usize| {
        let minutes = (0..events).map(|minute| format!("8:{minute:02}"));
        let case = minutes.fold(Case::new(&[("greedy", text)]), |case, at| case.matches(&at));
        said(&case.run(&[]))
    };
    assert_eq!(played(25), "");
    let said = played(26);
    assert!(said.contains("greedy had to remember more than fits") && said.contains("400 in all"), "{said}");
}

#[test]
fn what_comes_of_a_line_is_printed_before_the_next_is_there() {
    let case = Case::occurrence("const RESOLVE_AFTER = \"1h\";").matches("8:00").matches("9:30").matches("11:00");
    let whole = case.run(&["--from", "2026-11-24T09:00:00Z"]).stdout;
    let mut child = case.command("-", &["--from", "2026-11-24T09:00:00Z"]);
    let mut child = child.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let (mut input, mut output) = (child.stdin.take().unwrap(), BufReader::new(child.stdout.take().unwrap()));
    let lines: Vec<&str> = case.log.lines().collect();
    writeln!(input, "{}\n{}", lines[0], lines[1]).unwrap();
    // The log has not ended: nobody has closed it.
    let mut printed = String::new();
    for _ in 0..3 {
        assert!(output.read_line(&mut printed).unwrap() > 0);
    }
    writeln!(input, "{}", lines[2]).unwrap();
    drop(input);
    std::io::Read::read_to_string(&mut output, &mut printed).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(printed, String::from_utf8(whole).unwrap());
    assert!(printed.contains("T09:30:00Z"), "{printed}");
}
