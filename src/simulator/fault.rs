//! What can be made to go wrong, by name.

use std::{fmt, str::FromStr};

/// A fault that a simulator can be told to have. Spans are of its own clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Fault {
    /// Each connection is cut without a close frame [`super::CUT_AFTER`] after it opened.
    Drop,
    /// Connections fall silent: no data, no answer to pings, no close. Those already open, too.
    Stall,
    /// The answer to a handshake waits for [`super::SLOW_HANDSHAKE`].
    SlowHandshake,
    /// Every request is answered 401, `token/validate` among them.
    Unauthorized,
    /// Every handshake is answered 400 `Unsubscribed Topic`.
    Unsubscribed,
    /// Every request is answered 503.
    Unavailable,
    /// Messages of random octets, between the good ones.
    Garbage,
    /// Messages that end in mid-field, between the good ones.
    Truncated,
    /// Well-formed messages with text that no one should ever draw: see [`super::hostile`].
    Hostile,
    /// Every handshake is refused in words that no one should ever draw, and the key is of a customer of such a name: see
    /// [`super::hostile`].
    HostileRefusal,
    /// The key is replaced and all connections are cut, once: who comes back needs the new key.
    KeyReplaced,
    /// Thousands of records a second on security and presence.
    Burst,
    /// Each connection is reset (TCP RST) in the middle of a message [`super::CUT_AFTER`] after it opened.
    Reset,
    /// Messages of more than 16 MiB, between the good ones.
    Oversize,
}

impl Fault {
    /// All faults, in the order of `--help`.
    pub const ALL: [Self; 14] = [
        Self::Drop,
        Self::Stall,
        Self::SlowHandshake,
        Self::Unauthorized,
        Self::Unsubscribed,
        Self::Unavailable,
        Self::Garbage,
        Self::Truncated,
        Self::Hostile,
        Self::HostileRefusal,
        Self::KeyReplaced,
        Self::Burst,
        Self::Reset,
        Self::Oversize,
    ];

    /// The name on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Drop => "drop",
            Self::Stall => "stall",
            Self::SlowHandshake => "slow-handshake",
            Self::Unauthorized => "401",
            Self::Unsubscribed => "400",
            Self::Unavailable => "503",
            Self::Garbage => "garbage",
            Self::Truncated => "truncated",
            Self::Hostile => "hostile",
            Self::HostileRefusal => "hostile-refusal",
            Self::KeyReplaced => "key-replaced",
            Self::Burst => "burst",
            Self::Reset => "reset",
            Self::Oversize => "oversize",
        }
    }

    /// What it does, in a few words.
    pub const fn description(self) -> &'static str {
        match self {
            Self::Drop => "each connection is cut 10 s after it opens, without a close",
            Self::Stall => "connections fall silent: no data, no answer to pings, no close",
            Self::SlowHandshake => "a handshake is answered after 8 s",
            Self::Unauthorized => "every request is answered 401, token/validate too",
            Self::Unsubscribed => "every handshake is answered 400 Unsubscribed Topic",
            Self::Unavailable => "every request is answered 503",
            Self::Garbage => "messages of random octets between the good ones",
            Self::Truncated => "messages that end in mid-field between the good ones",
            Self::Hostile => "well-formed messages with markup, escapes, bad UTF-8 and the like in their text",
            Self::HostileRefusal => "every handshake is refused with markup, escapes and the like in its words",
            Self::KeyReplaced => "the key is replaced after 10 s and all connections are cut",
            Self::Burst => "thousands of records a second on security and presence",
            Self::Reset => "each connection is reset in mid-message 10 s after it opens",
            Self::Oversize => "messages of more than 16 MiB between the good ones",
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|fault| fault.name() == text).ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("\"{text}\" is not a fault. Faults: {names}.")
        })
    }
}
