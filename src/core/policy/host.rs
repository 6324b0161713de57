//! Host patterns: exact names and `*.example.com`.

use alloc::string::String;

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
        let well_formed = !name.is_empty()
            && name.split('.').all(|label| !label.is_empty())
            && name.bytes().all(|byte| {
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-._".contains(&byte)
            });
        if !well_formed && !is_ipv6_literal(text) {
            return None;
        }
        Some(if wildcard { Self::Suffix([".", name].concat()) } else { Self::Exact(text.into()) })
    }

    /// Whether an authority, with or without port, matches; letter case does not matter (RFC 9110 s4.2.3).
    pub(crate) fn matches(&self, authority: &[u8]) -> bool {
        let host = without_port(authority);
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

fn is_ipv6_literal(text: &str) -> bool {
    text.starts_with('[') && text.ends_with(']')
}

fn without_port(authority: &[u8]) -> &[u8] {
    if authority.first() == Some(&b'[') {
        let end = authority.iter().position(|byte| *byte == b']');
        return end.and_then(|end| authority.get(..=end)).unwrap_or(authority);
    }
    authority.split(|byte| *byte == b':').next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, authority: &str) -> bool {
        HostPattern::parse(pattern).unwrap().matches(authority.as_bytes())
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
    }

    #[test]
    fn refuses_patterns_that_would_never_match() {
        for text in ["", "*", "*.", "API.example.com", "a..b", "a:80", "http://a", "a/*"] {
            assert_eq!(HostPattern::parse(text), None, "{text}");
        }
    }
}
