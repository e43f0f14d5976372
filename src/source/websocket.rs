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
use crate::{
    clock::{Clock, Look},
    event::Topic,
};

/// How long a ping or a goodbye may take to leave.
const SEND_LIMIT: Duration = Duration::from_secs(2);
/// How long a goodbye may take when the computer is about to sleep.
const SHORTLY: Duration = Duration::from_millis(300);

/// How long a message waits for room, and the line with it, before what comes is let go and counted: by then the server
/// would end a connection that reads nothing, and nobody would know how much was missed.
const HOLD_BACK: Duration = Duration::from_secs(10);

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
    /// The computer is about to sleep.
    Sleeps,
    Failed(Problem),
}

/// What waits for room, in order: at most one message, and the count of those that were let go after it.
#[derive(Default)]
struct Waiting {
    message: Option<Bytes>,
    /// Since when there has been no room.
    since: Duration,
    let_go: u64,
}

impl Waiting {
    fn is_none(&self) -> bool {
        self.message.is_none() && self.let_go == 0
    }

    /// Whether there has been no room for so long that what comes is let go.
    fn is_overloaded(&self, now: Duration) -> bool {
        self.let_go > 0 || (self.message.is_some() && now.saturating_sub(self.since) >= HOLD_BACK)
    }

    /// A message came.
    fn take(&mut self, message: Bytes, now: Duration) {
        if self.is_none() {
            (self.message, self.since) = (Some(message), now);
        } else {
            self.let_go += 1;
        }
    }

    /// What is told next, now that there is room for it.
    fn next(&mut self, topic: Topic) -> Option<Heard> {
        match self.message.take() {
            Some(bytes) => Some(Heard::Frame { topic, bytes }),
            None if self.let_go > 0 => Some(Heard::Overload { topic, missed: std::mem::take(&mut self.let_go) }),
            None => None,
        }
    }
}

/// Hands every message on, in order, until the stream ends.
pub(super) async fn listen(
    socket: Socket,
    topic: Topic,
    manners: &mut Manners,
    clock: Clock,
    out: &mpsc::Sender<Heard>,
    nudges: &mut mpsc::Receiver<Nudge>,
) -> End {
    let mut waiting = Waiting::default();
    let end = hand_on(socket, topic, manners, clock, out, nudges, &mut waiting).await;
    if waiting.let_go > 0 && !matches!(end, End::Stopped) {
        while let Some(heard) = waiting.next(topic) {
            if out.send(heard).await.is_err() {
                return End::Stopped;
            }
        }
    }
    end
}

async fn hand_on(
    mut socket: Socket,
    topic: Topic,
    manners: &mut Manners,
    clock: Clock,
    out: &mpsc::Sender<Heard>,
    nudges: &mut mpsc::Receiver<Nudge>,
    // While a message waits, nothing is read at first, so that a slow pipeline slows the server down, and silence is
    // not the server's fault.
    waiting: &mut Waiting,
) -> End {
    let mut silence = Silence::begins(clock.elapsed());
    let mut next_ping = clock.elapsed();
    let mut until = next_ping;
    loop {
        let now = clock.elapsed();
        // All timers are late at once: it is not the server that was silent, we were not there. Who watches for sleep
        // will say so.
        if now > until + Look::JUMP {
            silence = Silence::begins(now);
            next_ping = now;
        }
        let (limit, dead_at) = silence.limit(*manners);
        let reads = waiting.is_none() || waiting.is_overloaded(now);
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
        until = next_ping.min(if waiting.is_none() { dead_at } else { next_ping });
        tokio::select! {
            nudge = nudges.recv() => match nudge {
                Some(Nudge::Retry) => {}
                Some(nudge @ (Nudge::Reconnect | Nudge::Woke)) => {
                    goodbye(&mut socket, clock, SEND_LIMIT).await;
                    return End::Reconnect { woke: nudge == Nudge::Woke };
                }
                Some(Nudge::Sleeps) => {
                    goodbye(&mut socket, clock, SHORTLY).await;
                    return End::Sleeps;
                }
                None => {
                    goodbye(&mut socket, clock, SEND_LIMIT).await;
                    return End::Stopped;
                }
            },
            room = out.reserve(), if !waiting.is_none() => {
                let Ok(room) = room else { return End::Stopped };
                if let Some(heard) = waiting.next(topic) {
                    room.send(heard);
                }
                silence.heard(clock.elapsed(), manners);
            }
            message = socket.next(), if reads => {
                let now = clock.elapsed();
                match message {
                    Some(Ok(Message::Binary(bytes))) => {
                        silence.heard(now, manners);
                        waiting.take(cut(bytes), now);
                    }
                    // Not published, but if one comes, decoding says what it is.
                    Some(Ok(Message::Text(text))) => {
                        silence.heard(now, manners);
                        waiting.take(cut(text.into()), now);
                    }
                    Some(Ok(Message::Pong(_))) => silence.ponged(now, manners),
                    Some(Ok(Message::Ping(_) | Message::Frame(_))) => silence.heard(now, manners),
                    Some(Ok(Message::Close(close))) => {
                        goodbye(&mut socket, clock, SEND_LIMIT).await;
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
async fn goodbye(socket: &mut Socket, clock: Clock, limit: Duration) {
    let _ = clock.timeout(limit, socket.close(None)).await; // it is over either way
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
