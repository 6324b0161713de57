//! One route: which requests it is for and what it asks of them.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::ops::Deref;

use ipnet::IpNet;

use super::host::HostPattern;
use super::names::Names;

/// What happens to a request that the route's requirements do not allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It is refused.
    Enforce,
    /// It passes and is reported.
    Observe,
    /// There are no requirements; credentials are optional, but must be valid if present.
    Public,
}

/// The name of a route, which also knows the place of the route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteName {
    text: Arc<str>,
    position: usize,
}

impl RouteName {
    /// A name that is unique within its policy.
    pub fn new(text: &str, position: usize) -> Self {
        Self { text: text.into(), position }
    }

    /// The position of the route in the policy's `routes`, for hosts that keep something by route.
    pub fn position(&self) -> usize {
        self.position
    }
}

impl Deref for RouteName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

/// A checked route.
#[derive(Clone, Debug)]
pub(crate) struct Route {
    pub(crate) name: RouteName,
    pub(crate) methods: Methods,
    pub(crate) hosts: Vec<HostPattern>,
    pub(crate) mode: Mode,
    pub(crate) requirements: Requirements,
}

/// Which methods a route is for; compared byte by byte (RFC 9110 s9.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Methods {
    Any,
    Named(Vec<String>),
}

/// What an access token must bring along. An empty list asks for nothing.
#[derive(Clone, Debug, Default)]
pub(crate) struct Requirements {
    pub(crate) all_scopes: Vec<String>,
    pub(crate) any_scopes: Vec<String>,
    /// Instead of the issuer's audiences.
    pub(crate) audiences: Option<Vec<String>>,
    /// Positions in the policy's `issuers`.
    pub(crate) issuers: Option<Vec<usize>>,
    pub(crate) clients: Option<Names>,
    pub(crate) networks: Option<Vec<IpNet>>,
    pub(crate) binding: Option<RequiredBinding>,
}

/// What a route's tokens must be bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RequiredBinding {
    /// A TLS certificate (RFC 8705).
    Certificate,
    /// A key that signs a proof for every request (RFC 9449).
    Proof,
}

impl Requirements {
    /// The least that would do, separated by spaces (RFC 6750 s3): all of the one list, the first of
    /// the other. Whoever reads it should not ask for more than is needed.
    pub(crate) fn scope_text(&self) -> String {
        let first_of_any = self.any_scopes.iter().take(1);
        let names: Vec<&str> =
            self.all_scopes.iter().chain(first_of_any).map(String::as_str).collect();
        names.join(" ")
    }
}

impl Methods {
    pub(crate) fn matches(&self, method: &[u8]) -> bool {
        match self {
            Self::Any => true,
            Self::Named(names) => names.iter().any(|name| name.as_bytes() == method),
        }
    }

    /// Whether some request would match both, both by name or both by `*`.
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Any, Self::Any) => true,
            (Self::Named(names), Self::Named(others)) => {
                names.iter().any(|name| others.contains(name))
            }
            (Self::Any, Self::Named(_)) | (Self::Named(_), Self::Any) => false,
        }
    }
}
