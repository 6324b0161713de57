//! The policy from Envoy's configuration of the filter.

mod structure;

use crate::host::{self, Buffer, HostError, Level};
use core::fmt;
use edgelatch_core::{Engine, Policy, PolicyError};
use std::borrow::Cow;

/// Why the configuration cannot be used.
#[derive(Debug)]
pub(crate) enum ConfigurationError {
    /// Envoy did not hand it over.
    Host(HostError),
    /// There is none.
    Missing,
    /// A key set comes from a URL, but which cluster reaches it is not said.
    NoCluster {
        /// Position of the issuer.
        index: usize,
    },
    /// The policy itself.
    Policy(PolicyError),
}

/// An engine for the policy in Envoy's configuration.
pub(crate) fn load() -> Result<Engine, ConfigurationError> {
    let bytes =
        host::buffer(Buffer::Configuration, usize::MAX).map_err(ConfigurationError::Host)?;
    if bytes.is_empty() {
        return Err(ConfigurationError::Missing);
    }
    let policy = Policy::from_json(&json(&bytes)).map_err(ConfigurationError::Policy)?;
    check_clusters(&policy)?;
    if policy.uses_source() {
        host::log(Level::Warning, NETWORKS);
    }
    Ok(Engine::new(policy))
}

/// The policy as JSON, whether it was written as a `Struct` or as JSON in a `StringValue`.
fn json(bytes: &[u8]) -> Cow<'_, [u8]> {
    match structure::parse(bytes) {
        Ok(value) => Cow::Owned(value.to_string().into_bytes()),
        Err(structure::NotAStruct) => Cow::Borrowed(bytes),
    }
}

/// Other hosts fetch by URL alone, so the policy may be good and yet not enough for Envoy.
fn check_clusters(policy: &Policy) -> Result<(), ConfigurationError> {
    match policy.feed_sources().find(|source| source.envoy_cluster.is_none()) {
        Some(source) => Err(ConfigurationError::NoCluster { index: source.index }),
        None => Ok(()),
    }
}

impl fmt::Display for ConfigurationError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Host(error) => error.fmt(formatter),
            Self::Missing => formatter.write_str(
                "no policy; write it under `configuration` as a google.protobuf.Struct [cfg.none]",
            ),
            Self::NoCluster { index } => write!(
                formatter,
                "issuers[{index}].envoy_cluster: missing, but needed with `jwks_uri` and `status_list`; \
                 name the Envoy cluster that reaches the issuer [cfg.field]"
            ),
            Self::Policy(error) => error.fmt(formatter),
        }
    }
}

impl core::error::Error for ConfigurationError {}

/// The filter cannot see how its listener is configured, so it can only remind.
const NETWORKS: &str = "the policy has `networks`: they are compared with Envoy's source address; \
    set `use_remote_address: true` (behind a load balancer also `xff_num_trusted_hops`), \
    else any client can write X-Forwarded-For";
