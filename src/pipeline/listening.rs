//! What the state of a connection means for what is heard.

use super::told::Input;
use crate::{
    source::{ConnectionState, Phase},
    store::CoverageReason,
};

/// The coverage that a connection's new state stands for.
pub fn coverage(state: &ConnectionState) -> Input {
    let heard = state.phase == Phase::Live;
    let reason = match (&state.phase, &state.problem) {
        (Phase::Live, _) => CoverageReason::Listening,
        (_, Some(problem)) if problem.is_about_the_key() => CoverageReason::Key,
        (Phase::Refused, _) => CoverageReason::Refused,
        _ => CoverageReason::Disconnected,
    };
    let detail = state.problem.as_ref().map_or_else(String::new, |problem| problem.message.clone());
    Input::Coverage { topic: state.topic, heard, reason, detail }
}
