//! What the state of a connection means for what is heard.

use super::told::Input;
use crate::{
    event::Topic,
    source::{ConnectionState, Phase},
    store::{Coverage, CoverageReason, RowBody},
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

/// The hole that an overload left: its beginning and its end.
pub fn overload(topic: Topic, missed: u64) -> [Input; 2] {
    [
        Input::LetGo { topic, missed },
        Input::Coverage { topic, heard: true, reason: CoverageReason::Listening, detail: String::new() },
    ]
}

/// The beginning of that hole, as it stands in the log.
pub(super) fn let_go(topic: Topic, missed: u64) -> Coverage {
    let detail = match missed {
        1 => "1 message was not kept.".to_owned(),
        _ => format!("{missed} messages were not kept."),
    };
    Coverage { topic, heard: false, reason: CoverageReason::Overload, detail, missed }
}

/// Whether what was last said of a topic holds only while somebody listens or tries to.
pub(super) fn goes_on_only_while_running(reason: CoverageReason) -> bool {
    !matches!(reason, CoverageReason::NotRunning | CoverageReason::OtherAccount | CoverageReason::Off)
}

/// The row that says that from here on nobody listens.
pub(super) fn unheard(topic: Topic, reason: CoverageReason) -> RowBody {
    RowBody::Coverage(Coverage { topic, heard: false, reason, detail: String::new(), missed: 0 })
}
