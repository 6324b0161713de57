//! A client that knows nothing of this project, the crate `oauth2`, gets tokens from the real issuer and uses them
//! through the real Envoy.

#![cfg(test)]

#[path = "oauth_client/certificates.rs"]
mod certificates;
#[path = "oauth_client/client.rs"]
mod client;
#[path = "oauth_client/over_tls.rs"]
mod over_tls;

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{
    Client, ClientOptions, Echo, Envoy, EnvoyOptions, Issuer, IssuerOptions, Shipped, Upstream,
};
use oauth2::AuthType;

use certificates::Certificates;
use client::Trust;

#[test]
fn uses_tokens_of_a_plain_issuer_through_the_shipped_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let ports = Shipped::on_free_ports().unwrap();
    let (_issuer, credentials) = plain_issuer(folder.path(), ports, &[]);
    let _upstream = Upstream::start_on(ports.upstream).unwrap();
    let _envoy = start_envoy(folder.path(), ports.config().unwrap());

    for method in [AuthType::BasicAuth, AuthType::RequestBody] {
        let token =
            client::token(&ports.issuer_url(), &credentials, method, &Trust::Nobody).unwrap();
        check_admitted(ports.api, &token, &credentials.client_id);
    }
}

#[test]
fn uses_tokens_of_an_issuer_behind_tls() {
    let folder = tempfile::tempdir().unwrap();
    let certificates = Certificates::make(folder.path());
    let ports = Shipped::on_free_ports().unwrap();
    let url = format!("https://localhost:{}", ports.issuer);
    let options = IssuerOptions {
        data: folder.path().join("issuer"),
        url: &url,
        listen: ([127, 0, 0, 1], ports.issuer).into(),
        tls: Some((&certificates.server, &certificates.key)),
        arguments: &["--algorithm", "Ed25519"],
    };
    let (_issuer, [credentials]) = Issuer::start_with(&options, [READER]).unwrap();
    let _upstream = Upstream::start_on(ports.upstream).unwrap();
    let _envoy = start_envoy(folder.path(), over_tls::config(ports, &url, &certificates.authority));

    let trust = Trust::In(certificates.authority.clone());
    for method in [AuthType::BasicAuth, AuthType::RequestBody] {
        let token = client::token(&url, &credentials, method, &trust).unwrap();
        check_admitted(ports.api, &token, &credentials.client_id);
    }

    let error = client::token(&url, &credentials, AuthType::BasicAuth, &Trust::Nobody).unwrap_err();
    assert!(error.contains("UnknownIssuer"), "{error}");
}

#[test]
fn a_wrong_secret_is_an_invalid_client_to_it() {
    let folder = tempfile::tempdir().unwrap();
    let ports = Shipped::on_free_ports().unwrap();
    let (issuer, mut credentials) = plain_issuer(folder.path(), ports, &["--algorithm", "RS256"]);
    credentials.client_secret.push('x');
    for method in [AuthType::BasicAuth, AuthType::RequestBody] {
        let error = client::token(&ports.issuer_url(), &credentials, method, &Trust::Nobody);
        let error = error.unwrap_err();
        assert!(error.contains("error: invalid_client,"), "{error}");
    }
    assert!(!issuer.output().contains(&credentials.client_secret), "a secret is in the log");
}

fn plain_issuer(folder: &Path, ports: Shipped, arguments: &[&str]) -> (Issuer, Client) {
    let options = IssuerOptions {
        data: folder.join("issuer"),
        url: &ports.issuer_url(),
        listen: ([127, 0, 0, 1], ports.issuer).into(),
        tls: None,
        arguments,
    };
    let (issuer, [client]) = Issuer::start_with(&options, [READER]).unwrap();
    (issuer, client)
}

fn start_envoy(folder: &Path, config: String) -> Envoy {
    let log = folder.join("envoy.log");
    Envoy::start(&EnvoyOptions { config, clock: None, concurrency: 2, log }).unwrap()
}

/// Admitted with the token, and not without its signature.
fn check_admitted(port: u16, token: &str, client_id: &str) {
    let response = ask_once_ready(port, token);
    assert_eq!(response.status, 200, "{}", response.text());
    let echo = Echo::of(&response).unwrap();
    assert_eq!(echo.header("x-auth-client-id").collect::<Vec<_>>(), [client_id]);

    let (claims, _) = token.rsplit_once('.').unwrap();
    assert_eq!(ask(port, claims).status, 401);
}

/// The answer once the filter has the key set and the list: until then it is 503.
fn ask_once_ready(port: u16, token: &str) -> Response {
    let deadline = Instant::now() + Duration::from_mins(1);
    loop {
        let response = ask(port, token);
        if response.status != 503 || Instant::now() > deadline {
            return response;
        }
        thread::sleep(Duration::from_millis(50));
    }
}

fn ask(port: u16, token: &str) -> Response {
    let credentials = format!("Bearer {token}");
    let headers = [("authorization", credentials.as_bytes())];
    let request = http::request("GET", "/orders/17", "api.example.com", &headers);
    http::exchange(([127, 0, 0, 1], port).into(), &request).unwrap()
}

const READER: ClientOptions<'_> = ClientOptions {
    name: "reader",
    scopes: &["orders:read"],
    resources: &["https://api.example.com"],
    token_lifetime: None,
};
