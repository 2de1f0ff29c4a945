//! Networks: the addresses from which a token may be used.

use super::violation::Violation;
use ipnet::IpNet;
use std::fmt;
use std::net::IpAddr;

/// One address or range, in IPv4 or IPv6. An IPv4-mapped IPv6 address is converted to the IPv4 address that it contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network(IpNet);

/// The addresses from which a token may be used: 1–50 different addresses or ranges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AllowedIps(Vec<Network>);

impl Network {
    /// Parses an address, or a range in CIDR notation.
    ///
    /// # Errors
    /// The violation `network-format`, or `network-host-bits` for a range that does not start at its first address.
    pub fn parse(text: &str) -> Result<Self, Violation> {
        let (address, length) = match text.split_once('/') {
            None => (text, None),
            Some((address, length)) => (address, Some(length)),
        };
        // The standard library's parser rejects notations that programs read differently, such as `010.0.0.1`.
        let network = address.parse().ok().and_then(|address| network(address, length));
        let network = network.ok_or_else(|| {
            let detail =
                "must be an address or a CIDR range, such as `203.0.113.7` or `2001:db8::/32`";
            Violation::new("network-format", detail)
        })?;
        let meant = Self(network.trunc());
        if meant.0 != network {
            let detail = format!("has bits set after its prefix; did you mean `{meant}`?");
            return Err(Violation::new("network-host-bits", detail));
        }
        Ok(meant)
    }
}

/// Returns the network of an address with a prefix length. Without a length, it contains only the address.
fn network(address: IpAddr, length: Option<&str>) -> Option<IpNet> {
    let length = match length {
        None => None,
        // `+8` and `08` would parse too, but are rejected.
        Some(text) => Some(text.parse().ok().filter(|length: &u8| length.to_string() == text)?),
    };
    match (address.to_canonical(), length) {
        (address, None) => Some(address.into()),
        (mapped @ IpAddr::V4(_), Some(length)) if address.is_ipv6() => {
            // The first 96 bits are the same in all mapped addresses. A shorter prefix includes addresses that are not mapped,
            // so the range stays IPv6.
            match length.checked_sub(96) {
                Some(length) => IpNet::new(mapped, length).ok(),
                None => IpNet::new(address, length).ok(),
            }
        }
        (address, Some(length)) => IpNet::new(address, length).ok(),
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.prefix_len() == self.0.max_prefix_len() {
            write!(f, "{}", self.0.addr())
        } else {
            write!(f, "{}", self.0)
        }
    }
}

impl AllowedIps {
    /// The maximum number of entries.
    pub const MAX: usize = 50;

    /// Checks the number of entries.
    ///
    /// # Errors
    /// The violation `list-length`.
    pub fn check_count(count: usize) -> Result<(), Violation> {
        if (1..=Self::MAX).contains(&count) {
            return Ok(());
        }
        let detail = format!("must list 1 to {} addresses; use `null` to allow any", Self::MAX);
        Err(Violation::new("list-length", detail))
    }

    /// Creates the list.
    ///
    /// # Errors
    /// The violation `duplicate`, at the index of the first network that equals an earlier one, even if they were written
    /// differently.
    pub fn new(networks: Vec<Network>) -> Result<Self, Violation> {
        let repeated = networks.iter().enumerate().position(|(index, network)| {
            networks.iter().take(index).any(|earlier| earlier == network)
        });
        match repeated {
            None => Ok(Self(networks)),
            Some(index) => Err(Violation::new("duplicate", "must not be listed twice").at(index)),
        }
    }

    /// Returns the entries.
    pub fn networks(&self) -> &[Network] {
        &self.0
    }

    /// Returns whether the token may be used from this address.
    pub fn allows(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.0.contains(&address))
    }

    /// Returns whether the token may be used from this address, as a gateway reports it. Returns `false` if the address is
    /// unknown or invalid.
    pub fn allows_reported(&self, address: Option<&str>) -> bool {
        address.and_then(|text| text.parse().ok()).is_some_and(|address| self.allows(address))
    }
}

/// Parses the address of a client.
///
/// # Errors
/// The violation `address`.
pub fn parse_address(text: &str) -> Result<IpAddr, Violation> {
    let detail = "must be an IPv4 or IPv6 address, such as `203.0.113.7`";
    text.parse().map_err(|_| Violation::new("address", detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(networks: &[&str]) -> AllowedIps {
        let networks = networks.iter().map(|text| Network::parse(text).unwrap());
        AllowedIps::new(networks.collect()).unwrap()
    }

    #[test]
    fn addresses_and_ranges_are_shown_in_one_notation() {
        for (text, shown) in [
            ("203.0.113.7", "203.0.113.7"),
            ("203.0.113.7/32", "203.0.113.7"),
            ("203.0.113.0/24", "203.0.113.0/24"),
            ("0.0.0.0/0", "0.0.0.0/0"),
            ("2001:DB8:0::/32", "2001:db8::/32"),
            ("2001:db8::1/128", "2001:db8::1"),
            ("::/0", "::/0"),
            ("::ffff:203.0.113.7", "203.0.113.7"),
            ("::ffff:203.0.113.0/120", "203.0.113.0/24"),
            ("::ffff:0:0/96", "0.0.0.0/0"),
        ] {
            assert_eq!(Network::parse(text).unwrap().to_string(), shown, "{text}");
        }
    }

    #[test]
    fn other_notations_are_rejected() {
        for text in [
            "",
            "/",
            "/8",
            "10",
            "10.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "10.0.0.0/+8",
            "10.0.0.0/08",
            "10.0.0.0/8/8",
            "010.0.0.1",
            "0x7f.0.0.1",
            "10.0.0.256",
            " 10.0.0.1",
            "10.0.0.1 ",
            "10.0.0.*",
            "fe80::1%eth0",
            "2001:db8::/129",
            "[::1]",
            "localhost",
            "10.0.0.0/255.0.0.0",
        ] {
            assert_eq!(Network::parse(text).unwrap_err().code, "network-format", "{text:?}");
        }
    }

    #[test]
    fn a_range_with_host_bits_names_the_range_that_was_meant() {
        for (text, meant) in [
            ("203.0.113.7/24", "203.0.113.0/24"),
            ("203.0.113.7/0", "0.0.0.0/0"),
            ("2001:db8::1/64", "2001:db8::/64"),
            ("::ffff:203.0.113.7/120", "203.0.113.0/24"),
            ("::ffff:203.0.113.0/64", "::/64"),
        ] {
            let violation = Network::parse(text).unwrap_err();
            assert_eq!(violation.code, "network-host-bits", "{text}");
            assert!(violation.detail.contains(&format!("`{meant}`")), "{}", violation.detail);
        }
    }

    #[test]
    fn a_list_has_1_to_50_different_entries() {
        for (count, is_valid) in [(0, false), (1, true), (50, true), (51, false)] {
            assert_eq!(AllowedIps::check_count(count).is_ok(), is_valid, "{count}");
        }
        let twice = ["10.0.0.0/8", "203.0.113.7", "::ffff:203.0.113.7/128"];
        let twice = twice.map(|text| Network::parse(text).unwrap()).to_vec();
        let violation = AllowedIps::new(twice).unwrap_err();
        assert_eq!((violation.code, &*violation.pointer), ("duplicate", "/2"));
    }

    #[test]
    fn an_address_is_allowed_in_each_of_its_notations_and_an_unknown_one_never() {
        let list = allowed(&["203.0.113.0/24", "2001:db8::/32"]);
        for inside in [
            "203.0.113.0",
            "203.0.113.255",
            "::ffff:203.0.113.9",
            "::ffff:cb00:7109",
            "2001:db8:ffff::1",
        ] {
            assert!(list.allows_reported(Some(inside)), "{inside}");
        }
        for outside in [
            "203.0.112.255",
            "203.0.114.0",
            "2001:db9::",
            "::203.0.113.9",
            "203.0.113.9:443",
            "",
            "x",
        ] {
            assert!(!list.allows_reported(Some(outside)), "{outside}");
        }
        assert!(!list.allows_reported(None));
        // The range of all IPv6 addresses contains no IPv4 address, even if that is written as an IPv6 address.
        assert!(!allowed(&["::/0"]).allows_reported(Some("::ffff:203.0.113.9")));
        assert!(!allowed(&["0.0.0.0/0", "::/0"]).allows_reported(None));
    }
}
