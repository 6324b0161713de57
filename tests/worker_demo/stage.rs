//! The processes of the demo.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use edgelatch_tests::lab::{
    Client, ClientOptions, Front, Issuer, IssuerOptions, LabError, NEWEST, Shared, Shipped,
    Upstream, Way, Workerd, WorkerdOptions, free_port, worker,
};
use serde_json::{Value, json};
use tempfile::TempDir;

/// Everything that runs, and the clients that are registered. Stops when dropped.
pub(crate) struct Stage {
    pub(crate) ports: Shipped,
    /// A second gateway of the same data centre, which nobody asks before the issuer is gone.
    pub(crate) cold: u16,
    pub(crate) issuer_url: String,
    pub(crate) clients: Clients,
    pub(crate) workerd: Workerd,
    /// None during the outage.
    pub(crate) issuer: Option<Issuer>,
    /// Counts what the gateways fetch.
    pub(crate) front: Front,
    _upstream: Upstream,
    folder: TempDir,
}

/// Who asks.
pub(crate) struct Clients {
    /// May read orders.
    pub(crate) reader: Client,
    /// The same, with tokens that live for a second.
    pub(crate) hasty: Client,
    /// May read orders, of another API.
    pub(crate) stranger: Client,
}

impl Stage {
    pub(crate) fn set_up(ports: Shipped) -> Result<Self, LabError> {
        let folder = tempfile::Builder::new()
            .prefix("edgelatch-worker-demo-")
            .tempdir()
            .map_err(|error| LabError::Io { doing: "make a temporary folder".into(), error })?;
        let (cold, behind) = (free_port()?, free_port()?);
        let issuer_url = ports.issuer_url();
        let options = IssuerOptions {
            data: issuer_data(folder.path()),
            url: &issuer_url,
            listen: loopback(behind),
            tls: None,
            arguments: &[],
        };
        let (issuer, clients) = Clients::register(&options)?;
        let front = Front::start(ports.issuer, loopback(behind))?;
        let upstream = Upstream::start_on(ports.upstream)?;
        let workerd = Workerd::start(&WorkerdOptions {
            worker: &worker()?,
            folder: &folder.path().join("gateway"),
            policy: &policy(&issuer_url),
            upstream: upstream.address,
            way: Way::Url,
            date: NEWEST,
            variables: &[("HEALTH_PATH", HEALTH), ("RESOURCE", API)],
            ports: &[ports.api, cold],
            shared: Shared::Cache,
        })?;
        let issuer = Some(issuer);
        Ok(Self {
            ports,
            cold,
            issuer_url,
            clients,
            workerd,
            issuer,
            front,
            _upstream: upstream,
            folder,
        })
    }

    /// Where the programs write to.
    pub(crate) fn logs(&self) -> &Path {
        self.folder.path()
    }

    /// Leaves the logs, but not the keys of the issuer, for a look at what went wrong.
    pub(crate) fn keep_logs(&mut self) {
        self.folder.disable_cleanup(true);
        let _ = fs::remove_dir_all(self.issuer_data());
    }

    pub(crate) fn issuer_data(&self) -> PathBuf {
        issuer_data(self.folder.path())
    }
}

impl Clients {
    fn register(options: &IssuerOptions<'_>) -> Result<(Issuer, Self), LabError> {
        let reader = ClientOptions {
            name: "order-reader",
            scopes: &["orders:read"],
            resources: &[API],
            token_lifetime: None,
        };
        let hasty = ClientOptions { name: "hasty-reader", token_lifetime: Some(1), ..reader };
        let stranger = ClientOptions { name: "invoicing", resources: &[OTHER_API], ..reader };
        let (issuer, [reader, hasty, stranger]) =
            Issuer::start_with(options, [reader, hasty, stranger])?;
        Ok((issuer, Self { reader, hasty, stranger }))
    }
}

/// That of the demo with Envoy. No skew, so that a token of one second has soon expired; a short cool-down, so that
/// nobody waits between the row with an unknown key and the one with a new key.
fn policy(issuer: &str) -> Value {
    json!({
        "issuers": [{
            "issuer": issuer,
            "audiences": [API],
            "clock_skew_seconds": 0,
            "cooldown_seconds": 1,
            "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
            "status_list": { "uri": format!("{issuer}/status-list") },
        }],
        "routes": [
            { "name": "read-order", "methods": ["GET"], "path": "/orders/{id}", "scopes": { "all": ["orders:read"] } },
            { "name": "write-order", "methods": ["POST"], "path": "/orders", "scopes": { "all": ["orders:write"] } },
            { "name": "health", "methods": ["GET"], "path": "/healthz", "mode": "public" },
        ],
    })
}

fn issuer_data(folder: &Path) -> PathBuf {
    folder.join("issuer")
}

pub(crate) fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// The upstream of the story answers at `/healthz` itself.
pub(crate) const HEALTH: &str = "/gateway/healthz";

const API: &str = "https://api.example.com";
const OTHER_API: &str = "https://billing.example.com";
