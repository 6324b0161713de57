//! Envoy's configuration: one listener, from a file that Envoy watches. JSON is YAML.

use std::net::SocketAddr;
use std::path::Path;

use edgelatch_tests::minting::merge;
use serde_json::{Value, json};

use super::edge::{Plan, filter};

pub(crate) fn bootstrap(listeners: &Path, upstream: SocketAddr, issuer: SocketAddr) -> String {
    json!({
        "node": { "id": "edge", "cluster": "test" },
        "dynamic_resources": { "lds_config": { "path_config_source": { "path": listeners } } },
        "static_resources": { "clusters": [
            cluster("upstream", &[endpoint(upstream)]),
            cluster("issuer", &[endpoint(issuer)]),
            cluster("deserted", &[]),
        ] },
    })
    .to_string()
}

pub(crate) fn listeners(address: SocketAddr, plan: &Plan, policy: &Value) -> String {
    let mut manager = connection_manager(plan, policy);
    merge(&mut manager, &plan.manager);
    let name = "envoy.filters.network.http_connection_manager";
    let mut filter_chain = json!({ "filters": [{ "name": name, "typed_config": manager }] });
    merge(&mut filter_chain, &plan.filter_chain);
    json!({ "resources": [{
        "@type": "type.googleapis.com/envoy.config.listener.v3.Listener",
        "name": "api",
        "address": socket(address),
        // As many connections for each worker.
        "connection_balance_config": { "exact_balance": {} },
        "filter_chains": [filter_chain],
    }] })
    .to_string()
}

fn connection_manager(plan: &Plan, policy: &Value) -> Value {
    json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager",
        "stat_prefix": "api",
        "use_remote_address": true,
        "http_protocol_options": { "enable_trailers": true },
        "access_log": [{
            "name": "envoy.access_loggers.stdout",
            "typed_config": {
                "@type": "type.googleapis.com/envoy.extensions.access_loggers.stream.v3.StdoutAccessLog",
                "log_format": { "text_format_source": { "inline_string": ACCESS_LOG } },
            },
        }],
        "http_filters": [
            { "name": "edgelatch", "typed_config": filter_config(plan, policy) },
            {
                "name": "envoy.filters.http.router",
                "typed_config": { "@type": "type.googleapis.com/envoy.extensions.filters.http.router.v3.Router" },
            },
        ],
        "route_config": { "virtual_hosts": [{
            "name": "all",
            "domains": ["*"],
            "routes": [{ "match": { "prefix": "/" }, "route": { "cluster": "upstream" } }],
        }] },
    })
}

fn filter_config(plan: &Plan, policy: &Value) -> Value {
    let mut config = json!({
        "name": "edgelatch",
        "failure_policy": "FAIL_RELOAD",
        "allow_on_headers_stop_iteration": plan.allow_on_headers_stop_iteration,
        "vm_config": {
            "vm_id": "edgelatch",
            "runtime": "envoy.wasm.runtime.v8",
            "environment_variables": { "key_values": { "EDGELATCH_FILTER_STATE": "summary" } },
            "code": { "local": { "filename": filter() } },
        },
        "configuration": { "@type": "type.googleapis.com/google.protobuf.Struct", "value": policy },
    });
    merge(&mut config, &plan.config);
    json!({
        "@type": "type.googleapis.com/envoy.extensions.filters.http.wasm.v3.Wasm",
        "config": config,
    })
}

fn cluster(name: &str, endpoints: &[Value]) -> Value {
    json!({
        "name": name,
        "type": "STATIC",
        "connect_timeout": "1s",
        "load_assignment": { "cluster_name": name, "endpoints": [{ "lb_endpoints": endpoints }] },
        "typed_extension_protocol_options": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": "type.googleapis.com/envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                "explicit_http_config": { "http_protocol_options": { "enable_trailers": true } },
            },
        },
    })
}

fn endpoint(address: SocketAddr) -> Value {
    json!({ "endpoint": { "address": socket(address) } })
}

fn socket(address: SocketAddr) -> Value {
    json!({ "socket_address": {
        "address": address.ip().to_string(),
        "port_value": address.port(),
    } })
}

const ACCESS_LOG: &str = "access: %RESPONSE_CODE% %RESPONSE_CODE_DETAILS% \
    %FILTER_STATE(wasm.edgelatch:PLAIN)% \
    reason=%FILTER_STATE(wasm.edgelatch.reason:PLAIN)% \
    client_id=%FILTER_STATE(wasm.edgelatch.client_id:PLAIN)%\n";
