#![allow(clippy::unwrap_used)] // a failed unwrap is a failed test

use http::{HeaderMap, HeaderValue, StatusCode};

use super::*;
use crate::event::Topic;

fn answer(code: u16, body: &str) -> Problem {
    about_answer(StatusCode::from_u16(code).unwrap(), &HeaderMap::new(), body, Topic::Presence)
}

#[test]
fn each_refusal_has_its_words_and_something_to_do() {
    for (code, body, name, retry) in [
        (400, "Unsubscribed Topic\n", "unsubscribed-topic", Retry::Slowly),
        (400, "bad\n", "refused", Retry::Slowly),
        (401, "", "key-refused", Retry::Slowly),
        (403, "", "forbidden", Retry::Slowly),
        (404, "<html>", "no-streaming-here", Retry::Slowly),
        (418, "", "refused", Retry::Slowly),
        (429, "", "too-many-connections", Retry::Soon),
        (302, "", "redirected", Retry::Soon),
        (200, "hello", "no-websocket", Retry::Slowly),
        (503, "", "server-trouble", Retry::Soon),
    ] {
        let problem = answer(code, body);
        assert_eq!((problem.code.as_str(), problem.retry), (name, retry), "{code}");
        assert!(!problem.steps.is_empty() && !problem.message.is_empty());
    }
    assert_eq!(answer(400, "Unsubscribed Topic\n").said, "Unsubscribed Topic");
    assert_eq!(answer(404, "<html>x").said, "", "markup is not words");
}

#[test]
fn a_server_may_ask_for_time_but_not_for_ever() {
    let headers =
        |wait: &'static str| HeaderMap::from_iter([(http::header::RETRY_AFTER, HeaderValue::from_static(wait))]);
    let retry = |wait| about_answer(StatusCode::SERVICE_UNAVAILABLE, &headers(wait), "", Topic::Audit).retry;
    assert_eq!(retry("30"), Retry::After(30));
    assert_eq!(retry("99999999"), Retry::After(600));
    assert_eq!(retry("Wed, 21 Oct 2015 07:28:00 GMT"), Retry::Soon);
}

#[test]
fn a_strangers_words_are_inert() {
    assert_eq!(inert("a\u{202e}b\u{200f}\0\x1b[31m\r\nc\u{2066}", 100), "ab[31m c");
    assert_eq!(inert(&"x".repeat(500), 300).chars().count(), 300);
    assert_eq!(inert("   \n ", 10), "");
    let key = "eyJhbGciOiJIUzI1NiJ9.eyJjdXN0b21lcl9pZCI6IjEifQ.c2ln";
    assert_eq!(inert(&format!("token \"{key}\" and {key}{key} expired"), 300), "token \"(key)\" and (key) expired");
}
