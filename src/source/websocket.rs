//! One open stream's life: messages in, pings out, until somebody or something ends it.

use std::time::Duration;

use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::{Error, Message, error::ProtocolError};

use super::{
    Heard, Problem,
    exchange::{LARGEST_MESSAGE, Socket},
    problem::{about_close, half_open, oversized, reset},
    silence::{Manners, PING_EVERY, Silence},
    topic::Nudge,
};
use crate::{clock::Clock, event::Topic};

/// How long a ping or a goodbye may take to leave.
const SEND_LIMIT: Duration = Duration::from_secs(2);

/// What is handed on of a message: 16 MiB are more than any holds that can be read, and one octet more lets decoding
/// count it and say that it was too large.
const HANDED_ON: usize = (16 << 20) + 1;

/// Why a stream ended.
pub(super) enum End {
    /// We were asked to stop, or nobody listens any more.
    Stopped,
    /// We were asked to connect anew; `woke`: because the computer slept.
    Reconnect {
        woke: bool,
    },
    Failed(Problem),
}

/// Hands every message on, in order, until the stream ends.
pub(super) async fn listen(
    mut socket: Socket,
    topic: Topic,
    manners: &mut Manners,
    clock: Clock,
    out: &mpsc::Sender<Heard>,
    nudges: &mut mpsc::Receiver<Nudge>,
) -> End {
    let mut silence = Silence::begins(clock.elapsed());
    let mut next_ping = clock.elapsed();
    // A message that waits for room: meanwhile nothing is read, so that a slow pipeline slows the server down, and
    // silence is not the server's fault.
    let mut waiting: Option<Bytes> = None;
    loop {
        let now = clock.elapsed();
        let (limit, dead_at) = silence.limit(*manners);
        if waiting.is_none() && now >= dead_at {
            silence.ended(manners);
            return End::Failed(half_open(limit));
        }
        if now >= next_ping {
            next_ping = now + PING_EVERY;
            match clock.timeout(SEND_LIMIT, socket.send(Message::Ping(Bytes::new()))).await {
                // A full send buffer means nothing arrives over there; the silence limit decides.
                None => {}
                Some(Ok(())) => silence.pinged(clock.elapsed()),
                // A close that is on its way in explains more than a ping that could not go out.
                Some(Err(
                    Error::ConnectionClosed | Error::AlreadyClosed | Error::Protocol(ProtocolError::SendAfterClosing),
                )) => {}
                Some(Err(error)) => return End::Failed(explain(&error)),
            }
        }
        let until = next_ping.min(if waiting.is_some() { next_ping } else { dead_at });
        tokio::select! {
            nudge = nudges.recv() => match nudge {
                Some(Nudge::Retry) => {}
                Some(nudge @ (Nudge::Reconnect | Nudge::Woke)) => {
                    goodbye(&mut socket, clock).await;
                    return End::Reconnect { woke: nudge == Nudge::Woke };
                }
                None => {
                    goodbye(&mut socket, clock).await;
                    return End::Stopped;
                }
            },
            room = out.reserve(), if waiting.is_some() => {
                let Ok(room) = room else { return End::Stopped };
                if let Some(bytes) = waiting.take() {
                    room.send(Heard::Frame { topic, bytes });
                }
                silence.heard(clock.elapsed(), manners);
            }
            message = socket.next(), if waiting.is_none() => {
                let now = clock.elapsed();
                match message {
                    Some(Ok(Message::Binary(bytes))) => {
                        silence.heard(now, manners);
                        waiting = Some(cut(bytes));
                    }
                    // Not published, but if one comes, decoding says what it is.
                    Some(Ok(Message::Text(text))) => {
                        silence.heard(now, manners);
                        waiting = Some(cut(text.into()));
                    }
                    Some(Ok(Message::Pong(_))) => silence.ponged(now, manners),
                    Some(Ok(Message::Ping(_) | Message::Frame(_))) => silence.heard(now, manners),
                    Some(Ok(Message::Close(close))) => {
                        goodbye(&mut socket, clock).await;
                        let code = close.as_ref().map(|close| u16::from(close.code));
                        return End::Failed(about_close(code, close.as_ref().map_or("", |close| close.reason.as_str())));
                    }
                    Some(Err(error)) => return End::Failed(explain(&error)),
                    None => return End::Failed(reset("")),
                }
            }
            () = clock.sleep(until.saturating_sub(now)) => {}
        }
    }
}

fn cut(message: Bytes) -> Bytes {
    if message.len() <= HANDED_ON { message } else { message.slice(..HANDED_ON) }
}

/// Ends the stream politely, if the line still takes it.
async fn goodbye(socket: &mut Socket, clock: Clock) {
    let _ = clock.timeout(SEND_LIMIT, socket.close(None)).await; // it is over either way
}

fn explain(error: &Error) -> Problem {
    match error {
        Error::Capacity(_) => oversized(LARGEST_MESSAGE),
        Error::Io(error) => reset(&error.to_string()),
        Error::ConnectionClosed | Error::AlreadyClosed => about_close(None, ""),
        Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => reset(""),
        other => Problem::new(
            "bad-websocket",
            "What the server sent is not a WebSocket stream, so the connection was made anew.",
        )
        .said(&other.to_string())
        .step("If it happens again, check whether a proxy or firewall inspects this connection."),
    }
}
