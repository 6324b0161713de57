//! Envoy's configuration: one listener for each filter, all in front of one upstream. JSON is YAML.

use std::net::SocketAddr;
use std::path::Path;

use serde_json::{Value, json};

/// One listener with a virtual machine of its own.
pub(crate) struct Listener {
    pub(crate) port: u16,
    /// Envoy's `failure_policy`; `None` leaves it out.
    pub(crate) failure_policy: Option<&'static str>,
}

/// The whole bootstrap.
pub(crate) fn bootstrap(
    filter: &Path,
    listeners: &[Listener],
    upstream: SocketAddr,
    policy: &Value,
) -> String {
    let listeners: Vec<Value> = listeners.iter().map(|one| listener(filter, one, policy)).collect();
    json!({ "static_resources": {
        "listeners": listeners,
        "clusters": [cluster("upstream", upstream), cluster("dead", ([127, 0, 0, 1], 9).into())],
    } })
    .to_string()
}

fn listener(filter: &Path, listener: &Listener, policy: &Value) -> Value {
    json!({
        "name": format!("listener-{}", listener.port),
        "address": socket(([127, 0, 0, 1], listener.port).into()),
        "filter_chains": [{ "filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                "stat_prefix": "api",
                "codec_type": "AUTO",
                "use_remote_address": true,
                "max_request_headers_kb": 8192,
                "common_http_protocol_options": { "max_headers_count": 20_000 },
                "http_protocol_options": { "enable_trailers": true },
                "http2_protocol_options": { "allow_connect": true },
                "upgrade_configs": [{ "upgrade_type": "websocket" }, { "upgrade_type": "CONNECT" }],
                "http_filters": [
                    { "name": "edgelatch", "typed_config": wasm(filter, listener, policy) },
                    {
                        "name": "envoy.filters.http.router",
                        "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
                    },
                ],
                "route_config": { "virtual_hosts": [{
                    "name": "all",
                    "domains": ["*"],
                    "routes": [
                        { "match": { "connect_matcher": {} }, "route": { "cluster": "upstream" } },
                        { "match": { "prefix": "/orders/dead" }, "route": { "cluster": "dead" } },
                        { "match": { "prefix": "/" }, "route": { "cluster": "upstream" } },
                    ],
                }] },
            },
        }] }],
    })
}

fn wasm(filter: &Path, listener: &Listener, policy: &Value) -> Value {
    let mut config = json!({
        "name": "edgelatch",
        "vm_config": {
            // A name of its own, so that the fault of one listener is not the fault of another.
            "vm_id": format!("edgelatch-{}", listener.port),
            "runtime": "envoy.wasm.runtime.v8",
            "code": { "local": { "filename": filter } },
        },
        "configuration": { "@type": "type.googleapis.com/google.protobuf.Struct", "value": policy },
    });
    if let Some(failure_policy) = listener.failure_policy {
        config["failure_policy"] = failure_policy.into();
    }
    json!({ "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm", "config": config })
}

fn cluster(name: &str, address: SocketAddr) -> Value {
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "load_assignment": {
            "cluster_name": name,
            "endpoints": [{ "lb_endpoints": [{ "endpoint": { "address": socket(address) } }] }],
        },
    })
}

fn socket(address: SocketAddr) -> Value {
    json!({ "socket_address": { "address": address.ip().to_string(), "port_value": address.port() } })
}
