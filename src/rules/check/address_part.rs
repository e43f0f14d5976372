//! Whether a text can stand in an address as they are written here: `aa:bb:cc:dd:ee:ff`, `10.20.3.4`, `2001:db8::7`.

use std::net::Ipv4Addr;

/// Where in an address a text is looked for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Begin,
    End,
    Within,
}

impl Place {
    pub fn of(function: &str) -> Self {
        match function {
            "starts_with" => Self::Begin,
            "ends_with" => Self::End,
            _ => Self::Within,
        }
    }
}

/// An address of either version, or one of odd length, which is written in pairs.
pub(super) fn in_address(text: &str, place: Place) -> bool {
    in_dotted(text, place) || in_colons(text, place) || in_pairs(text, place)
}

/// Pairs of digits with colons between, of whatever length.
pub(super) fn in_pairs(text: &str, place: Place) -> bool {
    let fits = |shift: usize| {
        text.bytes().enumerate().all(|(at, octet)| {
            if (at + shift) % 3 == 2 { octet == b':' } else { matches!(octet, b'0'..=b'9' | b'a'..=b'f') }
        })
    };
    match place {
        Place::Begin => fits(0),
        Place::End => fits((2 + 2 * text.len()) % 3), // so that the last one ends a pair
        Place::Within => (0..3).any(fits),
    }
}

/// Four numbers up to 255 without needless zeros.
fn in_dotted(text: &str, place: Place) -> bool {
    let groups: Vec<&str> = text.split('.').collect();
    let last = groups.len() - 1;
    let octet = |(at, group): (usize, &&str)| {
        // At its ends the text may cut a number.
        let (cut_before, cut_behind) = (at == 0 && place != Place::Begin, at == last && place != Place::End);
        (0..=255_u8).map(|octet| octet.to_string()).any(|octet| match (cut_before, cut_behind) {
            (false, false) => octet == **group,
            (true, false) => octet.ends_with(*group),
            (false, true) => octet.starts_with(*group),
            (true, true) => octet.contains(*group),
        })
    };
    last <= 3 && groups.iter().enumerate().all(octet)
}

/// Up to eight groups without needless zeros, `::` for a row of zeros, or `::ffff:10.20.3.4`.
fn in_colons(text: &str, place: Place) -> bool {
    if text.contains('.') {
        let Some((before, dotted)) = text.rsplit_once(':') else { return false };
        let begins = if place == Place::Begin { before == "::ffff" } else { "::ffff".ends_with(before) };
        let ends =
            if place == Place::End { dotted.parse::<Ipv4Addr>().is_ok() } else { in_dotted(dotted, Place::Begin) };
        return begins && ends;
    }
    let groups: Vec<&str> = text.split(':').collect();
    let last = groups.len() - 1;
    let group = |(at, group): (usize, &&str)| {
        let cut_before = at == 0 && place != Place::Begin && group.len() < 4;
        let needless_zero = group.len() > 1 && group.starts_with('0') && !cut_before;
        let digits = group.bytes().all(|octet| matches!(octet, b'0'..=b'9' | b'a'..=b'f'));
        group.len() <= 4 && digits && !needless_zero
    };
    let written = groups.iter().filter(|group| !group.is_empty()).count();
    // A lone one may be cut out of two.
    let half = |ends: bool| {
        let (one, two) = if ends {
            (text.ends_with(':'), text.ends_with("::"))
        } else {
            (text.starts_with(':'), text.starts_with("::"))
        };
        text.len() > 1 && one && !two
    };
    last <= 8
        && written <= if text.contains("::") { 6 } else { 8 }
        && text.matches("::").count() <= 1
        && !text.contains(":::")
        && !(place == Place::Begin && half(false))
        && !(place == Place::End && half(true))
        && groups.iter().enumerate().all(group)
}

/// The same text as it would be written: digits in pairs, numbers without needless zeros. Nothing where that does not
/// make it a part of one.
pub(super) fn as_written(text: &str, of_mac: bool, place: Place) -> Option<String> {
    let small = text.to_lowercase();
    let written = if of_mac {
        let digits: Vec<char> = small.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
        digits.chunks(2).map(|pair| pair.iter().collect::<String>()).collect::<Vec<_>>().join(":")
    } else {
        let between = if small.contains(':') { ":" } else { "." };
        let bare = |group: &str| match group.trim_start_matches('0') {
            "" if !group.is_empty() => "0".to_owned(),
            bare => bare.to_owned(),
        };
        small.split(between).map(bare).collect::<Vec<_>>().join(between)
    };
    let fits = if of_mac { in_pairs(&written, place) } else { in_address(&written, place) };
    (fits && !written.is_empty() && written != text).then_some(written)
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv6Addr};

    use proptest::prelude::*;

    use super::*;

    const PLACES: [Place; 3] = [Place::Begin, Place::End, Place::Within];

    #[test]
    fn what_is_in_no_address_is_known() {
        for begins in
            ["300.", "10.256.", "010.", "2001:0db8:", "10.20.3.4.5", "fe80::1::", ".10", ":1", "20010", "1:::"]
        {
            assert!(!in_address(begins, Place::Begin), "{begins}");
        }
        for ends in [".256", "10.", "1.2.3.4.5", "1:", "12345", ":0db8", "ffff:300.1.1.1"] {
            assert!(!in_address(ends, Place::End), "{ends}");
        }
        for within in [".300.", ".01.", "1..2", ":00db:", "1::2::3", "aabbc", "ffff:10.256", ".1.2.3."] {
            assert!(!in_address(within, Place::Within), "{within}");
        }
        assert!(!in_pairs("aabb", Place::Within) && !in_pairs("aa:b:", Place::Begin) && !in_pairs(":f", Place::End));
        assert!(in_pairs(":ff", Place::End) && in_pairs("f", Place::End) && in_pairs("a:b", Place::Within));
    }

    #[test]
    fn it_is_told_how_it_is_written() {
        assert_eq!(as_written("AABBCC", true, Place::Begin).as_deref(), Some("aa:bb:cc"));
        assert_eq!(as_written("010.020.", false, Place::Begin).as_deref(), Some("10.20."));
        assert_eq!(as_written("2001:0DB8:", false, Place::Begin).as_deref(), Some("2001:db8:"));
        assert_eq!(as_written("300.", false, Place::Begin), None);
        assert_eq!(as_written("xyz", true, Place::Begin), None);
    }

    proptest! {
        /// Whatever is a part of an address is said to be one.
        #[test]
        fn no_part_of_an_address_is_called_none(
            octets: [u8; 4], groups in proptest::array::uniform8(prop_oneof![Just(0_u16), any::<u16>()]),
            odd in proptest::collection::vec(any::<u8>(), 1..9), from in 0_usize..40, to in 0_usize..40,
        ) {
            let pairs: Vec<String> = odd.iter().map(|octet| format!("{octet:02x}")).collect();
            let mapped = Ipv4Addr::from(octets).to_ipv6_mapped();
            let written = [
                Ipv4Addr::from(octets).to_string(),
                IpAddr::from(Ipv6Addr::from(groups)).to_string(),
                mapped.to_string(),
                pairs.join(":"),
            ];
            for (number, address) in written.iter().enumerate() {
                let from = from.min(address.len());
                let to = to.clamp(from, address.len());
                for place in PLACES {
                    let part = match place {
                        Place::Begin => &address[..to],
                        Place::End => &address[from..],
                        Place::Within => &address[from..to],
                    };
                    prop_assert!(part.is_empty() || in_address(part, place), "{part} of {address}");
                    prop_assert!(part.is_empty() || number < 3 || in_pairs(part, place), "{part} of {address}");
                }
            }
        }
    }
}
