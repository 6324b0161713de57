//! A running Envoy with several listeners, and the tokens it accepts.

use std::net::SocketAddr;
use std::path::Path;

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{Clock, Envoy, EnvoyOptions, Upstream, free_port};
use edgelatch_tests::minting::{Keys, Token};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::config::{self, Listener};

/// The time that the tokens of the factory are valid at.
const NOW: u64 = 1_900_000_000;

pub(crate) struct Edge {
    pub(crate) envoy: Envoy,
    pub(crate) addresses: Vec<SocketAddr>,
    _upstream: Upstream,
    _clock: Clock,
    _folder: TempDir,
}

impl Edge {
    /// One listener for each of the failure policies.
    pub(crate) fn start(filter: &Path, failure_policies: &[Option<&'static str>]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let upstream = Upstream::start().unwrap();
        let clock = Clock::create(folder.path().join("clock")).unwrap();
        clock.set(NOW).unwrap();
        let listeners: Vec<Listener> = failure_policies
            .iter()
            .map(|failure_policy| Listener {
                port: free_port().unwrap(),
                failure_policy: *failure_policy,
            })
            .collect();
        let envoy = Envoy::start(&EnvoyOptions {
            config: config::bootstrap(filter, &listeners, upstream.address, &policy()),
            clock: Some(&clock),
            concurrency: 1,
            log: folder.path().join("envoy.log"),
        })
        .unwrap();
        let addresses =
            listeners.iter().map(|one| SocketAddr::from(([127, 0, 0, 1], one.port))).collect();
        Self { envoy, addresses, _upstream: upstream, _clock: clock, _folder: folder }
    }

    /// How many requests the upstream got.
    pub(crate) fn forwarded(&self) -> u64 {
        self.stat("cluster.upstream.upstream_rq_total")
    }

    /// A counter or gauge of Envoy.
    pub(crate) fn stat(&self, name: &str) -> u64 {
        let stats = self.envoy.ask("/stats").unwrap();
        let value = stats.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.unwrap_or_else(|| panic!("no statistic {name}")).parse().unwrap()
    }
}

pub(crate) fn send(address: SocketAddr, headers: &[(&str, &[u8])]) -> Response {
    http::exchange(address, &http::request("GET", "/orders/1", "api", headers)).unwrap()
}

/// The header line of a caller who may pass.
pub(crate) fn credentials() -> String {
    let token: Token = serde_json::from_value(json!({ "key": "es256-1" })).unwrap();
    let token = token.mint(&Keys::load().unwrap()).unwrap();
    format!("Bearer {}", String::from_utf8(token).unwrap())
}

fn policy() -> Value {
    json!({
        "issuers": [{
            "issuer": "https://issuer.example.com",
            "audiences": ["https://api.example.com"],
            "jwks": { "keys": [Keys::load().unwrap().public("es256-1").unwrap()] },
        }],
        "routes": [
            { "name": "orders", "methods": ["*"], "path": "/orders/{rest...}", "scopes": { "all": ["orders:read"] } },
        ],
    })
}
