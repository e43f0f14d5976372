//! A name that leads elsewhere than it did.

use std::{fs, process::Command, sync::Arc, time::Duration};

use secrecy::ExposeSecret as _;
use tocsin::{
    clock::Clock,
    event::Topic,
    simulator::{Options, Simulator},
};

use crate::{
    lab::Lab,
    program::{Program, until},
};

/// What a name leads to is asked anew at each try: the program follows it to another address.
#[test]
fn a_name_that_changes_is_followed() {
    let Some(lab) = Lab::new(0.0) else { return };
    let hosts = lab.data.with_file_name("hosts");
    fs::write(&hosts, "127.0.0.2 localhost\n").unwrap();
    // A view of the files of its own, in which the names are those of the test.
    let script = format!("mount --bind {} /etc/hosts && exec \"$@\"", hosts.display());
    let view = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["-m", "sh", "-c", &script, "sh"]).args(arguments);
        command
    };
    if !view(&["true"]).status().is_ok_and(|status| status.success()) {
        eprintln!("not tested: names cannot be changed here; that needs root");
        return;
    }
    // Both addresses at one port, one account: only one of them is there at a time.
    let options = |listen| Options { listen, story: false, clock: Clock::system(), ..Options::default() };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let first = runtime.block_on(Simulator::start(options("127.0.0.2:0".parse().unwrap()))).unwrap();
    let port = first.endpoint().rsplit_once(':').unwrap().1.to_owned();
    let second = format!("127.0.0.3:{port}").parse().unwrap();
    let second = Arc::new(runtime.block_on(Simulator::start(options(second))).unwrap());
    // Each has a CA of its own; both are believed.
    let ca = lab.data.with_file_name("both.pem");
    fs::write(&ca, format!("{}\n{}", first.ca_pem(), second.ca_pem())).unwrap();

    let endpoint = format!("localhost:{port}");
    let (ca, data) = (ca.display().to_string(), lab.data.display().to_string());
    let mut command = view(&[env!("CARGO_BIN_EXE_tocsin"), "watch", "--topic", "security", "--key-stdin"]);
    command.args(["--endpoint", &endpoint, "--ca", &ca, "--data", &data, "--format", "json"]);
    command.env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
    let mut program = Program::start(command, first.key().expose_secret());
    program.says("security: listening");
    until("the first is listened to", || first.connections(Topic::Security) == 1);
    assert_eq!(second.connections(Topic::Security), 0);

    fs::write(&hosts, "127.0.0.3 localhost\n").unwrap();
    runtime.block_on(first.stop());
    until("the second is listened to", || second.connections(Topic::Security) == 1);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(program.end().0, Some(0));
}
