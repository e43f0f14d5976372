//! What the state of a connection means for what is heard.

use super::told::Input;
use crate::{
    source::{ConnectionState, Phase},
    store::CoverageReason,
};

/// Problems that are about the key.
const KEY: &[&str] = &["key-refused", "strange-key", "bad-key"];

/// The coverage that a connection's new state stands for.
pub fn coverage(state: &ConnectionState) -> Input {
    let heard = state.phase == Phase::Live;
    let reason = match (&state.phase, &state.problem) {
        (Phase::Live, _) => CoverageReason::Listening,
        (_, Some(problem)) if KEY.contains(&problem.code.as_str()) => CoverageReason::Key,
        (_, Some(problem)) if problem.code == "asleep" => CoverageReason::Asleep,
        (Phase::Refused, _) => CoverageReason::Refused,
        _ => CoverageReason::Disconnected,
    };
    let detail = state.problem.as_ref().map_or_else(String::new, |problem| problem.message.clone());
    Input::Coverage { topic: state.topic, heard, reason, detail }
}
