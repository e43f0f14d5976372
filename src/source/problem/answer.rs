//! What the server's answers mean: refusals of a connection, answers about the key, and closes.

use http::{HeaderMap, StatusCode, header};

use super::{Problem, Retry};
use crate::event::Topic;

/// The longest wait a server may ask for, in seconds.
const LONGEST_WAIT: u32 = 600;
const STREAMING_PAGE: &str = "In Central, open Account Home > Webhooks / Streaming > Streaming";

/// The server answered the request for a connection with something else than a connection.
pub fn about_answer(status: StatusCode, headers: &HeaderMap, body: &str, topic: Topic) -> Problem {
    let code = status.as_u16();
    match code {
        400 if body.to_ascii_lowercase().contains("unsubscribed topic") => Problem::new(
            "unsubscribed-topic",
            format!("Central does not stream {topic} for this account: the topic is not ticked there."),
        )
        .step(format!("{STREAMING_PAGE}, tick {topic} and save."))
        .step("Try again, or take the topic off this account's list.")
        .retry(Retry::Slowly),
        401 => key_refused(),
        403 => Problem::new(
            "forbidden",
            format!("The server knows the key but does not allow it to stream {topic}."),
        )
        .step("Check that the account has an Advanced licence: the Streaming API needs one.")
        .step("Use the key of a single customer: the Streaming API is not available at MSP level.")
        .retry(Retry::Slowly),
        404 => Problem::new(
            "no-streaming-here",
            "This host answers, but has no Streaming API: it is not the streaming endpoint of the account.",
        )
        .step("Copy the endpoint from Central's Streaming page again; it differs from the address of the API gateway.")
        .retry(Retry::Slowly),
        408 | 425 => Problem::new("busy", format!("The server did not take the request in time (HTTP {code})."))
            .step("Nothing to do: it is tried again."),
        429 => Problem::new(
            "too-many-connections",
            format!("The server says there are too many requests or connections for {topic}."),
        )
        .step("Central takes at most five connections per topic for an account, all its clients together: stop one that is not needed.")
        .retry(wait(headers)),
        400..=499 => Problem::new("refused", format!("The server refuses to stream {topic} (HTTP {code})."))
            .step("Read what the server says, and check endpoint, key and topic.")
            .step("Central takes at most five connections per topic for an account: check whether other clients use them up.")
            .retry(Retry::Slowly),
        500..=599 => Problem::new("server-trouble", format!("The server has trouble of its own (HTTP {code})."))
            .step("Nothing to do here: it is tried again. If it lasts, look at the status page of Central.")
            .retry(wait(headers)),
        300..=399 => Problem::new(
            "redirected",
            "The server sends us to another address. Tocsin does not follow, since the key would go along.",
        )
        .step("Check the endpoint. If a sign-in page of the local network answers, sign in there first.")
        .retry(Retry::Soon),
        _ => Problem::new(
            "no-websocket",
            format!("The server answers, but does not open a stream (HTTP {code}): something else is listening there, or a proxy on the way does not pass WebSockets."),
        )
        .step("Check the endpoint, and whether a proxy or firewall inspects this connection.")
        .retry(Retry::Slowly),
    }
    .said(said(headers, body))
}

/// `token/validate` answered with something else than a key.
pub fn about_validate_answer(status: StatusCode, headers: &HeaderMap, body: &str) -> Problem {
    match status.as_u16() {
        401 | 403 => key_refused().said(said(headers, body)),
        404 => Problem::new(
            "no-validate",
            "This host does not answer questions about keys: it may not be the streaming endpoint.",
        )
        .step("Copy the endpoint from Central's Streaming page again.")
        .retry(Retry::Slowly)
        .said(said(headers, body)),
        _ => about_answer(status, headers, body, Topic::Security),
    }
}

fn key_refused() -> Problem {
    Problem::new("key-refused", "The server does not accept the key: it is expired, or of another account or region.")
        .step(format!("{STREAMING_PAGE} and copy the key again."))
        .step("Put it in at Connections > Change key.")
        .retry(Retry::Slowly)
}

/// The server closed the stream. `code` is the WebSocket close code, if it gave one.
pub fn about_close(code: Option<u16>, reason: &str) -> Problem {
    let meaning = match code {
        Some(1000) => "The server ended the stream (close code 1000, normal).".to_owned(),
        Some(1001) => "The server is going away (close code 1001), as at a restart.".to_owned(),
        Some(1008) => "The server ended the stream because of a policy (close code 1008).".to_owned(),
        Some(1009) => "The server ended the stream because a message was too big (close code 1009).".to_owned(),
        Some(code @ 1011..=1014) => {
            format!("The server ended the stream because of trouble of its own (close code {code}).")
        }
        Some(code) => format!("The server ended the stream (close code {code})."),
        None => "The server ended the stream without giving a reason.".to_owned(),
    };
    Problem::new("closed", meaning).said(reason).step("Nothing to do: it is tried again.")
}

/// Only plain text is repeated: a page of markup says nothing in 300 characters.
fn said<'a>(headers: &HeaderMap, body: &'a str) -> &'a str {
    let html = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.to_ascii_lowercase().contains("html"));
    if html || body.trim_start().starts_with('<') { "" } else { body }
}

fn wait(headers: &HeaderMap) -> Retry {
    headers
        .get(header::RETRY_AFTER)
        .and_then(|wait| wait.to_str().ok()?.trim().parse::<u32>().ok())
        .map_or(Retry::Soon, |seconds| Retry::After(seconds.min(LONGEST_WAIT)))
}
