//! The policy: one document for every host, checked as a whole before anything of it is used.
//!
//! `document` is what people write, `compile` turns it into what decides, and every mistake is named
//! with its place.

use alloc::vec::Vec;

use crate::binding::{CertificateSource, ProofRules};
use crate::cache::CacheLimits;
use crate::fetch::{FeedId, FeedKind};
use crate::json;

mod clients;
mod compile;
mod document;
mod error;
mod forward;
mod host;
mod issuer;
mod names;
mod path;
mod place;
mod route;
mod routes;

pub(crate) use self::clients::ClientNetworks;
pub use self::error::{PolicyError, PolicyErrorCode};
pub(crate) use self::forward::{Forward, Source, TokenForwarding};
pub use self::issuer::Uri;
pub(crate) use self::issuer::{IssuerKeys, IssuerPolicy, RemoteStatusList};
pub use self::route::{Mode, RouteName};
pub(crate) use self::route::{RequiredBinding, Requirements, Route};
pub use self::routes::RouteError;
pub(crate) use self::routes::Routes;

/// A checked policy.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) issuers: Vec<IssuerPolicy>,
    pub(crate) routes: Routes,
    pub(crate) forward: Forward,
    pub(crate) clients: ClientNetworks,
    pub(crate) certificates: CertificateSource,
    /// None if DPoP is not understood.
    pub(crate) proofs: Option<ProofRules>,
    /// `Enforce` or `Observe`, for requests that no route is for.
    pub(crate) default_mode: Mode,
    pub(crate) maximum_token_bytes: usize,
    pub(crate) token_cache: CacheLimits,
}

impl Policy {
    /// Reads a policy from JSON. The error says where the mistake is and what to do about it.
    pub fn from_json(bytes: &[u8]) -> Result<Self, PolicyError> {
        let document = json::parse(bytes).map_err(|error| document::json_error(&error))?;
        compile::compile(document::read(&document)?)
    }

    /// The issuers whose tokens the policy accepts, as they appear in `iss`.
    pub fn issuers(&self) -> impl Iterator<Item = &str> {
        self.issuers.iter().map(|issuer| issuer.issuer.as_ref())
    }

    /// What the host has to fetch, and from where.
    pub fn feed_sources(&self) -> impl Iterator<Item = FeedSource<'_>> {
        self.issuers.iter().enumerate().flat_map(|(index, issuer)| {
            let source = move |kind, uri| FeedSource {
                feed: FeedId { issuer: index, kind },
                kind,
                index,
                issuer: &issuer.issuer,
                uri,
                envoy_cluster: issuer.envoy_cluster.as_deref(),
            };
            let keys = match &issuer.keys {
                IssuerKeys::Inline(_) => None,
                IssuerKeys::Remote(remote) => Some(source(FeedKind::KeySet, &remote.uri)),
            };
            let status = issuer.status_list.as_ref();
            keys.into_iter().chain(status.map(|list| source(FeedKind::StatusList, &list.uri)))
        })
    }

    /// Whether any rule depends on the source address, which the host then must get right.
    pub fn uses_source(&self) -> bool {
        !self.clients.is_empty()
            || matches!(self.certificates, CertificateSource::Forwarded(_))
            || self.routes.iter().any(|route| route.requirements.networks.is_some())
    }

    /// Whether tokens may be bound to the certificate of the connection, for which a host then asks.
    pub fn uses_certificate(&self) -> bool {
        self.certificates == CertificateSource::Connection
    }

    /// The routes' names, in the order of the document.
    pub fn route_names(&self) -> impl Iterator<Item = &str> {
        self.routes.iter().map(|route| &*route.name)
    }
}

/// A document that the host has to fetch.
#[derive(Clone, Copy, Debug)]
pub struct FeedSource<'a> {
    /// Whom its answers are for.
    pub feed: FeedId,
    /// What it is.
    pub kind: FeedKind,
    /// Position of the issuer in `issuers`.
    pub index: usize,
    /// The issuer.
    pub issuer: &'a str,
    /// Where it is.
    pub uri: &'a Uri,
    /// The Envoy cluster that reaches it.
    pub envoy_cluster: Option<&'a str>,
}

#[cfg(test)]
mod tests;
