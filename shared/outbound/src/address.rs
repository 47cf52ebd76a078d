//! Where we post to. Whoever sets an endpoint must not be able to make us call what only we can reach:
//! the addresses of a private network, of the machine itself, or of the cloud's metadata service.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use http::Uri;

/// No address is longer.
pub const MAX_BYTES: usize = 500;

/// How far we go.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Public addresses, by https.
    #[default]
    Internet,
    /// Loopback too, by http or https: for a system that runs on a developer's machine.
    ThisMachineToo,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadAddress {
    #[error("must be an address such as `https://shop.example/webhooks`, of at most {MAX_BYTES} characters")]
    NotAnAddress,
    #[error("must begin with `https://`")]
    NotHttps,
    #[error("must not have a user or a password in it")]
    HasUser,
    #[error("must be a public host")]
    NotPublic,
}

impl Reach {
    /// The address, if we go there. A name is not looked up: that is done, and its addresses are
    /// checked, each time that we post.
    ///
    /// # Errors
    /// `BadAddress` says why not.
    pub fn check(self, address: &str) -> Result<Uri, BadAddress> {
        let visible = address.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"<>\\^`{|}#".contains(&byte));
        if !visible || address.len() > MAX_BYTES {
            return Err(BadAddress::NotAnAddress);
        }
        let uri: Uri = address.parse().map_err(|_| BadAddress::NotAnAddress)?;
        let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
            return Err(BadAddress::NotAnAddress);
        };
        if authority.as_str().contains('@') {
            return Err(BadAddress::HasUser);
        }
        let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let is_here = is_loopback(&host);
        match (self, scheme) {
            (Reach::ThisMachineToo, "http" | "https") if is_here => Ok(uri),
            (_, "https") if is_public_host(&host) => Ok(uri),
            (_, "https") => Err(BadAddress::NotPublic),
            _ => Err(BadAddress::NotHttps),
        }
    }

    /// Whether we go to that address of a host.
    pub(crate) fn allows(self, ip: IpAddr) -> bool {
        is_public(ip) || (self == Reach::ThisMachineToo && ip.is_loopback())
    }
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_public_host(host: &str) -> bool {
    if let Ok(ip) = host.parse::<IpAddr>() {
        return is_public(ip);
    }
    let labels: Vec<&str> = host.trim_end_matches('.').split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    // 0x7f.1, 2130706433 and the like: a resolver takes them for IPv4 addresses
    let is_a_number = last.starts_with("0x") || last.bytes().all(|byte| byte.is_ascii_digit());
    let is_ours = matches!(last, "localhost" | "local" | "internal" | "lan" | "home" | "arpa");
    let is_label = |label: &&str| {
        let named = label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
        named && !label.is_empty() && label.len() <= 63
    };
    labels.len() > 1 && labels.iter().all(is_label) && !is_a_number && !is_ours
}

fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

/// All but the blocks of the IANA registry of special addresses.
fn is_public_v4(ip: Ipv4Addr) -> bool {
    let special = match ip.octets() {
        [0 | 10 | 127 | 224.., ..] => true,
        [100, second, ..] => (64..128).contains(&second),
        [169, 254, ..] | [192, 168, ..] | [192, 0, 0 | 2, _] | [192, 88, 99, _] => true,
        [172, second, ..] => (16..32).contains(&second),
        [198, 18 | 19, ..] | [198, 51, 100, _] | [203, 0, 113, _] => true,
        _ => false,
    };
    !special
}

/// Global unicast; where an IPv4 address is inside, that decides too.
fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, fourth, fifth, sixth, high, low] = ip.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match first {
        0x64 if second == 0xff9b && [third, fourth, fifth, sixth] == [0; 4] => inner(high, low),
        0 if [second, third, fourth, fifth] == [0; 4] && sixth == 0xffff => inner(high, low),
        0x2002 => inner(second, third),
        0x2001 => second >= 0x200 && second != 0xdb8,
        0x2000..=0x3fff => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn public_hosts_are_reached_by_https() {
        for address in [
            "https://shop.example/webhooks",
            "https://hooks.shop.example:8443/a?b=c",
            "https://93.184.216.34/",
            "https://[2606:2800:220:1:248:1893:25c8:1946]/",
            "https://xn--bcher-kva.example/",
        ] {
            for reach in [Reach::Internet, Reach::ThisMachineToo] {
                assert!(reach.check(address).is_ok(), "{address}");
            }
        }
    }

    #[test]
    fn what_only_we_can_reach_is_refused() {
        for host in [
            "localhost",
            "app.localhost",
            "printer.local",
            "db.internal",
            "router.lan",
            "intranet",
            "127.0.0.1",
            "127.1",
            "0.0.0.0",
            "0",
            "10.0.0.1",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "198.18.0.1",
            "192.0.2.1",
            "224.0.0.1",
            "255.255.255.255",
            "2130706433",
            "0x7f000001",
            "0x7f.0.0.1",
            "0177.0.0.1",
            "127.0.0.1.",
            "1.2.3",
            "[::1]",
            "[::]",
            "[fc00::1]",
            "[fd12:3456::1]",
            "[fe80::1]",
            "[ff02::1]",
            "[::ffff:127.0.0.1]",
            "[::ffff:169.254.169.254]",
            "[64:ff9b::a00:1]",
            "[2002:7f00:1::]",
            "[2001:db8::1]",
            "[2001::1]",
            "a..b",
            "-",
            "169.254.169.254.",
        ] {
            let address = format!("https://{host}/");
            assert!(Reach::Internet.check(&address).is_err(), "{address}");
        }
    }

    #[test]
    fn what_is_no_plain_https_address_is_refused() {
        for (address, why) in [
            ("http://shop.example/", BadAddress::NotHttps),
            ("ftp://shop.example/", BadAddress::NotHttps),
            ("https://user:secret@shop.example/", BadAddress::HasUser),
            ("https://shop.example@10.0.0.1/", BadAddress::HasUser),
            ("shop.example", BadAddress::NotAnAddress),
            ("/webhooks", BadAddress::NotAnAddress),
            ("https://", BadAddress::NotAnAddress),
            ("https://shop.example/a b", BadAddress::NotAnAddress),
            ("https://shop.example/#part", BadAddress::NotAnAddress),
            ("", BadAddress::NotAnAddress),
        ] {
            assert_eq!(Reach::Internet.check(address).unwrap_err(), why, "{address}");
        }
        let long = format!("https://shop.example/{}", "a".repeat(MAX_BYTES));
        assert_eq!(Reach::Internet.check(&long).unwrap_err(), BadAddress::NotAnAddress);
    }

    #[test]
    fn a_developer_s_machine_may_post_to_itself_and_nowhere_else_in_private() {
        for address in ["http://127.0.0.1:8080/hook", "https://localhost/hook", "http://[::1]:9000/"] {
            assert!(Reach::ThisMachineToo.check(address).is_ok(), "{address}");
            assert!(Reach::Internet.check(address).is_err(), "{address}");
        }
        for address in ["http://10.0.0.1/", "https://192.168.1.1/", "http://shop.example/", "https://169.254.169.254/"]
        {
            assert!(Reach::ThisMachineToo.check(address).is_err(), "{address}");
        }
    }

    #[test]
    fn an_address_that_a_name_leads_to_is_checked_alike() {
        for ip in ["169.254.169.254", "10.1.2.3", "::1", "fd00::1", "::ffff:10.0.0.1"] {
            assert!(!Reach::Internet.allows(ip.parse().unwrap()), "{ip}");
        }
        assert!(Reach::Internet.allows("93.184.216.34".parse().unwrap()));
        assert!(Reach::ThisMachineToo.allows("127.0.0.1".parse().unwrap()));
        assert!(!Reach::ThisMachineToo.allows("10.1.2.3".parse().unwrap()));
    }
}
