//! A Central on loopback, run as `tocsin simulate`.

use std::{fs, path::PathBuf, process::Stdio};

use crate::bench::Desk;

/// What one needs to listen to it.
pub struct Central {
    pub endpoint: String,
    pub key: String,
    pub authority: String,
}

impl Central {
    /// Starts one that lives as long as the desktop. It runs in no home of the desktop's: what it prints is a secret.
    pub fn start(desk: &mut Desk, words: &[&str]) -> Self {
        let mut command = desk.command(tocsin());
        let ca = desk.outside().join("simulator.pem");
        command.arg("simulate").arg("--ca-out").arg(&ca).args(words).stderr(Stdio::null());
        let line = desk.first_line_of(&mut command);
        let said: serde_json::Value = serde_json::from_str(&line).expect("where the simulator listens");
        let text = |name: &str| said[name].as_str().expect("a text").to_owned();
        let endpoint = text("endpoint");
        Self { key: text("key"), authority: fs::read_to_string(&ca).expect("the CA"), endpoint }
    }

    /// What of the key must never be seen: each of its parts, and a piece of the longest.
    pub fn secrets(&self) -> Vec<String> {
        let mut parts: Vec<String> = self.key.split('.').map(str::to_owned).collect();
        parts.extend(parts.clone().iter().filter(|part| part.len() > 40).map(|part| part[10..34].to_owned()));
        parts
    }
}

/// The command that was built beside the app.
pub fn tocsin() -> PathBuf {
    let path = PathBuf::from(env!("CARGO_BIN_EXE_tocsin-desktop")).with_file_name("tocsin");
    assert!(path.exists(), "{} is not there: build it with cargo build -p tocsin", path.display());
    path
}
