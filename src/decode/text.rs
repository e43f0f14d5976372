//! Octets to text: what somebody wrote, hardware addresses, IP addresses.

use std::{
    fmt::Write as _,
    net::{Ipv4Addr, Ipv6Addr},
    sync::Arc,
};

use crate::event::MarkKind;

/// The longest text of an event, in octets of UTF-8.
pub const MAX_TEXT: usize = 64 << 10;

/// What somebody wrote. Octets that are not UTF-8 become U+FFFD; what is longer than [`MAX_TEXT`] is cut.
pub(super) fn text(octets: &[u8], mut mark: impl FnMut(MarkKind)) -> Arc<str> {
    let mut kept = octets;
    if octets.len() > MAX_TEXT {
        mark(MarkKind::Clipped);
        let is_start = |place: &usize| octets[*place] & 0xc0 != 0x80;
        // Cut before a character, not in it; in what is no UTF-8 anyway, cut anywhere.
        let end = (MAX_TEXT - 3..=MAX_TEXT).rev().find(is_start).unwrap_or(MAX_TEXT);
        kept = &octets[..end];
    }
    let text = String::from_utf8_lossy(kept);
    if let std::borrow::Cow::Owned(_) = text {
        mark(MarkKind::NotUtf8);
    }
    // Replacing may have made it longer again.
    let end = text.floor_char_boundary(MAX_TEXT);
    if end < text.len() && kept.len() == octets.len() {
        mark(MarkKind::Clipped);
    }
    text[..end].into()
}

/// `aa:bb:cc:dd:ee:ff`; another length than six is written the same way and marked.
pub(super) fn mac(octets: &[u8], mut mark: impl FnMut(MarkKind)) -> Arc<str> {
    if octets.len() != 6 {
        mark(MarkKind::OddLength);
    }
    hexadecimal(octets, mark)
}

/// An IPv4 or IPv6 address, told by its length: a family that disagrees cannot be right. Other lengths are written
/// as hexadecimal octets and marked.
pub(super) fn address(octets: &[u8], mut mark: impl FnMut(MarkKind)) -> Arc<str> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        Ipv4Addr::from(octets).to_string().into()
    } else if let Ok(octets) = <[u8; 16]>::try_from(octets) {
        Ipv6Addr::from(octets).to_string().into()
    } else {
        mark(MarkKind::OddLength);
        hexadecimal(octets, mark)
    }
}

fn hexadecimal(octets: &[u8], mut mark: impl FnMut(MarkKind)) -> Arc<str> {
    /// Nobody reads further.
    const MOST: usize = 64;
    if octets.len() > MOST {
        mark(MarkKind::Clipped);
    }
    let mut text = String::with_capacity(18);
    for (place, octet) in octets.iter().take(MOST).enumerate() {
        let colon = if place == 0 { "" } else { ":" };
        let _ = write!(text, "{colon}{octet:02x}");
    }
    text.into()
}
