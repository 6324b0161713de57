//! Envoy's configuration around the filters: the same for all, as hardened as `envoy/envoy.yaml`, without an access
//! log, and answering by itself, so that no upstream is measured.

use std::net::SocketAddr;

use serde_json::{Value, json};

/// A listener on a loopback port. JSON is YAML.
pub(crate) fn config(port: u16, filters: &Value, issuer: Option<SocketAddr>) -> String {
    let clusters: Vec<Value> =
        issuer.map(|address| cluster("issuer", address)).into_iter().collect();
    json!({ "static_resources": { "listeners": [listener(port, filters)], "clusters": clusters } })
        .to_string()
}

fn listener(port: u16, filters: &Value) -> Value {
    json!({
        "name": "api",
        "address": { "socket_address": { "address": "127.0.0.1", "port_value": port } },
        // Connections are shared out among the workers evenly, so that both are asked.
        "connection_balance_config": { "exact_balance": {} },
        "filter_chains": [{ "filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": connection_manager(filters),
        }] }],
    })
}

fn connection_manager(filters: &Value) -> Value {
    let mut filters: Vec<Value> = filters.as_array().cloned().unwrap_or_default();
    filters.push(json!({
        "name": "envoy.filters.http.router",
        "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
    }));
    json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "api",
        "normalize_path": true,
        "merge_slashes": true,
        "path_with_escaped_slashes_action": "REJECT_REQUEST",
        "strip_trailing_host_dot": true,
        "use_remote_address": true,
        "http_filters": filters,
        "route_config": { "virtual_hosts": [{
            "name": "api",
            "domains": ["*"],
            "routes": [{
                "match": { "prefix": "/" },
                "direct_response": { "status": 200, "body": { "inline_string": "ok" } },
            }],
        }] },
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
