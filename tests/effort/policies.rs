//! Policies to send requests to, and policies of any size.

use edgelatch_tests::minting::Keys;
use serde_json::{Value, json};

/// A policy in which everything is switched on that reads a request: several issuers, so that the payload is looked at
/// before the signature; proofs; certificates; an open and an observed route.
pub(crate) fn rich() -> String {
    let key = |name: &str| Keys::load().unwrap().public(name).unwrap();
    let first = json!({ "keys": [key("es256-1"), key("rs256-1"), key("ed25519-1")] });
    let second = json!({ "keys": [key("es256-2")] });
    json!({
        "issuers": [issuer("https://issuer.example.com", &first), issuer("https://second.example.com", &second)],
        "maximum_token_bytes": 16_384,
        "client_certificate": { "from": "xfcc", "trusted_networks": ["127.0.0.0/8"] },
        "dpop": {},
        "routes": [
            route("orders", "/orders/{id}"),
            { "name": "health", "methods": ["GET"], "path": "/healthz", "mode": "public" },
            {
                "name": "files", "methods": ["GET"], "path": "/files/{rest...}", "mode": "observe",
                "scopes": { "all": ["orders:read"] },
            },
        ],
    })
    .to_string()
}

/// As many routes, each under a name of its own.
pub(crate) fn flat(routes: usize) -> String {
    with_routes(
        (0..routes).map(|number| {
            route(&format!("route-{number:06}"), &format!("/orders-{number:06}/{{id}}"))
        }),
    )
}

/// The worst tree of routes: a literal and a parameter at every level. A path of nothing but the literal has every
/// route's way to go. None of them has the method.
pub(crate) fn tree(depth: usize) -> String {
    with_routes((0..1_usize << depth).map(|number| {
        let level = |level| if number >> level & 1 == 1 { "/a" } else { "/{x}" };
        let path: String = (0..depth).map(level).collect();
        json!({
            "name": format!("route-{number:06}"), "methods": ["PUT"], "path": path,
            "scopes": { "all": ["orders:read"] },
        })
    }))
}

fn with_routes(routes: impl Iterator<Item = Value>) -> String {
    let keys = json!({ "keys": [Keys::load().unwrap().public("es256-1").unwrap()] });
    json!({
        "issuers": [issuer("https://issuer.example.com", &keys)],
        "routes": routes.collect::<Vec<_>>(),
    })
    .to_string()
}

fn route(name: &str, path: &str) -> Value {
    json!({ "name": name, "methods": ["GET"], "path": path, "scopes": { "all": ["orders:read"] } })
}

fn issuer(name: &str, keys: &Value) -> Value {
    json!({ "issuer": name, "audiences": ["https://api.example.com"], "jwks": keys })
}
