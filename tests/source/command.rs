//! The command with a proxy in its environment, and a search for the key in everything it leaves behind.

use std::{
    io::Write,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use secrecy::ExposeSecret;
use tocsin::{
    event::Topic,
    simulator::{Options, Simulator},
};

use crate::proxies::proxy;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn watch_goes_through_the_proxy_of_its_environment_and_keeps_the_key_to_itself() {
    let central = Simulator::start(Options::default()).await.unwrap();
    let (port, asked) = proxy().await;
    let folder = tempfile::tempdir().unwrap();
    let ca = folder.path().join("ca.pem");
    std::fs::write(&ca, central.ca_pem()).unwrap();
    let mut watch = Command::new(env!("CARGO_BIN_EXE_tocsin"))
        .args(["watch", "--endpoint", &central.endpoint(), "--topic", "security", "--key-stdin", "--ca"])
        .arg(&ca)
        .arg("--data")
        .arg(folder.path().join("data"))
        .env("RUST_LOG", "trace")
        .env("HTTPS_PROXY", format!("http://user:pass%20word@127.0.0.1:{port}"))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .stdin(Stdio::piped())
        .stdout(std::fs::File::create(folder.path().join("out")).unwrap())
        .stderr(std::fs::File::create(folder.path().join("err")).unwrap())
        .spawn()
        .unwrap();
    let key = central.key();
    watch.stdin.take().unwrap().write_all(key.expose_secret().as_bytes()).unwrap();

    let deadline = Instant::now() + Duration::from_secs(60);
    while central.connections(Topic::Security) == 0 {
        let err = std::fs::read_to_string(folder.path().join("err")).unwrap_or_default();
        assert!(watch.try_wait().unwrap().is_none() && Instant::now() < deadline, "{err}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(asked.lock().unwrap()[0].starts_with(&format!("CONNECT {} ", central.endpoint())));
    let arguments = std::fs::read(format!("/proc/{}/cmdline", watch.id())).unwrap_or_default();
    // With the key replaced and all connections cut, the renewal is part of what is searched.
    central.replace_key();
    central.drop_connections();
    while central.connections(Topic::Security) == 0 {
        assert!(Instant::now() < deadline, "it did not come back");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    watch.kill().unwrap();
    watch.wait().unwrap();

    let successor = central.key();
    let mut searched = 0;
    for secret in [&key, &successor] {
        let signature = secret.expose_secret().rsplit('.').next().unwrap().as_bytes();
        assert!(!holds(&arguments, signature));
        search(folder.path(), signature, &mut searched);
    }
    assert!(searched > 6, "database, output and rules were there to be searched: {searched}");
}

fn search(folder: &Path, secret: &[u8], searched: &mut usize) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            search(&path, secret, searched);
        } else {
            *searched += 1;
            assert!(!holds(&std::fs::read(&path).unwrap(), secret), "the key is in {}", path.display());
        }
    }
}

fn holds(octets: &[u8], secret: &[u8]) -> bool {
    octets.windows(secret.len()).any(|window| window == secret)
}
