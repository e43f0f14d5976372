//! `tocsin decode`, as a script uses it.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use crate::sample;

fn decode(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_tocsin"))
        .arg("decode")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || drop(stdin.write_all(&input)));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output
}

fn lines(output: &Output) -> Vec<Value> {
    std::str::from_utf8(&output.stdout).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

#[test]
fn sound_frames_give_one_line_per_event_and_exit_0() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("frames");
    let text: String = sample::all().iter().map(|sample| STANDARD.encode(&sample.frame) + "\r\n").collect();
    std::fs::write(&file, &text).unwrap();
    let output = decode(&[file.to_str().unwrap()], b"");
    assert_eq!(output.status.code(), Some(0));
    let events = lines(&output);
    assert_eq!(events.len(), 353);
    assert_eq!(events[0]["frame"], 1);
    assert_eq!(events[0]["kind"], "security.wids");
    assert_eq!(events[0]["time"], "2024-11-20T07:06:41.967240586Z");
    assert_eq!(events[0]["customer_id"], "cd613e30d8f16adf91b7584a2265b1f5");
    assert_eq!(events[0]["fields"]["mac_addr"], "51:d5:81:42:04:13");
    assert_eq!(decode(&["-", "--format", "json"], text.as_bytes()).stdout, output.stdout);
}

#[test]
fn a_broken_frame_is_a_finding_and_never_the_end() {
    let good = STANDARD.encode(&sample::all()[1].frame);
    // Line by line: cut, empty, no base64, octets that are no text, sound; no end of line after it.
    let input = [&good.as_bytes()[..40], b"\n\n!!\n\xff\xfe\n", good.as_bytes()].concat();
    let output = decode(&[], &input);
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    let codes: Vec<_> = lines.iter().map(|line| line["error"]["code"].as_str().unwrap_or("event")).collect();
    assert_eq!(codes, ["truncated", "empty", "not-base64", "not-base64", "event"]);
    assert_eq!(lines.iter().map(|line| line["frame"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert!(lines[1]["error"]["message"].as_str().unwrap().ends_with('.'));
}

#[test]
fn what_export_prints_is_read_too() {
    let good = STANDARD.encode(&sample::all()[1].frame);
    let input = format!(
        "{{\"seq\":6,\"received\":\"2026-01-05T12:00:00Z\",\"tick\":true}}\n\
         {{\"seq\":7,\"received\":\"2026-01-05T12:00:00Z\",\"topic\":\"security\",\"frame\":\"{good}\"}}\n\
         {{\"frame\":\"!!\"}}\n{{\"frame\":7}}\n"
    );
    let output = decode(&[], input.as_bytes());
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    let codes: Vec<_> = lines.iter().map(|line| line["error"]["code"].as_str().unwrap_or("event")).collect();
    assert_eq!(codes, ["event", "not-base64", "not-json"]);
    assert_eq!(lines[0]["kind"], "security.wids");
}

#[test]
fn a_line_longer_than_any_frame_is_passed_over() {
    let good = STANDARD.encode(&sample::all()[1].frame);
    let input = [vec![b'A'; 30 << 20], b"\n".to_vec(), good.into_bytes()].concat();
    let output = decode(&[], &input);
    let lines = lines(&output);
    assert_eq!(lines[0]["error"]["code"], "too-large");
    assert_eq!((&lines[1]["frame"], &lines[1]["kind"]), (&Value::from(1), &Value::from("security.wids")));
}

#[test]
fn what_cannot_be_opened_ends_with_2_and_a_sentence() {
    let output = decode(&["/no/such/file"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot open /no/such/file"));
}

#[test]
fn a_terminal_sees_nothing_that_it_would_act_on() {
    use tocsin::{
        decode::wire::{self, security},
        event::Topic,
    };
    let ssid = "\u{1b}[31m\u{202e}\u{9b}x\0\u{7f}\u{2028}";
    let rogue = security::RogueEvent { ssid: Some(ssid.into()), ..Default::default() };
    let message = security::RapidsStreamingEvent { rogue: vec![rogue], ..Default::default() };
    let output = decode(&[], STANDARD.encode(wire::envelope(Topic::Security, "c", 1, &message)).as_bytes());
    assert!(output.stdout.iter().all(|octet| (0x20..0x7f).contains(octet) || *octet == b'\n'));
    assert_eq!(lines(&output)[0]["fields"]["ssid"], ssid);
    assert_eq!(output.status.code(), Some(0));
}
