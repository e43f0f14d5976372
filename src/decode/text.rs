//! Octets to text: what somebody wrote, hardware addresses, IP addresses.

use std::{
    fmt::{Display, Write as _},
    net::{Ipv4Addr, Ipv6Addr},
};

use crate::event::{MarkKind, Short, Words};

/// The longest text of an event, in octets of UTF-8.
pub const MAX_TEXT: usize = 64 << 10;

/// What somebody wrote. Octets that are not UTF-8 become U+FFFD; what is longer than [`MAX_TEXT`] is cut.
pub(super) fn words(octets: &[u8], mut mark: impl FnMut(MarkKind)) -> Words<'_> {
    let mut kept = octets;
    if octets.len() > MAX_TEXT {
        mark(MarkKind::Clipped);
        let is_start = |place: &usize| octets[*place] & 0xc0 != 0x80;
        // Cut before a character, not in it; in what is no UTF-8 anyway, cut anywhere.
        let end = (MAX_TEXT - 3..=MAX_TEXT).rev().find(is_start).unwrap_or(MAX_TEXT);
        kept = &octets[..end];
    }
    if let Ok(text) = str::from_utf8(kept) {
        return Words::Held(text);
    }
    let text = String::from_utf8_lossy(kept);
    mark(MarkKind::NotUtf8);
    // Replacing may have made it longer again.
    let end = text.floor_char_boundary(MAX_TEXT);
    if end < text.len() && kept.len() == octets.len() {
        mark(MarkKind::Clipped);
    }
    Words::Made(text[..end].into())
}

/// `aa:bb:cc:dd:ee:ff`; another length than six is written the same way and marked.
pub(super) fn mac(octets: &[u8], mut mark: impl FnMut(MarkKind)) -> Words<'static> {
    if octets.len() != 6 {
        mark(MarkKind::OddLength);
    }
    hexadecimal(octets, mark)
}

/// An IPv4 or IPv6 address, told by its length: a family that disagrees cannot be right. Other lengths are written
/// as hexadecimal octets and marked.
pub(super) fn address(octets: &[u8], mut mark: impl FnMut(MarkKind)) -> Words<'static> {
    if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        written(&Ipv4Addr::from(octets))
    } else if let Ok(octets) = <[u8; 16]>::try_from(octets) {
        written(&Ipv6Addr::from(octets))
    } else {
        mark(MarkKind::OddLength);
        hexadecimal(octets, mark)
    }
}

fn written(address: &impl Display) -> Words<'static> {
    let mut short = Short::new();
    match write!(short, "{address}") {
        Ok(()) => Words::Short(short),
        Err(_) => Words::Made(address.to_string().into()),
    }
}

fn hexadecimal(octets: &[u8], mut mark: impl FnMut(MarkKind)) -> Words<'static> {
    /// Nobody reads further.
    const MOST: usize = 64;
    if octets.len() > MOST {
        mark(MarkKind::Clipped);
    }
    if let Some(short) = Short::hexadecimal(octets) {
        return Words::Short(short);
    }
    let octets: Vec<_> = octets.iter().take(MOST).map(|octet| format!("{octet:02x}")).collect();
    Words::Made(octets.join(":").into())
}
