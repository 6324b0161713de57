//! Who checks signatures: Envoy where it can and may, else the filter. The answers are the same.

use std::net::SocketAddr;

use edgelatch_tests::minting::{Keys, merge};
use serde_json::{Map, Value, json};

use super::all_but::all_but;
use super::edge::{Edge, Plan, inline_policy, mint, wait_until};

#[test]
fn envoy_checks_what_it_can_and_the_filter_the_rest() {
    let edge = Edge::start(plan());
    check_backends(&edge, &["ES256", "RS256", "RS384", "RS512"]);
    check_signatures(&edge);
}

#[test]
fn where_envoy_may_not_be_asked_the_filter_checks_everything() {
    let mut plan = plan();
    plan.config = all_but("proxy_call_foreign_function");
    let edge = Edge::start(plan);
    check_backends(&edge, &[]);
    check_signatures(&edge);
}

/// Of an ES256 key Envoy checks the first 81 valid signatures, while the filter makes its tables, and the 80 forgeries
/// between them.
#[test]
fn the_filter_takes_es256_over_when_its_tables_are_made() {
    let edge = Edge::start(plan());
    for serial in 0..100 {
        let token = mint(json!({
            "key": "es256-1", "header": { "kid": "ES256" }, "claims": { "jti": serial.to_string() }
        }));
        assert_eq!(edge.get(&token).status, 200, "{serial}");
        let (message, signature) = token.rsplit_once('.').unwrap();
        let (first, rest) = signature.split_at(1);
        let other = if first == "A" { "B" } else { "A" };
        assert_eq!(edge.get(&format!("{message}.{other}{rest}")).status, 401, "{serial}");
    }
    let checks = |backend: &str| {
        let name = format!("edgelatch.{backend}_signature_checks;algorithm=ES256: ");
        let stats = edge.envoy.ask("/stats?filter=signature_checks").unwrap();
        let number = stats.lines().find_map(|line| line.split_once(&name)?.1.parse::<u64>().ok());
        number.unwrap_or_default()
    };
    wait_until("all checks are counted", || checks("host") + checks("filter") == 200);
    assert_eq!((checks("host"), checks("filter")), (81 + 80, 19 + 20));
    edge.check_no_trap();
}

/// A key for every algorithm, called like it.
fn plan() -> Plan {
    let mut policy = inline_policy();
    let keys: Vec<_> = KEYS.iter().map(|(algorithm, key)| public(algorithm, key)).collect();
    let algorithms: Vec<_> = KEYS.iter().map(|(algorithm, _)| *algorithm).collect();
    let issuer = json!({ "jwks": { "keys": keys }, "algorithms": algorithms });
    merge(&mut policy["issuers"][0], &issuer);
    Plan::new(policy, SocketAddr::from(([127, 0, 0, 1], 9)))
}

fn public(algorithm: &str, key: &str) -> Map<String, Value> {
    let mut key = Keys::load().unwrap().public(key).unwrap();
    key.insert("kid".to_owned(), algorithm.into());
    key.insert("alg".to_owned(), algorithm.into());
    key
}

fn check_backends(edge: &Edge, on_host: &[&str]) {
    let shown = || {
        let stats = edge.envoy.ask("/stats?filter=edgelatch.signature_on_host").unwrap();
        let gauges = stats.lines().filter_map(|line| {
            let (name, value) = line.split_once(": ")?;
            Some((name.rsplit_once('=')?.1.to_owned(), value == "1"))
        });
        gauges.collect::<Vec<_>>()
    };
    wait_until("every algorithm has its gauge", || shown().len() == 8);
    for (algorithm, is_on_host) in shown() {
        assert_eq!(is_on_host, on_host.contains(&algorithm.as_str()), "{algorithm}");
    }
}

fn check_signatures(edge: &Edge) {
    for (algorithm, key) in KEYS {
        let header = json!({ "kid": algorithm });
        let token = mint(json!({ "key": key, "algorithm": algorithm, "header": header }));
        assert_eq!(edge.get(&token).status, 200, "{algorithm}");
        let (message, signature) = token.rsplit_once('.').unwrap();
        for place in [0, signature.len() / 2] {
            let mut signature = signature.to_owned();
            let other = if signature.as_bytes()[place] == b'A' { "B" } else { "A" };
            signature.replace_range(place..=place, other);
            let response = edge.get(&format!("{message}.{signature}"));
            assert_eq!(response.status, 401, "{algorithm}: digit {place}");
        }
    }
    edge.wait_for_log("edgelatch_access_denied{sig.bad}");
    edge.check_no_trap();
}

/// Algorithms, each with a key that can sign so.
const KEYS: [(&str, &str); 8] = [
    ("ES256", "es256-1"),
    ("Ed25519", "ed25519-1"),
    ("RS256", "rs256-1"),
    ("RS384", "rsa-any"),
    ("RS512", "rsa-any"),
    ("PS256", "ps256-1"),
    ("PS384", "rsa-any"),
    ("PS512", "rsa-any"),
];
