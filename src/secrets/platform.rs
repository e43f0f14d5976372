//! The system's own keyring: Secret Service, Keychain or Credential Manager.
//!
//! Everything here blocks; [`super::Keyring`] calls it on threads of its own.

use keyring_core::{Entry, Error};

use super::{KeyringError, Trouble};

/// The name Tocsin's entries stand under.
const SERVICE: &str = "tocsin";

/// An entry in a store made for this call: one that failed once (no daemon yet, a bus that went away) would go on failing.
pub(super) fn entry(user: &str) -> Result<Entry, KeyringError> {
    #[cfg(all(unix, not(target_os = "macos")))]
    let store = zbus_secret_service_keyring_store::Store::new();
    #[cfg(target_os = "macos")]
    let store = apple_native_keyring_store::keychain::Store::new();
    #[cfg(windows)]
    let store = windows_native_keyring_store::Store::new();
    let store: std::sync::Arc<keyring_core::CredentialStore> = store.map_err(|error| explain(&error))?;
    Entry::new_in_store(&store, SERVICE, user).map_err(|error| explain(&error))
}

/// Tells the failures of the stores apart.
pub(super) fn explain(error: &Error) -> KeyringError {
    let trouble = match error {
        Error::TooLong(..) => Trouble::TooLong,
        Error::NoDefaultStore | Error::NotSupportedByStore(_) => Trouble::NoService,
        Error::PlatformFailure(inner) | Error::NoStorageAccess(inner) => {
            return from_platform(inner.as_ref(), matches!(error, Error::NoStorageAccess(_)));
        }
        // These two carry what was read, and so must not be printed.
        Error::BadEncoding(_) => return KeyringError::new(Trouble::Other, "the entry is not a text"),
        Error::BadDataFormat(..) => return KeyringError::new(Trouble::Other, "the entry is damaged"),
        Error::Ambiguous(_) => return KeyringError::new(Trouble::Other, "there are several entries for tocsin"),
        _ => Trouble::Other,
    };
    KeyringError::new(trouble, error)
}

#[cfg(all(unix, not(target_os = "macos")))]
fn from_platform(error: &(dyn std::error::Error + Send + Sync + 'static), _no_access: bool) -> KeyringError {
    use secret_service::Error as Service;
    let said = error.to_string();
    let trouble = match error.downcast_ref::<Service>() {
        Some(Service::Unavailable) => Trouble::NoService,
        Some(Service::Locked) => Trouble::Locked,
        Some(Service::Prompt) => Trouble::Denied,
        Some(Service::PromptDisconnected) => Trouble::Restarted,
        // The daemon is there, but has no default collection.
        Some(Service::NoResult) => Trouble::NotSetUp,
        _ => from_bus(&said),
    };
    KeyringError::new(trouble, said)
}

/// D-Bus errors by their published names; the bus library's own types are not ours to name.
#[cfg(all(unix, not(target_os = "macos")))]
fn from_bus(said: &str) -> Trouble {
    let has = |name: &str| said.contains(name);
    if has("ServiceUnknown")
        || has("NameHasNoOwner")
        || has("Spawn.")
        || has("NoServer")
        || has("FileNotFound")
        || has("Failed to connect")
    {
        Trouble::NoService
    } else if has("IsLocked") {
        Trouble::Locked
    } else if has("AccessDenied") || has("AuthFailed") {
        Trouble::Denied
    } else if has("NoReply") || has("Disconnected") || has("NoSession") || has("UnknownObject") {
        Trouble::Restarted
    } else if has("TimedOut") || has("Timeout") {
        Trouble::TimedOut
    } else {
        Trouble::Other
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
fn from_platform(error: &(dyn std::error::Error + Send + Sync + 'static), no_access: bool) -> KeyringError {
    KeyringError::new(if no_access { Trouble::Denied } else { Trouble::Other }, error)
}

/// Whether the keyring says it is locked; asked after a time-out, to tell a waiting prompt from a dead daemon.
#[cfg(all(unix, not(target_os = "macos")))]
pub(super) fn is_locked() -> bool {
    use secret_service::{EncryptionType, blocking::SecretService};
    SecretService::connect(EncryptionType::Plain)
        .is_ok_and(|service| service.get_default_collection().is_ok_and(|keys| keys.is_locked().unwrap_or(false)))
}

/// Keychain and Credential Manager are unlocked with the user's session.
#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(super) fn is_locked() -> bool {
    false
}
