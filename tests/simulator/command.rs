//! `tocsin simulate`, as a process.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

use serde_json::Value;

use crate::client;

/// A process that does not outlive its test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn start(arguments: &[&str]) -> (Process, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
    let mut child = command.arg("simulate").args(arguments).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (Process(child), serde_json::from_str(&line).expect("one JSON line"))
}

#[tokio::test]
#[cfg(unix)]
async fn it_says_where_it_listens_and_ends_cleanly() {
    for signal in ["TERM", "INT"] {
        let (mut process, said) = start(&["--listen", "127.0.0.1:0", "--seed", "3"]);
        let (endpoint, ca) = (said["endpoint"].as_str().unwrap(), said["ca"].as_str().unwrap().to_owned());
        assert!(said["key"].as_str().unwrap().split('.').count() == 3);
        let pem = std::fs::read_to_string(&ca).unwrap();
        assert!(client::soon(client::tls(endpoint, &pem)).await.is_ok());
        let sent = Command::new("kill").args([format!("-{signal}"), process.0.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let status = tokio::task::spawn_blocking(move || process.0.wait().unwrap());
        assert!(client::soon(status).await.unwrap().success());
        assert!(!Path::new(&ca).exists(), "the temporary CA goes with it");
    }
}

#[test]
fn the_ca_goes_where_it_is_asked_to() {
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    let (_process, _) =
        start(&["--ca-out", ca.to_str().unwrap(), "--fault", "drop", "stall", "--topics", "security,audit"]);
    assert!(std::fs::read_to_string(&ca).unwrap().starts_with("-----BEGIN CERTIFICATE-----"));
}

#[test]
fn the_help_names_every_fault() {
    let output = Command::new(env!("CARGO_BIN_EXE_tocsin")).args(["simulate", "--help"]).output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    for fault in tocsin::simulator::Fault::ALL {
        assert!(help.contains(fault.name()) && help.contains(fault.description()), "{fault}\n{help}");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_tocsin")).args(["simulate", "--fault", "rain"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}
