//! The address of the peer, from the text that Envoy shows.

use std::net::{IpAddr, SocketAddr};

/// The address in Envoy's `source.address`, such as `192.0.2.1:50000` or `[2001:db8::1]:50000`.
/// `None` for a Unix domain socket and for anything else that is not an IP address with a port.
pub(crate) fn parse(text: &[u8]) -> Option<IpAddr> {
    let address: SocketAddr = str::from_utf8(text).ok()?.parse().ok()?;
    Some(address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &[u8], expected: Option<&str>) {
        assert_eq!(parse(text), expected.map(|address| address.parse().unwrap()), "{text:?}");
    }

    #[test]
    fn takes_both_families_with_a_port() {
        check(b"192.0.2.1:50000", Some("192.0.2.1"));
        check(b"[2001:db8::1]:443", Some("2001:db8::1"));
    }

    #[test]
    fn takes_nothing_else() {
        check(b"", None);
        check(b"192.0.2.1", None);
        check(b"/run/edge.sock", None);
        check(b"192.0.2.1:50000,10.0.0.1:1", None);
        check(b"\xFF\xFE", None);
    }
}
