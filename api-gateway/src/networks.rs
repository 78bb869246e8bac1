//! Lists of networks, and which of them an address is in.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::IpNet;

/// Networks such as `10.0.0.0/8`; a single address is one too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Reads a list; `None` when one is no network.
    pub fn parse<'a>(list: impl Iterator<Item = &'a str>) -> Option<Self> {
        let network = |text: &str| {
            let one = || text.parse::<IpAddr>().ok().map(IpNet::from);
            text.parse::<IpNet>().ok().or_else(one)
        };
        list.map(network).collect::<Option<_>>().map(Self)
    }

    /// Whether the address is in one of them. An IPv4 address is one also where a socket shows it as IPv6.
    #[must_use]
    pub fn contain(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.0.iter().any(|network| network.contains(&address))
    }
}

impl std::fmt::Display for Networks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let networks: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&networks.join(","))
    }
}

/// Returns what stands for everybody who could send from this address at will: in IPv6 that is a /64.
pub(crate) fn household(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & (u128::MAX << 64)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::Networks;

    #[test]
    fn an_address_is_in_a_network_in_whatever_form() {
        let list = ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32"];
        let networks = Networks::parse(list.into_iter()).unwrap();
        for (address, inside) in [
            ("10.1.2.3", true),
            ("::ffff:10.1.2.3", true),
            ("192.0.2.7", true),
            ("192.0.2.8", false),
            ("2001:db8:1::1", true),
            ("2001:db9::1", false),
        ] {
            assert_eq!(networks.contain(address.parse().unwrap()), inside, "{address}");
        }
        assert_eq!(networks.to_string(), "10.0.0.0/8,192.0.2.7/32,2001:db8::/32");
        for bad in ["", "10.0.0.0/33", "example.com", "10.0.0"] {
            assert_eq!(Networks::parse([bad].into_iter()), None, "{bad}");
        }
    }
}
