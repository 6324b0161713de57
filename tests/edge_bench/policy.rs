//! Our policies.

use serde_json::{Value, json};

use super::tokens::{AUDIENCE, ISSUER};

/// The job that the native chain does, too: one route, one scope, two claims as headers.
pub(crate) fn one_route(key_set: &Value) -> Value {
    policy(
        key_set,
        &[json!({
            "name": "read-order",
            "methods": ["GET"],
            "path": "/orders/{id}",
            "scopes": { "all": ["orders:read"] },
        })],
    )
}

/// The same for more known tokens than a policy keeps that says nothing about it.
pub(crate) fn with_room_for(tokens: usize, key_set: &Value) -> Value {
    let mut policy = one_route(key_set);
    let room = json!({ "maximum_entries": tokens, "maximum_bytes": tokens.saturating_mul(1_024) });
    if let Some(members) = policy.as_object_mut() {
        members.insert("token_cache".into(), room);
    }
    policy
}

/// The same for so many services, each with its own path.
pub(crate) fn many_routes(key_set: &Value, count: usize) -> Value {
    let route = |number: usize| {
        json!({
            "name": format!("read-order-{number}"),
            "methods": ["GET"],
            "path": format!("{}/orders/{{id}}", service(number)),
            "scopes": { "all": ["orders:read"] },
        })
    };
    policy(key_set, &(0..count).map(route).collect::<Vec<_>>())
}

/// A path for each of so many routes of [`many_routes`].
pub(crate) fn paths(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{}/orders/17", service(number))).collect()
}

/// All of the same length, so that requests to one and to many routes are of one size.
fn service(number: usize) -> String {
    format!("/api-{number:05}")
}

fn policy(key_set: &Value, routes: &[Value]) -> Value {
    json!({
        "issuers": [{ "issuer": ISSUER, "audiences": [AUDIENCE], "jwks": key_set }],
        "routes": routes,
        "forward": {
            "headers": { "x-auth-client-id": "client_id", "x-auth-scope": "scope" },
            "token": "strip",
        },
    })
}
