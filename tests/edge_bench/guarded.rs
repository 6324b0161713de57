//! An issuer, an Envoy with two workers that follows its status list, and a connection to each worker.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::Path;
use std::time::Duration;

use base64ct::{Base64, Encoding};
use edgelatch_tests::lab::{
    Client, ClientOptions, Envoy, EnvoyOptions, Issuer, IssuerOptions, filter, free_port, http,
};
use serde_json::{Value, json};

use super::Failure;
use super::tokens::AUDIENCE;
use super::{answer, bootstrap, filters, traffic};

/// Everything that runs.
pub(crate) struct Guarded {
    pub(crate) issuer: Issuer,
    pub(crate) workers: [Worker; 2],
    issuer_address: SocketAddr,
    _envoy: Envoy,
}

/// A connection that belongs to one worker.
pub(crate) struct Worker(TcpStream);

impl Guarded {
    pub(crate) fn start(folder: &Path) -> Result<Self, Failure> {
        let issuer_address = loopback(free_port()?);
        let url = format!("http://{issuer_address}");
        let issuer = Issuer::start(&IssuerOptions {
            data: folder.join("issuer"),
            url: &url,
            listen: issuer_address,
            tls: None,
            arguments: &[],
        })?;
        let port = free_port()?;
        let filters = filters::wasm("edgelatch", &filter()?, &policy(&url).to_string());
        let envoy = Envoy::start(&EnvoyOptions {
            config: bootstrap::config(port, &filters, Some(issuer_address)),
            clock: None,
            concurrency: 2,
            log: folder.join("guarded.log"),
        })?;
        let workers = [Worker::connect(port)?, Worker::connect(port)?];
        check_that_they_differ(&envoy)?;
        Ok(Self { issuer, workers, issuer_address, _envoy: envoy })
    }

    /// Registers one more client.
    pub(crate) fn register(&self, number: u32) -> Result<Client, Failure> {
        Ok(self.issuer.add_client(&ClientOptions {
            name: &format!("client-{number}"),
            scopes: &["orders:read"],
            resources: &[AUDIENCE],
            token_lifetime: None,
        })?)
    }

    /// A token from the token endpoint (RFC 6749 s4.4.2).
    pub(crate) fn token(&self, client: &Client) -> Result<String, Failure> {
        let credentials = format!("{}:{}", client.client_id, client.client_secret);
        let body = "grant_type=client_credentials";
        let request = format!(
            "POST /oauth2/token HTTP/1.1\r\nhost: {}\r\nauthorization: Basic {}\r\n\
             content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
             connection: close\r\n\r\n{body}",
            self.issuer_address,
            Base64::encode_string(credentials.as_bytes()),
            body.len()
        );
        let response = http::exchange(self.issuer_address, request.as_bytes())?;
        let token = response.json()?.get("access_token").and_then(Value::as_str).map(str::to_owned);
        token
            .ok_or_else(|| format!("no token, but {}: {}", response.status, response.text()).into())
    }
}

impl Worker {
    fn connect(port: u16) -> Result<Self, Failure> {
        let stream = TcpStream::connect(loopback(port))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        let mut worker = Self(stream);
        // Envoy gives a connection to a worker when it accepts it; the answer shows that it has.
        worker.ask("")?;
        Ok(worker)
    }

    /// Sends a request and returns the status of the answer.
    pub(crate) fn ask(&mut self, token: &str) -> Result<u16, Failure> {
        let mut request = Vec::new();
        traffic::write(&mut request, "/orders/17", token);
        self.0.write_all(&request)?;
        let mut received = Vec::new();
        let mut buffer = [0; 4096];
        loop {
            let length = self.0.read(&mut buffer)?;
            if length == 0 {
                return Err("envoy closed a connection".into());
            }
            received.extend(buffer.iter().take(length));
            if let Some((status, _)) = answer::parse(&received)? {
                return Ok(status);
            }
        }
    }
}

/// If both connections were with one worker, the other would not be measured at all.
fn check_that_they_differ(envoy: &Envoy) -> Result<(), Failure> {
    let statistics = envoy.ask("/stats?filter=worker_.*downstream_cx_active")?;
    let active: BTreeMap<&str, &str> =
        statistics.lines().filter_map(|line| line.split_once(": ")).collect();
    let is_one_each = |worker| {
        active.iter().any(|(name, count)| {
            name.contains("listener.127") && name.contains(worker) && *count == "1"
        })
    };
    if is_one_each("worker_0") && is_one_each("worker_1") {
        Ok(())
    } else {
        Err(format!("the connections are not with one worker each:\n{statistics}").into())
    }
}

fn policy(issuer: &str) -> Value {
    json!({
        "issuers": [{
            "issuer": issuer,
            "audiences": [AUDIENCE],
            "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
            "envoy_cluster": "issuer",
            "status_list": { "uri": format!("{issuer}/status-list") },
        }],
        "routes": [{
            "name": "read-order",
            "methods": ["GET"],
            "path": "/orders/{id}",
            "scopes": { "all": ["orders:read"] },
        }],
    })
}

fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}
