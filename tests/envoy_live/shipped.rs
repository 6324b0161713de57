//! The shipped configuration with two workers, the real issuer, and the real time.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::Command;

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{
    self, Client, ClientOptions, Envoy, EnvoyOptions, Issuer, IssuerOptions, Shipped, Upstream,
};
use serde_json::Value;
use tempfile::TempDir;

use super::edge::wait_until;
use super::workers::Workers;

pub(crate) const AUDIENCE: &str = "https://api.example.com";

pub(crate) struct Stage {
    pub(crate) envoy: Envoy,
    ports: Shipped,
    data: PathBuf,
    issuer: Issuer,
    _upstream: Upstream,
    _folder: TempDir,
}

impl Stage {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = Shipped::on_free_ports().unwrap();
        let data = folder.path().join("issuer");
        let issuer = Issuer::start(&IssuerOptions {
            data: data.clone(),
            url: &ports.issuer_url(),
            listen: loopback(ports.issuer),
            tls: None,
            arguments: &[],
        })
        .unwrap();
        let upstream = Upstream::start_on(ports.upstream).unwrap();
        let listener = "    - name: api\n      address:";
        let balanced = "    - name: api\n      connection_balance_config: { exact_balance: {} }\n      address:";
        let config = ports.config().unwrap();
        assert!(config.contains(listener), "{config}");
        let envoy = Envoy::start(&EnvoyOptions {
            config: config.replace(listener, balanced),
            clock: None,
            concurrency: 2,
            log: folder.path().join("envoy.log"),
        })
        .unwrap();
        for document in [" keys in use", " entries, "] {
            wait_until(document, || envoy.log().matches(document).count() >= ENGINES);
        }
        Self { envoy, ports, data, issuer, _upstream: upstream, _folder: folder }
    }

    pub(crate) fn workers(&self) -> Workers {
        Workers::connect(&self.envoy, loopback(self.ports.api))
    }

    pub(crate) fn add_client(&self, name: &str, scopes: &[&str]) -> Client {
        let resources = &[AUDIENCE];
        let options = ClientOptions { name, scopes, resources, token_lifetime: None };
        let client = self.issuer.add_client(&options).unwrap();
        wait_until("the issuer knows the client", || self.token(&client).is_some());
        client
    }

    /// What Envoy says of the filter, for Prometheus.
    pub(crate) fn statistics(&self) -> String {
        self.envoy.ask("/stats/prometheus?filter=edgelatch").unwrap()
    }

    /// Runs `edgelatch` on the issuer's data, while it serves.
    pub(crate) fn administer(&self, arguments: &[&str]) -> String {
        let mut command = Command::new(lab::program().unwrap());
        command.args(arguments).arg("--data").arg(&self.data);
        lab::run(command).unwrap()
    }

    /// A token, as the client would get it; `None` if the issuer gives it none.
    pub(crate) fn token(&self, client: &Client) -> Option<String> {
        let response = self.post("/oauth2/token", client, "grant_type=client_credentials");
        let body = response.json().unwrap();
        body.get("access_token").and_then(Value::as_str).map(str::to_owned)
    }

    /// A form to the issuer, with the client's credentials in it.
    pub(crate) fn post(&self, path: &str, client: &Client, form: &str) -> Response {
        let Client { client_id, client_secret } = client;
        let body = format!("{form}&client_id={client_id}&client_secret={client_secret}");
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: 127.0.0.1:{}\r\nconnection: close\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n",
            self.ports.issuer,
            body.len()
        );
        http::exchange(loopback(self.ports.issuer), (head + &body).as_bytes()).unwrap()
    }

    /// What the log of the issuer's folder has become; for a failure that is hard to understand.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.data.with_extension("log")).unwrap_or_default() + &self.envoy.log()
    }
}

/// Two workers and the main thread.
const ENGINES: usize = 3;

fn loopback(port: u16) -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, port))
}
