//! Whose hardware an address names, by the IEEE's public registries (the `oui-data` package), offline.

use rhai::{Dynamic, Engine, ImmutableString};

use super::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "oui",
    signature: "oui(mac)",
    gives: Gives::Text,
    says: "The company that a hardware address belongs to, such as \"Aruba, a Hewlett Packard Enterprise Company\".",
    unknown: "() if nobody registered it, as with the random addresses of phones. The table is part of Tocsin and as old as it is.",
    example: Example::new(
        "security.rogue",
        r#"oui(event.rogue_id).contains("Hewlett Packard")"#,
        &[
            (r#"rogue_id = "20:4c:03:12:34:56""#, true),
            (r#"rogue_id = "00:00:00:12:34:56""#, false),
            (r#"rogue_id = "da:a1:19:00:00:01""#, false),
            (r#"ssid = "eduroam""#, false),
        ],
    ),
}];

/// The second bit of an address says that it is made up, and the first that it is no single device's.
const LOCAL_OR_GROUP: u8 = 0b11;

/// The name in the registry of the longest prefix that fits.
pub(super) fn vendor(mac: &str) -> Option<&'static str> {
    let digits: String = mac.chars().filter(|c| !matches!(c, ':' | '-' | '.')).collect();
    if digits.len() != 12 || !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    let first = u8::from_str_radix(&digits[..2], 16).ok()?;
    if first & LOCAL_OR_GROUP != 0 {
        return None;
    }
    let name = oui_data::lookup(&digits.to_ascii_uppercase())?.organization();
    // Who registers in private is registered as that.
    (!name.eq_ignore_ascii_case("private")).then_some(name)
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("oui", |mac: Dynamic| -> Dynamic {
        let vendor = mac.as_immutable_string_ref().ok().and_then(|mac| vendor(&mac));
        vendor.map_or(Dynamic::UNIT, |name| ImmutableString::from(name).into())
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_registered_address_names_its_company() {
        assert_eq!(vendor("00:00:00:12:34:56"), Some("XEROX CORPORATION"));
        assert!(vendor("20:4c:03:12:34:56").is_some_and(|name| name.contains("Hewlett Packard")));
        assert_eq!(vendor("204C.0312.3456"), vendor("20-4c-03-12-34-56"));
    }

    #[test]
    fn a_block_that_was_divided_names_whom_the_part_belongs_to() {
        let parts: Vec<_> = (0..16).map(|part| vendor(&format!("70:b3:d5:{part:x}0:00:00"))).collect();
        assert!(parts.iter().flatten().collect::<std::collections::HashSet<_>>().len() > 1, "{parts:?}");
    }

    #[test]
    fn what_is_made_up_or_no_address_has_no_company() {
        for mac in
            ["02:00:00:12:34:56", "da:a1:19:00:00:01", "ff:ff:ff:ff:ff:ff", "", "20:4c:03", "x", "é0:00:00:00:00:0"]
        {
            assert_eq!(vendor(mac), None, "{mac}");
        }
    }
}
