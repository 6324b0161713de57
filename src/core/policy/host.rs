//! Host patterns: exact names and `*.example.com`.

use alloc::string::String;
use core::net::Ipv6Addr;

/// Which hosts a route is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HostPattern {
    Exact(String),
    /// One or more labels in front of this text, which begins with a dot.
    Suffix(String),
    Any,
}

impl HostPattern {
    /// Reads a pattern; none unless it is a lower-case name without port, perhaps behind `*.`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (name, wildcard) = match text.strip_prefix("*.") {
            Some(rest) => (rest, true),
            None => (text, false),
        };
        let is_lower_case = !text.bytes().any(|byte| byte.is_ascii_uppercase());
        if !is_lower_case || !(is_name(name.as_bytes()) || is_address(text.as_bytes())) {
            return None;
        }
        Some(if wildcard { Self::Suffix([".", name].concat()) } else { Self::Exact(text.into()) })
    }

    /// Whether a host without port matches; letter case does not matter (RFC 9110 s4.2.3).
    pub(crate) fn matches(&self, host: &[u8]) -> bool {
        match self {
            Self::Any => true,
            Self::Exact(name) => host.eq_ignore_ascii_case(name.as_bytes()),
            Self::Suffix(suffix) => {
                let start = host.len().checked_sub(suffix.len());
                start
                    .filter(|start| *start > 0)
                    .and_then(|start| host.get(start..))
                    .is_some_and(|end| end.eq_ignore_ascii_case(suffix.as_bytes()))
            }
        }
    }

    /// Larger for the pattern that names fewer hosts.
    pub(crate) fn specificity(&self) -> usize {
        match self {
            Self::Any => 0,
            Self::Suffix(suffix) => suffix.len(),
            Self::Exact(_) => usize::MAX,
        }
    }
}

/// The host of an authority without its port, or none if it is not plainly `host` or `host:port`. A
/// user name, an escape or a final dot would let two programs see two hosts.
pub(super) fn host_of(authority: &[u8]) -> Option<&[u8]> {
    let end = match authority.first() {
        Some(b'[') => authority.iter().position(|byte| *byte == b']')?.saturating_add(1),
        _ => authority.iter().position(|byte| *byte == b':').unwrap_or(authority.len()),
    };
    let (host, port) = authority.split_at_checked(end)?;
    ((is_name(host) || is_address(host)) && is_port(port)).then_some(host)
}

/// Labels with single dots between them; an IPv4 address is written like that, too.
fn is_name(host: &[u8]) -> bool {
    let is_label = |label: &[u8]| {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
        !label.is_empty() && label.iter().all(plain)
    };
    host.split(|byte| *byte == b'.').all(is_label)
}

/// An IPv6 address in brackets.
fn is_address(host: &[u8]) -> bool {
    let inner = host.strip_prefix(b"[").and_then(|rest| rest.strip_suffix(b"]"));
    let text = inner.and_then(|inner| core::str::from_utf8(inner).ok());
    text.is_some_and(|text| text.parse::<Ipv6Addr>().is_ok())
}

/// Nothing, or a colon and one to five digits.
fn is_port(port: &[u8]) -> bool {
    match port {
        [] => true,
        [b':', digits @ ..] => {
            (1..=5).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, authority: &str) -> bool {
        host_of(authority.as_bytes())
            .is_some_and(|host| HostPattern::parse(pattern).unwrap().matches(host))
    }

    #[test]
    fn matches_names_without_regard_to_case_and_port() {
        assert!(check("api.example.com", "api.example.com"));
        assert!(check("api.example.com", "API.example.com:8443"));
        assert!(check("[::1]", "[::1]:80"));
        assert!(!check("api.example.com", "api.example.com.evil.test"));
        assert!(!check("api.example.com", "xapi.example.com"));
    }

    #[test]
    fn matches_subdomains_but_not_the_domain_itself() {
        assert!(check("*.example.com", "a.example.com"));
        assert!(check("*.example.com", "a.b.example.com:1"));
        assert!(!check("*.example.com", "example.com"));
        assert!(!check("*.example.com", ".example.com"));
        assert!(!check("*.example.com", "badexample.com"));
        // Nobody asks with such a host, and if so it would have no label in front.
        assert!(!HostPattern::Suffix(".example.com".into()).matches(b".example.com"));
    }

    #[test]
    fn reads_a_port_of_one_to_five_digits() {
        for port in ["", ":1", ":65535"] {
            assert!(check("a.test", &["a.test", port].concat()), "{port}");
            assert!(check("[::1]", &["[::1]", port].concat()), "{port}");
        }
        for port in [":", ":123456", ":x", "1", ":1:1"] {
            assert_eq!(host_of(["[::1]", port].concat().as_bytes()), None, "{port}");
        }
        assert_eq!(host_of(b"a.test:"), None);
        assert_eq!(host_of(b"a.test:x"), None);
    }

    #[test]
    fn a_pattern_that_names_fewer_hosts_is_more_specific() {
        let patterns = ["a.b.test", "*.b.test", "*.test"];
        let specificity =
            patterns.map(|pattern| HostPattern::parse(pattern).unwrap().specificity());
        assert!(specificity.is_sorted_by(|one, other| one > other), "{specificity:?}");
        assert_eq!(HostPattern::Any.specificity(), 0);
        assert!(specificity[2] > 0);
    }

    #[test]
    fn refuses_patterns_that_would_never_match() {
        for text in
            ["", "*", "*.", "API.example.com", "a..b", "a:80", "http://a", "a/*", "[x]", "a."]
        {
            assert_eq!(HostPattern::parse(text), None, "{text}");
        }
    }
}
