//! Who may call, and what the upstream hears about it.

use std::sync::Arc;

use super::*;

#[test]
fn asks_for_the_client_and_the_issuer_of_the_caller() {
    let with = |route: &Value| {
        let mut whole = json!({ "name": "read", "methods": ["GET"], "path": "/read" });
        whole.as_object_mut().unwrap().extend(route.as_object().unwrap().clone());
        let other = json!({
            "issuer": "https://b.test", "audiences": ["api"], "jwks": { "keys": [jwk(2, "k")] },
        });
        let first = json!({
            "issuer": "https://a.test", "audiences": ["api"], "jwks": { "keys": [jwk(1, "k")] },
        });
        engine_with(&json!({ "issuers": [first, other], "routes": [whole] }))
    };
    let (a, b) = (token(1, "k", "https://a.test"), token(2, "k", "https://b.test"));
    let of_a = json!(["https://a.test"]);
    for (route, token, expected) in [
        (json!({ "clients": ["c"], "issuers": of_a }), &a, "allow"),
        (json!({ "clients": ["c"], "issuers": of_a }), &b, "pol.issuer"),
        (json!({ "clients": ["d"], "issuers": of_a }), &a, "pol.client"),
        (json!({ "clients": ["*"] }), &a, "allow"),
        (json!({ "clients": ["*"] }), &b, "allow"),
    ] {
        assert_eq!(code(&decide(&mut with(&route), "/read", Some(token), at(0))), expected);
    }
}

#[test]
fn a_public_route_may_ask_for_the_network() {
    let engine = |network: &str| {
        engine_with(&json!({ "routes": [{
            "name": "open", "methods": ["GET"], "path": "/open", "mode": "public",
            "networks": [network],
        }] }))
    };
    assert_eq!(code(&decide(&mut engine("127.0.0.0/8"), "/open", None, at(0))), "allow");
    assert_eq!(code(&decide(&mut engine("10.0.0.0/8"), "/open", None, at(0))), "pol.network");
}

#[test]
fn the_upstream_sees_what_the_policy_forwards_and_no_more() {
    let names = ["audience", "client_id", "issuer", "route", "scope", "subject", "token_id"];
    let headers: Value = names.iter().map(|name| (format!("x-{name}"), json!(name))).collect();
    let mut engine = engine_with(&json!({ "forward": { "headers": headers, "token": "strip" } }));
    let good = token(1, "k", "https://a.test");
    let decision = decide(&mut engine, "/read", Some(&good), at(0));
    let Decision::Allow(mut allow) = decision else { unreachable!("{decision:?}") };
    allow.set.sort();
    let expected = ["api", "c", "https://a.test", "read", "read", "c", "t"];
    let expected: Vec<_> = names
        .iter()
        .zip(expected)
        .map(|(name, value)| (Arc::from(format!("x-{name}")), Arc::from(value)))
        .collect();
    assert_eq!(allow.set, expected);
    assert!(allow.remove.contains(&"authorization".into()));
    let mut kept = engine_with(&json!({}));
    let decision = decide(&mut kept, "/read", Some(&good), at(0));
    let Decision::Allow(allow) = decision else { unreachable!("{decision:?}") };
    assert!(!allow.remove.contains(&"authorization".into()));
}
