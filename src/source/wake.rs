//! Notices that the computer slept: connections that were open may be dead without knowing it.

use std::time::Duration;

use crate::clock::{Clock, Look};

const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Calls `woke` whenever the computer woke.
pub(super) async fn watch(clock: Clock, woke: impl Fn()) {
    let mut last = Look::at(clock);
    loop {
        clock.sleep(LOOK_EVERY).await;
        let now = Look::at(clock);
        if last.slept_until(&now, LOOK_EVERY) {
            tracing::info!("the computer slept; connecting anew");
            woke();
        }
        last = now;
    }
}
