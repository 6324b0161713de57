//! What the upstream learns about the caller, and what a caller cannot tell it himself.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;

/// What goes upstream.
#[derive(Clone, Debug)]
pub(crate) struct Forward {
    /// Lower-case names and what they carry.
    pub(crate) headers: Vec<(Arc<str>, Source)>,
    /// More lower-case names, with `-` for `_`, that never pass.
    pub(crate) strip: Vec<String>,
    /// The lower-case name of the header that tells the upstream why an observed request would have
    /// been refused.
    pub(crate) would_deny: Option<String>,
    pub(crate) token: TokenForwarding,
}

/// What an identity header carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// The token's audiences, separated by spaces.
    Audience,
    /// `client_id`.
    ClientId,
    /// `iss`.
    Issuer,
    /// The name of the route.
    Route,
    /// `scope`.
    Scope,
    /// `sub`.
    Subject,
    /// `jti`.
    TokenId,
}

/// Whether the upstream sees the access token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum TokenForwarding {
    /// `Authorization` passes as it came.
    #[default]
    Keep,
    /// `Authorization` ends at the edge.
    Strip,
}

impl Forward {
    /// The identity headers of a policy that names none.
    pub(super) const DEFAULT_HEADERS: [(&'static str, Source); 4] = [
        ("x-auth-client-id", Source::ClientId),
        ("x-auth-issuer", Source::Issuer),
        ("x-auth-scope", Source::Scope),
        ("x-auth-subject", Source::Subject),
    ];

    /// Whether a client's header of this name is taken away: it would speak for us. Many servers
    /// read `_` as `-` (CGI), so both spellings go.
    pub(crate) fn is_reserved(&self, name: &[u8]) -> bool {
        // Most names are of another kind, and this is asked of every line of every request.
        (matches!(name, [b'x' | b'X', b'-' | b'_', ..]) && is_reserved_everywhere(name))
            || self.headers.iter().any(|(ours, _)| is_like(name, ours))
            || self.strip.iter().any(|stripped| is_like(name, stripped))
            || self.would_deny.as_ref().is_some_and(|ours| is_like(name, ours))
    }
}

/// Of names that begin with `x-`: those that are reserved whatever the policy says.
fn is_reserved_everywhere(name: &[u8]) -> bool {
    starts_like(name, RESERVED_PREFIX.as_bytes())
        || REWRITES.iter().any(|rewriting| is_like(name, rewriting))
}

fn is_like(name: &[u8], ours: &str) -> bool {
    name.len() == ours.len() && starts_like(name, ours.as_bytes())
}

fn starts_like(name: &[u8], prefix: &[u8]) -> bool {
    name.get(..prefix.len()).is_some_and(|start| {
        start.iter().zip(prefix).all(|(byte, expected)| fold(*byte) == fold(*expected))
    })
}

fn fold(byte: u8) -> u8 {
    if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() }
}

/// Identity headers of any policy: an upstream may still listen to those of an older one.
const RESERVED_PREFIX: &str = "x-auth-";

/// Headers by which a client tells some servers another path or method than the one decided on
/// (CVE-2023-27487, CVE-2018-14773, CVE-2026-45075).
const REWRITES: [&str; 6] = [
    "x-envoy-original-path",
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-url",
    "x-rewrite-url",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn forward() -> Forward {
        Forward {
            headers: vec![("x-caller".into(), Source::ClientId)],
            strip: vec!["x-tenant".into()],
            would_deny: Some("x-would-deny".into()),
            token: TokenForwarding::Keep,
        }
    }

    #[test]
    fn reserves_identity_headers_in_every_spelling() {
        for name in [
            "x-caller",
            "X-Caller",
            "x_caller",
            "x-auth-role",
            "X_AUTH_ROLE",
            "x-tenant",
            "X_Would-Deny",
            "x-envoy-original-path",
            "X-Original-URL",
        ] {
            assert!(forward().is_reserved(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn leaves_other_headers_alone() {
        for name in ["authorization", "x-callers", "x-authority", "xcaller", "x-tenant-id", ""] {
            assert!(!forward().is_reserved(name.as_bytes()), "{name}");
        }
    }
}
