//! Any octets as a server's answer: to the handshake, to the question for the key, to a stream's end. What it says is
//! told in words that do no harm.
#![no_main]

use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use tocsin::{
    event::Topic,
    source::{Problem, about_answer, about_close, about_validate_answer, valid_key},
};

fuzz_target!(|octets: &[u8]| {
    let [high, low, rest @ ..] = octets else { return };
    let number = u16::from_be_bytes([*high, *low]);
    let mut parts = rest.splitn(4, |octet| *octet == 0);
    let mut headers = HeaderMap::new();
    for name in ["retry-after", "content-type", "location"] {
        if let Some(Ok(value)) = parts.next().map(HeaderValue::from_bytes) {
            headers.append(HeaderName::from_static(name), value);
        }
    }
    // As it is read: no more of it than 64 KiB, and as text.
    let body = String::from_utf8_lossy(parts.next().unwrap_or_default());
    if let Ok(status) = StatusCode::from_u16(100 + number % 900) {
        is_inert(&about_answer(status, &headers, &body, Topic::Audit));
        is_inert(&about_validate_answer(status, &headers, &body));
    }
    is_inert(&about_close(Some(number), &body));
    if let Err(problem) = valid_key(&body) {
        is_inert(&problem);
    }
});

fn is_inert(problem: &Problem) {
    let text = problem.to_string();
    assert!(problem.said.chars().count() <= 301, "{text}");
    assert!(!text.chars().any(|c| c.is_control() || ('\u{202a}'..='\u{202e}').contains(&c)), "{text:?}");
}
