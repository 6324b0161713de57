//! Envoy's configuration: the same in front of both sides, as hardened as `envoy/envoy.yaml`.

use std::net::SocketAddr;

use edgelatch_tests::lab;
use serde_json::{Value, json};

pub(crate) fn config(listeners: &[Value], upstream: SocketAddr) -> String {
    let endpoint = json!({ "endpoint": { "address": socket(upstream) } });
    let cluster = json!({
        "name": "upstream",
        "type": "STATIC",
        "load_assignment": { "cluster_name": "upstream", "endpoints": [{ "lb_endpoints": [endpoint] }] },
    });
    json!({ "static_resources": { "listeners": listeners, "clusters": [cluster] } }).to_string()
}

pub(crate) fn listener(name: &str, filters: &Value, routes: Option<&Value>) -> Value {
    let mut filters = filters.as_array().unwrap().clone();
    filters.push(json!({
        "name": "envoy.filters.http.router",
        "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
    }));
    let all = json!({ "virtual_hosts": [{
        "name": "all",
        "domains": ["*"],
        "routes": [{ "match": { "prefix": "/" }, "route": { "cluster": "upstream" } }],
    }] });
    json!({
        "name": name,
        "address": { "socket_address": { "address": "127.0.0.1", "port_value": 0 } },
        "filter_chains": [{ "filters": [{
            "name": "envoy.filters.network.http_connection_manager",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
                "stat_prefix": "import",
                "normalize_path": true,
                "merge_slashes": true,
                "path_with_escaped_slashes_action": "REJECT_REQUEST",
                "strip_trailing_host_dot": true,
                "use_remote_address": true,
                "http_filters": filters,
                "route_config": routes.unwrap_or(&all),
            },
        }] }],
    })
}

pub(crate) fn our_filters(policy: &Value) -> Value {
    json!([{ "name": "edgelatch", "typed_config": {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
        "config": {
            "name": "edgelatch",
            "failure_policy": "FAIL_RELOAD",
            "vm_config": {
                "vm_id": "import",
                "runtime": "envoy.wasm.runtime.v8",
                "code": { "local": { "filename": lab::filter().unwrap() } },
            },
            "configuration": {
                "@type": "type.googleapis.com/google.protobuf.StringValue",
                "value": policy.to_string(),
            },
        },
    } }])
}

fn socket(address: SocketAddr) -> Value {
    let (ip, port) = (address.ip().to_string(), address.port());
    json!({ "socket_address": { "address": ip, "port_value": port } })
}
