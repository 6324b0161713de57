//! What headers, parameters, routes and keys may be called, and what may be there only once.

use super::*;
use crate::keys::KeySet;

#[test]
fn a_header_has_a_plain_name_that_http_does_not_need() {
    let with = |name: &str| document(&json!({ "forward": { "headers": { name: "scope" } } }));
    for name in ["x", "x_y-9", &"x".repeat(64)] {
        check(&with(name), Ok(()));
    }
    for name in ["", "X", "x y", "x:y", "\u{e9}", &"x".repeat(65)] {
        check(&with(name), Err(("cfg.value", "forward.headers")));
    }
    for name in [
        "authorization",
        "connection",
        "content-length",
        "content-type",
        "host",
        "te",
        "transfer-encoding",
        "upgrade",
    ] {
        check(&with(name), Err(("cfg.value", "forward.headers")));
        let strip = document(&json!({ "forward": { "strip": [name] } }));
        check(&strip, Err(("cfg.value", "forward.strip")));
    }
}

#[test]
fn the_order_of_headers_is_that_of_their_names() {
    let text = r#"{"forward":{"headers":{"x-b":"scope","x-c":"issuer","x-a":"subject"}}}"#;
    let policy = Policy::from_json(text.as_bytes()).unwrap();
    let names: Vec<_> = policy.forward.headers.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["x-a", "x-b", "x-c"]);
}

#[test]
fn a_header_that_tells_of_refusals_is_none_of_identity() {
    let with = |name: &str| {
        document(&json!({ "forward": {
            "headers": { "x-a": "scope", "x-b": "issuer" }, "would_deny_header": name,
        } }))
    };
    check(&with("x-c"), Ok(()));
    check(&with("x-auth-scope"), Ok(()));
    for name in ["x-a", "x-b"] {
        check(&with(name), Err(("cfg.conflict", "forward.would_deny_header")));
    }
}

#[test]
fn a_parameter_of_a_path_has_a_plain_name() {
    for path in ["/{a}", "/{A_b-9}", "/{a...}", "/a/{b}/{c...}"] {
        check_route(&json!({ "path": path }), Ok(()));
    }
    for path in ["/{}", "/{...}", "/{a.b}", "/{a b}", "/{\u{e9}}", "/{a}b", "/{a", "/a}"] {
        check_route(&json!({ "path": path }), Err(("cfg.value", "routes[0].path")));
    }
}

#[test]
fn routes_for_the_same_requests_are_named() {
    let conflict = |one: &Value, other: &Value| {
        let routes = [route(&json!({ "name": "z", "path": "/z" })), route(one), route(other)];
        let text = document(&json!({ "routes": routes })).to_string();
        Policy::from_json(text.as_bytes()).err().map(|error| error.to_string())
    };
    let named = |methods: Value| json!({ "name": "b", "methods": methods });
    for (one, other) in [
        (json!({}), named(json!(["GET"]))),
        (json!({}), named(json!(["POST", "GET"]))),
        (json!({ "methods": ["*"] }), named(json!(["*"]))),
        (json!({ "hosts": ["a.test", "b.test"] }), json!({ "name": "b", "hosts": ["b.test"] })),
        (json!({ "path": "/{a...}" }), json!({ "name": "b", "path": "/{b...}" })),
    ] {
        let message = conflict(&one, &other).unwrap();
        assert!(message.starts_with("routes[2]: routes[1] is for the same"), "{message}");
    }
    for (one, other) in [
        (json!({}), named(json!(["POST"]))),
        (json!({ "methods": ["*"] }), named(json!(["GET"]))),
        (json!({ "hosts": ["a.test"] }), json!({ "name": "b", "hosts": ["b.test"] })),
        (json!({ "path": "/{a...}" }), json!({ "name": "b", "path": "/{b}" })),
        (json!({ "path": "/" }), json!({ "name": "b", "path": "/{b...}" })),
    ] {
        assert_eq!(conflict(&one, &other), None);
    }
}

#[test]
fn a_route_that_asks_for_a_token_needs_an_issuer() {
    let with = |mode: &str, more: &Value| {
        let mut route = json!({ "name": "a", "methods": ["GET"], "path": "/a", "mode": mode });
        merge(&mut route, more);
        json!({ "routes": [route] })
    };
    let scopes = json!({ "scopes": { "all": ["read"] } });
    check(&with("public", &json!({})), Ok(()));
    check(&with("enforce", &scopes), Err(("cfg.value", "issuers")));
    check(&with("observe", &scopes), Err(("cfg.value", "issuers")));
}

#[test]
fn a_public_route_asks_for_nothing_that_only_a_token_has() {
    for requirement in [
        json!({ "scopes": { "all": ["read"] } }),
        json!({ "scopes": { "any": ["read"] } }),
        json!({ "clients": ["a"] }),
        json!({ "audiences": ["https://api.test"] }),
        json!({ "issuers": ["https://issuer.test"] }),
        json!({ "binding": "dpop" }),
        json!({ "audiences": ["https://api.test"], "issuers": ["https://issuer.test"] }),
    ] {
        let mut patch = json!({ "mode": "public", "scopes": null });
        merge(&mut patch, &requirement);
        check_route(&patch, Err(("cfg.conflict", "routes[0].mode")));
    }
    check_route(&json!({ "mode": "public", "scopes": null, "networks": ["10.0.0.0/8"] }), Ok(()));
}

#[test]
fn a_pinned_key_that_cannot_be_used_is_a_mistake_unless_it_is_for_something_else() {
    let good = json!({
        "kty": "OKP", "crv": "Ed25519", "kid": "a",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
    });
    let with = |patch: &Value| {
        let mut other = good.clone();
        merge(&mut other, &json!({ "kid": "b" }));
        merge(&mut other, patch);
        issuer(&json!({ "jwks_uri": null, "jwks": { "keys": [good, other] } }))
    };
    let check = |patch: &Value, expected| {
        check(&document(&json!({ "issuers": [with(patch)] })), expected);
    };
    let place = "issuers[0].jwks.keys[1]";
    let zero = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    check(&json!({}), Ok(()));
    check(&json!({ "use": "enc" }), Ok(()));
    check(&json!({ "x": "AQ" }), Err(("jwks.invalid", place)));
    check(&json!({ "x": zero }), Err(("jwks.weak", place)));
    check(&json!({ "d": "AQ" }), Err(("jwks.private", place)));
    check(&json!({ "kid": "a" }), Err(("jwks.duplicate", place)));
}

#[test]
fn a_pinned_key_set_is_one() {
    let key = |index: usize| json!({ "kty": "EC", "kid": index.to_string() });
    let keys = |count: usize| json!({ "keys": (0..count).map(key).collect::<Vec<_>>() });
    // However many bytes a certificate chain beside a key may have.
    let long = json!({ "kty": "EC", "kid": "0", "x5c": ["A".repeat(KeySet::MAXIMUM_BYTES)] });
    let place = "issuers[0].jwks";
    for (jwks, code) in [
        (json!([]), "jwks.invalid"),
        (json!("https://issuer.test/"), "jwks.invalid"),
        (json!({}), "jwks.invalid"),
        (json!({ "keys": {} }), "jwks.invalid"),
        (keys(64), "jwks.empty"),
        (keys(65), "jwks.size"),
        (json!({ "keys": [long] }), "jwks.empty"),
    ] {
        check_issuer(&json!({ "jwks_uri": null, "jwks": jwks }), Err((code, place)));
    }
}

#[test]
fn an_issuer_is_named_by_a_url() {
    for name in ["https://a.test", "https://a.test/tenant", "http://127.0.0.1:8080"] {
        check_issuer(&json!({ "issuer": name }), Ok(()));
    }
    for name in ["", "a.test", "https://", "https://a.test/#a", "https://a b"] {
        check_issuer(&json!({ "issuer": name }), Err(("cfg.value", "issuers[0].issuer")));
    }
}

#[test]
fn a_misspelt_algorithm_is_told_the_known_ones() {
    let patch = json!({ "issuers": [issuer(&json!({ "algorithms": ["ES256", "ES255"] }))] });
    let error = Policy::from_json(document(&patch).to_string().as_bytes()).unwrap_err();
    assert_eq!(error.path(), "issuers[0].algorithms[1]");
    let message = error.to_string();
    assert!(message.contains("`ES255` is not supported; choose among ES256, "), "{message}");
}
