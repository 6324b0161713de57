use std::prelude::v1::*;

use serde_json::{Value, json};

use super::*;

mod document;
mod facts;
mod limits;
mod names;

/// A policy with one issuer and one route, patched with `patch` (RFC 7396).
fn document(patch: &Value) -> Value {
    let mut document = json!({
        "issuers": [issuer(&json!({}))],
        "routes": [route(&json!({}))],
    });
    merge(&mut document, patch);
    document
}

fn issuer(patch: &Value) -> Value {
    let mut issuer = json!({
        "issuer": "https://issuer.test",
        "audiences": ["https://api.test"],
        "jwks_uri": "https://issuer.test/jwks.json",
    });
    merge(&mut issuer, patch);
    issuer
}

fn route(patch: &Value) -> Value {
    let mut route = json!({
        "name": "orders", "methods": ["GET"], "path": "/orders", "scopes": { "all": ["read"] },
    });
    merge(&mut route, patch);
    route
}

fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, value) in patch {
        if value.is_null() {
            target.as_object_mut().unwrap().remove(name);
        } else {
            merge(target.as_object_mut().unwrap().entry(name).or_insert(Value::Null), value);
        }
    }
}

fn check(document: &Value, expected: Result<(), (&str, &str)>) {
    let result = Policy::from_json(document.to_string().as_bytes());
    let found = result.as_ref().map(|_| ()).map_err(|error| (error.code(), error.path()));
    assert_eq!(found, expected, "{document}");
}

fn check_issuer(patch: &Value, expected: Result<(), (&str, &str)>) {
    check(&document(&json!({ "issuers": [issuer(patch)] })), expected);
}

fn check_route(patch: &Value, expected: Result<(), (&str, &str)>) {
    check(&document(&json!({ "routes": [route(patch)] })), expected);
}

#[test]
fn accepts_the_smallest_policy_and_doubles_of_a_struct() {
    check(&document(&json!({})), Ok(()));
    check(&document(&json!({ "maximum_token_bytes": 4096.0 })), Ok(()));
}

#[test]
fn names_the_field_of_a_mistake() {
    check(&document(&json!({ "rutes": [] })), Err(("cfg.field", "rutes")));
    check(
        &document(&json!({ "maximum_token_bytes": 1.5 })),
        Err(("cfg.field", "maximum_token_bytes")),
    );
    check(
        &document(&json!({ "maximum_token_bytes": 20_000 })),
        Err(("cfg.value", "maximum_token_bytes")),
    );
    check_issuer(&json!({ "audience": "x" }), Err(("cfg.field", "issuers[0].audience")));
    check_route(&json!({ "mode": "off" }), Err(("cfg.field", "routes[0].mode")));
    check_route(&json!({ "scopes": { "al": [] } }), Err(("cfg.field", "routes[0].scopes.al")));
    check(
        &json!({ "forward": { "headers": { "X-Caller": "client_id" } } }),
        Err(("cfg.value", "forward.headers")),
    );
    check(&json!({ "forward": { "strip": ["host"] } }), Err(("cfg.value", "forward.strip")));
}

#[test]
fn refuses_issuers_that_could_not_be_trusted() {
    check_issuer(&json!({ "issuer": "issuer" }), Err(("cfg.value", "issuers[0].issuer")));
    check_issuer(&json!({ "audiences": [] }), Err(("cfg.value", "issuers[0].audiences")));
    check_issuer(
        &json!({ "algorithms": ["HS256"] }),
        Err(("cfg.value", "issuers[0].algorithms[0]")),
    );
    check_issuer(&json!({ "algorithms": [] }), Err(("cfg.value", "issuers[0].algorithms")));
    check_issuer(
        &json!({ "clock_skew_seconds": 301 }),
        Err(("cfg.value", "issuers[0].clock_skew_seconds")),
    );
    check_issuer(
        &json!({ "clock_skew_seconds": -1 }),
        Err(("cfg.field", "issuers[0].clock_skew_seconds")),
    );
    check_issuer(&json!({ "jwks_uri": null }), Err(("cfg.field", "issuers[0]")));
    check_issuer(&json!({ "jwks": { "keys": [] } }), Err(("cfg.conflict", "issuers[0].jwks_uri")));
    check_issuer(
        &json!({ "jwks": { "keys": [] }, "jwks_uri": null }),
        Err(("jwks.empty", "issuers[0].jwks")),
    );
    check_issuer(
        &json!({ "jwks_uri": "http://issuer.test/" }),
        Err(("cfg.value", "issuers[0].jwks_uri")),
    );
    check_issuer(&json!({ "jwks_uri": "http://127.0.0.1:8080/" }), Ok(()));
    check_issuer(&json!({ "jwks_uri": "http://issuer.test/", "envoy_cluster": "issuer" }), Ok(()));
    let twice = json!({ "issuers": [issuer(&json!({})), issuer(&json!({}))] });
    check(&document(&twice), Err(("cfg.conflict", "issuers[1].issuer")));
    check(&document(&json!({ "issuers": [] })), Err(("cfg.value", "issuers")));
}

#[test]
fn refuses_routes_that_are_open_by_accident() {
    check_route(&json!({ "scopes": null }), Err(("cfg.value", "routes[0].scopes")));
    check_route(&json!({ "scopes": { "all": [] } }), Err(("cfg.value", "routes[0].scopes.all")));
    check_route(&json!({ "scopes": null, "clients": ["a"] }), Ok(()));
    check_route(&json!({ "clients": [] }), Err(("cfg.value", "routes[0].clients")));
    check_route(&json!({ "mode": "public" }), Err(("cfg.conflict", "routes[0].mode")));
    check_route(&json!({ "mode": "public", "scopes": null }), Ok(()));
    check_route(
        &json!({ "networks": ["10.0.0.1/8"] }),
        Err(("cfg.value", "routes[0].networks[0]")),
    );
    check_route(
        &json!({ "issuers": ["https://other.test"] }),
        Err(("cfg.conflict", "routes[0].issuers[0]")),
    );
    check_route(
        &json!({ "scopes": { "any": ["a b"] } }),
        Err(("cfg.value", "routes[0].scopes.any[0]")),
    );
    check_route(&json!({ "methods": ["get"] }), Err(("cfg.value", "routes[0].methods")));
    check_route(&json!({ "path": "orders" }), Err(("cfg.value", "routes[0].path")));
    check_route(&json!({ "hosts": ["*"] }), Err(("cfg.value", "routes[0].hosts[0]")));
    check_route(&json!({ "name": "a b" }), Err(("cfg.value", "routes[0].name")));
}

#[test]
fn takes_every_client_only_if_that_is_said_plainly() {
    check_route(&json!({ "scopes": null, "clients": ["*"] }), Ok(()));
    check_route(&json!({ "scopes": null, "clients": ["*"], "networks": ["10.0.0.0/8"] }), Ok(()));
    check_route(&json!({ "clients": ["*", "a"] }), Err(("cfg.conflict", "routes[0].clients")));
    let public = json!({ "scopes": null, "clients": ["*"], "mode": "public" });
    check_route(&public, Err(("cfg.conflict", "routes[0].mode")));
    check_route(&json!({ "scopes": null }), Err(("cfg.value", "routes[0].scopes")));
}

#[test]
fn refuses_two_routes_for_the_same_requests() {
    let pair = |second: &Value| document(&json!({ "routes": [route(&json!({})), route(second)] }));
    check(&pair(&json!({})), Err(("cfg.conflict", "routes[1].name")));
    check(&pair(&json!({ "name": "b" })), Err(("cfg.conflict", "routes[1]")));
    check(&pair(&json!({ "name": "b", "methods": ["*"] })), Ok(()));
    check(&pair(&json!({ "name": "b", "hosts": ["a.test"] })), Ok(()));
    let parameters = document(&json!({ "routes": [
        route(&json!({ "path": "/{a}" })),
        route(&json!({ "path": "/{b}", "name": "b" })),
    ] }));
    check(&parameters, Err(("cfg.conflict", "routes[1]")));
}

#[test]
fn says_what_to_do() {
    let document = document(&json!({ "routes": [route(&json!({ "scope": "read" }))] }));
    let error = Policy::from_json(document.to_string().as_bytes()).unwrap_err().to_string();
    assert!(
        error.starts_with("routes[0].scope: unknown field `scope`, expected one of"),
        "{error}"
    );
}

#[test]
fn asks_whose_client_is_meant_when_there_are_several_issuers() {
    let check = |patch: &Value, expected| {
        let issuers = [issuer(&json!({})), issuer(&json!({ "issuer": "https://other.test" }))];
        check(&document(&json!({ "issuers": issuers, "routes": [route(patch)] })), expected);
    };
    check(&json!({ "clients": ["a"] }), Err(("cfg.conflict", "routes[0].clients")));
    check(&json!({ "clients": ["a"], "issuers": ["https://other.test"] }), Ok(()));
}

#[test]
fn refuses_keys_that_would_be_too_old_before_the_next_fetch() {
    let place = "issuers[0].maximum_stale_seconds";
    let patch = |stale: u64| json!({ "refresh_seconds": 300, "maximum_stale_seconds": stale });
    check_issuer(&patch(309), Err(("cfg.conflict", place)));
    check_issuer(&patch(310), Ok(()));
}

#[test]
fn leaves_the_parsers_own_line_numbers_out_of_errors_about_fields() {
    let document = document(&json!({ "maximum_token_bytes": "many" }));
    let error = Policy::from_json(document.to_string().as_bytes()).unwrap_err().to_string();
    assert!(!error.contains("line"), "{error}");
}

#[test]
fn a_default_mode_is_never_public() {
    check(&document(&json!({ "default_mode": "observe" })), Ok(()));
    check(&document(&json!({ "default_mode": "enforce" })), Ok(()));
    check(&document(&json!({ "default_mode": "public" })), Err(("cfg.field", "default_mode")));
}

#[test]
fn knows_three_token_types_and_needs_one() {
    check_issuer(&json!({ "token_types": ["at+jwt", "JWT", "missing"] }), Ok(()));
    check_issuer(&json!({ "token_types": [] }), Err(("cfg.value", "issuers[0].token_types")));
    check_issuer(
        &json!({ "token_types": ["jwt"] }),
        Err(("cfg.field", "issuers[0].token_types[0]")),
    );
}

#[test]
fn a_would_deny_header_has_a_name_of_its_own() {
    let forward = |forward: Value| document(&json!({ "forward": forward }));
    let place = "forward.would_deny_header";
    check(&forward(json!({ "would_deny_header": "x-would-deny" })), Ok(()));
    check(&forward(json!({ "would_deny_header": "Host" })), Err(("cfg.value", place)));
    check(&forward(json!({ "would_deny_header": "host" })), Err(("cfg.value", place)));
    check(&forward(json!({ "would_deny_header": "x-auth-scope" })), Err(("cfg.conflict", place)));
}

#[test]
fn a_single_inline_key_needs_no_name_but_two_do() {
    let key = |x: &str| json!({ "kty": "OKP", "crv": "Ed25519", "x": x });
    let one = key("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    let two = key("PUAXw-hDiVqStwqnTRt-vJyYLM8uxJaMwM1V8Sr0Zgw");
    let inline = |keys: Value| json!({ "jwks_uri": null, "jwks": { "keys": keys } });
    check_issuer(&inline(json!([one])), Ok(()));
    check_issuer(&inline(json!([one, two])), Err(("jwks.invalid", "issuers[0].jwks.keys[0]")));
}

#[test]
fn a_certificate_comes_from_the_connection_or_from_named_proxies() {
    let with = |certificate: Value| document(&json!({ "client_certificate": certificate }));
    let place = "client_certificate.trusted_networks";
    let networks = json!(["10.0.0.0/8"]);
    check(&with(json!({ "from": "connection" })), Ok(()));
    check(&with(json!({ "from": "xfcc", "trusted_networks": networks })), Ok(()));
    check(&with(json!({ "from": "xfcc" })), Err(("cfg.value", place)));
    check(&with(json!({ "from": "xfcc", "trusted_networks": [] })), Err(("cfg.value", place)));
    check(
        &with(json!({ "from": "xfcc", "trusted_networks": ["10.0.0.1/8"] })),
        Err(("cfg.value", "client_certificate.trusted_networks[0]")),
    );
    check(
        &with(json!({ "from": "connection", "trusted_networks": networks })),
        Err(("cfg.conflict", place)),
    );
    check(&with(json!({ "from": "header" })), Err(("cfg.field", "client_certificate.from")));
    check(&with(json!({})), Err(("cfg.field", "client_certificate")));
}

#[test]
fn the_window_of_proofs_is_bounded() {
    let with = |dpop: Value| document(&json!({ "dpop": dpop }));
    check(&with(json!({})), Ok(()));
    check(&with(json!({ "proof_lifetime_seconds": 5, "maximum_proofs": 16 })), Ok(()));
    for (field, value) in [
        ("proof_lifetime_seconds", 4),
        ("proof_lifetime_seconds", 301),
        ("maximum_proofs", 15),
        ("maximum_proofs", 1_048_577),
    ] {
        let place = format!("dpop.{field}");
        check(&with(json!({ field: value })), Err(("cfg.value", place.as_str())));
    }
}

#[test]
fn a_route_asks_only_for_bindings_that_the_policy_knows() {
    let with = |binding: &str, more: Value| {
        let mut document = document(&json!({ "routes": [route(&json!({ "binding": binding }))] }));
        merge(&mut document, &more);
        document
    };
    let place = "routes[0].binding";
    check(&with("mtls", json!({})), Err(("cfg.conflict", place)));
    check(&with("dpop", json!({})), Err(("cfg.conflict", place)));
    check(&with("mtls", json!({ "dpop": {} })), Err(("cfg.conflict", place)));
    check(&with("mtls", json!({ "client_certificate": { "from": "connection" } })), Ok(()));
    check(&with("dpop", json!({ "dpop": {} })), Ok(()));
    check(&with("tls", json!({})), Err(("cfg.field", place)));
    check_route(
        &json!({ "mode": "public", "scopes": null, "binding": "dpop" }),
        Err(("cfg.conflict", "routes[0].mode")),
    );
}

#[test]
fn a_client_with_networks_belongs_to_one_issuer() {
    let client = |patch: &Value| {
        let mut client = json!({ "client_id": "billing", "networks": ["10.0.0.0/8"] });
        merge(&mut client, patch);
        client
    };
    let with = |clients: Value| document(&json!({ "clients": clients }));
    check(&with(json!([client(&json!({}))])), Ok(()));
    check(&with(json!([client(&json!({ "issuer": "https://issuer.test" }))])), Ok(()));
    check(
        &with(json!([client(&json!({ "issuer": "https://other.test" }))])),
        Err(("cfg.conflict", "clients[0].issuer")),
    );
    check(
        &with(json!([client(&json!({})), client(&json!({}))])),
        Err(("cfg.conflict", "clients[1]")),
    );
    check(
        &with(json!([client(&json!({ "client_id": "" }))])),
        Err(("cfg.value", "clients[0].client_id")),
    );
    check(
        &with(json!([client(&json!({ "networks": [] }))])),
        Err(("cfg.value", "clients[0].networks")),
    );
    check(
        &with(json!([client(&json!({ "networks": ["10.0.0.0"] }))])),
        Err(("cfg.value", "clients[0].networks[0]")),
    );
    let mut two = with(json!([client(&json!({}))]));
    let other = issuer(&json!({ "issuer": "https://other.test" }));
    two["issuers"].as_array_mut().unwrap().push(other);
    check(&two, Err(("cfg.conflict", "clients[0].issuer")));
    two["clients"][0]["issuer"] = json!("https://other.test");
    check(&two, Ok(()));
}
