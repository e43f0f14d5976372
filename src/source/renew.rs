//! The key's successor: Central makes one every seven days by itself, and tells whoever asks with the old one.

use std::{sync::Arc, time::Duration};

use secrecy::ExposeSecret;
use tokio::sync::mpsc;

use super::{
    Heard, Problem,
    account::Link,
    exchange,
    holder::Asked,
    key::{KeyInfo, check_successor},
};

/// How long an answer stands for others who ask about the same key.
const ANSWER_STANDS: Duration = Duration::from_secs(5);
/// How often the successor is asked for once it is time.
const ASK_EVERY: Duration = Duration::from_hours(1);
/// How often when the key is over, or the question failed.
const ASK_SOON: Duration = Duration::from_mins(10);
/// The longest sleep at a stretch, so that a changed key, a set clock or a night in a drawer is noticed.
const LOOK_UP_EVERY: Duration = Duration::from_mins(1);

/// What came of asking.
#[derive(Debug)]
pub(super) enum Renewal {
    /// There is a new key, and it is in use. `unkept`: why it is not in the keyring.
    Renewed { info: KeyInfo, unkept: Option<Problem> },
    /// Somebody else got a new key meanwhile.
    Already,
    /// The server says the key in use is the valid one.
    Same,
}

/// Asks for the key that is valid now, on account of the key numbered `generation`. However many ask at once, the
/// server is asked once.
pub(super) async fn renew(link: &Link, generation: u64) -> Result<Renewal, Problem> {
    let mut last = link.keys.asking.lock().await;
    let (key, now_current) = link.keys.current();
    if now_current != generation {
        return Ok(Renewal::Already);
    }
    if let Some(asked) = last.as_ref()
        && asked.generation == generation
        && link.clock.elapsed().saturating_sub(asked.at) < ANSWER_STANDS
    {
        return asked.result.clone().map(|()| Renewal::Same);
    }
    let answer = async {
        let line = link.line().await?;
        let new = exchange::validate(line, &link.account, &key, link.clock).await?;
        if new.expose_secret() == key.expose_secret() {
            return Ok(None);
        }
        let info = check_successor(&new, &link.keys.info().customer_id, link.clock.now())?;
        Ok(Some((new, info)))
    }
    .await;
    let result = match answer {
        Ok(Some((new, info))) => {
            let unkept = link.keys.succeed(generation, new, info.clone()).await;
            tracing::info!(expires = %info.expires, kept = unkept.is_none(), "the streaming key was renewed");
            return Ok(Renewal::Renewed { info, unkept });
        }
        Ok(None) => Ok(()),
        Err(problem) => Err(problem),
    };
    *last = Some(Asked { generation, at: link.clock.elapsed(), result: result.clone() });
    result.map(|()| Renewal::Same)
}

/// Asks for the successor when the key ages, for as long as the connections live. `renewed` is called when there is
/// one: connections that are open go on with the old key, as is published, and need nothing.
pub(super) async fn keep_fresh(link: Arc<Link>, out: mpsc::Sender<Heard>, renewed: impl Fn()) {
    let mut not_before = Duration::ZERO;
    loop {
        let info = link.keys.info();
        let now = link.clock.now();
        let due = Duration::try_from(info.renew_at().duration_since(now)).unwrap_or_default();
        let wait = due.max(not_before.saturating_sub(link.clock.elapsed()));
        if wait > Duration::ZERO {
            link.clock.sleep(wait.min(LOOK_UP_EVERY)).await;
            continue;
        }
        let (_, generation) = link.keys.current();
        let (heard, pause) = match renew(&link, generation).await {
            Ok(Renewal::Renewed { info, unkept }) => {
                renewed();
                (Some(Heard::KeyRenewed { info, unkept }), Duration::ZERO)
            }
            Ok(Renewal::Already) => (None, Duration::ZERO),
            Ok(Renewal::Same) => (None, if info.expired(now) { ASK_SOON } else { ASK_EVERY }),
            Err(problem) => (Some(Heard::KeyTrouble(problem)), ASK_SOON),
        };
        // A successor that is itself due at once must not make this a spin.
        not_before = link.clock.elapsed() + pause.max(LOOK_UP_EVERY);
        if let Some(heard) = heard
            && out.send(heard).await.is_err()
        {
            return;
        }
    }
}
