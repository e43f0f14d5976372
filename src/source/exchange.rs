//! The two requests there are: open a stream, and say which key is valid now. Both over HTTP/1.1, neither follows a
//! redirect, and no answer is read beyond a bound.

use std::time::Duration;

use http::{HeaderMap, HeaderValue, Request, StatusCode, header};
use http_body_util::{BodyExt, Empty};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use secrecy::{ExposeSecret, SecretString};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{
        handshake::{client::generate_key, derive_accept_key},
        protocol::{Role, WebSocketConfig},
    },
};

use super::{
    Account, Problem,
    dial::SecureLine,
    endpoint::{STREAMING_PATH, VALIDATE_PATH},
    key::tidy,
    problem::{Retry, about_answer, about_validate_answer, timed_out},
};
use crate::{clock::Clock, event::Topic};

/// How long the server may take to answer.
const ANSWER_LIMIT: Duration = Duration::from_secs(20);
/// How long the rest of a refusal may take to arrive.
const REST_LIMIT: Duration = Duration::from_secs(3);
/// The most that is read of an answer, in octets.
const LONGEST_ANSWER: usize = 64 * 1024;
/// The largest message taken from the wire; one beyond costs the connection.
pub(super) const LARGEST_MESSAGE: usize = 32 << 20;

/// A stream of one topic's messages.
pub(super) type Socket = WebSocketStream<TokioIo<hyper::upgrade::Upgraded>>;

/// Asks for the stream of `topic`.
pub(super) async fn open_stream(
    line: SecureLine,
    account: &Account,
    key: &SecretString,
    topic: Topic,
    clock: Clock,
) -> Result<Socket, Problem> {
    let nonce = generate_key();
    let mut request = request(account, STREAMING_PATH, key)?;
    let headers = request.headers_mut();
    headers.insert("Topic", HeaderValue::from_static(topic.name()));
    if let Some(user) = &account.user {
        let user = HeaderValue::from_str(user).map_err(|_| {
            Problem::new("bad-user", "The user name holds characters that cannot be sent.").retry(Retry::Never)
        })?;
        headers.insert("UserName", user);
    }
    headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    headers.insert(header::UPGRADE, HeaderValue::from_static("websocket"));
    headers.insert(header::SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13"));
    if let Ok(nonce) = HeaderValue::from_str(&nonce) {
        headers.insert(header::SEC_WEBSOCKET_KEY, nonce);
    }

    let mut asked = ask(line, request, clock).await?;
    if asked.status != StatusCode::SWITCHING_PROTOCOLS {
        let body = asked.body().await;
        return Err(about_answer(asked.status, &asked.headers, &body, topic));
    }
    let accepted = asked.headers.get(header::SEC_WEBSOCKET_ACCEPT).map(HeaderValue::as_bytes);
    if accepted != Some(derive_accept_key(nonce.as_bytes()).as_bytes()) {
        return Err(no_websocket());
    }
    let Some(Ok(upgraded)) = clock.timeout(ANSWER_LIMIT, hyper::upgrade::on(asked.response)).await else {
        return Err(no_websocket());
    };
    let config =
        WebSocketConfig::default().max_message_size(Some(LARGEST_MESSAGE)).max_frame_size(Some(LARGEST_MESSAGE));
    Ok(WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Client, Some(config)).await)
}

/// Asks which key is valid now: the same one, or its successor. What comes back is not judged here.
pub(super) async fn validate(
    line: SecureLine,
    account: &Account,
    key: &SecretString,
    clock: Clock,
) -> Result<SecretString, Problem> {
    let mut asked = ask(line, request(account, VALIDATE_PATH, key)?, clock).await?;
    let body = asked.body().await;
    if asked.status != StatusCode::OK {
        return Err(about_validate_answer(asked.status, &asked.headers, &body));
    }
    valid_key(&body)
}

/// The key in an answer to the question which one is valid. It is not judged here.
pub fn valid_key(answer: &str) -> Result<SecretString, Problem> {
    let token = serde_json::from_str::<serde_json::Value>(answer)
        .ok()
        .and_then(|answer| answer.get("token")?.as_str().map(tidy));
    token.ok_or_else(|| {
        Problem::new("strange-answer", "The server's answer to the question for the valid key cannot be understood.")
            .step("Check the endpoint, and whether a sign-in page of the local network answers instead.")
    })
}

fn no_websocket() -> Problem {
    Problem::new("no-websocket", "The server agrees to open a stream, but not as a WebSocket should: something on the way may have changed its answer.")
        .step("Check whether a proxy or firewall inspects this connection.")
}

fn request(account: &Account, path: &str, key: &SecretString) -> Result<Request<Empty<&'static [u8]>>, Problem> {
    let unsendable = || Problem::new("bad-key", "The key holds characters that cannot be sent.").retry(Retry::Never);
    let mut key = HeaderValue::from_str(key.expose_secret()).map_err(|_| unsendable())?;
    key.set_sensitive(true);
    Request::get(path)
        .header(header::HOST, account.endpoint.authority())
        .header(header::AUTHORIZATION, key)
        .header(header::USER_AGENT, concat!("Tocsin/", env!("CARGO_PKG_VERSION")))
        .body(Empty::new())
        .map_err(|_| unsendable())
}

/// An answer whose body has not been read yet.
struct Asked {
    status: StatusCode,
    headers: HeaderMap,
    response: http::Response<Incoming>,
    clock: Clock,
    /// Ends the exchange's task when the answer is done with; an upgraded line has left it by then.
    _task: EndWithIt,
}

impl Asked {
    /// As much of the body as comes within a moment and a bound.
    async fn body(&mut self) -> String {
        let body = self.response.body_mut();
        let mut octets = Vec::new();
        let read = async {
            while let Some(Ok(frame)) = body.frame().await {
                if let Some(data) = frame.data_ref() {
                    octets.extend_from_slice(&data[..data.len().min(LONGEST_ANSWER - octets.len())]);
                }
                if octets.len() >= LONGEST_ANSWER {
                    break;
                }
            }
        };
        self.clock.timeout(REST_LIMIT, read).await;
        String::from_utf8_lossy(&octets).into_owned()
    }
}

async fn ask(line: SecureLine, request: Request<Empty<&'static [u8]>>, clock: Clock) -> Result<Asked, Problem> {
    let exchange = async {
        let (mut sender, connection) =
            http1::Builder::new().title_case_headers(true).handshake(TokioIo::new(line)).await?;
        let task = EndWithIt(tokio::spawn(async move {
            let _ = connection.with_upgrades().await; // its error is the request's too
        }));
        Ok::<_, hyper::Error>((sender.send_request(request).await?, task))
    };
    match clock.timeout(ANSWER_LIMIT, exchange).await {
        Some(Ok((response, task))) => {
            Ok(Asked { status: response.status(), headers: response.headers().clone(), response, clock, _task: task })
        }
        Some(Err(error)) => {
            let what = if error.is_parse() { "does not answer in HTTP" } else { "hung up without an answer" };
            Err(Problem::new("no-answer", format!("The server {what}."))
                .said(&error.to_string())
                .step("Nothing to do if it passes: it is tried again.")
                .step("If it lasts, check the endpoint, and whether a proxy or firewall inspects this connection."))
        }
        None => Err(timed_out("waiting for the server's answer", ANSWER_LIMIT)),
    }
}

struct EndWithIt(tokio::task::JoinHandle<()>);

impl Drop for EndWithIt {
    fn drop(&mut self) {
        self.0.abort();
    }
}
