//! Shorthand for the wire's optional octets.

use crate::simulator::campus::Mac;

/// A text field that is there.
#[allow(clippy::unnecessary_wraps)] // every text of the wire is optional
pub(in crate::simulator) fn text(text: impl Into<String>) -> Option<Vec<u8>> {
    Some(text.into().into_bytes())
}

/// `aa:bb:cc:dd:ee:ff`, for the MACs that the wire carries as text.
pub(in crate::simulator) fn mac_text(mac: Mac) -> String {
    mac.map(|octet| format!("{octet:02x}")).join(":")
}
