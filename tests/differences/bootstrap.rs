//! Envoy's configuration: for each policy a listener with our filter and one with Envoy's own.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

use super::chain::Chain;

/// Who is meant by the name of a listener: `ours: policy-000` or `envoy: policy-000`.
pub(super) const OURS: &str = "ours";
pub(super) const PEER: &str = "envoy";

/// Where the parts are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Places<'a> {
    pub(super) filter: &'a Path,
    pub(super) upstream: SocketAddr,
    pub(super) key_sets: SocketAddr,
}

/// The whole configuration. JSON is YAML.
pub(super) fn config(policies: &BTreeMap<String, (Value, Chain)>, places: Places<'_>) -> String {
    let listeners: Vec<Value> = policies
        .iter()
        .flat_map(|(name, (policy, chain))| {
            let ours = json!([ours(name, policy, places.filter), router()]);
            [listener(OURS, name, &ours), listener(PEER, name, &peer(chain))]
        })
        .collect();
    json!({
        "static_resources": {
            "listeners": listeners,
            "clusters": [
                cluster("upstream", places.upstream),
                cluster("keys", places.key_sets),
                // Nobody listens on the discard port: these key sets cannot be fetched.
                cluster("nowhere", SocketAddr::from(([127, 0, 0, 1], 9))),
            ],
        },
    })
    .to_string()
}

fn listener(side: &str, policy: &str, filters: &Value) -> Value {
    json!({
        "name": format!("{side}: {policy}"),
        "address": { "socket_address": { "address": "127.0.0.1", "port_value": 0 } },
        "filter_chains": [{ "filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": connection_manager(filters),
        }] }],
    })
}

/// The same in front of both sides, as hardened as `envoy/envoy.yaml`.
fn connection_manager(filters: &Value) -> Value {
    json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "differences",
        "normalize_path": true,
        "merge_slashes": true,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "strip_trailing_host_dot": true,
        "use_remote_address": true,
        "upgrade_configs": [{ "upgrade_type": "websocket" }, { "upgrade_type": "CONNECT" }],
        "local_reply_config": { "mappers": [mapper()] },
        "http_filters": filters,
        "route_config": { "virtual_hosts": [{
            "name": "all",
            "domains": ["*"],
            "response_headers_to_add": [details()],
            "routes": [
                { "match": { "connect_matcher": {} }, "route": { "cluster": "upstream" } },
                { "match": { "prefix": "/" }, "route": { "cluster": "upstream" } },
                { "match": { "path": "*" }, "route": { "cluster": "upstream" } },
            ],
        }] },
    })
}

fn ours(name: &str, policy: &Value, filter: &Path) -> Value {
    json!({ "name": "edgelatch", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
        "config": {
            "name": "edgelatch",
            // Plugins with equal configurations would share an engine; listeners must not.
            "root_id": name,
            "failure_policy": "FAIL_RELOAD",
            "vm_config": {
                "vm_id": "differences",
                "runtime": "envoy.wasm.runtime.v8",
                "code": { "local": { "filename": filter } },
            },
            "configuration": {
                "@type": "type.googleapis.com/google.protobuf.StringValue",
                "value": policy.to_string(),
            },
        },
    } })
}

fn peer(chain: &Chain) -> Value {
    json!([
        { "name": "envoy.filters.http.jwt_authn", "typed_config": chain.jwt_authn },
        { "name": "envoy.filters.http.rbac", "typed_config": chain.rbac },
        router(),
    ])
}

fn router() -> Value {
    json!({
        "name": "envoy.filters.http.router",
        "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
    })
}

/// Shows the reason of every answer that Envoy gives itself.
fn mapper() -> Value {
    json!({
        "filter": { "status_code_filter": { "comparison": {
            "op": "GE",
            "value": { "default_value": 0, "runtime_key": "differences" },
        } } },
        "headers_to_add": [details()],
    })
}

fn details() -> Value {
    json!({
        "header": { "key": super::verdict::DETAILS, "value": "%RESPONSE_CODE_DETAILS%" },
        "append_action": "OVERWRITE_IF_EXISTS_OR_ADD",
    })
}

fn cluster(name: &str, address: SocketAddr) -> Value {
    let address = json!({ "socket_address": {
        "address": address.ip().to_string(),
        "port_value": address.port(),
    } });
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{ "lb_endpoints": [{ "endpoint": { "address": address } }] }],
        },
    })
}
