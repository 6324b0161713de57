//! `edgelatch policy import` against the source itself: one Envoy, and for each source a listener with its own filters
//! and one with the policy that was made of it. Whatever the source keeps out, the policy keeps out, too; with
//! `--lossy` as well. Where the source lets in everybody without a token, a token opens nothing more.

#![cfg(test)]

#[path = "import/bootstrap.rs"]
mod bootstrap;
#[path = "import/requests.rs"]
mod requests;
#[path = "import/source.rs"]
mod source;

use std::collections::BTreeMap;
use std::net::SocketAddr;

use edgelatch_tests::lab::{Envoy, EnvoyOptions, Upstream, http};
use serde_json::Value;

use requests::Request;
use source::Source;

#[test]
fn an_imported_policy_lets_in_nobody_whom_the_source_keeps_out() {
    let folder = tempfile::tempdir().unwrap();
    let sources = source::all(folder.path());
    let upstream = Upstream::start().unwrap();
    let listeners = sources.iter().flat_map(|source| {
        let (theirs, ours) = (side(source, "theirs"), side(source, "ours"));
        [
            bootstrap::listener(&theirs, &source.filters, source.routes.as_ref()),
            bootstrap::listener(&ours, &bootstrap::our_filters(&source.policy), None),
        ]
    });
    let listeners: Vec<_> = listeners.collect();
    let config = bootstrap::config(&listeners, upstream.address);
    let log = folder.path().join("envoy.log");
    let envoy = Envoy::start(&EnvoyOptions { config, clock: None, concurrency: 1, log }).unwrap();

    let mut total = Tally::default();
    let addresses = addresses(&envoy);
    for source in &sources {
        let of = |name| addresses[&side(source, name)];
        let tally = compare(source, of("theirs"), of("ours"));
        println!("{}: {} sent, {} pass on both sides", source.name, tally.sent, tally.agreed);
        assert!(tally.agreed >= source.at_least, "{}: only {}", source.name, tally.agreed);
        total.add(tally);
    }
    let (sent, agreed, count) = (total.sent, total.agreed, sources.len());
    println!("import: {count} sources, {sent} requests, {agreed} let in by both sides");
    assert!(total.faults.is_empty(), "let in by the policy only:\n{}", total.faults.join("\n"));
}

/// The name of a listener.
fn side(source: &Source, name: &str) -> String {
    format!("{}: {name}", source.name)
}

/// Where the listeners are: Envoy has chosen their ports.
fn addresses(envoy: &Envoy) -> BTreeMap<String, SocketAddr> {
    let listeners = envoy.ask("/listeners?format=json").unwrap();
    let listeners: Value = serde_json::from_str(&listeners).unwrap();
    let statuses = listeners["listener_statuses"].as_array().unwrap();
    let address = |status: &Value| {
        let port = &status["local_address"]["socket_address"]["port_value"];
        let port = u16::try_from(port.as_u64().unwrap()).unwrap();
        (status["name"].as_str().unwrap().to_owned(), SocketAddr::from(([127, 0, 0, 1], port)))
    };
    statuses.iter().map(address).collect()
}

#[derive(Default)]
struct Tally {
    sent: usize,
    /// How many pass on both sides.
    agreed: usize,
    /// Those that only the policy lets in.
    faults: Vec<String>,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.sent += other.sent;
        self.agreed += other.agreed;
        self.faults.extend(other.faults);
    }
}

fn compare(source: &Source, theirs: SocketAddr, ours: SocketAddr) -> Tally {
    let mut tally = Tally::default();
    for request in requests::all() {
        tally.sent += 1;
        match (passes(ours, &request), passes(theirs, &request)) {
            (true, true) => tally.agreed += 1,
            (true, false) if passes(theirs, &request.without_token()) => {}
            (true, false) => tally.faults.push(format!("{}: {}", source.name, request.name)),
            (false, _) => {}
        }
    }
    tally
}

fn passes(address: SocketAddr, request: &Request) -> bool {
    http::exchange(address, &request.bytes()).unwrap().status == 200
}
