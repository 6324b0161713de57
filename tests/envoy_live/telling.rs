//! What the operator sees: statistics and access log.

use std::net::SocketAddr;

use serde_json::{Value, json};

use super::edge::{Edge, Plan, inline_policy, mint, token, wait_until};

#[test]
fn requests_are_counted_by_outcome_reason_and_issuer() {
    let mut policy = inline_policy();
    let observed = json!({
        "name": "reports", "methods": ["GET"], "path": "/reports", "mode": "observe",
        "scopes": { "all": ["reports:read"] },
    });
    policy["routes"].as_array_mut().unwrap().push(observed);
    let edge = start(policy, json!({}));
    for (count, token) in [
        (3, token("es256-1", 0)),
        (2, mint(json!({ "claims": { "scope": "" } }))),
        (1, mint(json!({ "signature": [{ "flip": 1 }] }))),
    ] {
        for _ in 0..count {
            edge.get(&token);
        }
    }
    let issuer = "issuer=https://issuer.example.com";
    for (labels, count) in [
        (format!("outcome=allowed;reason=none;{issuer}"), 3),
        (format!("outcome=denied;reason=pol.scope;{issuer}"), 2),
        // Nobody has vouched for who that was.
        ("outcome=denied;reason=sig.bad;issuer=none".to_owned(), 1),
    ] {
        let line = format!("wasmcustom.edgelatch.requests;{labels}: {count}");
        wait_until(&line, || edge.has_stat(&line));
    }
    // A token that is known is not checked again. Each number is handed over by itself.
    for line in ["hits: 3", "entries: 2", "misses: 3"] {
        let line = format!("edgelatch.token_cache_{line}");
        wait_until(&line, || edge.envoy.ask("/stats").unwrap().contains(&line));
    }
    let stats = edge.envoy.ask("/stats?filter=edgelatch").unwrap();
    assert!(stats.contains("edgelatch.verification_microseconds;algorithm=ES256: "), "{stats}");
    edge.check_no_trap();
}

#[test]
fn the_access_log_shows_as_much_as_the_operator_wants() {
    let member = "client_id=billing";
    let allowed = r#""outcome":"allowed","#;
    let denied = r#""outcome":"denied","reason":"pol.scope","#;
    for (detail, of_allowed, of_member) in
        [(None, 0, 0), (Some("summary"), 1, 0), (Some("refusals"), 0, 0), (Some("members"), 1, 2)]
    {
        let edge = start(inline_policy(), detail.map_or(unset(), environment));
        assert_eq!(edge.get(&token("es256-1", 0)).status, 200);
        assert_eq!(edge.get(&mint(json!({ "claims": { "scope": "" } }))).status, 403);
        edge.wait_for_log("reason=pol.scope");
        assert_eq!(edge.count_in_log(denied), 1, "{detail:?}");
        assert_eq!(edge.count_in_log(allowed), of_allowed, "{detail:?}");
        assert_eq!(edge.count_in_log(member), of_member, "{detail:?}");
    }
}

#[test]
fn a_wish_for_the_access_log_that_there_is_not_is_refused() {
    let edge = start(inline_policy(), environment("everything"));
    edge.wait_for_log("EDGELATCH_FILTER_STATE in vm_config.environment_variables: use `summary`");
}

/// Without the wish that the other tests have.
fn unset() -> Value {
    json!({ "vm_config": { "environment_variables": null } })
}

fn start(policy: Value, config: Value) -> Edge {
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 9));
    Edge::start(Plan { config, ..Plan::new(policy, nowhere) })
}

/// The operator's wish for the access log.
pub(crate) fn environment(detail: &str) -> Value {
    let variables = json!({ "EDGELATCH_FILTER_STATE": detail });
    json!({ "vm_config": { "environment_variables": { "key_values": variables } } })
}
