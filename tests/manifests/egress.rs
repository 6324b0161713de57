//! `envoy/egress.yaml` and `envoy/envoy.yaml` against each other: a program without any credential calls a guarded API.

use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{
    Client, ClientOptions, Echo, Envoy, EnvoyOptions, Issuer, IssuerOptions, Shipped, Upstream,
};
use tempfile::TempDir;

use crate::gateway::loopback;

#[test]
fn a_program_without_a_credential_is_admitted_through_egress() {
    let stage = Stage::set_up();
    let egress = stage.egress(&stage.client.client_secret);

    let answer = stage.settled(&[]);
    assert_eq!(answer.status, 200, "{}\n{}", answer.text(), egress.log());
    assert_eq!(Echo::of(&answer).unwrap().path, "/orders/17");

    // What the program says about itself does not count.
    let own = [("authorization", b"Bearer nonsense".as_slice())];
    assert_eq!(stage.ask("GET", "/orders/17", &own).status, 200);
    // The token has the one scope that the configuration asks for, though the client may have more.
    let answer = stage.ask("POST", "/orders", &[]);
    assert_eq!((answer.status, answer.header("www-authenticate").is_some()), (403, true));
    // Without the detour the API stays closed.
    assert_eq!(http::get(loopback(stage.ports.api), "/orders/17").unwrap().status, 401);

    let granted = stage.issuer.output();
    let granted = granted.lines().find(|line| line.contains("\"granted\"")).unwrap();
    for expected in [
        "\"scope\":\"orders:read\"",
        // Of the two APIs that the client may ask for.
        "\"resource\":[\"https://api.example.com\"]",
    ] {
        assert!(granted.contains(expected), "{granted}");
    }
}

#[test]
fn without_a_token_nothing_gets_as_far_as_the_api() {
    let stage = Stage::set_up();
    let egress = stage.egress("not the secret");
    // By then the issuer has refused, and has been asked again.
    wait_for("a second refusal", || {
        stage.issuer.output().matches(r#""outcome":"refused""#).count() >= 2
    });
    let answer = stage.ask("GET", "/orders/17", &[]);
    assert_eq!((answer.status, answer.header("www-authenticate")), (401, None));
    assert_eq!(answer.text(), "Failed to inject credential.");
    let seen = stage.ingress.ask("/stats?filter=http.api.downstream_rq_total").unwrap();
    assert!(seen.trim().ends_with(": 0"), "{seen}\n{}", egress.log());
}

/// The issuer, the guarded API, and the client.
struct Stage {
    ports: Shipped,
    issuer: Issuer,
    client: Client,
    ingress: Envoy,
    _upstream: Upstream,
    folder: TempDir,
}

impl Stage {
    fn set_up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ports = Shipped::on_free_ports().unwrap();
        let options = IssuerOptions {
            data: folder.path().join("issuer"),
            url: &ports.issuer_url(),
            listen: loopback(ports.issuer),
            tls: None,
            arguments: &[],
        };
        let billing = ClientOptions {
            name: "billing",
            scopes: &["orders:read", "orders:write"],
            resources: &["https://billing.example.com", "https://api.example.com"],
            token_lifetime: None,
        };
        let (issuer, [client]) = Issuer::start_with(&options, [billing]).unwrap();
        let upstream = Upstream::start_on(ports.upstream).unwrap();
        let config = ports.config().unwrap();
        let log = folder.path().join("ingress.log");
        let ingress =
            Envoy::start(&EnvoyOptions { config, clock: None, concurrency: 1, log }).unwrap();
        Self { ports, issuer, client, ingress, _upstream: upstream, folder }
    }

    /// The Envoy that adds tokens, with this secret in its file.
    fn egress(&self, secret: &str) -> Envoy {
        let file = self.folder.path().join("egress.secret");
        fs::write(&file, secret).unwrap();
        let client_id = format!("client_id: {}", self.client.client_id);
        let config = self.ports.egress_config(&file).unwrap();
        let config = config.replace("client_id: billing", &client_id);
        Envoy::validate(&config).unwrap_or_else(|error| panic!("{error}"));
        let log = self.folder.path().join("egress.log");
        Envoy::start(&EnvoyOptions { config, clock: None, concurrency: 1, log }).unwrap()
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &[u8])]) -> Response {
        let request = http::request(method, path, "api.example.com", headers);
        http::exchange(loopback(self.ports.egress), &request).unwrap()
    }

    /// The answer once egress has its token and the filter its keys.
    fn settled(&self, headers: &[(&str, &[u8])]) -> Response {
        wait_for("a token", || self.ask("GET", "/orders/17", headers).status == 200);
        self.ask("GET", "/orders/17", headers)
    }
}

/// Waits for something that takes as long as it takes.
fn wait_for(what: &str, is_true: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(2);
    while !is_true() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}
