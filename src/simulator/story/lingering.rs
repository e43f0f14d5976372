//! Somebody comes to where nobody should be, and stays.

use crate::decode::wire::presence::{PresenceClientState, presence_client_state::ClientState};

use super::{presence, second::Second};

/// The label of the restricted area.
const AREA: u64 = 104;

pub(super) fn play(second: &mut Second<'_>) {
    if !second.is_every(15, 34, 94) {
        return;
    }
    let state = match second.of_lap() {
        0..60 => ClientState::Passerby,
        60..90 => ClientState::Engaged,
        _ => ClientState::Visitor,
    };
    let label = PresenceClientState {
        is_label: Some(true),
        label_id: Some(AREA),
        label_category_id: Some(4),
        state: Some(state.into()),
        is_associated: Some(false),
    };
    presence::say_states(second, 50, vec![label]);
}
