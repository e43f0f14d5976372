//! The door of the streaming host: what a request must say to be let in, and the words it is refused with.

use crate::event::Topic;

use super::{
    Central,
    fault::Fault,
    hostile,
    http::{Answer, Request},
    hub::Seat,
};

/// What becomes of a request.
pub(super) enum Passage {
    /// It is a handshake that may go on; the text is its `Sec-WebSocket-Accept`.
    Streaming {
        seat: Box<Seat>,
        accept: String,
    },
    Answered(Answer),
}

/// Decides about a request. The refusals are as published or observed; where neither exists, plain HTTP.
pub(super) fn judge(central: &Central, request: &Request) -> Passage {
    match admit(central, request) {
        Ok(passage) => passage,
        Err(answer) => Passage::Answered(answer),
    }
}

fn admit(central: &Central, request: &Request) -> Result<Passage, Answer> {
    if central.has(Fault::Unavailable) {
        return Err(Answer::text(503, "Service Unavailable"));
    }
    if central.has(Fault::Unauthorized) {
        return Err(Answer::text(401, "Unauthorized"));
    }
    match request.path.as_str() {
        "/streaming/api" => handshake(central, request),
        "/streaming/token/validate" => Err(validate(central, request)),
        _ => Err(Answer::text(404, "Not Found")),
    }
}

fn handshake(central: &Central, request: &Request) -> Result<Passage, Answer> {
    get_only(request)?;
    let key = header(request, "authorization", "Authorization")?;
    let topic = header(request, "topic", "Topic")?;
    if !request.lists("upgrade", "websocket") || !request.lists("connection", "upgrade") {
        return Err(Answer::text(400, "Not a WebSocket upgrade"));
    }
    if request.header("sec-websocket-version") != Some("13") {
        return Err(Answer::text(400, "Unsupported WebSocket version"));
    }
    let nonce = header(request, "sec-websocket-key", "Sec-WebSocket-Key")?;
    if !central.accepts(key) {
        return Err(Answer::text(401, "Unauthorized"));
    }
    let topic = topic.parse::<Topic>().ok();
    if let Some(topic) = topic.filter(|_| central.has(Fault::HostileRefusal)) {
        return Err(Answer::text(403, &hostile::refusal(topic)));
    }
    let topic = topic
        .filter(|topic| central.topics.contains(topic) && !central.has(Fault::Unsubscribed))
        .ok_or_else(|| Answer::text(400, "Unsubscribed Topic"))?;
    let seat = central
        .hub
        .enter(topic)
        .ok_or_else(|| Answer::text(429, &format!("Too many connections to topic {topic}: 5 are open")))?;
    let accept = tokio_tungstenite::tungstenite::handshake::derive_accept_key(nonce.as_bytes());
    Ok(Passage::Streaming { seat: Box::new(seat), accept })
}

/// `token/validate`: the valid key, to whoever holds it or held one before it.
fn validate(central: &Central, request: &Request) -> Answer {
    if let Err(answer) = get_only(request) {
        return answer;
    }
    let key = match header(request, "authorization", "Authorization") {
        Ok(key) => key,
        Err(answer) => return answer,
    };
    match central.key_for(key) {
        Some(token) => Answer {
            status: 200,
            content_type: "application/json",
            body: serde_json::json!({ "token": token }).to_string(),
        },
        None => Answer::text(401, "Unauthorized"),
    }
}

fn get_only(request: &Request) -> Result<(), Answer> {
    if request.method == "GET" { Ok(()) } else { Err(Answer::text(405, "Method Not Allowed")) }
}

fn header<'a>(request: &'a Request, name: &str, shown: &str) -> Result<&'a str, Answer> {
    match request.header(name) {
        Some(value) if !value.is_empty() => Ok(value),
        _ => Err(Answer::text(400, &format!("Missing header: {shown}"))),
    }
}
