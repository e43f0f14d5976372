//! Addresses and the networks they are in.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr}; // addresses only: `core` has no sockets

use rhai::{Dynamic, Engine};

use super::{Example, Function, Gives};

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "cidr",
    signature: "cidr(net, ip)",
    gives: Gives::Truth,
    says: "The address is in the network, written like 10.20.0.0/16 or 2001:db8::/32; a lone address is a network of one.",
    unknown: "False for what is no address, and for an address of the other family.",
    example: Example::new(
        "audit.configuration",
        r#"present(event.client_ip) && !cidr("10.20.0.0/16", event.client_ip)"#,
        &[
            (r#"client_ip = "10.20.3.4""#, false),
            (r#"client_ip = "203.0.113.7""#, true),
            (r#"client_ip = "2001:db8::7""#, true),
            (r#"username = "system""#, false),
        ],
    ),
}];

/// A network such as `10.20.0.0/16` or `2001:db8::/32`; a lone address is a network of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Reads `10.20.0.0/16`, `2001:db8::/32` or a lone address.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits: u32 = bits.map_or(Some(most), |bits| bits.trim().parse().ok())?;
        // An address of version 4 in the clothes of version 6 is one of version 4, as it is in `holds`.
        match (address, address.to_canonical(), bits.checked_sub(96)) {
            (IpAddr::V6(_), address @ IpAddr::V4(_), Some(bits)) if bits <= 32 => Some(Self { address, bits }),
            _ => (bits <= most).then_some(Self { address, bits }),
        }
    }

    /// How it is written where its address is one within it, `10.0.0.0/8` of `10.0.0.1/8`; `None` where it begins with it.
    pub fn without_host(self) -> Option<String> {
        let begins: IpAddr = match self.address {
            IpAddr::V4(net) => Ipv4Addr::from_bits(net.to_bits() & mask_of_4(self.bits)).into(),
            IpAddr::V6(net) => Ipv6Addr::from_bits(net.to_bits() & mask_of_6(self.bits)).into(),
        };
        (begins != self.address).then(|| format!("{begins}/{}", self.bits))
    }

    /// Whether the address is in it; an IPv4 address may be written as IPv6.
    pub fn holds(self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(net), IpAddr::V4(address)) => (net.to_bits() ^ address.to_bits()) & mask_of_4(self.bits) == 0,
            (IpAddr::V6(net), IpAddr::V6(address)) => (net.to_bits() ^ address.to_bits()) & mask_of_6(self.bits) == 0,
            _ => false,
        }
    }
}

fn mask_of_4(bits: u32) -> u32 {
    u32::MAX.checked_shl(32 - bits).unwrap_or(0)
}

fn mask_of_6(bits: u32) -> u128 {
    u128::MAX.checked_shl(128 - bits).unwrap_or(0)
}

pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("cidr", |net: &str, address: Dynamic| {
        let address = address.as_immutable_string_ref().ok().and_then(|text| text.parse::<IpAddr>().ok());
        Network::parse(net).zip(address).is_some_and(|(net, address)| net.holds(address))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_holds_its_addresses() {
        let holds = |net: &str, address: &str| {
            Network::parse(net).zip(address.parse().ok()).map(|(net, address)| net.holds(address))
        };
        assert_eq!(holds("10.20.0.0/16", "10.20.255.1"), Some(true));
        assert_eq!(holds("10.20.0.0/16", "10.21.0.1"), Some(false));
        assert_eq!(holds("0.0.0.0/0", "203.0.113.7"), Some(true));
        assert_eq!(holds("10.0.0.1", "10.0.0.1"), Some(true));
        assert_eq!(holds("10.0.0.1", "10.0.0.2"), Some(false));
        assert_eq!(holds("2001:db8::/32", "2001:db8:1::1"), Some(true));
        assert_eq!(holds("::/0", "10.0.0.1"), Some(false));
        assert_eq!(holds("10.20.0.0/16", "::ffff:10.20.0.1"), Some(true));
        assert_eq!(holds("::ffff:10.20.0.0/112", "10.20.3.4"), Some(true));
        assert_eq!(holds("::ffff:10.20.0.0/112", "10.21.3.4"), Some(false));
        assert_eq!(holds("::ffff:10.20.0.0/129", "10.20.3.4"), None);
        assert_eq!(holds("10.20.0.0/33", "10.20.0.1"), None);
        assert_eq!(holds("ten", "10.20.0.1"), None);
    }
}
