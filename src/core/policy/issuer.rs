//! One issuer: whose tokens, verified with which keys, under which rules.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use crate::algorithm::Algorithm;
use crate::claims::{ClaimRules, Profile};
use crate::keys::KeySet;
use crate::token::TokenType;

/// A checked issuer.
#[derive(Clone, Debug)]
pub(crate) struct IssuerPolicy {
    pub(crate) issuer: Arc<str>,
    pub(crate) profile: Profile,
    pub(crate) audiences: Vec<String>,
    pub(crate) algorithms: Vec<Algorithm>,
    pub(crate) token_types: Vec<TokenType>,
    pub(crate) keys: IssuerKeys,
    pub(crate) status_list: Option<RemoteStatusList>,
    /// The Envoy cluster that reaches the issuer.
    pub(crate) envoy_cluster: Option<String>,
    pub(crate) rules: ClaimRules,
}

/// Where an issuer's keys come from.
#[derive(Clone, Debug)]
pub(crate) enum IssuerKeys {
    Inline(KeySet),
    Remote(RemoteKeys),
}

/// A key set behind a URL. Times are seconds.
#[derive(Clone, Debug)]
pub(crate) struct RemoteKeys {
    pub(crate) uri: Uri,
    pub(crate) refresh_seconds: u64,
    pub(crate) cooldown_seconds: u64,
    pub(crate) maximum_stale_seconds: u64,
}

/// The list of an issuer's revoked tokens. Times are seconds.
#[derive(Clone, Debug)]
pub(crate) struct RemoteStatusList {
    /// As it stands in tokens.
    pub(crate) name: String,
    /// With the wish that the issuer answers when there is news.
    pub(crate) uri: Uri,
    pub(crate) wait_seconds: u64,
    pub(crate) refresh_seconds: u64,
    pub(crate) maximum_stale_seconds: u64,
}

/// An absolute HTTP URL in its parts. It comes from the policy and from nowhere else: a URL out of a
/// token would let its sender choose the keys.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uri {
    /// `https` or `http`.
    pub scheme: &'static str,
    /// Host with optional port.
    pub authority: String,
    /// Path with optional query.
    pub path: String,
}

impl Uri {
    /// Reads a URL; none unless it is absolute HTTP(S) without user name and fragment.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (scheme, rest) = match (text.strip_prefix("https://"), text.strip_prefix("http://")) {
            (Some(rest), _) => ("https", rest),
            (_, Some(rest)) => ("http", rest),
            (None, None) => return None,
        };
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let visible = text.bytes().all(|byte| byte.is_ascii_graphic());
        if authority.is_empty() || authority.contains('@') || text.contains('#') || !visible {
            return None;
        }
        let path = if path.starts_with('/') { path.to_string() } else { ["/", path].concat() };
        Some(Self { scheme, authority: authority.into(), path })
    }

    /// The same with one more parameter in its query.
    #[must_use]
    pub(super) fn with_parameter(mut self, parameter: &str) -> Self {
        let separator = if self.path.contains('?') { '&' } else { '?' };
        self.path.push(separator);
        self.path.push_str(parameter);
        self
    }

    /// Whether the traffic stays on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        let host = match self.authority.strip_prefix('[') {
            Some(rest) => rest.split(']').next(),
            None => self.authority.split(':').next(),
        };
        host.is_some_and(|host| {
            host == "localhost"
                || host.parse().is_ok_and(|address: core::net::IpAddr| address.is_loopback())
        })
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}://{}{}", self.scheme, self.authority, self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_absolute_urls_in_parts() {
        let uri = Uri::parse("https://issuer.test:8443/keys?x=1").unwrap();
        assert_eq!((uri.scheme, uri.authority.as_str()), ("https", "issuer.test:8443"));
        assert_eq!(uri.path, "/keys?x=1");
        assert_eq!(Uri::parse("http://[::1]").unwrap().path, "/");
        assert_eq!(uri.to_string(), "https://issuer.test:8443/keys?x=1");
    }

    #[test]
    fn refuses_what_is_no_plain_url() {
        for text in [
            "",
            "issuer.test",
            "//issuer.test",
            "ftp://issuer.test",
            "https://",
            "https:///keys",
            "https://user@issuer.test",
            "https://issuer.test/#a",
            "https://issuer.test/a b",
            "https://iss\u{fc}r.test",
            "HTTPS://issuer.test",
        ] {
            assert_eq!(Uri::parse(text), None, "{text}");
        }
    }

    #[test]
    fn takes_one_more_parameter_into_its_query() {
        for (text, path) in [("http://a/b", "/b?x=1"), ("http://a/?y", "/?y&x=1")] {
            assert_eq!(Uri::parse(text).unwrap().with_parameter("x=1").path, path);
        }
    }

    #[test]
    fn knows_which_urls_stay_on_this_machine() {
        for (text, expected) in [
            ("http://127.0.0.1:8080/", true),
            ("http://127.9.9.9/", true),
            ("http://[::1]:80/", true),
            ("http://localhost/", true),
            ("http://localhost.evil.test/", false),
            ("http://127.0.0.1.evil.test/", false),
            ("http://10.0.0.1/", false),
            ("http://[::2]/", false),
        ] {
            assert_eq!(Uri::parse(text).unwrap().is_loopback(), expected, "{text}");
        }
    }
}
