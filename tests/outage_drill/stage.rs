//! Envoy with two workers, the issuer, the callers, and a clock that moves by one cool-down at a time.

use core::fmt;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use edgelatch_tests::lab::{
    self, Bootstrap, Clock, Envoy, EnvoyOptions, Upstream, free_port, http,
};
use serde_json::json;
use tempfile::TempDir;

use super::issuer::{Answer, Issuer, key_set};
use super::load::Load;
use super::tokens::{NOW, bad, good};

/// How long the last good keys may be used.
pub(crate) const MAXIMUM_STALE: u64 = 600;

/// A little more than a cool-down, and than a refresh with its jitter.
const STEP: u64 = 12;

/// Requests that meet both workers many times.
pub(crate) const ENOUGH: usize = 200;

/// Engines that share what one of them fetches: two workers and the main thread.
const ENGINES: usize = 3;

pub(crate) struct Stage {
    pub(crate) issuer: Issuer,
    pub(crate) load: Load,
    address: SocketAddr,
    envoy: Envoy,
    clock: Clock,
    now: u64,
    steps: usize,
    /// Fetches that were waited for so far, those that came to nothing and those that brought keys.
    kept: usize,
    renewed: usize,
    /// The set that is in force.
    set: String,
    spy: Spy,
    _upstream: Upstream,
    _folder: TempDir,
}

/// What came of the drill.
pub(crate) struct Counts {
    pub(crate) good: usize,
    pub(crate) bad: usize,
    pub(crate) wrong_accepts: Vec<String>,
    pub(crate) wrong_refusals: Vec<String>,
    pub(crate) fetches: usize,
    pub(crate) allowed_fetches: usize,
    pub(crate) strays: usize,
    pub(crate) traps: u64,
}

impl Stage {
    pub(crate) fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let set = key_set(&["es256-1"]);
        let issuer = Issuer::start(Answer::keys(&set));
        let upstream = Upstream::start().unwrap();
        let clock = Clock::create(folder.path().join("clock")).unwrap();
        clock.set(NOW).unwrap();
        let port = free_port().unwrap();
        let config = Bootstrap {
            port,
            filters: &filter(),
            upstream: upstream.address.port(),
            clusters: &cluster(issuer.address),
        };
        let envoy = Envoy::start(&EnvoyOptions {
            config: config.to_yaml(),
            clock: Some(&clock),
            concurrency: 2,
            log: folder.path().join("envoy.log"),
        })
        .unwrap();
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        wait_until("everybody has the keys", || count(&envoy, RENEWED) == ENGINES);
        let spy = Spy::start();
        let load = Load::start(address, good("es256-1"), bad(&spy.url));
        Self {
            issuer,
            load,
            address,
            envoy,
            clock,
            now: NOW,
            steps: 1,
            kept: 0,
            renewed: 1,
            set,
            spy,
            _upstream: upstream,
            _folder: folder,
        }
    }

    /// An address that only tokens and redirects name.
    pub(crate) fn spy_url(&self) -> String {
        self.spy.url.clone()
    }

    /// The issuer misbehaves for one cool-down; what was there stays in use.
    pub(crate) fn fail(&mut self, name: &str, fault: Answer) {
        println!("fault: {name}");
        self.issuer.answer(fault);
        self.step();
        self.wait_for_kept();
        self.load.wait_for(ENOUGH);
    }

    /// The issuer serves this set, and everybody has it.
    pub(crate) fn recover(&mut self, set: &str) {
        self.issuer.answer(Answer::keys(set));
        let adopted = count(&self.envoy, ADOPTED);
        self.step();
        self.renewed += 1;
        let renewed = self.renewed;
        wait_until("one has fetched the keys", || self.fetched() >= renewed);
        // Whoever has the same keys already says nothing.
        if self.set != set {
            self.set = set.to_owned();
            let everybody = adopted + ENGINES - 1;
            wait_until("the others took them over", || count(&self.envoy, ADOPTED) >= everybody);
        }
    }

    /// Fetches that brought keys.
    fn fetched(&self) -> usize {
        count(&self.envoy, RENEWED) - count(&self.envoy, ADOPTED)
    }

    /// The next cool-down begins.
    pub(crate) fn step(&mut self) {
        self.advance(STEP);
    }

    /// The clock moves on.
    pub(crate) fn advance(&mut self, seconds: u64) {
        self.now += seconds;
        self.steps += 1;
        self.clock.set(self.now).unwrap();
    }

    /// One has tried, and all kept the last good keys.
    pub(crate) fn wait_for_kept(&mut self) {
        self.kept += 1;
        let kept = self.kept;
        wait_until("somebody has tried", || count(&self.envoy, KEPT) >= kept);
    }

    /// One has tried and found that the last good keys are too old.
    pub(crate) fn wait_for_none(&self) {
        wait_until("nobody has keys", || count(&self.envoy, NONE) > 0);
    }

    pub(crate) fn status_of(&self, request: &[u8]) -> u16 {
        http::exchange(self.address, request).unwrap().status
    }

    pub(crate) fn finish(self) -> Counts {
        let (good, bad, wrong_accepts, wrong_refusals) = self.load.stop();
        let stats = self.envoy.ask("/stats?filter=wasm&usedonly").unwrap();
        let traps =
            stats.lines().filter(|line| line.contains("vm_reload") || line.contains("crash"));
        Counts {
            good,
            bad,
            wrong_accepts,
            wrong_refusals,
            fetches: self.issuer.requests(),
            allowed_fetches: self.steps,
            strays: self.spy.connections.load(Ordering::SeqCst),
            traps: traps.filter_map(|line| line.rsplit_once(": ")?.1.parse::<u64>().ok()).sum(),
        }
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} good and {} bad requests, {} fetches of {} allowed",
            self.good, self.bad, self.fetches, self.allowed_fetches
        )
    }
}

/// Somebody whom nobody may ever call (J07, K12).
struct Spy {
    url: String,
    connections: Arc<AtomicUsize>,
}

impl Spy {
    fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let url = format!("http://{}/keys", listener.local_addr().unwrap());
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        thread::spawn(move || {
            for _ in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
            }
        });
        Self { url, connections }
    }
}

fn count(envoy: &Envoy, text: &str) -> usize {
    envoy.log().lines().filter(|line| line.contains(text)).count()
}

fn wait_until(what: &str, is_true: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_mins(3);
    while !is_true() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// The filter, as a list entry of `http_filters`. JSON is YAML.
fn filter() -> String {
    let policy = json!({
        "issuers": [{
            "issuer": "https://issuer.example.com",
            "audiences": ["https://api.example.com"],
            "jwks_uri": "http://issuer/keys",
            "envoy_cluster": "issuer",
            "refresh_seconds": 10,
            "cooldown_seconds": 10,
            "maximum_stale_seconds": MAXIMUM_STALE,
        }],
        "routes": [{
            "name": "orders", "methods": ["GET"], "path": "/orders/{id}",
            "scopes": { "all": ["orders:read"] },
        }],
    });
    let config = json!({
        "name": "edgelatch",
        "failure_policy": "FAIL_RELOAD",
        "vm_config": {
            "vm_id": "edgelatch",
            "runtime": "envoy.wasm.runtime.v8",
            "code": { "local": { "filename": lab::filter().unwrap() } },
        },
        "configuration": { "@type": "type.googleapis.com/google.protobuf.Struct", "value": policy },
    });
    let filter = json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
        "config": config,
    });
    format!("- {}\n", json!({ "name": "edgelatch", "typed_config": filter }))
}

fn cluster(issuer: SocketAddr) -> String {
    let address =
        json!({ "socket_address": { "address": "127.0.0.1", "port_value": issuer.port() } });
    let endpoints = json!([{ "lb_endpoints": [{ "endpoint": { "address": address } }] }]);
    let cluster = json!({
        "name": "issuer", "type": "STATIC", "connect_timeout": "1s",
        "load_assignment": { "cluster_name": "issuer", "endpoints": endpoints },
    });
    format!("- {cluster}\n")
}

/// What the filter logs when there are new keys, when they were fetched by another engine, when a fetch came to
/// nothing, and when there are no keys left.
const RENEWED: &str = "keys in use";
const ADOPTED: &str = "as another worker fetched it";
const KEPT: &str = "what was there stays in use";
const NONE: &str = "there is nothing to use";
