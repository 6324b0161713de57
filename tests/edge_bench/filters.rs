//! The HTTP filters that are compared.

use std::path::Path;

use serde_json::{Value, json};

use super::tokens::{AUDIENCE, ISSUER};

/// Whether `jwt_authn` keeps verified tokens, and for how many it has room.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cache {
    None,
    Tokens(usize),
}

/// `jwt_authn` alone: the token is genuine, in time, and for us.
pub(crate) fn jwt_authn(key_set: &Value, cache: Cache) -> Value {
    json!([jwt_filter(&provider(key_set, cache))])
}

/// All that is needed to do the same job as ours with Envoy's own filters: the scope is checked by RBAC out of
/// metadata, and two claims go upstream as headers.
pub(crate) fn full_native(key_set: &Value, cache: Cache) -> Value {
    let mut provider = provider(key_set, cache);
    if let Some(members) = provider.as_object_mut() {
        members.insert("payload_in_metadata".into(), json!("claims"));
        members.insert(
            "normalize_payload_in_metadata".into(),
            json!({ "space_delimited_claims": ["scope"] }),
        );
        members.insert(
            "claim_to_headers".into(),
            json!([
                { "header_name": "x-auth-client-id", "claim_name": "client_id" },
                { "header_name": "x-auth-scope", "claim_name": "scope" },
            ]),
        );
    }
    json!([jwt_filter(&provider), rbac()])
}

/// A filter in WebAssembly with its configuration as text.
pub(crate) fn wasm(name: &str, file: &Path, configuration: &str) -> Value {
    json!([{ "name": name, "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
        "config": {
            "name": name,
            "failure_policy": "FAIL_RELOAD",
            "vm_config": {
                "vm_id": name,
                "runtime": "envoy.wasm.runtime.v8",
                "code": { "local": { "filename": file } },
            },
            "configuration": {
                "@type": "type.googleapis.com/google.protobuf.StringValue",
                "value": configuration,
            },
        },
    } }])
}

fn jwt_filter(provider: &Value) -> Value {
    json!({ "name": "envoy.filters.http.jwt_authn", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication",
        "providers": { "issuer": provider },
        "rules": [{ "match": { "prefix": "/" }, "requires": { "provider_name": "issuer" } }],
    } })
}

/// With the checks that ours does too. The token does not go upstream, as with ours.
fn provider(key_set: &Value, cache: Cache) -> Value {
    let mut provider = json!({
        "issuer": ISSUER,
        "audiences": [AUDIENCE],
        "from_headers": [{ "name": "Authorization", "value_prefix": "Bearer " }],
        "forward": false,
        "require_expiration": true,
        "max_lifetime": "86401s",
        "clock_skew_seconds": 10,
        "local_jwks": { "inline_string": key_set.to_string() },
    });
    if let (Cache::Tokens(size), Some(members)) = (cache, provider.as_object_mut()) {
        members.insert("jwt_cache_config".into(), json!({ "jwt_cache_size": size }));
    }
    provider
}

/// One rule, in the forms that are cheapest for Envoy: a prefix and not a regular expression.
fn rbac() -> Value {
    let scope = json!({ "metadata": {
        "filter": "envoy.filters.http.jwt_authn",
        "path": [{ "key": "claims" }, { "key": "scope" }],
        "value": { "list_match": { "one_of": { "string_match": { "exact": "orders:read" } } } },
    } });
    let rules = json!([
        { "header": { "name": ":method", "string_match": { "exact": "GET" } } },
        { "url_path": { "path": { "prefix": "/orders/" } } },
        scope,
    ]);
    json!({ "name": "envoy.filters.http.rbac", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.rbac.v3.RBAC",
        "rules": { "action": "ALLOW", "policies": { "read-order": {
            "permissions": [{ "and_rules": { "rules": rules } }],
            "principals": [{ "any": true }],
        } } },
    } })
}
