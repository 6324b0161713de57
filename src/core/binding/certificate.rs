//! The client's certificate: of the connection itself, or as a trusted proxy in front tells it in
//! `x-forwarded-client-cert` (XFCC), the header in which Envoy and its kin do.

use alloc::vec::Vec;
use core::net::IpAddr;

use ipnet::IpNet;

use super::Digest;
use crate::request::Request;

/// Whom the policy believes about the client's certificate.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum CertificateSource {
    /// Nobody: no token may be bound to a certificate.
    #[default]
    Nowhere,
    /// The host, about the connection of the request.
    Connection,
    /// The XFCC header of a peer in these networks.
    Forwarded(Vec<IpNet>),
}

impl CertificateSource {
    /// SHA-256 of the certificate that the client proved to own.
    pub(crate) fn find(&self, request: &Request<'_>) -> Option<Digest> {
        match self {
            Self::Nowhere => None,
            Self::Connection => request.certificate,
            Self::Forwarded(_) if !self.trusts(request.source) => None,
            Self::Forwarded(_) => {
                let is_ours = |name: &[u8]| name.eq_ignore_ascii_case(HEADER);
                let mut lines = request.headers.iter().filter(|(name, _)| is_ours(name));
                match (lines.next(), lines.next()) {
                    (Some((_, value)), None) => last_hash(value),
                    // Of two lines, who knows which one the proxy wrote.
                    _ => None,
                }
            }
        }
    }

    /// Whether a header line must not pass: from others than the trusted proxies it is a forgery, and
    /// its twin with underscores is one from everybody.
    pub(crate) fn is_forged(&self, name: &[u8], source: Option<IpAddr>) -> bool {
        matches!(self, Self::Forwarded(_))
            && is_forwarded_certificate(name)
            && !(name.eq_ignore_ascii_case(HEADER) && self.trusts(source))
    }

    fn trusts(&self, source: Option<IpAddr>) -> bool {
        let Self::Forwarded(networks) = self else { return false };
        // An IPv4 client of a dual-stack listener arrives as ::ffff:a.b.c.d.
        let source = source.map(|address| address.to_canonical());
        source.is_some_and(|source| networks.iter().any(|network| network.contains(&source)))
    }
}

/// Whether a server may read a header of this name as XFCC. Many read `_` as `-` (CGI).
fn is_forwarded_certificate(name: &[u8]) -> bool {
    let fold = |byte: &u8| if *byte == b'_' { b'-' } else { byte.to_ascii_lowercase() };
    name.len() == HEADER.len() && name.iter().map(fold).eq(HEADER.iter().copied())
}

/// The `Hash` of the last element, which the nearest proxy wrote. A value that does not parse to its
/// end, or names two hashes in that element, says nothing at all.
fn last_hash(mut value: &[u8]) -> Option<Digest> {
    let mut hash = None;
    loop {
        let (pair, end) = Pair::parse(value)?;
        if pair.key.eq_ignore_ascii_case(b"hash") {
            let earlier = hash.replace(decode_hex(pair.value)?);
            if earlier.is_some() {
                return None;
            }
        }
        value = match end {
            End::Value => return hash,
            End::Pair(rest) => rest,
            End::Element(rest) => {
                hash = None;
                rest
            }
        };
    }
}

/// `Key=value` or `Key="value"`.
struct Pair<'a> {
    key: &'a [u8],
    /// Between the quotes, with its escapes.
    value: &'a [u8],
}

/// What follows a pair.
enum End<'a> {
    /// Nothing.
    Value,
    /// `;` and another pair of the same element.
    Pair(&'a [u8]),
    /// `,` and another element.
    Element(&'a [u8]),
}

impl<'a> Pair<'a> {
    fn parse(text: &'a [u8]) -> Option<(Self, End<'a>)> {
        let (key, rest) = split_at(text, |byte| byte == b'=')?;
        let (value, rest) = match rest.strip_prefix(b"\"") {
            Some(rest) => quoted(rest)?,
            None => match rest.iter().position(|byte| matches!(byte, b';' | b',')) {
                Some(end) => rest.split_at_checked(end)?,
                None => (rest, &[][..]),
            },
        };
        let end = match rest.split_first() {
            None => End::Value,
            Some((b';', rest)) => End::Pair(rest),
            Some((b',', rest)) => End::Element(rest),
            Some(_) => return None,
        };
        // Proxies that join lines put a space behind the comma.
        Some((Self { key: key.trim_ascii_start(), value }, end))
    }
}

/// The text up to the closing quote, and what is behind it. A backslash takes the next byte along.
fn quoted(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut is_escaped = false;
    split_at(text, |byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    })
}

/// What is before the first byte that `is_end`, and what is behind it.
fn split_at(text: &[u8], mut is_end: impl FnMut(u8) -> bool) -> Option<(&[u8], &[u8])> {
    let end = text.iter().position(|byte| is_end(*byte))?;
    let (before, rest) = text.split_at_checked(end)?;
    Some((before, rest.get(1..)?))
}

fn decode_hex(text: &[u8]) -> Option<Digest> {
    let mut digest = Digest::default();
    if text.len() != digest.len().saturating_mul(2) {
        return None;
    }
    for (byte, pair) in digest.iter_mut().zip(text.chunks_exact(2)) {
        // `from_str_radix` alone would take a sign.
        if !pair.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        *byte = u8::from_str_radix(core::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

const HEADER: &[u8] = b"x-forwarded-client-cert";

#[cfg(test)]
mod tests {
    use std::prelude::v1::*;

    use super::*;

    fn hex(byte: u8) -> String {
        format!("{byte:02x}").repeat(32)
    }

    fn check(value: &str, expected: Option<u8>) {
        assert_eq!(last_hash(value.as_bytes()), expected.map(|byte| [byte; 32]), "{value}");
    }

    #[test]
    fn reads_the_hash_of_the_last_element() {
        let (a, b) = (hex(0xaa), hex(0xbb));
        check(&format!("Hash={a}"), Some(0xaa));
        check(&format!("hash={}", a.to_uppercase()), Some(0xaa));
        check(&format!("Hash=\"{a}\""), Some(0xaa));
        check(&format!("By=spiffe://edge;Hash={a};Subject=\"CN=a,O=b;c=\";URI=x"), Some(0xaa));
        check(&format!("Hash={a},Hash={b}"), Some(0xbb));
        check(&format!("Hash={a}, By=x; Hash={b}"), Some(0xbb));
        check(&format!("Subject=\"CN=\\\"a\\\\\";Hash={b}"), Some(0xbb));
        check(&format!("By=;Hash={b}"), Some(0xbb));
    }

    #[test]
    fn takes_no_hash_from_inside_a_value_or_from_an_earlier_element() {
        let a = hex(0xaa);
        check(&format!("Subject=\"CN=x;Hash={a}\""), None);
        check(&format!("Subject=\"CN=x\\\";Hash={a}\""), None);
        check(&format!("Subject=\"CN=x\\\",Hash={a}\""), None);
        check(&format!("Hash={a},By=x"), None);
        check(&format!("XHash={a}"), None);
    }

    #[test]
    fn a_value_that_does_not_parse_says_nothing() {
        let a = hex(0xaa);
        for value in [
            String::new(),
            "Hash".into(),
            "Hash=".into(),
            "Hash=ab".into(),
            format!("Hash={a}0"),
            format!("Hash=+a{}", "aa".repeat(31)),
            format!("Hash={}", hex(0xaa).replace('a', "g")),
            format!("Hash={a};Hash={a}"),
            format!("Hash={a};"),
            format!("Hash={a},"),
            format!("Hash=\"{a}"),
            format!("Hash=\"{a}\"x"),
            format!("Hash={a};Subject=\"CN=x"),
            format!("Hash={a};garbage"),
        ] {
            check(&value, None);
        }
    }

    fn find(source: &str, lines: &[(&str, &str)]) -> Option<Digest> {
        let headers: Vec<(&[u8], &[u8])> =
            lines.iter().map(|(name, value)| (name.as_bytes(), value.as_bytes())).collect();
        let request = Request {
            headers: &headers,
            source: source.parse().ok(),
            certificate: Some([0xcc; 32]),
            ..Request::default()
        };
        CertificateSource::Forwarded(["10.0.0.0/8".parse().unwrap()].into()).find(&request)
    }

    #[test]
    fn believes_one_line_of_a_trusted_peer_only() {
        let value = format!("Hash={}", hex(0xaa));
        let line = ("X-Forwarded-Client-Cert", value.as_str());
        assert_eq!(find("10.1.2.3", &[line]), Some([0xaa; 32]));
        assert_eq!(find("::ffff:10.1.2.3", &[line]), Some([0xaa; 32]));
        assert_eq!(find("11.1.2.3", &[line]), None);
        assert_eq!(find("nowhere", &[line]), None);
        assert_eq!(find("10.1.2.3", &[line, line]), None);
        assert_eq!(find("10.1.2.3", &[]), None);
        assert_eq!(find("10.1.2.3", &[("x_forwarded_client_cert", &value)]), None);
    }

    #[test]
    fn the_other_sources_do_not_read_the_header() {
        let value = format!("Hash={}", hex(0xaa));
        let headers: [(&[u8], &[u8]); 1] = [(HEADER, value.as_bytes())];
        let request = Request { headers: &headers, ..Request::default() };
        assert_eq!(CertificateSource::Connection.find(&request), None);
        assert_eq!(CertificateSource::Nowhere.find(&request), None);
        let request = Request { certificate: Some([0xcc; 32]), ..request };
        assert_eq!(CertificateSource::Connection.find(&request), Some([0xcc; 32]));
        assert_eq!(CertificateSource::Nowhere.find(&request), None);
    }

    #[test]
    fn lets_the_header_pass_from_a_trusted_peer_only_and_its_twin_never() {
        let source = CertificateSource::Forwarded(["10.0.0.0/8".parse().unwrap()].into());
        for (name, address, expected) in [
            ("x-forwarded-client-cert", "10.0.0.1", false),
            ("X-Forwarded-Client-Cert", "10.0.0.1", false),
            ("x_forwarded_client_cert", "10.0.0.1", true),
            ("x-forwarded-client-cert", "11.0.0.1", true),
            ("X-Forwarded_Client-Cert", "11.0.0.1", true),
            ("x-forwarded-for", "11.0.0.1", false),
        ] {
            let found = source.is_forged(name.as_bytes(), address.parse().ok());
            assert_eq!(found, expected, "{name} {address}");
        }
        assert!(source.is_forged(HEADER, None));
        assert!(!CertificateSource::Connection.is_forged(HEADER, None));
    }
}
