//! The policy: one document for every host, checked as a whole before anything of it is used.
//!
//! `document` is what people write, `compile` turns it into what decides, and every mistake is named
//! with its place.

use alloc::vec::Vec;

mod compile;
mod document;
mod error;
mod forward;
mod host;
mod issuer;
mod path;
mod route;
mod routes;

pub use self::error::{PolicyError, PolicyErrorCode};
pub(crate) use self::forward::{Forward, Source, TokenForwarding};
pub use self::issuer::Uri;
pub(crate) use self::issuer::{IssuerKeys, IssuerPolicy};
pub use self::route::Mode;
pub(crate) use self::route::{Requirements, Route};
pub use self::routes::RouteError;
pub(crate) use self::routes::Routes;

/// A checked policy.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) issuers: Vec<IssuerPolicy>,
    pub(crate) routes: Routes,
    pub(crate) forward: Forward,
    pub(crate) maximum_token_bytes: usize,
}

impl Policy {
    /// Reads a policy from JSON. The error says where the mistake is and what to do about it.
    pub fn from_json(bytes: &[u8]) -> Result<Self, PolicyError> {
        compile::compile(document::parse(bytes)?)
    }

    /// The issuers whose tokens the policy accepts, as they appear in `iss`.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        self.issuers.iter().map(|issuer| issuer.issuer.as_ref())
    }

    /// Where key sets come from: the issuer, the URL, and the Envoy cluster if one is named.
    pub fn key_set_sources(&self) -> impl Iterator<Item = KeySetSource<'_>> {
        self.issuers.iter().enumerate().filter_map(|(index, issuer)| match &issuer.keys {
            IssuerKeys::Inline(_) => None,
            IssuerKeys::Remote(remote) => Some(KeySetSource {
                index,
                issuer: &issuer.issuer,
                uri: &remote.uri,
                envoy_cluster: remote.envoy_cluster.as_deref(),
            }),
        })
    }

    /// Whether any route depends on the source address, which the host then must get right.
    pub fn uses_networks(&self) -> bool {
        self.routes.iter().any(|route| route.requirements.networks.is_some())
    }

    /// The routes' names, in the order of the document.
    pub fn route_names(&self) -> impl Iterator<Item = &str> {
        self.routes.iter().map(|route| route.name.as_ref())
    }
}

/// A key set that the host has to fetch.
#[derive(Clone, Copy, Debug)]
pub struct KeySetSource<'a> {
    /// Position in `issuers`.
    pub index: usize,
    /// The issuer.
    pub issuer: &'a str,
    /// Its `jwks_uri`.
    pub uri: &'a Uri,
    /// Its `envoy_cluster`.
    pub envoy_cluster: Option<&'a str>,
}

#[cfg(test)]
mod tests;
