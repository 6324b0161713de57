//! What every test here stands on: an issuer behind a counting front, one client and its token.

use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{
    Client, ClientOptions, Front, Issuer, IssuerOptions, NEWEST, Shared, Way, Workerd,
    WorkerdOptions, free_port, program, run, worker,
};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) struct Ground {
    pub(crate) url: String,
    pub(crate) front: Front,
    pub(crate) client: Client,
    pub(crate) folder: TempDir,
    issuer: Option<Issuer>,
}

impl Ground {
    pub(crate) fn set_up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (port, behind) = (free_port().unwrap(), free_port().unwrap());
        let url = format!("http://127.0.0.1:{port}");
        let options = IssuerOptions {
            data: folder.path().join("issuer"),
            url: &url,
            listen: ([127, 0, 0, 1], behind).into(),
            tls: None,
            arguments: &[],
        };
        let (issuer, [client]) = Issuer::start_with(&options, [READER]).unwrap();
        let front = Front::start(port, ([127, 0, 0, 1], behind).into()).unwrap();
        Self { url, front, client, folder, issuer: Some(issuer) }
    }

    /// From now on nobody answers.
    pub(crate) fn stop_issuer(&mut self) {
        self.issuer = None;
    }

    pub(crate) fn token(&self) -> String {
        let mut command = Command::new(program().unwrap());
        command.args(["token", "--issuer", &self.url, "--client-id", &self.client.client_id]);
        command.env("EDGELATCH_CLIENT_SECRET", &self.client.client_secret);
        run(command).unwrap().trim().to_owned()
    }

    pub(crate) fn policy(&self) -> Value {
        json!({
            "issuers": [{
                "issuer": self.url,
                "audiences": [API],
                "jwks_uri": format!("{}{KEY_SET}", self.url),
            }],
            "routes": [
                { "name": "orders", "methods": ["GET", "POST"], "path": "/orders/{id}", "scopes": { "all": ["orders:read"] } },
                { "name": "observed", "methods": ["GET"], "path": "/observed", "mode": "observe", "scopes": { "all": ["admin"] } },
                { "name": "front-page", "methods": ["GET", "POST"], "path": "/public/{rest...}", "mode": "public" },
            ],
            "forward": { "token": "strip" },
        })
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }
}

/// One gateway before `upstream`, and its port.
pub(crate) fn gateway(
    folder: &Path,
    policy: &Value,
    upstream: SocketAddr,
    variables: &[(&str, &str)],
) -> (Workerd, u16) {
    dated_gateway(folder, policy, upstream, variables, Way::Url, NEWEST)
}

/// The same in a runtime that behaves as on `date`.
pub(crate) fn dated_gateway(
    folder: &Path,
    policy: &Value,
    upstream: SocketAddr,
    variables: &[(&str, &str)],
    way: Way,
    date: &str,
) -> (Workerd, u16) {
    let port = free_port().unwrap();
    let options = WorkerdOptions {
        worker: &worker().unwrap(),
        folder,
        policy,
        upstream,
        way,
        date,
        variables,
        ports: &[port],
        shared: Shared::Cache,
    };
    (Workerd::start(&options).unwrap(), port)
}

/// A request with a token, or without if it is empty.
pub(crate) fn send(port: u16, method: &str, path: &str, token: &str) -> Response {
    let value = format!("Bearer {token}").into_bytes();
    let headers: &[(&str, &[u8])] = &[("authorization", &value)];
    let headers = if token.is_empty() { &[] } else { headers };
    let request = http::request(method, path, "api.example.com", headers);
    http::exchange(([127, 0, 0, 1], port).into(), &request).unwrap()
}

pub(crate) const API: &str = "https://api.example.com";
pub(crate) const KEY_SET: &str = "/.well-known/jwks.json";
const READER: ClientOptions<'_> = ClientOptions {
    name: "order-reader",
    scopes: &["orders:read"],
    resources: &[API],
    token_lifetime: None,
};
