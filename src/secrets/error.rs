//! Why the keyring does not do what it should, told apart so that each can be acted on.

use std::fmt;

/// What kind of trouble the keyring gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It is locked, and nobody unlocked it in time.
    Locked,
    /// There is none: no session bus, or nothing on it that keeps secrets.
    NoService,
    /// It answers, but has no default collection to keep anything in: nobody has set it up.
    NotSetUp,
    /// It was asked, and somebody or something said no.
    Denied,
    /// It did not answer in time, and it is not known to be locked.
    TimedOut,
    /// It went away while it was asked.
    Restarted,
    /// The key is longer than it can keep.
    TooLong,
    Other,
}

/// A failure of the keyring. Never holds any of the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyringError {
    pub trouble: Trouble,
    /// The keyring's own words; may be empty.
    pub said: String,
}

impl KeyringError {
    pub(super) fn new(trouble: Trouble, said: impl fmt::Display) -> Self {
        Self { trouble, said: said.to_string() }
    }

    /// Stable and short.
    pub fn code(&self) -> &'static str {
        match self.trouble {
            Trouble::Locked => "keyring-locked",
            Trouble::NoService => "keyring-missing",
            Trouble::NotSetUp => "keyring-not-set-up",
            Trouble::Denied => "keyring-denied",
            Trouble::TimedOut => "keyring-timeout",
            Trouble::Restarted => "keyring-restarted",
            Trouble::TooLong => "keyring-too-long",
            Trouble::Other => "keyring",
        }
    }

    /// What happened and what it means.
    pub fn message(&self) -> &'static str {
        match self.trouble {
            Trouble::Locked => "The keyring is locked, so the key in it cannot be reached.",
            Trouble::NoService => "This session has no keyring (no Secret Service answers), so the key cannot be kept.",
            Trouble::NotSetUp => "The keyring has never been set up: it has no default collection to keep the key in.",
            Trouble::Denied => "The keyring refused, or the prompt to unlock it was dismissed.",
            Trouble::TimedOut => "The keyring does not answer.",
            Trouble::Restarted => "The keyring went away while it was asked.",
            Trouble::TooLong => "The key is too long for this system's keyring (2,560 octets).",
            Trouble::Other => "The keyring failed.",
        }
    }

    /// What to do, in order.
    pub fn steps(&self) -> Vec<String> {
        let steps: &[&str] = match self.trouble {
            Trouble::Locked => &["Unlock the keyring (a prompt may be waiting on the desktop), then try again."],
            Trouble::NoService => &[
                "Install and start a keyring, such as gnome-keyring or KWallet, and sign in to the desktop again.",
                "Or hold the key for this run only: it is then asked for at each start.",
            ],
            Trouble::NotSetUp => &[
                "Make a default keyring with the desktop's own program (Passwords and Keys, KWalletManager), then try again.",
                "Or hold the key for this run only: it is then asked for at each start.",
            ],
            Trouble::Denied => &["Try again and allow Tocsin to use the keyring."],
            Trouble::TimedOut => &[
                "Look for a prompt of the keyring on the desktop and answer it, then try again.",
                "If there is none, restart the keyring by signing out and in.",
            ],
            Trouble::Restarted => &["Try again."],
            Trouble::TooLong => &["Hold the key for this run only: it is then asked for at each start."],
            Trouble::Other => &["Try again.", "Or hold the key for this run only: it is then asked for at each start."],
        };
        steps.iter().map(|&step| step.to_owned()).collect()
    }
}

impl fmt::Display for KeyringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())?;
        if !self.said.is_empty() {
            write!(f, " It says: \"{}\".", self.said)?;
        }
        for step in self.steps() {
            write!(f, " {step}")?;
        }
        Ok(())
    }
}

impl std::error::Error for KeyringError {}
