//! The operator's rules: load, check, compile, evaluate.

pub mod duration;
pub mod policy;

pub use policy::{Policy, Severity};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A rule as it stands in the folder.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct RuleText {
    /// Its path below the rules folder without `.rhai`, with `/` between: `security/rogue-on-the-wire`.
    pub name: String,
    pub text: String,
    /// Switched on by the operator.
    pub enabled: bool,
}
