//! The policy from Envoy's configuration of the filter.

mod structure;

use crate::feeds::Feeds;
use crate::host::{self, Buffer, HostError, Level};
use crate::tell::Detail;
use core::fmt;
use edgelatch_core::{Engine, FeedKind, Policy, PolicyError};
use std::borrow::Cow;
use std::env;

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
    /// The environment names a detail that there is not.
    Detail,
    /// The policy itself.
    Policy(PolicyError),
}

/// A policy at work.
#[derive(Debug)]
pub(crate) struct Loaded {
    pub(crate) engine: Engine,
    pub(crate) feeds: Feeds,
    pub(crate) needs: Needs,
}

/// What a policy needs of its host that another may do without: each costs time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Needs {
    /// The address of each client.
    pub(crate) source: bool,
    /// The certificate of each connection.
    pub(crate) certificate: bool,
    /// To hear of a revoked token well within a second.
    pub(crate) quick_news: bool,
    /// What access logs may see; the operator's choice, not the policy's.
    pub(crate) detail: Detail,
}

/// The policy in Envoy's configuration, put to work in the root context `root`.
pub(crate) fn load(root: u32) -> Result<Loaded, ConfigurationError> {
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
    let needs = Needs {
        source: policy.uses_source(),
        certificate: policy.uses_certificate(),
        quick_news: policy.feed_sources().any(|source| source.kind == FeedKind::StatusList),
        detail: detail()?,
    };
    let identity = identity(root);
    let feeds = if host::has_memory_of_its_own() {
        Feeds::shared(&policy, identity)
    } else {
        host::log(Level::Info, ALONE);
        Feeds::default()
    };
    Ok(Loaded { engine: Engine::with_seed(policy, identity), feeds, needs })
}

/// What the environment of the virtual machine says about access logs.
fn detail() -> Result<Detail, ConfigurationError> {
    match env::var(DETAIL) {
        Ok(text) => Detail::parse(&text).ok_or(ConfigurationError::Detail),
        Err(env::VarError::NotPresent) => Ok(Detail::default()),
        Err(env::VarError::NotUnicode(_)) => Err(ConfigurationError::Detail),
    }
}

/// A number that no other engine of the process has and that no caller knows: the moment, and which of the
/// contexts it is that are configured in the same one. The filter asks its host for no randomness.
fn identity(root: u32) -> u64 {
    host::steady_nanoseconds() ^ u64::from(root).rotate_right(16)
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
            Self::Detail => write!(
                formatter,
                "{DETAIL} in vm_config.environment_variables: \
                 use `summary`, `refusals` or `members` [cfg.field]"
            ),
            Self::Policy(error) => error.fmt(formatter),
        }
    }
}

impl core::error::Error for ConfigurationError {}

const ALONE: &str = "this filter has no `vm_id`, so its workers share nothing: \
    any other filter could write where they read; each of them fetches for itself";

/// Names a [`Detail`].
const DETAIL: &str = "EDGELATCH_FILTER_STATE";

/// The filter cannot see how its listener is configured, so it can only remind.
const NETWORKS: &str = "the policy has `networks`: they are compared with Envoy's source address; \
    set `use_remote_address: true` (behind a load balancer also `xff_num_trusted_hops`), \
    else any client can write X-Forwarded-For";
