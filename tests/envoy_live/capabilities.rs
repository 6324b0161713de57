//! How little of Envoy the filter needs: the list in `envoy/envoy.yaml`.

use std::collections::BTreeSet;
use std::fs;
use std::net::SocketAddr;

use edgelatch_tests::lab;
use serde_json::{Map, Value, json};

use super::all_but::functions;
use super::edge::{Edge, Plan, fetching_policy, inline_policy, key_set, mint, token, wait_until};
use super::server::{Answer, Server};
use super::workers::Workers;

#[test]
fn the_shipped_capabilities_are_enough_for_all_that_the_filter_does() {
    let issuer = Server::start(Answer::Now(200, key_set(&["es256-1"])));
    let mut policy = fetching_policy();
    policy["routes"][0]["networks"] = json!(["127.0.0.0/8"]);
    let plan =
        Plan { workers: 2, config: restriction(&allowed()), ..Plan::new(policy, issuer.address) };
    let edge = Edge::start(plan);
    let mut workers = Workers::connect(&edge.envoy, edge.address);
    assert_eq!(workers.patient_statuses(&token("es256-1", 0)), [200, 200]);
    assert_eq!(workers.statuses("x"), [401, 401]);
    assert_eq!(workers.statuses(&mint(json!({ "claims": { "scope": "" } }))), [403, 403]);
    assert_eq!(issuer.requests().len(), 1, "the workers share");
    edge.wait_for_log(r#""jti_hash":"#);
    wait_until("the statistics are there", || {
        let stats = edge.envoy.ask("/stats?filter=edgelatch.requests").unwrap();
        stats.contains("outcome=allowed") && stats.contains("outcome=denied")
    });
    super::trailers::check(&edge);
    assert_eq!(edge.count_in_log("restricted"), 0, "something was asked for that is not allowed");
    edge.check_no_trap();
}

/// Each of them is something that the filter has or wants.
#[test]
fn the_shipped_capabilities_name_nothing_that_there_is_not() {
    let functions: BTreeSet<String> = functions();
    for (name, _) in allowed() {
        assert!(functions.contains(&name), "{name}");
    }
    for spared in ["proxy_on_response_headers", "proxy_on_log", "random_get", "fd_write"] {
        assert!(!allowed().contains_key(spared), "{spared}");
    }
}

/// What is taken away and needed shows at once, and lets nobody in.
#[test]
fn without_a_capability_that_it_needs_the_filter_lets_nobody_in() {
    for missing in ["proxy_get_header_map_pairs", "proxy_add_header_map_value"] {
        let mut allowed = allowed();
        allowed.remove(missing).unwrap();
        let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
        let config = restriction(&allowed);
        let edge = Edge::start(Plan { config, ..Plan::new(inline_policy(), nowhere) });
        let response = edge.get(&token("es256-1", 0));
        assert_eq!(response.status, 503, "{missing}");
        edge.wait_for_log("edgelatch_access_denied{host.failed}");
        assert_eq!(edge.upstream.requests(), Vec::<String>::new(), "{missing}");
    }
}

/// The capabilities of the shipped configuration.
pub(crate) fn allowed() -> Map<String, Value> {
    let text = fs::read_to_string(lab::repository().join("envoy/envoy.yaml")).unwrap();
    let (_, list) = text.split_once("allowed_capabilities:\n").unwrap();
    let lines = list.lines().map(|line| line.split('#').next().unwrap().trim());
    let names = lines.filter(|line| !line.is_empty()).map_while(|line| line.strip_suffix(": {}"));
    names.map(|name| (name.to_owned(), json!({}))).collect()
}

/// More of the filter's configuration: it may do this and nothing else.
pub(crate) fn restriction(allowed: &Map<String, Value>) -> Value {
    json!({ "vm_config": {
        "capability_restriction_config": { "allowed_capabilities": allowed },
    } })
}
