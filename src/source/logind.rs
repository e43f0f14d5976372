//! What logind says of the computer's sleep, on a Linux that has it. Where there is none, or none any more, nothing is
//! said, and sleep is found by the clocks alone.

use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::sync::mpsc;
use zbus::{OwnedFd, Proxy, connection::Builder, proxy, proxy::MethodFlags};

use super::wake::Word;
use crate::clock::Clock;

const NAME: &str = "org.freedesktop.login1";
const PATH: &str = "/org/freedesktop/login1";
const INTERFACE: &str = "org.freedesktop.login1.Manager";

/// How long to wait before a bus is looked for again that was not there.
const AGAIN: Duration = Duration::from_mins(1);
/// How long sleep is held up, once it is known to come, so that the log can say so. logind allows five.
const HOLD_UP: Duration = Duration::from_secs(1);

/// Passes on what logind says, until nobody listens.
pub(super) async fn watch(clock: Clock, words: mpsc::Sender<Word>) {
    while !words.is_closed() {
        if let Err(error) = listen(clock, &words).await {
            tracing::debug!("logind says nothing of sleep; the clocks do: {error}");
        }
        clock.sleep(AGAIN).await;
    }
}

/// Until the bus ends. Signals count only from whoever owns logind's name.
async fn listen(clock: Clock, words: &mpsc::Sender<Word>) -> zbus::Result<()> {
    let bus = Builder::system().build().await?;
    let cache = proxy::CacheProperties::No;
    let logind: Proxy<'_> = proxy::Builder::new(&bus)
        .destination(NAME)
        .path(PATH)
        .interface(INTERFACE)
        .cache_properties(cache)
        .build()
        .await?;
    let mut owners = logind.receive_owner_changed().await?;
    let mut signals = logind.receive_signal("PrepareForSleep").await?;
    let mut lock = delay(&logind).await;
    loop {
        tokio::select! {
            signal = signals.next() => match signal.map(|signal| signal.body().deserialize::<bool>()) {
                Some(Ok(true)) => {
                    let _ = words.send(Word::Sleeps).await;
                    clock.sleep(HOLD_UP).await;
                    lock = None;
                }
                Some(Ok(false)) => {
                    let _ = words.send(Word::Wakes).await;
                    lock = delay(&logind).await;
                }
                Some(Err(error)) => tracing::debug!("logind said what is not understood: {error}"),
                None => return Ok(()),
            },
            // Another logind knows nothing of our lock.
            owner = owners.next() => match owner {
                Some(owner) => lock = if owner.is_some() { delay(&logind).await } else { None },
                None => return Ok(()),
            },
        }
        tracing::trace!(held = lock.is_some(), "the lock that lets us know before the computer sleeps");
    }
}

/// Asks to be told, and waited for, before the computer sleeps: for as long as this is held. Without, it may sleep before
/// we know; then the clocks say so afterwards.
async fn delay(logind: &Proxy<'_>) -> Option<OwnedFd> {
    let asked = ("sleep", "Tocsin", "Writes down from when on nobody listens", "delay");
    // A logind that is not there is not started for this.
    match logind.call_with_flags("Inhibit", MethodFlags::NO_AUTO_START, &asked).await {
        Ok(lock) => lock,
        Err(error) => {
            tracing::debug!("logind will not wait before the computer sleeps: {error}");
            None
        }
    }
}
