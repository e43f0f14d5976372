//! `tocsin key` against a real gnome-keyring on a bus of its own.
#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed unwrap is a failed test
#![cfg(target_os = "linux")]

mod session;

use session::{Session, key};

#[test]
fn a_key_is_kept_read_and_deleted_and_never_shown() {
    let mut session = Session::begin();
    session.start_keyring();
    assert_eq!(session.tocsin(&["key", "status"], "").code, 1, "no key yet");

    let key = key("cust-1");
    let set = session.tocsin(&["key", "set", "--format", "json"], &format!("Bearer {key}\n"));
    assert_eq!(set.code, 0, "{set:?}");
    let status = session.tocsin(&["key", "status", "--format", "json"], "");
    assert_eq!(status.code, 0, "{status:?}");
    let report: serde_json::Value = serde_json::from_str(&status.out).unwrap();
    assert_eq!((report["held"].as_bool(), report["customer_id"].as_str()), (Some(true), Some("cust-1")));

    // The next process, and the next daemon, find it too.
    session.stop_keyring();
    session.start_keyring();
    let text = session.tocsin(&["key", "status"], "");
    assert!(text.code == 0 && text.out.contains("cust-1"), "{text:?}");

    for output in [&set, &status, &text] {
        assert!(key.split('.').all(|part| !format!("{output:?}").contains(part)), "{output:?}");
    }
    assert_eq!(session.tocsin(&["key", "delete"], "").code, 0);
    assert_eq!(session.tocsin(&["key", "delete"], "").code, 1);
    assert_eq!(session.tocsin(&["key", "status"], "").code, 1);
}

#[test]
fn what_is_no_key_is_not_kept_and_not_repeated() {
    let mut session = Session::begin();
    session.start_keyring();
    let set = session.tocsin(&["key", "set"], "hunter2hunter2\n");
    assert!(set.code == 2 && !format!("{set:?}").contains("hunter2"), "{set:?}");
    assert_eq!(session.tocsin(&["key", "status"], "").code, 1);
}

#[test]
fn without_a_keyring_it_says_so_at_once_and_sees_one_that_comes_later() {
    let mut session = Session::begin();
    let status = session.tocsin(&["key", "status"], "");
    assert!(status.code == 2 && status.err.contains("no keyring"), "{status:?}");
    assert!(status.took.as_secs() < 5, "{status:?}");
    session.start_keyring();
    assert_eq!(session.tocsin(&["key", "status"], "").code, 1);
    session.end_bus();
    let status = session.tocsin(&["key", "status"], "");
    assert!(status.code == 2 && status.err.contains("no keyring"), "{status:?}");
}

#[test]
fn a_locked_keyring_is_told_from_a_missing_one() {
    let mut session = Session::begin();
    session.start_keyring();
    assert_eq!(session.tocsin(&["key", "set"], &key("cust-1")).code, 0);
    session.lock();
    let status = session.tocsin(&["key", "status"], "");
    assert!(status.code == 2 && status.err.contains("is locked"), "{status:?}");
    let set = session.tocsin(&["key", "set"], &key("cust-1"));
    assert!(set.code == 2 && set.err.contains("is locked"), "{set:?}");
}

#[test]
fn a_prompt_that_nobody_answers_is_not_waited_for_for_ever() {
    let mut session = Session::begin();
    session.start_keyring();
    assert_eq!(session.tocsin(&["key", "set"], &key("cust-1")).code, 0);
    session.lock();
    let _prompter = session.prompter_that_never_answers();
    let status = session.tocsin(&["key", "status"], "");
    assert!(status.code == 2 && status.err.contains("is locked"), "{status:?}");
    assert!((4..15).contains(&status.took.as_secs()), "{status:?}");
}

#[test]
fn a_keyring_that_hangs_is_given_up() {
    let mut session = Session::begin();
    session.start_keyring();
    session.pause_keyring();
    let status = session.tocsin(&["key", "status"], "");
    assert!(status.code == 2 && status.err.contains("does not answer"), "{status:?}");
    assert!(status.took.as_secs() < 20, "{status:?}");
}

#[test]
fn each_account_has_a_key_of_its_own() {
    let mut session = Session::begin();
    session.start_keyring();
    let data = tempfile::tempdir().unwrap();
    let account = r#""topics":["audit"],"authority":null,"host_confirmed":false,"key_place":"keyring""#;
    let settings = format!(
        r#"{{"account":{{"endpoint":"a.example",{account}}},
            "accounts":[{{"id":"19a","name":"Branch","endpoint":"b.example",{account}}}],"active":"19a"}}"#
    );
    std::fs::write(data.path().join("settings.json"), settings).unwrap();
    let folder = data.path().to_str().unwrap();
    let tocsin = |words: &[&str], input: &str| session.tocsin(&[&["key", "--data", folder], words].concat(), input);

    // Without a name it is the one that is listened to.
    let set = tocsin(&["set"], &key("cust-branch"));
    assert!(set.code == 0 && set.out.starts_with("The keyring holds the key of Branch now."), "{set:?}");
    assert_eq!(tocsin(&["--account", "a.example", "status"], "").code, 1, "not the other's");
    assert_eq!(tocsin(&["set", "--account", "A.EXAMPLE"], &key("cust-first")).code, 0);
    for (name, customer) in [("branch", "cust-branch"), ("a.example", "cust-first")] {
        let status = tocsin(&["status", "--account", name], "");
        assert!(status.code == 0 && status.out.contains(customer), "{status:?}");
    }
    // The first one's is where it always was.
    let elsewhere = session.tocsin(&["key", "status"], "");
    assert!(elsewhere.code == 0 && elsewhere.out.contains("cust-first"), "{elsewhere:?}");

    let unknown = tocsin(&["delete", "--account", "nobody"], "");
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("There is no account called nobody. There are: a.example, Branch."), "{unknown:?}");
    assert_eq!(tocsin(&["delete", "--account", "Branch"], "").code, 0);
    assert!(tocsin(&["status", "--account", "a.example"], "").out.contains("cust-first"), "the other's stays");
}
