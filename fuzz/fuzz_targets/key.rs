//! Any text as a key that was pasted, or that a server says is the next: read without a panic, and never repeated in words.
#![no_main]

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use libfuzzer_sys::fuzz_target;
use secrecy::{ExposeSecret as _, SecretString};
use tocsin::source::key;
use tocsin_fuzz::noon;

fuzz_target!(|octets: &[u8]| {
    let Some((kind, rest)) = octets.split_first() else { return };
    let text = String::from_utf8_lossy(rest);
    let pasted: SecretString = if kind % 2 == 0 {
        text.into_owned().into()
    } else {
        // What is in a key, so that it is got at.
        let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
        format!("{}.{}.{}", part(r#"{"alg":"HS256"}"#), part(&text), part("signed")).into()
    };
    let tidy = key::tidy(pasted.expose_secret());
    let again = key::tidy(tidy.expose_secret());
    match key::read_key(&tidy) {
        Ok(info) => {
            assert!(!info.customer_id.is_empty() && info.created < info.expires && info.renew_at() < info.expires);
            let _ = key::check_successor(&again, &info.customer_id, noon());
        }
        Err(problem) => {
            let secret = tidy.expose_secret();
            assert!(secret.len() < 24 || !problem.to_string().contains(secret), "{problem}");
        }
    }
    let _ = key::check_successor(&again, "c", noon());
});
