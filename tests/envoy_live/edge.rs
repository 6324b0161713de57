//! A real Envoy with the filter under a clock that stands still until a test moves it.

use std::fs;
use std::net::SocketAddr;
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::http::{self, Response};
use edgelatch_tests::lab::{self, Clock, Envoy, EnvoyOptions, free_port};
use edgelatch_tests::minting::{Keys, Token, merge};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::config;
use super::server::{Answer, Server};

/// The time at which every test begins.
pub(crate) const NOW: u64 = 1_900_000_000;

/// What differs between the edges.
pub(crate) struct Plan {
    pub(crate) policy: Value,
    /// Where the cluster `issuer` is.
    pub(crate) issuer: SocketAddr,
    pub(crate) allow_on_headers_stop_iteration: bool,
    /// More of the filter's configuration; merged over the usual one.
    pub(crate) config: Value,
    /// More of the connection manager's.
    pub(crate) manager: Value,
    /// More of the listener's filter chain.
    pub(crate) filter_chain: Value,
    /// Worker threads.
    pub(crate) workers: u32,
}

impl Plan {
    pub(crate) fn new(policy: Value, issuer: SocketAddr) -> Self {
        Self {
            policy,
            issuer,
            allow_on_headers_stop_iteration: false,
            config: json!({}),
            manager: json!({}),
            filter_chain: json!({}),
            workers: 1,
        }
    }
}

pub(crate) struct Edge {
    pub(crate) envoy: Envoy,
    pub(crate) upstream: Server,
    pub(crate) address: SocketAddr,
    clock: Clock,
    plan: Plan,
    folder: TempDir,
}

impl Edge {
    pub(crate) fn start(plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let upstream = Server::start(Answer::Now(200, "upstream".to_owned()));
        let address = SocketAddr::from(([127, 0, 0, 1], free_port().unwrap()));
        let clock = Clock::create(folder.path().join("clock")).unwrap();
        clock.set(NOW).unwrap();
        let listeners = folder.path().join("listeners.json");
        fs::write(&listeners, config::listeners(address, &plan, &plan.policy)).unwrap();
        let envoy = Envoy::start(&EnvoyOptions {
            config: config::bootstrap(&listeners, upstream.address, plan.issuer),
            clock: Some(&clock),
            concurrency: plan.workers,
            log: folder.path().join("envoy.log"),
        })
        .unwrap();
        Self { envoy, upstream, address, clock, plan, folder }
    }

    /// Moves the clock, counted from the beginning.
    pub(crate) fn set_clock(&self, seconds: i64) {
        self.clock.set(NOW.checked_add_signed(seconds).unwrap()).unwrap();
    }

    /// Hands Envoy another policy while it serves.
    pub(crate) fn reload(&self, policy: &Value) {
        let fresh = self.folder.path().join("fresh.json");
        fs::write(&fresh, config::listeners(self.address, &self.plan, policy)).unwrap();
        // Envoy watches for a file that is moved into place.
        fs::rename(&fresh, self.folder.path().join("listeners.json")).unwrap();
    }

    pub(crate) fn get(&self, token: &str) -> Response {
        http::exchange(self.address, &get(token)).unwrap()
    }

    /// Waits until Envoy's log has a line that contains `text`.
    pub(crate) fn wait_for_log(&self, text: &str) {
        wait_until(text, || self.count_in_log(text) > 0);
    }

    /// How many lines of Envoy's log contain `text`.
    pub(crate) fn count_in_log(&self, text: &str) -> usize {
        self.envoy.log().lines().filter(|line| line.contains(text)).count()
    }

    /// Whether Envoy's statistics have this line.
    pub(crate) fn has_stat(&self, line: &str) -> bool {
        self.envoy.ask("/stats").unwrap().lines().any(|other| other == line)
    }

    /// The filter never trapped.
    pub(crate) fn check_no_trap(&self) {
        let stats = self.envoy.ask("/stats?filter=wasm&usedonly").unwrap();
        let traps = stats.lines().filter(|line| {
            (line.contains("vm_reload") || line.contains("crash")) && !line.ends_with(": 0")
        });
        assert_eq!(traps.collect::<Vec<_>>(), Vec::<&str>::new());
        assert_eq!(self.count_in_log("a bug stopped the filter"), 0);
    }
}

/// Waits for something to become true. Patient, since a busy machine may hold Envoy's ticks up; whoever waits in vain pays for it.
pub(crate) fn wait_until(what: &str, mut is_true: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(2);
    while !is_true() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The answer, once a request did not wait the filter's patience out: on a busy machine the keys may come later than
/// that, and whoever asks again finds them. A refusal before that is final.
pub(crate) fn patient(mut ask: impl FnMut() -> Response) -> Response {
    for _ in 0..20 {
        let began = Instant::now();
        let response = ask();
        if is_final(&response, began.elapsed()) {
            return response;
        }
    }
    ask()
}

/// Whether this is an answer to somebody who did not wait in vain.
pub(crate) fn is_final(response: &Response, waited: Duration) -> bool {
    response.status == 200 || waited < PATIENCE
}

/// How long the filter lets a request wait, and a little less: the two seconds are counted by another clock.
pub(crate) const PATIENCE: Duration = Duration::from_millis(1_900);

pub(crate) fn get(token: &str) -> Vec<u8> {
    let value = format!("Bearer {token}");
    http::request("GET", "/orders/1", "api", &[("authorization", value.as_bytes())])
}

/// A policy with one route, whose keys the cluster `issuer` serves.
pub(crate) fn fetching_policy() -> Value {
    policy(&json!({ "jwks_uri": "http://issuer/keys", "envoy_cluster": "issuer" }))
}

/// The same with the key in it.
pub(crate) fn inline_policy() -> Value {
    policy(&json!({ "jwks": { "keys": [Keys::load().unwrap().public("es256-1").unwrap()] } }))
}

fn policy(keys: &Value) -> Value {
    let mut issuer = json!({
        "issuer": "https://issuer.example.com",
        "audiences": ["https://api.example.com"],
    });
    merge(&mut issuer, keys);
    json!({
        "issuers": [issuer],
        "routes": [{
            "name": "orders",
            "methods": ["*"],
            "path": "/orders/{id}",
            "scopes": { "all": ["orders:read"] },
        }],
    })
}

/// The public keys called so, as an issuer serves them.
pub(crate) fn key_set(names: &[&str]) -> String {
    let keys = Keys::load().unwrap();
    let keys: Vec<_> = names.iter().map(|name| keys.public(name).unwrap()).collect();
    json!({ "keys": keys }).to_string()
}

/// A token of the key called so, valid for an hour after `seconds` from the beginning.
pub(crate) fn token(key: &str, seconds: u64) -> String {
    let issued = NOW + seconds;
    mint(json!({ "key": key, "claims": { "iat": issued, "exp": issued + 3600 } }))
}

/// A token that names a key which nobody has.
pub(crate) fn token_of_unknown_key(number: u32) -> String {
    mint(json!({ "header": { "kid": format!("unknown-{number}") } }))
}

/// A token as `edgelatch_tests::minting` describes it.
pub(crate) fn mint(description: Value) -> String {
    let token: Token = serde_json::from_value(description).unwrap();
    String::from_utf8(token.mint(&Keys::load().unwrap()).unwrap()).unwrap()
}

/// The filter that was built.
pub(crate) fn filter() -> String {
    lab::filter().unwrap().to_string_lossy().into_owned()
}
