//! The key is renewed and found nowhere.

use std::path::Path;

use secrecy::ExposeSecret;
use tocsin::{
    event::Topic,
    simulator::{Options, Simulator},
};

use crate::{command::Run, stand::until};

/// All that lies below a folder, files with their octets.
fn everything(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            everything(&path, found);
        } else {
            found.push((path.display().to_string(), std::fs::read(&path).unwrap()));
        }
    }
}

fn holds(octets: &[u8], needle: &str) -> bool {
    octets.windows(needle.len()).any(|window| window == needle.as_bytes())
}

#[test]
fn a_replaced_key_is_fetched_and_leaves_no_trace() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let central = runtime.block_on(Simulator::start(Options::default())).unwrap();
    let place = tempfile::tempdir().unwrap();
    let (data, ca) = (place.path().join("data"), place.path().join("ca.pem"));
    std::fs::write(&ca, central.ca_pem()).unwrap();
    let old = central.key();
    let endpoint = central.endpoint();
    let arguments = [
        "watch",
        "--endpoint",
        &endpoint,
        "--topic",
        "security,audit",
        "--key-stdin",
        "--ca",
        ca.to_str().unwrap(),
        "--data",
        data.to_str().unwrap(),
    ];
    let mut watch = Run::start(&arguments, old.expose_secret());
    watch.says(": listening", 2);

    central.replace_key();
    central.drop_connections();
    // 401, `token/validate`, and the connections are back with the new key, by themselves.
    watch.says("the key was renewed", 1);
    watch.says(": listening", 4);
    let new = central.key();
    assert_ne!(old.expose_secret(), new.expose_secret());
    until("both are connected", || central.connections(Topic::Security) + central.connections(Topic::Audit) == 2);
    // The old one is not used any more: another cut, and they come back at once without another renewal.
    central.drop_connections();
    watch.says(": listening", 6);
    assert_eq!(watch.err().matches("the key was renewed").count(), 1);

    let process = |what: &str| std::fs::read(format!("/proc/{}/{what}", watch.child.id())).unwrap_or_default();
    let mut written =
        vec![("arguments".to_owned(), process("cmdline")), ("environment".to_owned(), process("environ"))];
    assert!(!cfg!(target_os = "linux") || !written[0].1.is_empty());
    assert_eq!(watch.end(), 0);
    written.push(("standard output".into(), watch.out().into_bytes()));
    written.push(("standard error".into(), watch.err().into_bytes()));
    everything(&data, &mut written);
    assert!(written.iter().any(|(name, octets)| name.ends_with("tocsin.db") && octets.len() > 4_096));
    for key in [old.expose_secret(), new.expose_secret()] {
        // The whole, and the two parts that make it one: its claims and its signature.
        let parts = key.split('.').skip(1).chain([key]);
        for part in parts {
            for (name, octets) in &written {
                assert!(!holds(octets, part), "{name} holds a part of the key");
            }
        }
    }
    crate::history::holds(&data);
}
