//! The processes of the demo.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use edgelatch_tests::lab::{
    Client, ClientOptions, Envoy, EnvoyOptions, Issuer, IssuerOptions, LabError, Shipped, Upstream,
};
use tempfile::TempDir;

/// Everything that runs, and the clients that are registered. Stops when dropped.
pub(crate) struct Stage {
    pub(crate) ports: Shipped,
    pub(crate) issuer_url: String,
    pub(crate) clients: Clients,
    pub(crate) envoy: Envoy,
    _upstream: Upstream,
    _issuer: Issuer,
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
            .prefix("edgelatch-demo-")
            .tempdir()
            .map_err(|error| LabError::Io { doing: "make a temporary folder".into(), error })?;
        let issuer_url = ports.issuer_url();
        let options = IssuerOptions {
            data: folder.path().join("issuer"),
            url: &issuer_url,
            listen: loopback(ports.issuer),
            tls: None,
            arguments: &[],
        };
        let (issuer, clients) = Clients::register(&options)?;
        let upstream = Upstream::start_on(ports.upstream)?;
        let envoy = Envoy::start(&EnvoyOptions {
            config: ports.config()?.replace(AUDIENCES, WITHOUT_SKEW),
            clock: None,
            concurrency: 1,
            log: folder.path().join("envoy.log"),
        })?;
        Ok(Self { ports, issuer_url, clients, envoy, _upstream: upstream, _issuer: issuer, folder })
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

    fn issuer_data(&self) -> PathBuf {
        self.folder.path().join("issuer")
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

pub(crate) fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}

/// The shipped policy with a line more, so that a token of one second has soon expired.
const AUDIENCES: &str = "audiences: [https://api.example.com]\n";
const WITHOUT_SKEW: &str = "audiences: [https://api.example.com]
                                clock_skew_seconds: 0\n";

const API: &str = "https://api.example.com";
const OTHER_API: &str = "https://billing.example.com";
